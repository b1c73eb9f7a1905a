import { CircleAlert, Info, X } from "lucide-react";
import type { Notice } from "../../state/state.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Short messages above the jobs bar. Errors stay until somebody closes them. */
export function Notices() {
  const notices = useWinnow((state) => state.notices);
  return (
    <div className="notices">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { notice: Notice }) {
  const { dismissNotice } = useActions();
  const { id, kind, action } = notice;

  return (
    <div className={`notice notice-${kind}`} role={kind === "error" ? "alert" : "status"}>
      {kind === "error" ? <CircleAlert size={16} aria-hidden="true" /> : <Info size={16} aria-hidden="true" />}
      <p>
        <HostileText text={notice.text} />
      </p>
      {action && (
        <button
          type="button"
          className="button"
          onClick={() => {
            action.run();
            dismissNotice(id);
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label="Close message" onClick={() => dismissNotice(id)}>
        <X size={15} />
      </IconButton>
    </div>
  );
}

import { useEffect, useState } from "react";
import type { StorageUse } from "../../state/actions.ts";
import { Panel } from "../controls/Panel.tsx";
import { useSources } from "../shell/Sources.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatBytes } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import "./storage.css";

/** What this browser keeps, part by part, whether it stays, and the ways to copy it. */
export function StorageDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const actions = useActions();
  const sources = useSources();
  const project = useWinnow((state) => state.project);
  const [use, setUse] = useState<StorageUse | string | null>(null);

  useEffect(() => {
    if (!open) return;
    let left = false;
    actions.storageUse().then(
      (found) => !left && setUse(found),
      (error: unknown) => !left && setUse(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      left = true;
    };
  }, [open, actions]);

  /** What follows is told outside the dialog. */
  const leaveFor = (work: () => void) => () => {
    onOpenChange(false);
    work();
  };

  const keep = async () => {
    const keeping = await actions.keepStorage();
    setUse((now) => (now !== null && typeof now !== "string" ? { ...now, keeping } : now));
  };

  return (
    <Panel
      open={open}
      onOpenChange={onOpenChange}
      title="Storage and backup"
      foot={
        <>
          <button type="button" className="button" onClick={leaveFor(sources.restoreBackup)}>
            Restore a backup…
          </button>
          {project && project.published === undefined && (
            <button type="button" className="button button-primary" onClick={leaveFor(actions.backUpProject)}>
              Back up this project…
            </button>
          )}
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls with many projects */}
      <div className="dialog-body storage" tabIndex={0}>
        {use === null && <p role="status">Finding out what takes how much space…</p>}
        {typeof use === "string" && (
          <p role="alert">
            <HostileText text={use} />
          </p>
        )}
        {use !== null && typeof use !== "string" && (
          <>
            <UseTable use={use} />
            <KeepingLine keeping={use.keeping} onKeep={keep} />
          </>
        )}
        <p className="muted">
          A backup is one zip file with images' thumbnails, features, tags, labels, selections and maps, not with the
          original files and not with the steps to undo. It opens here and on any other computer.
        </p>
      </div>
    </Panel>
  );
}

function UseTable({ use }: { use: StorageUse }) {
  const { projects, models, offlineCopy, rest, total, quota } = use;
  return (
    <table className="storage-table">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Thumbnails</th>
          <th scope="col">Features</th>
          <th scope="col">Together</th>
        </tr>
      </thead>
      <tbody>
        {projects.map(({ id, name, imageCount, thumbnails, features }) => (
          <tr key={id}>
            <th scope="row">
              <HostileText text={name} /> <span className="muted">{countOf(imageCount, "image")}</span>
            </th>
            <td>{formatBytes(thumbnails)}</td>
            <td>{formatBytes(features)}</td>
            <td>{formatBytes(thumbnails + features)}</td>
          </tr>
        ))}
        <Line what="Models that were added" bytes={models} />
        {offlineCopy !== null && <Line what="Winnow itself, for use offline" bytes={offlineCopy} />}
        {rest !== null && <Line what="Tags, labels, maps, history and everything else" bytes={rest} />}
      </tbody>
      {total !== null && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              All together{quota !== null && <>, of {formatBytes(quota)} that this browser allows</>}
            </th>
            <td>{formatBytes(total)}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Line({ what, bytes }: { what: string; bytes: number }) {
  return (
    <tr>
      <th scope="row" colSpan={3}>
        {what}
      </th>
      <td>{formatBytes(bytes)}</td>
    </tr>
  );
}

function KeepingLine({ keeping, onKeep }: { keeping: StorageUse["keeping"]; onKeep: () => void }) {
  if (keeping === "kept") {
    return <p role="status">This browser keeps all of it until you delete it.</p>;
  }
  return (
    <div className="storage-keeping">
      <p role="status">
        {keeping === "unknown"
          ? "This browser does not say whether it keeps what is stored."
          : "This browser may delete all of it when the disk gets short, or when you have not been here for long. Back up what you cannot do again."}
      </p>
      {keeping !== "unknown" && (
        <button type="button" className="button" onClick={onKeep}>
          Ask it to keep it
        </button>
      )}
    </div>
  );
}

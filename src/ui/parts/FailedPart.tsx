import { CircleAlert, RotateCw } from "lucide-react";
import { HostileText } from "../text/HostileText.tsx";
import { useWinnow } from "../winnow.tsx";
import "./parts.css";

/** What Chromium, Firefox, Safari and the loader of style sheets say when a file of the page does not come. */
const loadFailure =
  /dynamically imported module|importing a module script failed|unable to preload css|loading css chunk|expected a javascript/i;

const classes = {
  here: "part-failed",
  screen: "screen part-failed",
  page: "part-failed part-failed-page",
  corner: "part-failed part-failed-over",
} as const;
export type Place = keyof typeof classes;

interface FailedPartProps {
  what: string;
  error: unknown;
  place: Place;
  onClose?: () => void;
}

/** Says that a part of the page could not be loaded, or stopped, and what helps. */
export function FailedPart({ what, error, place, onClose }: FailedPartProps) {
  const online = useWinnow((state) => state.online);
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div role="alert" className={classes[place]}>
      <CircleAlert size={18} aria-hidden="true" />
      <div className="part-failed-words">
        {loadFailure.test(message) ? (
          <>
            <strong>{what} could not be loaded.</strong>
            <p>
              {online
                ? "The network failed, or a newer version of Winnow has taken the place of this one. Reload the page."
                : "There is no network, and this browser does not keep this part of the page yet. Go online, then reload."}
            </p>
          </>
        ) : (
          <>
            <strong>{what} stopped working.</strong>
            <p>
              <HostileText text={message} />
            </p>
          </>
        )}
        <p className="muted">Your projects are kept in this browser; what was running goes on or starts again.</p>
      </div>
      <div className="part-failed-ways">
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          <RotateCw size={15} aria-hidden="true" /> Reload
        </button>
        {onClose && (
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        )}
      </div>
    </div>
  );
}

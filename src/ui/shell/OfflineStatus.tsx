import { formatBytes } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";

/** Whether the page is kept in this browser, in a few words; nothing while that is not known or cannot be. */
export function OfflineStatus() {
  const offline = useWinnow((state) => state.offline);
  if (offline.kind === "unknown") return null;
  return (
    <span role="status" aria-label="Offline use">
      {offline.kind === "ready" && "Ready to work offline"}
      {offline.kind === "keeping" &&
        `Keeping Winnow for offline use: ${formatBytes(offline.done)} of ${formatBytes(offline.total)}`}
      {offline.kind === "failed" && `Works online only: ${offline.reason}`}
    </span>
  );
}

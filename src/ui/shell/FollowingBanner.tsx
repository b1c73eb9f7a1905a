import { Eye } from "lucide-react";
import { useActions, useWinnow } from "../winnow.tsx";

/** Says that another tab has the project open and is the one that changes it. */
export function FollowingBanner() {
  const following = useWinnow((state) => state.following);
  const { writeHere } = useActions();
  if (!following) return null;
  return (
    <section className="interruption" aria-label="Open in another tab">
      <Eye size={18} aria-hidden="true" />
      <p>
        Another tab has this project open and changes it. This one shows what happens there; when that tab is closed it
        can be changed here.
      </p>
      <button type="button" className="button" onClick={writeHere}>
        Change it here
      </button>
    </section>
  );
}

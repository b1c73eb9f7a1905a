import { useActions, useWinnow } from "../winnow.tsx";

/** Says that the embedding that is looked at is a draft, with the way to the full one. */
export function DraftNote() {
  const { embedInFull } = useActions();
  const shown = useWinnow((state) => state.isDraft && state.space === "");
  const hasOthers = useWinnow((state) => state.spaces.length > 0);
  const busy = useWinnow((state) => state.jobs.some(({ name }) => name.startsWith("Embedding")));
  if (!shown) return null;
  return (
    <p className="muted">
      A draft: made of images of 160 pixels.{" "}
      {hasOthers ? (
        "Choose another model above to look at the full embedding."
      ) : (
        <button type="button" className="button" disabled={busy} onClick={embedInFull}>
          Embed in full
        </button>
      )}
    </p>
  );
}

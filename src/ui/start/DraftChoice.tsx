import { Term } from "../controls/Term.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Whether what is opened next is embedded quickly or in full. */
export function DraftChoice() {
  const { setDraftMode } = useActions();
  const on = useWinnow((state) => state.draftMode);
  return (
    <p className="start-draft">
      <label className="check-line">
        <input
          type="checkbox"
          className="checkbox"
          checked={on}
          onChange={(event) => setDraftMode(event.currentTarget.checked)}
        />
        Draft (faster, 160 pixels)
      </label>
      <Term word="What is that?">
        Images are embedded at 160 instead of 224 pixels: about twice as fast, a little less exact. Good for a first
        look at many images. The full embedding can be made later, beside it, with one click.
      </Term>
    </p>
  );
}

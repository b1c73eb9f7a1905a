import { useState } from "react";
import { excludedTag } from "../../core/tags.ts";
import { ConfirmDialog } from "../controls/ConfirmDialog.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** Moves the files of excluded images aside on disk, after a question that names their number, and back again. */
export function MoveRejects() {
  const { moveRejects, moveRejectsBack } = useActions();
  const count = useWinnow((state) => state.tags.get(excludedTag)?.size ?? 0);
  const [asking, setAsking] = useState(false);
  const files = `${countOf(count, "file")}`;
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={count === 0}
        title={count === 0 ? "Exclude images first: their files can then be moved aside." : undefined}
        onClick={() => setAsking(true)}
      >
        {count === 0 ? "Move excluded files…" : `Move ${files}…`}
      </button>
      <button
        type="button"
        className="button button-plain"
        title="Moves the files back that were moved last, by the log in “winnow-rejects”."
        onClick={moveRejectsBack}
      >
        Move files back
      </button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Move ${files} on your disk?`}
        confirm={`Move ${files}`}
        onConfirm={moveRejects}
      >
        <p>
          The {countOf(count, "image")} tagged “{excludedTag}” {count === 1 ? "is" : "are"} moved into the folder
          “winnow-rejects” inside the folder they came from, with their subfolders. A log beside them says where each
          was;
          <b> Move files back</b> undoes it. A file that has changed since it was read stays where it is.
        </p>
      </ConfirmDialog>
    </>
  );
}

import { Trash2 } from "lucide-react";
import type { HeldMetadata } from "../../core/annotations/heldSet.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { useActions } from "../winnow.tsx";

const kindWords = { number: "numbers", date: "dates", category: "words", boolean: "yes or no" };

/** Imported columns of metadata: each is a field to filter, sort and select by. */
export function MetadataLines({ columns }: { columns: readonly HeldMetadata[] }) {
  const { deleteMetadata } = useActions();
  return (
    <section aria-label="Metadata">
      <h2 className="section-title">Metadata</h2>
      <ul className="class-lines">
        {columns.map(({ key, kind }) => (
          <li key={key} className="class-line">
            <span className="tag-name">
              <HostileText text={key} />
            </span>
            <span className="muted">{kindWords[kind]}</span>
            <span className="spacer" />
            <IconButton label="Delete metadata" detail={key} onClick={() => deleteMetadata(key)}>
              <Trash2 size={14} />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

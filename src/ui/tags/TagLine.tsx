import { useState } from "react";
import type { RowSet } from "../../core/rowSet.ts";
import type { TagStyle } from "../../core/tags.ts";
import { RenameField } from "../controls/RenameField.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { TagMenu } from "./TagMenu.tsx";
import { tagColour } from "./tagColour.ts";

interface TagLineProps {
  name: string;
  rows: RowSet;
  style: TagStyle;
  /** All tags, for merging. */
  others: readonly string[];
}

/** One tag; a click shows only its images. */
export function TagLine({ name, rows, style, others }: TagLineProps) {
  const actions = useActions();
  const shown = useWinnow((state) =>
    state.filter.some((one) => one.field === "tag" && one.kind === "values" && !one.not && one.values.includes(name)),
  );
  const [renaming, setRenaming] = useState(false);

  return (
    <li className="tag-line">
      <span className="tag-dot" style={{ background: `var(${tagColour(style)})` }} />
      {renaming ? (
        <RenameField
          label="Tag name"
          name={name}
          onDone={(typed) => {
            setRenaming(false);
            if (typed !== null) actions.renameTag(name, typed);
          }}
        />
      ) : (
        <button
          type="button"
          className="tag-show"
          aria-pressed={shown}
          title={shown ? "Click to show other images too" : "Click to show only these images"}
          onClick={() => actions.toggleValue("tag", name)}
        >
          <span className="tag-name">
            <HostileText text={name} />
          </span>{" "}
          <span className="muted">{formatCount(rows.size)}</span>
        </button>
      )}
      {style.key !== null && <kbd title={`Press ${style.key} to tag the marked images`}>{style.key}</kbd>}
      <TagMenu name={name} rows={rows} style={style} others={others} onRename={() => setRenaming(true)} />
    </li>
  );
}

import { Plus, X } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import type { RowSet } from "../../core/rowSet.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** How many of the project's other tags are offered as buttons. */
const offered = 8;

/** The tags of the given rows, to add to and take away from all of them at once. */
export function TagEditor({ rows }: { rows: Uint32Array }) {
  const actions = useActions();
  const tags = useWinnow((state) => state.tags);
  const [typed, setTyped] = useState("");
  const counts = useMemo(() => countTags(tags, rows), [tags, rows]);
  const others = [...tags.keys()].filter((name) => !counts.has(name)).slice(0, offered);
  const target = rows.length === 1 ? "this image" : countOf(rows.length, "marked image");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = typed.trim();
    if (name === "") return;
    actions.addTag(name, rows);
    setTyped("");
  };

  return (
    <div className="tag-editor">
      {counts.size > 0 && (
        <ul className="tags">
          {[...counts].map(([name, count]) => (
            <li key={name} className="pill tag">
              <HostileText text={name} />
              {rows.length > 1 && (
                <span className="tag-count">
                  {formatCount(count)} of {formatCount(rows.length)}
                </span>
              )}
              <button
                type="button"
                className="tag-remove"
                aria-label={`Remove tag ${name}`}
                onClick={() => actions.removeTag(name, rows)}
              >
                <X size={13} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <form className="tag-form" onSubmit={submit}>
        <input
          className="field"
          aria-label="Tag"
          placeholder={`Tag ${target}`}
          value={typed}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button" disabled={typed.trim() === ""}>
          Add tag
        </button>
      </form>
      {others.length > 0 && (
        <div className="tags">
          {others.map((name) => (
            <button key={name} type="button" className="pill tag-offer" onClick={() => actions.addTag(name, rows)}>
              <Plus size={12} aria-hidden="true" />
              <HostileText text={name} />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Tags that at least one of the rows has, with how many have it. */
function countTags(tags: ReadonlyMap<string, RowSet>, rows: Uint32Array): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [name, set] of tags) {
    let count = 0;
    for (const row of rows) if (set.has(row)) count++;
    if (count > 0) counts.set(name, count);
  }
  return counts;
}

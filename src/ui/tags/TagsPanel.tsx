import { type FormEvent, useState } from "react";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { TagLine } from "./TagLine.tsx";

/** Every tag of the project: how many images have it, its colour, its key, and what can be done with it. */
export function TagsPanel() {
  const tags = useWinnow((state) => state.tags);
  const styles = useWinnow((state) => state.tagStyles);
  const names = [...tags.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return (
    <section aria-label="Tags" className="panel-body">
      <NewTag />
      {names.length === 0 && (
        <p className="empty">
          <strong>No tags yet</strong>
          Mark images and type a name above. The first nine tags get the keys 1 to 9.
        </p>
      )}
      <ul className="tag-lines">
        {names.map((name) => (
          <TagLine key={name} name={name} rows={tags.get(name)!} style={styles.get(name)!} others={names} />
        ))}
      </ul>
    </section>
  );
}

/** Tags the marked images, or, where none is marked, everything shown. */
function NewTag() {
  const { addTag } = useActions();
  const marked = useWinnow((state) => state.marked);
  const order = useWinnow((state) => state.order);
  const [typed, setTyped] = useState("");
  const rows = marked.size > 0 ? marked.rows : order;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === "" || rows.length === 0) return;
    addTag(typed, rows);
    setTyped("");
  };

  return (
    <form className="tag-form" onSubmit={submit}>
      <input
        className="field"
        aria-label="New tag"
        placeholder="New tag"
        value={typed}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button" disabled={typed.trim() === "" || rows.length === 0}>
        Tag {countOf(rows.length, marked.size > 0 ? "marked image" : "image")}
        {marked.size === 0 && " shown"}
      </button>
    </form>
  );
}

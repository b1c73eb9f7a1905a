import { ImageMinus, ImagePlus, X } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import type { AskedObject } from "../../core/explore/viewText.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import type { Search } from "../../state/state.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Term } from "../controls/Term.tsx";
import { ObjectCrop } from "../objects/ObjectCrop.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Examples that are shown; the others are counted. */
const shownExamples = 8;

/** The search in force: what it goes by, and what can be done with its results. */
export function SearchBar() {
  const search = useWinnow((state) => state.search);
  const actions = useActions();
  if (search === null) return null;
  return (
    <section aria-label="Search in force" className="search-bar">
      {search.kind === "words" && <WordSearch search={search} />}
      {search.kind === "text" && <TextSearch search={search} />}
      {search.kind === "examples" && <ExampleSearch search={search} />}
      {search.object && <ObjectSearch title={search.title} object={search.object} />}
      <span className="spacer" />
      <MarkFirst />
      <IconButton label="End the search" onClick={actions.clearSearch}>
        <X size={15} />
      </IconButton>
    </section>
  );
}

function WordSearch({ search }: { search: Search }) {
  return (
    <span>
      Looks like <b>“{search.title}”</b>{" "}
      <Term word="to the bundled model">
        Ranked by the probability that the model which embeds the images gives to the classes of this word. It was
        trained on 1,000 everyday classes: it cannot read, and does not know your labels.
      </Term>
    </span>
  );
}

function ObjectSearch({ title, object: { set, row, index } }: { title: string; object: AskedObject }) {
  const boxes = useWinnow((state) => state.annotations.find(({ id }) => id === set));
  const instance = (boxes?.first[row] ?? 0) + index;
  return (
    <>
      <Term word="With an object like">
        Ranked by the object of each image that is most like this one. Images without an embedded object come last.
      </Term>
      <ul className="examples" aria-label="Like this object">
        <li>{boxes?.boxes && <ObjectCrop row={row} box={boxes.boxes.subarray(4 * instance, 4 * instance + 4)} />}</li>
      </ul>
      <span>
        “<HostileText text={title} />”
      </span>
    </>
  );
}

function TextSearch({ search }: { search: Search }) {
  const tower = useWinnow((state) => state.textTower);
  return (
    <span>
      Match{" "}
      <b className="search-title" title={revealedText(search.title)}>
        “<HostileText text={search.title} />”
      </b>{" "}
      <Term word="in the model’s eyes">
        Ranked by the cosine between what the text tower {tower !== null && <HostileText text={`“${tower}” `} />}
        makes of the words and what the model makes of each image. The order counts, not the number: even good matches
        have 0.2 to 0.35.
      </Term>
    </span>
  );
}

function ExampleSearch({ search }: { search: Search }) {
  const actions = useActions();
  const marked = useWinnow((state) => state.marked);
  const { positives, negatives, outside } = search;
  const add = (side: "positives" | "negatives") => {
    const rows = [...marked.rows];
    const other = side === "positives" ? "negatives" : "positives";
    actions.findSimilar({
      [side]: [...new Set([...search[side], ...rows])],
      [other]: search[other].filter((row) => !marked.has(row)),
    });
  };
  return (
    <>
      <span>Similar to</span>
      <ul className="examples" aria-label="Like these">
        {outside && (
          <li>
            <OutsideThumbnail blob={outside.thumbnail} name={outside.name} />
            <RemoveExample what={outside.name} onRemove={() => actions.findSimilar({ outside: null })} />
          </li>
        )}
        <ExampleRows
          rows={positives}
          onRemove={(row) => actions.findSimilar({ positives: positives.filter((other) => other !== row) })}
        />
      </ul>
      {negatives.length > 0 && (
        <>
          <span>and unlike</span>
          <ul className="examples examples-negative" aria-label="Unlike these">
            <ExampleRows
              rows={negatives}
              onRemove={(row) => actions.findSimilar({ negatives: negatives.filter((other) => other !== row) })}
            />
          </ul>
        </>
      )}
      <IconButton label="Also like the marked images" disabled={marked.size === 0} onClick={() => add("positives")}>
        <ImagePlus size={15} />
      </IconButton>
      <IconButton label="Unlike the marked images" disabled={marked.size === 0} onClick={() => add("negatives")}>
        <ImageMinus size={15} />
      </IconButton>
    </>
  );
}

function ExampleRows({ rows, onRemove }: { rows: readonly number[]; onRemove: (row: number) => void }) {
  const images = useWinnow((state) => state.images);
  return (
    <>
      {rows.slice(0, shownExamples).map((row) => (
        <li key={row}>
          <Thumbnail row={row} className="example-image" />
          <RemoveExample what={images.path(row)} onRemove={() => onRemove(row)} />
        </li>
      ))}
      {rows.length > shownExamples && <li className="examples-rest">+{formatCount(rows.length - shownExamples)}</li>}
    </>
  );
}

function RemoveExample({ what, onRemove }: { what: string; onRemove: () => void }) {
  return (
    <button type="button" className="example-remove" aria-label={`Remove example ${what}`} onClick={onRemove}>
      <X size={12} aria-hidden="true" />
    </button>
  );
}

function OutsideThumbnail({ blob, name }: { blob: Blob; name: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return (
    <>
      {url && <img className="example-image" src={url} alt="" />}
      <span className="example-name">
        <HostileText text={name} />
      </span>
    </>
  );
}

/** Marks the first results, to tag or export them. */
function MarkFirst() {
  const actions = useActions();
  const order = useWinnow((state) => state.order);
  const sorted = useWinnow((state) => state.sortBy === "similarity" && state.sortDescending && state.groupBy === null);
  const [count, setCount] = useState("50");
  const wanted = Number.parseInt(count, 10);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted > 0) actions.mark(order.subarray(0, wanted), "replace");
  };
  if (!sorted) {
    return (
      <button
        type="button"
        className="button"
        onClick={() => {
          actions.setGroupBy(null);
          actions.setSort("similarity", true);
        }}
      >
        Best first
      </button>
    );
  }
  return (
    <form className="mark-first" onSubmit={submit}>
      <input
        className="field"
        type="number"
        min={1}
        max={Math.max(1, order.length)}
        aria-label="How many of the first"
        value={count}
        onChange={(event) => setCount(event.target.value)}
      />
      <button type="submit" className="button" disabled={!(wanted > 0)}>
        Mark the first
      </button>
    </form>
  );
}

import type { ReactNode } from "react";
import type { Bounded, ImportSummary as Summary } from "../../core/format/annotations/imported.ts";
import { HostileText, PathText } from "../text/HostileText.tsx";
import { countOf, formatCount } from "../text/quantities.ts";

const classesShown = 24;

/** What an import would do: how many images it speaks of, which classes there are, and everything that was left out. */
export function ImportSummary({ summary }: { summary: Summary }) {
  const { matched, unmatched, ambiguous, badRows, instances, classes, clipped, duplicates, notes } = summary;
  return (
    <section className="import-summary" aria-label="What will be imported">
      <p>
        <b role="status" aria-label="Matched images">
          {countOf(matched, "image")} matched
        </b>
        {instances > 0 && ` · ${countOf(instances, "annotation")} of ${countOf(classes.length, "class", "classes")}`}
      </p>
      {classes.length > 0 && <Classes classes={classes} />}
      <Left list={unmatched} what={countOf(unmatched.count, "path")} why="that no image of the project has">
        {(path) => <PathText path={path} />}
      </Left>
      <Left list={ambiguous} what={countOf(ambiguous.count, "path")} why="that several images end with">
        {(path) => <PathText path={path} />}
      </Left>
      <Left list={badRows} what={countOf(badRows.count, "row")} why="that cannot be read and will be left out">
        {({ file, line, reason }) => (
          <>
            <b>{line === null ? <HostileText text={file} /> : `line ${formatCount(line)}`}</b>:{" "}
            <HostileText text={reason} />
          </>
        )}
      </Left>
      <ul className="import-notes">
        {clipped > 0 && <li>{countOf(clipped, "box", "boxes")} reached out of their image and will be cut.</li>}
        {duplicates > 0 && <li>{countOf(duplicates, "image")} named more than once: the last time counts.</li>}
        {notes.map((note) => (
          <li key={note}>
            <HostileText text={note} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Classes({ classes }: { classes: Summary["classes"] }) {
  return (
    <ul className="import-classes" aria-label="Classes">
      {classes.slice(0, classesShown).map(({ name, count }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two sets may have a class of the same name
        <li key={i} className="pill">
          <HostileText text={name} /> {formatCount(count)}
        </li>
      ))}
      {classes.length > classesShown && <li className="muted">+{formatCount(classes.length - classesShown)}</li>}
    </ul>
  );
}

interface LeftProps<T> {
  list: Bounded<T>;
  what: string;
  why: string;
  children: (one: T) => ReactNode;
}

/** One kind of what is left out, with the beginning of its list. */
function Left<T>({ list, what, why, children }: LeftProps<T>) {
  if (list.count === 0) return null;
  return (
    <details className="import-left">
      <summary>
        {what} {why}
      </summary>
      <ul>
        {list.first.map((one, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <li key={i}>{children(one)}</li>
        ))}
        {list.count > list.first.length && (
          <li className="muted">and {formatCount(list.count - list.first.length)} more</li>
        )}
      </ul>
    </details>
  );
}

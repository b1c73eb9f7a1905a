import type { AnnotationSet } from "../../core/annotations/annotationSet.ts";
import { metadataValue } from "../../core/annotations/metadataField.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";

/** What sets and metadata say of an image; labels that can be changed stand in the label editor. */
export function SaidFacts({ row }: { row: number }) {
  const sets = useWinnow((state) => state.annotations);
  const metadata = useWinnow((state) => state.metadata);
  const facts = [
    ...sets
      .filter(({ role, type }) => role === "predictions" || type !== "classification")
      .map((set) => ({ id: set.id, name: set.name, value: wordsOf(set, row) })),
    ...metadata.map((column) => ({ id: `m-${column.key}`, name: column.key, value: metadataValue(column, row) })),
  ].filter(({ value }) => value !== null && value !== "");
  return facts.map(({ id, name, value }) => (
    <div key={id}>
      <dt>
        <HostileText text={name} />
      </dt>
      <dd>
        <HostileText text={String(value)} />
      </dd>
    </div>
  ));
}

/** “shoe 0.93”, “2 shoe, 1 hat”, “nothing”; “” where the set says nothing of the image. */
function wordsOf(set: AnnotationSet, row: number): string {
  if (set.known[row] !== 1) return "";
  const [from, end] = [set.first[row]!, set.first[row + 1]!];
  if (set.type === "classification") {
    return Array.from(set.classOf.subarray(from, end), (id, i) => {
      const score = set.scores?.[from + i] ?? Number.NaN;
      return `${set.classes[id]}${Number.isNaN(score) ? "" : ` ${score.toFixed(2)}`}`;
    }).join(", ");
  }
  const counts = new Map<string, number>();
  for (const id of set.classOf.subarray(from, end)) {
    counts.set(set.classes[id]!, (counts.get(set.classes[id]!) ?? 0) + 1);
  }
  if (counts.size === 0) return "nothing";
  const all = [...counts].map(([name, count]) => `${count} ${name}`);
  return all.length > 6
    ? `${all.slice(0, 6).join(", ")} and ${countOf(all.length - 6, "more class", "more classes")}`
    : all.join(", ");
}

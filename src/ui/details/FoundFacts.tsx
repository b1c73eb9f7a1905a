import type { Field } from "../../core/explore/field.ts";
import { Term } from "../controls/Term.tsx";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useWinnow } from "../winnow.tsx";

/** What was found out of the image itself: its cluster, predicted class, scores, how it meets the search. */
export function FoundFacts({ row }: { row: number }) {
  const fields = useWinnow((state) => state.fields);
  const computed = useWinnow((state) => state.computed);
  const found = [...fields.filter(({ id }) => id === "similarity"), ...computed]
    .map((field) => ({ field, value: wordsOf(field, row) }))
    .filter(({ value }) => value !== "");
  return found.map(({ field, value }) => (
    <div key={field.id}>
      <dt>{field.hint ? <Term word={field.title}>{field.hint}</Term> : field.title}</dt>
      <dd>
        <HostileText text={value} />
      </dd>
    </div>
  ));
}

/** Empty for a row without a value. */
function wordsOf(field: Field, row: number): string {
  switch (field.kind) {
    case "number": {
      const value = field.values[row];
      return value === undefined || Number.isNaN(value) ? "" : formatFieldNumber(value, field.unit);
    }
    case "category":
    case "tree":
      return field.names[field.ofRow[row] ?? -1] ?? "";
    default:
      return "";
  }
}

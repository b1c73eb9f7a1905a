import { X } from "lucide-react";
import type { Field } from "../../core/explore/field.ts";
import type { Condition } from "../../core/explore/filter.ts";
import { formatFieldNumber, noValueText } from "../text/fieldValues.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { directlyText } from "./folders.ts";

/** More values than this are counted instead of named. */
const namedValues = 3;

/** The conditions in force, each with a button that takes it away. */
export function FilterChips() {
  const actions = useActions();
  const filter = useWinnow((state) => state.filter);
  const fields = useWinnow((state) => state.fields);
  if (filter.length === 0) return null;
  return (
    <ul className="filter-chips" aria-label="Filters in force">
      {filter.map((condition) => {
        const field = fields.find(({ id }) => id === condition.field);
        const text = conditionText(condition, field);
        return (
          <li key={condition.field} className="pill filter-chip">
            <HostileText text={text} />
            <button
              type="button"
              className="tag-remove"
              aria-label={`Remove filter ${text}`}
              onClick={() => actions.setCondition(condition.field, null)}
            >
              <X size={13} aria-hidden="true" />
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" className="button button-plain filter-clear" onClick={actions.clearFilter}>
          Clear filters
        </button>
      </li>
    </ul>
  );
}

const folderText = (value: string): string => (value.endsWith("/") ? directlyText(value.slice(0, -1)) : value);

/** A condition in words: “Folders: test or validation”, “Date: from 3 May 2024”. */
export function conditionText(condition: Condition, field: Field | undefined): string {
  const title = field?.title ?? condition.field;
  switch (condition.kind) {
    case "rows":
      return condition.title;
    case "text":
      return `${title} has “${condition.text}”`;
    case "range": {
      const unit = field?.kind === "number" ? field.unit : "count";
      const text = (value: number) => formatFieldNumber(value, unit);
      const { min, max } = condition;
      if (min !== null && max !== null) return `${title}: ${text(min)} – ${text(max)}`;
      return min !== null ? `${title}: from ${text(min)}` : `${title}: up to ${text(max ?? 0)}`;
    }
    case "values": {
      const names = condition.values.map((value) =>
        value === null ? noValueText(title) : field?.kind === "tree" ? folderText(value) : value,
      );
      const list =
        names.length > namedValues ? countOf(names.length, "value") : names.join(condition.not ? ", " : " or ");
      return `${title}: ${condition.not ? "not " : ""}${list}`;
    }
  }
}

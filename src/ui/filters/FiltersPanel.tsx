import { PanelLeftClose, TriangleAlert } from "lucide-react";
import type { Field } from "../../core/explore/field.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { FilterSection } from "./FilterSection.tsx";
import { FolderTree } from "./FolderTree.tsx";
import { RangeFilter } from "./RangeFilter.tsx";
import { ValueList } from "./ValueList.tsx";
import { isWorthShowing } from "./worth.ts";

interface FiltersPanelProps {
  onShowProblems: () => void;
  /** Absent where the panel cannot be put away. */
  onClose?: () => void;
}

/** Everything that images can be narrowed down by, with how many there would be. */
export function FiltersPanel({ onShowProblems, onClose }: FiltersPanelProps) {
  const actions = useActions();
  const fields = useWinnow((state) => state.fields);
  const filter = useWinnow((state) => state.filter);
  const problems = useWinnow((state) => state.problems.length);
  const asked = new Set(filter.map(({ field }) => field));

  return (
    <section aria-label="Filters" className="filters">
      <div className="filters-bar">
        <h2 className="filters-title">Filters</h2>
        <span className="spacer" />
        <button
          type="button"
          className="button button-plain"
          disabled={filter.length === 0}
          onClick={actions.clearFilter}
        >
          Clear filters
        </button>
        {onClose && (
          <IconButton label="Hide filters" keys="F" className="button-plain" onClick={onClose}>
            <PanelLeftClose size={16} />
          </IconButton>
        )}
      </div>
      <div className="filters-body">
        {fields
          .filter((field) => field.kind !== "text" && (asked.has(field.id) || isWorthShowing(field)))
          .map((field) => (
            <FilterSection key={field.id} field={field}>
              <FieldFilter field={field} />
            </FilterSection>
          ))}
        {problems > 0 && (
          <button type="button" className="button button-plain filters-problems" onClick={onShowProblems}>
            <TriangleAlert size={15} aria-hidden="true" />
            {countOf(problems, "file")} could not be read
          </button>
        )}
        {fields.length === 0 && (
          <p className="empty">Folders, tags, dates and sizes appear here with the first images.</p>
        )}
      </div>
    </section>
  );
}

function FieldFilter({ field }: { field: Field }) {
  switch (field.kind) {
    case "tree":
      return <FolderTree field={field} />;
    case "number":
      return <RangeFilter field={field} />;
    case "text":
      return null;
    default:
      return <ValueList field={field} />;
  }
}

import { ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import type { Field } from "../../core/explore/field.ts";
import { Term } from "../controls/Term.tsx";
import { formatCount } from "../text/quantities.ts";
import { useRemembered } from "../useRemembered.ts";
import { useWinnow } from "../winnow.tsx";

/** One field of the filters; what is folded away is not counted. */
export function FilterSection({ field, children }: { field: Field; children: ReactNode }) {
  const bodyId = useId();
  const isNumber = field.kind === "number";
  const [open, setOpen] = useRemembered(`filter-open-${field.id}`, !isNumber || field.id === "date");
  const asked = useWinnow((state) => state.filter.some((condition) => condition.field === field.id));

  return (
    <section className="filter-section" aria-label={`${field.title} filter`}>
      <h3 className="filter-heading">
        <button
          type="button"
          className="filter-toggle"
          aria-expanded={open}
          aria-controls={bodyId}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={14} aria-hidden="true" className="filter-chevron" />
          {field.title}
          {asked && <span className="filter-asked" title="In use" />}
        </button>
        {field.hint && <Term word="?">{field.hint}</Term>}
        {"names" in field && field.kind !== "tree" && <span className="muted">{formatCount(field.names.length)}</span>}
      </h3>
      {open && (
        <div id={bodyId} className="filter-body">
          {children}
        </div>
      )}
    </section>
  );
}

import { useMemo, useState } from "react";
import type { SelectionRecord } from "../../core/records.ts";
import { distributionOf } from "../../core/selection/distribution.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";
import { DistributionBars } from "./DistributionBars.tsx";
import { FieldPicker } from "./FieldPicker.tsx";
import { useCardChoices } from "./useCardChoices.ts";

const mostBars = 10;

/** The classes, metadata and scores of all images and of the chosen ones, a field at a time. */
export function Distributions({ shown }: { shown: SelectionRecord }) {
  const { numbers, categories } = useCardChoices();
  const fields = useMemo(() => [...categories, ...numbers], [categories, numbers]);
  const rows = useWinnow((state) => state.images.length);
  const [wanted, setWanted] = useState<string | null>(null);
  const field = fields.find(({ id }) => id === wanted) ?? fields[0];
  const found = useMemo(
    () => field && distributionOf(field, shown.rows, shown.among ?? null, rows, mostBars),
    [field, shown, rows],
  );
  if (!field) return null;
  return (
    <section className="distributions" aria-label="Before and after">
      <div className="next-head">
        <h2 className="section-title">Before and after</h2>
        <span className="spacer" />
        <FieldPicker label="Of" value={field.id} fields={fields} onPick={setWanted} />
      </div>
      {found ? (
        <>
          <p className="muted distribution-legend">
            <span className="legend-all" /> all {countOf(shown.among?.length ?? rows, "image")}
            <span className="legend-chosen" /> {formatCount(shown.rows.length)} chosen
            {found.classes && `, ${found.classes.chosen} of ${countOf(found.classes.all, "value")}`}
          </p>
          <DistributionBars
            distribution={found}
            unit={field.kind === "number" ? field.unit : null}
            words={["all", "chosen"]}
          />
          {found.more > 0 && <p className="muted">and {countOf(found.more, "rarer value")}</p>}
        </>
      ) : (
        <p className="muted">All images have the same value.</p>
      )}
    </section>
  );
}

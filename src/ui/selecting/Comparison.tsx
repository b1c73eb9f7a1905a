import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { SelectionRecord } from "../../core/records.ts";
import { RowSet } from "../../core/rowSet.ts";
import { distributionOf } from "../../core/selection/distribution.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { Picker } from "../controls/Picker.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount, formatDistance } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { DistributionBars } from "./DistributionBars.tsx";
import { FieldPicker } from "./FieldPicker.tsx";
import { useCardChoices } from "./useCardChoices.ts";

const mostBars = 8;

interface ComparisonProps {
  first: SelectionRecord;
  second: SelectionRecord;
  /** What the first can be compared with. */
  others: readonly SelectionRecord[];
  onPick: (id: string) => void;
  onClose: () => void;
}

/** Two selections side by side: what they share, how well each covers, what each is made of. */
export function Comparison({ first, second, others, onPick, onClose }: ComparisonProps) {
  const region = useRef<HTMLElement>(null);
  // It was asked for in the list below it. Newer browsers return a promise, which an effect must not.
  useEffect(() => {
    region.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const { mark } = useActions();
  const { numbers, categories } = useCardChoices();
  const rows = useWinnow((state) => state.images.length);
  const fields = useMemo(() => [...categories, ...numbers], [categories, numbers]);
  const [wanted, setWanted] = useState<string | null>(null);
  const field = fields.find(({ id }) => id === wanted) ?? fields[0];
  const found = useMemo(() => {
    if (!field) return null;
    return distributionOf(field, second.rows, first.rows, rows, mostBars);
  }, [field, first, second, rows]);
  const sets = useMemo(() => [RowSet.of(first.rows), RowSet.of(second.rows)] as const, [first, second]);
  const both = first.rows.filter((row) => sets[1].has(row));
  const n = Math.min(first.rows.length, second.rows.length);
  const at = (values: Float32Array | undefined): string => {
    const value = values?.[n - 1];
    return value === undefined ? "–" : formatDistance(value);
  };
  return (
    <section ref={region} className="comparison" aria-label="Comparison">
      <div className="next-head">
        <h2 className="section-title">Comparison</h2>
        <span className="spacer" />
        <Picker
          boxed
          label="With"
          value={second.id}
          options={others.toReversed().map(({ id, name }) => ({ value: id, text: name }))}
          onPick={onPick}
        />
        <IconButton label="Close comparison" onClick={onClose}>
          <X size={14} />
        </IconButton>
      </div>
      <table className="comparison-table">
        <thead>
          <tr>
            <td />
            {[first, second].map(({ id, name }) => (
              <th key={id} scope="col">
                <HostileText text={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Images</th>
            <td>{formatCount(first.rows.length)}</td>
            <td>{formatCount(second.rows.length)}</td>
          </tr>
          <tr>
            <th scope="row">Only here</th>
            <td>{formatCount(first.rows.length - both.length)}</td>
            <td>{formatCount(second.rows.length - both.length)}</td>
          </tr>
          <tr>
            <th scope="row">Radius after {formatCount(n)}</th>
            <td>{at(first.radii)}</td>
            <td>{at(second.radii)}</td>
          </tr>
          <tr>
            <th scope="row">Mean distance after {formatCount(n)}</th>
            <td>{at(first.means)}</td>
            <td>{at(second.means)}</td>
          </tr>
        </tbody>
      </table>
      <p className="comparison-overlap">
        <span>
          {countOf(both.length, "image")} in both, {overlapText(both.length, n)}.
        </span>
        <button type="button" className="button" disabled={both.length === 0} onClick={() => mark(both, "replace")}>
          Mark them
        </button>
      </p>
      {field && (
        <>
          <div className="next-head">
            <span className="muted distribution-legend">
              <span className="legend-name">
                <span className="legend-all" /> <HostileText text={first.name} />
              </span>
              <span className="legend-name">
                <span className="legend-chosen" /> <HostileText text={second.name} />
              </span>
            </span>
            <span className="spacer" />
            <FieldPicker label="By" value={field.id} fields={fields} onPick={setWanted} />
          </div>
          {found && (
            <DistributionBars
              distribution={found}
              unit={field.kind === "number" ? field.unit : null}
              words={[first.name, second.name]}
            />
          )}
        </>
      )}
    </section>
  );
}

const overlapText = (both: number, n: number): string =>
  `${n === 0 ? 0 : Math.round((100 * both) / n)} % of the smaller`;

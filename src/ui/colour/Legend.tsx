import type { MouseEvent } from "react";
import { withCondition } from "../../core/explore/filter.ts";
import { formatFieldNumber } from "../text/fieldValues.ts";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useActions, useWinnow, useWinnowStore } from "../winnow.tsx";
import { type Colouring, useColouring } from "./ColouringProvider.tsx";
import type { Group } from "./grouping.ts";
import { scaleColours } from "./scale.ts";

/** What each colour of the map means and how many images have it; a click shows only these. */
export function Legend() {
  const colouring = useColouring();
  const chosen = useWinnow((state) => (state.colourBy === "chosen" ? 0 : state.ranks.size));
  if (colouring.ofRow.length === 0) return null;
  return (
    <ul className="legend" aria-label="Legend">
      {colouring.kind === "scale" ? (
        <ScaleEntry colouring={colouring} />
      ) : (
        colouring.groups.map((group) => <GroupEntry key={group.name} group={group} field={colouring.field} />)
      )}
      {chosen > 0 && (
        <li className="legend-entry">
          <span className="legend-dot legend-ring" />
          chosen <span className="muted">{formatCount(chosen)}</span>
        </li>
      )}
    </ul>
  );
}

function GroupEntry({ group, field }: { group: Group; field: string | null }) {
  const actions = useActions();
  const store = useWinnowStore();
  const { values = [] } = group;
  const asked = useWinnow((state) => {
    const condition = state.filter.find((one) => one.field === field);
    return (
      condition?.kind === "values" &&
      !condition.not &&
      values.length > 0 &&
      values.every((value) => condition.values.includes(value))
    );
  });
  const content = (
    <>
      <span className="legend-dot" style={{ background: `var(${group.colour})` }} />
      <span className="legend-name">
        <HostileText text={group.name} />
      </span>{" "}
      <span className="muted">{formatCount(group.count)}</span>
    </>
  );
  if (field === null || values.length === 0) return <li className="legend-entry">{content}</li>;

  const press = (event: MouseEvent) => {
    const condition = store.getState().filter.find((one) => one.field === field);
    const adding = event.shiftKey || event.ctrlKey || event.metaKey;
    const before = condition?.kind === "values" && !condition.not && adding ? condition.values : [];
    const next = asked ? before.filter((value) => !values.includes(value)) : [...before, ...values];
    actions.setFilter(
      withCondition(
        store.getState().filter,
        field,
        next.length === 0 ? null : { field, kind: "values", values: next, ...(event.altKey && { not: true }) },
      ),
    );
  };
  return (
    <li>
      <button
        type="button"
        className="legend-entry legend-button"
        aria-pressed={asked}
        title="Show only these. With Shift add them, with Alt leave them out."
        onClick={press}
      >
        {content}
      </button>
    </li>
  );
}

function ScaleEntry({ colouring }: { colouring: Extract<Colouring, { kind: "scale" }> }) {
  const { title, unit, scale } = colouring;
  const text = (value: number) => formatFieldNumber(value, unit);
  return (
    <li className="legend-scale" title="The ends are the 1st and 99th percentile; values beyond have the end's colour.">
      <span className="legend-scale-title">{title}</span>
      <span className="legend-bar">
        {scaleColours.map((colour) => (
          <span key={colour} style={{ background: colour }} />
        ))}
      </span>
      <span className="legend-ends muted">
        <span>{text(scale.least)}</span>
        <span>median {text(scale.median)}</span>
        <span>{text(scale.most)}</span>
      </span>
      {scale.none > 0 && <span className="muted">{formatCount(scale.none)} without a value are grey</span>}
    </li>
  );
}

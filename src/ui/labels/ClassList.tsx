import { Eye, EyeOff } from "lucide-react";
import { useMemo, useState } from "react";
import { classFieldId } from "../../core/annotations/fieldIds.ts";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import type { Drawing } from "../../state/state.ts";
import { useColourOfValue } from "../colour/ColouringProvider.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { classColour } from "./classColour.ts";
import { classCounts } from "./setFacts.ts";

/** More are shown when they are asked for. */
const firstClasses = 12;
/** Of very many classes the rest is found under Filters, which can be searched. */
const mostClasses = 300;

interface ClassListProps {
  set: HeldSet;
  /** What of the set is drawn; null where nothing of it is. */
  drawing: Drawing | null;
}

/** The classes of a set, the commonest first; a click shows only the images that have one. */
export function ClassList({ set, drawing }: ClassListProps) {
  const [all, setAll] = useState(false);
  const { classes } = set;
  const counts = useMemo(() => classCounts(set), [set]);
  const order = useMemo(
    () => Array.from(classes.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b),
    [classes, counts],
  );
  const shown = order.slice(0, all ? mostClasses : firstClasses);
  if (classes.length === 0) {
    return <p className="muted">No class yet: open an image’s details and type its label.</p>;
  }
  return (
    <>
      <ul className="class-lines" aria-label={`Classes of ${revealedText(set.name)}`}>
        {shown.map((id) => (
          <ClassLine key={id} set={set} id={id} count={counts[id]!} drawing={drawing} />
        ))}
      </ul>
      {order.length > firstClasses && (
        <button type="button" className="button button-plain" onClick={() => setAll(!all)}>
          {all
            ? "Fewer"
            : order.length > mostClasses
              ? `The ${mostClasses} commonest of ${formatCount(order.length)} classes`
              : `All ${formatCount(order.length)} classes`}
        </button>
      )}
    </>
  );
}

interface ClassLineProps extends ClassListProps {
  id: number;
  count: number;
}

function ClassLine({ set, id, count, drawing }: ClassLineProps) {
  const actions = useActions();
  const name = set.classes[id]!;
  const field = classFieldId(set);
  const filtered = useWinnow((state) =>
    state.filter.some((one) => one.field === field && one.kind === "values" && !one.not && one.values.includes(name)),
  );
  const drawn = drawing !== null && !drawing.hidden.has(name);
  const colourOfValue = useColourOfValue(field);
  // What is drawn has its own colours; everything else looks as in the map.
  const colour = (drawing === null ? colourOfValue(name) : undefined) ?? classColour(id);
  const toggle = (): void => {
    const hidden = new Set(drawing?.hidden);
    if (!hidden.delete(name)) hidden.add(name);
    actions.draw(set.id, { hidden });
  };
  return (
    <li className="class-line">
      <span className="tag-dot" style={{ background: `var(${colour})` }} />
      <button
        type="button"
        className="tag-show"
        aria-pressed={filtered}
        title={filtered ? "Click to show other images too" : "Click to show only these images"}
        onClick={() => actions.toggleValue(field, name)}
      >
        <span className="tag-name">
          <HostileText text={name} />
        </span>{" "}
        <span className="muted">{formatCount(count)}</span>
      </button>
      {drawing && (
        <button
          type="button"
          className="button icon-button button-plain"
          aria-label={`Draw ${revealedText(name)}`}
          aria-pressed={drawn}
          title={drawn ? "Drawn over images" : "Not drawn"}
          onClick={toggle}
        >
          {drawn ? <Eye size={15} aria-hidden="true" /> : <EyeOff size={15} aria-hidden="true" />}
        </button>
      )}
    </li>
  );
}

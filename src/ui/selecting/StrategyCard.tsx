import { ArrowDown, ArrowUp, GripVertical, SlidersHorizontal, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { type CardChoices, cardHelp, kindOf } from "../../core/selection/cards.ts";
import type { SelectionStrategy } from "../../core/selection/config.ts";
import type { DraftStrategy } from "../../core/selection/draft.ts";
import { IconButton } from "../controls/IconButton.tsx";
import { hasOptions, NeededFields, OptionalFields } from "./StrategyFields.tsx";
import { StrengthField } from "./StrengthField.tsx";

interface StrategyCardProps {
  strategy: DraftStrategy;
  /** From 0. */
  index: number;
  count: number;
  choices: CardChoices;
  isDropTarget: boolean;
  onChange: (strategy: SelectionStrategy) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
  onDragStart: (event: DragEvent) => void;
  onDragEnd: () => void;
}

/** One strategy: what it does, how much it counts, what it needs; Alt with an arrow key moves it. */
export function StrategyCard(props: StrategyCardProps) {
  const { strategy, index, count, choices, onChange, onMove, onRemove } = props;
  const kind = kindOf(strategy);
  const name = `${index + 1} ${kind}`;
  const [open, setOpen] = useState(() => isSet(strategy));
  const { strength = 1 } = strategy.strategy;
  const press = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    const to = index + (event.key === "ArrowUp" ? -1 : 1);
    if (to >= 0 && to < count) onMove(to);
  };
  return (
    <li
      className={props.isDropTarget ? "strategy-card is-drop-target" : "strategy-card"}
      aria-label={name}
      data-strategy={index}
      onKeyDown={press}
    >
      <div className="strategy-head">
        <span
          className="strategy-grip"
          draggable
          aria-hidden="true"
          title="Drag to another place"
          onDragStart={props.onDragStart}
          onDragEnd={props.onDragEnd}
        >
          <GripVertical size={14} />
        </span>
        <span className="strategy-number">{index + 1}</span>
        <span className="strategy-title">{kind}</span>
        <span className="spacer" />
        {strategy.strategy.type !== "THRESHOLD" && (
          <StrengthField
            card={name}
            value={strength}
            onChange={(value) => onChange({ ...strategy, strategy: withStrength(strategy.strategy, value) })}
          />
        )}
        <span className="strategy-buttons">
          {hasOptions(strategy) && (
            <IconButton
              label={`${name}: options`}
              aria-expanded={open}
              aria-pressed={open}
              onClick={() => setOpen(!open)}
            >
              <SlidersHorizontal size={14} />
            </IconButton>
          )}
          {count > 1 && (
            <>
              <IconButton
                label={`Move ${name} up`}
                keys="Alt ↑"
                disabled={index === 0}
                onClick={() => onMove(index - 1)}
              >
                <ArrowUp size={14} />
              </IconButton>
              <IconButton
                label={`Move ${name} down`}
                keys="Alt ↓"
                disabled={index === count - 1}
                onClick={() => onMove(index + 1)}
              >
                <ArrowDown size={14} />
              </IconButton>
            </>
          )}
          <IconButton label={`Remove ${name}`} onClick={onRemove}>
            <X size={14} />
          </IconButton>
        </span>
      </div>
      <p className="muted strategy-help">{strength < 0 ? inverted[kind] : cardHelp[kind]}</p>
      <div className="strategy-fields">
        <NeededFields strategy={strategy} choices={choices} onChange={onChange} />
        {open && <OptionalFields strategy={strategy} choices={choices} onChange={onChange} />}
      </div>
    </li>
  );
}

/** What a card does with a negative strength. */
const inverted: Readonly<Record<string, string>> = {
  Diversity: "Inverted: prefers images close to what is chosen.",
  Coverage: "Inverted: prefers images that stand for few others.",
  Weights: "Inverted: prefers images with a low value.",
  Balance: "Inverted: prefers images whose class has its share already.",
  Similarity: "Inverted: prefers images unlike those with a tag.",
  Typicality: "Inverted: prefers images far from all others, the outliers.",
  Random: "Inverted: the opposite order.",
};

function withStrength(rule: SelectionStrategy["strategy"], strength: number): SelectionStrategy["strategy"] {
  const { strength: _before, ...rest } = rule;
  return (strength === 1 ? rest : { ...rest, strength }) as SelectionStrategy["strategy"];
}

/** Whether any of what may be left as it is was set: then it is to be seen. */
const isSet = ({ input, strategy }: SelectionStrategy): boolean =>
  Object.keys(strategy).some((key) => key !== "type" && key !== "strength") && input.type !== "RANDOM";

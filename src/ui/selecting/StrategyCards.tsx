import { type DragEvent, useEffect, useRef, useState } from "react";
import type { CardChoices } from "../../core/selection/cards.ts";
import { type DraftStrategy, moved } from "../../core/selection/draft.ts";
import { StrategyCard } from "./StrategyCard.tsx";

interface StrategyCardsProps {
  strategies: readonly DraftStrategy[];
  choices: CardChoices;
  onChange: (strategies: readonly DraftStrategy[]) => void;
}

/** What the selection goes by, a card each. Their order says nothing to the engine; it is the person's. */
export function StrategyCards({ strategies, choices, onChange }: StrategyCardsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  // The focus stays with the card that the keyboard moved; a button at the end of the list is disabled and loses it.
  const [movedKey, setMovedKey] = useState<{ key: number; label: string } | null>(null);
  const move = (from: number, to: number) => {
    const label = document.activeElement?.getAttribute("aria-label") ?? "";
    setMovedKey({ key: strategies[from]!.key, label: label.includes(" up") ? "up" : "down" });
    onChange(moved(strategies, from, to));
  };
  useEffect(() => {
    if (movedKey === null) return;
    const index = strategies.findIndex(({ key }) => key === movedKey.key);
    const card = list.current?.querySelector(`[data-strategy="${index}"]`);
    const wanted = card?.querySelector<HTMLElement>(`button[aria-label$=" ${movedKey.label}"]:not(:disabled)`);
    (wanted ?? card?.querySelector<HTMLElement>("button:not(:disabled)"))?.focus();
    setMovedKey(null);
  }, [movedKey, strategies]);

  const targetOf = (event: DragEvent): number | null => {
    const card = event.target instanceof Element ? event.target.closest("[data-strategy]") : null;
    return card ? Number(card.getAttribute("data-strategy")) : null;
  };
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  if (strategies.length === 0) {
    return <p className="muted strategy-none">No strategy yet: add one, or choose a preset above.</p>;
  }
  return (
    <ul
      ref={list}
      className="strategies"
      aria-label="Strategies"
      onDragOver={(event) => {
        if (dragged === null) return;
        event.preventDefault();
        setOver(targetOf(event));
      }}
      onDrop={(event) => {
        const to = targetOf(event);
        if (dragged === null) return;
        event.preventDefault();
        if (to !== null && to !== dragged) onChange(moved(strategies, dragged, to));
        end();
      }}
    >
      {strategies.map((strategy, index) => (
        <StrategyCard
          key={strategy.key}
          strategy={strategy}
          index={index}
          count={strategies.length}
          choices={choices}
          isDropTarget={dragged !== null && over === index && over !== dragged}
          onChange={({ input, strategy: rule }) =>
            onChange(strategies.map((one, i) => (i === index ? { key: one.key, input, strategy: rule } : one)))
          }
          onMove={(to) => move(index, to)}
          onRemove={() => onChange(strategies.filter((_, i) => i !== index))}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            event.dataTransfer.setData("text/plain", "");
            setDragged(index);
          }}
          onDragEnd={end}
        />
      ))}
    </ul>
  );
}

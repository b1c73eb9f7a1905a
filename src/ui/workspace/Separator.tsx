import { type KeyboardEvent, type PointerEvent, useRef } from "react";

interface SeparatorProps {
  /** What it changes: “Width of the filters”. */
  label: string;
  /** Of the line itself: a vertical one is dragged sideways. */
  orientation: "vertical" | "horizontal";
  /** Pixels of what it sizes, between `least` and `most`. */
  value: number;
  least: number;
  most: number;
  initial: number;
  /** 1 where the sized part lies before the line, −1 where it lies after it. */
  direction: 1 | -1;
  onChange: (value: number) => void;
}

const keyStep = 24;

/** A line between two panels that can be dragged, moved by the arrow keys, and reset by a double click. */
export function Separator(props: SeparatorProps) {
  const { label, orientation, value, least, most, initial, direction, onChange } = props;
  const drag = useRef<{ from: number; value: number } | null>(null);
  const vertical = orientation === "vertical";
  const set = (next: number) => onChange(Math.round(Math.max(least, Math.min(most, next))));
  const place = (event: PointerEvent) => (vertical ? event.clientX : event.clientY);

  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -keyStep, ArrowUp: -keyStep, ArrowRight: keyStep, ArrowDown: keyStep }[event.key];
    const along = vertical ? /Left|Right/ : /Up|Down/;
    if (step === undefined || !along.test(event.key)) return;
    event.preventDefault();
    set(value + step * direction);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      className={`separator separator-${orientation}`}
      title={`${label}: drag, or double click to reset`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { from: place(event), value };
      }}
      onPointerMove={(event) => {
        if (drag.current) set(drag.current.value + (place(event) - drag.current.from) * direction);
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onDoubleClick={() => set(initial)}
      onKeyDown={key}
    />
  );
}

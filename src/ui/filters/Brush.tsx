import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";

interface BrushProps {
  /** What is measured: names the two handles. */
  title: string;
  /** Ascending, one more than bins. */
  edges: Float64Array;
  /** Images by bin: of the whole project, and under the other filters. */
  all: Uint32Array;
  now: Uint32Array;
  min: number | null;
  max: number | null;
  text: (value: number) => string;
  onChange: (min: number | null, max: number | null) => void;
}

/** A histogram on which a range is drawn; its two handles are sliders for the keyboard. */
export function Brush({ title, edges, all, now, min, max, text, onChange }: BrushProps) {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const bins = all.length;
  const tallest = Math.max(1, ...all);
  const low = drag ? Math.min(drag.from, drag.to) : min === null ? 0 : placeOf(edges, min);
  const high = drag ? Math.max(drag.from, drag.to) : max === null ? bins : placeOf(edges, max);

  const set = (from: number, to: number) =>
    onChange(from <= 0 ? null : edges[Math.round(from)]!, to >= bins ? null : edges[Math.round(to)]!);
  const edgeAt = (event: PointerEvent): number => {
    const { left, width } = box.current!.getBoundingClientRect();
    return Math.max(0, Math.min(bins, Math.round(((event.clientX - left) / width) * bins)));
  };

  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = edgeAt(event);
    // Near a handle, it is moved; elsewhere a new range begins.
    const grabbed = Math.abs(at - low) <= 1 && low > 0 ? high : Math.abs(at - high) <= 1 && high < bins ? low : at;
    setDrag({ from: grabbed, to: at });
  };
  const release = () => {
    if (!drag) return;
    setDrag(null);
    // A click takes the one bin under it.
    if (drag.from === drag.to) set(Math.max(0, drag.from - 1), Math.min(bins, drag.from + 1));
    else set(low, high);
  };
  const key = (event: KeyboardEvent, at: number, move: (to: number) => void) => {
    const steps: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -4,
      PageUp: 4,
    };
    const to = event.key === "Home" ? 0 : event.key === "End" ? bins : at + (steps[event.key] ?? Number.NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    move(Math.max(0, Math.min(bins, to)));
  };
  const handle = (name: string, at: number, move: (to: number) => void) => (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`${title} ${name}`}
      aria-valuemin={0}
      aria-valuemax={bins}
      aria-valuenow={Math.round(at)}
      aria-valuetext={text(edges[Math.round(at)]!)}
      className="brush-handle"
      style={{ left: `${(at / bins) * 100}%` }}
      onKeyDown={(event) => key(event, Math.round(at), move)}
    />
  );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its two handles are the controls; dragging is for pointers
    <div
      ref={box}
      className="brush"
      onPointerDown={press}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: edgeAt(event) })}
      onPointerUp={release}
      onPointerCancel={() => setDrag(null)}
      onDoubleClick={() => onChange(null, null)}
      title={`${text(edges[Math.round(low)]!)} – ${text(edges[Math.round(high)]!)}`}
    >
      {Array.from(all, (count, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its place
        <div key={i} className={i + 1 > low && i < high ? "brush-bin" : "brush-bin is-outside"}>
          <div className="brush-all" style={{ height: `${heightOf(count, tallest)}%` }} />
          <div className="brush-now" style={{ height: `${heightOf(now[i]!, tallest)}%` }} />
        </div>
      ))}
      {handle("least", low, (to) => set(Math.min(to, Math.max(0, high - 1)), high))}
      {handle("most", high, (to) => set(low, Math.max(to, Math.min(bins, low + 1))))}
    </div>
  );
}

/** A bin with one image among many is still seen. */
const heightOf = (count: number, tallest: number): number => (count === 0 ? 0 : Math.max(5, (count / tallest) * 100));

/** Where a value lies on the edges, in bins from the left. */
function placeOf(edges: Float64Array, value: number): number {
  const last = edges.length - 1;
  if (value <= edges[0]!) return 0;
  if (value >= edges[last]!) return last;
  const after = edges.findIndex((edge) => edge > value);
  const [left, right] = [edges[after - 1]!, edges[after]!];
  return after - 1 + (value - left) / (right - left);
}

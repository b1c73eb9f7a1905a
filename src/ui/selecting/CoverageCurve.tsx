import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { SelectionRecord } from "../../core/records.ts";
import { formatDistance } from "../text/quantities.ts";
import { readColours, useResolvedTheme } from "../theme.ts";

interface CoverageCurveProps {
  shown: SelectionRecord;
  /** The pick that is focused, from 1; 0 for none. */
  rank: number;
  /** Index of the pick under the pointer. */
  onHover: (index: number | null) => void;
  onPick: (index: number) => void;
}

const height = 128;

/** The covering radius after each pick, ours against random. Loaded when the first selection is shown. */
export default function CoverageCurve({ shown, rank, onHover, onPick }: CoverageCurveProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useResolvedTheme();
  // The plot is made once a selection; what changes more often reaches it through here.
  const latest = useRef({ rank, onHover, onPick });
  latest.current = { rank, onHover, onPick };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read when it is made
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const picks = Float64Array.from(shown.radii, (_, index) => index + 1);
    const data: uPlot.AlignedData = [picks, shown.radii, shown.randomRadii];
    const made = new uPlot(curveOptions(element.clientWidth, picks.length, latest), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
      latest.current.onHover(null);
    };
  }, [shown, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the line of the focused pick is drawn by a hook
  useEffect(() => plot.current?.redraw(false), [rank]);

  const first = shown.radii[0] ?? 0;
  const last = shown.radii.at(-1) ?? 0;
  const label =
    `Covering radius falls from ${formatDistance(first)} after 1 pick to ${formatDistance(last)} after ` +
    `${shown.radii.length}; random picks reach ${formatDistance(shown.randomRadii.at(-1) ?? 0)}.`;
  return <div ref={host} className="coverage-curve" role="img" aria-label={label} />;
}

type Latest = { current: Pick<CoverageCurveProps, "rank" | "onHover" | "onPick"> };

function curveOptions(width: number, picks: number, latest: Latest): uPlot.Options {
  const colour = readColours(["--pick", "--text-2", "--line", "--accent"]);
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: colour["--text-2"],
    font,
    grid: { stroke: colour["--line"], width: 1 },
    ticks: { show: false },
  };
  const points = { show: picks === 1 };
  return {
    width,
    height,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 7 },
      bind: { dblclick: () => null },
    },
    scales: { x: { time: false, range: (_, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) } },
    series: [{}, { stroke: colour["--pick"], width: 2, points }, { stroke: colour["--text-2"], width: 1.5, points }],
    axes: [
      {
        ...axis,
        size: 22,
        gap: 3,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
      },
      { ...axis, size: 34, gap: 4, space: 26, values: (_, splits) => splits.map((split) => split.toFixed(2)) },
    ],
    hooks: {
      setCursor: [({ cursor }) => latest.current.onHover(cursor.idx ?? null)],
      ready: [
        ({ over, cursor }) => {
          over.addEventListener("click", () => {
            if (cursor.idx != null) latest.current.onPick(cursor.idx);
          });
        },
      ],
      draw: [(plot) => drawFocusedPick(plot, latest.current.rank, colour["--accent"])],
    },
  };
}

/** An upright line where the focused pick was taken. */
function drawFocusedPick(plot: uPlot, rank: number, colour: string): void {
  if (rank === 0) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(rank, "x", true));
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

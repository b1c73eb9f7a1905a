import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatDistance } from "../text/quantities.ts";
import { readColours, useResolvedTheme } from "../theme.ts";
import type { DrawnCurves } from "./coverage.ts";

interface CoverageCurveProps {
  curves: DrawnCurves;
  /** Picks that there will be: the width of the plot. */
  total: number;
  /** The pick that is focused, from 1; 0 for none. */
  rank: number;
  /** Index of the pick under the pointer. */
  onHover: (index: number | null) => void;
  onPick: (index: number) => void;
}

const height = 148;

/** Covering radius and mean distance after each pick, ours against random. Loaded when the first selection is shown. */
export default function CoverageCurve({ curves, total, rank, onHover, onPick }: CoverageCurveProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useResolvedTheme();
  // The plot is made once; what changes more often reaches it through here.
  const latest = useRef({ rank, total, onHover, onPick });
  latest.current = { rank, total, onHover, onPick };
  const single = total === 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read when it is made
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(curveOptions(element.clientWidth, single, latest), dataOf(curves), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
      latest.current.onHover(null);
    };
  }, [theme, single]);

  useEffect(() => {
    plot.current?.setData(dataOf(curves));
  }, [curves]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the line of the focused pick is drawn by a hook
  useEffect(() => plot.current?.redraw(false), [rank]);

  return <div ref={host} className="coverage-curve" role="img" aria-label={inWords(curves)} />;
}

function inWords({ radii, randomRadii, means, randomMeans }: DrawnCurves): string {
  const last = (values: Float32Array | undefined) => formatDistance(values?.at(-1) ?? 0);
  const count = radii.length === 1 ? "1 pick" : `${radii.length}`;
  const radius =
    `Covering radius falls from ${formatDistance(radii[0] ?? 0)} after 1 pick to ${last(radii)} after ` +
    `${count}; random picks reach ${last(randomRadii)}.`;
  if (!means) return radius;
  return `${radius} The mean distance falls from ${formatDistance(means[0] ?? 0)} to ${last(means)}; random picks reach ${last(randomMeans)}.`;
}

/** Picks, radius, random radius, mean, random mean. */
function dataOf({ radii, randomRadii, means, randomMeans }: DrawnCurves): uPlot.AlignedData {
  const none = new Float32Array(radii.length).fill(Number.NaN);
  const picks = Float64Array.from(radii, (_, index) => index + 1);
  return [picks, radii, randomRadii, means ?? none, randomMeans ?? none];
}

type Latest = { current: Pick<CoverageCurveProps, "rank" | "total" | "onHover" | "onPick"> };

function curveOptions(width: number, single: boolean, latest: Latest): uPlot.Options {
  const colour = readColours(["--pick", "--text-2", "--line", "--accent"]);
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: colour["--text-2"],
    font,
    grid: { stroke: colour["--line"], width: 1 },
    ticks: { show: false },
  };
  const points = { show: single };
  const [ours, random] = [
    { stroke: colour["--pick"], width: 2, points },
    { stroke: colour["--text-2"], width: 1.5, points },
  ];
  const dashed = { dash: [4, 3], width: 1.5 };
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
    scales: {
      x: { time: false, range: () => (latest.current.total <= 1 ? [0, 2] : [1, latest.current.total]) },
      y: { range: (_, min, max) => (min === null || max === null ? [0, 1] : [Math.max(0, min * 0.9), max * 1.05]) },
    },
    series: [{}, ours, random, { ...ours, ...dashed }, { ...random, ...dashed }],
    axes: [
      {
        ...axis,
        size: 22,
        gap: 3,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
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

import type { RowSet } from "../../core/rowSet.ts";
import { type Camera, type Size, toScreen } from "./camera.ts";

/** What lies above the points. */
export interface OverlayScene {
  points: Float32Array;
  visible: RowSet | null;
  marked: RowSet;
  /** Rows with a ring each: the chosen. */
  ringed: Iterable<number>;
  ringColour: string;
  /** −1 for none. */
  focused: number;
  hovered: number;
  focusColour: string;
  /** Corners in CSS pixels while a lasso is being drawn. */
  lasso: readonly (readonly [number, number])[];
  size: Size;
  contours: readonly Float32Array[];
  contourColour: string;
}

const ringRadius = 6;
const markRadius = 4.5;
/** More marks than this are drawn by the point layer alone, as larger dots. */
const mostMarkRings = 20_000;

/** Draws rings and lasso on a 2-D canvas that lies over the points. */
export function paintOverlay(canvas: HTMLCanvasElement, camera: Camera, scene: OverlayScene): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const { points, marked, ringed, ringColour, focused, hovered, focusColour, lasso, size } = scene;
  const count = points.length / 2;
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  for (const [level, segments] of scene.contours.entries()) {
    context.beginPath();
    for (let i = 0; i < segments.length; i += 4) {
      context.moveTo(...toScreen(camera, size, segments[i]!, segments[i + 1]!));
      context.lineTo(...toScreen(camera, size, segments[i + 2]!, segments[i + 3]!));
    }
    context.strokeStyle = scene.contourColour;
    context.globalAlpha = 0.3 + (0.6 * (level + 1)) / scene.contours.length;
    context.lineWidth = 1;
    context.stroke();
  }
  context.globalAlpha = 1;
  const ring = (row: number, radius: number): void => {
    if (row < 0 || row >= count) return;
    const [x, y] = toScreen(camera, size, points[row * 2]!, points[row * 2 + 1]!);
    if (x < -radius || y < -radius || x > size.width + radius || y > size.height + radius) return;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  };
  if (marked.size <= mostMarkRings) {
    context.beginPath();
    for (const row of marked.rows) if (scene.visible?.has(row) ?? true) ring(row, markRadius);
    context.strokeStyle = focusColour;
    context.lineWidth = 2;
    context.stroke();
  }
  context.beginPath();
  for (const row of ringed) if (scene.visible?.has(row) ?? true) ring(row, ringRadius);
  context.strokeStyle = ringColour;
  context.lineWidth = 2;
  context.stroke();
  context.beginPath();
  ring(focused, ringRadius + 3);
  ring(hovered, ringRadius + 1);
  context.strokeStyle = focusColour;
  context.lineWidth = 2.5;
  context.stroke();
  if (lasso.length < 2) return;
  context.beginPath();
  for (const [i, [x, y]] of lasso.entries()) i === 0 ? context.moveTo(x, y) : context.lineTo(x, y);
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = focusColour;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  context.stroke();
  context.setLineDash([]);
}

import type { AnnotationSet, Shape } from "../../core/annotations/annotationSet.ts";
import { revealedText } from "../../core/format/unseenText.ts";
import { drawingOf } from "../../state/showing.ts";
import type { Drawing, WinnowState } from "../../state/state.ts";
import { classColour } from "./classColour.ts";
import { maskPixels } from "./maskPixels.ts";

/** Where an image lies on a canvas: the place of its upper left corner and its scale, in CSS pixels. */
export interface Place {
  x: number;
  y: number;
  scaleX: number;
  scaleY: number;
}

export interface DrawStyle {
  colours: Readonly<Record<string, string>>;
  lineWidth: number;
  /** Whether the class and the score stand at the box. */
  named: boolean;
  /** Longest side of a mask, in pixels. */
  maskSide: number;
  font: string;
}

const fillOpacity = 0.28;
const maskOpacity = 115;

export type Sets = Pick<WinnowState, "annotations" | "drawings">;

/** The sets that have something to draw over images. */
export const drawableSets = ({ annotations, drawings }: Sets): { set: AnnotationSet; drawing: Drawing }[] =>
  annotations
    .filter(({ boxes, shapes }) => boxes !== null || shapes !== null)
    .map((set) => ({ set, drawing: drawingOf(drawings, set.id) }))
    .filter(({ drawing }) => drawing.shown);

/** Whether there is anything to draw over an image. */
export const hasInstances = (sets: Sets, row: number): boolean =>
  drawableSets(sets).some(({ set }) => row + 1 < set.first.length && set.first[row + 1]! > set.first[row]!);

/** Draws what is said of an image: masks, outlines and points, boxes (those of predictions dashed), names last. */
export function drawInstances(
  context: CanvasRenderingContext2D,
  sets: Sets,
  row: number,
  place: Place,
  style: DrawStyle,
): void {
  const names: { text: string; x: number; y: number; colour: string }[] = [];
  for (const { set, drawing } of drawableSets(sets)) {
    const end = set.first[row + 1] ?? 0;
    for (let at = set.first[row] ?? 0; at < end; at++) {
      const id = set.classOf[at]!;
      const name = set.classes[id]!;
      const score = set.scores?.[at] ?? Number.NaN;
      if (drawing.hidden.has(name) || score < drawing.leastScore) continue;
      const colour = style.colours[classColour(id)] ?? "";
      const shape = set.shapes?.[at] ?? null;
      context.strokeStyle = colour;
      context.fillStyle = colour;
      context.lineWidth = style.lineWidth;
      if (shape) drawShape(context, shape, place, style, colour);
      const [x = 0, y = 0, width = Number.NaN, height = 0] = set.boxes?.subarray(at * 4, at * 4 + 4) ?? [];
      const left = place.x + x * place.scaleX;
      const top = place.y + y * place.scaleY;
      if (!Number.isNaN(width)) {
        context.setLineDash(set.role === "predictions" ? [style.lineWidth * 3, style.lineWidth * 2] : []);
        context.strokeRect(left, top, width * place.scaleX, height * place.scaleY);
        context.setLineDash([]);
      }
      if (!style.named) continue;
      const text = Number.isNaN(score) ? name : `${name} ${score.toFixed(2)}`;
      const [fromX, fromY] = Number.isNaN(width) && shape ? cornerOf(shape, place) : [left, top];
      names.push({ text: revealedText(text), x: fromX, y: fromY, colour });
    }
  }
  for (const name of names) drawName(context, name, style);
}

function drawShape(
  context: CanvasRenderingContext2D,
  shape: Shape,
  { x, y, scaleX, scaleY }: Place,
  { lineWidth, maskSide }: DrawStyle,
  colour: string,
): void {
  if (shape.kind === "runs") {
    context.imageSmoothingEnabled = false;
    context.drawImage(maskPicture(shape, maskSide, colour), x, y, shape.width * scaleX, shape.height * scaleY);
  } else if (shape.kind === "polygons") {
    context.beginPath();
    for (const ring of shape.rings) {
      context.moveTo(x + ring[0]! * scaleX, y + ring[1]! * scaleY);
      for (let i = 2; i + 1 < ring.length; i += 2) context.lineTo(x + ring[i]! * scaleX, y + ring[i + 1]! * scaleY);
      context.closePath();
    }
    context.globalAlpha = fillOpacity;
    context.fill("evenodd");
    context.globalAlpha = 1;
    context.stroke();
  } else {
    for (let i = 0; i + 2 < shape.points.length; i += 3) {
      if (Number.isNaN(shape.points[i])) continue;
      context.beginPath();
      context.arc(x + shape.points[i]! * scaleX, y + shape.points[i + 1]! * scaleY, lineWidth * 1.6, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** A mask in a colour, as a picture to be drawn at any size. */
function maskPicture(shape: Extract<Shape, { kind: "runs" }>, most: number, colour: string): OffscreenCanvas {
  const { width, height, inside } = maskPixels(shape, most);
  const picture = new OffscreenCanvas(width, height);
  const context = picture.getContext("2d")!;
  const pixels = context.createImageData(width, height);
  const [red, green, blue] = [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16));
  for (const [i, isInside] of inside.entries()) {
    if (isInside === 1) pixels.data.set([red!, green!, blue!, maskOpacity], i * 4);
  }
  context.putImageData(pixels, 0, 0);
  return picture;
}

/** Where the name of something without a box stands: its first point, or the corner of the image. */
function cornerOf(shape: Shape, { x, y, scaleX, scaleY }: Place): [number, number] {
  const points = shape.kind === "polygons" ? shape.rings[0] : shape.kind === "keypoints" ? shape.points : undefined;
  return [x + (points?.[0] || 0) * scaleX, y + (points?.[1] || 0) * scaleY];
}

function drawName(
  context: CanvasRenderingContext2D,
  { text, x, y, colour }: { text: string; x: number; y: number; colour: string },
  { font }: DrawStyle,
): void {
  const height = 18;
  context.font = font;
  const width = context.measureText(text).width + 10;
  const top = y >= height ? y - height : y;
  context.fillStyle = colour;
  context.fillRect(x, top, width, height);
  context.fillStyle = "#0b0e16";
  context.textBaseline = "middle";
  context.fillText(text, x + 5, top + height / 2 + 0.5);
}

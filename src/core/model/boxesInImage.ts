import { type InputSquare, letterbox } from "../image/modelInput.ts";

/**
 * Boxes of the model's square input as boxes of the image, cut at its border.
 * @returns which instances have a place in the image, and their boxes: x, y, width, height in pixels of the image
 */
export function boxesInImage(
  boxes: Float32Array,
  width: number,
  height: number,
  { size, resize = "crop" }: InputSquare,
): { at: Uint32Array; boxes: Float32Array } {
  const [left, top, perX, perY] = placeOf(width, height, size, resize);
  const at: number[] = [];
  const inside: number[] = [];
  for (let i = 0; i < boxes.length / 4; i++) {
    const x = Math.max(0, left + boxes[4 * i]! * perX);
    const y = Math.max(0, top + boxes[4 * i + 1]! * perY);
    const right = Math.min(width, left + (boxes[4 * i]! + boxes[4 * i + 2]!) * perX);
    const bottom = Math.min(height, top + (boxes[4 * i + 1]! + boxes[4 * i + 3]!) * perY);
    if (!(right > x && bottom > y)) continue;
    at.push(i);
    inside.push(x, y, right - x, bottom - y);
  }
  return { at: Uint32Array.from(at), boxes: Float32Array.from(inside) };
}

/** Where the square's corner lies in the image, and how many of its pixels one pixel of the square is. */
function placeOf(
  width: number,
  height: number,
  size: number,
  resize: NonNullable<InputSquare["resize"]>,
): [left: number, top: number, perX: number, perY: number] {
  if (resize === "squash") return [0, 0, width / size, height / size];
  if (resize === "crop") {
    const side = Math.min(width, height);
    return [Math.floor((width - side) / 2), Math.floor((height - side) / 2), side / size, side / size];
  }
  const place = letterbox(width, height, size);
  const [perX, perY] = [width / place.width, height / place.height];
  return [-place.left * perX, -place.top * perY, perX, perY];
}

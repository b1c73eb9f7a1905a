import type { RowSet } from "../../core/rowSet.ts";
import { type Camera, fittedScale, type Size } from "./camera.ts";

/** A thumbnail on the map: its middle and side in CSS pixels. */
export interface PlacedImage {
  row: number;
  x: number;
  y: number;
  side: number;
}

/** From this zoom on, compared with the whole map, images take the place of points. */
const firstZoom = 2.5;
const side = { least: 34, most: 96 };
/** More points than this in view are still a cloud. */
const mostInView = 4_000;
const mostImages = 150;

/**
 * Which images are drawn on the map: of those in view as many as do not overlap, first come first served by row, so
 * that they stay while the map is moved. None while the whole map is seen.
 * @param points x, y pairs
 */
export function placeImages(points: Float32Array, visible: RowSet | null, camera: Camera, size: Size): PlacedImage[] {
  const zoom = camera.scale / fittedScale(size);
  const count = points.length / 2;
  // A few dozen images have room at once.
  if (zoom < firstZoom && count > mostImages / 3) return [];
  const edge = Math.round(Math.max(side.least, Math.min(side.most, 20 * zoom ** 0.6)));
  const halfWidth = (size.width / 2 + edge / 2) / camera.scale;
  const halfHeight = (size.height / 2 + edge / 2) / camera.scale;
  const inView: number[] = [];
  for (let row = 0; row < count; row++) {
    if (Math.abs(points[row * 2]! - camera.x) > halfWidth || Math.abs(points[row * 2 + 1]! - camera.y) > halfHeight)
      continue;
    if (visible !== null && !visible.has(row)) continue;
    if (inView.push(row) > mostInView) return [];
  }
  const placed: PlacedImage[] = [];
  const gap = edge + 3;
  const taken = new Map<string, PlacedImage[]>();
  for (const row of inView) {
    if (placed.length === mostImages) break;
    const x = size.width / 2 + (points[row * 2]! - camera.x) * camera.scale;
    const y = size.height / 2 - (points[row * 2 + 1]! - camera.y) * camera.scale;
    const [col, line] = [Math.floor(x / gap), Math.floor(y / gap)];
    let free = true;
    for (let dx = -1; dx <= 1 && free; dx++) {
      for (let dy = -1; dy <= 1 && free; dy++) {
        const near = taken.get(`${col + dx} ${line + dy}`) ?? [];
        free = !near.some((other) => Math.abs(other.x - x) < gap && Math.abs(other.y - y) < gap);
      }
    }
    if (!free) continue;
    const image = { row, x, y, side: edge };
    placed.push(image);
    const cell = `${col} ${line}`;
    const cells = taken.get(cell);
    if (cells) cells.push(image);
    else taken.set(cell, [image]);
  }
  return placed;
}

import type { RowSet } from "../../core/rowSet.ts";
import type { Camera, Size } from "./camera.ts";

/** What is drawn. */
export interface Scene {
  /** x, y pairs in −1…1. */
  points: Float32Array;
  /** Index into `palette` by point; points past its end have the last colour. */
  categories: Uint8Array;
  /** CSS hex colours. */
  palette: readonly string[];
  /** Rows that the filter leaves, the only ones that a pointer finds; null: all. */
  visible: RowSet | null;
  marked: RowSet;
  markedColour: string;
  background: string;
}

/** Something that draws the points; rings, lasso and hover lie above it. */
export interface PointLayer {
  /** @param animate lets the points glide to their new places */
  draw(scene: Scene, animate: boolean): void;
  look(camera: Camera): void;
  resize(size: Size): void;
  close(): void;
}

/** Diameter in CSS pixels: a few hundred points are to be seen one by one, a million as a cloud. */
export const pointSize = (count: number): number => Math.max(1.5, Math.min(7, 26 / Math.max(1, count) ** 0.2));

/** Crowded points let those below shine through. */
export const pointOpacity = (count: number): number => Math.max(0.25, Math.min(0.9, 6 / Math.max(1, count) ** 0.28));

import type { MarkMode } from "../../state/actions.ts";
import { aroundRows, type Camera, fitted, panned, resized, type Size, toLayout, toScreen, zoomed } from "./camera.ts";
import { CanvasPoints } from "./canvasPoints.ts";
import { nearestPoint, pointsInPolygon } from "./hitTest.ts";
import { type PlacedImage, placeImages } from "./imagePlaces.ts";
import { paintOverlay } from "./overlay.ts";
import type { PointLayer, Scene } from "./pointLayer.ts";

/** What the map shows besides the points. */
export interface MapScene extends Scene {
  ringed: Iterable<number>;
  ringColour: string;
  focused: number;
  focusColour: string;
  /** Segments x0, y0, x1, y1 in layout units by level, lowest first. */
  contours: readonly Float32Array[];
  contourColour: string;
  /** Thumbnails are drawn where there is room for them. */
  showImages: boolean;
}

export interface MapEvents {
  mark(rows: Uint32Array, mode: MarkMode): void;
  focus(row: number): void;
  open(row: number): void;
  /** The point under the pointer, with its place in the panel; null when there is none. */
  hover(at: { row: number; x: number; y: number; size: Size } | null): void;
  lassoEnded(): void;
  /** How the points are drawn: a sentence to show when it is not with WebGL. */
  drawnBy(note: string | null): void;
  /** Thumbnails to draw have changed. */
  placed(images: readonly PlacedImage[]): void;
}

/** How near a pointer must come to a point, in CSS pixels; a finger is thicker. */
const reach = { mouse: 8, touch: 18 };
/** A press that moves less is a click. */
const clickMoves = 4;

type Gesture =
  | { kind: "press"; x: number; y: number; moved: boolean }
  | { kind: "lasso"; corners: [number, number][]; mode: MarkMode };

/** The map in a panel: layers, camera, pointer and keyboard. Without React, so that drawing waits for nothing. */
export class MapView {
  private readonly pointCanvas = document.createElement("canvas");
  private readonly overlay = document.createElement("canvas");
  private layer: PointLayer | null = null;
  private scene: MapScene | null = null;
  private size: Size;
  private camera: Camera;
  private gesture: Gesture | null = null;
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private hovered = -1;
  private frame = 0;
  private closed = false;
  private placedCount = 0;
  private readonly observer: ResizeObserver;
  /** While true, a drag draws a lasso. */
  lassoActive = false;
  /** What a lasso does without Shift or Alt. */
  lassoMode: MarkMode = "replace";

  constructor(
    private readonly panel: HTMLElement,
    private readonly events: MapEvents,
    /** Where WebGL is switched off, for tests and for machines that draw it wrongly. */
    private readonly withoutGl = false,
  ) {
    this.size = sizeOf(panel);
    this.camera = fitted(this.size);
    this.pointCanvas.className = "map-points";
    this.overlay.className = "map-overlay";
    panel.append(this.pointCanvas, this.overlay);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(panel);
    this.listen();
    this.resize();
    void this.startLayer();
  }

  show(scene: MapScene): void {
    const before = this.scene;
    this.scene = scene;
    const same = ["points", "categories", "palette", "marked", "background", "markedColour"] as const;
    if (before === null || same.some((key) => before[key] !== scene[key])) {
      const moved = before !== null && before.points !== scene.points;
      this.layer?.draw(scene, moved && !matchMedia("(prefers-reduced-motion: reduce)").matches);
    }
    this.schedule();
  }

  zoomBy(factor: number): void {
    this.look(zoomed(this.camera, this.size, factor, this.size.width / 2, this.size.height / 2));
  }

  fit(): void {
    this.look(fitted(this.size));
  }

  /** Shows these rows as large as they fit; nothing happens without any. */
  zoomTo(rows: Iterable<number>): void {
    if (this.scene) this.look(aroundRows(this.scene.points, rows, this.size) ?? this.camera);
  }

  close(): void {
    this.closed = true;
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.layer?.close();
    this.pointCanvas.remove();
    this.overlay.remove();
  }

  private async startLayer(): Promise<void> {
    try {
      if (this.withoutGl) throw new Error("WebGL is switched off");
      const { GlPoints } = await import("./glPoints.ts");
      if (this.closed) return;
      const layer = new GlPoints(this.pointCanvas, this.size, () => this.fallBack("WebGL was lost"));
      this.layer = layer;
      this.events.drawnBy(null);
    } catch (error) {
      if (this.closed) return;
      console.warn("The map is drawn without WebGL:", error);
      this.fallBack("WebGL is not available here");
      return;
    }
    this.layer.look(this.camera);
    if (this.scene) this.layer.draw(this.scene, false);
  }

  private fallBack(reason: string): void {
    this.layer?.close();
    // A canvas that once had a WebGL context can never have a 2-D one.
    const fresh = document.createElement("canvas");
    fresh.className = "map-points";
    this.panel.querySelector(".map-points")?.replaceWith(fresh);
    this.layer = new CanvasPoints(fresh, this.size);
    this.layer.look(this.camera);
    if (this.scene) this.layer.draw(this.scene, false);
    this.events.drawnBy(`${reason}; the map is drawn more slowly.`);
  }

  private resize(): void {
    const size = sizeOf(this.panel);
    if (size.width === 0 || size.height === 0) return;
    this.camera = resized(this.camera, this.size, size);
    this.size = size;
    this.overlay.width = Math.round(size.width * devicePixelRatio);
    this.overlay.height = Math.round(size.height * devicePixelRatio);
    this.layer?.resize(size);
    this.look(this.camera);
  }

  private look(camera: Camera): void {
    this.camera = camera;
    this.layer?.look(camera);
    this.schedule();
  }

  private schedule(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      if (this.scene === null) return;
      const lasso = this.gesture?.kind === "lasso" ? this.gesture.corners : [];
      paintOverlay(this.overlay, this.camera, { ...this.scene, hovered: this.hovered, lasso, size: this.size });
      this.placeImagesInView();
    });
  }

  private placeImagesInView(): void {
    const { scene, camera, size } = this;
    const images = scene?.showImages ? placeImages(scene.points, scene.visible, camera, size) : [];
    if (images.length + this.placedCount > 0) this.events.placed(images);
    this.placedCount = images.length;
  }

  private listen(): void {
    const { overlay } = this;
    overlay.addEventListener("pointerdown", (event) => this.press(event));
    overlay.addEventListener("pointermove", (event) => this.move(event));
    overlay.addEventListener("pointerup", (event) => this.release(event));
    overlay.addEventListener("pointercancel", (event) => this.drop(event));
    overlay.addEventListener("pointerleave", () => this.hover(-1));
    overlay.addEventListener("dblclick", (event) => {
      const row = this.rowAt(event, "mouse");
      if (row >= 0) this.events.open(row);
    });
    overlay.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const { x, y } = this.place(event);
        this.look(zoomed(this.camera, this.size, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), x, y));
      },
      { passive: false },
    );
    this.panel.addEventListener("keydown", (event) => this.key(event));
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { x, y } = this.place(event);
    this.overlay.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x, y });
    if (this.pointers.size > 1) this.gesture = { kind: "press", x, y, moved: true };
    else if (this.lassoActive || event.shiftKey) {
      this.gesture = { kind: "lasso", corners: [[x, y]], mode: modeOf(event, this.lassoMode) };
    } else this.gesture = { kind: "press", x, y, moved: false };
    this.hover(-1);
  }

  private move(event: PointerEvent): void {
    const { x, y } = this.place(event);
    const last = this.pointers.get(event.pointerId);
    if (this.gesture === null || last === undefined) {
      this.hover(this.rowAt(event, event.pointerType));
      return;
    }
    if (this.gesture.kind === "lasso") {
      this.gesture.corners.push([x, y]);
      this.schedule();
    } else if (this.pointers.size === 2) this.pinch(event.pointerId, x, y);
    else {
      this.gesture.moved ||= Math.hypot(x - this.gesture.x, y - this.gesture.y) > clickMoves;
      if (this.gesture.moved) this.look(panned(this.camera, x - last.x, y - last.y));
    }
    this.pointers.set(event.pointerId, { x, y });
  }

  /** Two fingers: zoom by the change of their distance, pan by the change of their middle. */
  private pinch(id: number, x: number, y: number): void {
    const [other] = [...this.pointers].filter(([pointer]) => pointer !== id).map(([, place]) => place);
    const last = this.pointers.get(id);
    if (!other || !last) return;
    const factor = Math.hypot(x - other.x, y - other.y) / Math.max(1, Math.hypot(last.x - other.x, last.y - other.y));
    const zoomedIn = zoomed(this.camera, this.size, factor, (x + other.x) / 2, (y + other.y) / 2);
    this.look(panned(zoomedIn, (x - last.x) / 2, (y - last.y) / 2));
  }

  private release(event: PointerEvent): void {
    const { gesture } = this;
    this.drop(event);
    if (gesture?.kind === "lasso") this.finishLasso(gesture.corners, gesture.mode);
    else if (gesture && !gesture.moved) this.click(event);
  }

  private drop(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.gesture = null;
    this.schedule();
  }

  private finishLasso(corners: [number, number][], mode: MarkMode): void {
    this.schedule();
    if (this.scene && corners.length > 2) {
      const polygon = corners.map(([x, y]) => toLayout(this.camera, this.size, x, y));
      this.events.mark(pointsInPolygon(this.scene.points, polygon, this.scene.visible), mode);
    }
    if (this.lassoActive) this.events.lassoEnded();
  }

  private click(event: PointerEvent): void {
    const row = this.rowAt(event, event.pointerType);
    if (row < 0) return;
    this.events.focus(row);
    this.events.mark(Uint32Array.of(row), event.ctrlKey || event.metaKey ? "toggle" : "replace");
  }

  private key(event: KeyboardEvent): void {
    const step = 60;
    const steps: Record<string, () => void> = {
      "+": () => this.zoomBy(1.4),
      "=": () => this.zoomBy(1.4),
      "-": () => this.zoomBy(1 / 1.4),
      "0": () => this.fit(),
      z: () => this.zoomTo(this.scene?.marked.rows ?? []),
      ArrowLeft: () => this.look(panned(this.camera, step, 0)),
      ArrowRight: () => this.look(panned(this.camera, -step, 0)),
      ArrowUp: () => this.look(panned(this.camera, 0, step)),
      ArrowDown: () => this.look(panned(this.camera, 0, -step)),
      Enter: () => {
        if (this.scene && this.scene.focused >= 0) this.events.open(this.scene.focused);
      },
    };
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.key];
    if (run === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  }

  private hover(row: number): void {
    if (row === this.hovered) return;
    this.hovered = row;
    this.schedule();
    this.overlay.classList.toggle("over-point", row >= 0);
    if (row < 0 || this.scene === null) {
      this.events.hover(null);
      return;
    }
    const { points } = this.scene;
    const [x, y] = toScreen(this.camera, this.size, points[row * 2]!, points[row * 2 + 1]!);
    this.events.hover({ row, x, y, size: this.size });
  }

  private rowAt(event: MouseEvent, pointer: string): number {
    if (this.scene === null) return -1;
    const { x, y } = this.place(event);
    const [px, py] = toLayout(this.camera, this.size, x, y);
    return nearestPoint(
      this.scene.points,
      px,
      py,
      (pointer === "touch" ? reach.touch : reach.mouse) / this.camera.scale,
      this.scene.visible,
    );
  }

  private place(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.overlay.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

const sizeOf = (element: HTMLElement): Size => ({ width: element.clientWidth, height: element.clientHeight });

const modeOf = ({ shiftKey, altKey }: PointerEvent, otherwise: MarkMode): MarkMode =>
  altKey ? "subtract" : shiftKey ? "add" : otherwise;

import createRegl from "regl";
import createScatterplot, { createRenderer } from "regl-scatterplot";
import { type Camera, fitted, type Size } from "./camera.ts";
import { type PointLayer, pointOpacity, pointSize, type Scene } from "./pointLayer.ts";
import { reglCode } from "./reglCode.js";

/** What regl-scatterplot draws with where it is to be had. */
const extensions = ["OES_texture_float", "OES_element_index_uint", "WEBGL_color_buffer_float", "EXT_float_blend"];
const glideMs = 500;
/**
 * A k-d tree of nothing, in kdbush's format: magic, version 1 of f64, nodes of 16, no items. Points are found by our own
 * grid; without this regl-scatterplot would build its tree with every drawing, in a second for a million points.
 */
const noSpatialIndex = Uint8Array.of(0xdb, 0x18, 16, 0, 0, 0, 0, 0).buffer;

type Regl = ReturnType<typeof createRegl> & { getCachedCode(): Record<string, unknown> };

/**
 * The points by regl-scatterplot. It only draws: pointer and keyboard are ours, so that they are the same without
 * WebGL. regl writes its draw functions as program text, which the page's policy forbids to run; `reglCode.ts` has
 * them written beforehand.
 * @throws when WebGL is missing, or when this GPU asks for a draw function that was not written beforehand
 */
export class GlPoints implements PointLayer {
  private readonly regl: Regl;
  private readonly renderer: ReturnType<typeof createRenderer>;
  private readonly plot: ReturnType<typeof createScatterplot>;
  private size: Size;
  private drawn: Scene | null = null;
  private waiting: { scene: Scene; animate: boolean } | null = null;
  private drawing: Promise<void> | null = null;
  private closed = false;

  constructor(canvas: HTMLCanvasElement, size: Size, onLost: () => void) {
    this.size = size;
    const gl = document.createElement("canvas").getContext("webgl", { antialias: true, preserveDrawingBuffer: true });
    if (gl === null) throw new Error("WebGL is missing");
    gl.canvas.addEventListener("webglcontextlost", () => {
      if (!this.closed) onLost();
    });
    this.regl = createRegl({
      gl,
      extensions: extensions.filter((name) => gl.getExtension(name) !== null),
      cachedCode: { ...reglCode },
    } as Parameters<typeof createRegl>[0]) as Regl;
    this.renderer = createRenderer({ regl: this.regl, canvas: gl.canvas as HTMLCanvasElement });
    this.renderer.resize(size.width, size.height);
    this.plot = createScatterplot({
      renderer: this.renderer,
      canvas,
      ...size,
      aspectRatio: 1,
      cameraIsFixed: true,
      deselectOnDblClick: false,
      deselectOnEscape: false,
      lassoInitiator: false,
      lassoOnLongPress: false,
      showReticle: false,
      pointSizeSelected: 2,
      pointOutlineWidth: 0,
      opacityInactiveMax: 1,
      opacityInactiveScale: 1,
    });
    this.look(fitted(size));
  }

  /** The draw functions made so far, by hash: what `tools/regl-code.mjs` writes down. */
  get drawFunctions(): Record<string, unknown> {
    return this.regl.getCachedCode();
  }

  draw(scene: Scene, animate: boolean): void {
    // regl-scatterplot drops a draw that comes while another is under way, so only the latest waits for its turn.
    this.waiting = { scene, animate };
    this.drawing ??= this.drawWaiting().finally(() => {
      this.drawing = null;
    });
  }

  look({ x, y, scale }: Camera): void {
    // regl-scatterplot's own unit is half the height.
    const k = scale / (this.size.height / 2);
    this.plot.set({ cameraView: Float32Array.of(k, 0, 0, 0, 0, k, 0, 0, 0, 0, 1, 0, -x * k, -y * k, 0, 1) });
  }

  resize(size: Size): void {
    this.size = size;
    this.renderer.resize(size.width, size.height);
    this.plot.set({ ...size });
  }

  close(): void {
    this.closed = true;
    this.plot.destroy();
    this.renderer.destroy();
  }

  private async drawWaiting(): Promise<void> {
    while (this.waiting !== null && !this.closed) {
      // Drawing may take long without a GPU: counts and gallery, which change with it, are painted before.
      await afterPaint();
      if (this.waiting === null || this.closed) return;
      const { scene, animate } = this.waiting;
      this.waiting = null;
      if (!this.isDrawn(scene)) await this.redraw(scene, animate);
      if (this.closed) return;
      const rows = scene.marked.rows.filter((row) => row < scene.points.length / 2);
      if (rows.length > 0) this.plot.select(Array.from(rows), { preventEvent: true });
      else this.plot.deselect({ preventEvent: true });
    }
  }

  /** Whether what is drawn differs in nothing but the marks. */
  private isDrawn(scene: Scene): boolean {
    const same = ["points", "categories", "palette", "background", "markedColour"] as const;
    return same.every((key) => this.drawn?.[key] === scene[key]);
  }

  private async redraw(scene: Scene, animate: boolean): Promise<void> {
    const { points, categories, palette, markedColour, background } = scene;
    const count = points.length / 2;
    this.plot.set({
      backgroundColor: sixDigits(background),
      colorBy: "valueA",
      pointColor: palette.map(sixDigits),
      pointColorActive: sixDigits(markedColour),
      pointColorHover: sixDigits(markedColour),
      pointSize: pointSize(count),
      opacity: pointOpacity(count),
    });
    const last = palette.length - 1;
    const x = new Float32Array(count);
    const y = new Float32Array(count);
    const category = new Float32Array(count);
    for (let row = 0; row < count; row++) {
      x[row] = points[row * 2]!;
      y[row] = points[row * 2 + 1]!;
      category[row] = Math.min(last, categories[row] ?? last);
    }
    const before = this.drawn?.points;
    const glide = animate && before?.length === points.length && before !== points;
    this.drawn = scene;
    await this.plot.draw({ x, y, z: category } as unknown as Parameters<typeof this.plot.draw>[0], {
      zDataType: "categorical",
      spatialIndex: noSpatialIndex,
      ...(glide && { transition: true, transitionDuration: glideMs }),
    });
  }
}

/** Resolves once the next frame is on the screen, or soon where no frames are drawn. */
const afterPaint = (): Promise<void> =>
  new Promise((resolve) => {
    const patience = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(patience);
      setTimeout(resolve);
    });
  });

/** regl-scatterplot draws `#e7d` white, and style sheets are minified to such. */
const sixDigits = (hex: string): string =>
  hex.length === 4 ? `#${[...hex.slice(1)].map((d) => d + d).join("")}` : hex;

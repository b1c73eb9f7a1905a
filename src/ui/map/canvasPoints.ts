import { type Camera, fitted, type Size, toScreen } from "./camera.ts";
import { type PointLayer, pointOpacity, pointSize, type Scene } from "./pointLayer.ts";

/** The points on a plain 2-D canvas, where WebGL is missing: slower, never blank. */
export class CanvasPoints implements PointLayer {
  private scene: Scene | null = null;
  private camera: Camera;
  private frame = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private size: Size,
  ) {
    this.camera = fitted(size);
    this.resize(size);
  }

  draw(scene: Scene): void {
    this.scene = scene;
    this.schedule();
  }

  look(camera: Camera): void {
    this.camera = camera;
    this.schedule();
  }

  resize(size: Size): void {
    this.size = size;
    this.canvas.width = Math.round(size.width * devicePixelRatio);
    this.canvas.height = Math.round(size.height * devicePixelRatio);
    this.schedule();
  }

  close(): void {
    cancelAnimationFrame(this.frame);
  }

  private schedule(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    const context = this.canvas.getContext("2d");
    if (context === null) return;
    const { width, height } = this.size;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (this.scene === null) return;
    const { points, categories, palette, marked, markedColour } = this.scene;
    const count = points.length / 2;
    const radius = pointSize(count) / 2;
    const last = palette.length - 1;
    for (let category = 0; category <= palette.length; category++) {
      const isMarked = category === palette.length;
      context.fillStyle = isMarked ? markedColour : palette[category]!;
      context.globalAlpha = isMarked ? 1 : pointOpacity(count);
      context.beginPath();
      for (let row = 0; row < count; row++) {
        if (isMarked !== marked.has(row) || (!isMarked && Math.min(last, categories[row] ?? last) !== category))
          continue;
        const [x, y] = toScreen(this.camera, this.size, points[row * 2]!, points[row * 2 + 1]!);
        if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
      context.fill();
    }
    context.globalAlpha = 1;
  }
}

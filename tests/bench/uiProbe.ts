/** Runs in the page that is measured: reads what is shown, as a person would see it, and counts frames. */

const texts = {
  countText: () => document.querySelector('[aria-label="Image count"]')?.textContent ?? "",
  marksText: () => document.querySelector(".marks-count")?.textContent ?? "",
  tagsText: () => document.querySelector(".tag-lines")?.textContent ?? "",
};

let quietSince = performance.now();
let measured: Promise<number> = Promise.resolve(Number.NaN);

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
const numberOf = (text: string): number => Number(/[\d,]+/.exec(text)?.[0].replaceAll(",", "") ?? Number.NaN);

export const imagesListed = (): number => numberOf(texts.countText());
export const marked = (): number => numberOf(texts.marksText());
export const heapBytes = (): number =>
  (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? Number.NaN;

/** From now on: what follows may begin a moment later. */
export function startQuiet(): void {
  quietSince = performance.now();
}

/** How long no job has been running. */
export function quietMs(): number {
  if (document.querySelector(".job-running")) quietSince = performance.now();
  return performance.now() - quietSince;
}

let gallerySince = Number.NaN;
/** When the first images were painted, with the count of all: milliseconds since the page's start. */
export const galleryMs = (): number => gallerySince;

const jobs = new Map<string, { from: number; to: number; reports: Set<string> }>();

/** From now on, notes when each job is seen running, and how often it says something else. */
export function watchJobs(): void {
  jobs.clear();
  setInterval(() => {
    if (Number.isNaN(gallerySince) && paintedImages()) gallerySince = performance.now();
    for (const line of document.querySelectorAll(".job-running")) {
      const name = line.querySelector(".job-name")?.textContent ?? "";
      const now = performance.now();
      const seen = jobs.get(name) ?? { from: now, to: now, reports: new Set() };
      seen.to = now;
      seen.reports.add(line.querySelector(".job-text")?.textContent ?? "");
      jobs.set(name, seen);
    }
  }, 50);
}

/** By name how long a job was seen running, in milliseconds, and how many states of it were shown. */
export const jobsSeen = (): Record<string, { ms: number; reports: number }> =>
  Object.fromEntries(
    [...jobs].map(([name, { from, to, reports }]) => [name, { ms: to - from, reports: reports.size }]),
  );

/** Bytes of this page and its workers, by kind, as the browser counts them. */
export async function memory(): Promise<{ bytes: number; breakdown: { bytes: number; types: string[] }[] }> {
  return await (
    performance as unknown as { measureUserAgentSpecificMemory(): ReturnType<typeof memory> }
  ).measureUserAgentSpecificMemory();
}

function paintedImages(): boolean {
  const images = [...document.querySelectorAll<HTMLImageElement>('[aria-label="Images"] img')];
  return imagesListed() > 0 && images.length > 10 && images.every((image) => image.complete && image.naturalWidth > 0);
}

/** Whether all images are listed, the first ones painted, and the map is there. */
export function opened(rows: number): boolean {
  return imagesListed() === rows && paintedImages() && document.querySelector(".map-points") !== null;
}

/** From the next event of a kind on, measures until a text has changed and the frame after has been painted. */
export function arm(event: string, text: keyof typeof texts): void {
  const before = texts[text]();
  measured = new Promise((resolve) => {
    addEventListener(
      event,
      async () => {
        const start = performance.now();
        while (texts[text]() === before) await nextFrame();
        // This frame is being made; what is posted now comes when it has been painted. The next frame may be late: the map
        // is drawn anew before it, which takes a second for a million points without a GPU.
        await new Promise((done) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = done;
          port2.postMessage(0);
        });
        resolve(performance.now() - start);
      },
      { capture: true, once: true },
    );
  });
}

export const painted = (): Promise<number> => measured;

/** Scrolls the gallery by half a screen a frame and looks at every frame for cells without an image. */
export async function scrollGallery(ms: number): Promise<{ scroll_fps: number; longest_blank_ms: number }> {
  const grid = document.querySelector<HTMLElement>('[role="grid"][aria-label="Images"]');
  if (grid === null) throw new Error("there is no gallery");
  const blankSince = new Map<string, number>();
  let longest = 0;
  let frames = 0;
  const start = await nextFrame();
  let now = start;
  while (now - start < ms) {
    grid.scrollTop += 120;
    now = await nextFrame();
    frames++;
    const { top, bottom } = grid.getBoundingClientRect();
    const seen = new Set<string>();
    for (const cell of grid.querySelectorAll<HTMLElement>("[data-row]")) {
      const box = cell.getBoundingClientRect();
      const image = cell.querySelector("img");
      if (box.bottom < top || box.top > bottom || (image?.complete && image.naturalWidth > 0)) continue;
      const row = cell.dataset.row ?? "";
      seen.add(row);
      if (!blankSince.has(row)) blankSince.set(row, now);
      longest = Math.max(longest, now - blankSince.get(row)!);
    }
    for (const row of blankSince.keys()) if (!seen.has(row)) blankSince.delete(row);
  }
  return { scroll_fps: (frames * 1_000) / (now - start), longest_blank_ms: longest };
}

export async function frameRate(ms: number): Promise<number> {
  const start = await nextFrame();
  let now = start;
  let frames = 0;
  while (now - start < ms) {
    now = await nextFrame();
    frames++;
  }
  return (frames * 1_000) / (now - start);
}

/** “ANGLE (…)”, or why there is none. */
export function glRenderer(): string {
  const gl = document.createElement("canvas").getContext("webgl");
  if (gl === null) return "no WebGL";
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "unknown";
}

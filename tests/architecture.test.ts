import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** ARCHITECTURE.md, “Which way imports point”. */
const ranks: Record<string, number> = {
  "src/kernels": -1,
  "src/core": 0,
  "src/protocol": 1,
  "src/sources": 2,
  "src/decode": 2,
  "src/embed": 2,
  "src/store": 2,
  "src/export": 2,
  models: 2,
  workers: 3,
  "src/bridge": 3,
  "src/pipeline": 4,
  "src/state": 5,
  "src/ui": 6,
  src: 7,
  "src/cli": 7,
};

const placeOf = (file: string): string => {
  const [first = "", second = ""] = file.split("/");
  return first === "src" && `src/${second}` in ranks ? `src/${second}` : first;
};

interface Import {
  to: string;
  /** `new URL(…)`: reached, not imported. */
  byUrl: boolean;
}

/** Imports of a source text: static, dynamic, of types, and worker entries by URL. */
function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/.*$/gm, "$1");
  const found: Import[] = [];
  for (const [, to] of code.matchAll(/(?:^|[\s;}])(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']/g)) {
    found.push({ to: to!, byUrl: false });
  }
  for (const [, to] of code.matchAll(/(?:^|\s)import\s*["']([^"']+)["']/g)) found.push({ to: to!, byUrl: false });
  for (const [, to] of code.matchAll(/\bimport\(\s*["']([^"']+)["']/g)) found.push({ to: to!, byUrl: false });
  for (const [, to] of code.matchAll(/new URL\(\s*["']([^"']+)["'],\s*import\.meta\.url/g)) {
    found.push({ to: to!, byUrl: true });
  }
  return found;
}

const generated = "src/ui/map/reglCode.js";
const files = ["src", "workers", "models"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name.replaceAll("\\", "/")}`,
    ),
  )
  .filter((name) => /\.(ts|tsx|css)$/.test(name) && !name.includes("/assembly/") && name !== generated);
const sources = files.filter((name) => !name.endsWith(".css"));
const textOf = new Map(files.map((name) => [name, readFileSync(join(root, name), "utf8")]));

/** Imports of a file that point into the project, as paths from its root. */
const inside = (file: string): { to: string; byUrl: boolean }[] =>
  importsOf(textOf.get(file)!)
    .filter(({ to }) => to.startsWith("."))
    .map(({ to, byUrl }) => ({ to: relative(root, resolve(root, dirname(file), to)).replaceAll("\\", "/"), byUrl }));

describe("architecture", () => {
  it("reads imports", () => {
    const text = `
      import a, { b } from "./a.ts"; import type { C } from './c.ts';
      export { d } from "../d.ts"; import "./e.css"; // import x from "./no.ts"
      /* import y from "./no.ts" */ const f = await import("./f.ts");
      new Worker(new URL("../w.ts", import.meta.url)); const s = "from nowhere";
    `;
    expect(importsOf(text).map(({ to }) => to)).toEqual([
      "./a.ts",
      "./c.ts",
      "../d.ts",
      "./e.css",
      "./f.ts",
      "../w.ts",
    ]);
  });

  it("imports point from higher to lower ranks", () => {
    const wrong: string[] = [];
    for (const file of sources) {
      const from = placeOf(file);
      for (const { to, byUrl } of inside(file)) {
        const target = placeOf(to);
        if (target === from || to === "package.json") continue;
        const worker = byUrl && from === "src/bridge" && target === "workers";
        if (!worker && !((ranks[target] ?? 9) < (ranks[from] ?? -2))) wrong.push(`${file} → ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("state uses pipeline and core, screens use state and core", () => {
    const allowed: Record<string, string[]> = {
      "src/state": ["src/state", "src/pipeline", "src/core"],
      "src/ui": ["src/ui", "src/state", "src/core"],
    };
    const wrong = sources.flatMap((file) =>
      inside(file)
        .filter(({ to }) => allowed[placeOf(file)] !== undefined && !allowed[placeOf(file)]!.includes(placeOf(to)))
        .map(({ to }) => `${file} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has no import cycles", () => {
    const state = new Map<string, "open" | "done">();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (state.get(file) === "done" || !textOf.has(file)) return;
      if (state.get(file) === "open") {
        cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
        return;
      }
      state.set(file, "open");
      for (const { to, byUrl } of inside(file)) if (!byUrl) visit(to, [...path, file]);
      state.set(file, "done");
    };
    for (const file of sources) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("keeps single doors: workers by bridge, umap-js by core/reduce", () => {
    const spawns = sources.filter((file) => /new Worker\(/.test(textOf.get(file)!));
    // The page's workers, and the threads that the kernels run on.
    expect(spawns).toEqual(["src/bridge/workers.ts", "src/cli/nodeKernels.ts", "workers/kernels.ts"]);
    const umap = sources.filter((file) => importsOf(textOf.get(file)!).some(({ to }) => to === "umap-js"));
    expect(umap.every((file) => file.startsWith("src/core/reduce/"))).toBe(true);
  });

  it("core has no clock and no unseeded randomness", () => {
    const pure = sources.filter((file) => ["src/core", "src/kernels"].includes(placeOf(file)));
    expect(
      pure.filter((file) => /Math\.random|Date\.now|performance\.now|new Date\(\)/.test(textOf.get(file)!)),
    ).toEqual([]);
  });

  it("has no long files and no drawers", () => {
    const long = files.filter((name) => textOf.get(name)!.split("\n").length > 401);
    expect(long).toEqual([]);
    expect(files.filter((name) => /(^|\/)(utils?|misc|helpers?|common)\b/i.test(name))).toEqual([]);
  });
});

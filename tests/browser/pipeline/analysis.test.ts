import { afterEach, expect, it } from "vitest";
import { encodeFloat16 } from "../../../src/core/float16.ts";
import { defaultHead } from "../../../src/core/linalg/head.ts";
import { Random } from "../../../src/core/random.ts";
import { Analyst, type PartialSelection, type PicksSoFar } from "../../../src/pipeline/analyst.ts";
import { Catalogue } from "../../../src/store/catalogue.ts";
import { ProjectStore } from "../../../src/store/projectStore.ts";
import { imageRecord, projectInfo } from "../../fixtures/records.ts";

const id = `analysis-${crypto.randomUUID()}`;
const cols = 24;
const nothing = (): void => undefined;
const supervision = { signal: new AbortController().signal, progress: nothing };

afterEach(async () => {
  await (await Catalogue.open()).delete(id);
});

/** Rows of four clusters. */
async function append(store: ProjectStore, firstRow: number, rows: number): Promise<void> {
  const random = new Random(firstRow + 1);
  const centres = new Random(99);
  const centre = Float32Array.from({ length: 4 * cols }, () => 1 + centres.float());
  const values = Float32Array.from(
    { length: rows * cols },
    (_, i) => centre[(Math.floor(i / cols) % 4) * cols + (i % cols)]! + 0.1 * random.float(),
  );
  const records = Array.from({ length: rows }, (_, i) => imageRecord(firstRow + i));
  await store.append(
    { firstRow, records, features: { rows, cols, data: encodeFloat16(values) }, thumbnails: records.map(() => null) },
    0,
  );
}

async function createdStore(): Promise<ProjectStore> {
  const store = await ProjectStore.open(id);
  await store.create(projectInfo(id));
  return store;
}

it("a selection tells its picks as it goes, and gives all that it has when it is cancelled", async () => {
  const store = await createdStore();
  await append(store, 0, 6_000);
  const analysis = new Analyst(id);
  await analysis.adapt({ ...defaultHead, dim: 8 }, supervision);
  const embeddings = { type: "EMBEDDINGS" as const };
  const request = {
    // A negative strength needs the full scan: long enough to be interrupted.
    config: {
      nSamples: 6_000,
      strategies: [{ input: embeddings, strategy: { type: "DIVERSITY" as const, strength: -1 } }],
    },
    alreadyChosen: Uint32Array.of(7),
    among: null,
    beyond: 20,
    seed: 1,
    fields: [],
    sets: [],
    annotations: [],
    objects: [],
    tags: new Map(),
    paths: [],
  };
  const abort = new AbortController();
  const looks: PicksSoFar[] = [];
  const broken: PartialSelection[] = [];
  const cut = analysis.select(
    request,
    {
      look: (soFar) => {
        looks.push(soFar);
        if (soFar.rows.length >= 20) abort.abort();
      },
      broken: (picks) => broken.push(picks),
    },
    { signal: abort.signal, progress: nothing },
  );
  await expect(cut).rejects.toMatchObject({ code: "cancelled" });
  const [partial] = broken;
  const count = partial!.rows.length;
  expect(count).toBeGreaterThanOrEqual(looks.at(-1)!.rows.length);
  expect(count).toBeLessThan(5_999);
  expect(
    [partial!.radii, partial!.means, partial!.randomRadii, partial!.nearestChosen].map((all) => all.length),
  ).toEqual([count, count, count, count]);
  // The same from the beginning gives the same.
  const look = { look: nothing, broken: nothing };
  const short = { ...request, config: { ...request.config, nSamples: count } };
  const whole = await analysis.select(short, look, supervision);
  expect(partial!.rows).toEqual(whole.rows);
  expect(partial!.factors).toEqual(whole.factors);
  expect(partial!.radii).toEqual(whole.radii);
  expect(partial!.nearestChosen).toEqual(whole.nearestChosen);
  expect(whole.next).toHaveLength(20);
  analysis.close();
  store.close();
});

it("new images join the embedding and the maps; nothing that was there moves", async () => {
  const store = await createdStore();
  // Chunks that do not end where the new images begin.
  await append(store, 0, 150);
  await append(store, 150, 50);
  const analysis = new Analyst(id);
  expect(await analysis.adapt({ ...defaultHead, dim: 8 }, supervision)).toMatchObject({ rows: 200, fittedTotal: 200 });
  const before = await analysis.embeddings();
  const map = await analysis.computeMap({ method: "UMAP", seed: 1 }, nothing, supervision);

  await append(store, 200, 12);
  const after = await analysis.extend(supervision);
  expect(after).toMatchObject({ rows: 212, fittedTotal: 200 });
  const embeddings = await analysis.embeddings();
  expect(embeddings.data.slice(0, before.data.length)).toEqual(before.data);
  const extended = (await analysis.storedMap("UMAP"))!;
  expect(extended.xy).toHaveLength(424);
  expect(extended.xy.slice(0, 400)).toEqual(map.xy);
  // Each new image lies among its cluster: the nearest old point is one of the same.
  for (let row = 200; row < 212; row++) {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < 200; other++) {
      const d = Math.hypot(
        extended.xy[2 * row]! - extended.xy[2 * other]!,
        extended.xy[2 * row + 1]! - extended.xy[2 * other + 1]!,
      );
      if (d < least) [least, nearest] = [d, other];
    }
    const clusterOf = (at: number): number => (at < 150 ? at % 4 : at < 200 ? (at - 150) % 4 : (at - 200) % 4);
    expect(clusterOf(nearest), `row ${row}`).toBe(clusterOf(row));
  }

  // A second visit finds the same.
  analysis.close();
  const again = new Analyst(id);
  expect(await again.current()).toMatchObject({ rows: 212, fittedTotal: 200 });
  expect((await again.storedMap("UMAP"))!.xy).toEqual(extended.xy);
  again.close();
  store.close();
});

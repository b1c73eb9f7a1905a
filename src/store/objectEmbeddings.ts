import { decodeFloat16 } from "../core/float16.ts";
import type { Embedding } from "../core/linalg/adapt.ts";
import { applyHead } from "../core/linalg/head.ts";
import { matrix } from "../core/matrix.ts";
import { KnownObjects } from "../core/objects/objectPart.ts";
import { type ObjectPoints, objectPoints } from "../core/objects/objectPoints.ts";
import type { Drive } from "../core/task.ts";
import type { Kernels } from "../kernels/load.ts";
import type { ObjectSetBoxes } from "../protocol/analysing.ts";
import type { DerivedValues } from "./derived.ts";
import { ObjectStore } from "./objectStore.ts";

interface Embedded {
  known: KnownObjects;
  parts: { embeddings: Float32Array }[];
}

/** Embeddings of objects under one head: read when they are first asked for, and what has come since after that. */
export class ObjectEmbeddings {
  private headHash = "";
  private readonly sets = new Map<string, Embedded>();
  /** Two that read at the same time would take one part for another. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly kernels: Promise<Kernels>) {}

  /** The objects of a set, as points of the space that an embedding is of. Calls wait for each other. */
  points(
    space: DerivedValues & { id: string },
    embedding: Embedding,
    set: ObjectSetBoxes,
    run: Drive,
  ): Promise<ObjectPoints> {
    const mine = this.turn.then(() => this.read(space, embedding, set, run));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async read(
    space: DerivedValues & { id: string },
    { head, embeddings }: Embedding,
    set: ObjectSetBoxes,
    run: Drive,
  ): Promise<ObjectPoints> {
    const under = `${space.id}/${head.hash}`;
    if (this.headHash !== under) this.sets.clear();
    this.headHash = under;
    const own = this.sets.get(set.id) ?? { known: new KnownObjects(), parts: [] };
    this.sets.set(set.id, own);
    const store = new ObjectStore(space, set.id);
    const kernels = await this.kernels;
    for (const part of await store.parts(own.parts.length)) {
      const features = decodeFloat16(await store.features(own.parts.length));
      const rows = part.boxes.length / 4;
      const { data } = await run(applyHead(kernels, head, matrix(features, rows, features.length / rows)));
      own.known.add(part);
      own.parts.push({ embeddings: data });
    }
    return objectPoints(set, own.known, own.parts, { rows: embeddings.rows, dim: embeddings.cols });
  }
}

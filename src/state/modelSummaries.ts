import type { ModelSpec } from "../core/model/modelSpec.ts";

/** A further embedding of the open project. */
export interface SpaceSummary {
  id: string;
  /** Hostile text. */
  name: string;
  /** Of the model's file. */
  sha256: string;
  spec: ModelSpec;
  featureCount: number;
  /** Images that have it. */
  rows: number;
}

export interface BundledModel {
  sha256: string;
  name: string;
  license: string;
  bytes: number;
  featureCount: number;
  spec: ModelSpec;
}

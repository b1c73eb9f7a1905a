import { entrySpec, modelEntry } from "../../models/manifest.ts";
import type { Classifier, Vocabulary } from "../core/classifier/classifier.ts";
import { WinnowError } from "../core/errors.ts";
import type { ModelSpec } from "../core/model/modelSpec.ts";
import { type ModelEntry, spaceId } from "../core/model/ownModel.ts";
import type { ProjectInfo } from "../store/schema.ts";
import type { Engine } from "./engine.ts";

/** What of a project its model needs. */
interface ModelProject {
  info(): ProjectInfo;
  /** It is a copy of somebody's publication, which comes without features. */
  isPublished(): boolean;
  /** Of the bundled model. */
  engine: Engine;
}

/** What makes a project's first embedding: the bundled model at the project's own size, or what its folder names. */
export class ProjectModel {
  constructor(private readonly project: ModelProject) {}

  /** Embeds new images as the present ones were; decodes and shows for all. */
  get engine(): Engine {
    const { engine } = this.project;
    return this.isBundled ? engine.withSpec(this.spec) : engine;
  }

  /** For a person; hostile text. */
  get name(): string {
    const { manifest } = this.project.engine;
    const { model } = this.project.info();
    if (model === null) return "Vectors";
    const name = model?.name ?? manifest.name;
    return this.isBundled && this.spec.size !== manifest.spec.size ? `${name} · ${this.spec.size} px` : name;
  }

  /** The bundled model on smaller images than usual: quicker, and a little less exact. */
  get isDraft(): boolean {
    return this.isBundled && this.spec.size < this.project.engine.manifest.spec.size;
  }

  /** The id that a further embedding of the same model and preprocessing would have; null for vectors. */
  get spaceId(): string | null {
    const { entry } = this;
    return entry && spaceId(entry.sha256, entrySpec(entry, this.project.engine.manifest.spec));
  }

  /** As a project folder describes it; null for vectors. */
  get entry(): ModelEntry | null {
    const { model } = this.project.info();
    return model === undefined ? modelEntry(this.project.engine.manifest) : model;
  }

  /** Whether its features are the bundled model's: its classifier understands only those. */
  get isBundled(): boolean {
    const { imageCount, modelId } = this.project.info();
    return imageCount === 0 || modelId === this.project.engine.manifest.id;
  }

  /** The classifier reads features; a published project comes without them. */
  private get hasClassifier(): boolean {
    return this.isBundled && !this.project.isPublished();
  }

  /** The bundled model's classifier; null where the features are another model's, or not here. */
  async classifier(): Promise<Classifier | null> {
    return this.hasClassifier ? await this.project.engine.classifier() : null;
  }

  /** The words of that classifier, or null. */
  async vocabulary(): Promise<Vocabulary | null> {
    return this.hasClassifier ? await this.project.engine.vocabulary() : null;
  }

  /**
   * Features of two models cannot stand in one matrix.
   * @throws WinnowError where no image can be added
   */
  requireBundled(): void {
    if (this.project.isPublished()) {
      throw new WinnowError(
        "config",
        "This project was published by somebody: images cannot be added to it. Close it, then drop your own.",
      );
    }
    if (this.isBundled) return;
    const { modelId, model } = this.project.info();
    const { name } = this.project.engine.manifest;
    throw new WinnowError(
      "model",
      model === null
        ? "This project was made from vectors; images cannot be added to it."
        : `This project was embedded with ${model?.name ?? modelId}; images cannot be added to it with ${name}.`,
    );
  }

  private get spec(): ModelSpec {
    const { id, spec } = this.project.engine.manifest;
    const { model, modelId } = this.project.info();
    return model && modelId === id ? entrySpec(model, spec) : spec;
  }
}

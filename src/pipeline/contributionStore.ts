import type { FieldChange } from "../core/collaboration/changesFile.ts";
import type { Contributions } from "../core/collaboration/contributions.ts";
import type { ProjectStore } from "../store/projectStore.ts";

/** What a visitor's browser keeps beside its copy of a published project. */
export interface Visit {
  /** Names this copy to the owner; made up by chance. */
  author: string;
  /** Rows of each tag as it was published. */
  tags: ReadonlyMap<string, Uint32Array>;
  /** Ids of the selections that were published; absent in a visit of an older version. */
  selections?: readonly string[];
  /** Ids of the labels and predictions that were published; absent in a visit of an older version. */
  annotations?: readonly string[];
  /** What the visitor saved so far. */
  sent: readonly FieldChange[];
}

const visitKey = "visit";
const contributionsKey = "contributions";

/** What is kept so that visitors' changes can be sent, and what came of them at the owner's. */
export class ContributionStore {
  constructor(private readonly store: ProjectStore) {}

  /** Null until a published project is here in full. */
  async visit(): Promise<Visit | null> {
    return (await this.store.derived(visitKey)) as Visit | null;
  }

  async putVisit(visit: Visit): Promise<void> {
    await this.store.putDerived(visitKey, visit);
  }

  async contributions(): Promise<Contributions> {
    return ((await this.store.derived(contributionsKey)) as Contributions | null) ?? new Map();
  }

  async putContributions(contributions: Contributions): Promise<void> {
    await this.store.putDerived(contributionsKey, contributions);
  }
}

import type { StoreApi } from "zustand/vanilla";
import type { Project } from "../pipeline/project.ts";
import type { Jobs } from "./jobs.ts";
import type { Notices } from "./notices.ts";
import type { WinnowState } from "./state.ts";

/** What every part of the state works with. */
export interface Desk {
  store: StoreApi<WinnowState>;
  jobs: Jobs;
  notices: Notices;
  now: () => number;
  programVersion: string;
}

/** A desk with a project open on it. `isOpen` turns false when it is closed: late results are dropped. */
export interface ProjectDesk extends Desk {
  project: Project;
  isOpen: () => boolean;
}

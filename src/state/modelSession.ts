import type { Project } from "../pipeline/project.ts";
import type { Atlas } from "./atlas.ts";
import type { ProjectDesk } from "./desk.ts";
import type { Exploring } from "./exploring.ts";
import type { Searching } from "./searching.ts";

/** What of the open project's session models work with. */
export interface ModelSession {
  readonly desk: ProjectDesk;
  readonly project: Project;
  readonly atlas: Pick<Atlas, "reopen" | "stopLayingOut">;
  readonly searching: Pick<Searching, "clear">;
  readonly exploring: Pick<Exploring, "forget">;
  /** Spaces whose images are being embedded. */
  readonly fillingSpaces: Set<string>;
  explore(): void;
}

import type { StoreApi } from "zustand/vanilla";
import { areChanges } from "../core/collaboration/changesName.ts";
import type { GivenFiles } from "../pipeline/importer.ts";
import type { PublicationSizes } from "../pipeline/project.ts";
import type { Actions } from "./actions.ts";
import type { Session } from "./session.ts";
import type { WinnowState } from "./state.ts";

type SharingActions = Pick<
  Actions,
  "publicationSizes" | "publish" | "saveChanges" | "finishContributions" | "cancelContributions"
>;

/** Begins an import of files that are visitors' changes; false for others. */
export async function beginChanges(open: Session, { files }: GivenFiles): Promise<boolean> {
  if (!areChanges(files)) return false;
  await (await import("./contributing.ts")).beginContributions(open, files);
  return true;
}

/** Publishing, what visitors send, and what comes of it. What does the work is loaded when it is wanted. */
export const sharingActions = (
  store: StoreApi<WinnowState>,
  inSession: (work: (session: Session) => Promise<unknown>) => Promise<void>,
): SharingActions => ({
  publicationSizes: async () => {
    let sizes: PublicationSizes | null = null;
    await inSession(async (open) => {
      sizes = await open.project.publicationSizes();
    });
    return sizes;
  },
  publish: (choice, scope, as) =>
    void inSession(async (open) => (await import("./publishing.ts")).publish(open, choice, scope, as)),
  saveChanges: () => void inSession(async (open) => (await import("./visiting.ts")).saveChanges(open)),
  finishContributions: (chosen) =>
    void inSession(async (open) => (await import("./contributing.ts")).finishContributions(open, chosen)),
  cancelContributions: () => store.setState({ contributing: null }),
});

import { WinnowError } from "../core/errors.ts";
import { askToKeepStorage } from "../pipeline/keepingStorage.ts";
import type { Library } from "../pipeline/library.ts";
import { fromFiles } from "../pipeline/openSources.ts";
import type { Source } from "../pipeline/project.ts";
import type { Actions } from "./actions.ts";
import type { Session } from "./session.ts";

type StoringActions = Pick<Actions, "storageUse" | "keepStorage" | "backUpProject" | "restoreBackup">;

/** What this browser keeps, how it is kept, and copies of it. */
export const storingActions = ({
  library,
  inSession,
  inTurn,
  openAsProject,
}: {
  library: Promise<Library>;
  inSession: (work: (session: Session) => Promise<unknown>) => Promise<void>;
  inTurn: (work: () => Promise<unknown>) => Promise<void>;
  openAsProject: (source: Source) => Promise<boolean>;
}): StoringActions => ({
  storageUse: async () => await (await import("../pipeline/storageUse.ts")).storageUse(await (await library).list()),
  keepStorage: () => askToKeepStorage(true),
  backUpProject: () => void inSession(async (open) => (await import("./exportJob.ts")).backUpProject(open)),
  restoreBackup: (files) => {
    const source = fromFiles(files);
    void inTurn(async () => {
      if (await openAsProject(source)) return;
      throw new WinnowError(
        "empty",
        `“${source.name}” is not a backup of a Winnow project: there is no project.json in it. Choose the zip that “Back up project” made.`,
      );
    });
  },
});

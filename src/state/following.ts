import type { Actions } from "./actions.ts";
import type { Desk } from "./desk.ts";
import type { Session } from "./session.ts";

/** What changes an open project; with what each answers where it may not. */
const refusals = {
  findFolder: Promise.resolve(true),
  findFolderIn: undefined,
  moveRejects: undefined,
  moveRejectsBack: undefined,
  measureAgain: undefined,
  resumeIngest: undefined,
  refit: undefined,
  recomputeMap: undefined,
  setThreshold: undefined,
  setBoxThresholds: undefined,
  embedInFull: undefined,
  embedObjects: undefined,
  addSpace: undefined,
  predictWith: undefined,
  fillSpace: undefined,
  switchSpace: undefined,
  deleteSpace: undefined,
  select: undefined,
  continueSelection: undefined,
  growSelection: undefined,
  repeatSelection: undefined,
  deleteSelection: undefined,
  renameSelection: undefined,
  addTag: undefined,
  removeTag: undefined,
  toggleTagOfKey: undefined,
  toggleExcluded: undefined,
  sortOut: undefined,
  renameTag: undefined,
  deleteTag: undefined,
  styleTag: undefined,
  importFiles: undefined,
  finishImport: undefined,
  labelsFromFolders: Promise.resolve(""),
  tagAutomatically: undefined,
  createLabels: "",
  findBoxIssues: Promise.resolve(null),
  keepBox: undefined,
  acceptBox: undefined,
  setLabel: undefined,
  renameAnnotations: undefined,
  deleteAnnotations: undefined,
  deleteMetadata: undefined,
  labelsFromTags: "",
  trainProbe: undefined,
  startRound: Promise.resolve(),
  findLabelIssues: Promise.resolve(),
  undo: undefined,
  redo: undefined,
  finishContributions: undefined,
} satisfies Partial<{ [Name in keyof Actions]: ReturnType<Actions[Name]> }>;

/** The actions; in a tab that follows another those that change the project say so instead. */
export function refusedWhileFollowing(actions: Actions, { store, notices }: Desk): Actions {
  const guarded: Actions = { ...actions };
  for (const [name, answer] of Object.entries(refusals)) {
    const real = actions[name as keyof typeof refusals] as (...given: unknown[]) => unknown;
    const asked = (...given: unknown[]): unknown => {
      if (!store.getState().following) return real(...given);
      notices.info(
        "Another tab changes this project at the moment. Change it there, or choose “Change it here” above.",
      );
      return answer;
    };
    Object.assign(guarded, { [name]: asked });
  }
  return guarded;
}

/**
 * Has an open project follow the tab that writes it, or write it and tell the others.
 * @param reopen closes the project and opens it again, as a follower
 */
export function joinOtherTabs(session: Session, reopen: () => void): void {
  const { project, notices, store } = session.desk;
  // The right to write may have gone to another tab while the project was being read.
  store.setState({ following: !project.tabs.writes });
  /** What to do after what is being done: one reading at a time, and none is left out. */
  let next: { computed: boolean } | null = null;
  let reading = false;
  const catchUp = async (computed: boolean): Promise<void> => {
    next = { computed: computed || (next?.computed ?? false) };
    if (reading) return;
    reading = true;
    try {
      while (next !== null) {
        const now: { computed: boolean } = next;
        next = null;
        await session.catchUp(now.computed);
      }
    } catch (error) {
      if (session.desk.isOpen()) notices.error(error);
    } finally {
      reading = false;
    }
  };
  project.tabs.listen({
    changed: (what) => void catchUp(what === "computed"),
    mayWrite: () => {
      session.takeOver().catch((error) => {
        if (session.desk.isOpen()) notices.error(error);
      });
    },
    handOver: () => {
      notices.info("Another tab changes this project from now on; this one shows what happens there.");
      reopen();
    },
  });
}

import { createStore, type StoreApi } from "zustand/vanilla";
import { defaultProbe } from "../core/active/probe.ts";
import { WinnowError } from "../core/errors.ts";
import { ImageTable } from "../core/imageTable.ts";
import { RowSet } from "../core/rowSet.ts";
import type { Engine } from "../pipeline/engine.ts";
import type { Library } from "../pipeline/library.ts";
import { fromDataTransfer, fromFiles, fromSample, pickDirectory, projectIn } from "../pipeline/openSources.ts";
import type { Project, Source } from "../pipeline/project.ts";
import type { Actions } from "./actions.ts";
import {
  createLabels,
  deleteAnnotations,
  deleteMetadata,
  labelsFromFolders,
  renameAnnotations,
  setLabels,
} from "./annotating.ts";
import { setThreshold } from "./checkSettings.ts";
import type { Desk } from "./desk.ts";
import { engineOfNext, executingActions } from "./executing.ts";
import { joinOtherTabs, refusedWhileFollowing } from "./following.ts";
import { Jobs } from "./jobs.ts";
import { labelsFromTags } from "./labelSources.ts";
import { Notices } from "./notices.ts";
import { objectActions } from "./objectActions.ts";
import { moveRejects, moveRejectsBack } from "./rejects.ts";
import { reviewActions } from "./reviewing.ts";
import { searchActions } from "./searchActions.ts";
import { deleteSelection, exportSelection, renameSelection } from "./selectionRecords.ts";
import { Session } from "./session.ts";
import { beginChanges, sharingActions } from "./sharing.ts";
import { initialState, nothingExplored, type WinnowState } from "./state.ts";
import { storingActions } from "./storing.ts";
import { changeTag, deleteTag, renameTag, sortOut, styleTag, toggleExcluded, toggleTagOfKey } from "./tagging.ts";
import { viewActions } from "./viewActions.ts";

export interface WinnowParts {
  engine: Engine;
  /** Opens the list of projects; rejects when this browser cannot store anything. */
  library: Promise<Library>;
  sampleUrl: string;
  now: () => number;
  programVersion: string;
}

export interface Winnow {
  store: StoreApi<WinnowState>;
  actions: Actions;
}

/** Loaded when they are wanted: the first load stays light. */
const models = () => import("./models.ts");
const selecting = () => import("./selecting.ts");
/** A click counts for some seconds: the pickers of an export open after its code has come. */
const exports = () => import("./exportJob.ts");

/** The state of the whole page and everything a person can do with it. */
export function createWinnow({ engine, library, sampleUrl, now, programVersion }: WinnowParts): Winnow {
  const store = createStore<WinnowState>(() => initialState(new ImageTable(), RowSet.empty));
  const notices = new Notices(store);
  const jobs = new Jobs(store, now);
  const desk: Desk = { store, jobs, notices, now, programVersion };
  let session: Session | null = null;
  // Opening and closing projects happens one after the other, whatever is clicked in between.
  let tail: Promise<unknown> = Promise.resolve();

  const attempt = (work: () => Promise<unknown>): void => {
    void (async () => {
      try {
        await work();
      } catch (error) {
        notices.error(error);
      }
    })();
  };
  const inTurn = (work: () => Promise<unknown>): Promise<void> => {
    const done = tail.then(work).then(
      () => undefined,
      (error) => notices.error(error),
    );
    tail = done;
    return done;
  };
  /** As `withSession`, for who waits for the end; never rejects. */
  const inSession = async (work: (session: Session) => Promise<unknown>): Promise<void> => {
    try {
      if (session) await work(session);
    } catch (error) {
      notices.error(error);
    }
  };
  const withSession = (work: (session: Session) => Promise<unknown>): void => {
    const current = session;
    if (current) attempt(() => work(current));
  };

  const listProjects = async (): Promise<void> => {
    store.setState({ projects: await (await library).list() });
  };
  const leave = async (): Promise<void> => {
    const closing = session;
    session = null;
    store.setState({
      project: null,
      interruption: null,
      following: false,
      jobs: [],
      images: new ImageTable(),
      ...nothingExplored,
    });
    await closing?.close();
    await listProjects();
  };
  const enter = async (project: Project, source: Source | null): Promise<void> => {
    const opened = new Session(desk, project, (message) => {
      notices.info(message);
      inTurn(async () => {
        await leave();
        await (await library).delete(project.info.id);
        await listProjects();
      });
    });
    session = opened;
    await opened.show(source);
    joinOtherTabs(opened, () => void inTurn(() => reopen(opened)));
  };
  /** Closes a project and opens it again, unless another has been opened since. */
  const reopen = async (open: Session): Promise<void> => {
    if (session !== open) return;
    await leave();
    await enter(await (await library).open(open.project.info.id), null);
  };
  /** Opens the project folder that a source is; false when it is something else. */
  const openAsProject = async (source: Source): Promise<boolean> => {
    const reader = await projectIn(source);
    if (reader === null) return false;
    if (session) await leave();
    const abort = new AbortController();
    const job = jobs.start({ name: "Opening project", unit: "images", cancel: () => abort.abort() });
    try {
      const { id, damages } = await (await library).importFolder(reader, {
        signal: abort.signal,
        progress: job.update,
      });
      job.finish();
      await enter(await (await library).open(id), null);
      for (const damage of damages) notices.error(new WinnowError("shape", `${damage} The rest was opened.`));
    } catch (error) {
      job.fail(error);
      throw error;
    } finally {
      await source.close();
    }
    return true;
  };
  /** Begins an import of a source that holds labels and no images; false for any other. */
  const importsFrom = async (open: Session, source: Source): Promise<boolean> => {
    if (store.getState().images.length === 0) return false;
    const { annotationsIn } = await import("../pipeline/importer.ts");
    const files = await annotationsIn(source, new AbortController().signal);
    if (files === null) return false;
    if (!(await beginChanges(open, files)) && !(await open.importing.beginWhenKnown(files))) return false;
    await source.close();
    return true;
  };
  const addSource = (source: Source): void =>
    void inTurn(async () => {
      if (await openAsProject(source)) return;
      if (session && (await importsFrom(session, source))) return;
      if (session?.project.published.url) {
        throw new WinnowError(
          "config",
          "This project was published by somebody: images cannot be added to it. Close it, then drop your own.",
        );
      }
      if (session && !session.project.tabs.writes) {
        throw new WinnowError(
          "storage",
          "Another tab changes this project: add the images there, or choose “Change it here” first.",
        );
      }
      if (session) session.filling.add(source);
      else await enter(await (await library).create(source, store.getState().draftMode), source);
    });

  /** Has a person pick a folder; false where this browser has no picker. */
  const picked = async (use: (source: Source) => unknown): Promise<boolean> => {
    try {
      const source = await pickDirectory();
      if (source === null) return false;
      if (source !== "cancelled") use(source);
    } catch (error) {
      notices.error(error);
    }
    return true;
  };
  const findIn = (source: Source): void =>
    withSession(async (open) =>
      (await import("./refinding.ts")).findFolderAgain(open, source, () => inTurn(() => reopen(open))),
    );

  inTurn(async () => {
    await listProjects().finally(() => store.setState({ ready: true }));
  });

  const actions: Actions = {
    openFolder: () => picked(addSource),
    openProjectFolder: () =>
      picked((source) =>
        inTurn(async () => {
          if (await openAsProject(source)) return;
          throw new WinnowError(
            "empty",
            `“${source.name}” is not the folder of a Winnow project: there is no project.json in it.`,
          );
        }),
      ),
    findFolder: () => picked(findIn),
    findFolderIn: (files) => findIn(fromFiles(files)),
    addFiles: (files) => {
      if (files.length > 0) addSource(fromFiles(files));
      else notices.info("That folder is empty.");
    },
    drop: (data) => {
      engineOfNext(engine, session, store.getState()).prepare();
      // The browser empties the drop after this event: everything is taken from it right here.
      const source = fromDataTransfer(data);
      attempt(async () => addSource(await source));
    },
    openSample: () => addSource(fromSample(sampleUrl)),

    openProject: (id) =>
      inTurn(async () => {
        if (session?.project.info.id === id) return;
        if (session) await leave();
        try {
          await enter(await (await library).open(id), null);
        } catch (error) {
          await leave();
          throw error;
        }
      }),
    openPublished: (url) =>
      inTurn(async () => {
        const id = await (await library).ofPublished(url);
        if (session?.project.info.id === id) return;
        if (session) await leave();
        await enter(await (await library).open(id), null);
      }),
    closeProject: () => inTurn(leave),
    renameProject: (id, name) =>
      inTurn(async () => {
        const trimmed = name.trim();
        if (trimmed === "") return;
        if (session?.project.info.id === id) {
          await session.history.do(({ project }) => {
            const before = project?.name ?? trimmed;
            const edits = before === trimmed ? [] : [{ kind: "name" as const, before, after: trimmed }];
            return { title: `rename the project to “${trimmed}”`, edits };
          });
        } else await (await library).rename(id, trimmed);
        await listProjects();
      }),
    deleteProject: (id) =>
      inTurn(async () => {
        if (session?.project.info.id === id) await leave();
        await (await library).delete(id);
        await listProjects();
      }),
    saveProjectFolder: () => withSession(async (open) => (await exports()).saveProjectFolder(open)),
    moveRejects: () => withSession(moveRejects),
    moveRejectsBack: () => withSession(moveRejectsBack),
    measureAgain: () => withSession((open) => open.measuring.start()),
    writeHere: () => session?.project.tabs.ask(),
    resumeIngest: () => withSession((open) => open.filling.resume(true)),

    pauseJob: (id) => jobs.pause(id),
    resumeJob: (id) => jobs.resume(id),
    cancelJob: (id) => jobs.cancel(id),
    dismissJob: (id) => jobs.dismiss(id),
    dismissNotice: (id) => notices.dismiss(id),
    tell: (text) => notices.info(text),
    offer: (text, action) => notices.offer(text, action),

    ...viewActions(store),
    setProjection: (projection) => {
      store.setState({ projection });
      withSession((open) => open.atlas.showMap());
    },
    refit: (settings) => withSession(async (open) => (await import("./augmenting.ts")).refit(open, settings)),
    recomputeMap: () => withSession((open) => open.atlas.showMap(true)),
    openScreen: (screen) => withSession(async () => store.setState({ screen })),

    ...searchActions(store, () => session, withSession),
    setDuplicateThreshold: (distance) => withSession(async (open) => open.exploring.setDuplicateThreshold(distance)),
    setThreshold: (check, threshold) => withSession((open) => setThreshold(open, check, threshold)),
    explore: () => withSession(async (open) => open.explore()),

    loadModels: () =>
      attempt(async () => {
        await (await models()).loadModels(desk);
        if (session) await (await models()).tellSpaces(session);
      }),
    addModelFiles: async (files, selected) => {
      const added = await (await models()).addModelFiles(desk, files, selected);
      if (session) await (await models()).renewTextTower(session);
      return added;
    },
    changeModelSpec: (sha256, spec) => attempt(async () => (await models()).changeModelSpec(desk, sha256, spec)),
    deleteModel: (sha256) =>
      attempt(async () => {
        await (await models()).forgetModel(desk, sha256);
        if (session) await (await models()).renewTextTower(session);
      }),
    tryModel: async (model, spec, image, signal) =>
      session ? await (await import("./modelTrials.ts")).tryOn(session, model, spec, image, signal) : null,
    addSpace: (model, spec) => withSession(async (open) => (await models()).addSpace(open, model, spec)),
    predictWith: (model, spec) =>
      withSession(async (open) => (await import("./predicting.ts")).predictWith(open, model, spec)),
    predictNew: (set) => withSession(async (open) => (await import("./predictNew.ts")).predictNew(open, set)),
    fillSpace: (id) => withSession(async (open) => (await models()).fillSpace(open, id)),
    switchSpace: (id) => withSession(async (open) => (await models()).switchSpace(open, id)),
    deleteSpace: (id) => withSession(async (open) => (await models()).deleteSpace(open, id)),
    compareSpaces: async (spaces, labels) =>
      session ? await (await models()).compareSpaces(session, spaces, labels) : null,

    select: (options) => withSession(async (open) => (await selecting()).runSelection(open, options)),
    continueSelection: (id) => withSession(async (open) => (await selecting()).continueSelection(open, id)),
    growSelection: (id, more) => withSession(async (open) => (await selecting()).growSelection(open, id, more)),
    repeatSelection: (id) => withSession(async (open) => (await selecting()).repeatSelection(open, id)),
    exportSelection: (id, kind) => withSession((open) => exportSelection(open, id, kind)),
    deleteSelection: (id) => withSession((open) => deleteSelection(open, id)),
    renameSelection: (id, name) => withSession((open) => renameSelection(open, id, name)),

    addTag: (name, rows) => withSession((open) => changeTag(open, name, rows, "add")),
    removeTag: (name, rows) => withSession((open) => changeTag(open, name, rows, "remove")),
    toggleTagOfKey: (key) => withSession((open) => toggleTagOfKey(open, key)),
    toggleExcluded: () => withSession(toggleExcluded),
    sortOut: (keep, exclude) => withSession((open) => sortOut(open, keep, exclude)),
    renameTag: (name, to) => withSession((open) => renameTag(open, name, to)),
    deleteTag: (name) => withSession((open) => deleteTag(open, name)),
    styleTag: (name, change) => withSession((open) => styleTag(open, name, change)),
    importFiles: (files) => {
      // The list is emptied when the input is: it is copied before anything waits.
      const all = Array.from(files);
      withSession(async (open) => {
        const given = (await import("../pipeline/importer.ts")).givenFiles(all);
        if (!(await beginChanges(open, given))) await open.importing.begin(given);
      });
    },
    changeImport: (change) => session?.importing.change(change),
    finishImport: () => withSession((open) => open.importing.finish()),
    cancelImport: () => session?.importing.end(),
    labelsFromFolders: async () => {
      let made = "";
      await inSession(async (open) => {
        made = await labelsFromFolders(open);
      });
      return made;
    },
    tagAutomatically: (threshold) =>
      withSession(async (open) => (await import("./automaticTagging.ts")).tagAutomatically(open, threshold)),
    createLabels: (name, classes) => (session ? createLabels(session, name, classes) : ""),
    setLabel: (set, rows, classes, by) => withSession((open) => setLabels(open, set, rows, classes, by)),
    renameAnnotations: (id, name) => withSession((open) => renameAnnotations(open, id, name)),
    deleteAnnotations: (id) => withSession((open) => deleteAnnotations(open, id)),
    deleteMetadata: (key) => withSession((open) => deleteMetadata(open, key)),
    labelsFromTags: (names) => (session ? labelsFromTags(session, names) : ""),
    trainProbe: (labels, balanced) => withSession((open) => open.learning.train(labels, { ...defaultProbe, balanced })),
    startRound: (options) => inSession(async (open) => (await import("./activeLearning.ts")).startRound(open, options)),
    findLabelIssues: (options) =>
      inSession(async (open) => (await import("./labelIssues.ts")).findLabelIssues(open, options)),
    undo: () => withSession((open) => open.history.undo()),
    redo: () => withSession((open) => open.history.redo()),

    thumbnail: (row) => session?.project.thumbnail(row) ?? Promise.resolve(null),
    original: (row) =>
      session?.project.shown(store.getState().images.path(row)) ?? Promise.reject(new Error("no project is open")),
    exif: (row) =>
      session?.project.exif(store.getState().images.path(row)) ?? Promise.reject(new Error("no project is open")),
    reconnect: () => session?.project.sources.reconnect() ?? Promise.resolve(false),
    exportAnnotations: (set, kind, scope, withExcluded = false) =>
      withSession(async (open) => (await exports()).exportSet(open, set, kind, scope, withExcluded)),
    saveReport: (html) =>
      withSession(async (open) => (await import("../pipeline/exporting.ts")).saveReport(open.project, html)),
    ...sharingActions(store, inSession),
    ...storingActions({ library, inSession, inTurn, openAsProject }),
    ...reviewActions(inSession),
    ...objectActions(inSession),
    ...executingActions(store, engine, inSession),
    export: (kind, scope, withExcluded = false) =>
      withSession(async (open) => (await exports()).runExport(open, kind, scope, withExcluded)),
  };
  return { store, actions: refusedWhileFollowing(actions, desk) };
}

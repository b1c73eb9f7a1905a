import type { StoreApi } from "zustand/vanilla";
import { withDrawing } from "./showing.ts";
import type { Drawing, WinnowState } from "./state.ts";

const storageKey = "winnow-drawings";
/** More projects than anybody goes back and forth between; what was chosen in the oldest is forgotten. */
const mostProjects = 40;

type Drawings = WinnowState["drawings"];
/** As it is stored: by project, by set. */
type Stored = [project: string, sets: [set: string, shown: boolean, leastScore: number, hidden: string[]][]][];

/** Changes what of a set is drawn over images, and remembers it for the open project in this browser. */
export function draw(store: StoreApi<WinnowState>, set: string, change: Partial<Drawing>): void {
  const { drawings: before, project } = store.getState();
  const drawings = withDrawing(before, set, change);
  store.setState({ drawings });
  if (project) remember(project.id, drawings);
}

/** What was drawn when the project was open last. */
export function recalledDrawings(project: string): Drawings {
  const sets = all().find(([id]) => id === project)?.[1] ?? [];
  return new Map(
    sets.map(([set, shown, leastScore, hidden]) => [set, { shown, leastScore, hidden: new Set(hidden) }] as const),
  );
}

function remember(project: string, drawings: Drawings): void {
  const sets = Array.from(drawings, ([set, { shown, leastScore, hidden }]) => [set, shown, leastScore, [...hidden]]);
  const projects = [...all().filter(([id]) => id !== project), [project, sets]].slice(-mostProjects);
  try {
    localStorage.setItem(storageKey, JSON.stringify(projects));
  } catch {
    // The browser's few megabytes are full: it holds for this visit only.
  }
}

/** Anything that is not what we wrote is forgotten. */
function all(): Stored {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(stored) ? (stored as Stored).filter(isWhole) : [];
  } catch {
    return [];
  }
}

const isWhole = ([project, sets]: Stored[number]): boolean =>
  typeof project === "string" &&
  sets.every(
    ([set, shown, leastScore, hidden]) =>
      typeof set === "string" &&
      typeof shown === "boolean" &&
      typeof leastScore === "number" &&
      hidden.every((name) => typeof name === "string"),
  );

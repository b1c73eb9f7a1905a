import { createStore, type StoreApi } from "zustand/vanilla";
import { fileFields, tagField } from "../../../src/core/explore/fileFields.ts";
import { type Filter, withCondition, withValueToggled } from "../../../src/core/explore/filter.ts";
import { ImageTable } from "../../../src/core/imageTable.ts";
import type { ProjectSummary, SelectionRecord } from "../../../src/core/records.ts";
import { RowSet } from "../../../src/core/rowSet.ts";
import type { Actions } from "../../../src/state/actions.ts";
import { initialState, type WinnowState } from "../../../src/state/state.ts";

export interface FakeWinnow {
  store: StoreApi<WinnowState>;
  actions: Actions;
  /** Every action in the order it was called, as “name” and its arguments. */
  calls: [name: string, ...args: unknown[]][];
}

export const exampleProject: ProjectSummary = {
  id: "p1",
  name: "clothing",
  createdAt: Date.UTC(2026, 10, 20),
  updatedAt: Date.UTC(2026, 10, 23),
  imageCount: 0,
  storedBytes: 42_000_000,
  ignoredCount: 0,
  unfinished: false,
};

/** A state without pipeline: looking, marking, sorting and tagging work, everything else is only recorded. */
export function fakeWinnow(initial: Partial<WinnowState> = {}, bytes: Partial<Actions> = {}): FakeWinnow {
  const images = initial.images ?? new ImageTable();
  const store = createStore<WinnowState>(() => ({
    ...initialState(images, RowSet.empty),
    ready: true,
    order: Uint32Array.from({ length: images.length }, (_, row) => row),
    ...initial,
  }));
  const { setState, getState } = store;
  const refilter = (filter: Filter): void => {
    const state = getState();
    const facets = state.facets.next(state.fields, filter, images.length);
    const all = Uint32Array.from({ length: images.length }, (_, row) => row);
    setState({ filter, facets, order: all.filter((row) => facets.visible?.has(row) ?? true) });
  };
  if (initial.fields === undefined) {
    const { tags } = getState();
    setState({ fields: [...fileFields(images), tagField(tags)] });
    refilter([]);
    if (initial.order) setState({ order: initial.order });
  }
  const working: Partial<Actions> = {
    mark: (rows, mode) =>
      setState(({ marked }) => {
        const given = RowSet.of(rows);
        if (mode === "add") return { marked: marked.union(given) };
        if (mode === "subtract") return { marked: marked.without(given) };
        return { marked: mode === "toggle" ? marked.toggle(given) : given };
      }),
    markRange: (row, mode) => {
      const { order, focused, marked } = getState();
      const ends = [Math.max(0, order.indexOf(focused)), order.indexOf(row)];
      const range = RowSet.of(order.slice(Math.min(...ends), Math.max(...ends) + 1));
      setState({ marked: mode === "add" ? marked.union(range) : range });
    },
    markAll: () => setState(({ order }) => ({ marked: RowSet.of(order) })),
    invertMarks: () => setState(({ order, marked }) => ({ marked: RowSet.of(order).without(marked) })),
    focus: (focused) => setState({ focused }),
    enlarge: (enlarged) => setState({ enlarged }),
    setSort: (sortBy, sortDescending) => setState({ sortBy, sortDescending }),
    setGroupBy: (groupBy) => setState({ groupBy }),
    setFilter: (filter) => refilter(filter),
    clearFilter: () => refilter([]),
    setCondition: (field, condition) => refilter(withCondition(getState().filter, field, condition)),
    toggleValue: (field, value) => refilter(withValueToggled(getState().filter, field, value)),
    setCellSize: (cellSize) => setState({ cellSize }),
    refit: (settings) => setState({ head: { settings, fitted: null } }),
    setProjection: (projection) => setState({ projection }),
    setColourBy: (colourBy) => setState({ colourBy }),
    setTheme: (theme) => setState({ theme }),
    changeDraft: (change) => setState(({ draft }) => ({ draft: { ...draft, ...change } })),
    showSelection: (id) => setState(({ selections }) => shownState(selections.find((s) => s.id === id) ?? null)),
    dismissNotice: (id) => setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
    addTag: (name, rows) =>
      setState(({ tags }) => ({
        tags: new Map([...tags, [name, (tags.get(name) ?? RowSet.empty).union(RowSet.of(rows))]]),
      })),
    removeTag: (name, rows) =>
      setState(({ tags }) => ({ tags: new Map([...tags, [name, tags.get(name)!.without(RowSet.of(rows))]]) })),
    openFolder: () => Promise.resolve(false),
    thumbnail: (row) => paintedThumbnail(row),
    original: (row) => paintedThumbnail(row, 640),
    exif: (row) => Promise.resolve([{ name: "Camera", value: `Box ${row}` }]),
    neighbours: (row, k) =>
      Promise.resolve(Array.from({ length: Math.min(k, 4) }, (_, i) => ({ row: row + i + 1, cosine: 0.9 - i / 10 }))),
    objectCounts: () => Promise.resolve(null),
    reconnect: () => Promise.resolve(true),
    ...bytes,
  };
  const calls: FakeWinnow["calls"] = [];
  const made: Record<string, unknown> = {};
  const actions = new Proxy(made, {
    get: (_, name: string) => {
      made[name] ??= (...args: unknown[]) => {
        if (name !== "thumbnail") calls.push([name, ...args]);
        return (working as Record<string, ((...args: unknown[]) => unknown) | undefined>)[name]?.(...args);
      };
      return made[name];
    },
  }) as unknown as Actions;
  return { store, actions, calls };
}

export function shownState(shown: SelectionRecord | null): Pick<WinnowState, "shown" | "ranks"> {
  return { shown, ranks: new Map(Array.from(shown?.rows ?? [], (row, index) => [row, index + 1])) };
}

/** A table of `count` images in folders of 40, sizes and dates that differ. */
export function imageTable(count: number): ImageTable {
  const table = new ImageTable();
  for (let row = 0; row < count; row++) {
    table.append({
      row,
      id: "",
      path: `folder ${Math.floor(row / 40) % 6}/image ${String(row).padStart(6, "0")}.jpg`,
      width: 640 + (row % 5) * 64,
      height: 480,
      bytes: 40_000 + ((row * 7919) % 90_000),
      sha256: row.toString(16).padStart(64, "0"),
      modifiedAt: Date.UTC(2026, 0, 1) + row * 60_000,
      takenAt: row % 3 === 0 ? Date.UTC(2025, 5, 1) + row * 60_000 : null,
    });
  }
  return table;
}

/** A selection of the given rows with falling radii. */
export function selectionOf(rows: readonly number[], name = "Selection 1"): SelectionRecord {
  const falling = (from: number) => Float32Array.from(rows, (_, index) => from - index / (rows.length * 2));
  return {
    id: name,
    name,
    createdAt: Date.UTC(2026, 10, 23),
    requested: rows.length,
    alreadyChosen: new Uint32Array(0),
    rows: Uint32Array.from(rows),
    radii: falling(1.4),
    randomRadii: falling(1.6),
    nearestChosen: Int32Array.from(rows, (_, index) => (index === 0 ? -1 : rows[Math.floor(index / 2)]!)),
    pickDistances: Float32Array.from(rows, (_, index) => (index === 0 ? 0 : 1.45 - index / (rows.length * 2))),
    headHash: "",
    programVersion: "",
  };
}

async function paintedThumbnail(row: number, side = 96): Promise<Blob> {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext("2d")!;
  context.fillStyle = `hsl(${(row * 47) % 360} 45% 55%)`;
  context.fillRect(0, 0, side, side);
  context.fillStyle = "white";
  context.font = `${side / 5}px sans-serif`;
  context.fillText(String(row), side / 10, side / 2);
  return canvas.convertToBlob({ type: "image/png" });
}

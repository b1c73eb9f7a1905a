import type { StoreApi } from "zustand/vanilla";
import type { Actions } from "./actions.ts";
import type { Session } from "./session.ts";
import type { Examples, WinnowState } from "./state.ts";

type SearchActions = Pick<
  Actions,
  "findSimilar" | "findLikeFile" | "findWord" | "findText" | "search" | "clearSearch" | "neighbours"
>;

/** Searches by images and words, and an image's neighbours. */
export const searchActions = (
  store: StoreApi<WinnowState>,
  session: () => Session | null,
  withSession: (work: (session: Session) => Promise<unknown>) => void,
): SearchActions => ({
  findSimilar: (change) =>
    withSession(async (open) => {
      const { positives = [], negatives = [], outside = null } = store.getState().search ?? {};
      const examples: Examples = { positives, negatives, outside, ...change };
      await open.atlas.ensureCurrent();
      await open.searching.byExamples(examples);
    }),
  findLikeFile: (file, name) => withSession((open) => open.searching.byFile(file, name)),
  findWord: (term) => withSession((open) => open.searching.byWord(term)),
  findText: (text) => withSession((open) => open.searching.byText(text)),
  search: (asked) => withSession((open) => open.searching.asked(asked)),
  clearSearch: () => withSession(async (open) => open.searching.clear()),
  neighbours: async (row, k) => {
    const { fitted } = store.getState().head;
    const open = session();
    if (!open || fitted === null || row < 0 || row >= fitted.rows) return [];
    const { rows, cosines } = await open.project.analysis.neighbours(row, k);
    return Array.from(rows, (near, i) => ({ row: near, cosine: cosines[i]! }));
  },
});

import type { ProjectStore } from "../store/projectStore.ts";

const key = "missing";

/** Rows whose files were nowhere when their folder was last looked for; ascending. */
export async function missingRows(store: Pick<ProjectStore, "derived">): Promise<Uint32Array> {
  return ((await store.derived(key)) as Uint32Array | null) ?? new Uint32Array(0);
}

/** @param rows ascending */
export async function putMissingRows(store: Pick<ProjectStore, "putDerived">, rows: readonly number[]): Promise<void> {
  await store.putDerived(key, Uint32Array.from(rows));
}

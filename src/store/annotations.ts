import { type HeldMetadata, type HeldSet, heldSet, inOrder } from "../core/annotations/heldSet.ts";
import type { ProjectStore } from "./projectStore.ts";

/** Everything that is said of a project's images: sets of labels and predictions in order, columns of metadata. */
export async function readAnnotations(
  store: ProjectStore,
): Promise<{ annotations: HeldSet[]; metadata: HeldMetadata[] }> {
  const annotations: HeldSet[] = [];
  for (const head of await store.annotations()) {
    const content = await store.content(head.content);
    if (content.kind === "set") annotations.push(heldSet(head, content.columns));
  }
  const metadata: HeldMetadata[] = [];
  for (const name of (await store.metadata()).values()) {
    const content = await store.content(name);
    if (content.kind === "metadata") metadata.push(content.column);
  }
  return { annotations: inOrder(annotations), metadata };
}

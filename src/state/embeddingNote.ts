/**
 * What a job that runs a model says beside its numbers: “12 known already · WASM · 2 sessions · no GPU”.
 * @param runsOn provider, sessions, and why these; "" before the model has started
 */
export function embeddingNote(
  runsOn: string,
  { known = 0, fromThumbnails = 0, missing = 0 }: { known?: number; fromThumbnails?: number; missing?: number },
): string {
  return [
    known > 0 ? `${known} known already` : "",
    fromThumbnails > 0 ? `${fromThumbnails} from thumbnails` : "",
    missing > 0 ? `${missing} images missing` : "",
    runsOn,
  ]
    .filter(Boolean)
    .join(" · ");
}

export const changesEnding = ".winnow-changes.json";

/** Whether files are visitors' changes, all of them. */
export const areChanges = (files: readonly { path: string }[]): boolean =>
  files.length > 0 && files.every(({ path }) => path.toLowerCase().endsWith(changesEnding));

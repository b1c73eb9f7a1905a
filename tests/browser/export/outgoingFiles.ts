import { WinnowError } from "../../../src/core/errors.ts";
import type { OutgoingFile } from "../../../src/export/outgoing.ts";

/** Files for an export; null is one that cannot be read any more. */
export function outgoing(files: Readonly<Record<string, string | Blob | null>>): OutgoingFile[] {
  return Object.entries(files).map(([path, content]) => ({
    path,
    open: async () => {
      if (content === null) throw new WinnowError("vanished", `“${path}” is not there any more.`, { path });
      return new Blob([content]);
    },
  }));
}

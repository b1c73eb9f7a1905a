import type { Decoders } from "../pipeline/ingest.ts";
import { decodeWithSharp } from "./decodeWithSharp.ts";

/** At most `size` images are decoded at a time, so that memory stays bounded. */
export function decoders(size: number): Decoders {
  let free = size;
  const waiting: (() => void)[] = [];
  return {
    size,
    run: async (use) => {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else free--;
      try {
        return await use({ decode: decodeWithSharp });
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free++;
      }
    },
  };
}

import { WinnowError } from "../core/errors.ts";
import type { Source } from "./source.ts";
import { treeSource } from "./treeSource.ts";
import { zipFolder } from "./zipFolder.ts";

/** The sample: a zip that is fetched from `url` when it is first listed. */
export function fromSample(url: string): Source {
  return treeSource(
    zipFolder("sample.zip", () => fetched(url)),
    "Sample",
    { kind: "sample" },
    async () => true,
  );
}

async function fetched(url: string): Promise<Blob> {
  let found: string;
  let cause: unknown;
  try {
    const response = await fetch(url);
    if (response.ok) return await response.blob();
    found = `the server answered ${response.status}`;
  } catch (error) {
    found = "there is no connection to it";
    cause = error;
  }
  throw new WinnowError("vanished", `The sample could not be loaded: ${found}.`, { url }, { cause });
}

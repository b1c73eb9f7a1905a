/** Whether the browser may delete what is stored here when the disk gets short. */
export type Keeping = "kept" | "at the browser's will" | "unknown";

let asked: Promise<Keeping> | null = null;

/** What the browser has decided so far; asks for nothing. */
export async function keepingOfStorage(): Promise<Keeping> {
  // Only secure pages have it.
  if (typeof navigator.storage?.persisted !== "function") return "unknown";
  return (await navigator.storage.persisted()) ? "kept" : "at the browser's will";
}

/**
 * Asks the browser to keep what is stored. Some ask the person in turn, so the moment is when there is something to
 * lose: after the first images, or the first change. Without `again` only once a visit.
 */
export function askToKeepStorage(again = false): Promise<Keeping> {
  if (again) asked = null;
  asked ??= ask();
  return asked;
}

async function ask(): Promise<Keeping> {
  const now = await keepingOfStorage();
  if (now !== "at the browser's will") return now;
  try {
    return (await navigator.storage.persist()) ? "kept" : now;
  } catch {
    // A browser that throws instead of answering has not promised anything.
    return now;
  }
}

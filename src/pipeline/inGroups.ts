import { numberOf } from "./inOrder.ts";

/** Gathers items into arrays: the first groups are small, so that something is to be seen soon, later ones `size`. */
export async function* inGroups<T>(items: AsyncIterable<T>, size: number | (() => number)): AsyncGenerator<T[]> {
  let target = 1;
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < target) continue;
    yield group;
    group = [];
    target = Math.min(numberOf(size), target * 2);
  }
  if (group.length > 0) yield group;
}

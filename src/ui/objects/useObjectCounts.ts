import { useEffect, useState } from "react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import type { ObjectCounts } from "../../core/objects/objectPart.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** How many objects of a set are embedded in the space that is looked at; null until it is known. */
export function useObjectCounts(set: HeldSet): ObjectCounts | null {
  const { objectCounts } = useActions();
  const version = useWinnow((state) => state.objectsVersion);
  const space = useWinnow((state) => state.space);
  const [found, setFound] = useState<{ content: string; counts: ObjectCounts | null }>({ content: "", counts: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version or embedding has other counts
  useEffect(() => {
    let left = false;
    void objectCounts(set.id).then((counts) => !left && setFound({ content: set.content, counts }));
    return () => {
      left = true;
    };
  }, [objectCounts, set.id, set.content, version, space]);
  return found.content === set.content ? found.counts : null;
}

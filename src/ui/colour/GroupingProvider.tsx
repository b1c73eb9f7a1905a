import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useWinnow } from "../winnow.tsx";
import { type Grouping, groupByChosen, groupByFolder, groupByTag, oneGroup } from "./grouping.ts";

const GroupingContext = createContext<Grouping>(oneGroup(0));

/** Computes once, for map, legend and gallery, which colour each row has. */
export function GroupingProvider({ children }: { children: ReactNode }) {
  const images = useWinnow((state) => state.images);
  const version = useWinnow((state) => state.imagesVersion);
  const colourBy = useWinnow((state) => state.colourBy);
  const tags = useWinnow((state) => (state.colourBy === "tag" ? state.tags : null));
  const ranks = useWinnow((state) => (state.colourBy === "chosen" ? state.ranks : null));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table grows in place, its version says when
  const grouping = useMemo(() => {
    if (tags) return groupByTag(images.length, tags);
    if (ranks) return groupByChosen(images.length, ranks);
    return colourBy === "folder" ? groupByFolder(images.paths) : oneGroup(images.length);
  }, [images, version, colourBy, tags, ranks]);

  return <GroupingContext value={grouping}>{children}</GroupingContext>;
}

export const useGrouping = (): Grouping => useContext(GroupingContext);

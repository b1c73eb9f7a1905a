import { useMemo, useState } from "react";
import { bestFirst } from "../../core/quality/bestFirst.ts";
import { decidedGroups, nextUndecided } from "../../core/quality/decidedGroups.ts";
import { RowSet } from "../../core/rowSet.ts";
import { excludedTag, keptTag } from "../../core/tags.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** The groups of duplicates, the one that is looked at, and what can be decided about it. */
export interface Review {
  groups: readonly Uint32Array[];
  /** By group: 1 where nothing is left to decide. */
  decided: Uint8Array;
  undecidedCount: number;
  excluded: RowSet;
  /** Place of the group that the keys are about. */
  current: number;
  goTo: (group: number) => void;
  step: (by: number) => void;
  /** Excludes all but one of a group, by default all but the best of the current one, and goes on to the next. */
  keepOne: (row?: number, group?: number) => void;
  keepAll: () => void;
  /** Excludes one image, or brings it back. */
  toggle: (row: number) => void;
  /** Keeps the best of every group that is undecided. */
  keepBestOfAll: () => void;
}

export function useReview(): Review {
  const actions = useActions();
  const images = useWinnow((state) => state.images);
  const groups = useWinnow((state) => state.issues.groups);
  const excluded = useWinnow((state) => state.tags.get(excludedTag)) ?? RowSet.empty;
  const kept = useWinnow((state) => state.tags.get(keptTag)) ?? RowSet.empty;
  const decided = useMemo(() => decidedGroups(groups, excluded, kept), [groups, excluded, kept]);
  const [wanted, goTo] = useState(0);
  const current = Math.max(0, Math.min(groups.length - 1, wanted));

  const decide = (group: number, keep: Iterable<number>, exclude: Iterable<number>) => {
    actions.sortOut(keep, exclude);
    const next = nextUndecided(Uint8Array.from(decided).fill(1, group, group + 1), group);
    goTo(next >= 0 ? next : group);
  };
  return {
    groups,
    decided,
    undecidedCount: decided.reduce((sum, one) => sum + 1 - one, 0),
    excluded,
    current,
    goTo,
    step: (by) => goTo(Math.max(0, Math.min(groups.length - 1, current + by))),
    keepOne: (row, group = current) => {
      const rows = groups[group];
      if (!rows) return;
      const one = row ?? bestFirst(images, rows)[0]!;
      const others = rows.filter((other) => other !== one);
      decide(group, [one], others);
    },
    keepAll: () => decide(current, groups[current] ?? [], []),
    toggle: (row) => (excluded.has(row) ? actions.sortOut([row], []) : actions.sortOut([], [row])),
    keepBestOfAll: () => {
      const keep: number[] = [];
      const exclude: number[] = [];
      for (const [place, rows] of groups.entries()) {
        if (decided[place] === 1) continue;
        const [best, ...others] = bestFirst(images, rows);
        keep.push(best!);
        exclude.push(...others);
      }
      actions.sortOut(keep, exclude);
      actions.tell(`${exclude.length.toLocaleString("en")} duplicates are excluded; Undo brings them back.`);
    },
  };
}

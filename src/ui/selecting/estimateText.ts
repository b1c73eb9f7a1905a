import type { Estimate } from "../../core/selection/estimate.ts";
import { countOf, formatCount } from "../text/quantities.ts";

/** What will be chosen, in a sentence; “” where the number asked for says it. */
export function estimateText({ left, asked, most, mayStop }: Estimate, limited: boolean, unfinished: boolean): string {
  if (left === 0) return "Every image has been chosen earlier; nothing is left.";
  const images = countOf(left, "image");
  if (!limited) return `Up to ${images}, until a condition stops it.`;
  if (asked > left) {
    const there = unfinished ? "there so far" : "left";
    return `Only ${images} ${left === 1 ? "is" : "are"} ${there}: all of them will be chosen.`;
  }
  if (most === 0) return "That is less than one image: ask for more.";
  return mayStop ? `At most ${formatCount(most)}, fewer where a condition stops it.` : "";
}

/** What takes images out before anything is chosen: “of 713, 12 chosen already, 301 left out by strategy 2”. */
export function removedText({ eligible, chosen, removed }: Estimate): string {
  const parts = [
    ...(chosen > 0 ? [`${formatCount(chosen)} chosen already`] : []),
    ...removed.flatMap((count, i) => (count > 0 ? [`${formatCount(count)} left out by strategy ${i + 1}`] : [])),
  ];
  return parts.length === 0 ? "" : `Of ${countOf(eligible, "image")}: ${parts.join(", ")}.`;
}

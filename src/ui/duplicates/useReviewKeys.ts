import { useEffect } from "react";
import { bestFirst } from "../../core/quality/bestFirst.ts";
import { isTyping } from "../shell/usePageKeys.ts";
import { useWinnow } from "../winnow.tsx";
import type { Review } from "./useReview.ts";

/**
 * Keys of the review: B keeps the best, A all, 1–9 that one; the arrows go from group to group.
 * @param lanes groups that stand beside one another
 */
export function useReviewKeys(review: Review, lanes: number): void {
  const images = useWinnow((state) => state.images);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const onSlider = event.target instanceof HTMLInputElement;
      if (isTyping(event) || onSlider || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.toLowerCase();
      const group = review.groups[review.current];
      if (!group) return;
      if (key === "b") review.keepOne();
      else if (key === "a") review.keepAll();
      else if (/^[1-9]$/.test(key)) {
        const row = bestFirst(images, group)[Number(key) - 1];
        if (row !== undefined) review.keepOne(row);
      } else if (key === "arrowright" || key === "n") review.step(1);
      else if (key === "arrowleft" || key === "p") review.step(-1);
      else if (key === "arrowdown") review.step(lanes);
      else if (key === "arrowup") review.step(-lanes);
      else if (key === "home") review.goTo(0);
      else if (key === "end") review.goTo(review.groups.length - 1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [review, images, lanes]);
}

import { useLayoutEffect, useState } from "react";

/** Aspects closer than this are one: a map is not drawn again for every pixel of a window's edge. */
const aspectStep = 0.25;

/** Width over height of an element in steps of a quarter; null before it is known, the last one while it is hidden. */
export function usePanelAspect(element: HTMLElement | null): number | null {
  const [aspect, setAspect] = useState<number | null>(null);
  useLayoutEffect(() => {
    if (!element) return;
    const measure = () => {
      const { clientWidth, clientHeight } = element;
      if (clientWidth === 0 || clientHeight === 0) return;
      setAspect(Math.max(aspectStep, Math.round(clientWidth / clientHeight / aspectStep) * aspectStep));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return aspect;
}

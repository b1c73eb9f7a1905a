import { type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { actualScale, fittedSize, fitView, maxScale, type Size, type View, withinStage, zoomAt } from "./zoom.ts";

/** A press that moves less than this is a click. */
const clickSlop = 4;

/** Fit, 100 % by click, any scale by wheel or pinch, pan by dragging. Starts again at fit for another image. */
export function useZoomPan(stageElement: HTMLElement | null, image: Size, imageKey: number) {
  const [stage, setStage] = useState<Size>({ width: 0, height: 0 });
  const [view, setView] = useState<View>(fitView);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const moved = useRef(0);

  useLayoutEffect(() => {
    if (!stageElement) return;
    const measure = () => setStage({ width: stageElement.clientWidth, height: stageElement.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(stageElement);
    return () => observer.disconnect();
  }, [stageElement]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another image is the reason
  useLayoutEffect(() => setView(fitView), [imageKey]);

  const fitted = fittedSize(image, stage);
  const actual = actualScale(image, fitted, devicePixelRatio);
  const limit = maxScale(actual);
  const clamp = (scale: number) => Math.min(limit, Math.max(1, scale));

  const fromCentre = (event: { clientX: number; clientY: number }) => {
    const box = stageElement!.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  };
  const zoomBy = (factor: number, point = { x: 0, y: 0 }) =>
    setView((now) => zoomAt(now, clamp(now.scale * factor), point, fitted, stage));
  /** Where fit is already 100 % or more, a click doubles instead, so that it always does something. */
  const toggle = (point = { x: 0, y: 0 }) =>
    setView((now) => (now.scale > 1.001 ? fitView : zoomAt(now, actual > 1.05 ? actual : 2, point, fitted, stage)));

  // React's wheel listener is passive; zooming must keep the page from scrolling or zooming itself.
  const onWheel = useRef<(event: WheelEvent) => void>(() => {});
  onWheel.current = (event) => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    zoomBy(Math.exp(-pixels / 300), fromCentre(event));
  };
  useEffect(() => {
    if (!stageElement) return;
    const listen = (event: WheelEvent) => onWheel.current(event);
    stageElement.addEventListener("wheel", listen, { passive: false });
    return () => stageElement.removeEventListener("wheel", listen);
  }, [stageElement]);

  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      stageElement?.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, fromCentre(event));
      if (pointers.current.size === 1) moved.current = 0;
    },
    onPointerMove: (event: PointerEvent) => {
      const before = pointers.current.get(event.pointerId);
      if (!before) return;
      const now = fromCentre(event);
      moved.current += Math.hypot(now.x - before.x, now.y - before.y);
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      pointers.current.set(event.pointerId, now);
      if (other) {
        const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
        const apart = Math.hypot(before.x - other.x, before.y - other.y) || 1;
        zoomBy(Math.hypot(now.x - other.x, now.y - other.y) / apart, middle);
      } else {
        setView(({ scale, x, y }) =>
          withinStage({ scale, x: x + now.x - before.x, y: y + now.y - before.y }, fitted, stage),
        );
      }
    },
    onPointerUp: (event: PointerEvent) => {
      const wasDown = pointers.current.delete(event.pointerId);
      if (wasDown && pointers.current.size === 0 && moved.current < clickSlop) toggle(fromCentre(event));
    },
    onPointerCancel: (event: PointerEvent) => {
      pointers.current.delete(event.pointerId);
    },
  };

  return {
    view,
    fitted,
    percent: (view.scale / actual) * 100,
    handlers,
    zoomBy,
    toggle,
    reset: () => setView(fitView),
  };
}

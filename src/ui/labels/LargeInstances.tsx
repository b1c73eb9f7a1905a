import { useEffect, useRef } from "react";
import { readColours, useResolvedTheme } from "../theme.ts";
import type { Size, View } from "../viewer/zoom.ts";
import { useWinnow } from "../winnow.tsx";
import { classColourNames } from "./classColour.ts";
import { drawInstances, hasInstances } from "./drawInstances.ts";
import { sizedContext } from "./InstanceLayer.tsx";
import "./instances.css";

interface LargeInstancesProps {
  row: number;
  /** The image's size on the stage at scale 1, and how it is zoomed and moved. */
  fitted: Size;
  view: View;
}

/** Boxes, outlines and masks with their names over the large view; lines and names keep their size at any zoom. */
export function LargeInstances({ row, fitted, view }: LargeInstancesProps) {
  const annotations = useWinnow((state) => state.annotations);
  const drawings = useWinnow((state) => state.drawings);
  const images = useWinnow((state) => state.images);
  const theme = useResolvedTheme();
  const element = useRef<HTMLCanvasElement>(null);
  const some = hasInstances({ annotations, drawings }, row);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what changes the colours
  useEffect(() => {
    const canvas = element.current;
    const [width, height] = [images.width(row), images.height(row)];
    if (!canvas || width === 0 || height === 0) return;
    const frame = requestAnimationFrame(() => {
      const context = sizedContext(canvas);
      if (!context) return;
      const [shownWidth, shownHeight] = [fitted.width * view.scale, fitted.height * view.scale];
      const place = {
        x: canvas.clientWidth / 2 + view.x - shownWidth / 2,
        y: canvas.clientHeight / 2 + view.y - shownHeight / 2,
        scaleX: shownWidth / width,
        scaleY: shownHeight / height,
      };
      drawInstances(context, { annotations, drawings }, row, place, {
        colours: readColours(classColourNames),
        lineWidth: 2,
        named: true,
        maskSide: 1_024,
        font: `500 12px ${getComputedStyle(document.body).fontFamily}`,
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [annotations, drawings, images, row, fitted.width, fitted.height, view, theme, some]);

  return some ? <canvas ref={element} className="instance-layer" data-instances={row} /> : null;
}

import { useEffect, useRef } from "react";
import { readColours, useResolvedTheme } from "../theme.ts";
import { useWinnow } from "../winnow.tsx";
import { classColourNames } from "./classColour.ts";
import { drawInstances, hasInstances, type Place } from "./drawInstances.ts";
import "./instances.css";

interface InstanceLayerProps {
  row: number;
  /** How the image fills the element that both lie in. */
  fit: "cover" | "contain";
}

/** Boxes, outlines and masks over a thumbnail; nothing where there are none. */
export function InstanceLayer({ row, fit }: InstanceLayerProps) {
  const annotations = useWinnow((state) => state.annotations);
  const drawings = useWinnow((state) => state.drawings);
  return hasInstances({ annotations, drawings }, row) ? <Layer row={row} fit={fit} /> : null;
}

function Layer({ row, fit }: InstanceLayerProps) {
  const annotations = useWinnow((state) => state.annotations);
  const drawings = useWinnow((state) => state.drawings);
  const images = useWinnow((state) => state.images);
  const theme = useResolvedTheme();
  const element = useRef<HTMLCanvasElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what changes the colours
  useEffect(() => {
    const canvas = element.current;
    if (!canvas) return;
    const draw = (): void => {
      const context = sizedContext(canvas);
      const place = placeIn(canvas, { width: images.width(row), height: images.height(row) }, fit);
      if (context && place) {
        drawInstances(context, { annotations, drawings }, row, place, {
          colours: readColours(classColourNames),
          lineWidth: 1.5,
          named: false,
          maskSide: 256,
          font: "",
        });
      }
    };
    // It is called once at its beginning, and then with every other size.
    const observer = new ResizeObserver(draw);
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [annotations, drawings, images, row, fit, theme]);

  return <canvas ref={element} className="instance-layer" data-instances={row} />;
}

/** A cleared canvas with as many pixels as the screen has, to be drawn on in CSS pixels. */
export function sizedContext(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * devicePixelRatio);
  canvas.height = Math.round(height * devicePixelRatio);
  context?.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

/** Null while the image's or the element's size is not known. */
function placeIn(
  { clientWidth, clientHeight }: HTMLElement,
  { width, height }: { width: number; height: number },
  fit: InstanceLayerProps["fit"],
): Place | null {
  if (width === 0 || height === 0 || clientWidth === 0) return null;
  const scale = Math[fit === "cover" ? "max" : "min"](clientWidth / width, clientHeight / height);
  return {
    x: (clientWidth - width * scale) / 2,
    y: (clientHeight - height * scale) / 2,
    scaleX: scale,
    scaleY: scale,
  };
}

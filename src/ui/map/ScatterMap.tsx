import { type ReactNode, useEffect, useRef, useState } from "react";
import type { MarkMode } from "../../state/actions.ts";
import { HoverCard, type Hovered } from "./HoverCard.tsx";
import type { PlacedImage } from "./imagePlaces.ts";
import { type MapEvents, type MapScene, MapView } from "./mapView.ts";
import "./map.css";

export interface ScatterMapProps extends Omit<MapEvents, "hover" | "drawnBy" | "placed"> {
  scene: MapScene;
  lassoActive: boolean;
  lassoMode: MarkMode;
  /** Gets the handle for buttons outside, and null when the map is gone. */
  handle(view: Pick<MapView, "zoomTo" | "fit" | "zoomBy"> | null): void;
  /** A thumbnail that is drawn on the map. */
  image(row: number): ReactNode;
  thumbnail(row: number): Promise<Blob | null>;
  caption(row: number): { title: string; lines: string[] };
}

/** The map of all points: a thin React shell around {@link MapView}. */
export function ScatterMap(props: ScatterMapProps) {
  const { scene, lassoActive, lassoMode, thumbnail, caption, image, handle, ...events } = props;
  const panel = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  const latest = useRef(events);
  latest.current = events;
  const latestHandle = useRef(handle);
  latestHandle.current = handle;
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [images, setImages] = useState<readonly PlacedImage[]>([]);
  const [note, setNote] = useState<string | null>(null);

  useEffect(() => {
    if (panel.current === null) return;
    const made = new MapView(
      panel.current,
      {
        mark: (rows, mode) => latest.current.mark(rows, mode),
        focus: (row) => latest.current.focus(row),
        open: (row) => latest.current.open(row),
        lassoEnded: () => latest.current.lassoEnded(),
        hover: setHovered,
        drawnBy: setNote,
        placed: setImages,
      },
      new URLSearchParams(location.search).has("no-webgl"),
    );
    view.current = made;
    latestHandle.current(made);
    return () => {
      view.current = null;
      latestHandle.current(null);
      made.close();
    };
  }, []);

  useEffect(() => {
    view.current?.show(scene);
  }, [scene]);

  useEffect(() => {
    if (!view.current) return;
    view.current.lassoActive = lassoActive;
    view.current.lassoMode = lassoMode;
  }, [lassoActive, lassoMode]);

  return (
    <div
      ref={panel}
      className={lassoActive ? "scatter-map lasso-active" : "scatter-map"}
      role="application"
      aria-label={`Scatter plot of ${scene.points.length / 2} images. Plus and minus zoom, arrows move, 0 shows all, Enter opens the focused image.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it answers to keys
      tabIndex={0}
    >
      {images.length > 0 && (
        <div className="map-images" aria-hidden="true">
          {images.map(({ row, x, y, side }) => (
            <div
              key={row}
              className="map-image"
              style={{ width: side, height: side, translate: `${x - side / 2}px ${y - side / 2}px` }}
            >
              {image(row)}
            </div>
          ))}
        </div>
      )}
      {hovered && <HoverCard hovered={hovered} thumbnail={thumbnail} caption={caption} />}
      {note && <p className="map-note">{note}</p>}
    </div>
  );
}

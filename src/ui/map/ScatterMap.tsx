import { useEffect, useRef, useState } from "react";
import { HoverCard, type Hovered } from "./HoverCard.tsx";
import { type MapEvents, type MapScene, MapView } from "./mapView.ts";
import "./map.css";

export interface ScatterMapProps extends Omit<MapEvents, "hover" | "drawnBy"> {
  scene: MapScene;
  lassoActive: boolean;
  thumbnail(row: number): Promise<Blob | null>;
  caption(row: number): { title: string; lines: string[] };
}

/** The map of all points: a thin React shell around {@link MapView}. */
export function ScatterMap({ scene, lassoActive, thumbnail, caption, ...events }: ScatterMapProps) {
  const panel = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  const latest = useRef(events);
  latest.current = events;
  const [hovered, setHovered] = useState<Hovered | null>(null);
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
      },
      new URLSearchParams(location.search).has("no-webgl"),
    );
    view.current = made;
    return () => {
      view.current = null;
      made.close();
    };
  }, []);

  useEffect(() => {
    view.current?.show(scene);
  }, [scene]);

  useEffect(() => {
    if (view.current) view.current.lassoActive = lassoActive;
  }, [lassoActive]);

  return (
    <div
      ref={panel}
      className={lassoActive ? "scatter-map lasso-active" : "scatter-map"}
      role="application"
      aria-label={`Scatter plot of ${scene.points.length / 2} images. Plus and minus zoom, arrows move, 0 shows all, Enter opens the focused image.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it answers to keys
      tabIndex={0}
    >
      {hovered && <HoverCard hovered={hovered} thumbnail={thumbnail} caption={caption} />}
      {note && <p className="map-note">{note}</p>}
    </div>
  );
}

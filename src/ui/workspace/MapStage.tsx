import { useWinnow } from "../winnow.tsx";

/** The map itself, or why there is none. */
export function MapStage(_: { lasso: boolean; onLassoEnd: () => void }) {
  const empty = useWinnow((state) => state.mapEmpty);
  return <div className="map-stage">{empty !== null && <p className="empty">{empty}</p>}</div>;
}

import { Term } from "../controls/Term.tsx";
import { useWinnow } from "../winnow.tsx";

/** How far the map that is shown can be believed. */
export function MapQualityLine() {
  const quality = useWinnow((state) => state.mapQuality);
  if (quality === null || quality.k === 0) return null;
  return (
    <p className="map-quality muted">
      <Term word="Trustworthiness">
        How far the neighbours of an image on the map are its neighbours in the embedding, measured on{" "}
        {quality.measured.toLocaleString("en")} images with {quality.k} neighbours each: 1 is all of them. “Kept” is the
        share of the nearest images in the embedding that are also nearest on the map. The axes of a map have no
        meaning.
      </Term>{" "}
      {quality.trustworthiness.toFixed(3)} · kept {Math.round(quality.kept * 100)} %
    </p>
  );
}

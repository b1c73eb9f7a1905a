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
      {quality.recall < 1 && (
        <>
          {" · "}
          <Term word="recall">
            The share of the true nearest neighbours that this map was made from. So many images are compared with the
            likeliest others only, not with all; the share was measured on 500 of them.
          </Term>{" "}
          {quality.recall.toFixed(3)}
        </>
      )}
    </p>
  );
}

import type { TriedEmbedding } from "../../state/actions.ts";
import { PathText } from "../text/HostileText.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useWinnow } from "../winnow.tsx";
import { useBlobUrl } from "./useBlobUrl.ts";

/** What a trial found: the output's shape, length and time, and the images that the model takes for most alike. */
export function TryResult({ tried: { trial, thumbnail, near, sampled } }: { tried: TriedEmbedding }) {
  const images = useWinnow((state) => state.images);
  const url = useBlobUrl(thumbnail);
  return (
    <section className="try-result" aria-label="Trial">
      <p>
        <strong>{formatCount(trial.featureCount)} numbers</strong> an image{" "}
        <span className="muted">
          · output {trial.output} · length {trial.norm.toPrecision(3)} · {millisecondsText(trial.msPerImage)} an image
          with one thread
          {trial.featureCount < 16 && " · so few numbers are seldom enough: is this the right output?"}
        </span>
      </p>
      <div className="try-images">
        <figure>
          {url !== "" && <img src={url} alt="What was looked at" className="try-image" />}
          <figcaption className="muted">this image</figcaption>
        </figure>
        {near.map(({ row, cosine }) => (
          <figure key={row} title={images.path(row)}>
            <Thumbnail row={row} className="try-image" />
            <figcaption className="muted">
              {cosine.toFixed(2)}
              <span className="visually-hidden">
                <PathText path={images.path(row)} />
              </span>
            </figcaption>
          </figure>
        ))}
      </div>
      <p className="muted models-note">
        The nearest of {countOf(sampled, "image")} of the project by their thumbnails, with cosines around their mean.
        If they are not alike, values, colours or the output are wrong.
      </p>
    </section>
  );
}

/** “5.5 ms”, “140 ms”. */
export const millisecondsText = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

import type { TriedPredictions } from "../../state/actions.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { millisecondsText } from "./TryResult.tsx";
import { useBlobUrl } from "./useBlobUrl.ts";

const linesShown = 8;

/** What a classifier or detector says of the image that it was tried on: classes with their scores, boxes drawn. */
export function TryPredictions({ tried }: { tried: TriedPredictions }) {
  const { said, thumbnail, width, height, output, msPerImage } = tried;
  const boxes = said.filter(({ box }) => box !== null);
  const url = useBlobUrl(thumbnail);
  return (
    <section className="try-result" aria-label="Trial">
      <p>
        <strong>
          {boxes.length > 0 ? countOf(boxes.length, "box", "boxes") : countOf(said.length, "class", "classes")}
        </strong>{" "}
        <span className="muted">
          · output {output} · {millisecondsText(msPerImage)} an image with one thread
        </span>
      </p>
      <div className="try-said">
        <div className="try-picture">
          {url !== "" && <img src={url} alt="What was looked at" />}
          <svg viewBox={`0 0 ${width} ${height}`} className="try-boxes" aria-hidden="true">
            {boxes.map(({ box }, i) => {
              const [x = 0, y = 0, w = 0, h = 0] = box ?? [];
              // biome-ignore lint/suspicious/noArrayIndexKey: boxes of one trial never move
              return <rect key={i} x={x} y={y} width={w} height={h} className="try-box" />;
            })}
          </svg>
        </div>
        <ol className="try-lines">
          {said.slice(0, linesShown).map(({ name, score }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one trial never move
            <li key={i}>
              <meter min={0} max={1} value={score} aria-label="Score" /> <HostileText text={name} />{" "}
              <span className="muted">{score.toFixed(2)}</span>
            </li>
          ))}
          {said.length > linesShown && <li className="muted">and {said.length - linesShown} more</li>}
          {said.length === 0 && (
            <li className="muted">
              Nothing over the least score. If there should be something, its values, colours or layout are wrong.
            </li>
          )}
        </ol>
      </div>
    </section>
  );
}

import type { SelectionRecord } from "../../core/records.ts";
import { formatCount, formatDistance } from "../text/quantities.ts";
import { Thumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { factorsOf, whyPicked } from "./coverage.ts";

/** Why the focused pick was taken: in a sentence, by its factors, beside the nearest image chosen before it. */
export function WhyPicked({ shown, rank }: { shown: SelectionRecord; rank: number }) {
  const ranks = useWinnow((state) => state.ranks);
  const nearest = shown.nearestChosen[rank - 1] ?? -1;
  const nearestRank = ranks.get(nearest);
  const factors = factorsOf(shown, rank);
  return (
    <section className="why-picked" aria-label="Why this image">
      <p className="why">
        <span className="pick-badge pick-badge-inline">{formatCount(rank)}</span>
        <span>
          Pick {formatCount(rank)}: {whyPicked(shown, ranks, rank)}.
        </span>
      </p>
      <div className="why-images">
        <WhyImage row={shown.rows[rank - 1]!} text={`pick ${formatCount(rank)}`} />
        {nearest >= 0 && (
          <WhyImage
            row={nearest}
            text={`nearest chosen before: ${nearestRank === undefined ? "earlier" : `pick ${formatCount(nearestRank)}`}, distance ${formatDistance(shown.pickDistances[rank - 1] ?? 0)}`}
          />
        )}
        {factors.length > 1 && (
          <table className="why-factors">
            <caption className="visually-hidden">Factors of pick {rank}</caption>
            <tbody>
              {factors.map(({ number, word, factor, strength }) => (
                <tr key={number}>
                  <th scope="row">
                    {number} {word}
                  </th>
                  <td>{Number(factor.toPrecision(3))}</td>
                  <td className="muted">{strength === 1 ? "" : `strength ${strength}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}

function WhyImage({ row, text }: { row: number; text: string }) {
  const { focus } = useActions();
  const images = useWinnow((state) => state.images);
  return (
    <figure className="why-image">
      <button
        type="button"
        className="neighbour"
        aria-label={`${images.path(row)}, ${text}`}
        title={images.path(row)}
        onClick={() => focus(row)}
      >
        <Thumbnail row={row} className="details-image" />
      </button>
      <figcaption className="muted">{text}</figcaption>
    </figure>
  );
}

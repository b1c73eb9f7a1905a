import { Sparkles } from "lucide-react";
import { useMemo, useState } from "react";
import { automaticId, taggedCount, usualTagThreshold } from "../../core/classifier/automaticTags.ts";
import { likeliestClasses } from "../../state/automaticTagging.ts";
import { Term } from "../controls/Term.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** Predictions that need no labels and no file: what the bundled model is sure enough of. */
export function AutomaticTags() {
  const actions = useActions();
  const computed = useWinnow((state) => state.computed);
  const before = useWinnow((state) => state.annotations.find(({ id }) => id === automaticId));
  const otherModel = useWinnow((state) => state.vocabulary === null);
  const [threshold, setThreshold] = useState(before?.source.threshold ?? usualTagThreshold);
  const likeliest = useMemo(() => likeliestClasses({ computed }), [computed]);
  const count = useMemo(() => (likeliest ? taggedCount(likeliest, threshold) : 0), [likeliest, threshold]);
  return (
    <section className="automatic-tags" aria-label="Automatic tags">
      <p className="automatic-title">
        <Term word="Automatic tags">
          The bundled model knows the 1,000 classes of ImageNet. Where its likeliest class is at least this likely, the
          image gets it as a prediction, which can be filtered, coloured, balanced and exported by.
        </Term>
      </p>
      {likeliest === null ? (
        <p className="muted">
          {otherModel
            ? "Not for this project: its features are another model’s."
            : "Known as soon as the images have been explored."}
        </p>
      ) : (
        <>
          <label className="set-draw">
            <span className="muted">likely from {threshold.toFixed(2)}</span>
            <input
              type="range"
              className="range"
              aria-label="Least probability of automatic tags"
              min={0.05}
              max={0.95}
              step={0.05}
              value={threshold}
              onChange={(event) => setThreshold(Number(event.target.value))}
            />
          </label>
          <span className="muted" role="status">
            {formatCount(count)} of {countOf(likeliest.ofRow.length, "image")}
          </span>
          <button
            type="button"
            className="button"
            disabled={count === 0}
            onClick={() => actions.tagAutomatically(threshold)}
          >
            <Sparkles size={15} aria-hidden="true" />
            {before ? "Tag again" : "Tag automatically"}
          </button>
        </>
      )}
    </section>
  );
}

import { useState } from "react";
import { revealedText } from "../../core/format/unseenText.ts";
import type { EmbeddingComparison } from "../../core/model/compareEmbeddings.ts";
import { Picker } from "../controls/Picker.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Two of the project's embeddings side by side: how many neighbours they share, and which knows the labels better. */
export function SpaceComparison() {
  const actions = useActions();
  const spaces = useWinnow((state) => state.spaces);
  const ownName = useWinnow((state) => state.ownSpaceName);
  const annotations = useWinnow((state) => state.annotations);
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  const [pair, setPair] = useState<readonly [string, string]>(["", spaces[0]?.id ?? ""]);
  const labelled = annotations.filter(({ role }) => role === "labels");
  const [asked, setAsked] = useState<string>("");
  const labels = labelled.some(({ id }) => id === asked) ? asked : (labelled[0]?.id ?? "");
  const [found, setFound] = useState<{ result: EmbeddingComparison; names: readonly [string, string] } | null>(null);
  const [problem, setProblem] = useState("");
  const options = [
    { value: "", text: revealedText(ownName) },
    ...spaces.filter(({ rows }) => rows === images).map(({ id, name }) => ({ value: id, text: revealedText(name) })),
  ];
  const nameOf = (id: string) => options.find(({ value }) => value === id)?.text ?? "";
  const compare = async () => {
    setProblem("");
    setFound(null);
    try {
      const result = await actions.compareSpaces(pair, labels === "" ? null : labels);
      if (result) setFound({ result, names: [nameOf(pair[0]), nameOf(pair[1])] });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  if (options.length < 2) return null;
  return (
    <div className="space-comparison">
      <div className="models-buttons">
        <Picker boxed label="Compare" value={pair[0]} options={options} onPick={(id) => setPair([id, pair[1]])} />
        <Picker boxed label="with" value={pair[1]} options={options} onPick={(id) => setPair([pair[0], id])} />
        {labelled.length > 0 && (
          <Picker
            boxed
            label="by the labels"
            value={labels}
            options={labelled.map(({ id, name }) => ({ value: id, text: revealedText(name) }))}
            onPick={setAsked}
          />
        )}
        <button type="button" className="button" disabled={pair[0] === pair[1]} onClick={compare}>
          Compare
        </button>
      </div>
      {problem !== "" && (
        <p role="alert" className="models-problem">
          <HostileText text={problem} />
        </p>
      )}
      {found && (
        <div role="status" aria-label="Comparison">
          {found.result.overlap === null ? (
            <p>The project has too few images to compare their 15 nearest neighbours.</p>
          ) : (
            <p>
              <strong>{percent(found.result.overlap)}</strong> of the 15 nearest neighbours are the same{" "}
              <span className="muted">({countOf(found.result.rows, "image")} looked at)</span>
            </p>
          )}
          {found.result.accuracy ? (
            <p>
              Labels guessed from the 10 nearest labelled images:{" "}
              {found.names.map((name, i) => (
                <span key={pair[i]}>
                  {i > 0 && ", "}
                  <HostileText text={name} /> <strong>{percent(found.result.accuracy![i]!)}</strong>
                </span>
              ))}{" "}
              <span className="muted">right ({formatCount(found.result.labelled)} asked)</span>
            </p>
          ) : (
            <p className="muted">Import labels, or give some, to see which of them knows your classes better.</p>
          )}
        </div>
      )}
    </div>
  );
}

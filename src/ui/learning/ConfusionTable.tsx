import { revealedText } from "../../core/format/unseenText.ts";
import { HostileText } from "../text/HostileText.tsx";

/** More classes are too many to read as a matrix: then the most frequent mistakes are listed. */
const mostInMatrix = 12;
const mostMistakes = 10;

interface ConfusionTableProps {
  classes: readonly string[];
  /** classes × classes: rows are labels, columns guesses. */
  confusion: Uint32Array;
}

/** What is taken for what. */
export function ConfusionTable({ classes, confusion }: ConfusionTableProps) {
  const size = classes.length;
  const totals = classes.map((_, c) => confusion.subarray(c * size, (c + 1) * size).reduce((sum, n) => sum + n, 0));
  const used = classes.map((name, c) => ({ name, c })).filter(({ c }) => totals[c]! > 0);
  if (used.length > mostInMatrix) return <MistakeList classes={classes} confusion={confusion} />;
  return (
    <table className="confusion" aria-label="Confusion matrix: rows are labels, columns what the probe takes them for">
      <thead>
        <tr>
          <th scope="col">label</th>
          {used.map(({ name, c }) => (
            <th key={c} scope="col" title={revealedText(name)}>
              <span>
                <HostileText text={name} />
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {used.map(({ name, c: label }) => (
          <tr key={label}>
            <th scope="row" title={revealedText(name)}>
              <HostileText text={name} />
            </th>
            {used.map(({ c: guess }) => {
              const count = confusion[label * size + guess]!;
              const kind = label === guess ? "is-right" : count > 0 ? "is-wrong" : "";
              return (
                <td key={guess} className={kind}>
                  {count > 0 ? count : ""}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MistakeList({ classes, confusion }: ConfusionTableProps) {
  const size = classes.length;
  const mistakes = Array.from(confusion.keys())
    .filter((at) => confusion[at]! > 0 && Math.floor(at / size) !== at % size)
    .sort((a, b) => confusion[b]! - confusion[a]! || a - b)
    .slice(0, mostMistakes);
  if (mistakes.length === 0) return <p className="muted">No class is taken for another.</p>;
  return (
    <ol className="mistakes" aria-label="Most frequent mistakes">
      {mistakes.map((at) => (
        <li key={at}>
          <HostileText text={classes[Math.floor(at / size)]!} /> taken for <HostileText text={classes[at % size]!} />:{" "}
          {confusion[at]}
        </li>
      ))}
    </ol>
  );
}

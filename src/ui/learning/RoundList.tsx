import { useMemo } from "react";
import type { HeldSet } from "../../core/annotations/heldSet.ts";
import { loopRounds } from "../../state/learning.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useWinnow } from "../winnow.tsx";
import { formatShare, labelAt } from "./labelSets.ts";

interface RoundListProps {
  set: HeldSet;
  shown: string | null;
  onShow: (id: string) => void;
}

/** The batches of the loop with what came of them, newest first. */
export function RoundList({ set, shown, onShow }: RoundListProps) {
  const selections = useWinnow((state) => state.selections);
  const curve = useWinnow((state) => (state.probe?.labels === set.id ? state.probe.curve : null));
  const rounds = useMemo(() => loopRounds(selections, set.id), [selections, set.id]);
  if (rounds.length === 0) return null;
  return (
    <section aria-label="Rounds">
      <h3 className="section-title">Rounds</h3>
      <ol className="round-list" reversed>
        {rounds
          .map((record, i) => ({ record, point: curve?.find(({ round }) => round === i + 1) }))
          .reverse()
          .map(({ record, point }) => {
            const done = record.rows.reduce((sum, row) => sum + Number(labelAt(set, row) !== null), 0);
            return (
              <li key={record.id}>
                <button
                  type="button"
                  className="round-button"
                  aria-pressed={record.id === shown}
                  onClick={() => onShow(record.id)}
                >
                  <span className="round-name">
                    <HostileText text={record.name} />
                  </span>
                  <span className="muted">
                    {done} of {record.rows.length} labelled{point && ` · ${formatShare(point.accuracy)}`}
                  </span>
                </button>
              </li>
            );
          })}
      </ol>
    </section>
  );
}

import { loopStrategyOf } from "../core/active/loopStrategies.ts";
import { defaultProbe } from "../core/active/probe.ts";
import { labelledRows } from "../core/active/probeSet.ts";
import { RowSet } from "../core/rowSet.ts";
import { excludedTag } from "../core/tags.ts";
import type { LoopOptions } from "./actions.ts";
import { loopRounds } from "./learning.ts";
import { runRound } from "./selecting.ts";
import type { Session } from "./session.ts";

/**
 * Chooses the next batch of a loop and keeps it as a record: by the strategy's first rules until two classes have labels,
 * then by what a probe trained on them is unsure of. What is labelled, or was in a batch before, is not chosen again.
 */
export async function startRound(session: Session, { labels, strategy, batch, balanced }: LoopOptions): Promise<void> {
  const { store, notices } = session.desk;
  const set = store.getState().annotations.find(({ id }) => id === labels);
  if (!set) return;
  const { rows, labels: classes } = labelledRows(set, set.known.length);
  /** The rounds before, and what is out of the question by now. */
  const taken = () => {
    const { selections, tags, images } = store.getState();
    const rounds = loopRounds(selections, labels);
    const chosen = rounds.reduce((all, record) => all.union(RowSet.of(record.rows)), RowSet.of(rows));
    return { images, rounds, chosen, excluded: tags.get(excludedTag) ?? RowSet.empty };
  };
  const before = taken();
  if (before.chosen.union(before.excluded).size >= before.images.length) {
    notices.info("No image is left to choose: all have a label, were in a batch before or are excluded.");
    return;
  }
  const { title, first, next } = loopStrategyOf(strategy);
  let strategies = first;
  if (new Set(classes).size > 1) {
    await session.learning.train(labels, { ...defaultProbe, balanced });
    const { probe } = store.getState();
    if (probe?.labels !== labels) return;
    strategies = next({ type: "SCORES", task: probe.set.id, score: "uncertainty_margin" });
  }
  const { images, rounds, chosen, excluded } = taken();
  const among = excluded.size === 0 ? null : RowSet.of(Array.from({ length: images.length }, (_, row) => row));
  const round = Math.max(0, ...rounds.map(({ loop }) => loop?.round ?? 0)) + 1;
  await runRound(session, {
    title: ` · round ${round} · ${title}`,
    config: { nSamples: batch, strategies },
    alreadyChosen: chosen.rows,
    among: among?.without(excluded).rows ?? null,
    loop: { labels, round, strategy },
  });
}

import { judgedBy } from "../core/active/judgedBy.ts";
import { defaultProbe } from "../core/active/probe.ts";
import { WinnowError } from "../core/errors.ts";
import { RowSet } from "../core/rowSet.ts";
import type { LabelIssueOptions } from "./actions.ts";
import { checkedTag } from "./labelCheck.ts";
import type { Session } from "./session.ts";

/** Finds labels that the probe, judged on what it did not see, or imported predictions contradict. */
export async function findLabelIssues(session: Session, options: LabelIssueOptions): Promise<void> {
  const { store, jobs, project, isOpen } = session.desk;
  const { labels: id, source, filter, ranking } = options;
  const { annotations } = store.getState();
  const labels = annotations.find((set) => set.id === id);
  if (!labels) return;
  let about: ReturnType<typeof judgedBy>;
  if (source === null) {
    await session.learning.train(id, store.getState().probe?.settings ?? defaultProbe);
    const { probe } = store.getState();
    if (probe?.labels !== id) return;
    if (probe.outOfSample === null) throw new WinnowError("empty", "Two labels at least are needed to judge any.");
    const { labelled, outOfSample, set } = probe;
    about = {
      judged: { labels: labelled.labels, probabilities: outOfSample, classes: labelled.classes },
      rows: labelled.rows,
      classes: [...set.classes],
    };
  } else {
    const predictions = annotations.find((set) => set.id === source);
    if (!predictions) return;
    about = judgedBy(labels, predictions);
    if (about.rows.length === 0) {
      throw new WinnowError(
        "empty",
        `No image has both a label in “${labels.name}” and probabilities in “${predictions.name}”.`,
      );
    }
  }
  const { judged, rows, classes } = about;
  const abort = new AbortController();
  const job = jobs.start({ name: "Label issues", unit: "steps", cancel: () => abort.abort() });
  try {
    const { issues, others, scores, suggested } = await project.analysis.labelIssues(
      judged,
      { filter, ranking },
      abort.signal,
    );
    job.finish();
    if (!isOpen()) return;
    const checked = store.getState().tags.get(checkedTag) ?? RowSet.empty;
    const scoreOf = new Float32Array(store.getState().images.length).fill(Number.NaN);
    for (const [place, row] of rows.entries()) scoreOf[row] = scores[place]!;
    store.setState({
      labelIssues: {
        ...options,
        judged: rows.length,
        scores: scoreOf,
        issues: [...issues, ...others]
          .map((place, i) => ({
            row: rows[place]!,
            given: classes[judged.labels[place]!]!,
            suggested: classes[suggested[place]!]!,
            score: scores[place]!,
            lessSure: i >= issues.length,
          }))
          .filter(({ row }) => !checked.has(row)),
      },
    });
  } catch (error) {
    job.fail(error);
    throw error;
  }
}

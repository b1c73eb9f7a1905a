import type { SuspiciousBox } from "../core/annotations/boxErrors.ts";
import type { Actions } from "./actions.ts";
import type { Session } from "./session.ts";

type ReviewActions = Pick<Actions, "findBoxIssues" | "setBoxThresholds" | "keepBox" | "acceptBox">;

const boxReview = () => import("./boxReview.ts");

/** The review of boxes. What does the work is loaded when it is wanted. */
export const reviewActions = (
  inSession: (work: (session: Session) => Promise<unknown>) => Promise<void>,
): ReviewActions => ({
  findBoxIssues: async (labels, predictions) => {
    let found: SuspiciousBox[] | null = null;
    await inSession(async (open) => {
      found = await (await boxReview()).findBoxIssues(open, labels, predictions);
    });
    return found;
  },
  setBoxThresholds: (change) => void inSession(async (open) => (await boxReview()).setBoxThresholds(open, change)),
  keepBox: (set, suspicion) => void inSession(async (open) => (await boxReview()).keepBox(open, set, suspicion)),
  acceptBox: (set, suspicion, by) =>
    void inSession(async (open) => (await boxReview()).acceptBox(open, set, suspicion, by)),
});

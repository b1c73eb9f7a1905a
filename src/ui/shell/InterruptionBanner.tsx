import { CirclePause } from "lucide-react";
import type { ReactNode } from "react";
import type { Interruption } from "../../state/state.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { useSources } from "./Sources.tsx";

/** Why adding images has stopped, and the one button that continues it. */
export function InterruptionBanner() {
  const interruption = useWinnow((state) => state.interruption);
  const { resumeIngest } = useActions();
  const { openFolder } = useSources();
  if (!interruption) return null;

  const source = <HostileText text={interruption.source} />;
  const { text, button } = words(interruption.kind, source);
  return (
    <section className="interruption" aria-label="Interrupted">
      <CirclePause size={18} aria-hidden="true" />
      <p>{text}</p>
      <button
        type="button"
        className="button button-primary"
        onClick={interruption.kind === "choose-again" ? openFolder : resumeIngest}
      >
        {button}
      </button>
    </section>
  );
}

function words(kind: Interruption["kind"], source: ReactNode): { text: ReactNode; button: string } {
  switch (kind) {
    case "permission":
      return {
        text: (
          <>
            Not all images of <b>{source}</b> are in yet. The browser asks once more before the page may read the
            folder. What is done stays done.
          </>
        ),
        button: "Allow and continue",
      };
    case "choose-again":
      return {
        text: (
          <>
            Not all images of <b>{source}</b> are in yet. This browser does not remember folders: choose the same one
            again to continue. What is done is not repeated.
          </>
        ),
        button: "Choose the folder again",
      };
    case "storage-full":
      return {
        text: (
          <>
            The browser’s storage is full, so adding <b>{source}</b> has stopped. Everything stored so far is safe.
            Delete a project you no longer need, or free space on the disk, then continue.
          </>
        ),
        button: "Try again",
      };
    case "stopped":
      return {
        text: (
          <>
            Adding <b>{source}</b> was stopped before its end. What is done stays done.
          </>
        ),
        button: "Continue",
      };
  }
}

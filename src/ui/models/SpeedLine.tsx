import { Gauge } from "lucide-react";
import { useState } from "react";
import type { ModelSpec } from "../../core/model/modelSpec.ts";
import { Term } from "../controls/Term.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

interface SpeedLineProps {
  model: { sha256: string; name: string };
  spec: ModelSpec;
  disabled: boolean;
}

/** How fast the model was measured to be on this machine, with what, and the way to measure it again. */
export function SpeedLine({ model, spec, disabled }: SpeedLineProps) {
  const actions = useActions();
  const busy = useWinnow((state) =>
    state.jobs.some(({ name, status }) => status === "running" && /^(Embedding|Predicting|Measuring speed)/.test(name)),
  );
  // It is in this browser's memory, not in the state: measured again, it is looked at again.
  const [, setMeasured] = useState<string | null>(null);
  const speed = actions.speedOf(model, spec);
  return (
    <section className="models-buttons" aria-label="Speed">
      <Term word="Speed here">
        How many sessions of the model run side by side, how many threads each has and how many images it takes at a
        time are measured on the first images that it embeds, two seconds in all, and remembered for this browser and
        machine. Work that runs beside it slows both: measure again when the machine is idle.
      </Term>
      <span className={speed === null ? "muted" : undefined}>
        {speed ?? "not measured yet; it is, with the first images that are embedded"}
      </span>
      <button
        type="button"
        className="button button-plain"
        disabled={disabled || busy}
        onClick={() => void actions.measureSpeed(model, spec).then(setMeasured)}
      >
        <Gauge size={14} aria-hidden="true" /> {speed === null ? "Measure now" : "Measure again"}
      </button>
    </section>
  );
}

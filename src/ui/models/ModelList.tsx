import { FilePlus2 } from "lucide-react";
import type { OwnModel } from "../../core/model/ownModel.ts";
import { kindOf } from "../../core/model/predicts.ts";
import type { BundledModel } from "../../state/modelSummaries.ts";
import { HostileText } from "../text/HostileText.tsx";
import { formatBytes } from "../text/quantities.ts";

interface ModelListProps {
  models: readonly OwnModel[];
  bundled: BundledModel | null;
  /** Hash of the model that is shown. */
  selected: string;
  busy: boolean;
  /** What was wrong with the files that were chosen last; "" for nothing. */
  problem: string;
  onPick: (sha256: string) => void;
  onFiles: (files: File[]) => void;
}

/** The models of this browser, and the way to bring another. */
export function ModelList({ models, bundled, selected, busy, problem, onPick, onFiles }: ModelListProps) {
  const take = (input: HTMLInputElement) => {
    onFiles(Array.from(input.files ?? []));
    // The same file chosen again must be a change again.
    input.value = "";
  };
  return (
    <div className="model-list">
      <label className={`button button-primary model-choose ${busy ? "model-choose-busy" : ""}`}>
        <FilePlus2 size={15} aria-hidden="true" />
        <span>Choose model file</span>
        <input
          type="file"
          className="model-input"
          multiple
          accept=".onnx,.json,.txt,.data,.bin,.onnx_data"
          disabled={busy}
          onChange={(event) => take(event.currentTarget)}
        />
      </label>
      <p className="muted models-note">
        Or drop it here. Choose files that hold its weights, its preprocessor_config.json, its class names (.txt,
        .json), or its text tower and tokenizer.json together with it. It stays in this browser.
      </p>
      {problem !== "" && (
        <p role="alert" className="models-problem">
          <HostileText text={problem} />
        </p>
      )}
      <ul className="model-entries" aria-label="Models of this browser">
        {bundled && (
          <ModelEntry
            name={bundled.name}
            note={`comes with Winnow · ${formatBytes(bundled.bytes)}`}
            selected={selected === bundled.sha256}
            onPick={() => onPick(bundled.sha256)}
          />
        )}
        {models.map(({ sha256, name, bytes, file, spec, text }) => (
          <ModelEntry
            key={sha256}
            name={name}
            note={`${kindOf(spec)} · ${formatBytes(bytes + (text?.bytes ?? 0))} · opset ${file.opset}${text ? " · reads words" : ""}`}
            selected={selected === sha256}
            onPick={() => onPick(sha256)}
          />
        ))}
      </ul>
    </div>
  );
}

interface ModelEntryProps {
  name: string;
  note: string;
  selected: boolean;
  onPick: () => void;
}

function ModelEntry({ name, note, selected, onPick }: ModelEntryProps) {
  return (
    <li>
      <button type="button" className="model-entry" aria-pressed={selected} onClick={onPick}>
        <span className="model-entry-name">
          <HostileText text={name} />
        </span>
        <span className="muted">{note}</span>
      </button>
    </li>
  );
}

import { guessSpec } from "../../core/model/guessSpec.ts";
import type { ModelSpec } from "../../core/model/modelSpec.ts";
import type { OnnxFile } from "../../core/model/onnxFile.ts";
import { kindOf, type ModelKind } from "../../core/model/predicts.ts";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";

const kinds = [
  { value: "embedding", text: "embedding model" },
  { value: "classifier", text: "classifier" },
  { value: "detector", text: "detector" },
] as const satisfies readonly { value: ModelKind; text: string }[];

interface KindPickerProps {
  name: string;
  spec: ModelSpec;
  file: OnnxFile;
  onChange: (spec: ModelSpec) => void;
  /** Why the model cannot be of the kind that was picked. */
  onProblem: (problem: string) => void;
}

/** What a model is for. Another kind begins with what the file suggests for it. */
export function KindPicker({ name, spec, file, onChange, onProblem }: KindPickerProps) {
  const pick = (kind: ModelKind) => {
    try {
      const { predicts } = spec;
      onChange(guessSpec(file, name, null, { kind, ...(predicts?.classes.length && { classes: predicts.classes }) }));
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="spec-form">
      <Picker boxed label="Kind" value={kindOf(spec)} options={kinds} onPick={pick} />
      <Term word="What is that?">
        An embedding model gives numbers by which images are compared: map, similarity, diversity. A classifier says
        which class an image shows, a detector where things are: both make a prediction task that can be filtered,
        coloured and chosen by.
      </Term>
    </div>
  );
}

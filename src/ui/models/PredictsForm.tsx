import { useState } from "react";
import { readClassNames } from "../../core/model/classNames.ts";
import type { OnnxFile } from "../../core/model/onnxFile.ts";
import type { ClassifierSpec, DetectorSpec, Predicts } from "../../core/model/predicts.ts";
import { NumberField } from "../controls/NumberField.tsx";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";

const classifierScores = [
  { value: "softmax", text: "one class an image (softmax)" },
  { value: "sigmoid", text: "several classes (sigmoid)" },
  { value: "none", text: "probabilities already" },
] as const satisfies readonly { value: ClassifierSpec["activation"]; text: string }[];
const detectorScores = [
  { value: "none", text: "0 to 1 already" },
  { value: "sigmoid", text: "logits (sigmoid)" },
  { value: "softmax", text: "logits (softmax)" },
] as const satisfies readonly { value: DetectorSpec["activation"]; text: string }[];
const layouts = [
  { value: "yolo", text: "YOLO: 4 + classes" },
  { value: "boxes", text: "boxes, scores, labels" },
  { value: "rows", text: "rows of 6" },
] as const satisfies readonly { value: DetectorSpec["layout"]; text: string }[];
const corners = [
  { value: "cxcywh", text: "centre and size" },
  { value: "xyxy", text: "two corners" },
  { value: "xywh", text: "corner and size" },
] as const satisfies readonly { value: DetectorSpec["corners"]; text: string }[];
const units = [
  { value: "pixels", text: "pixels of the input" },
  { value: "fractions", text: "0 to 1 of the input" },
] as const satisfies readonly { value: DetectorSpec["unit"]; text: string }[];
const backgrounds = [
  { value: "none", text: "none" },
  { value: "first", text: "the first" },
  { value: "last", text: "the last" },
] as const satisfies readonly { value: DetectorSpec["background"]; text: string }[];

const namesShown = 8;

interface PredictsFormProps<P extends Predicts> {
  predicts: P;
  file: OnnxFile;
  onChange: (predicts: P) => void;
}

/** How a classifier's or detector's outputs are read. */
export function PredictsForm({ predicts, file, onChange }: PredictsFormProps<Predicts>) {
  return (
    <fieldset className="spec-form">
      <legend className="models-legend">
        <Term word="Predictions">
          How the model’s outputs become classes or boxes: guessed from their names and shapes, and from what the file
          says of itself. Try it on an image before the whole project is looked at.
        </Term>
      </legend>
      {predicts.kind === "classifier" ? (
        <Picker
          boxed
          label="Scores"
          value={predicts.activation}
          options={classifierScores}
          onPick={(activation) => onChange({ ...predicts, activation, leastScore: activation === "sigmoid" ? 0.5 : 0 })}
        />
      ) : (
        <DetectorFields predicts={predicts} file={file} onChange={onChange} />
      )}
      <NumberField
        label="Least score"
        min={0}
        max={1}
        step={0.05}
        value={predicts.leastScore}
        onChange={(leastScore) => onChange({ ...predicts, leastScore: leastScore ?? Number.NaN })}
      />
      {predicts.kind === "detector" && (
        <>
          <NumberField
            label="Most overlap"
            min={0}
            max={1}
            step={0.05}
            value={predicts.overlap}
            onChange={(overlap) => onChange({ ...predicts, overlap: overlap ?? Number.NaN })}
          />
          <Term word="non-maximum suppression">
            Of boxes of one class that overlap more than this (intersection over union) only the surest stays. 1 keeps
            all: for models that do it themselves.
          </Term>
        </>
      )}
      <ClassNames classes={predicts.classes} onChange={(classes) => onChange({ ...predicts, classes })} />
    </fieldset>
  );
}

function DetectorFields({ predicts, file, onChange }: PredictsFormProps<DetectorSpec>) {
  const change = (part: Partial<DetectorSpec>) => onChange({ ...predicts, ...part });
  const outputs = file.outputs.map(({ name }) => ({ value: name, text: name }));
  const { labels: _labels, ...withoutLabels } = predicts;
  return (
    <>
      <Picker
        boxed
        label="Layout"
        value={predicts.layout}
        options={layouts}
        onPick={(layout) =>
          change({ layout, ...(layout === "boxes" && { scores: predicts.scores ?? outputs.at(-1)?.value ?? "" }) })
        }
      />
      {predicts.layout === "boxes" && (
        <>
          <Picker
            boxed
            label="Scores of"
            value={predicts.scores ?? ""}
            options={outputs}
            onPick={(scores) => change({ scores })}
          />
          <Picker
            boxed
            label="Labels of"
            value={predicts.labels ?? ""}
            options={[{ value: "", text: "the best score" }, ...outputs]}
            onPick={(labels) => onChange(labels === "" ? withoutLabels : { ...predicts, labels })}
          />
        </>
      )}
      <Picker
        boxed
        label="Boxes"
        value={predicts.corners}
        options={corners}
        onPick={(value) => change({ corners: value })}
      />
      <Picker boxed label="In" value={predicts.unit} options={units} onPick={(unit) => change({ unit })} />
      <Picker
        boxed
        label="Scores"
        value={predicts.activation}
        options={detectorScores}
        onPick={(activation) => change({ activation })}
      />
      {predicts.layout === "yolo" && (
        <span className="check-line">
          <input
            type="checkbox"
            className="checkbox"
            aria-label="Objectness"
            checked={predicts.objectness}
            onChange={(event) => change({ objectness: event.currentTarget.checked })}
          />
          <Term word="objectness">
            Older models of the YOLO family (v5, v7) have a fifth number: how likely anything is there.
          </Term>
        </span>
      )}
      {predicts.layout === "boxes" && (
        <Picker
          boxed
          label="Background class"
          value={predicts.background}
          options={backgrounds}
          onPick={(background) => change({ background })}
        />
      )}
    </>
  );
}

/** The names of the classes, and the way to choose others. */
function ClassNames({ classes, onChange }: { classes: readonly string[]; onChange: (classes: string[]) => void }) {
  const [problem, setProblem] = useState("");
  const read = async (file: File | undefined) => {
    if (!file) return;
    setProblem("");
    try {
      onChange(readClassNames(await file.text(), file.name));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="class-names">
      <span>
        {classes.length === 0 ? (
          <span className="muted">The model’s file names no classes: they are called class 0, class 1, …</span>
        ) : (
          <>
            {countOf(classes.length, "class", "classes")}:{" "}
            <span className="muted">
              <HostileText text={classes.slice(0, namesShown).join(", ")} />
              {classes.length > namesShown && " …"}
            </span>
          </>
        )}
      </span>
      <label className="button button-plain model-choose">
        Choose class names
        <input
          type="file"
          className="model-input"
          accept=".txt,.json"
          aria-label="Choose class names"
          onChange={(event) => {
            void read(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      {problem !== "" && (
        <p role="alert" className="models-problem">
          <HostileText text={problem} />
        </p>
      )}
    </div>
  );
}

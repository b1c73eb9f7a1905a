import {
  type ModelSpec,
  type Normalisation,
  normalisationOf,
  normalisations,
  scaled,
} from "../../core/model/modelSpec.ts";
import type { OnnxFile } from "../../core/model/onnxFile.ts";
import { NumberField } from "../controls/NumberField.tsx";
import { Picker } from "../controls/Picker.tsx";
import { Term } from "../controls/Term.tsx";

const resizes = [
  { value: "crop", text: "centred square" },
  { value: "squash", text: "squeezed" },
  { value: "letterbox", text: "letterbox" },
] as const satisfies readonly { value: ModelSpec["resize"]; text: string }[];
const poolings = [
  { value: "none", text: "as it is" },
  { value: "mean", text: "mean over space" },
  { value: "cls", text: "first token (CLS)" },
  { value: "tokens", text: "mean of the tokens" },
] as const satisfies readonly { value: ModelSpec["pooling"]; text: string }[];
const plain = <V extends string>(values: readonly V[]) => values.map((value) => ({ value, text: value }));

interface SpecFormProps {
  spec: ModelSpec;
  /** What the model's file says; null for the bundled model, which is fed in one way. */
  file: OnnxFile | null;
  onChange: (spec: ModelSpec) => void;
}

/** How images become a model's input, and which output is looked at: guessed from the file, corrected by the person. */
export function SpecForm({ spec, file, onChange }: SpecFormProps) {
  const change = (part: Partial<ModelSpec>) => onChange({ ...spec, ...part });
  return (
    <fieldset className="spec-form">
      <legend className="models-legend">
        <Term word="Preprocessing">
          What the model’s shapes suggest, and a preprocessor_config.json says where one was chosen with it. The order
          of colours and the values cannot be seen in a model: look at its documentation, and at the neighbours that a
          trial finds.
        </Term>
      </legend>
      <NumberField
        label="Size"
        unit="px"
        whole
        min={16}
        max={2048}
        value={spec.size}
        onChange={(size) => change({ size: size ?? Number.NaN })}
      />
      <Picker boxed label="Image" value={spec.resize} options={resizes} onPick={(resize) => change({ resize })} />
      {file !== null && (
        <>
          <Values spec={spec} onChange={change} />
          <Picker
            boxed
            label="Colours"
            value={spec.channels}
            options={plain(["RGB", "BGR"] as const)}
            onPick={(channels) => change({ channels })}
          />
          <Picker
            boxed
            label="Axes"
            value={spec.layout}
            options={plain(["NCHW", "NHWC"] as const)}
            onPick={(layout) => change({ layout })}
          />
          <Picker
            boxed
            label="Numbers"
            value={spec.type}
            options={plain(["f32", "f16", "u8"] as const)}
            onPick={(type) => change({ type })}
          />
          <Picker
            boxed
            label="Output"
            value={spec.output}
            options={plain(file.outputs.map(({ name }) => name))}
            onPick={(output) => change({ output })}
          />
          {spec.predicts === undefined && (
            <Picker
              boxed
              label="Pooling"
              value={spec.pooling}
              options={poolings}
              onPick={(pooling) => change({ pooling })}
            />
          )}
        </>
      )}
    </fieldset>
  );
}

/** Mean and spread of the pixel values: a usual pair, or numbers for each channel. */
function Values({ spec, onChange }: { spec: ModelSpec; onChange: (part: Partial<ModelSpec>) => void }) {
  const usual = normalisationOf(spec);
  const options = [
    ...(Object.keys(normalisations) as Normalisation[]).map((value) => ({ value, text: value })),
    { value: "other" as const, text: "other" },
  ];
  const pick = (value: Normalisation | "other") => {
    if (value !== "other") onChange(scaled(normalisations[value].mean, normalisations[value].std));
    // A little beside what it was: from here on the numbers themselves are shown.
    else onChange({ mean: spec.mean.map((mean) => mean + 1) });
  };
  const put = (which: "mean" | "scale", channel: number, value: number) =>
    onChange({ [which]: spec[which].map((before, i) => (i === channel ? value : before)) });
  return (
    <>
      <Picker boxed label="Values" value={usual ?? "other"} options={options} onPick={pick} />
      {usual === null && (
        <span className="spec-channels">
          {[...spec.channels].map((channel, i) => (
            <span key={channel} className="spec-channel">
              <NumberField
                label={`${channel} −`}
                value={spec.mean[i]}
                step={0.001}
                onChange={(value) => put("mean", i, value ?? Number.NaN)}
              />
              <NumberField
                label={`${channel} ÷`}
                value={spec.scale[i] ? 1 / spec.scale[i] : Number.NaN}
                step={0.001}
                onChange={(value) => put("scale", i, value ? 1 / value : Number.NaN)}
              />
            </span>
          ))}
        </span>
      )}
    </>
  );
}

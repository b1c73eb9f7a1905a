import type { OnnxFile, OnnxValue } from "../../core/model/onnxFile.ts";
import { Term } from "../controls/Term.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf, formatBytes, formatCount } from "../text/quantities.ts";
import { useWinnow } from "../winnow.tsx";

const operatorsShown = 6;

/** What a model's file says of itself; for the bundled one its card. */
export function ModelFacts({ file }: { file: OnnxFile | null }) {
  return file === null ? <BundledCard /> : <FileFacts file={file} />;
}

function BundledCard() {
  const bundled = useWinnow((state) => state.bundledModel);
  if (!bundled) return null;
  return (
    <p className="models-note">
      Trained on ImageNet-1k, {bundled.license}, by the EfficientNet authors; {formatCount(bundled.featureCount)}{" "}
      numbers an image. It comes with Winnow and is what every project starts with. At 160 pixels it is a{" "}
      <Term word="draft">
        About twice as fast, a little less exact: on photographs of clothing 82.6 % of images have a nearest neighbour
        of their kind, at 224 pixels 83.9 %.
      </Term>
      . Its classes name the clusters and answer searches by word.
    </p>
  );
}

function FileFacts({ file }: { file: OnnxFile }) {
  const operators = [...file.operators].sort((a, b) => b[1] - a[1]);
  const nodes = operators.reduce((sum, [, count]) => sum + count, 0);
  return (
    <dl className="model-facts">
      <dt>Takes</dt>
      <dd>
        {file.inputs.map((value) => (
          <Value key={value.name} value={value} />
        ))}
      </dd>
      <dt>Gives</dt>
      <dd>
        {file.outputs.map((value) => (
          <Value key={value.name} value={value} />
        ))}
      </dd>
      <dt>
        <Term word="Operators">
          The runtimes here know the standard ONNX operators and those of com.microsoft. A model with others is refused
          when it is chosen.
        </Term>
      </dt>
      <dd>
        {countOf(nodes, "node")}, opset {file.opset}:{" "}
        <HostileText
          text={operators
            .slice(0, operatorsShown)
            .map(([name, count]) => `${count} ${name}`)
            .join(", ")}
        />
        {operators.length > operatorsShown && ` and ${operators.length - operatorsShown} others`}
      </dd>
      <dt>Weights</dt>
      <dd>
        {formatBytes(file.constantBytes)}
        {file.externalFiles.length > 0 && (
          <>
            , in <HostileText text={file.externalFiles.join(", ")} />
          </>
        )}
        {file.producer !== "" && (
          <>
            {" "}
            · made by <HostileText text={file.producer} />
          </>
        )}
      </dd>
    </dl>
  );
}

function Value({ value: { name, type, dims } }: { value: OnnxValue }) {
  const shape = dims === null ? "any shape" : dims.join(" × ");
  return (
    <span className="model-value">
      <HostileText text={name} />{" "}
      <span className="muted">
        {type} <HostileText text={`[${shape}]`} />
      </span>
    </span>
  );
}

import { Download, Play, Trash2, Waypoints } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { imagePart } from "../../core/model/imagePart.ts";
import { type ModelSpec, readModelSpec } from "../../core/model/modelSpec.ts";
import type { OnnxFile } from "../../core/model/onnxFile.ts";
import { spaceId } from "../../core/model/ownModel.ts";
import type { TextTower } from "../../core/model/textTower.ts";
import type { TriedModel } from "../../state/actions.ts";
import { ConfirmDialog } from "../controls/ConfirmDialog.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { KindPicker } from "./KindPicker.tsx";
import { ModelFacts } from "./ModelFacts.tsx";
import { PredictButton } from "./PredictButton.tsx";
import { PredictsForm } from "./PredictsForm.tsx";
import { SpecForm } from "./SpecForm.tsx";
import { SpeedLine } from "./SpeedLine.tsx";
import { TextTowerPart } from "./TextTowerPart.tsx";
import { TryPredictions } from "./TryPredictions.tsx";
import { TryResult } from "./TryResult.tsx";

interface ModelDetailProps {
  model: { sha256: string; name: string; spec: ModelSpec; text?: TextTower };
  /** What its file says; null for the bundled model. */
  file: OnnxFile | null;
  /** Files that were chosen are being read. */
  busy: boolean;
  onFiles: (files: File[]) => void;
}

/** One model: what its file says, how it is fed and read, a trial, and the way to run it over the project. */
export function ModelDetail({ model, file: whole, busy, onFiles }: ModelDetailProps) {
  const actions = useActions();
  const images = useWinnow((state) => (state.imagesVersion >= 0 ? state.images.length : 0));
  const focused = useWinnow((state) => Math.max(0, state.focused));
  const spaces = useWinnow((state) => state.spaces);
  const ownSpace = useWinnow((state) => state.ownSpaceName);
  const ownSpaceId = useWinnow((state) => state.ownSpaceId);
  const [spec, setSpec] = useState(model.spec);
  const [outside, setOutside] = useState<File | null>(null);
  const [tried, setTried] = useState<TriedModel | null>(null);
  const [problem, setProblem] = useState("");
  const [running, setRunning] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);

  // Of a file with two towers the text tower has a part of its own below.
  const file = useMemo(() => whole && imagePart(whole), [whole]);
  const wrong = problemOf(spec);
  const present =
    spaces.find(({ id }) => id === spaceId(model.sha256, spec))?.name ??
    (ownSpaceId === spaceId(model.sha256, spec) ? ownSpace : null);
  const change = (next: ModelSpec) => {
    setSpec(next);
    setTried(null);
    setProblem("");
  };
  const attempt = async () => {
    setRunning(true);
    setProblem("");
    try {
      setTried(await actions.tryModel({ ...model, file }, spec, outside ?? focused, abort.current.signal));
    } catch (error) {
      if (!abort.current.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setRunning(false);
    }
  };
  const embed = () => {
    if (file !== null) actions.changeModelSpec(model.sha256, spec);
    actions.addSpace({ ...model, file }, spec);
  };

  return (
    <section className="model-detail" aria-label="Model">
      <h3 className="models-heading">
        <HostileText text={model.name} />
        <span className="spacer" />
        {file !== null && (
          <button type="button" className="button button-plain" onClick={() => setDeleting(true)}>
            <Trash2 size={14} aria-hidden="true" /> Delete model
          </button>
        )}
      </h3>
      <ModelFacts file={whole} />
      {file !== null && (
        <KindPicker name={model.name} spec={spec} file={file} onChange={change} onProblem={setProblem} />
      )}
      <SpecForm spec={spec} file={file} onChange={change} />
      {spec.predicts && file !== null && (
        <PredictsForm predicts={spec.predicts} file={file} onChange={(predicts) => change({ ...spec, predicts })} />
      )}
      {whole !== null && !spec.predicts && (
        <TextTowerPart text={model.text} file={whole} busy={busy} onFiles={onFiles} />
      )}
      {wrong !== "" && (
        <p role="alert" className="models-problem">
          {wrong}
        </p>
      )}
      <div className="models-buttons">
        <button type="button" className="button" disabled={running || wrong !== "" || images === 0} onClick={attempt}>
          <Play size={14} aria-hidden="true" /> {running ? "Trying…" : "Try it"}
        </button>
        <label className="button button-plain model-choose">
          {outside ? <HostileText text={outside.name} /> : "on the image in Details · choose another"}
          <input
            type="file"
            className="model-input"
            accept="image/*"
            aria-label="Image to try"
            onChange={(event) => {
              setOutside(event.currentTarget.files?.[0] ?? null);
              setTried(null);
            }}
          />
        </label>
        <span className="spacer" />
        <SpecDownload name={model.name} spec={spec} disabled={wrong !== ""} />
        {spec.predicts ? (
          <PredictButton model={{ ...model, file }} spec={spec} disabled={wrong !== ""} />
        ) : (
          <button
            type="button"
            className="button button-primary"
            disabled={wrong !== "" || images === 0 || present !== null}
            onClick={embed}
          >
            <Waypoints size={14} aria-hidden="true" /> Embed {countOf(images, "image")} with it
          </button>
        )}
      </div>
      <SpeedLine model={model} spec={spec} disabled={wrong !== ""} />
      {present !== null && (
        <p className="muted models-note">
          The project has this embedding: <HostileText text={present} />.
        </p>
      )}
      {problem !== "" && (
        <p role="alert" className="models-problem">
          <HostileText text={problem} />
        </p>
      )}
      {tried?.kind === "embedding" && <TryResult tried={tried} />}
      {tried?.kind === "predictions" && <TryPredictions tried={tried} />}
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this model?"
        confirm="Delete model"
        onConfirm={() => actions.deleteModel(model.sha256)}
      >
        Its file goes from this browser. Embeddings and predictions that were made with it stay; new images can be added
        to them once the file is chosen again.
      </ConfirmDialog>
    </section>
  );
}

/** Saves how the model is fed, for the command line and for other browsers. */
function SpecDownload({ name, spec, disabled }: { name: string; spec: ModelSpec; disabled: boolean }) {
  const save = () => {
    const blob = new Blob([`${JSON.stringify(spec, null, 2)}\n`], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${name.replace(/\.onnx$/i, "")}.preprocessing.json`;
    link.click();
    // The download has its own hold on the bytes once it has begun.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <button type="button" className="button button-plain" disabled={disabled} onClick={save}>
      <Download size={14} aria-hidden="true" /> Preprocessing (.json)
    </button>
  );
}

function problemOf(spec: ModelSpec): string {
  try {
    readModelSpec(spec, "What is typed");
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

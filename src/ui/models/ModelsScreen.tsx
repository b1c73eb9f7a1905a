import { useEffect, useState } from "react";
import type { ModelSpec } from "../../core/model/modelSpec.ts";
import { Screen } from "../screens/Screen.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import { ModelDetail } from "./ModelDetail.tsx";
import { ModelList } from "./ModelList.tsx";
import "./models.css";
import { SpacesTable } from "./SpacesTable.tsx";
import { useFileDrop } from "./useFileDrop.ts";

/** What made the embeddings of this project, and what else could: one's own ONNX models. */
export function ModelsScreen() {
  const actions = useActions();
  const models = useWinnow((state) => state.models);
  const bundled = useWinnow((state) => state.bundledModel);
  const [picked, setPicked] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => actions.loadModels(), [actions]);

  const selected = models?.find(({ sha256 }) => sha256 === picked) ?? null;
  const add = async (files: readonly File[]) => {
    if (files.length === 0) return;
    setBusy(true);
    setProblem("");
    try {
      setPicked(await actions.addModelFiles(files, selected?.sha256 ?? null));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const over = useFileDrop(add);
  const shown = selected ?? bundled;
  return (
    <Screen title="Models">
      <div className="models-screen">
        <ModelList
          models={models ?? []}
          bundled={bundled}
          selected={shown?.sha256 ?? ""}
          busy={busy}
          problem={problem}
          onPick={(sha256) => {
            setPicked(sha256);
            setProblem("");
          }}
          onFiles={add}
        />
        <div className="models-main">
          {shown && (
            <ModelDetail key={keyOf(shown)} model={shown} file={selected?.file ?? null} busy={busy} onFiles={add} />
          )}
          <SpacesTable />
        </div>
      </div>
      {over && (
        <p className="models-drop" role="status">
          Drop an .onnx file, with the files that belong to it
        </p>
      )}
    </Screen>
  );
}

/** What is typed belongs to a model and how it was fed when it was opened. */
const keyOf = ({ sha256, spec }: { sha256: string; spec: ModelSpec }): string => sha256 + JSON.stringify(spec);

import { type FormatName, formatNames, formatTitles } from "../../core/format/annotations/formats.ts";
import { setId } from "../../core/format/annotations/setNames.ts";
import type { ImportDraft } from "../../state/importDraft.ts";
import { Panel } from "../controls/Panel.tsx";
import { Picker } from "../controls/Picker.tsx";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { ImportSummary } from "./ImportSummary.tsx";
import { MappingTable } from "./MappingTable.tsx";
import "./importing.css";

/** What is in the chosen files and what importing them would do; nothing is written before *Import* is pressed. */
export function ImportDialog() {
  const draft = useWinnow((state) => state.importing);
  return draft && <Draft draft={draft} />;
}

function Draft({ draft }: { draft: ImportDraft }) {
  const { changeImport, finishImport, cancelImport } = useActions();
  const { file, fileCount, format, mapping, role, name, progress, summary, problem } = draft;
  return (
    <Panel
      open
      onOpenChange={(open) => !open && cancelImport()}
      wide
      title={
        <>
          Import “<HostileText text={file} />”
        </>
      }
      foot={
        <>
          <button type="button" className="button" onClick={cancelImport}>
            Cancel
          </button>
          <button type="button" className="button button-primary" disabled={summary === null} onClick={finishImport}>
            Import
          </button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a small screen */}
      <div className="dialog-body import-body" tabIndex={0}>
        <div className="import-choices">
          <Picker
            label="Format"
            boxed
            value={format ?? ""}
            options={[
              ...(format === null ? [{ value: "" as const, text: "unknown", disabled: true }] : []),
              ...formatNames.filter((one) => one !== "folders").map((one) => ({ value: one, text: formatTitles[one] })),
            ]}
            onPick={(picked) => changeImport({ format: picked as FormatName })}
          />
          <Picker
            label="As"
            boxed
            value={role ?? "file"}
            options={[
              { value: "file", text: "the file says" },
              { value: "labels", text: "labels" },
              { value: "predictions", text: "predictions" },
            ]}
            onPick={(picked) => changeImport({ role: picked === "file" ? null : (picked as "labels" | "predictions") })}
          />
          {draft.setCount === 1 && <NameField name={name} />}
          {fileCount > 1 && <span className="muted">{countOf(fileCount, "file")}</span>}
        </div>
        {mapping && <MappingTable draft={draft} mapping={mapping} />}
        {progress && <Reading done={progress.done} total={progress.total} />}
        {problem !== "" && (
          <p className="import-problem" role="alert">
            <HostileText text={problem} />
          </p>
        )}
        {summary && <ImportSummary summary={summary} />}
      </div>
    </Panel>
  );
}

/** The set's name, and what becomes of one that has it already. */
function NameField({ name }: { name: string }) {
  const { changeImport } = useActions();
  const known = useWinnow((state) => state.annotations.find(({ id }) => id === setId(name.trim()))?.name ?? null);
  return (
    <>
      <label className="import-name">
        <span className="muted">Name</span>
        <input
          className="field"
          value={name}
          maxLength={120}
          onChange={(event) => changeImport({ name: event.target.value })}
        />
      </label>
      {known !== null && (
        <span className="muted">
          brings “<HostileText text={known} />” up to date
        </span>
      )}
    </>
  );
}

function Reading({ done, total }: { done: number; total: number }) {
  const known = total > 0;
  return (
    <div className="import-reading">
      <span>Reading…</span>
      <span
        role="progressbar"
        aria-label="Reading"
        aria-valuemin={0}
        aria-valuemax={known ? total : undefined}
        aria-valuenow={known ? Math.min(done, total) : undefined}
        className={known ? "job-track" : "job-track is-unknown"}
      >
        <span className="job-fill" style={known ? { transform: `scaleX(${Math.min(1, done / total)})` } : undefined} />
      </span>
    </div>
  );
}

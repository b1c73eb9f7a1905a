import { Menu } from "@base-ui/react/menu";
import { Check, ChevronDown, Download } from "lucide-react";
import { lazy, useId, useState } from "react";
import { rowsWithIssues } from "../../core/quality/issueTable.ts";
import { RowSet } from "../../core/rowSet.ts";
import { excludedTag } from "../../core/tags.ts";
import type { ExportKind, ExportScope } from "../../state/actions.ts";
import { Part } from "../parts/Part.tsx";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

/** With it come the writers of all formats. */
const AnnotationExports = lazy(async () => ({ default: (await import("./AnnotationExports.tsx")).AnnotationExports }));

interface ExportChoice {
  kind: ExportKind;
  /** The accessible name, word for word. */
  name: string;
  /** What it would contain now, or why it cannot be had. */
  note: string;
  disabled: boolean;
}

const PublishDialog = lazy(async () => ({
  default: (await import("../publishing/PublishDialog.tsx")).PublishDialog,
}));

/** The images that are wanted: all, or a part with a word for it. */
interface Wanted {
  count: number;
  word: "cleaned" | "shown" | "marked" | null;
}

function exportChoices({ count, word }: Wanted, chosen: number, flagged: number): ExportChoice[] {
  const all = word ? countOf(count, `${word} image`) : countOf(count, "image");
  const ranked = chosen > 0 ? `${all}, ${formatCount(chosen)} with pick rank` : `${all}, none chosen yet`;
  const none = count === 0;
  const tables: ExportChoice[] = [
    { kind: "csv", name: "CSV", note: word ? all : `${ranked}, size, SHA-256, tags`, disabled: none },
    { kind: "json", name: "JSON", note: `The same as CSV, for programs`, disabled: none },
    {
      kind: "embeddings-npy",
      name: "Embeddings (.npy)",
      note: `One row for each of ${all}, in the order of the CSV`,
      disabled: none,
    },
    {
      kind: "tensorboard",
      name: "TensorBoard projector (.zip)",
      note: `Embeddings and thumbnails of ${all}`,
      disabled: none,
    },
    {
      kind: "embedding-atlas",
      name: "Embedding Atlas (.parquet)",
      note: "The map as it is now, with neighbours",
      disabled: none,
    },
  ];
  const issues: ExportChoice = {
    kind: "issues-csv",
    name: "Issues (.csv)",
    note: `Every check of every image; ${countOf(flagged, "image")} with an issue`,
    disabled: none,
  };
  if (word) {
    const part = `${word[0]!.toUpperCase()}${word.slice(1)}`;
    return [
      { kind: "file-list", name: "File list (.txt)", note: countOf(count, `${word} path`), disabled: none },
      ...tables,
      issues,
      { kind: "images-folder", name: `Copy ${word} images to a folder…`, note: `${all}, you pick it`, disabled: none },
      { kind: "images-zip", name: `${part} images as a zip`, note: `${all}, the original files`, disabled: none },
    ];
  }
  const picks = countOf(chosen, "chosen image");
  const list =
    chosen > 0 ? `${countOf(chosen, "chosen path")}, in pick order` : `${countOf(count, "path")}, all images`;
  const nothingChosen = "Choose images in the Select panel first";
  return [
    { kind: "file-list", name: "File list (.txt)", note: list, disabled: none },
    ...tables,
    issues,
    {
      kind: "images-folder",
      name: "Copy chosen images to a folder…",
      note: chosen > 0 ? `${picks}, you pick the folder` : nothingChosen,
      disabled: chosen === 0,
    },
    {
      kind: "images-zip",
      name: "Chosen images as a zip",
      note: chosen > 0 ? `${picks}, the original files` : nothingChosen,
      disabled: chosen === 0,
    },
  ];
}

const noRows = new Uint32Array(0);

const countWithin = (rows: Uint32Array, set: RowSet): number =>
  rows.reduce((sum, row) => sum + (set.has(row) ? 1 : 0), 0);

function scopeText(scope: ExportScope, count: number): string {
  if (scope === "all") return "The whole project";
  if (scope === "cleaned")
    return `The cleaned set: ${countOf(count, "image")} that ${count === 1 ? "is" : "are"} not excluded`;
  return `Only the ${countOf(count, "image")} ${scope}`;
}

/** What can be saved from the project, each with what it would contain right now. */
export function ExportMenu() {
  const [asked, setAsked] = useState<ExportScope | null>(null);
  const [leavesOut, setLeavesOut] = useState(true);
  const [publishes, setPublishes] = useState(false);
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button" aria-label="Export">
          <Download size={15} aria-hidden="true" />
          <span className="wide-only">Export</span>
          <ChevronDown size={14} aria-hidden="true" className="wide-only" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
            <Menu.Popup className="menu">
              <ExportItems {...{ asked, setAsked, leavesOut, setLeavesOut }} onPublish={() => setPublishes(true)} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {publishes && (
        <Part what="Publishing" place="corner" onClose={() => setPublishes(false)}>
          <PublishDialog onClose={() => setPublishes(false)} />
        </Part>
      )}
    </>
  );
}

interface ExportItemsProps {
  asked: ExportScope | null;
  setAsked: (scope: ExportScope) => void;
  leavesOut: boolean;
  setLeavesOut: (leavesOut: boolean) => void;
  onPublish: () => void;
}

/** Counted only while the menu is open: of a million images that takes longer than a filter does. */
function ExportItems({ asked, setAsked, leavesOut, setLeavesOut, onPublish }: ExportItemsProps) {
  const actions = useActions();
  const id = useId();
  const version = useWinnow((state) => state.imagesVersion);
  const images = useWinnow((state) => state.images);
  const isFiltered = useWinnow((state) => state.filter.length > 0);
  const annotated = useWinnow((state) => state.annotations.length > 0);
  const order = useWinnow((state) => state.order);
  const marked = useWinnow((state) => state.marked);
  const picks = useWinnow((state) => state.shown?.rows) ?? noRows;
  const excluded = useWinnow((state) => state.tags.get(excludedTag)) ?? RowSet.empty;
  const checks = useWinnow((state) => state.issues.checks);
  const isVisit = useWinnow((state) => state.project?.published !== undefined);
  const sharing = isVisit
    ? { name: "My changes", note: "Tags and labels given here, as one file for whoever published this" }
    : { name: "Publish…", note: "A site for a static host, to look at without these files" };
  const all = version >= 0 ? images.length : 0;
  const counts: Record<ExportScope, number> = {
    all,
    cleaned: excluded.size > 0 ? all - excluded.size : 0,
    shown: isFiltered ? order.length : 0,
    marked: marked.size,
  };
  // What was asked for holds while there is such a thing.
  const scope = asked !== null && counts[asked] > 0 ? asked : isFiltered ? "shown" : "all";
  const scopes = (["all", "cleaned", "shown", "marked"] as const).filter((one) => counts[one] > 0);
  const rows = { all: excluded.rows, cleaned: noRows, shown: order, marked: marked.rows }[scope];
  const leftOut = countWithin(rows, excluded);
  const word = scope === "all" ? null : scope;
  const choices = exportChoices(
    { count: counts[scope] - (leavesOut ? leftOut : 0), word },
    picks.length - (leavesOut ? countWithin(picks, excluded) : 0),
    rowsWithIssues({ paths: images.paths, checks }).length,
  );

  return (
    <>
      {scopes.length > 1 && (
        <>
          <Menu.RadioGroup value={scope} onValueChange={(value: ExportScope) => setAsked(value)}>
            {scopes.map((one) => (
              <Menu.RadioItem key={one} value={one} className="menu-item">
                <Menu.RadioItemIndicator className="menu-check" keepMounted>
                  <Check size={14} aria-hidden="true" />
                </Menu.RadioItemIndicator>
                {scopeText(one, counts[one])}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
          <Menu.Separator className="menu-separator" />
        </>
      )}
      {leftOut > 0 && (
        <>
          <Menu.CheckboxItem className="menu-item" checked={leavesOut} onCheckedChange={setLeavesOut}>
            <Menu.CheckboxItemIndicator className="menu-check" keepMounted>
              <Check size={14} aria-hidden="true" />
            </Menu.CheckboxItemIndicator>
            Leave out the {countOf(leftOut, "excluded image")}
          </Menu.CheckboxItem>
          <Menu.Separator className="menu-separator" />
        </>
      )}
      {choices.map((choice) => (
        <Menu.Item
          key={choice.kind}
          className="menu-item"
          label={choice.name}
          disabled={choice.disabled}
          aria-labelledby={`${id}-${choice.kind}-name`}
          aria-describedby={`${id}-${choice.kind}-note`}
          onClick={() => actions.export(choice.kind, scope, !leavesOut)}
        >
          <span className="menu-item-text">
            <span className="menu-item-name" id={`${id}-${choice.kind}-name`}>
              {choice.name}
            </span>
            <span className="menu-item-note" id={`${id}-${choice.kind}-note`}>
              {choice.note}
            </span>
          </span>
        </Menu.Item>
      ))}
      {annotated && (
        <Part what="The export of labels" place="corner">
          <AnnotationExports scope={scope} withExcluded={!leavesOut} />
        </Part>
      )}
      <Menu.Separator className="menu-separator" />
      <Menu.Item
        className="menu-item"
        label={sharing.name}
        disabled={all === 0}
        aria-labelledby={`${id}-sharing-name`}
        aria-describedby={`${id}-sharing-note`}
        onClick={isVisit ? actions.saveChanges : onPublish}
      >
        <span className="menu-item-text">
          <span className="menu-item-name" id={`${id}-sharing-name`}>
            {sharing.name}
          </span>
          <span className="menu-item-note" id={`${id}-sharing-note`}>
            {sharing.note}
          </span>
        </span>
      </Menu.Item>
    </>
  );
}

import { Menu } from "@base-ui/react/menu";
import { ChevronDown, Download } from "lucide-react";
import { useId } from "react";
import type { ExportKind } from "../../state/actions.ts";
import { countOf, formatCount } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";

interface ExportChoice {
  kind: ExportKind;
  /** The accessible name, word for word. */
  name: string;
  /** What it would contain now, or why it cannot be had. */
  note: string;
  disabled: boolean;
}

function exportChoices(images: number, chosen: number): ExportChoice[] {
  const all = countOf(images, "image");
  const picks = countOf(chosen, "chosen image");
  const ranked = chosen > 0 ? `${all}, ${formatCount(chosen)} with pick rank` : `${all}, none chosen yet`;
  const list =
    chosen > 0 ? `${countOf(chosen, "chosen path")}, in pick order` : `${countOf(images, "path")}, all images`;
  const nothingChosen = "Choose images in the Select panel first";
  const none = images === 0;
  return [
    { kind: "file-list", name: "File list (.txt)", note: list, disabled: none },
    { kind: "csv", name: "CSV", note: `${ranked}, size, SHA-256, tags`, disabled: none },
    { kind: "json", name: "JSON", note: `The same as CSV, for programs`, disabled: none },
    {
      kind: "embeddings-npy",
      name: "Embeddings (.npy)",
      note: `One row for each of ${all}, in the order of the CSV`,
      disabled: none,
    },
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

/** What can be saved from the project, each with what it would contain right now. */
export function ExportMenu() {
  const actions = useActions();
  const id = useId();
  const chosen = useWinnow((state) => state.shown?.rows.length ?? 0);
  const version = useWinnow((state) => state.imagesVersion);
  const images = useWinnow((state) => state.images);
  const choices = exportChoices(version >= 0 ? images.length : 0, chosen);

  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button" aria-label="Export">
        <Download size={15} aria-hidden="true" />
        <span className="wide-only">Export</span>
        <ChevronDown size={14} aria-hidden="true" className="wide-only" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
          <Menu.Popup className="menu">
            {choices.map((choice) => (
              <Menu.Item
                key={choice.kind}
                className="menu-item"
                label={choice.name}
                disabled={choice.disabled}
                aria-labelledby={`${id}-${choice.kind}-name`}
                aria-describedby={`${id}-${choice.kind}-note`}
                onClick={() => actions.export(choice.kind)}
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
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

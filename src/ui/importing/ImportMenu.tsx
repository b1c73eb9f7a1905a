import { Menu } from "@base-ui/react/menu";
import { FileUp, FolderTree, FolderUp, Upload } from "lucide-react";
import { useRef } from "react";
import { useActions } from "../winnow.tsx";

/** What a file dialog offers; what is in a file decides. */
const endings = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.npy,.xml,.yaml,.yml";

/** The ways labels, predictions and metadata come in. Its two inputs can be reached without the menu, as those of images. */
export function ImportMenu() {
  const actions = useActions();
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files && input.files.length > 0) actions.importFiles(input.files);
    // The same file chosen again must be a change again.
    input.value = "";
  };
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button" aria-label="Import">
          <Upload size={15} aria-hidden="true" />
          <span className="wide-only">Import</span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
            <Menu.Popup className="menu">
              <Choice
                Icon={FileUp}
                name="Labels, predictions or metadata…"
                note="CSV, COCO, JSON Lines, Parquet, FiftyOne, NumPy; with several files choose all of them"
                onClick={() => file.current?.click()}
              />
              <Choice
                Icon={FolderUp}
                name="A folder of them…"
                note="YOLO, Pascal VOC, Lightly"
                onClick={() => folder.current?.click()}
              />
              <Menu.Separator className="menu-separator" />
              <Choice
                Icon={FolderTree}
                name="Labels from folder names"
                note="The folder an image lies in becomes its label"
                onClick={actions.labelsFromFolders}
              />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <section className="source-inputs" aria-label="Import without the mouse">
        <label>
          Choose import file
          <input ref={file} type="file" multiple accept={endings} onChange={(event) => take(event.currentTarget)} />
        </label>
        <label>
          Choose import folder
          <input ref={folder} type="file" webkitdirectory="" multiple onChange={(event) => take(event.currentTarget)} />
        </label>
      </section>
    </>
  );
}

interface ChoiceProps {
  Icon: typeof FileUp;
  name: string;
  note: string;
  onClick: () => void;
}

function Choice({ Icon, name, note, onClick }: ChoiceProps) {
  return (
    <Menu.Item className="menu-item" onClick={onClick}>
      <Icon size={15} aria-hidden="true" />
      <span className="menu-item-text">
        <span className="menu-item-name">{name}</span>
        <span className="menu-item-note">{note}</span>
      </span>
    </Menu.Item>
  );
}

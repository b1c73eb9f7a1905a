import { Menu } from "@base-ui/react/menu";
import { Download, Ellipsis, GitCompare, Pencil, RotateCw, Tag, Trash2 } from "lucide-react";
import type { SelectionRecord } from "../../core/records.ts";
import { useActions } from "../winnow.tsx";

interface SelectionMenuProps {
  selection: SelectionRecord;
  /** Whether there is another to compare it with. */
  canCompare: boolean;
  nameId: string;
  onRename: () => void;
  onCompare: () => void;
}

/** What can be done with a selection; what changes something can be undone. */
export function SelectionMenu({ selection, canCompare, nameId, onRename, onCompare }: SelectionMenuProps) {
  const actions = useActions();
  const { id, name, rows } = selection;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        className="button icon-button button-plain"
        aria-label="What to do with this"
        aria-describedby={nameId}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
          <Menu.Popup className="menu">
            <Menu.Item className="menu-item" onClick={onRename}>
              <Pencil size={15} aria-hidden="true" />
              Rename
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => actions.addTag(name, rows)}>
              <Tag size={15} aria-hidden="true" />
              Tag its images
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => actions.repeatSelection(id)}>
              <RotateCw size={15} aria-hidden="true" />
              Run again
            </Menu.Item>
            {canCompare && (
              <Menu.Item className="menu-item" onClick={onCompare}>
                <GitCompare size={15} aria-hidden="true" />
                Compare
              </Menu.Item>
            )}
            <Menu.Separator className="menu-separator" />
            <Menu.Item className="menu-item" onClick={() => actions.exportSelection(id, "record")}>
              <Download size={15} aria-hidden="true" />
              Record (.json)
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={() => actions.exportSelection(id, "list")}>
              <Download size={15} aria-hidden="true" />
              Paths in pick order (.txt)
            </Menu.Item>
            <Menu.Separator className="menu-separator" />
            <Menu.Item className="menu-item" onClick={() => actions.deleteSelection(id)}>
              <Trash2 size={15} aria-hidden="true" />
              Delete
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

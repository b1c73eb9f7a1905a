import { Menu } from "@base-ui/react/menu";
import { Check, ChevronRight, Ellipsis, Merge, Minus, Pencil, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { RowSet } from "../../core/rowSet.ts";
import type { TagStyle } from "../../core/tags.ts";
import { HostileText } from "../text/HostileText.tsx";
import { countOf } from "../text/quantities.ts";
import { useActions, useWinnow } from "../winnow.tsx";
import { tagColour } from "./tagColour.ts";

/** What the colours of tokens.css look like in both themes. */
const colourNames = ["blue", "orange", "green", "pink", "yellow", "sky", "violet", "red", "lime", "brown"];
const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];

interface TagMenuProps {
  name: string;
  rows: RowSet;
  style: TagStyle;
  others: readonly string[];
  onRename: () => void;
}

/** What can be done with a tag; all of it can be undone. */
export function TagMenu({ name, rows, style, others, onRename }: TagMenuProps) {
  const actions = useActions();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button icon-button button-plain" aria-label={`Tag ${name}: what to do`}>
        <Ellipsis size={16} aria-hidden="true" />
      </Menu.Trigger>
      <Popup>
        <Targets name={name} rows={rows} />
        <Menu.Separator className="menu-separator" />
        <Menu.Item className="menu-item" onClick={onRename}>
          <Pencil size={15} aria-hidden="true" />
          Rename
        </Menu.Item>
        {others.length > 1 && (
          <Submenu text="Merge into" icon={<Merge size={15} aria-hidden="true" />}>
            {others
              .filter((other) => other !== name)
              .map((other) => (
                <Menu.Item key={other} className="menu-item" onClick={() => actions.renameTag(name, other)}>
                  <HostileText text={other} />
                </Menu.Item>
              ))}
          </Submenu>
        )}
        <Submenu text="Colour" icon={<span className="tag-dot" style={{ background: `var(${tagColour(style)})` }} />}>
          <Menu.RadioGroup value={style.colour} onValueChange={(colour: number) => actions.styleTag(name, { colour })}>
            {colourNames.map((word, colour) => (
              <Choice key={word} value={colour}>
                <span className="tag-dot" style={{ background: `var(${tagColour({ colour, key: null })})` }} />
                {word}
              </Choice>
            ))}
          </Menu.RadioGroup>
        </Submenu>
        <Submenu text="Key" icon={<kbd>{style.key ?? "–"}</kbd>}>
          <Menu.RadioGroup value={style.key} onValueChange={(key: number | null) => actions.styleTag(name, { key })}>
            {[...digits, null].map((key) => (
              <Choice key={key} value={key}>
                {key ?? "none"}
              </Choice>
            ))}
          </Menu.RadioGroup>
        </Submenu>
        <Menu.Separator className="menu-separator" />
        <Menu.Item className="menu-item" onClick={() => actions.deleteTag(name)}>
          <Trash2 size={15} aria-hidden="true" />
          Delete tag
        </Menu.Item>
      </Popup>
    </Menu.Root>
  );
}

/** On which images: the marked ones, everything shown. */
function Targets({ name, rows }: { name: string; rows: RowSet }) {
  const actions = useActions();
  const marked = useWinnow((state) => state.marked);
  const order = useWinnow((state) => state.order);
  const targets = [
    { rows: marked.rows, what: countOf(marked.size, "marked image") },
    { rows: order, what: `${countOf(order.length, "image")} shown` },
  ].filter((target) => target.rows.length > 0);
  return targets.map((target) => (
    <Menu.Group key={target.what}>
      <Menu.Item className="menu-item" onClick={() => actions.addTag(name, target.rows)}>
        <Plus size={15} aria-hidden="true" />
        Add to {target.what}
      </Menu.Item>
      <Menu.Item className="menu-item" disabled={rows.size === 0} onClick={() => actions.removeTag(name, target.rows)}>
        <Minus size={15} aria-hidden="true" />
        Remove from {target.what}
      </Menu.Item>
    </Menu.Group>
  ));
}

function Popup({ children }: { children: ReactNode }) {
  return (
    <Menu.Portal>
      <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
        <Menu.Popup className="menu">{children}</Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  );
}

function Submenu({ text, icon, children }: { text: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Menu.SubmenuRoot>
      <Menu.SubmenuTrigger className="menu-item">
        {icon}
        <span className="menu-item-text">{text}</span>
        <ChevronRight size={14} aria-hidden="true" />
      </Menu.SubmenuTrigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" alignOffset={-4}>
          <Menu.Popup className="menu">{children}</Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.SubmenuRoot>
  );
}

function Choice({ value, children }: { value: number | null; children: ReactNode }) {
  return (
    <Menu.RadioItem value={value} className="menu-item" closeOnClick>
      <Menu.RadioItemIndicator className="menu-check" keepMounted>
        <Check size={14} aria-hidden="true" />
      </Menu.RadioItemIndicator>
      {children}
    </Menu.RadioItem>
  );
}

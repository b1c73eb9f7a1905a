import { Menu } from "@base-ui/react/menu";
import { ChevronDown, ListChecks } from "lucide-react";
import { useActions } from "../winnow.tsx";
import { screens } from "./screens.ts";

/** The way to every screen. */
export function ReviewMenu() {
  const { openScreen } = useActions();
  if (screens.length === 0) return null;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button review-button" aria-label="Review">
        <ListChecks size={15} aria-hidden="true" />
        <span className="wide-only">Review</span>
        <ChevronDown size={14} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
          <Menu.Popup className="menu">
            {screens.map(({ name, title, note, Icon }) => (
              <Menu.Item key={name} className="menu-item" onClick={() => openScreen(name)}>
                <Icon size={15} aria-hidden="true" />
                <span className="menu-item-text">
                  <span className="menu-item-name">{title}</span>
                  <span className="menu-item-note">{note}</span>
                </span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

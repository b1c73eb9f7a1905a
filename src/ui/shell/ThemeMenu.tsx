import { Menu } from "@base-ui/react/menu";
import { Check, Monitor, Moon, Sun } from "lucide-react";
import type { Theme } from "../../state/state.ts";
import { useActions, useWinnow } from "../winnow.tsx";

const themes = [
  { value: "system", text: "As the system", Icon: Monitor },
  { value: "light", text: "Light", Icon: Sun },
  { value: "dark", text: "Dark", Icon: Moon },
] as const satisfies readonly { value: Theme; text: string; Icon: typeof Sun }[];

/** Light, dark, or whatever the system says. */
export function ThemeMenu() {
  const { setTheme } = useActions();
  const theme = useWinnow((state) => state.theme);
  const { Icon } = themes.find((entry) => entry.value === theme) ?? themes[0];

  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button icon-button" aria-label="Theme" title="Theme">
        <Icon size={16} aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={5} align="end">
          <Menu.Popup className="menu menu-narrow">
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => setTheme(value)}>
              {themes.map((entry) => (
                <Menu.RadioItem key={entry.value} value={entry.value} className="menu-item" closeOnClick>
                  <entry.Icon size={15} aria-hidden="true" />
                  <span className="menu-item-text">{entry.text}</span>
                  <Menu.RadioItemIndicator>
                    <Check size={15} aria-hidden="true" />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

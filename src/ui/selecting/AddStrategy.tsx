import { Menu } from "@base-ui/react/menu";
import { Plus } from "lucide-react";
import { type CardChoices, type CardKind, cardHelp, cardKinds, cardNeed } from "../../core/selection/cards.ts";

interface AddStrategyProps {
  choices: CardChoices;
  onAdd: (kind: CardKind) => void;
}

/** The menu of strategies; what cannot be had yet says why. */
export function AddStrategy({ choices, onAdd }: AddStrategyProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button">
        <Plus size={15} aria-hidden="true" />
        Add strategy
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-layer" sideOffset={5} align="start">
          <Menu.Popup className="menu">
            {cardKinds.map((kind) => {
              const need = cardNeed(kind, choices);
              return (
                <Menu.Item
                  key={kind}
                  className="menu-item"
                  label={kind}
                  aria-label={kind}
                  disabled={need !== null}
                  onClick={() => onAdd(kind)}
                >
                  <span className="menu-item-text">
                    <span className="menu-item-name">{kind}</span>
                    <span className="menu-item-note">
                      {need ? `${need[0]!.toUpperCase()}${need.slice(1)}.` : cardHelp[kind]}
                    </span>
                  </span>
                </Menu.Item>
              );
            })}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

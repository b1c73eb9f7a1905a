import { Menu } from "@base-ui/react/menu";
import { ChevronRight, Tags } from "lucide-react";
import { annotationFormats, annotationFormatTitles } from "../../core/format/annotations/writeAnnotations.ts";
import type { ExportScope } from "../../state/actions.ts";
import { amountOf, kindOf } from "../labels/setFacts.ts";
import { HostileText } from "../text/HostileText.tsx";
import { useActions, useWinnow } from "../winnow.tsx";

/** Every set of labels and predictions, in every format that can hold it. */
export function AnnotationExports({ scope, withExcluded }: { scope: ExportScope; withExcluded: boolean }) {
  const { exportAnnotations } = useActions();
  const sets = useWinnow((state) => state.annotations);
  return (
    <>
      <Menu.Separator className="menu-separator" />
      {sets.map((set) => (
        <Menu.SubmenuRoot key={set.id}>
          <Menu.SubmenuTrigger className="menu-item">
            <Tags size={15} aria-hidden="true" />
            <span className="menu-item-text">
              <span className="menu-item-name">
                <HostileText text={set.name} />
              </span>
              <span className="menu-item-note">
                {kindOf(set)} · {amountOf(set)}
              </span>
            </span>
            <ChevronRight size={14} aria-hidden="true" />
          </Menu.SubmenuTrigger>
          <Menu.Portal>
            <Menu.Positioner className="popup-layer" alignOffset={-4}>
              <Menu.Popup className="menu">
                <Menu.Item
                  className="menu-item"
                  onClick={() => exportAnnotations(set.id, "origin", scope, withExcluded)}
                >
                  As it came
                </Menu.Item>
                <Menu.Separator className="menu-separator" />
                {annotationFormats.map((format) => (
                  <Menu.Item
                    key={format}
                    className="menu-item"
                    onClick={() => exportAnnotations(set.id, format, scope, withExcluded)}
                  >
                    {annotationFormatTitles[format]}
                  </Menu.Item>
                ))}
                {set.corrections.length > 0 && (
                  <>
                    <Menu.Separator className="menu-separator" />
                    <Menu.Item
                      className="menu-item"
                      onClick={() => exportAnnotations(set.id, "corrections", scope, withExcluded)}
                    >
                      Log of corrections (CSV)
                    </Menu.Item>
                  </>
                )}
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.SubmenuRoot>
      ))}
    </>
  );
}

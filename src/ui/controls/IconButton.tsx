import { Tooltip } from "@base-ui/react/tooltip";
import type { ComponentProps, ReactNode } from "react";
import { HostileText } from "../text/HostileText.tsx";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  /** The accessible name and the words of the tooltip. */
  label: string;
  /** What exactly it would do, after the label in the tooltip; hostile text. */
  detail?: string | null;
  /** Keys that do the same, shown in the tooltip. */
  keys?: string;
  children: ReactNode;
}

/** A square button with an icon, named by its label, which also shows on hover and on keyboard focus. */
export function IconButton({ label, detail, keys, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button type="button" {...rest} aria-label={label} className={`button icon-button ${className ?? ""}`} />
        }
      >
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="popup-layer">
          <Tooltip.Popup className="tooltip">
            {label}
            {detail && (
              <span className="tooltip-detail">
                <HostileText text={detail} />
              </span>
            )}
            {keys && <kbd>{keys}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

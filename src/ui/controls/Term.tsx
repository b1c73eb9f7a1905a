import { Popover } from "@base-ui/react/popover";
import type { ReactNode } from "react";

/** A word that explains itself on hover, focus and tap. */
export function Term({ word, children }: { word: string; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger openOnHover delay={150} className="term">
        {word}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} className="popup-layer">
          <Popover.Popup className="popover" initialFocus={false}>
            <Popover.Title className="popover-title">{word}</Popover.Title>
            <Popover.Description render={<div />}>{children}</Popover.Description>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import { useActions } from "../winnow.tsx";

interface ScreenProps {
  /** The region's name and its heading. */
  title: string;
  /** Stands beside the heading: counts, sliders, buttons. */
  head?: ReactNode;
  children: ReactNode;
}

/**
 * The frame of a screen: a heading, what belongs beside it, a button back. It takes the focus when it opens and gives it
 * back when it closes; Escape closes it (usePageKeys).
 */
export function Screen({ title, head, children }: ScreenProps) {
  const { openScreen } = useActions();
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    frame.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <section ref={frame} className="screen" aria-label={title} tabIndex={-1}>
      <header className="screen-head">
        <h2 className="screen-title">{title}</h2>
        {head}
        <span className="spacer" />
        <IconButton
          label="Close"
          keys="Esc"
          detail={`Back from ${title} to the images`}
          onClick={() => openScreen(null)}
        >
          <X size={16} />
        </IconButton>
      </header>
      <div className="screen-body">{children}</div>
    </section>
  );
}

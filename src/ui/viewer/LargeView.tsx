import { Dialog } from "@base-ui/react/dialog";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useRemembered } from "../useRemembered.ts";
import { useActions, useWinnow, useWinnowStore } from "../winnow.tsx";
import { LargeImage } from "./LargeImage.tsx";
import { Originals } from "./originals.ts";

/** One image over everything else, with the arrow keys through the gallery's order. */
export function LargeView() {
  const actions = useActions();
  const store = useWinnowStore();
  const row = useWinnow((state) => state.focused);
  const open = useWinnow((state) => state.enlarged && state.focused >= 0);
  const popup = useRef<HTMLDivElement>(null);

  const [info, setInfo] = useRemembered("large-info", true);
  const [originals] = useState(() => new Originals((wanted) => actions.original(wanted)));
  useEffect(() => {
    if (!open) originals.close();
    return () => originals.close();
  }, [originals, open]);

  const step = (by: number) => {
    const { order, focused } = store.getState();
    const next = order[order.indexOf(focused) + by];
    if (next !== undefined) actions.focus(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(-1);
    else if (event.key === "ArrowRight" || event.key === "ArrowDown") step(1);
    else if (event.key === "m") actions.mark([row], "toggle");
    else if (event.key === "i") setInfo(!info);
    else if (/^[1-9]$/.test(event.key)) actions.toggleTagOfKey(Number(event.key));
    else if (event.key === "x") actions.toggleExcluded();
    else if (event.key === "Enter" && event.target === popup.current) actions.mark([row], "toggle");
    else if (event.key === " " && event.target === popup.current) actions.enlarge(false);
    else return;
    event.preventDefault();
  };
  const cellBehind = () =>
    document.querySelector<HTMLElement>(`[role=gridcell][data-row="${store.getState().focused}"]`) ?? true;

  return (
    <Dialog.Root open={open} onOpenChange={actions.enlarge}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup
          ref={popup}
          className={info ? "large-view with-info" : "large-view"}
          initialFocus={popup}
          finalFocus={cellBehind}
          onKeyDown={onKeyDown}
        >
          {row >= 0 && <LargeImage row={row} originals={originals} step={step} info={info} onInfo={setInfo} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useStore } from "zustand";
import type { StoreApi } from "zustand/vanilla";
import type { Actions } from "../state/actions.ts";
import type { WinnowState } from "../state/state.ts";

export interface WinnowHandles {
  store: StoreApi<WinnowState>;
  actions: Actions;
}

const WinnowContext = createContext<WinnowHandles | null>(null);

export function WinnowProvider({ store, actions, children }: WinnowHandles & { children: ReactNode }) {
  const handles = useMemo(() => ({ store, actions }), [store, actions]);
  return <WinnowContext value={handles}>{children}</WinnowContext>;
}

/** The store itself, for event handlers that read the state at the moment of the event. */
export function useWinnowStore(): StoreApi<WinnowState> {
  return useHandles().store;
}

/** A part of the state; the component renders again when it changes by identity. */
export function useWinnow<T>(selector: (state: WinnowState) => T): T {
  return useStore(useHandles().store, selector);
}

export function useActions(): Actions {
  return useHandles().actions;
}

function useHandles(): WinnowHandles {
  const handles = useContext(WinnowContext);
  if (!handles) throw new Error("A Winnow component was rendered outside <App>.");
  return handles;
}

import { Suspense } from "react";
import { useWinnow } from "../winnow.tsx";
import "./screens.css";
import { screens } from "./screens.ts";

/** The screen that is open, over the workspace; nothing while none is. */
export function OpenScreen() {
  const name = useWinnow((state) => state.screen);
  const entry = screens.find((screen) => screen.name === name);
  if (!entry) return null;
  return (
    <Suspense fallback={<div className="screen" />}>
      <entry.Content />
    </Suspense>
  );
}

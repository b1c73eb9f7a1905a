import { Part } from "../parts/Part.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import "./screens.css";
import { screens } from "./screens.ts";

/** The screen that is open, over the workspace; nothing while none is. */
export function OpenScreen() {
  const { openScreen } = useActions();
  const name = useWinnow((state) => state.screen);
  const entry = screens.find((screen) => screen.name === name);
  if (!entry) return null;
  return (
    <Part
      key={entry.name}
      what={`“${entry.title}”`}
      fallback={<div className="screen" />}
      place="screen"
      onClose={() => openScreen(null)}
    >
      <entry.Content />
    </Part>
  );
}

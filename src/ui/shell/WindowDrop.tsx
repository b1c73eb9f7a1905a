import { useEffect, useState } from "react";
import { useActions, useWinnow } from "../winnow.tsx";

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** The whole window takes files at any time; while they hover over it, says what letting go will do. */
export function WindowDrop() {
  const actions = useActions();
  const project = useWinnow((state) => state.project);
  const [over, setOver] = useState(false);

  useEffect(() => {
    // dragleave fires at every element that is crossed: only the one that leaves the window has no relatedTarget.
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const hover = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      setOver(false);
      actions.drop(event.dataTransfer);
    };
    addEventListener("dragenter", enter);
    addEventListener("dragover", hover);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragenter", enter);
      removeEventListener("dragover", hover);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [actions]);

  if (!over) return null;
  return (
    <div className="drop-overlay" role="status">
      <p className="drop-overlay-text">
        {project ? (
          <>
            Drop to add images to <bdi>{project.name}</bdi>
          </>
        ) : (
          "Drop to open"
        )}
        <span className="muted">Folders, image files or a zip. They stay on this computer.</span>
      </p>
    </div>
  );
}

import { useEffect, useState } from "react";
import { useActions, useWinnow } from "../winnow.tsx";

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** The whole window takes files at any time; while they hover over it, says what letting go will do. */
export function WindowDrop() {
  const actions = useActions();
  const project = useWinnow((state) => state.project);
  const hasImages = useWinnow((state) => state.images.length > 0 && state.imagesVersion >= 0);
  // That screen takes drops itself: a model is no image.
  const elsewhere = useWinnow((state) => state.screen === "models");
  const [over, setOver] = useState(false);

  useEffect(() => {
    if (elsewhere) return;
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
      const forSearch = event.target instanceof Element && event.target.closest("[data-drop=search]") !== null;
      const file = forSearch ? event.dataTransfer.files[0] : undefined;
      if (file) actions.findLikeFile(file, file.name);
      else actions.drop(event.dataTransfer);
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
  }, [actions, elsewhere]);

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
        <span className="muted">
          Folders, image files or a zip{hasImages && "; or a file of labels, predictions or metadata"}. They stay on
          this computer.
        </span>
      </p>
      {hasImages && (
        <p className="drop-overlay-text" data-drop="search">
          Drop one image here to find similar ones
          <span className="muted">It is only looked at, not added.</span>
        </p>
      )}
    </div>
  );
}

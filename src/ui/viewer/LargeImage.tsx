import { Dialog } from "@base-ui/react/dialog";
import { ChevronLeft, ChevronRight, Info, X } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "../controls/IconButton.tsx";
import { ImageDetails } from "../details/ImageDetails.tsx";
import { imageFacts } from "../details/imageFacts.ts";
import { TagEditor } from "../details/TagEditor.tsx";
import { LargeInstances } from "../labels/LargeInstances.tsx";
import { useSources } from "../shell/Sources.tsx";
import { PathText } from "../text/HostileText.tsx";
import { formatCount } from "../text/quantities.ts";
import { useThumbnail } from "../thumbnails/Thumbnail.tsx";
import { useActions, useWinnow } from "../winnow.tsx";
import type { Originals } from "./originals.ts";
import { type Original, useOriginal } from "./useOriginal.ts";
import { useZoomPan } from "./useZoomPan.ts";

interface LargeImageProps {
  row: number;
  originals: Originals;
  /** Goes on by so many images of the gallery's order. */
  step: (by: number) => void;
  /** Whether what is known about the image is shown beside it. */
  info: boolean;
  onInfo: (show: boolean) => void;
}

/** The original of a row, its thumbnail until that is there, and what is known about it. */
export function LargeImage({ row, originals, step, info, onInfo }: LargeImageProps) {
  const images = useWinnow((state) => state.images);
  const order = useWinnow((state) => state.order);
  const rank = useWinnow((state) => state.ranks.get(row) ?? 0);
  const marked = useWinnow((state) => state.marked.has(row));
  const { mark } = useActions();
  const record = images.at(row);
  const place = order.indexOf(row);
  const [stage, setStage] = useState<HTMLDivElement | null>(null);
  const zoom = useZoomPan(stage, record, row);
  const thumbnail = useThumbnail(row);
  const { original, retry, fail } = useOriginal(originals, row);
  const [painted, setPainted] = useState<string | null>(null);
  const url = original.status === "ready" ? original.url : null;

  // Keys beyond those of the dialog: they change the zoom, which lives here.
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      if (event.key === "+" || event.key === "=") zoom.zoomBy(1.4);
      if (event.key === "-") zoom.zoomBy(1 / 1.4);
      if (event.key === "0") zoom.reset();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });

  return (
    <>
      <header className="large-head">
        <Dialog.Title className="visually-hidden">{record.path}</Dialog.Title>
        <span className="large-title" aria-hidden="true">
          <PathText path={record.path} />
        </span>
        {rank > 0 && <span className="pick-badge pick-badge-inline">{formatCount(rank)}</span>}
        <span className="spacer" />
        <IconButton
          label={info ? "Hide details" : "Show details"}
          keys="I"
          aria-pressed={info}
          onClick={() => onInfo(!info)}
        >
          <Info size={16} />
        </IconButton>
        <button type="button" className="button wide-only" aria-pressed={marked} onClick={() => mark([row], "toggle")}>
          {marked ? "Marked" : "Mark"}
        </button>
        <button type="button" className="button large-percent" title="Fit or 100 %" onClick={() => zoom.toggle()}>
          {Math.round(zoom.percent)} %
        </button>
        <Dialog.Close
          render={
            <IconButton label="Close" keys="Esc">
              <X size={18} />
            </IconButton>
          }
        />
      </header>
      <div ref={setStage} className={`large-stage ${zoom.view.scale > 1.001 ? "is-zoomed" : ""}`} {...zoom.handlers}>
        <div
          className="large-frame"
          style={{
            width: zoom.fitted.width,
            height: zoom.fitted.height,
            transform: `translate(${zoom.view.x}px, ${zoom.view.y}px) scale(${zoom.view.scale})`,
          }}
        >
          {thumbnail && (url === null || painted !== url) && (
            <img className="large-image" src={thumbnail} alt="" draggable={false} />
          )}
          {url && (
            <img
              className="large-image"
              src={url}
              alt={record.path}
              draggable={false}
              onLoad={() => {
                setPainted(url);
                for (const by of [1, -1]) {
                  const next = order[place + by];
                  if (next !== undefined) originals.preload(next);
                }
              }}
              onError={() => fail("The browser cannot show this file. Its thumbnail is shown instead.")}
            />
          )}
        </div>
        <LargeInstances row={row} fitted={zoom.fitted} view={zoom.view} />
      </div>
      {info && (
        <aside className="large-info" aria-label="Details">
          <ImageDetails row={row} withThumbnail={false} />
          <TagEditor rows={Uint32Array.of(row)} />
        </aside>
      )}
      <Trouble original={original} retry={retry} />
      <IconButton
        label="Previous image"
        keys="←"
        className="large-step large-back"
        onClick={() => step(-1)}
        disabled={place <= 0}
      >
        <ChevronLeft size={22} />
      </IconButton>
      <IconButton
        label="Next image"
        keys="→"
        className="large-step large-forward"
        onClick={() => step(1)}
        disabled={place >= order.length - 1}
      >
        <ChevronRight size={22} />
      </IconButton>
      <footer className="large-foot">
        <span>
          {formatCount(place + 1)} of {formatCount(order.length)}
        </span>
        {imageFacts(record)
          .filter((fact) => fact.inLargeView)
          .map((fact) => (
            <span key={fact.name}>{fact.value}</span>
          ))}
      </footer>
    </>
  );
}

const isField = (target: EventTarget | null): boolean => target instanceof HTMLInputElement;

/** Why the original is not shown, and what can be done about it. */
function Trouble({ original, retry }: { original: Original; retry: () => void }) {
  const { reconnect } = useActions();
  const { findFolder } = useSources();
  const isVisit = useWinnow((state) => state.project?.published !== undefined);
  if (original.status === "loading" || original.status === "ready") return null;
  return (
    <div className="large-trouble" role="status">
      {original.status === "permission" && (
        <>
          <p>This is the thumbnail. To show the original, the browser asks once more before it reads the folder.</p>
          <button
            type="button"
            className="button button-primary"
            onClick={async () => {
              if (await reconnect()) retry();
            }}
          >
            Allow access to the folder
          </button>
        </>
      )}
      {original.status === "vanished" && (
        <>
          <p>
            This is the thumbnail.{" "}
            {isVisit
              ? "The project was published without its originals."
              : "The original is no longer where it was: it has been moved, renamed or deleted."}
          </p>
          {!isVisit && (
            <button type="button" className="button" onClick={findFolder}>
              Find the folder again
            </button>
          )}
        </>
      )}
      {original.status === "failed" && <p>{original.message}</p>}
    </div>
  );
}

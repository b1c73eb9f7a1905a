import { revealedText } from "../../core/format/unseenText.ts";

import { useThumbnail } from "../thumbnails/Thumbnail.tsx";
import type { Originals } from "../viewer/originals.ts";
import { useOriginal, useOriginals } from "../viewer/useOriginal.ts";
import { useWinnow } from "../winnow.tsx";

/** One image as large as there is room: its thumbnail until the original is there, or for good where that is gone. */
export function ReviewImage({ row }: { row: number }) {
  const originals = useOriginals();
  return originals && <Painted originals={originals} row={row} />;
}

function Painted({ originals, row }: { originals: Originals; row: number }) {
  const path = useWinnow((state) => state.images.path(row));
  const thumbnail = useThumbnail(row);
  const { original, fail } = useOriginal(originals, row);
  const url = original.status === "ready" ? original.url : thumbnail;
  return (
    <div className="review-image">
      {url && (
        <img src={url} alt={revealedText(path)} draggable={false} onError={() => fail("It cannot be shown here.")} />
      )}
    </div>
  );
}

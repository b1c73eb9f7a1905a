import { objectRegion } from "../../core/objects/objectRegion.ts";
import { useThumbnail } from "../thumbnails/Thumbnail.tsx";
import { useWinnow } from "../winnow.tsx";

interface ObjectCropProps {
  row: number;
  /** x, y, width, height in pixels of the image. */
  box: ArrayLike<number>;
}

/** What a model sees of an object, from the thumbnail. What it sits in says what it is. */
export function ObjectCrop({ row, box }: ObjectCropProps) {
  const images = useWinnow((state) => state.images);
  const url = useThumbnail(row);
  const [width, height] = [images.width(row), images.height(row)];
  if (url === null || width === 0 || height === 0) return <span className="object-crop thumbnail-empty" />;
  const region = objectRegion(box, width, height);
  return (
    <svg
      className="object-crop"
      aria-hidden="true"
      viewBox={`${region.left} ${region.top} ${region.width} ${region.height}`}
      preserveAspectRatio="none"
    >
      <image href={url} width={width} height={height} preserveAspectRatio="none" />
    </svg>
  );
}

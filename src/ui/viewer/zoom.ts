/** How the image lies in its stage: scale 1 fits; x and y move its centre, in CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const fitView: View = { scale: 1, x: 0, y: 0 };

/** Small images are enlarged to fill the stage, but not so far that single pixels become tiles. */
const largestFit = 6;
/** How far past actual pixels one can look. */
const largestZoom = 8;

/** The size at which the whole image shows. */
export function fittedSize(image: Size, stage: Size): Size {
  if (image.width === 0 || image.height === 0) return { width: 0, height: 0 };
  const factor = Math.min(stage.width / image.width, stage.height / image.height, largestFit);
  return { width: image.width * factor, height: image.height * factor };
}

/** The scale at which one image pixel is one device pixel. */
export const actualScale = (image: Size, fitted: Size, devicePixelRatio: number): number =>
  fitted.width === 0 ? 1 : image.width / (fitted.width * devicePixelRatio);

/** The largest scale: 8 times actual pixels, and always a real step beyond the fit. */
export const maxScale = (actual: number): number => Math.max(2, actual * largestZoom);

/** Changes the scale so that what is under the point (from the stage's centre) stays under it. */
export function zoomAt(view: View, scale: number, point: { x: number; y: number }, fitted: Size, stage: Size): View {
  const ratio = scale / view.scale;
  return withinStage(
    { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio },
    fitted,
    stage,
  );
}

/** Keeps the image's edges outside the stage's, or the image centred where it is smaller than the stage. */
export function withinStage(view: View, fitted: Size, stage: Size): View {
  const roomX = Math.max(0, (fitted.width * view.scale - stage.width) / 2);
  const roomY = Math.max(0, (fitted.height * view.scale - stage.height) / 2);
  return {
    scale: view.scale,
    x: Math.min(roomX, Math.max(-roomX, view.x)),
    y: Math.min(roomY, Math.max(-roomY, view.y)),
  };
}

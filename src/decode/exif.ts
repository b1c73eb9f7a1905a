import { parseExifDate } from "./captureTime.ts";
import { readExifTags } from "./exifTags.ts";

/** One thing that a camera wrote into a file; both are text from outside. */
export interface ExifFact {
  name: string;
  value: string;
}

/** What people look for among the hundreds of EXIF tags, in words; empty where there is none. */
export async function exifFacts(file: Blob): Promise<ExifFact[]> {
  const tags = await readExifTags(file);
  if (tags === null) return [];
  const text = (tag: string): string => (typeof tags[tag] === "string" ? tags[tag].trim().slice(0, 200) : "");
  const number = (tag: string): number | null =>
    typeof tags[tag] === "number" && Number.isFinite(tags[tag]) && tags[tag] > 0 ? tags[tag] : null;
  const maker = text("Make");
  const model = text("Model");
  const exposure = number("ExposureTime");
  const aperture = number("FNumber");
  const length = number("FocalLength");
  const equivalent = number("FocalLengthIn35mmFormat");
  const taken = parseExifDate(tags.DateTimeOriginal) ?? parseExifDate(tags.CreateDate);
  const facts: [name: string, value: string][] = [
    ["Camera", model.startsWith(maker) ? model : `${maker} ${model}`.trim()],
    ["Lens", text("LensModel")],
    ["Exposure", exposure === null ? "" : exposureText(exposure)],
    ["Aperture", aperture === null ? "" : `f/${Number(aperture.toFixed(1))}`],
    ["ISO", String(number("ISO") ?? "")],
    [
      "Focal length",
      length === null ? "" : `${Number(length.toFixed(1))} mm${equivalent ? ` (${equivalent} mm)` : ""}`,
    ],
    ["Position", positionText(tags.latitude, tags.longitude)],
    ["Software", text("Software")],
    ["Taken", taken === null ? "" : new Date(taken).toISOString().slice(0, 19).replace("T", " ")],
  ];
  return facts.filter(([, value]) => value !== "").map(([name, value]) => ({ name, value }));
}

const exposureText = (seconds: number): string =>
  seconds >= 0.3 ? `${Number(seconds.toFixed(1))} s` : `1/${Math.round(1 / seconds)} s`;

function positionText(latitude: unknown, longitude: unknown): string {
  if (typeof latitude !== "number" || typeof longitude !== "number") return "";
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return "";
  return `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
}

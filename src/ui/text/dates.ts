const fileTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const cameraTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** A file's own time, in the person's time zone; “unknown” for 0. */
export const formatFileTime = (milliseconds: number): string =>
  milliseconds === 0 ? "unknown" : fileTime.format(milliseconds);

/** A camera's clock has no time zone: it is stored as if it were UTC and shown the same way. */
export const formatCameraTime = (milliseconds: number): string => cameraTime.format(milliseconds);

/** “just now”, “12 minutes ago”, “yesterday”, and a date once that is a week away. */
export function formatAgo(milliseconds: number, now: number): string {
  const minutes = Math.round((milliseconds - now) / 60_000);
  if (minutes > -1) return "just now";
  if (minutes > -60) return relative.format(minutes, "minute");
  const hours = Math.round(minutes / 60);
  if (hours > -24) return relative.format(hours, "hour");
  const days = Math.round(hours / 24);
  return days > -7 ? relative.format(days, "day") : day.format(milliseconds);
}

/** “25 Nov 2026”. */
export const formatDay = (milliseconds: number): string => day.format(milliseconds);

const grouped = new Intl.NumberFormat("en");

/** 12345 → “12,345”. */
export const formatCount = (count: number): string => grouped.format(count);

/** “1 image”, “12 images”; `many` when the plural is not just an s. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const byteUnits = ["kB", "MB", "GB", "TB"];

/** Decimal units as file managers print them: “980 bytes”, “4.2 kB”, “42 MB”. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return countOf(bytes, "byte");
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${byteUnits[unit]}`;
}

/** “12 s”, “1 min 20 s”, “2 h 5 min”. Rounds up, so that nothing ends while “0 s left” shows. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  const [size, small, large] = whole < 3600 ? [60, "s", "min"] : [3600, "min", "h"];
  const rest = Math.floor((whole % size) / (size / 60));
  return rest === 0 ? `${Math.floor(whole / size)} ${large}` : `${Math.floor(whole / size)} ${large} ${rest} ${small}`;
}

/** Per second: three digits are enough to compare, fewer would jump. */
export const formatRate = (perSecond: number): string =>
  perSecond >= 100 ? formatCount(Math.round(perSecond)) : String(Number(perSecond.toPrecision(2)));

/** A distance in the embedding, 0…2: “1.18”. */
export const formatDistance = (distance: number): string => distance.toFixed(2);

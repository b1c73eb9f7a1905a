/** Control characters and the marks that reverse text direction, with which `gpj.exe` can be shown as `exe.jpg`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this pattern is for
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const FORBIDDEN_ON_WINDOWS = /[<>:"|?*\\]/g;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)/i;
const DRIVE = /^([a-z]):$/i;
/** Deeper than any real folder, and shallow enough to walk recursively. */
const DEEPEST = 64;
/** ext4, NTFS and APFS allow 255 bytes or characters; the rest is room for a number. */
const LONGEST_NAME_BYTES = 240;

/**
 * A name from an archive as a relative path that stays inside the archive: forward slashes, no empty, `.` or `..`
 * parts, no drive, no control characters, at most 64 parts. `rejected` says why the name cannot be trusted (it is
 * absolute, leads out of the archive, is empty or too deep), or is null; `path` is safe to show either way.
 */
export function safeArchivePath(name: string): { path: string; rejected: string | null } {
  const slashed = name.replaceAll("\\", "/");
  const parts = slashed.split("/").filter((part) => part !== "" && part !== ".");
  const absolute = /^([a-z]:)?\//i.test(slashed);
  const climbs = parts.includes("..");
  const inside = parts
    .filter((part) => part !== "..")
    .map((part) => part.replace(INVISIBLE, "_").replace(DRIVE, "$1_"));
  const deep = inside.length > DEEPEST;
  const kept = deep ? [...inside.slice(0, DEEPEST - 1), inside[inside.length - 1]!] : inside;
  let rejected: string | null = null;
  if (absolute) rejected = "its name is an absolute path";
  else if (climbs) rejected = "its name leads out of the archive";
  else if (kept.length === 0) rejected = "it has no name";
  else if (deep) rejected = `it lies more than ${DEEPEST} folders deep`;
  return { path: kept.join("/") || "unnamed", rejected };
}

/**
 * A path that can be written on Windows, macOS and Linux: every part without reserved characters, control characters,
 * trailing dots and spaces or device names, and not longer than 240 bytes. A harmless path stays as it is.
 */
export function safeFilePath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map(safeFileName).join("/") || "unnamed";
}

function safeFileName(name: string): string {
  const visible = name
    .replace(INVISIBLE, "_")
    .replace(FORBIDDEN_ON_WINDOWS, "_")
    .replace(/^\s+/, "")
    .replace(/[. ]+$/, "");
  const named = WINDOWS_DEVICE.test(visible) ? `_${visible}` : visible;
  return named === "" ? "_" : shortened(named);
}

/** Cuts the stem, not the extension. */
function shortened(name: string): string {
  if (utf8Length(name) <= LONGEST_NAME_BYTES) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  const room = LONGEST_NAME_BYTES - utf8Length(extension);
  let stem = "";
  let used = 0;
  for (const character of extension === "" ? name : name.slice(0, dot)) {
    used += utf8Length(character);
    if (used > room) break;
    stem += character;
  }
  return `${stem.replace(/[. ]+$/, "")}${extension}`;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

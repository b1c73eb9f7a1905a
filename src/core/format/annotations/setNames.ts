import type { AnnotationSet } from "../../annotations/annotationSet.ts";
import type { ImportContext } from "./imported.ts";
import type { ImportLedger } from "./ledger.ts";

/** A set's name as an id: short, readable in an address and a configuration, and the name of a file everywhere. */
export function setId(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return slug || "set";
}

/** A file's name without folder and ending. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.indexOf(".", 1);
  return dot > 0 ? name.slice(0, dot) : name;
}

/** What a set is called and where it came from, from what a person chose and otherwise from the file. */
export function aboutSet(
  { choices, at }: ImportContext,
  ledger: ImportLedger,
  type: AnnotationSet["type"],
  role: AnnotationSet["role"],
  name = stemOf(ledger.file),
): Pick<AnnotationSet, "id" | "name" | "role" | "type" | "source"> {
  const chosen = choices.name?.trim() || name;
  return {
    id: setId(chosen),
    name: chosen,
    role: choices.role ?? role,
    type,
    source: { format: ledger.format, file: ledger.file, at },
  };
}

import * as v from "valibot";
import { WinnowError } from "../errors.ts";

/** What a field holds: of a tag whether the image has it, of a label its class or null. */
export type FieldValue = boolean | string | null;

/** What somebody did to one field of one image. */
export interface FieldChange {
  /** Id of the image. */
  image: string;
  kind: "tag" | "label";
  /** The tag's name, or the id of the labels. */
  of: string;
  /** As it was published. */
  before: FieldValue;
  /** Equal to `before` where an earlier change was taken back. */
  after: FieldValue;
  /** Milliseconds since 1970 of the first file that said so: saved again, it is no newer. */
  at: number;
}

/** Everything that one visitor changed so far. */
export interface VisitorChanges {
  /** Of the visitor's copy, made up by chance. */
  author: string;
  changes: readonly FieldChange[];
  /** Labels that the visitor began, of which changes are. */
  labels: readonly StartedLabels[];
  /** Selections that the visitor made, as `core/projectFolder/selectionJson` writes them. */
  selections: readonly unknown[];
}

/** Labels that were not published. */
export interface StartedLabels {
  id: string;
  name: string;
}

const formatName = "winnow-changes";
const formatVersion = 1;
/** A change of each of 200,000 images, with long names. */
export const largestChangesFile = 64 << 20;

const words = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const image = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const at = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));
const schema = v.object({
  format: v.literal(formatName),
  version: v.literal(formatVersion),
  author: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  changes: v.pipe(
    v.array(
      v.variant("kind", [
        v.object({ kind: v.literal("tag"), image, of: words, before: v.boolean(), after: v.boolean(), at }),
        v.object({
          kind: v.literal("label"),
          image,
          of: words,
          before: v.nullable(words),
          after: v.nullable(words),
          at,
        }),
      ]),
    ),
    v.maxLength(500_000),
  ),
  /** Absent in files of older versions. */
  labels: v.optional(v.pipe(v.array(v.object({ id: words, name: words })), v.maxLength(1_000)), []),
  /** Absent in files of older versions. Each is looked at where it is read. */
  selections: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(1_000)), []),
});

export const changesText = ({ author, changes, labels, selections }: VisitorChanges): string =>
  `${JSON.stringify({ format: formatName, version: formatVersion, author, changes, labels, selections }, null, 1)}\n`;

/**
 * @param name of the file, for messages
 * @throws WinnowError `shape` for everything that {@link changesText} did not write, `unsupported` for a newer version
 */
export function readChanges(text: string, name: string): VisitorChanges {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new WinnowError("shape", `“${name}” is damaged: expected JSON.`, { file: name }, { cause });
  }
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown };
  if (format === formatName && typeof version === "number" && version > formatVersion) {
    throw new WinnowError("unsupported", `“${name}” is of a newer Winnow (version ${version}). Update this one.`);
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) {
    const { author, changes, labels, selections } = parsed.output;
    return { author, changes, labels, selections };
  }
  const [issue] = parsed.issues;
  throw new WinnowError(
    "shape",
    `“${name}” does not hold a visitor's changes: ${v.getDotPath(issue) ?? "it"} should be ${issue.expected}, found ${issue.received}.`.slice(
      0,
      500,
    ),
    { file: name },
  );
}

import type { FieldChange, FieldValue, VisitorChanges } from "./changesFile.ts";

/**
 * What visitors sent of each field (one tag or one label of one image), merged so that neither the order in which their
 * files come nor how often they come matters.
 *
 * Each field has a register for each visitor that keeps the latest of that visitor's values; merging takes the later of
 * two, which is commutative, associative and idempotent, so any files in any order give the same registers. What the
 * project should then hold follows from the registers and from whether the owner changed the field since: while the owner
 * has not (the field is as it was published, or as an import left it), the latest visitor's value counts; where visitors
 * differ, or the owner has a value of their own, it is a conflict that a person decides. The owner's value stays unless
 * another one is chosen. A decision holds until another value is proposed.
 */
export type Contributions = ReadonlyMap<string, Contribution>;

export interface Contribution {
  readonly image: string;
  readonly kind: FieldChange["kind"];
  readonly of: string;
  /** As it was published, at any time. */
  readonly befores: readonly FieldValue[];
  /** By visitor. */
  readonly proposals: ReadonlyMap<string, Proposal>;
  /** What imports left in the field, oldest first. */
  readonly applied: readonly FieldValue[];
  /** The proposed values among which a person has decided; null: not yet. */
  readonly decided: string | null;
}

export interface Proposal {
  value: FieldValue;
  at: number;
  /** Whether the visitor took an earlier value back. */
  withdrawn: boolean;
  /** The file it came in, for people. */
  from: string;
}

export interface Conflict {
  key: string;
  field: Contribution;
  current: FieldValue;
  /** The value that stands when nobody chooses. */
  preset: FieldValue;
  /** Different values, that of now first. */
  options: readonly { value: FieldValue; from: readonly string[] }[];
}

export interface ContributionPlan {
  /** New values of fields that nobody disputes. */
  changes: ReadonlyMap<string, FieldValue>;
  conflicts: readonly Conflict[];
}

export const fieldKey = ({ image, kind, of }: Pick<FieldChange, "image" | "kind" | "of">): string =>
  `${image} ${kind} ${of}`;

/** The contributions with those of a file. */
export function withChanges(
  contributions: Contributions,
  file: Pick<VisitorChanges, "author" | "changes">,
  from: string,
): Contributions {
  const merged = new Map(contributions);
  for (const { before, after, at, ...field } of file.changes) {
    const key = fieldKey(field);
    const held = merged.get(key) ?? {
      ...field,
      befores: [],
      proposals: new Map<string, Proposal>(),
      applied: [],
      decided: null,
    };
    const { befores, proposals } = held;
    const proposal: Proposal = { value: after, at, withdrawn: after === before, from };
    const known = proposals.get(file.author);
    const next = {
      ...held,
      befores: befores.includes(before) ? befores : [...befores, before],
      proposals: known && !isLater(proposal, known) ? proposals : new Map(proposals).set(file.author, proposal),
    };
    // A decision was one among other values.
    merged.set(key, proposals.size > 0 && asked(next) !== asked(held) ? { ...next, decided: null } : next);
  }
  return merged;
}

/** What the contributions ask of a project. @param current what a field holds; undefined: it is not in this project */
export function planOf(
  contributions: Contributions,
  current: (field: Contribution) => FieldValue | undefined,
): ContributionPlan {
  const changes = new Map<string, FieldValue>();
  const conflicts: Conflict[] = [];
  for (const [key, field] of contributions) {
    const now = current(field);
    if (now === undefined || field.decided === asked(field)) continue;
    const winner = latest(field);
    const untouched = field.befores.includes(now) || field.applied.includes(now);
    const options = optionsOf(field, now);
    const disputed = new Set(standing(field).map(({ value }) => value)).size > 1;
    const preset = untouched || options.length === 1 ? winner : now;
    if (disputed || !untouched) {
      if (options.length > 1) conflicts.push({ key, field, current: now, preset, options });
    } else if (winner !== now) changes.set(key, winner);
  }
  return { changes, conflicts };
}

/**
 * The contributions after an import.
 * @param values what it changed fields to; not those that stayed as they were
 * @param decided fields that were in conflict
 */
export function afterImport(
  contributions: Contributions,
  values: ReadonlyMap<string, FieldValue>,
  decided: Iterable<string>,
): Contributions {
  const next = new Map(contributions);
  for (const [key, value] of values) {
    const field = next.get(key);
    if (field && !field.applied.includes(value)) next.set(key, { ...field, applied: [...field.applied, value] });
  }
  for (const key of decided) {
    const field = next.get(key);
    if (field) next.set(key, { ...field, decided: asked(field) });
  }
  return next;
}

/** What counts of a field: values that were not taken back, unless all were. */
function standing({ proposals }: Contribution): Proposal[] {
  const all = [...proposals.values()];
  const kept = all.filter(({ withdrawn }) => !withdrawn);
  return kept.length > 0 ? kept : all;
}

/** Later in time; at the same time the larger value, so that everybody takes the same. */
function isLater(one: Proposal, other: Proposal): boolean {
  return one.at !== other.at ? one.at > other.at : JSON.stringify(one.value) > JSON.stringify(other.value);
}

const latest = (field: Contribution): FieldValue =>
  standing(field).reduce((best, one) => (isLater(one, best) ? one : best)).value;

/** The values that are asked for, as text, the latest first. */
const asked = (field: Contribution): string => {
  const values = [...new Set(standing(field).map(({ value }) => JSON.stringify(value)))].sort();
  return JSON.stringify([latest(field), ...values]);
};

function optionsOf(field: Contribution, now: FieldValue): Conflict["options"] {
  const from = new Map<FieldValue, string[]>([[now, []]]);
  for (const { value, from: file } of standing(field)) from.set(value, [...(from.get(value) ?? []), file]);
  return [...from].map(([value, files]) => ({ value, from: files }));
}

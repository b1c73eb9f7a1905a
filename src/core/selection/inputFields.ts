import type { AnnotationSet } from "../annotations/annotationSet.ts";
import { classFieldId, countFieldId, scoreFieldId } from "../annotations/fieldIds.ts";
import { metadataFieldId } from "../annotations/metadataField.ts";
import { WinnowError } from "../errors.ts";
import type { Field, NumberField } from "../explore/field.ts";
import type { SelectionConfig, SelectionInput } from "./config.ts";
import { placeOf, within } from "./place.ts";

type KnownInput = Extract<SelectionInput, { type: "SCORES" | "METADATA" | "PREDICTIONS" }>;

/** The set of annotations that a task names, by its id or by its name; null: none, fields alone may know it. */
export const setOfTask = (sets: readonly AnnotationSet[], task: string): AnnotationSet | null =>
  sets.find(({ id }) => id === task) ?? sets.find(({ name }) => name === task) ?? null;

/**
 * The set of annotations that an input goes by; null: it goes by fields.
 * @throws WinnowError `config` for a category that the set does not have
 */
export function setOfInput(input: SelectionInput, sets: readonly AnnotationSet[]): AnnotationSet | null {
  const set = input.type === "PREDICTIONS" ? setOfTask(sets, input.task) : null;
  if (input.type !== "PREDICTIONS" || set === null) return null;
  const unknown = (input.categories ?? []).find((category) => !set.classes.includes(category));
  if (unknown !== undefined)
    throw missing(`task “${set.name}” has no class “${unknown}”. Its classes are`, set.classes);
  return set;
}

/**
 * The fields that an input stands for: one, or for CATEGORY_COUNT one a category. Ask {@link setOfInput} first.
 * @param sets a score's task may be the name of one
 * @throws WinnowError `config` that lists what there is
 */
export function fieldsOf(
  input: KnownInput,
  fields: readonly Field[],
  use: "numbers" | "classes",
  sets: readonly AnnotationSet[] = [],
): Field[] {
  const fits = (field: Field): boolean =>
    field.kind !== "text" && (field.kind === "number" ? "numbers" : "classes") === use;
  const found = (id: string): Field | undefined => fields.find((field) => field.id === id && fits(field));
  switch (input.type) {
    case "METADATA": {
      const field = found(input.key) ?? found(metadataFieldId(input.key));
      if (field) return [field];
      const what = use === "numbers" ? "number" : "category";
      const other = fields.some(({ id }) => id === input.key);
      throw missing(
        `METADATA key “${input.key}” is ${other ? `no ${what}` : "not known"}. ${use === "numbers" ? "Numbers" : "Categories"} are`,
        fields.filter(fits).map(({ id }) => id),
      );
    }
    case "SCORES": {
      const task = setOfTask(sets, input.task)?.id ?? input.task;
      const field = found(scoreFieldId(input.task, input.score)) ?? found(scoreFieldId(task, input.score));
      if (field) return [field];
      throw missing(`there is no score “${input.score}” of a task “${input.task}”. There are`, after("score:", fields));
    }
    case "PREDICTIONS": {
      if (use === "classes") {
        const field = found(classFieldId({ role: "predictions", id: input.task }));
        if (field) return [field];
        throw missing(`there is no task “${input.task}”. Tasks with classes are`, [
          ...new Set([...sets.map(({ id }) => id), ...after("prediction:", fields)]),
        ]);
      }
      return (input.categories ?? []).map((category) => {
        const field = found(countFieldId(input.task, category));
        if (field) return field;
        throw missing(`“${category}” is not counted by a task “${input.task}”. Counted are`, after("count:", fields));
      });
    }
  }
}

/** What the ids of fields with a prefix say, “probe/uncertainty_margin”. */
const after = (prefix: string, fields: readonly Field[]): string[] =>
  fields.flatMap(({ id }) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : []));

const mostListed = 12;

function missing(sentence: string, names: readonly string[]): WinnowError {
  const listed = [...names.slice(0, mostListed), ...(names.length > mostListed ? ["…"] : [])].join(", ");
  return new WinnowError("config", `${sentence}: ${listed || "none"}.`);
}

/** What a configuration goes by. */
export interface NamedInputs {
  /** Each once. */
  fields: Field[];
  sets: AnnotationSet[];
  /** Sets whose objects it goes by. */
  objects: ObjectSet[];
}

/** A set of annotations that says where objects are. */
export type ObjectSet = AnnotationSet & { boxes: Float32Array };

/** Sets that say where objects are. */
export const objectSets = <T extends AnnotationSet>(sets: readonly T[]): (T & ObjectSet)[] =>
  sets.filter((set): set is T & ObjectSet => set.boxes !== null);

/**
 * The set whose objects a task names.
 * @throws WinnowError `config` that lists those there are
 */
export function setOfObjects(sets: readonly AnnotationSet[], task: string): ObjectSet {
  const there = objectSets(sets);
  const set = setOfTask(there, task);
  if (set) return set as ObjectSet;
  throw missing(
    `“${task}” is no set of labels or predictions with boxes. Such sets are`,
    there.map(({ id }) => id),
  );
}

/**
 * All fields and sets of annotations that a configuration goes by.
 * @throws WinnowError `config` that names the strategy and lists what there is
 */
export function inputsNamed(
  { strategies }: SelectionConfig,
  fields: readonly Field[],
  sets: readonly AnnotationSet[],
): NamedInputs {
  const named = { fields: new Set<Field>(), sets: new Set<AnnotationSet>(), objects: new Set<ObjectSet>() };
  for (const [index, one] of strategies.entries()) {
    within(placeOf(index, one), () => {
      const { input, strategy } = one;
      const inputs = strategy.type === "COVERAGE" && strategy.demand ? [input, strategy.demand] : [input];
      const use = strategy.type === "BALANCE" ? "classes" : "numbers";
      for (const given of inputs) {
        if (given.type === "EMBEDDINGS" && given.task !== undefined) named.objects.add(setOfObjects(sets, given.task));
        if (given.type === "EMBEDDINGS" || given.type === "RANDOM") continue;
        const set = setOfInput(given, sets);
        if (set) named.sets.add(set);
        else for (const field of fieldsOf(given, fields, use, sets)) named.fields.add(field);
        const task = given.type === "SCORES" ? setOfTask(sets, given.task) : null;
        if (task) named.sets.add(task);
      }
    });
  }
  return { fields: [...named.fields], sets: [...named.sets], objects: [...named.objects] };
}

/**
 * Looks whether everything is there that a configuration goes by.
 * @throws WinnowError `config` that names the strategy and lists what there is
 */
export function requireInputs(
  config: SelectionConfig,
  {
    fields,
    sets,
    tags,
  }: { fields: readonly Field[]; sets: readonly AnnotationSet[]; tags: ReadonlyMap<string, { size: number }> },
): void {
  inputsNamed(config, fields, sets);
  for (const [index, one] of config.strategies.entries()) {
    const { input } = one;
    if (input.type !== "EMBEDDINGS" || input.tagName === undefined || (tags.get(input.tagName)?.size ?? 0) > 0)
      continue;
    const there = [...tags.keys()].join(", ") || "none";
    throw new WinnowError(
      "config",
      `${placeOf(index, one)}: no image has the tag “${input.tagName}”. Tags are: ${there}.`,
    );
  }
}

/** The input that goes by a field: the reverse of {@link fieldsOf}. */
export function inputOf({ id, kind }: Pick<Field, "id" | "kind">, fields: readonly Field[]): KnownInput {
  if (kind === "number" && id.startsWith("score:")) {
    const at = id.lastIndexOf("/");
    return { type: "SCORES", task: id.slice("score:".length, at), score: id.slice(at + 1) };
  }
  if (kind === "number" && id.startsWith("count:") && id.includes("/")) {
    const rest = id.slice("count:".length);
    const task = after("prediction:", fields)
      .filter((one) => rest.startsWith(`${one}/`))
      .sort((a, b) => b.length - a.length)[0];
    const length = task?.length ?? rest.indexOf("/");
    return {
      type: "PREDICTIONS",
      task: rest.slice(0, length),
      name: "CATEGORY_COUNT",
      categories: [rest.slice(length + 1)],
    };
  }
  if (kind !== "number" && id.startsWith("prediction:")) {
    return { type: "PREDICTIONS", task: id.slice("prediction:".length), name: "CLASS_DISTRIBUTION" };
  }
  // Metadata that came from a file is named as the file names it, unless another field has that name.
  const own = metadataFieldId("");
  const key =
    id.startsWith(own) && !fields.some((field) => field.id === id.slice(own.length)) ? id.slice(own.length) : id;
  return { type: "METADATA", key };
}

/** The id of the field that an input goes by; “” for embeddings and random numbers. */
export function fieldIdOf(input: SelectionInput, fields: readonly Pick<Field, "id">[]): string {
  const has = (wanted: string): boolean => fields.some(({ id }) => id === wanted);
  switch (input.type) {
    case "METADATA":
      return !has(input.key) && has(metadataFieldId(input.key)) ? metadataFieldId(input.key) : input.key;
    case "SCORES":
      return scoreFieldId(input.task, input.score);
    case "PREDICTIONS":
      return input.name === "CLASS_DISTRIBUTION"
        ? classFieldId({ role: "predictions", id: input.task })
        : countFieldId(input.task, input.categories?.[0] ?? "");
    default:
      return "";
  }
}

/** Fields that say how unsure a model is, the most useful one first. */
export function scoreFields(fields: readonly Field[]): NumberField[] {
  const order = ["uncertainty_margin", "uncertainty_entropy", "uncertainty_least_confidence"];
  const rank = ({ id }: Field): number => {
    const at = order.indexOf(id.slice(id.lastIndexOf("/") + 1));
    return at < 0 ? order.length : at;
  };
  return fields
    .filter((field): field is NumberField => field.kind === "number" && field.id.startsWith("score:"))
    .sort((a, b) => rank(a) - rank(b));
}

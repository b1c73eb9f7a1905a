import { annotationFields, mistakennessField } from "../core/annotations/annotationFields.ts";
import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import { boxErrorFields, type ComparedPair } from "../core/annotations/boxErrorFields.ts";
import { primaryLabels } from "../core/annotations/heldSet.ts";
import type { Field } from "../core/explore/field.ts";
import { revealedText } from "../core/format/unseenText.ts";

/** Names from a file stand in menus and headings: nothing in them may be unseen. */
export const withPlainTitle = (field: Field): Field => ({ ...field, title: revealedText(field.title) });

/** How often one class occurs: there are many such fields, so they stand last in every list. */
export const isClassCount = (id: string): boolean => /^count:[^/]*\//.test(id);

/** The fields of all sets; those of a set are made again only when it is another one. */
export class AnnotationFieldCache {
  private own = new Map<AnnotationSet, Field[]>();
  private judged = new Map<AnnotationSet, { labels: AnnotationSet; fields: Field[] }>();
  private compared = new Map<ComparedPair, Field[]>();

  /** @param pairs what has been found of boxes so far; it may be of sets as they were a moment ago */
  fieldsOf(sets: readonly AnnotationSet[], pairs: readonly ComparedPair[]): Field[] {
    const own = new Map<AnnotationSet, Field[]>();
    const judged: typeof this.judged = new Map();
    const labels = primaryLabels(sets);
    for (const set of sets) {
      own.set(set, this.own.get(set) ?? annotationFields(set).map(withPlainTitle));
      if (labels === null || set.role !== "predictions" || set.type !== "classification") continue;
      const known = this.judged.get(set);
      const fields = known?.labels === labels ? known.fields : [withPlainTitle(mistakennessField(labels, set))];
      judged.set(set, { labels, fields });
    }
    this.own = own;
    this.judged = judged;
    this.compared = new Map(
      pairs.map((pair) => [pair, this.compared.get(pair) ?? boxErrorFields(pair).map(withPlainTitle)]),
    );
    return sets.flatMap((set) => [
      ...own.get(set)!,
      ...(judged.get(set)?.fields ?? []),
      ...pairs.flatMap((pair) => (pair.predictions.id === set.id ? this.compared.get(pair)! : [])),
    ]);
  }
}

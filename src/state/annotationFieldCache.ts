import { annotationFields, mistakennessField } from "../core/annotations/annotationFields.ts";
import type { AnnotationSet } from "../core/annotations/annotationSet.ts";
import { boxErrorFields, canCompareBoxes } from "../core/annotations/boxErrors.ts";
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

  fieldsOf(sets: readonly AnnotationSet[]): Field[] {
    const own = new Map<AnnotationSet, Field[]>();
    const judged: typeof this.judged = new Map();
    const labels = primaryLabels(sets);
    for (const set of sets) {
      own.set(set, this.own.get(set) ?? annotationFields(set).map(withPlainTitle));
      const boxes = sets.find((one) => canCompareBoxes(one, set)) ?? null;
      const judge = set.role === "predictions" && set.type === "classification" ? labels : boxes;
      if (judge === null) continue;
      const known = this.judged.get(set);
      const fieldsNow = (): Field[] => (judge === boxes ? boxErrorFields(judge, set) : [mistakennessField(judge, set)]);
      judged.set(set, known?.labels === judge ? known : { labels: judge, fields: fieldsNow().map(withPlainTitle) });
    }
    this.own = own;
    this.judged = judged;
    return sets.flatMap((set) => [...own.get(set)!, ...(judged.get(set)?.fields ?? [])]);
  }
}

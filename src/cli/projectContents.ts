import { fieldsOfSets } from "../core/annotations/annotationFields.ts";
import { fieldsOfMetadata, type MetadataField } from "../core/annotations/metadataField.ts";
import type { Field } from "../core/explore/field.ts";
import { fileFields, tagField } from "../core/explore/fileFields.ts";
import { ImageTable } from "../core/imageTable.ts";
import type { StoredSet } from "../core/projectFolder/annotationsParquet.ts";
import type { StoredImage } from "../core/projectFolder/imagesParquet.ts";
import type { ProjectReader } from "../core/projectFolder/projectReader.ts";
import { qualityFromJson } from "../core/projectFolder/qualityJson.ts";
import { boxThresholds, type QualitySettings } from "../core/quality/qualitySettings.ts";
import { RowSet } from "../core/rowSet.ts";

/** What a project folder says of its images, in memory. */
export interface ProjectContents {
  images: ImageTable;
  /** By row. */
  stored: readonly StoredImage[];
  tags: ReadonlyMap<string, RowSet>;
  sets: readonly StoredSet[];
  metadata: readonly MetadataField[];
  /** What a person set of the checks on the page. */
  quality: QualitySettings;
}

export async function contentsOf(reader: ProjectReader): Promise<ProjectContents> {
  const images = new ImageTable();
  const stored: StoredImage[] = [];
  const tagged = new Map<string, number[]>();
  for await (const page of reader.images()) {
    for (const image of page) {
      images.append(image.record);
      stored.push(image);
      for (const tag of image.tags) {
        const rows = tagged.get(tag);
        if (rows) rows.push(image.record.row);
        else tagged.set(tag, [image.record.row]);
      }
    }
  }
  const sets: StoredSet[] = [];
  for (const file of reader.annotationFiles) sets.push(await reader.annotations(file));
  const tags = new Map([...tagged].map(([name, rows]) => [name, RowSet.of(rows)]));
  const quality = qualityFromJson(reader.manifest.quality);
  return { images, stored, tags, sets, metadata: await reader.metadata(), quality };
}

/** The same fields as on the page, as far as a folder holds them. */
export function fieldsOfContents({ images, stored, tags, sets, metadata, quality }: ProjectContents): Field[] {
  const names = [...new Set(stored.map(({ label }) => label))].filter((label) => label !== "").sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const label: Field = {
    id: "label",
    title: "Label",
    kind: "category",
    names,
    ofRow: Int32Array.from(stored, (image) => place.get(image.label) ?? -1),
  };
  return [
    ...fileFields(images),
    tagField(tags),
    ...(names.length > 0 ? [label] : []),
    ...fieldsOfSets(sets, boxThresholds(quality)),
    ...fieldsOfMetadata(metadata),
  ];
}

import type { ObjectPart } from "../core/objects/objectPart.ts";
import type { DerivedValues } from "./derived.ts";

/** Features of the objects of one set of annotations, in one space of a project, in parts as they came. */
export class ObjectStore {
  private readonly prefix: string;

  constructor(
    private readonly values: DerivedValues,
    setId: string,
  ) {
    this.prefix = `objects.${setId}.`;
  }

  /** The parts from the one of a number on, without their features, oldest first. */
  async parts(from = 0): Promise<ObjectPart[]> {
    const parts: ObjectPart[] = [];
    for (;;) {
      const part = (await this.values.derived(`${this.prefix}${from + parts.length}`)) as ObjectPart | null;
      if (part === null) return parts;
      parts.push(part);
    }
  }

  /** Features of a part's objects, f16 bits, objects × numbers of the model. */
  async features(part: number): Promise<Uint16Array> {
    return (await this.values.derived(`${this.prefix}${part}.features`)) as Uint16Array;
  }

  /** @param place how many parts there are */
  async add(place: number, part: ObjectPart, features: Uint16Array): Promise<void> {
    // The features first: without its head nobody looks at them, so a crash between the two loses only this part.
    await this.values.putDerived(`${this.prefix}${place}.features`, features);
    await this.values.putDerived(`${this.prefix}${place}`, part);
  }
}

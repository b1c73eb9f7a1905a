/** Disjoint sets of the numbers 0…n − 1 (Tarjan 1975: union by size, paths halved). At first each is a set of its own. */
export class UnionFind {
  private readonly parents: Uint32Array;
  private readonly sizes: Uint32Array;

  constructor(n: number) {
    this.parents = Uint32Array.from({ length: n }, (_, i) => i);
    this.sizes = new Uint32Array(n).fill(1);
  }

  /** The member that stands for the set of `i`; changes when sets are joined. */
  find(i: number): number {
    let at = i;
    while (this.parents[at] !== at) {
      this.parents[at] = this.parents[this.parents[at]!]!;
      at = this.parents[at]!;
    }
    return at;
  }

  /** Makes one set of the sets of `a` and `b`. */
  join(a: number, b: number): void {
    const [one, other] = [this.find(a), this.find(b)];
    if (one === other) return;
    const [large, small] = this.sizes[one]! >= this.sizes[other]! ? [one, other] : [other, one];
    this.parents[small] = large;
    this.sizes[large] = this.sizes[large]! + this.sizes[small]!;
  }

  /** Sets of two and more: members ascending, the largest set first, of equals the one with the lowest member. */
  groups(): Uint32Array[] {
    const members = new Map<number, number[]>();
    for (let i = 0; i < this.parents.length; i++) {
      const root = this.find(i);
      if (this.sizes[root]! < 2) continue;
      const group = members.get(root);
      if (group) group.push(i);
      else members.set(root, [i]);
    }
    return [...members.values()]
      .map((group) => Uint32Array.from(group))
      .sort((a, b) => b.length - a.length || a[0]! - b[0]!);
  }
}

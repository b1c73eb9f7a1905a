/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2018), its state filled by splitmix32. The same seed gives the
 * same numbers on every machine.
 */
export class Random {
  private readonly state = new Uint32Array(4);

  /** @param seed any integer; only its low 32 bits count */
  constructor(seed: number) {
    let s = seed | 0;
    for (let i = 0; i < 4; i++) {
      s = (s + 0x9e3779b9) | 0;
      this.state[i] = mix(s);
    }
  }

  /** 32 random bits, 0…2³² − 1. */
  uint32(): number {
    const s = this.state;
    const product = Math.imul(s[1]!, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2] = s[2]! ^ s[0]!;
    s[3] = s[3]! ^ s[1]!;
    s[1] = s[1]! ^ s[2]!;
    s[0] = s[0]! ^ s[3]!;
    s[2] = s[2]! ^ t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform in 0…1, 1 excluded, 53 bits. */
  float(): number {
    return ((this.uint32() >>> 5) * 67_108_864 + (this.uint32() >>> 6)) / 9_007_199_254_740_992;
  }

  /** Uniform whole number in 0…n − 1 without bias; n in 1…2³². */
  below(n: number): number {
    const limit = 4_294_967_296 - (4_294_967_296 % n);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % n;
    }
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }

  /** `count` different numbers of 0…n − 1 in random order (partial Fisher–Yates); all of them when count ≥ n. */
  sample(n: number, count: number): Uint32Array {
    const pool = Uint32Array.from({ length: n }, (_, i) => i);
    const take = Math.min(n, count);
    for (let i = 0; i < take; i++) {
      const j = i + this.below(n - i);
      [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    }
    return pool.slice(0, take);
  }
}

/** The finaliser of splitmix32: every input bit changes every output bit half of the time. */
function mix(value: number): number {
  let z = value;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

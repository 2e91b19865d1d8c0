// Seeded random numbers, as many independent streams as are asked for. A stream is identified by numbers (the
// epoch, the update, the sample), so that what is drawn at update n does not depend on earlier draws:
// training resumed there continues exactly, without a generator to save.

import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";

export interface Random {
  /** from U[0, 1) */
  uniform(): number;
  /** one of 0 … n − 1 */
  below(n: number): number;
}

/**
 * The Mersenne Twister, seeded by `seed` and the numbers of the stream.
 *
 * @param seed any integer; its lowest 32 bits count
 */
export function randomStream(seed: number, ...stream: number[]): Random {
  const random = mersenne(streamSeed(seed, ...stream));
  const uniform = () => uniformFloat64(random);
  return { uniform, below: (n) => Math.floor(uniform() * n) };
}

/**
 * The numbers of streams that a seed has besides those of batches, which fit counts from 0: "drop",
 * "embd" and "lrus". Layers and heads draw from the seed itself: committed weights depend on it.
 */
export const streams = { dropout: 0x64726f70, embedding: 0x656d6264, lru: 0x6c727573 };

/**
 * What seeds a stream, 32 bits: by the finaliser of MurmurHash3, since neighbouring seeds and streams must
 * not start alike.
 */
export function streamSeed(seed: number, ...stream: number[]): number {
  return stream.reduce((hash, n) => mix(hash ^ Math.imul(n + 1, 0x9e3779b1)), mix(seed | 0));
}

/** 0 … n − 1 in random order (Fisher and Yates). */
export function shuffledIndices(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

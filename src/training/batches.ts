// Which samples make up which batch: drawn again for every epoch, from the seed and the epoch's number alone.

import { randomStream, shuffledIndices } from "../numbers/random.js";

/**
 * Samples gathered by length are taken from pools of this many batches, so that batches still differ from
 * epoch to epoch.
 */
const batchesInPool = 32;

/** In which order samples are seen. */
export interface BatchOrder {
  /** gathers samples of about the same length, so that little of a batch is padding */
  lengthOf?: (index: number) => number;
  /** whether epochs differ, default true */
  shuffle?: boolean;
}

/**
 * The batches of one epoch, as indices of samples: every sample once, one batch may be smaller.
 */
export function batchesOfEpoch(
  count: number,
  batchSize: number,
  seed: number,
  epoch: number,
  { lengthOf, shuffle = true }: BatchOrder = {},
): number[][] {
  const random = randomStream(seed, epoch);
  const order = shuffle ? shuffledIndices(count, random) : Array.from({ length: count }, (_, index) => index);
  if (lengthOf === undefined) return chunks(order, batchSize);
  const batches = chunks(order, batchSize * batchesInPool).flatMap((pool) =>
    chunks(
      pool.sort((a, b) => lengthOf(a) - lengthOf(b)),
      batchSize,
    ),
  );
  return shuffledIndices(batches.length, random).map((index) => batches[index]);
}

function chunks<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) =>
    items.slice(n * size, (n + 1) * size),
  );
}

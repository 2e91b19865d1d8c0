// Validation data that go through the network in batches, so that their number costs no memory.

import { retold } from "../numbers/validation.js";
import type { TrainableNetwork } from "./trainable_network.js";

/**
 * The loss of samples as if they were one batch.
 *
 * @throws {TypeError} when collate promises a batch
 */
export function lossOfSamples<Sample, Batch>(
  network: Pick<TrainableNetwork<Batch>, "loss" | "lossOfAll">,
  samples: readonly Sample[],
  batchSize: number,
  collate: (samples: Sample[]) => Batch | Promise<Batch>,
): number {
  let first = 0;
  function* batches(): Generator<Batch> {
    for (first = 0; first < samples.length; first += batchSize) {
      const batch = collate(samples.slice(first, first + batchSize));
      if (batch instanceof Promise) {
        throw new TypeError(
          "fit: collate promised a batch of validation, but must make it at once: give validation as one batch",
        );
      }
      yield batch;
    }
  }
  try {
    if (network.lossOfAll !== undefined) return network.lossOfAll(batches());
    let sum = 0;
    for (const batch of batches()) {
      sum += Math.min(batchSize, samples.length - first) * network.loss(batch);
    }
    return sum / samples.length;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const ofSamples = (_: string, b: string) => `sample ${first + Number(b)} of validation`;
    throw retold(error, error.message.replace(/sample (\d+) of the batch/g, ofSamples));
  }
}

// Text and other sequences of classes, drawn from a network that was trained to predict the next one.

import { checkIndex } from "../nn/embedding.js";
import type { SequenceNetwork } from "../nn/network.js";
import type { Random } from "../numbers/random.js";
import { randomStream } from "../numbers/random.js";
import {
  checkCount,
  checkNotNegative,
  checkOptions,
  checkSeed,
  checkSize,
  kind,
} from "../numbers/validation.js";

export interface GenerateOptions {
  /** how many indices to draw; default 100 */
  steps?: number;
  /**
   * what the logits are divided by: 1, the default, as they are; a smaller number is bolder; 0 takes the
   * likeliest
   */
  temperature?: number;
  /** draws from the k likeliest only; from all where not given */
  topK?: number;
  /** of the draws, default 0 */
  seed?: number;
}

/**
 * Draws what comes next, one index after the other, each from softmax(z / temperature) of the network's
 * logits z, and reads it in turn. As a generator, so that a text can be shown while it grows:
 * `for (const index of generate(network, data.encode("RO"))) …`, or `[...generate(…)]` for all at once.
 *
 * @param network of the loss crossEntropy, with an embedding of as many indices as it has classes, or reading
 * one-hot vectors of them
 * @param start the indices that the network reads first, at least one; they are not drawn again
 * @throws {TypeError} for an argument of a wrong kind, before anything is drawn
 * @throws {RangeError} for a value out of its range, or a network that does not say what it reads
 */
export function generate(
  network: SequenceNetwork,
  start: ArrayLike<number>,
  options: GenerateOptions = {},
): Generator<number, void, undefined> {
  const where = "generate";
  checkOptions(where, options, ["steps", "temperature", "topK", "seed"]);
  const { steps = 100, temperature = 1, seed = 0 } = options;
  checkCount(where, "steps", steps);
  checkNotNegative(where, "temperature", temperature);
  checkSeed(where, seed);
  const classes = network.head.outputSize;
  const { topK = classes } = options;
  checkSize(where, "topK", topK);
  checkClasses(where, network, classes);
  if (!Array.isArray(start) && !ArrayBuffer.isView(start)) {
    throw new TypeError(`${where}: start is ${kind(start)}, but must be an array of indices`);
  }
  if (start.length === 0) throw new RangeError(`${where}: start has no index, but needs at least one`);
  const first = Array.from(start as ArrayLike<number>);
  for (const index of first) checkIndex(where, "start contains", index, classes);
  return draws(network, first, { steps, temperature, topK, random: randomStream(seed) });
}

function checkClasses(where: string, { lossName, embedding, rnn }: SequenceNetwork, classes: number): void {
  if (lossName !== "crossEntropy") {
    throw new RangeError(`${where}: the network's loss is ${lossName}, but must be crossEntropy`);
  }
  const read = embedding?.numEmbeddings ?? rnn.inputSize;
  if (read === classes) return;
  throw new RangeError(
    `${where}: the network reads ${read} ${embedding ? "indices" : "features"}, but must read as many as it has classes, ${classes}`,
  );
}

function* draws(
  network: SequenceNetwork,
  start: readonly number[],
  options: { steps: number; temperature: number; topK: number; random: Random },
): Generator<number, void, undefined> {
  const { steps, temperature, topK, random } = options;
  const stream = network.stream();
  const oneHot = new Float64Array(network.embedding ? 0 : network.rnn.inputSize);
  const read = (index: number): ArrayLike<number> => {
    if (network.embedding) return stream.step(index);
    oneHot.fill(0);
    oneHot[index] = 1;
    return stream.step(oneHot);
  };
  for (const index of start.slice(0, -1)) read(index);
  let last = start[start.length - 1];
  for (let step = 0; step < steps; step++) {
    last = drawIndex(read(last), temperature, topK, random);
    yield last;
  }
}

/** An index from softmax(z / temperature) over the topK largest of z; of equal ones those that come first. */
function drawIndex(z: ArrayLike<number>, temperature: number, topK: number, random: Random): number {
  const byLogit = Array.from(z, (_, index) => index).sort((a, b) => z[b] - z[a]);
  if (temperature === 0) return byLogit[0];
  const likeliest = byLogit.slice(0, topK);
  const weights = likeliest.map((index) => Math.exp((z[index] - z[likeliest[0]]) / temperature));
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k < weights.length; k++) {
    left -= weights[k];
    if (left < 0) return likeliest[k];
  }
  return likeliest[0];
}

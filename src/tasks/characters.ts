// Text as characters to predict: which character comes next.

import { checkIndex } from "../nn/embedding.js";
import type { Tensor } from "../numbers/tensor.js";
import type { Random } from "../numbers/random.js";
import { counted, summary, withSummary } from "../numbers/summary.js";
import { checkOptions, checkSize, kind } from "../numbers/validation.js";
import type { SequenceBatch } from "./batch.js";
import { oneHot, zeroTensor } from "./batch.js";

export interface CharacterOptions {
  /** T of the sequences that are drawn, default 50 */
  steps?: number;
  /** x as one-hot vectors [T, B, size] instead of indices [T, B] for an embedding */
  oneHot?: boolean;
}

/** A text, its alphabet, and batches of it. */
export interface CharacterData {
  /** the characters that occur, in the order of their code points */
  readonly alphabet: readonly string[];
  /** how many there are: inputSize of one-hot vectors, and the number of classes */
  readonly size: number;
  /** the text as indices of the alphabet */
  readonly indices: readonly number[];
  /**
   * B stretches of T characters from anywhere in the text, and at every step the character that follows, [T,
   * B].
   */
  readonly draw: (random: Random, batchSize: number) => SequenceBatch;
  /**
   * The whole text as B streams side by side in pieces of T steps, each continuing where the one before
   * ended: for {@link truncate}d backpropagation. Characters left over at the end are dropped.
   */
  streams(batchSize: number): SequenceBatch;
  /** @throws {RangeError} that names the first character that is not in the alphabet */
  encode(text: string): number[];
  /** @throws {RangeError} that names the first index that is not in the alphabet */
  decode(indices: ArrayLike<number>): string;
}

/**
 * Text for a network that predicts the next character. Characters are Unicode's code points, in composed form
 * (NFC), so that a Hangul syllable is one.
 *
 * @throws {TypeError} when text is not a string, or for an unknown option
 * @throws {RangeError} when the text is not longer than `steps` characters
 */
export function characters(text: string, options: CharacterOptions = {}): CharacterData {
  if (typeof text !== "string")
    throw new TypeError(`characters: text is ${kind(text)}, but must be a string`);
  checkOptions("characters", options, ["steps", "oneHot"]);
  const { steps = 50, oneHot: hot = false } = options;
  checkSize("characters", "steps", steps);
  const all = [...text.normalize("NFC")];
  if (all.length <= steps) {
    throw new RangeError(
      `characters: text has ${all.length} characters, but with ${steps} steps must have ${steps + 1} or more`,
    );
  }
  const alphabet = [...new Set(all)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const indexOf = new Map(alphabet.map((character, index) => [character, index]));
  const indices = all.map((character) => indexOf.get(character)!);

  const batch = (T: number, firsts: number[]): SequenceBatch => {
    const B = firsts.length;
    const [x, y]: [Tensor, Tensor] = [zeroTensor(T, B), zeroTensor(T, B)];
    firsts.forEach((first, b) => {
      for (let t = 0; t < T; t++) {
        x.data[t * B + b] = indices[first + t];
        y.data[t * B + b] = indices[first + t + 1];
      }
    });
    return { x: hot ? oneHot(x, alphabet.length) : x, y, batchFirst: false };
  };
  const data: CharacterData = {
    alphabet,
    size: alphabet.length,
    indices,
    draw: (random, B) =>
      batch(
        steps,
        Array.from({ length: B }, () => random.below(indices.length - steps)),
      ),
    streams(B) {
      checkSize("characters.streams", "batchSize", B);
      const length = Math.floor((indices.length - 1) / B);
      if (length < 1) {
        throw new RangeError(
          `characters.streams: batchSize is ${B}, but the text has only ${indices.length} characters`,
        );
      }
      return batch(
        length,
        Array.from({ length: B }, (_, b) => b * length),
      );
    },
    encode: (given) =>
      [...given.normalize("NFC")].map((character) => {
        const index = indexOf.get(character);
        if (index !== undefined) return index;
        throw new RangeError(
          `characters.encode: text contains ${JSON.stringify(character)}, but must contain only characters of the alphabet`,
        );
      }),
    decode: (given) =>
      Array.from(given, (index) => {
        checkIndex("characters.decode", "indices contains", index, alphabet.length);
        return alphabet[index];
      }).join(""),
  };
  return withSummary(data, () =>
    summary(`characters: ${counted(indices.length, "character")}, ${alphabet.length} of them different`, [
      `alphabet ${JSON.stringify(alphabet.slice(0, 40).join(""))}${alphabet.length > 40 ? " …" : ""}`,
      `draws ${counted(steps, "step")}, x ${hot ? "one-hot" : "as indices"}`,
    ]),
  );
}

// Files that were damaged on the way: cut off, continued, bits flipped, bytes set, put in or taken out. A
// reader answers with what the file says or with a WeightFileError; where a ZIP has a checksum, never with
// other numbers.

import { randomStream } from "../../../src/numbers/random.js";
import { describe, expect, test } from "vitest";
import {
  readKeras,
  readNpy,
  readNpz,
  readOnnx,
  readSafetensors,
  readTorch,
  WeightFileError,
} from "../../../src/weights/index.js";
import { file } from "./files.js";

const readers: Record<string, (bytes: Uint8Array) => unknown> = {
  "lstm.pt": readTorch,
  "checkpoint.pt": readTorch,
  "legacy_shared.pt": readTorch,
  "gru.npz": readNpz,
  "arrays_compressed.npz": readNpz,
  "format_1.npy": readNpy,
  "format_3.npy": readNpy,
  "lstm.safetensors": readSafetensors,
  "special.safetensors": readSafetensors,
  "keras_2_model.h5": readKeras,
  "keras_3.keras": readKeras,
  "keras_2_compressed.weights.h5": readKeras,
  "hdf5_chunks.h5": readKeras,
  "hdf5_chunks_latest.h5": readKeras,
  "lstm.onnx": readOnnx,
  "gru_reset_before.onnx": readOnnx,
};

/** One in so many of the changes is tried. */
const share = process.env.UNROLLED_LONG ? 1 : 30;

type Change = [what: string, bytes: Uint8Array];

/** 20 ends, 20 tails, 600 flipped bits, 300 places with each of four bytes, 200 insertions or deletions. */
function* changes(bytes: Uint8Array, seed: number): Generator<Change> {
  const random = randomStream(seed);
  const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
  const place = () => random.below(bytes.length);
  const some = () => Uint8Array.from({ length: 1 + random.below(8) }, () => random.below(256));
  const count = (all: number) => Math.max(1, Math.round(all / share));
  for (let k = 0; k < count(20); k++) yield ["an end", bytes.subarray(0, place())];
  for (let k = 0; k < count(20); k++) yield ["a tail", join(bytes, some())];
  for (let k = 0; k < count(600); k++) yield ["a flipped bit", flipped(bytes, place(), random.below(8))];
  for (let k = 0; k < count(300); k++) {
    const at = place();
    for (const byte of [0, 0x7f, 0x80, 0xff]) {
      yield ["a byte", join(bytes.subarray(0, at), Uint8Array.of(byte), bytes.subarray(at + 1))];
    }
  }
  for (let k = 0; k < count(200); k++) {
    const at = place();
    if (k % 2 === 0) yield ["an insertion", join(bytes.subarray(0, at), some(), bytes.subarray(at))];
    else yield ["a deletion", join(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8)))];
  }
}

function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] ^= 1 << bit;
  return changed;
}

test.each(Object.keys(readers))("a damaged %s is read or refused", (name) => {
  const bytes = file(name);
  let refused = 0;
  let seen = 0;
  for (const [what, changed] of changes(bytes, name.length)) {
    seen++;
    try {
      readers[name](changed);
    } catch (error) {
      if (!(error instanceof WeightFileError)) throw new Error(`${what} of ${name}`, { cause: error });
      refused++;
    }
  }
  expect(seen).toBeGreaterThanOrEqual(process.env.UNROLLED_LONG ? 2040 : 60);
  expect(refused).toBeGreaterThan(0);
});

/** Where the contents of the files in a ZIP are, by its directory. */
function contents(bytes: Uint8Array): { name: string; from: number; to: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = [];
  for (let at = 0; at + 46 <= bytes.length; at++) {
    if (view.getUint32(at) !== 0x504b0102) continue;
    const [name, header] = [view.getUint16(at + 28, true), view.getUint32(at + 42, true)];
    const from = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const text = Buffer.from(bytes.subarray(at + 46, at + 46 + name)).toString();
    found.push({ name: text, from, to: from + view.getUint32(at + 20, true) });
  }
  return found;
}

describe("a flipped bit in what a ZIP holds", () => {
  test.each(Object.keys(readers).filter((name) => /^(?!legacy).*\.(pt|npz)$/.test(name)))(
    "is found in %s",
    (name) => {
      const bytes = file(name);
      const whole = readers[name](bytes);
      const random = randomStream(7);
      // Of a .pt, the format's version and such are not read at all.
      const read = contents(bytes).filter(({ name: entry }) =>
        /\.npy$|data\.pkl$|\/data\/|byteorder$/.test(entry),
      );
      expect(read.length).toBeGreaterThan(3);
      for (let k = 0; k < 600 / Math.sqrt(share); k++) {
        const { name: entry, from, to } = read[random.below(read.length)];
        const changed = flipped(bytes, from + random.below(to - from), random.below(8));
        let passed: unknown;
        try {
          passed = readers[name](changed);
        } catch (error) {
          expect(error, entry).toBeInstanceOf(WeightFileError);
          continue;
        }
        // The last bits of what was deflated may stand for nothing.
        expect(passed, entry).toEqual(whole);
      }
    },
  );
});

// What strangers may send: a good file with some bytes changed, cut out, repeated or put in.

import fc from "fast-check";
import { expect } from "vitest";
import { WeightFileError } from "../../../src/weights/index.js";

type Edit =
  | { kind: "flip"; at: number; bit: number }
  | { kind: "set"; at: number; bytes: Uint8Array }
  | { kind: "cut"; at: number; length: number }
  | { kind: "insert"; at: number; bytes: Uint8Array }
  | { kind: "end"; at: number };

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const some = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 9 }),
  fc.constantFrom(new Uint8Array(8).fill(255), new Uint8Array(4).fill(255), new Uint8Array(8)),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant("set" as const), at: place, bytes: some }),
  fc.record({ kind: fc.constant("cut" as const), at: place, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant("insert" as const), at: place, bytes: some }),
  fc.record({ kind: fc.constant("end" as const), at: place }),
);

function edited(bytes: Uint8Array, change: Edit): Uint8Array {
  const at = Math.floor(change.at * bytes.length);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
  switch (change.kind) {
    case "flip":
      return join(head, Uint8Array.of(tail[0] ^ (1 << change.bit)), tail.subarray(1));
    case "set":
      return join(head, change.bytes, tail.subarray(change.bytes.length));
    case "cut":
      return join(head, tail.subarray(change.length));
    case "insert":
      return join(head, change.bytes, tail);
    case "end":
      return head;
  }
}

/**
 * However the file is changed, it is read, or refused by a WeightFileError.
 *
 * @param front how much of the file, from its start, most changes are in: where the headers are
 * @returns how many were refused
 */
export function expectRefusals(
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => unknown,
  front: number,
): number {
  let refused = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), fc.boolean(), (edits, inFront) => {
      const scale = inFront ? front / bytes.length : 1;
      const hostile = edits.reduce(
        (before, change) => edited(before, { ...change, at: change.at * scale }),
        bytes,
      );
      try {
        read(hostile);
      } catch (error) {
        expect(error).toBeInstanceOf(WeightFileError);
        expect((error as Error).message.length).toBeLessThan(1000);
        refused++;
      }
    }),
    { numRuns: 1500 },
  );
  return refused;
}

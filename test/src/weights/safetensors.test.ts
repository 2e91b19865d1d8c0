// safetensors against files of PyTorch's state dicts in every precision, against itself, and against what
// strangers send.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Tensor } from "../../../src/numbers/tensor.js";
import { tensor, toNested } from "../../../src/numbers/tensor.js";
import { readSafetensors, WeightFileError, writeSafetensors } from "../../../src/weights/index.js";
import { file } from "./files.js";
import { expectRefusals } from "./hostile.js";

test("a state dict of PyTorch's has its keys, shapes and precision", () => {
  const { tensors, metadata } = readSafetensors(file("lstm.safetensors"));
  expect(metadata).toEqual({ format: "pt" });
  expect(Object.entries(tensors).map(([key, { shape }]) => [key, ...shape])).toEqual([
    ["rnn.weight_ih_l0", 16, 3],
    ["rnn.weight_hh_l0", 16, 4],
    ["rnn.bias_ih_l0", 16],
    ["rnn.bias_hh_l0", 16],
    ["rnn.weight_ih_l0_reverse", 16, 3],
    ["rnn.weight_hh_l0_reverse", 16, 4],
    ["rnn.bias_ih_l0_reverse", 16],
    ["rnn.bias_hh_l0_reverse", 16],
    ["rnn.weight_ih_l1", 16, 8],
    ["rnn.weight_hh_l1", 16, 4],
    ["rnn.bias_ih_l1", 16],
    ["rnn.bias_hh_l1", 16],
    ["rnn.weight_ih_l1_reverse", 16, 8],
    ["rnn.weight_hh_l1_reverse", 16, 4],
    ["rnn.bias_ih_l1_reverse", 16],
    ["rnn.bias_hh_l1_reverse", 16],
    ["head.weight", 2, 8],
    ["head.bias", 2],
  ]);
  for (const { data } of Object.values(tensors)) expect(data).toBeInstanceOf(Float64Array);
});

test.each(["f32", "f16", "bf16"])("the same weights in %s are float32", (short) => {
  // They are multiples of 1/256, which are exact in all but bfloat16: that has 8 bits.
  const exact = readSafetensors(file("lstm.safetensors")).tensors;
  const { tensors } = readSafetensors(file(`lstm_${short}.safetensors`));
  expect(Object.keys(tensors)).toEqual(Object.keys(exact));
  for (const [key, { shape, data }] of Object.entries(tensors)) {
    expect(shape).toEqual(exact[key].shape);
    expect(data).toBeInstanceOf(Float32Array);
    data.forEach((value, k) => {
      const wanted = exact[key].data[k];
      expect(Math.abs(value - wanted)).toBeLessThanOrEqual(short === "bf16" ? Math.abs(wanted) * 2 ** -8 : 0);
    });
  }
});

test("the largest and smallest numbers of each precision are read exactly", () => {
  const { tensors } = readSafetensors(file("special.safetensors"));
  const small = [2 ** -24, -(2 ** -14)];
  const half = [0, -0, 1, 65504, ...small, 3.140625, Infinity, NaN];
  expect([...tensors.float64.data]).toEqual(half);
  expect([...tensors.float32.data]).toEqual(half);
  expect([...tensors.float16.data]).toEqual(half);
  expect([...tensors.bfloat16.data]).toEqual([0, -0, 1, 65536, ...small, 3.140625, Infinity, NaN]);
  expect(toNested(tensors.int64)).toEqual([[-Number.MAX_SAFE_INTEGER, 0, 7]]);
  expect(tensors.scalar).toEqual({ shape: [], data: Float64Array.of(2.5) });
  expect(tensors.empty).toEqual({ shape: [0, 3], data: new Float64Array() });
});

const dimensions = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const anyTensor: fc.Arbitrary<Tensor> = fc.tuple(dimensions, fc.boolean()).chain(([shape, wide]) => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  const of = { minLength: length, maxLength: length };
  return (wide ? fc.float64Array(of) : fc.float32Array(of)).map((data) => ({ shape, data }));
});
const anyName = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "", "한글", "0"));

test("what is written is read again, bit for bit, from any place in a buffer", () => {
  fc.assert(
    fc.property(
      fc.dictionary(anyName, anyTensor, { maxKeys: 6 }),
      fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
      fc.integer({ min: 0, max: 9 }),
      (tensors, metadata, offset) => {
        const own = Object.fromEntries(Object.entries(tensors));
        const bytes = writeSafetensors(own, metadata);
        const moved = new Uint8Array(bytes.length + offset).subarray(offset);
        moved.set(bytes);
        const read = readSafetensors(moved);
        expect(Object.fromEntries(Object.entries(read.tensors))).toEqual(own);
        expect({ ...read.metadata }).toEqual({ ...metadata });
      },
    ),
  );
});

test("a written file follows the format's description", () => {
  const bytes = writeSafetensors({ b: tensor([[1, 2]], "float32"), a: tensor(3) }, { format: "pt" });
  const header =
    '{"__metadata__":{"format":"pt"},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]},' +
    '"b":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}';
  const length = Math.ceil(header.length / 8) * 8;
  const expected = new Uint8Array(8 + length + 16);
  expected.set([length, 0, 0, 0, 0, 0, 0, 0]);
  expected.set(new TextEncoder().encode(header.padEnd(length)), 8);
  expected.set([0, 0, 0, 0, 0, 0, 8, 64, 0, 0, 128, 63, 0, 0, 0, 64], 8 + length);
  expect(bytes).toEqual(expected);
});

/** A file with this header. */
function withHeader(header: unknown, data = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const f32 = (shape: unknown, ...offsets: number[]) => ({ dtype: "F32", shape, data_offsets: offsets });

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "the file has 0 bytes, but its header's length alone has 8"],
  [
    "a header of 2^64 bytes",
    new Uint8Array(20).fill(255),
    "the header has 18446744073709551615 bytes, but the file has 12 after the header's length",
  ],
  ["no JSON", withHeader("{"), "the header is not JSON in UTF-8"],
  ["no UTF-8", withHeader("{}").fill(255, 8, 9), "the header is not JSON in UTF-8"],
  ["an array", withHeader([]), "the header is an array, but must be an object"],
  ["deep arrays", withHeader("[".repeat(1e5)), "the header is not JSON in UTF-8"],
  [
    "a number as tensor",
    withHeader({ w: 1 }),
    'tensor "w" is described by a number, but must be by an object',
  ],
  [
    "another type",
    withHeader({ w: { ...f32([1], 0, 4), dtype: "F8_E4M3" } }, 4),
    'tensor "w" has dtype "F8_E4M3"',
  ],
  [
    "an inherited type",
    withHeader({ w: { ...f32([1], 0, 4), dtype: "toString" } }, 4),
    'has dtype "toString"',
  ],
  [
    "a negative extent",
    withHeader({ w: f32([-1], 0, 4) }, 4),
    'tensor "w" has a shape that is not an array of',
  ],
  ["a fraction", withHeader({ w: f32([0.5], 0, 2) }, 2), 'tensor "w" has a shape that is not an array of'],
  ["no offsets", withHeader({ w: f32([1]) }, 4), 'tensor "w" has data_offsets that are not a pair'],
  [
    "swapped offsets",
    withHeader({ w: f32([1], 4, 0) }, 4),
    'tensor "w" has data_offsets that are not a pair',
  ],
  [
    "a shape too large",
    withHeader({ w: f32([2, 3], 0, 20) }, 20),
    "has 20 bytes, but [2, 3] of F32 needs 24",
  ],
  ["a shape of 2^106", withHeader({ w: f32([2 ** 53 - 1, 2 ** 53 - 1], 0, 4) }, 4), 'tensor "w" has 4 bytes'],
  [
    "the end beyond the file",
    withHeader({ w: f32([2], 0, 8) }, 4),
    'tensor "w" ends at 8, but the data at 4',
  ],
  ["bytes of nobody", withHeader({ w: f32([1], 0, 4) }, 8), 'tensor "w" ends at 4, but the data at 8'],
  [
    "a name twice",
    withHeader(`{"w":${JSON.stringify(f32([1], 0, 4))},"w":${JSON.stringify(f32([1], 4, 8))}}`, 8),
    'tensor "w" begins at 4, but the header ends at 0: they leave a hole',
  ],
  [
    "a hole",
    withHeader({ w: f32([1], 4, 8) }, 8),
    'tensor "w" begins at 4, but the header ends at 0: they leave a hole',
  ],
  [
    "an overlap",
    withHeader({ v: f32([2], 0, 8), w: f32([1], 4, 8) }, 8),
    'tensor "w" begins at 4, but tensor "v" ends at 8: they overlap',
  ],
  ["metadata that is no text", withHeader({ __metadata__: { a: 1 } }), '__metadata__ has a number at "a"'],
  [
    "an integer beyond 2^53",
    withHeader({ w: { dtype: "U64", shape: [1], data_offsets: [0, 8] } }, 8).fill(255, -8),
    'tensor "w" has 18446744073709551615 at 0, which float64 does not hold exactly',
  ],
])("%s is refused", (_, bytes, message) => {
  const read = () => readSafetensors(bytes);
  expect(read).toThrow(WeightFileError);
  expect(read).toThrow(`readSafetensors: `);
  expect(read).toThrow(message);
});

test("a changed file is read or refused, never more", () => {
  const bytes = file("special.safetensors");
  expect(expectRefusals(bytes, readSafetensors, 500)).toBeGreaterThan(700);
});

test("readSafetensors and writeSafetensors name a caller's mistakes", () => {
  expect(() => readSafetensors(new ArrayBuffer(8) as unknown as Uint8Array)).toThrow(
    "readSafetensors: bytes is an ArrayBuffer, but must be a Uint8Array with the contents of a file",
  );
  expect(() => writeSafetensors({ w: { shape: [3], data: new Float64Array(2) } })).toThrow(
    'writeSafetensors: "w" has 2 elements, but its shape [3] has 3',
  );
  expect(() => writeSafetensors({ w: [1, 2] as unknown as Tensor })).toThrow('"w" is not a tensor');
  expect(() => writeSafetensors({ __metadata__: tensor(1) })).toThrow('a tensor is called "__metadata__"');
});

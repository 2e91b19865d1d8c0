// .npz and .npy against files that NumPy wrote, and against what strangers send.

import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { readNpy, readNpz, readSafetensors, WeightFileError } from "../../../src/weights/index.js";
import { file } from "./files.js";
import { expectRefusals } from "./hostile.js";

const python: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const expected = Object.entries(
  JSON.parse(new TextDecoder().decode(file("numpy.json"))) as Record<
    string,
    { shape: number[]; data: string[]; float32: boolean }
  >,
).map(([name, { shape, data, float32 }]) => ({
  name,
  shape,
  float32,
  data: data.map((value) => python[value] ?? Number(value)),
}));

test.each(["arrays.npz", "arrays_compressed.npz"])(
  "%s has NumPy's values in every type and order",
  (name) => {
    const arrays = readNpz(file(name));
    expect(Object.keys(arrays)).toEqual(expected.map((array) => array.name));
    for (const { name, shape, data, float32 } of expected) {
      expect([...arrays[name].data], name).toEqual(data);
      expect(arrays[name].shape, name).toEqual(shape);
      expect(arrays[name].data, name).toBeInstanceOf(float32 ? Float32Array : Float64Array);
    }
  },
);

test.each([1, 2, 3])("readNpy reads format %i of a file", (version) => {
  const { shape, data } = expected.find(({ name }) => name === "fortran")!;
  expect(readNpy(file(`format_${version}.npy`))).toEqual({ shape, data: Float64Array.from(data) });
});

test.each(["lstm", "gru", "rnn", "characters"])("%s is the same as .npz and as safetensors", (name) => {
  expect(readNpz(file(`${name}.npz`))).toEqual(readSafetensors(file(`${name}.safetensors`)).tensors);
});

/** A file of format 1 with this header and data. */
function npy(header: string, data = 0, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(10 + text.length + data);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), version, 0, text.length & 255, text.length >> 8]);
  bytes.set(text, 10);
  return bytes;
}
const dict = (descr: string, shape: string, order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "does not begin as a .npy file does"],
  ["a format of later days", npy(dict("'<f8'", "()"), 8, 4), "has format 4, but must have 1, 2 or 3"],
  ["a long header", npy("").fill(255, 8), "has a header of 65535 bytes, but the file has 0 for it"],
  ["no dict", npy("[]"), "has a header that is not a dict"],
  ["a call", npy(dict("print('<f8')", "()"), 8), "has a header that is not as NumPy writes it"],
  ["objects", npy(dict("'|O'", "(1,)"), 8), "has elements of '|O', but must have one of f8, f4"],
  ["texts", npy(dict("'<U5'", "(1,)"), 20), "has elements of '<U5', but must have one of"],
  ["records", npy(dict("[('a', '<f8')]", "(1,)"), 8), "has elements of [('a', '<f8')], but must have one of"],
  ["no type", npy("{'fortran_order': False, 'shape': (1,)}", 8), "has elements of no type"],
  ["an inherited type", npy(dict("'<toString'", "(1,)"), 8), "has elements of '<toString'"],
  ["no order", npy(dict("'<f8'", "()", "()"), 8), "has a fortran_order that is neither True nor False"],
  ["a negative extent", npy(dict("'<f8'", "(-1,)"), 8), "has a shape that is not a tuple of integers"],
  ["commas", npy(dict("'<f8'", "(1,,1)"), 8), "has a shape that is not a tuple of integers"],
  [
    "a huge extent",
    npy(dict("'<f8'", `(${"9".repeat(400)},)`), 8),
    "has a shape that is not a tuple of integers",
  ],
  ["a huge product", npy(dict("'<f8'", "(4294967296, 4294967296)"), 8), "has 8 bytes, but"],
  ["too little", npy(dict("'<f8'", "(2,)"), 15), "has 15 bytes, but [2] of F64 needs 16"],
  ["too much", npy(dict("'<f8'", "(2,)"), 17), "has 17 bytes, but [2] of F64 needs 16"],
])("%s is refused", (_, bytes, message) => {
  const read = () => readNpy(bytes);
  expect(read).toThrow(WeightFileError);
  expect(read).toThrow(`readNpy: tensor "array" ${message}`);
  if (bytes.length > 0) {
    expect(() => readNpz(zipSync({ "rnn.w.npy": bytes }))).toThrow(`readNpz: tensor "rnn.w" ${message}`);
  }
});

test("a ZIP that is not of arrays, or says more than it holds, is refused before memory is taken", () => {
  const bytes = new Uint8Array(file("gru.npz"));
  expect(() => readNpz(zipSync({ "a.txt": new Uint8Array(3) }))).toThrow(
    'the ZIP contains "a.txt", but must contain .npy',
  );
  expect(() => readNpz(new Uint8Array(100))).toThrow("readNpz: the file is not a ZIP");
  expect(() => readNpz(bytes.subarray(0, bytes.length - 1))).toThrow(WeightFileError);

  // In the directory of a ZIP, the original size is 24 bytes behind an entry's signature.
  const view = new DataView(bytes.buffer);
  const entries = Array.from({ length: bytes.length - 4 }, (_, at) => at).filter(
    (at) => view.getUint32(at) === 0x504b0102,
  );
  expect(entries).toHaveLength(10);
  view.setUint32(entries[0] + 24, 4e9, true);
  expect(() => readNpz(bytes)).toThrow(
    '"rnn.weight_ih_l0.npy" is said to have 4000000000 bytes, but 368 bytes are at most 368',
  );
  view.setUint32(entries[0] + 20, 4e9, true);
  expect(() => readNpz(bytes)).toThrow(
    `the files up to "rnn.weight_ih_l0.npy" have 4000000000 bytes, but the ZIP ${bytes.length}`,
  );
});

/** A ZIP of one .npy file of zeros, which deflate makes a thousandth of. */
const bomb = (count: number) => zipSync({ "w.npy": npy(dict("'|u1'", `(${count},)`), count) });

test("a small file cannot take much memory: what an array takes is counted before it is taken", () => {
  expect(readNpz(bomb(1000), { maxBytes: 16_000 }).w.shape).toEqual([1000]);
  expect(() => readNpz(bomb(1000), { maxBytes: 8000 })).toThrow(WeightFileError);
  expect(() => readNpz(bomb(1000), { maxBytes: 8000 })).toThrow(
    'readNpz: with tensor "w" the file takes 9070 bytes of memory, but maxBytes is 8000',
  );
  expect(() => readNpz(bomb(40_000_000))).toThrow("but maxBytes is 268435456");
  expect(() => readNpz(bomb(1), { maxBytes: "8" as never })).toThrow(
    'readNpz: maxBytes is "8", but must be a positive number',
  );
  expect(() => readNpz(bomb(1), { most: 8 } as never)).toThrow('readNpz: option "most" is unknown');
});

test("readNpz names the array that is damaged", () => {
  const bytes = Uint8Array.from(file("arrays.npz"));
  bytes[200] ^= 1;
  expect(() => readNpz(bytes)).toThrow(WeightFileError);
  expect(() => readNpz(bytes)).toThrow(
    /^readNpz: ".*\.npy" is damaged: its CRC-32 is \w{8}, but the ZIP says \w{8}$/,
  );
});

test("a changed file is read or refused, never more", () => {
  const compressed = file("lstm.npz");
  expectRefusals(compressed, readNpz, 300);
  // From the end, where the directory of the ZIP is.
  const reversed = (bytes: Uint8Array) => Uint8Array.from(bytes).reverse();
  expectRefusals(reversed(compressed), (bytes) => readNpz(reversed(bytes)), 300);
  expect(expectRefusals(file("format_1.npy"), readNpy, 128)).toBeGreaterThan(700);
  expect(expectRefusals(file("format_3.npy"), readNpy, 128)).toBeGreaterThan(700);
});

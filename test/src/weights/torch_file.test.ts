// .pt files against files of torch.save, and against what strangers send: a pickle may name any function of
// Python's.

import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import { toNested } from "../../../src/numbers/tensor.js";
import { partOf, readSafetensors, readTorch, WeightFileError } from "../../../src/weights/index.js";
import { file } from "./files.js";
import { expectRefusals } from "./hostile.js";

test.each(["lstm", "gru", "rnn", "characters"])("%s.pt has what the safetensors file has", (name) => {
  const read = readTorch(file(`${name}.pt`));
  expect(read).toEqual(readSafetensors(file(`${name}.safetensors`)).tensors);
});

test("a checkpoint has its tensors under their paths, and nothing else", () => {
  const tensors = readTorch(file("checkpoint.pt"));
  expect(partOf(tensors, "model.")).toEqual(readSafetensors(file("rnn.safetensors")).tensors);
  const others = Object.entries(tensors).filter(([key]) => !/^(model|optimizer)\./.test(key));
  expect(Object.keys(tensors).filter((key) => key.startsWith("optimizer."))).toHaveLength(2 * 10);
  expect(toNested(tensors["optimizer.state.9.exp_avg"])).toEqual([1]);
  const kinds = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8"];
  expect(Object.fromEntries(others.map(([key, { data }]) => [key, [...data]]))).toEqual({
    "views.0": [0, 1, 2, 3, 4, 5],
    "views.1": [0, 3, 1, 4, 2, 5],
    "views.2": [1, 4],
    "views.3": [3, 4, 5],
    "views.4": [2.5],
    "views.5": [],
    parameter: [1.5],
    ...Object.fromEntries(kinds.map((kind) => [`kinds.${kind}`, [1, 0, 100]])),
    "kinds.bool": [1, 0, 1],
  });
  expect(others.slice(0, 6).map(([, { shape }]) => shape)).toEqual([[2, 3], [3, 2], [2], [1, 3], [], [0, 3]]);
  expect(tensors["kinds.float16"].data).toBeInstanceOf(Float32Array);
  expect(tensors["kinds.int32"].data).toBeInstanceOf(Float64Array);
});

test.each(["checkpoint", "awkward"])(
  "%s.pt in the format before PyTorch 1.6 has the same tensors",
  (name) => {
    const read = readTorch(file(`legacy_${name}.pt`));
    expect(read).toEqual(readTorch(file(`${name}.pt`)));
    expect(Object.keys(read).length).toBeGreaterThan(5);
  },
);

test.each(["shared", "legacy_shared"])(
  "views of one storage in %s.pt are what they are in PyTorch",
  (name) => {
    const { flat, ...views } = readTorch(file(`${name}.pt`));
    expect([...flat.data]).toEqual(Array.from({ length: 20 }, (_, k) => k));
    expect(Object.fromEntries(Object.entries(views).map(([key, value]) => [key, toNested(value)]))).toEqual({
      weight: [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
      ],
      bias: [12, 13, 14],
      transposed: [
        [0, 4, 8],
        [1, 5, 9],
        [2, 6, 10],
        [3, 7, 11],
      ],
      every_other: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
      row_twice: [
        [15, 16],
        [15, 16],
      ],
      scalar: 19,
    });
    flat.data[13] = 100;
    expect([...views.bias.data]).toEqual([12, 100, 14]);
    expect(views.every_other.data[6]).toBe(13);
  },
);

/** A file of torch.save with this pickle and one storage of three float32. */
function withPickle(program: string, more: Record<string, Uint8Array> = {}): Uint8Array {
  const pickle = Uint8Array.from(program, (character) => character.charCodeAt(0));
  const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  return zipSync({ "a/data.pkl": pickle, "a/data/0": data, ...more });
}
const text = (value: string) => `X${String.fromCharCode(value.length, 0, 0, 0)}${value}`;
const storage = (type = "torch\nFloatStorage", key = "0") =>
  `(${text("storage")}c${type}\n${text(key)}${text("cpu")}K\x03tQ`;
/** [shape] and strides as numbers of one byte; left alone without a STOP */
const tensorOf = (shape: number[], strides: number[], offset = 0, of = storage()) => {
  const tuple = (values: number[]) => `(${values.map((value) => `K${String.fromCharCode(value)}`).join("")}t`;
  const args = `(${of}K${String.fromCharCode(offset)}${tuple(shape)}${tuple(strides)}\x89Nt`;
  return `ctorch._utils\n_rebuild_tensor_v2\n${args}R`;
};
const dict = (...items: string[]) => `}(${items.map((item, k) => `${text(`w${k}`)}${item}`).join("")}u.`;

test("reading a pickle calls nothing that it names", () => {
  const system = `cos\nsystem\n(${text("exit")}tR`;
  const built = `cbuiltins\nobject\n)\x81}(${text("w")}${tensorOf([1], [1])}ub`;
  expect(readTorch(withPickle(dict(system, tensorOf([2], [1], 1), built)))).toEqual({
    w1: { shape: [2], data: Float32Array.of(2, 3) },
  });
  const big = { "a/byteorder": new TextEncoder().encode("big") };
  const [value] = readTorch(withPickle(dict(tensorOf([1], [1])), big)).w0.data;
  expect(value).toBe(new DataView(Uint8Array.of(0, 0, 0x80, 0x3f).buffer).getFloat32(0));
});

test("containers that contain themselves, or each other many times, end", () => {
  const round = `]q\x00(h\x00${tensorOf([1], [1])}e.`;
  expect(Object.keys(readTorch(withPickle(round)))).toEqual(["1"]);
  const twice = Array.from(
    { length: 60 },
    (_, k) => `]q${String.fromCharCode(k + 1)}(h${String.fromCharCode(k)}h${String.fromCharCode(k)}e`,
  );
  expect(() => readTorch(withPickle(`]q\x00${twice.join("")}.`))).toThrow(
    "readTorch: the file has no tensors",
  );
});

const latin1 = (characters: string) => Uint8Array.from(characters, (character) => character.charCodeAt(0));
/** A file of PyTorch before 1.6 with this pickle, these keys, and one storage of three float32. */
function legacy(program: string, { keys = [text("0")], count = 3, version = "M\xe9\x03" } = {}): Uint8Array {
  const magic = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
  const pickles = latin1(`${magic}\x80\x02${version}.\x80\x02}.${program}](${keys.join("")}e.`);
  const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  return new Uint8Array(Buffer.concat([pickles, Uint8Array.of(count, 0, 0, 0, 0, 0, 0, 0), data]));
}
const legacyStorage = (count = "K\x03", view = "N") =>
  `(${text("storage")}ctorch\nFloatStorage\n${text("0")}${text("cpu")}${count}${view}tQ`;
const legacyTensor = dict(tensorOf([2], [1], 1, legacyStorage()));

test("files of any PyTorch before 1.6 are read", () => {
  const expected = { w0: { shape: [2], data: Float32Array.of(2, 3) } };
  expect(readTorch(legacy(legacyTensor))).toEqual(expected);
  // Before 0.4, tensors were made by another function.
  expect(readTorch(legacy(legacyTensor.replace("_v2", "")))).toEqual(expected);
  // A model's class is outside of the pickle, with its source: a long text, which Python 2 wrote as bytes.
  const source = `T\x00\x01\x00\x00${"#".repeat(256)}`;
  const model = `(${text("module")}cmy\nModel\n${text("my.py")}${source}tQ)\x81}b`;
  expect(readTorch(legacy(dict(model, tensorOf([2], [1], 1, legacyStorage()))))).toEqual({ w1: expected.w0 });
});

test("views that repeat or skip elements are read, and what stands next to tensors is ignored", () => {
  const read = readTorch(file("awkward.pt"));
  expect(Object.fromEntries(Object.entries(read).map(([name, value]) => [name, toNested(value)]))).toEqual({
    transposed: [
      [0, 3],
      [1, 4],
      [2, 5],
    ],
    cut: [
      [1, 2],
      [4, 5],
    ],
    mask: [
      [1, 0],
      [1, 0],
      [1, 0],
    ],
    integers: [2 ** 53, -(2 ** 53), 2 ** 60],
    "(a, 1)": [1],
    true: [2],
  });
  expect(readTorch(file("expanded.pt")).expanded.data).toEqual(new Float64Array(1000).fill(1));
  expect(() => readTorch(file("expanded.pt"), { maxBytes: 8000 })).toThrow(
    'readTorch: with tensor "expanded" the file takes 8282 bytes of memory, but maxBytes is 8000',
  );
});

test("long keys, deep dicts and unnamed files take no memory", () => {
  // Each dict holds the next and, under the same long key, a tensor.
  const key = `X${String.fromCharCode(0, 0, 1, 0)}${"k".repeat(65_536)}`;
  const deep = (depth: number, of: string) =>
    `${`}(${of}`.repeat(depth)}${tensorOf([1], [1])}${"u".repeat(depth)}.`;
  expect(() => readTorch(withPickle(deep(1, key)))).toThrow(
    "readTorch: the path of a tensor has 65537 characters, but must have at most 4096",
  );
  expect(() => readTorch(withPickle(deep(600, "h\x00").replace("h\x00", `${key}q\x00`)))).toThrow(
    WeightFileError,
  );
  expect(() => readTorch(withPickle(deep(5000, text("k"))))).toThrow(WeightFileError);
  const nested = Object.keys(readTorch(withPickle(deep(1000, text("k")))));
  expect(nested).toEqual([Array(1000).fill("k").join(".")]);
  const others = { "a/data/9": new Uint8Array(300_000_000) };
  expect(readTorch(withPickle(dict(tensorOf([3], [1])), others))).toHaveProperty("w0");
});

test("a pickle that was compressed to nothing is refused", () => {
  expect(() => readTorch(withPickle("]".repeat(6_000_000)))).toThrow(
    "readTorch: with its pickle the file takes",
  );
});

test.each<[string, Uint8Array, string | RegExp]>([
  ["nothing", new Uint8Array(), "the file is not a ZIP"],
  ["a ZIP of something else", zipSync({ "a.txt": new Uint8Array(1) }), "the ZIP has no data.pkl"],
  ["an empty pickle", withPickle(""), "the pickle cannot be read: it ends within an object"],
  ["an opcode that is not read", withPickle("I1\n."), "the pickle cannot be read: it has opcode 73 at 0"],
  ["an empty stack", withPickle("."), "the pickle cannot be read: its stack is empty"],
  ["no mark", withPickle("t."), "the pickle cannot be read: its stack has no mark"],
  ["an empty memo", withPickle("h\x05."), "the pickle cannot be read: it has nothing at 5 of its memo"],
  [
    "a call of a number",
    withPickle("K\x01)R."),
    "the pickle cannot be read: it calls something that is not a function",
  ],
  ["a long text", withPickle("X\xff\xff\xff\xff."), "the pickle cannot be read: it ends within an object"],
  ["no storage", withPickle("NQ."), "the pickle refers to something that is not a storage"],
  [
    "another storage",
    withPickle(`${storage("torch\nQInt8Storage")}.`),
    'storage "0" is a torch.QInt8Storage',
  ],
  [
    "two types",
    withPickle(`${storage()}${storage("torch\nIntStorage")}.`),
    'storage "0" is a torch.FloatStorage, and a',
  ],
  ["a missing storage", withPickle(`${storage(undefined, "7")}.`), 'storage "7" is missing in the ZIP'],
  [
    "half an element",
    withPickle(`${storage("torch\nLongStorage")}.`),
    'storage "0" has 12 bytes, but a torch.LongStorage has whole elements',
  ],
  [
    "no tensor",
    withPickle("ctorch._utils\n_rebuild_tensor_v2\n)R."),
    "a tensor is not made of a storage, an",
  ],
  [
    "a tensor beyond its storage",
    withPickle(dict(tensorOf([2, 2], [2, 1]))),
    'tensor "w0" of [2, 2] with strides [2, 1] from 0 reaches beyond its storage of 3 elements',
  ],
  [
    "an offset beyond it",
    withPickle(dict(tensorOf([1], [1], 3))),
    'tensor "w0" of [1] with strides [1] from 3 reaches',
  ],
  [
    "strides too few",
    withPickle(dict(tensorOf([1, 1], [1]))),
    'tensor "w0" of [1, 1] with strides [1] from 0 reaches',
  ],
  [
    "repeated elements",
    withPickle(dict(tensorOf([200, 200, 200, 200], [0, 0, 0, 0]))),
    'with tensor "w0" the file takes',
  ],
  [
    "65 axes",
    withPickle(dict(tensorOf(Array<number>(65).fill(1), Array<number>(65).fill(1)))),
    "a tensor has 65 axes, but must have at most 64",
  ],
  ["two of a name", file("same_name.pt"), 'two tensors are called "a.b", as keys with dots'],
  [
    "a model as a whole",
    file("model_object.pt"),
    "the file has no tensors; of a model, save its state_dict()",
  ],
  ["an older model as a whole", file("legacy_object.pt"), "the file has no tensors; of a model, save its"],
  ["an older file without tensors", legacy("}.", { keys: [] }), "the file has no tensors"],
  [
    "an older file cut off",
    legacy("").subarray(0, 20),
    "the pickle cannot be read: it ends within an object",
  ],
  ["another version", legacy(legacyTensor, { version: "K\x02" }), "the format is not version 1001"],
  [
    "a reference where none can be",
    legacy("", { version: legacyStorage() }),
    "a pickle besides the object's refers to a storage",
  ],
  [
    "a storage without a count",
    legacy(dict(tensorOf([2], [1], 1, legacyStorage("N")))),
    'storage "0" has no count of elements',
  ],
  [
    "a storage of another count",
    legacy(legacyTensor, { count: 2 }),
    'storage "0" has 2 elements, but the pickle says 3',
  ],
  [
    "a storage that is not whole",
    legacy(legacyTensor).subarray(0, -1),
    /^readTorch: storage "0" ends at \d+, but the file at \d+$/,
  ],
  ["a storage that is not there", legacy(legacyTensor, { keys: [] }), 'storage "0" is missing in the file'],
  [
    "a storage that is there twice",
    legacy(legacyTensor, { keys: [text("0"), text("0")] }),
    "the keys of the storages are not those that the pickle refers to",
  ],
  [
    "a part of a storage",
    legacy(dict(tensorOf([2], [1], 1, legacyStorage(undefined, `(${text("1")}K\x00K\x03t`)))),
    "a storage is a part of another, as only PyTorch before 0.2 saved it",
  ],
  [
    "a pickle by itself",
    latin1("\x80\x03}q\x00."),
    "the file is not a ZIP: it looks like a pickle by itself",
  ],
  ["text", latin1("(dp0\nS'w'\np1\n."), "the file is not a ZIP: it looks like text"],
  [
    "safetensors",
    file("gru.safetensors"),
    "the file is not a ZIP: it looks like safetensors: readSafetensors",
  ],
  ["an array", file("format_1.npy"), "the file is not a ZIP: it looks like an .npy of NumPy: readNpy"],
  ["half a file", file("gru.pt").subarray(0, 2000), "the ZIP has no directory at its end: it is not whole"],
])("%s is refused", (_, bytes, problem) => {
  expect(() => readTorch(bytes)).toThrow(WeightFileError);
  expect(() => readTorch(bytes)).toThrow(typeof problem === "string" ? `readTorch: ${problem}` : problem);
});

test("a changed file is read or refused, never more", () => {
  expectRefusals(file("gru.pt"), readTorch, 1200);
  expect(expectRefusals(file("legacy_checkpoint.pt"), readTorch, 600)).toBeGreaterThan(700);
  // The pickle itself, in a ZIP that stays as it is.
  const { "checkpoint/data.pkl": pickle, ...others } = unzipSync(file("checkpoint.pt"));
  const repacked = (changed: Uint8Array) =>
    readTorch(zipSync({ "checkpoint/data.pkl": changed, ...others }, { level: 0 }));
  expect(expectRefusals(pickle, repacked, 500)).toBeGreaterThan(700);
});

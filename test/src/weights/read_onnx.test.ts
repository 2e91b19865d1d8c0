// ONNX: files of PyTorch's and files by hand compute here what ONNX Runtime computes; and what strangers
// send.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { softmax } from "../../../src/slides/losses.js";
import type { Tensor } from "../../../src/nn/index.js";
import { Embedding, GRU, LSTM, RNN, toNested } from "../../../src/nn/index.js";
import type { OnnxLayer, OnnxRecurrent } from "../../../src/weights/index.js";
import { partOf, readOnnx, readSafetensors, WeightFileError } from "../../../src/weights/index.js";
import { randomStream } from "../../../src/numbers/random.js";
import * as onnx from "../../../src/weights/onnx_proto_writer.js";
import { relativeError } from "../engine/numbers.js";
import { file, folder, havePeers } from "./files.js";
import { dense } from "./forward.js";
import { expectRefusals } from "./hostile.js";
import { runOnnx } from "./onnx_runtime.js";

interface Values {
  shape: number[];
  data: number[];
}
type Runs = Record<string, { x: Values; output: Values }>;
const runs = JSON.parse(new TextDecoder().decode(file("onnxruntime.json"))) as Runs;
const names = Object.keys(runs);

test.skipIf(!havePeers())("ONNX Runtime writes the committed file again", () => {
  const again = mkdtempSync(join(tmpdir(), "onnxruntime-"));
  execFileSync(process.execPath, [join(folder, "write_onnxruntime.js"), again], { stdio: "pipe" });
  const now = JSON.parse(readFileSync(join(again, "onnxruntime.json"), "utf8")) as Runs;
  expect(Object.keys(now)).toEqual(names);
  for (const [name, { x, output }] of Object.entries(now)) {
    expect(x).toEqual(runs[name].x);
    expect(output.shape).toEqual(runs[name].output.shape);
    expect(relativeError(output.data, runs[name].output.data), name).toBeLessThanOrEqual(1e-6);
  }
});

/** The layers one after the other, made by their own options, in float64. */
function run(layers: OnnxLayer[], { shape, data }: Values): Tensor {
  const floats: Tensor = { shape, data: Float64Array.from(data) };
  return layers.reduce((x, { kind, options, stateDict }) => {
    if (kind === "embedding") {
      const embedding = new Embedding(options);
      embedding.loadStateDict(stateDict);
      return embedding.forward(x).output;
    }
    if (kind === "dense") return dense(stateDict, x);
    const module = kind === "lstm" ? new LSTM(options) : kind === "gru" ? new GRU(options) : new RNN(options);
    module.loadStateDict(stateDict);
    return module.forward(x).output;
  }, floats);
}

/** What those graphs compute that end in it. */
function softmaxes({ shape, data }: Tensor): Float64Array {
  const K = shape.at(-1)!;
  const rows = Array.from({ length: data.length / K }, (_, row) => [...data.slice(row * K, (row + 1) * K)]);
  return Float64Array.from(rows.flatMap((row) => softmax(row)));
}

test.each(names)("%s.onnx computes what ONNX Runtime computes", (name) => {
  const { x, output } = runs[name];
  const logits = run(readOnnx(file(`${name}.onnx`)), x);
  const isSoftmax = ["lstm_last", "gru_last"].includes(name);
  const data = isSoftmax ? softmaxes(logits) : logits.data;
  // Where the graph keeps the last step only.
  const compared = data.subarray(data.length - output.data.length);
  expect(compared.length).toBeGreaterThan(0);
  expect(relativeError(compared, output.data)).toBeLessThanOrEqual(2e-6);
});

test.each(["lstm", "gru", "rnn", "characters"])("%s.onnx has the weights of PyTorch's state dict", (name) => {
  const { tensors } = readSafetensors(file(`${name}.safetensors`));
  for (const { kind, stateDict } of readOnnx(file(`${name}.onnx`))) {
    const own = partOf(tensors, { dense: "head.", embedding: "embedding." }[kind as string] ?? "rnn.");
    const single = Object.entries(own).map(([key, { shape, data }]) => [
      key,
      { shape, data: Float32Array.from(data) },
    ]);
    expect(stateDict).toEqual(Object.fromEntries(single));
  }
});

test("the layers come with the options that make them here", () => {
  const layers = Object.fromEntries(
    names.map((name) => [name, readOnnx(file(`${name}.onnx`)).map(({ kind, options }) => [kind, options])]),
  );
  const of = (inputSize: number, hiddenSize: number, numLayers = 1, bidirectional = false, biases = 2) => ({
    inputSize,
    hiddenSize,
    numLayers,
    bidirectional,
    biases,
  });
  const dense = (inputSize: number, outputSize: number) => ["dense", { inputSize, outputSize }];
  expect(layers).toEqual({
    characters: [["embedding", { numEmbeddings: 6, embeddingDim: 3 }], ["lstm", of(3, 4)], dense(4, 6)],
    gru: [["gru", { ...of(2, 5, 2), resetAfter: true }], dense(5, 3)],
    gru_last: [["gru", { ...of(3, 4, 2, true, 0), resetAfter: true }], dense(8, 3)],
    gru_reset_before: [["gru", { ...of(3, 4), resetAfter: false }], dense(4, 2)],
    lstm: [["lstm", of(3, 4, 2, true)], dense(8, 2)],
    lstm_last: [["lstm", of(3, 4, 3)], dense(4, 3)],
    rnn: [["rnn", { ...of(4, 3, 1, true), nonlinearity: "relu" }], dense(6, 1)],
    rnn_last: [["rnn", { ...of(2, 3, 1, false, 0), nonlinearity: "tanh" }], dense(3, 5)],
  });
});

// Messages by hand: a field is its number and a text, bytes, an integer, or numbers of a packed list.
type Content =
  string | Uint8Array | number | { floats: number[] } | { doubles: number[] } | { ints: number[] };
function message(...fields: [number: number, content: Content][]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, content] of fields) {
    if (typeof content === "number") writer.tag(number, 0).int64(content);
    else if (typeof content === "string") writer.tag(number, 2).string(content);
    else if (content instanceof Uint8Array) writer.tag(number, 2).bytes(content);
    else if ("floats" in content) for (const value of content.floats) writer.tag(number, 5).float(value);
    else if ("doubles" in content) for (const value of content.doubles) writer.tag(number, 1).double(value);
    else for (const value of content.ints) writer.tag(number, 0).int64(value);
  }
  return writer.finish();
}
type Field = [number: number, content: Content];
const weights = (name: string, dims: number[], ...more: Field[]): Field => {
  const length = dims.reduce((product, extent) => product * extent, 1);
  const given =
    more.length > 0
      ? more
      : ([
          [2, 1],
          [4, { floats: Array.from({ length }, (_, k) => k) }],
        ] as Field[]);
  return [5, message([8, name], [1, { ints: dims }], ...given)];
};
const node = (type: string, inputs: string[], ...attributes: Field[]): Field => [
  1,
  message(...inputs.map((name): Field => [1, name]), [2, "y"], [4, type], ...attributes),
];
const attribute = (name: string, ...value: Field[]): Field => [5, message([1, name], ...value)];
const model = (...graph: Field[]) => message([7, message(...graph)]);
const [W, R, B] = [weights("W", [1, 4, 2]), weights("R", [1, 4, 1]), weights("B", [1, 8])];
const lstm = (...attributes: Field[]) => model(node("LSTM", ["x", "W", "R", "B"], ...attributes), W, R, B);

test("an LSTM's gates i, o, f, c become i, f, g, o", () => {
  const [{ stateDict }] = readOnnx(lstm());
  expect(Object.entries(stateDict).map(([key, value]) => [key, toNested(value)])).toEqual([
    [
      "weight_ih_l0",
      [
        [0, 1],
        [4, 5],
        [6, 7],
        [2, 3],
      ],
    ],
    ["weight_hh_l0", [[0], [2], [3], [1]]],
    ["bias_ih_l0", [0, 2, 3, 1]],
    ["bias_hh_l0", [4, 6, 7, 5]],
  ]);
});

test.each<[string, Field[], number[]]>([
  [
    "float32 as bytes",
    [
      [2, 1],
      [9, new Uint8Array(new Float32Array([1.5, -2]).buffer)],
    ],
    [1.5, -2],
  ],
  [
    "float32 as numbers",
    [
      [2, 1],
      [4, { floats: [1.5, -2] }],
    ],
    [1.5, -2],
  ],
  [
    "float64 as numbers",
    [
      [2, 11],
      [10, { doubles: [0.1, -2] }],
    ],
    [0.1, -2],
  ],
  [
    "float16 as numbers",
    [
      [2, 10],
      [5, { ints: [0x3c00, 0xc000] }],
    ],
    [1, -2],
  ],
  [
    "bfloat16 as bytes",
    [
      [2, 16],
      [9, Uint8Array.of(0x80, 0x3f, 0, 0xc0)],
    ],
    [1, -2],
  ],
])("elements in %s are read", (_, elements, expected) => {
  const [{ stateDict }] = readOnnx(model(node("Gemm", ["x", "M"]), weights("M", [2, 1], ...elements)));
  expect([...stateDict.weight.data]).toEqual(expected);
  expect(stateDict.weight.shape).toEqual([1, 2]);
});

test.skipIf(!havePeers())(
  "layers that only read backwards say so, and compute that turned round",
  async () => {
    const [T, I, H] = [5, 2, 3];
    const numbers = (count: number, seed: number) => {
      const random = randomStream(seed);
      return Float32Array.from({ length: count }, () => 2 * random.uniform() - 1);
    };
    const layer = (k: number, from: string, width: number) => ({
      node: onnx.node("LSTM", [from, `W${k}`, `R${k}`], [`y${k}`], { hidden_size: H, direction: "reverse" }),
      constants: [
        [`W${k}`, width],
        [`R${k}`, H],
      ].map(([name, columns]) => {
        const data = numbers(4 * H * (columns as number), k + (columns as number));
        const bytes = new Uint8Array(data.buffer);
        return onnx.constant(name as string, "float", [1, 4 * H, columns as number], bytes);
      }),
    });
    const axis = onnx.constant("axis", "int64", [1], new Uint8Array(BigInt64Array.of(1n).buffer));
    const [below, above] = [layer(0, "x", I), layer(1, "between", H)];
    const graph = onnx.message(
      [1, below.node],
      [1, onnx.node("Squeeze", ["y0", "axis"], ["between"])],
      [1, above.node],
      [2, "reverse"],
      ...[...below.constants, ...above.constants, axis].map((one) => [5, one] as const),
      [11, onnx.value("x", "float", [T, 1, I])],
      [12, onnx.value("y1", "float", [T, 1, 1, H])],
    );
    const bytes = onnx.message([1, 8], [7, graph], [8, onnx.message([1, ""], [2, 17])]);
    const x = { shape: [T, 1, I], data: numbers(T * I, 9) };
    const { y1 } = await runOnnx(bytes, { x });

    const [read, ...others] = readOnnx(bytes) as OnnxRecurrent[];
    expect(others).toEqual([]);
    expect(read.reverse).toBe(true);
    expect(read.options).toMatchObject({ inputSize: I, hiddenSize: H, numLayers: 2, bidirectional: false });
    const module = new LSTM(read.options);
    module.loadStateDict(read.stateDict);
    const turned = (rows: ArrayLike<number>, width: number) =>
      Array.from({ length: T }, (_, t) => Array.from(rows).slice((T - 1 - t) * width, (T - t) * width));
    const { output } = module.forward(turned(x.data, I));
    expect(relativeError(turned(output.data, H).flat(), y1.data)).toBeLessThanOrEqual(2e-6);
  },
);

test("a layer that has batches first says so", () => {
  const [layer] = readOnnx(lstm(attribute("layout", [3, 1]))) as OnnxRecurrent[];
  expect(new LSTM(layer.options).batchFirst).toBe(true);
  const [other] = readOnnx(lstm()) as OnnxRecurrent[];
  expect(new LSTM(other.options).batchFirst).toBe(false);
});

test("a constant may be a node or another's name, and a bias may be on either side", () => {
  const [, tensor] = weights("", [2, 1]);
  const layers = readOnnx(
    model(
      [1, message([2, "M"], [4, "Constant"], attribute("value", [5, tensor]))],
      [1, message([1, "M"], [2, "N"], [4, "Identity"])],
      node("MatMul", ["x", "N"]),
      [1, message([1, "b"], [1, "y"], [2, "z"], [4, "Add"])],
      weights("b", [1]),
    ),
  );
  expect(layers).toEqual([
    {
      kind: "dense",
      options: { inputSize: 2, outputSize: 1 },
      stateDict: {
        weight: { shape: [1, 2], data: Float32Array.of(0, 1) },
        bias: { shape: [1], data: Float32Array.of(0) },
      },
    },
  ]);
});

const texts = (...values: string[]) => values.map((value): Field => [9, value]);
test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(), "the file is not an ONNX model: ModelProto has no graph"],
  ["a text", new TextEncoder().encode("no model"), "the file is not an ONNX model"],
  [
    "another wire type",
    message([7, 1]),
    "the file is not an ONNX model: field 7 of ModelProto has wire type 0",
  ],
  ["an end too early", lstm().subarray(0, -1), "the file is not an ONNX model: premature EOF"],
  ["another direction", lstm(attribute("direction", [4, "sideways"])), 'LSTM "y" has direction "sideways"'],
  ["clipping", lstm(attribute("clip", [2, { floats: [3] }])), 'LSTM "y" clips its gates'],
  ["coupled gates", lstm(attribute("input_forget", [3, 1])), 'LSTM "y" couples its input and forget gates'],
  [
    "other activations",
    lstm(attribute("activations", ...texts("HardSigmoid", "Tanh", "Tanh"))),
    'LSTM "y" has activations hardsigmoid, tanh, tanh, but must have sigmoid, tanh, tanh',
  ],
  ["another hidden_size", lstm(attribute("hidden_size", [3, 7])), 'LSTM "y" has hidden_size 7, but R has 1'],
  [
    "a direction too few",
    lstm(attribute("direction", [4, "bidirectional"])),
    'LSTM "y" has W of [1, 4, 2], but must have [2, 4H, I] with H = 1 by R',
  ],
  ["no R", model(node("LSTM", ["x", "W"]), W), 'LSTM "y" computes R from "", but must have it as a constant'],
  [
    "an R of another shape",
    model(node("LSTM", ["x", "W", "R"]), W, weights("R", [4, 1])),
    'LSTM "y" has W of [1, 4, 2], but must have [1, 4H, I]',
  ],
  [
    "a B of another shape",
    model(node("LSTM", ["x", "W", "R", "B"]), W, R, weights("B", [1, 4])),
    'LSTM "y" has B of [1, 4], but must have [1, 8]',
  ],
  [
    "a P of another shape",
    model(node("LSTM", ["x", "W", "R", "", "", "", "", "P"]), W, R, weights("P", [1, 4])),
    'LSTM "y" has P of [1, 4], but must have [1, 3]',
  ],
  [
    "a constant initial state",
    model(node("LSTM", ["x", "W", "R", "", "", "h0"]), W, R, weights("h0", [1, 1, 2])),
    'LSTM "y" has an initial state of its own, "h0"',
  ],
  [
    "integers as weights",
    model(node("Gemm", ["x", "M"]), weights("M", [1, 1], [2, 7], [9, new Uint8Array(8)])),
    'Gemm "y" has B of data type 7, but must have FLOAT, DOUBLE, FLOAT16 or BFLOAT16',
  ],
  [
    "weights in another file",
    model(node("Gemm", ["x", "M"]), weights("M", [1, 1], [2, 1], [14, 1])),
    'Gemm "y" has B, "M", in another file, but must have it in its own',
  ],
  [
    "a huge shape",
    model(node("Gemm", ["x", "M"]), weights("M", [2 ** 40, 2 ** 40], [2, 1], [9, new Uint8Array(8)])),
    'tensor "M" has 8 bytes, but [1099511627776, 1099511627776] of F32 needs',
  ],
  [
    "a negative shape",
    model(node("Gemm", ["x", "M"]), weights("M", [-1, -1], [2, 1], [4, { floats: [1] }])),
    'Gemm "y" has B of a shape that is not of integers from 0',
  ],
  [
    "too few numbers",
    model(node("Gemm", ["x", "M"]), weights("M", [2, 2], [2, 1], [4, { floats: [1] }])),
    'Gemm "y" has B of 1 elements, but [2, 2] has 4',
  ],
  [
    "a scaled Gemm",
    model(node("Gemm", ["x", "M"], attribute("alpha", [2, { floats: [0.5] }])), weights("M", [2, 2])),
    'Gemm "y" has alpha 0.5, but must have 1',
  ],
  [
    "a bias that does not fit",
    model(node("Gemm", ["x", "M", "b"]), weights("M", [2, 3]), weights("b", [2])),
    'Gemm "y" has a bias of [2], but must have [3]',
  ],
  [
    "weights that no layer here has",
    model(node("Conv", ["x", "W"]), W),
    'Conv "y" reads the weights "W", but only those of RNN, LSTM, GRU, Gemm, MatMul with Add, and Gather have a',
  ],
  [
    "weights that are not folded",
    model(node("Slice", ["W"]), W),
    'Slice "y" still rearranges the weights "W": export the model with constants folded',
  ],
  [
    "an operator of another domain",
    model(node("LSTM", ["x", "W", "R"], [7, "com.microsoft"]), W, R),
    'com.microsoft.LSTM "y" reads the weights "W"',
  ],
  [
    "a loop",
    model(node("Loop", ["x"], attribute("body", [6, message()]))),
    'Loop "y" has a graph of its own in body',
  ],
])("%s is refused", (_, bytes, problem) => {
  expect(() => readOnnx(bytes)).toThrow(WeightFileError);
  expect(() => readOnnx(bytes)).toThrow(`readOnnx: ${problem}`);
});

test("a graph with nodes that read themselves is read to its end", () => {
  const round: Field = [1, message([1, "x"], [2, "x"], [4, "Identity"])];
  const layers = readOnnx(model(round, node("LSTM", ["x", "W", "R"]), W, R));
  expect(layers.map(({ kind }) => kind)).toEqual(["lstm"]);
});

test("a changed file is read or refused, never more", () => {
  const bytes = file("gru.onnx");
  expectRefusals(bytes, readOnnx, 800);
  expect(expectRefusals(lstm(), readOnnx, 50)).toBeGreaterThan(700);
});

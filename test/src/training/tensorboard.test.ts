// Event files: bytes against those of TensorBoard's own writer, checksums against published ones.

import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { afterEach, expect, test, vi } from "vitest";
import { adamRule, fit, toTensorBoard } from "../../../src/index.js";
import * as nn from "../../../src/nn/index.js";
import { crc32, crc32c } from "../../../src/numbers/crc32.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("checksums are the published ones", () => {
  // RFC 3720, appendix B.4; "123456789" is the check value of catalogues of CRCs.
  const bytes = (length: number, of: (k: number) => number) => Uint8Array.from({ length }, (_, k) => of(k));
  const check = new TextEncoder().encode("123456789");
  expect(crc32(check)).toBe(0xcbf43926);
  expect(crc32c(check)).toBe(0xe3069283);
  expect(crc32c(bytes(32, () => 0))).toBe(0x8a9136aa);
  expect(crc32c(bytes(32, () => 0xff))).toBe(0x62a8ab43);
  expect(crc32c(bytes(32, (k) => k))).toBe(0x46dd794e);
});

test("the bytes are those that TensorBoard's own writer makes", () => {
  // tensorboard 2.21.0: RecordWriter and its protocol buffers.
  const expected =
    "1800000000000000a37f4b22090000000000448f401a0d627261696e2e4576656e743a32aba33345470000000000" +
    "0000bac3fb9b090000000000508f4010012a3a0a0c0a0565706f6368150000803f0a0b0a046c6f7373150000803e" +
    "0a1d0a16757064617465526174696f732f686561642e62696173156f12833a145274bf1b000000000000001a0d9e" +
    "13090000000000568f4010ac022a0d0a0b0a046c6f737315000020c007bb1a3b";
  vi.spyOn(Date, "now").mockReturnValue(1002_750);
  const rows = [
    { update: 1, epoch: 1, loss: 0.25, updateRatios: { "head.bias": 0.001 }, elapsed: 1.5 },
    { update: 300, loss: -2.5, elapsed: 2.25 },
  ];
  expect(Buffer.from(toTensorBoard(rows)).toString("hex")).toBe(expected);
});

/** The scalars of each step, by name. */
function read(file: Uint8Array): { step: number; scalars: Record<string, number> }[] {
  const fields = (message: Uint8Array) => {
    const reader = new BinaryReader(message);
    const found: [field: number, value: unknown][] = [];
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (type === WireType.Varint) found.push([field, Number(reader.int64())]);
      else if (type === WireType.Bit64) found.push([field, reader.double()]);
      else if (type === WireType.Bit32) found.push([field, reader.float()]);
      else found.push([field, reader.bytes()]);
    }
    return found;
  };
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const events: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(view.getBigUint64(at, true));
    events.push(file.subarray(at + 12, at + 12 + length));
    at += length + 16;
  }
  return events.slice(1).map((event) => {
    const found = Object.fromEntries(fields(event)) as { 2: number; 5: Uint8Array };
    const scalars = fields(found[5]).map(([, value]) => {
      const { 1: name, 2: number } = Object.fromEntries(fields(value as Uint8Array)) as Record<
        number,
        unknown
      >;
      return [new TextDecoder().decode(name as Uint8Array), number as number];
    });
    return { step: found[2], scalars: Object.fromEntries(scalars) as Record<string, number> };
  });
}

test("the rows of fit come back, number by number", async () => {
  const network = new nn.SequenceNetwork({
    rnn: new nn.LSTM({ inputSize: 1, hiddenSize: 2 }),
    head: new nn.Linear({ inputSize: 2, outputSize: 2 }),
  });
  const batch = { x: [[[1]], [[-1]]], y: [1] };
  const training = fit(
    network,
    { batches: [batch] },
    { optimizer: adamRule(), updates: 3, validation: batch },
  );
  const rows = await training.finish();
  expect(read(toTensorBoard(rows))).toEqual(
    rows.map(({ update, epoch, loss, validationLoss, gradientNorm, updateRatios, lr }) => ({
      step: update,
      scalars: {
        epoch,
        loss: Math.fround(loss),
        validationLoss: Math.fround(validationLoss!),
        gradientNorm: Math.fround(gradientNorm),
        ...Object.fromEntries(
          Object.entries(updateRatios).map(([name, ratio]) => [`updateRatios/${name}`, Math.fround(ratio)]),
        ),
        lr: Math.fround(lr),
      },
    })),
  );
});

test("what float32 cannot hold, what is not a number, and no rows", () => {
  const row = { update: 0, grown: 1e300, faded: 1e-300, unknown: NaN, name: "run", missing: null };
  expect(read(toTensorBoard([row]))).toEqual([
    { step: 0, scalars: { grown: Infinity, faded: 0, unknown: NaN } },
  ]);
  expect(read(toTensorBoard([]))).toEqual([]);
});

test.each<[unknown, ErrorConstructor, string]>([
  [{}, TypeError, "toTensorBoard: rows is an object, but must be an array"],
  [[1], TypeError, "toTensorBoard: rows[0] is a number, but must be an object"],
  [
    [{ update: 1 }, { loss: 1 }],
    TypeError,
    "toTensorBoard: rows[1].update is undefined, but must be an integer of at least 0",
  ],
  [
    [{ update: 0.5 }],
    RangeError,
    "toTensorBoard: rows[0].update is 0.5, but must be an integer of at least 0",
  ],
])("%j is refused", (rows, Kind, message) => {
  const call = () => toTensorBoard(rows as []);
  expect(call).toThrow(Kind);
  expect(call).toThrow(message);
});

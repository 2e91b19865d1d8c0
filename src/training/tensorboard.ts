// Rows of training as a TensorBoard event file: records framed as TFRecord, each with an Event in protocol
// buffers. Field numbers: event.proto and summary.proto of https://github.com/tensorflow/tensorboard.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { crc32c } from "../numbers/crc32.js";
import { checkCount, isRecord, kind } from "../numbers/validation.js";

/** A row of fit or watch, or of a loop of one's own. */
export interface TensorBoardRow {
  /** the step */
  update: number;
  /** seconds since the beginning */
  elapsed?: number;
}

/**
 * Rows, such as fit's and watch's, as a TensorBoard event file. Every number of a row is a scalar under the
 * name of its column, such as "loss"; those of a record are in a group, "updateRatios/head.bias". The step is
 * `update`, and the time is such that the last row's `elapsed` is now.
 *
 * TensorBoard reads the file from a folder for each run, under a name that begins with `events.out.tfevents`:
 *
 *     writeFileSync("runs/first/events.out.tfevents.1", toTensorBoard(training.rows));
 *
 * Scalars are float32 there: what is below 10⁻⁴⁵ is 0, and what is above 3.4 · 10³⁸ infinite.
 *
 * @returns the whole file
 * @throws {TypeError} when rows is not an array of objects, or `update` is not a number
 * @throws {RangeError} when an `update` is not an integer of at least 0
 */
export function toTensorBoard(rows: readonly TensorBoardRow[]): Uint8Array {
  const where = "toTensorBoard";
  const given: unknown = rows;
  if (!Array.isArray(given)) throw new TypeError(`${where}: rows is ${kind(given)}, but must be an array`);
  given.forEach((row: unknown, index) => {
    const name = `rows[${index}]`;
    if (!isRecord(row)) throw new TypeError(`${where}: ${name} is ${kind(row)}, but must be an object`);
    checkCount(where, `${name}.update`, row.update);
  });
  const began = Date.now() / 1000 - (rows.at(-1)?.elapsed ?? 0);
  const version = eventAt(began).tag(3, WireType.LengthDelimited).string("brain.Event:2");
  const events = rows.map((row) => {
    const { update, elapsed = 0, ...columns } = row;
    const event = eventAt(began + elapsed)
      .tag(2, WireType.Varint)
      .int64(update);
    return event.tag(5, WireType.LengthDelimited).bytes(summary(scalars(columns)));
  });
  const file = new BinaryWriter();
  for (const event of [version, ...events]) {
    const data = event.finish();
    const length = new BinaryWriter().fixed64(data.length).finish();
    file.raw(length).fixed32(masked(length)).raw(data).fixed32(masked(data));
  }
  return file.finish();
}

const eventAt = (seconds: number) => new BinaryWriter().tag(1, WireType.Bit64).double(seconds);

/** The numbers of a row by name. */
function scalars(columns: object): [name: string, value: number][] {
  return Object.entries(columns).flatMap(([name, value]: [string, unknown]): [string, number][] => {
    if (typeof value === "number") return [[name, value]];
    if (!isRecord(value)) return [];
    return scalars(value).map(([inner, number]) => [`${name}/${inner}`, number]);
  });
}

function summary(values: [name: string, value: number][]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [name, value] of values) {
    const scalar = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name);
    scalar.tag(2, WireType.Bit32).float(Math.fround(value));
    writer.tag(1, WireType.LengthDelimited).bytes(scalar.finish());
  }
  return writer.finish();
}

/** What TFRecord has for a checksum: rotated and shifted, for data that hold checksums themselves. */
function masked(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

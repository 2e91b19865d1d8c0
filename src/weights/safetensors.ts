// safetensors, the format in which weights are mostly shared: 8 bytes that say how long the header is, a
// header in JSON that says which tensor lies where, and the tensors' elements, little-endian.
// Format: https://huggingface.co/docs/safetensors

import type { Tensor } from "../numbers/tensor.js";
import { summary, withSummary } from "../numbers/summary.js";
import { fileOf, tensorsSummary } from "./summary.js";
import { isRecord, kind } from "../numbers/validation.js";
import {
  checkBytes,
  checkTensorRecord,
  elementTypes,
  isShape,
  readElements,
  viewOf,
  writeElements,
} from "./elements.js";
import { refuse } from "./file_error.js";
import { fileKind } from "./file_kind.js";

/** What a safetensors file holds. */
export interface Safetensors {
  /** under their names, which are state-dict keys in a file of PyTorch's */
  tensors: Record<string, Tensor>;
  /** any texts, as in `{ format: "pt" }` */
  metadata: Record<string, string>;
}

/** One tensor as the header describes it. */
interface Entry {
  name: string;
  dtype: keyof typeof elementTypes;
  shape: number[];
  begin: number;
  end: number;
}

const metadataKey = "__metadata__";
/** The longest header that the format allows. */
const longestHeaderBytes = 100_000_000;

/**
 * Reads a safetensors file. F32, F16 and BF16 become float32; F64, integers and booleans become float64: no
 * value is rounded.
 *
 * @param bytes the whole file
 * @throws {TypeError} when bytes is not a Uint8Array
 * @throws {WeightFileError} for a file that does not follow the format (truncated, tensors that overlap or
 *   leave holes, a shape that does not fit its data …) or a type of elements that is not read here
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const where = "readSafetensors";
  checkBytes(where, bytes);
  const { header, data } = split(where, bytes);
  const { [metadataKey]: texts = {}, ...described } = header;
  const entries = Object.entries(described).map(([name, value]) => checkEntry(where, name, value));
  checkLayout(where, entries, data.length);
  const tensors = Object.fromEntries(
    entries.map(({ name, dtype, shape, begin, end }) => [
      name,
      readElements(where, name, dtype, shape, data.subarray(begin, end)),
    ]),
  );
  const metadata = checkMetadata(where, texts);
  return withSummary({ tensors: fileOf("safetensors", tensors), metadata }, () => {
    const texts = Object.entries(metadata).map(([key, text]) => `${key}: ${JSON.stringify(text)}`);
    return summary(tensorsSummary("safetensors", tensors), texts);
  });
}

/** The header as an object, and the bytes of all tensors. */
function split(where: string, bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < 8)
    refuse(where, `the file has ${bytes.length} bytes, but its header's length alone has 8`);
  const length = viewOf(bytes).getBigUint64(0, true);
  const rest = bytes.length - 8;
  if (length > rest) {
    const kind = fileKind(bytes);
    refuse(
      where,
      `the header has ${length.toString()} bytes, but the file has ${rest} after the header's length${kind === undefined ? "" : `: ${kind}`}`,
    );
  }
  if (length > longestHeaderBytes) {
    refuse(where, `the header has ${length.toString()} bytes, but the format allows ${longestHeaderBytes}`);
  }
  const start = 8 + Number(length);
  let header: unknown;
  try {
    header = JSON.parse(
      new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, start)),
    );
  } catch (error) {
    refuse(where, `the header is not JSON in UTF-8: ${(error as Error).message}`, error);
  }
  if (!isRecord(header)) refuse(where, `the header is ${kind(header)}, but must be an object`);
  return { header, data: bytes.subarray(start) };
}

function checkEntry(where: string, name: string, entry: unknown): Entry {
  const fail = (problem: string) => refuse(where, `tensor "${name}" ${problem}`);
  if (!isRecord(entry)) return fail(`is described by ${kind(entry)}, but must be by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(elementTypes, dtype)) {
    const came = typeof dtype === "string" ? `"${dtype}"` : kind(dtype);
    return fail(`has dtype ${came}, but must have one of ${Object.keys(elementTypes).join(", ")}`);
  }
  if (!isShape(shape)) return fail("has a shape that is not an array of integers from 0");
  if (!isShape(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    return fail("has data_offsets that are not a pair of a begin and an end");
  }
  return { name, dtype: dtype as keyof typeof elementTypes, shape, begin: offsets[0], end: offsets[1] };
}

/** The tensors must follow each other from the first byte to the last: each byte belongs to exactly one. */
function checkLayout(where: string, entries: readonly Entry[], length: number): void {
  let [previous, reached] = ["the header", 0];
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== reached) {
      const how = begin < reached ? "overlap" : "leave a hole";
      refuse(where, `tensor "${name}" begins at ${begin}, but ${previous} ends at ${reached}: they ${how}`);
    }
    [previous, reached] = [`tensor "${name}"`, end];
  }
  if (reached !== length) refuse(where, `${previous} ends at ${reached}, but the data at ${length}`);
}

function checkMetadata(where: string, texts: unknown): Record<string, string> {
  if (!isRecord(texts)) refuse(where, `${metadataKey} is ${kind(texts)}, but must be an object`);
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text !== "string")
      refuse(where, `${metadataKey} has ${kind(text)} at "${key}", but must have texts`);
  }
  return texts as Record<string, string>;
}

/**
 * A safetensors file of tensors, as F64 or F32 by their data. The file's order is that of the reference
 * implementation: the wider elements first, and then by name, so equal tensors make equal files.
 *
 * @param metadata any texts; `{ format: "pt" }` is what PyTorch's side expects
 * @returns the whole file
 * @throws {TypeError} for what is not a tensor, or a text of the metadata
 * @throws {RangeError} for a tensor whose data and shape do not fit, or that is called "__metadata__"
 */
export function writeSafetensors(
  tensors: Record<string, Tensor>,
  metadata: Record<string, string> = {},
): Uint8Array {
  const where = "writeSafetensors";
  checkTensorRecord(where, tensors);
  checkTexts(where, metadata);
  if (Object.hasOwn(tensors, metadataKey)) {
    throw new RangeError(
      `${where}: a tensor is called "${metadataKey}", but the format has that name for metadata`,
    );
  }
  const size = ({ data }: Tensor) => data.BYTES_PER_ELEMENT;
  const inOrder = Object.entries(tensors).sort(
    ([name, one], [other, another]) => size(another) - size(one) || (name < other ? -1 : 1),
  );
  let end = 0;
  const described = inOrder.map(([name, tensor]) => {
    const [begin, dtype] = [end, size(tensor) === 8 ? "F64" : "F32"];
    end += tensor.data.byteLength;
    return [name, { dtype, shape: tensor.shape, data_offsets: [begin, end] }] as const;
  });
  const texts = Object.keys(metadata).length > 0 ? [[metadataKey, metadata] as const] : [];
  const json = JSON.stringify(Object.fromEntries([...texts, ...described]));
  const utf8 = new TextEncoder().encode(json);
  const length = Math.ceil(utf8.length / 8) * 8; // so that the elements are aligned

  const bytes = new Uint8Array(8 + length + end).fill(" ".charCodeAt(0), 8, 8 + length);
  viewOf(bytes).setBigUint64(0, BigInt(length), true);
  bytes.set(utf8, 8);
  inOrder.forEach(([, tensor], index) => {
    const [begin, stop] = described[index][1].data_offsets;
    writeElements(tensor, bytes.subarray(8 + length + begin, 8 + length + stop));
  });
  return bytes;
}

/**
 * @throws {TypeError} unless metadata is an object of texts
 */
export function checkTexts(where: string, metadata: unknown): asserts metadata is Record<string, string> {
  if (!isRecord(metadata)) {
    throw new TypeError(`${where}: metadata is ${kind(metadata)}, but must be an object of texts`);
  }
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== "string")
      throw new TypeError(`${where}: metadata.${key} is ${kind(text)}, but must be a text`);
  }
}

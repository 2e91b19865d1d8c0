// .pt, what torch.save writes: a pickle of the objects, and storages of elements that tensors are views on.

import { product } from "../numbers/tensor.js";
import type { Tensor } from "../numbers/tensor.js";
import { checkBytes, isShape } from "./elements.js";
import { refuse, WeightFileError } from "./file_error.js";
import { gather } from "./layouts.js";
import type { ReadOptions } from "./memory_limit.js";
import { MemoryLimit } from "./memory_limit.js";
import type { Pickled, PickleReader } from "./pickle.js";
import { fileOf } from "./summary.js";
import { isLegacy, readLegacy } from "./torch_legacy.js";
import { Storage } from "./torch_storage.js";
import { readZipped } from "./torch_zip.js";

/** A tensor of the pickle: a view on a storage. */
class Found {
  /** what it was read as */
  tensor?: Tensor;

  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** As in PyTorch. */
const mostAxes = 64;
/** The longest path of a tensor. */
const longestPathCharacters = 4096;
/** What a name in a result takes besides its characters; roughly. */
const bytesPerName = 256;

/**
 * Reads the tensors of a file of torch.save: a state dict under its keys, or a checkpoint that holds several,
 * the keys on the way joined by dots ("model.rnn.weight_ih_l0", see {@link partOf}). What is not a tensor is
 * left out, and nothing that the file names is ever called. Tensors that share memory in PyTorch share it
 * here, except views that skip elements. Precision as in {@link readSafetensors}.
 *
 * @param bytes the whole file: a ZIP, or what PyTorch before 1.6 wrote, which newer ones write with
 *   `_use_new_zipfile_serialization=False`
 * @throws {TypeError} when bytes is not a Uint8Array, or for an unknown option
 * @throws {WeightFileError} for what is not such a file, is damaged or takes more memory than `maxBytes`, for
 *   a tensor that reaches beyond its elements, and where two have the same name
 */
export function readTorch(bytes: Uint8Array, options: ReadOptions = {}): Record<string, Tensor> {
  const where = "readTorch";
  checkBytes(where, bytes);
  const limit = new MemoryLimit(where, bytes, options);
  const call: PickleReader["call"] = (name, args) => {
    if (/^torch\._utils\._rebuild_tensor(_v2)?$/.test(name)) return foundOf(where, args);
    if (/^torch\._utils\._rebuild_parameter(_with_state)?$/.test(name)) return args[0];
    if (/^torch\..*_rebuild_/.test(name)) refuse(where, `a tensor is made by ${name}, which is not read`);
    return name === "collections.OrderedDict" || name === "collections.defaultdict" ? new Map() : undefined;
  };
  const object = guarded(where, () => (isLegacy(bytes) ? readLegacy : readZipped)(where, bytes, limit, call));
  const tensors = new Map<string, Found>();
  for (const [path, found] of tensorsIn(object)) {
    const name = nameOf(where, path, limit);
    const other = tensors.get(name);
    if (other !== undefined && other !== found) {
      refuse(where, `two tensors are called "${name}", as keys with dots or of two types may be`);
    }
    tensors.set(name, found);
  }
  if (tensors.size === 0) refuse(where, "the file has no tensors; of a model, save its state_dict()");
  const entries = [...tensors].map(([name, found]) => {
    const { shape, data } = (found.tensor ??= read(where, name, found, limit));
    return [name, { shape: [...shape], data }] as const;
  });
  return fileOf("PyTorch", Object.fromEntries(entries));
}

/** What a pickle does wrong is an Error of the machine that runs it. */
function guarded(where: string, read: () => Pickled): Pickled {
  try {
    return read();
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    return refuse(where, `the pickle cannot be read: ${(error as Error).message}`, error);
  }
}

/** What `torch._utils._rebuild_tensor_v2`, or PyTorch's before 0.4, makes of its arguments. */
function foundOf(where: string, [storage, offset, shape, strides]: Pickled[]): Found {
  if (!(storage instanceof Storage) || !isShape([offset]) || !isShape(shape) || !isShape(strides)) {
    return refuse(where, "a tensor is not made of a storage, an offset, a shape and strides");
  }
  if (shape.length > mostAxes) {
    return refuse(where, `a tensor has ${shape.length} axes, but must have at most ${mostAxes}`);
  }
  return new Found(storage, offset as number, shape, strides);
}

/** The elements of a tensor: the storage's own where they follow each other, a copy where not. */
function read(
  where: string,
  name: string,
  { storage, offset, shape, strides }: Found,
  limit: MemoryLimit,
): Tensor {
  const count = product(shape);
  const last = shape.reduce((reached, extent, axis) => reached + (extent - 1) * strides[axis], offset);
  if (shape.length !== strides.length || (count > 0 && !(last < storage.size))) {
    const view = `[${shape.join(", ")}] with strides [${strides.join(", ")}] from ${offset}`;
    refuse(where, `tensor "${name}" of ${view} reaches beyond its storage of ${storage.size} elements`);
  }
  const data = storage.data;
  if (count === 0) return { shape, data: data.slice(0, 0) };
  const isContiguous = shape.every((extent, k) => extent === 1 || strides[k] === product(shape.slice(k + 1)));
  if (isContiguous) return { shape, data: data.subarray(offset, offset + count) };
  limit.take(count * data.BYTES_PER_ELEMENT, `tensor "${name}"`);
  return gather(data, shape, strides, offset);
}

/** Where a value is: its key, and where its container is. */
interface Path {
  key: string;
  outer?: Path;
  /** of the joined keys, in characters */
  length: number;
}

/** Every tensor with its path. A container is opened once, however often it is referred to. */
function* tensorsIn(object: Pickled): Generator<[path: Path, tensor: Found]> {
  const opened = new Set<Pickled>();
  const waiting: [path: Path, value: Pickled][] = [[{ key: "", length: 0 }, object]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [outer, value] = next;
    if (value instanceof Found) yield [outer, value];
    if (!(value instanceof Map || Array.isArray(value)) || opened.has(value)) continue;
    opened.add(value);
    const entries = [...value.entries()].map(([key, inner]: [Pickled, Pickled]): [Path, Pickled] => {
      const text = keyText(key);
      return [{ key: text, outer, length: outer.length + 1 + text.length }, inner];
    });
    for (const entry of entries.reverse()) waiting.push(entry);
  }
}

function keyText(key: Pickled): string {
  if (Array.isArray(key)) {
    const parts = (key as Pickled[]).slice(0, mostAxes);
    return `(${parts.map((part) => (Array.isArray(part) ? "?" : keyText(part))).join(", ")})`;
  }
  return typeof key === "string" || typeof key === "number" || typeof key === "boolean" ? String(key) : "?";
}

/** The keys on the way, joined by dots. */
function nameOf(where: string, path: Path, limit: MemoryLimit): string {
  if (path.length > longestPathCharacters) {
    refuse(
      where,
      `the path of a tensor has ${path.length} characters, but must have at most ${longestPathCharacters}`,
    );
  }
  limit.take(bytesPerName + 2 * path.length, "the names of its tensors");
  const keys: string[] = [];
  for (let at: Path | undefined = path; at?.outer !== undefined; at = at.outer) keys.push(at.key);
  return keys.reverse().join(".");
}

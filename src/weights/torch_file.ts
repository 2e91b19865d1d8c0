// .pt, what torch.save writes: a ZIP with a pickle of the objects, and a file for each storage of elements.

import { product } from "../numbers/tensor.js";
import type { Floats, Tensor } from "../numbers/tensor.js";
import { checkBytes, elementTypes, isShape, readElements } from "./elements.js";
import { refuse, WeightFileError } from "./file_error.js";
import { gather } from "./layouts.js";
import type { ReadOptions } from "./memory_limit.js";
import { MemoryLimit } from "./memory_limit.js";
import type { Pickled } from "./pickle.js";
import { Opaque, unpickle } from "./pickle.js";
import { fileOf } from "./summary.js";
import type { ZipFile } from "./zip.js";
import { openZip } from "./zip.js";

const storageTypes: Record<string, keyof typeof elementTypes> = {
  "torch.DoubleStorage": "F64",
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
  "torch.LongStorage": "I64",
  "torch.IntStorage": "I32",
  "torch.ShortStorage": "I16",
  "torch.CharStorage": "I8",
  "torch.ByteStorage": "U8",
  "torch.BoolStorage": "BOOL",
};

/** The elements that tensors are views on, read when the first of them is. */
class Storage {
  constructor(
    readonly type: string,
    readonly size: number,
    readonly data: () => Floats,
  ) {}
}

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
/** What the objects of a pickle take for each of its bytes, at most; roughly. */
const bytesPerPickledByte = 64;

/**
 * Reads the tensors of a file of torch.save: a state dict under its keys, or a checkpoint that holds several,
 * the keys on the way joined by dots ("model.rnn.weight_ih_l0", see {@link partOf}). What is not a tensor is
 * left out, and nothing that the file names is ever called. Tensors that share memory in PyTorch share it
 * here, except views that skip elements. Precision as in {@link readSafetensors}.
 *
 * @param bytes the whole file, of PyTorch 1.6 or newer
 * @throws {TypeError} when bytes is not a Uint8Array, or for an unknown option
 * @throws {WeightFileError} for what is not such a file, is damaged or takes more memory than `maxBytes`, for
 *   a tensor that reaches beyond its elements, and where two have the same name
 */
export function readTorch(bytes: Uint8Array, options: ReadOptions = {}): Record<string, Tensor> {
  const where = "readTorch";
  checkBytes(where, bytes);
  const limit = new MemoryLimit(where, bytes, options);
  const zip = openZip(where, bytes, limit);
  const pickle = zip.names.find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) return refuse(where, "the ZIP has no data.pkl, as a file of torch.save has");
  const storageOf = storagesIn(where, zip, pickle.slice(0, -"data.pkl".length), limit);

  let object: Pickled;
  limit.take(bytesPerPickledByte * Math.max(0, zip.size(pickle)! - bytes.length), "its pickle");
  const program = zip.read(pickle);
  try {
    object = unpickle(program, {
      persistent: storageOf,
      call: (name, args) => {
        if (name === "torch._utils._rebuild_tensor_v2") return foundOf(where, args);
        if (/^torch\._utils\._rebuild_parameter(_with_state)?$/.test(name)) return args[0];
        if (/^torch\..*_rebuild_/.test(name)) refuse(where, `a tensor is made by ${name}, which is not read`);
        return name === "collections.OrderedDict" || name === "collections.defaultdict"
          ? new Map()
          : undefined;
      },
    });
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    return refuse(where, `the pickle cannot be read: ${(error as Error).message}`, error);
  }
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

/** A function from a pickle's description of a storage to the storage in the ZIP's `folder`. */
function storagesIn(
  where: string,
  zip: ZipFile,
  folder: string,
  limit: MemoryLimit,
): (id: Pickled) => Pickled {
  const byteOrder = `${folder}byteorder`;
  const littleEndian =
    zip.size(byteOrder) === undefined || new TextDecoder().decode(zip.read(byteOrder)) !== "big";
  const storages = new Map<string, Storage>();
  return (id) => {
    const [kind, type, key] = Array.isArray(id) ? (id as Pickled[]) : [];
    if (kind !== "storage" || !(type instanceof Opaque) || typeof key !== "string") {
      return refuse(where, "the pickle refers to something that is not a storage");
    }
    if (!Object.hasOwn(storageTypes, type.name)) {
      const known = Object.keys(storageTypes).join(", ");
      return refuse(where, `storage "${key}" is a ${type.name}, but must be one of ${known}`);
    }
    const known = storages.get(key);
    if (known?.type === type.name) return known;
    if (known) return refuse(where, `storage "${key}" is a ${known.type}, and a ${type.name}`);
    const file = `${folder}data/${key}`;
    const size = zip.size(file);
    if (size === undefined) return refuse(where, `storage "${key}" is missing in the ZIP`);
    const elementType = storageTypes[type.name];
    const count = size / elementTypes[elementType].size;
    if (!Number.isInteger(count)) {
      return refuse(where, `storage "${key}" has ${size} bytes, but a ${type.name} has whole elements`);
    }
    let data: Floats | undefined;
    const storage = new Storage(type.name, count, () => {
      const endianness = { littleEndian, limit };
      return (data ??= readElements(
        where,
        `data/${key}`,
        elementType,
        [count],
        zip.read(file),
        endianness,
      ).data);
    });
    storages.set(key, storage);
    return storage;
  };
}

/** What `torch._utils._rebuild_tensor_v2` makes of its arguments. */
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
  const data = storage.data();
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

// .pt, what torch.save writes: a ZIP with a pickle of the objects, and a file for each storage of elements.

import { product } from "../nn/nested.js";
import type { Floats, Tensor } from "../nn/tensor.js";
import { checkBytes, elementTypes, isShape, readElements } from "./elements.js";
import { refuse, WeightFileError } from "./file_error.js";
import { gather } from "./layouts.js";
import type { Pickled } from "./pickle.js";
import { Opaque, unpickle } from "./pickle.js";
import { unzip } from "./zip.js";

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

/** The elements that tensors are views on. */
class Storage {
  constructor(
    readonly type: string,
    readonly data: Floats,
  ) {}
}

/** A tensor of the pickle. */
class Found implements Tensor {
  constructor(
    readonly shape: readonly number[],
    readonly data: Floats,
  ) {}
}

/**
 * Reads the tensors of a file of torch.save: a state dict under its keys, or a checkpoint that holds several, the keys on the
 * way joined by dots ("model.rnn.weight_ih_l0", see {@link partOf}). What is no tensor is left out, and nothing that the
 * file names is ever called. Tensors that share memory in PyTorch share it here. Precision as in {@link readSafetensors}.
 *
 * @param bytes the whole file, of PyTorch 1.6 or newer
 * @throws WeightFileError for what is no such file, or a tensor that reaches beyond its elements
 */
export function readTorch(bytes: Uint8Array): Record<string, Tensor> {
  const where = "readTorch";
  checkBytes(where, bytes);
  const files = unzip(where, bytes);
  const pickle = [...files.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) return refuse(where, "the ZIP has no data.pkl, as a file of torch.save has");
  const folder = pickle.slice(0, -"data.pkl".length);
  const byteOrder = files.get(`${folder}byteorder`);
  const littleEndian = byteOrder === undefined || new TextDecoder().decode(byteOrder) !== "big";
  const storages = new Map<string, Storage>();
  let [held, copied] = [0, 0];

  const storageOf = (id: Pickled): Pickled => {
    const [kind, type, key] = Array.isArray(id) ? (id as Pickled[]) : [];
    if (kind !== "storage" || !(type instanceof Opaque) || typeof key !== "string") {
      return refuse(where, "the pickle refers to something that is no storage");
    }
    if (!Object.hasOwn(storageTypes, type.name)) {
      const known = Object.keys(storageTypes).join(", ");
      return refuse(where, `storage "${key}" is a ${type.name}, but must be one of ${known}`);
    }
    const known = storages.get(key);
    if (known?.type === type.name) return known;
    if (known) return refuse(where, `storage "${key}" is a ${known.type}, and a ${type.name}`);
    const contents = files.get(`${folder}data/${key}`);
    if (contents === undefined) return refuse(where, `storage "${key}" is missing in the ZIP`);
    const elementType = storageTypes[type.name];
    const shape = [Math.floor(contents.length / elementTypes[elementType].size)];
    const { data } = readElements(where, `data/${key}`, elementType, shape, contents, littleEndian);
    const storage = new Storage(type.name, data);
    storages.set(key, storage);
    held += data.length;
    return storage;
  };

  const tensorOf = ([storage, offset, shape, strides]: Pickled[]): Pickled => {
    if (!(storage instanceof Storage) || !isShape([offset]) || !isShape(shape) || !isShape(strides)) {
      return refuse(where, "a tensor is not made of a storage, an offset, a shape and strides");
    }
    const { data } = storage;
    const count = product(shape);
    const start = offset as number;
    const last = shape.reduce((reached, extent, axis) => reached + (extent - 1) * strides[axis], start);
    if (shape.length !== strides.length || (count > 0 && !(last < data.length))) {
      const view = `[${shape.join(", ")}] with strides [${strides.join(", ")}] from ${start}`;
      return refuse(where, `a tensor of ${view} reaches beyond its storage of ${data.length} elements`);
    }
    if (count === 0) return new Found(shape, data.slice(0, 0));
    const isContiguous = shape.every(
      (extent, k) => extent === 1 || strides[k] === product(shape.slice(k + 1)),
    );
    if (isContiguous) return new Found(shape, data.subarray(start, start + count));
    copied += count;
    if (!(copied <= held))
      return refuse(where, "tensors repeat their elements, so they would have more than the file");
    return new Found(shape, gather(data, shape, strides, start).data);
  };

  let object: Pickled;
  try {
    object = unpickle(files.get(pickle)!, {
      persistent: storageOf,
      call: (name, args) => {
        if (name === "torch._utils._rebuild_tensor_v2") return tensorOf(args);
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
  const found = tensorsIn(object);
  if (found.length === 0) refuse(where, "the file has no tensors; of a model, save its state_dict()");
  return Object.fromEntries(found);
}

/** Every tensor with its path. A container is opened once, however often it is referred to. */
function tensorsIn(object: Pickled): [path: string, tensor: Tensor][] {
  const found: [string, Tensor][] = [];
  const opened = new Set<Pickled>();
  const waiting: [path: string, value: Pickled][] = [["", object]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, value] = next;
    if (value instanceof Found) found.push([path, { shape: [...value.shape], data: value.data }]);
    if (!(value instanceof Map || Array.isArray(value)) || opened.has(value)) continue;
    opened.add(value);
    const entries = [...value.entries()].map(([key, inner]: [Pickled, Pickled]) => {
      const name = typeof key === "string" || typeof key === "number" ? String(key) : "?";
      return [path === "" ? name : `${path}.${name}`, inner] as [string, Pickled];
    });
    waiting.push(...entries.reverse());
  }
  return found;
}

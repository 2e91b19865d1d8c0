// The storages of elements in a file of torch.save, as its pickle refers to them.

import type { Floats } from "../numbers/tensor.js";
import type { elementTypes } from "./elements.js";
import { refuse } from "./file_error.js";
import type { Pickled, PickleReader } from "./pickle.js";
import { Opaque } from "./pickle.js";

type Element = keyof typeof elementTypes;

const storageTypes: Record<string, Element> = {
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
export class Storage {
  #data?: Floats;
  readonly #read: () => Floats;

  /** @param type PyTorch's name of its kind, as in "torch.FloatStorage" */
  constructor(
    readonly type: string,
    readonly size: number,
    read: () => Floats,
  ) {
    this.#read = read;
  }

  get data(): Floats {
    return (this.#data ??= this.#read());
  }
}

/** A reference of the pickle to a storage. */
export interface StorageReference {
  type: string;
  element: Element;
  key: string;
  /** how many elements it says, which a ZIP need not be asked for */
  size: Pickled;
}

/** What makes storages of a pickle's references: each once, however often it is referred to. */
export function storagesBy(
  where: string,
  open: (reference: StorageReference) => Storage,
): PickleReader["persistent"] {
  const storages = new Map<string, Storage>();
  return (id) => {
    const [kind, type, key, , size = null] = Array.isArray(id) ? (id as Pickled[]) : [];
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
    const storage = open({ type: type.name, element: storageTypes[type.name], key, size });
    storages.set(key, storage);
    return storage;
  };
}

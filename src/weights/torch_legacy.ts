// What torch.save wrote before PyTorch 1.6: pickles after each other, of a magic number, of the format's
// version, of the machine, of the object and of the storages' keys; and then each storage of these, the count
// of its elements in 8 bytes and the elements, little-endian. Source: torch.serialization, _legacy_save.

import { elementTypes, isShape, readElements, viewOf } from "./elements.js";
import { refuse } from "./file_error.js";
import type { MemoryLimit } from "./memory_limit.js";
import type { Pickled, PickleReader } from "./pickle.js";
import { unpickle } from "./pickle.js";
import { Storage, storagesBy } from "./torch_storage.js";

/** The pickle of the magic number, 0x1950a86a20f9469cfc6c. */
const magic = [..."\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."].map((character) => character.charCodeAt(0));
const protocol = 1001;

export const isLegacy = (bytes: Uint8Array) => magic.every((byte, k) => bytes[k] === byte);

/**
 * The object of the pickle.
 *
 * @throws {WeightFileError} for another version, and for storages that are not as the pickle refers to them
 * @throws {Error} for a pickle that cannot be read
 */
export function readLegacy(
  where: string,
  bytes: Uint8Array,
  limit: MemoryLimit,
  call: PickleReader["call"],
): Pickled {
  let at = magic.length;
  const next = (reader: PickleReader): Pickled => {
    const { object, end } = unpickle(bytes.subarray(at), reader);
    at += end;
    return object;
  };
  const plain: PickleReader = {
    call: () => undefined,
    persistent: () => refuse(where, "a pickle besides the object's refers to a storage"),
  };
  const version = next(plain);
  if (version !== protocol) {
    refuse(where, `the format is not version ${protocol}, the only one that PyTorch has written`);
  }
  next(plain);

  const referred = new Map<string, { elementSize: number; size: number }>();
  const contents = new Map<string, Uint8Array>();
  const storageOf = storagesBy(where, ({ type, element, key, size }) => {
    if (!isShape([size])) return refuse(where, `storage "${key}" has no count of elements`);
    const count = size as number;
    referred.set(key, { elementSize: elementTypes[element].size, size: count });
    const read = () => readElements(where, key, element, [count], contents.get(key)!, { limit }).data;
    return new Storage(type, count, read);
  });
  const object = next({ call, persistent: (id) => moduleOf(id) ?? storageOf(wholeStorage(where, id)) });

  const keys = next(plain);
  for (const key of Array.isArray(keys) ? (keys as Pickled[]) : []) {
    const storage = typeof key === "string" ? referred.get(key) : undefined;
    if (typeof key !== "string" || storage === undefined || contents.has(key)) {
      return refuse(where, "the keys of the storages are not those that the pickle refers to");
    }
    const { elementSize, size } = storage;
    const end = at + 8 + elementSize * size;
    if (end > bytes.length) refuse(where, `storage "${key}" ends at ${end}, but the file at ${bytes.length}`);
    const count = viewOf(bytes).getBigUint64(at, true);
    if (count !== BigInt(size)) {
      refuse(where, `storage "${key}" has ${count.toString()} elements, but the pickle says ${size}`);
    }
    contents.set(key, bytes.subarray(at + 8, end));
    at = end;
  }
  const missing = [...referred.keys()].find((key) => !contents.has(key));
  if (missing !== undefined) refuse(where, `storage "${missing}" is missing in the file`);
  return object;
}

/** A class of a model comes with its source, ("module", class, file, source). */
function moduleOf(id: Pickled): Pickled | undefined {
  const [kind, module] = Array.isArray(id) ? (id as Pickled[]) : [];
  return kind === "module" ? module : undefined;
}

/** Before PyTorch 0.2, a storage could be a part of another. */
function wholeStorage(where: string, id: Pickled): Pickled {
  const view = Array.isArray(id) ? (id as Pickled[])[5] : undefined;
  return view === undefined || view === null
    ? id
    : refuse(where, "a storage is a part of another, as only PyTorch before 0.2 saved it");
}

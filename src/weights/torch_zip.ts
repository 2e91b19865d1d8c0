// What torch.save writes since PyTorch 1.6: a ZIP with the pickle, and a file for each storage of elements.

import { elementTypes, readElements } from "./elements.js";
import { refuse } from "./file_error.js";
import type { MemoryLimit } from "./memory_limit.js";
import type { Pickled, PickleReader } from "./pickle.js";
import { unpickle } from "./pickle.js";
import { Storage, storagesBy } from "./torch_storage.js";
import { openZip } from "./zip.js";

/** What the objects of a pickle take for each of its bytes, at most; roughly. */
const bytesPerPickledByte = 64;

/**
 * The object of the pickle.
 *
 * @throws {WeightFileError} for what is not such a ZIP
 * @throws {Error} for a pickle that cannot be read
 */
export function readZipped(
  where: string,
  bytes: Uint8Array,
  limit: MemoryLimit,
  call: PickleReader["call"],
): Pickled {
  const zip = openZip(where, bytes, limit);
  const pickle = zip.names.find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) return refuse(where, "the ZIP has no data.pkl, as a file of torch.save has");
  const folder = pickle.slice(0, -"data.pkl".length);
  const byteOrder = `${folder}byteorder`;
  const littleEndian =
    zip.size(byteOrder) === undefined || new TextDecoder().decode(zip.read(byteOrder)) !== "big";
  const persistent = storagesBy(where, ({ type, element, key }) => {
    const file = `${folder}data/${key}`;
    const bytesOfIt = zip.size(file);
    if (bytesOfIt === undefined) return refuse(where, `storage "${key}" is missing in the ZIP`);
    const size = bytesOfIt / elementTypes[element].size;
    if (!Number.isInteger(size)) {
      return refuse(where, `storage "${key}" has ${bytesOfIt} bytes, but a ${type} has whole elements`);
    }
    const read = () =>
      readElements(where, `data/${key}`, element, [size], zip.read(file), { littleEndian, limit }).data;
    return new Storage(type, size, read);
  });
  limit.take(bytesPerPickledByte * Math.max(0, zip.size(pickle)! - bytes.length), "its pickle");
  return unpickle(zip.read(pickle), { persistent, call }).object;
}

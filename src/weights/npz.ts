// .npz, NumPy's file of several arrays: a ZIP of .npy files, compressed or not.

import type { Tensor } from "../numbers/tensor.js";
import { checkBytes } from "./elements.js";
import { refuse } from "./file_error.js";
import type { ReadOptions } from "./memory_limit.js";
import { MemoryLimit } from "./memory_limit.js";
import { arrayOf } from "./npy.js";
import { fileOf } from "./summary.js";
import { openZip } from "./zip.js";

/**
 * Reads the arrays of an .npz file by their names, as {@link readNpy} reads one.
 *
 * @param bytes the whole file
 * @throws {TypeError} when bytes is not a Uint8Array, or for an unknown option
 * @throws {WeightFileError} for what is not a ZIP of .npy files, is damaged or takes more memory than
 *   `maxBytes`, or an array that cannot be read: it names the array
 */
export function readNpz(bytes: Uint8Array, options: ReadOptions = {}): Record<string, Tensor> {
  const where = "readNpz";
  checkBytes(where, bytes);
  const limit = new MemoryLimit(where, bytes, options);
  const zip = openZip(where, bytes, limit);
  for (const name of zip.names) {
    if (!name.endsWith(".npy")) refuse(where, `the ZIP contains "${name}", but must contain .npy files`);
  }
  const arrays = zip.names.map((file) => {
    const name = file.slice(0, -".npy".length);
    return [name, arrayOf(where, name, zip.read(file), limit)] as const;
  });
  return fileOf("npz", Object.fromEntries(arrays));
}

// .npz, NumPy's file of several arrays: a ZIP of .npy files, compressed or not.

import type { Tensor } from "../nn/tensor.js";
import { checkBytes } from "./elements.js";
import { refuse } from "./file_error.js";
import { arrayOf } from "./npy.js";
import { unzip } from "./zip.js";

/**
 * Reads the arrays of an .npz file by their names, as {@link readNpy} reads one.
 *
 * @param bytes the whole file
 * @throws WeightFileError for what is no ZIP of .npy files, or an array that cannot be read: it names the array. No more
 *   memory is taken than what is compressed in the file can fill
 */
export function readNpz(bytes: Uint8Array): Record<string, Tensor> {
  const where = "readNpz";
  checkBytes(where, bytes);
  const files = unzip(where, bytes, (name) => {
    if (!name.endsWith(".npy")) refuse(where, `the ZIP contains "${name}", but must contain .npy files`);
  });
  return Object.fromEntries(
    [...files].map(([file, contents]) => {
      const name = file.slice(0, -".npy".length);
      return [name, arrayOf(where, name, contents)];
    }),
  );
}

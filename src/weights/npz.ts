// .npz, NumPy's file of several arrays: a ZIP of .npy files, compressed or not.

import { unzipSync } from "fflate";
import type { Tensor } from "../nn/tensor.js";
import { checkBytes } from "./elements.js";
import { refuse, WeightFileError } from "./file_error.js";
import { arrayOf } from "./npy.js";

/** Deflate makes at most 258 bytes of 2 bits. */
const MOST_EXPANSION = 1032;

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
  return Object.fromEntries(
    Object.entries(unzip(where, bytes)).map(([file, contents]) => {
      const name = file.slice(0, -".npy".length);
      return [name, arrayOf(where, name, contents)];
    }),
  );
}

function unzip(where: string, bytes: Uint8Array): Record<string, Uint8Array> {
  const names = new Set<string>();
  let total = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        if (!name.endsWith(".npy")) refuse(where, `the ZIP contains "${name}", but must contain .npy files`);
        if (names.has(name)) refuse(where, `the ZIP contains "${name}" twice`);
        names.add(name);
        total += size;
        if (total > bytes.length)
          refuse(where, `the files up to "${name}" have ${total} bytes, but the ZIP ${bytes.length}`);
        const most = compression === 0 ? size : MOST_EXPANSION * size;
        if (originalSize > most) {
          refuse(
            where,
            `"${name}" is said to have ${originalSize} bytes, but ${size} bytes are at most ${most}`,
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    return refuse(where, `the ZIP cannot be read: ${(error as Error).message}`, error);
  }
}

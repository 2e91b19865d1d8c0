// The files in a ZIP, whose directory may lie.

import { unzipSync } from "fflate";
import { refuse, WeightFileError } from "./file_error.js";

/** Deflate makes at most 258 bytes of 2 bits. */
const MOST_EXPANSION = 1032;

/**
 * The files of a ZIP by name. No more memory is taken than what is compressed in it can fill.
 *
 * @param check refuses a name that does not belong there
 * @throws WeightFileError when the bytes are no ZIP, or its directory says more than it can hold
 */
export function unzip(
  where: string,
  bytes: Uint8Array,
  check?: (name: string) => void,
): Map<string, Uint8Array> {
  const names = new Set<string>();
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        check?.(name);
        if (names.has(name)) refuse(where, `the ZIP contains "${name}" twice`);
        names.add(name);
        total += size;
        if (total > bytes.length) {
          refuse(where, `the files up to "${name}" have ${total} bytes, but the ZIP ${bytes.length}`);
        }
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
    return new Map(Object.entries(files));
  } catch (error) {
    if (error instanceof WeightFileError) throw error;
    return refuse(where, `the ZIP cannot be read: ${(error as Error).message}`, error);
  }
}

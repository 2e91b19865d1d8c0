// The bytes of an image file, known by their signature: what libraries that make images return.

import { PNG_SIGNATURE } from "./indexed_png.js";

const SIGNATURES: [mime: string, first: string, from8?: string][] = [
  ["image/png", PNG_SIGNATURE.toString("latin1")],
  ["image/jpeg", "\xff\xd8\xff"],
  ["image/gif", "GIF87a"],
  ["image/gif", "GIF89a"],
  // Between the two stands the file's length.
  ["image/webp", "RIFF", "WEBP"],
];
const LONGEST_SIGNATURE_BYTES = 12;

/** The MIME type of an image that front-ends show; undefined for other bytes. */
export function imageType(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, LONGEST_SIGNATURE_BYTES));
  return SIGNATURES.find(
    ([, first, from8 = ""]) => start.startsWith(first) && start.startsWith(from8, 8),
  )?.[0];
}

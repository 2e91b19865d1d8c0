// The committed files of weights.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NestedNumbers } from "../../../src/nn/tensor.js";

export const folder = fileURLToPath(new URL("../../vectors/weights/", import.meta.url));

export function file(name: string): Uint8Array {
  return readFileSync(new URL(name, new URL("../../vectors/weights/", import.meta.url)));
}

export type Nested = NestedNumbers;

/** What models compute, by their names. */
export function outputs(name: string): Record<string, { x: Nested; output: Nested }> {
  return JSON.parse(new TextDecoder().decode(file(name))) as Record<string, { x: Nested; output: Nested }>;
}

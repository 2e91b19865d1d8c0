// The committed files of weights.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NestedNumbers } from "../../../src/numbers/tensor.js";

export const folder = fileURLToPath(new URL("../../vectors/weights/", import.meta.url));

export function file(name: string): Uint8Array {
  return readFileSync(new URL(name, new URL("../../vectors/weights/", import.meta.url)));
}

export type Nested = NestedNumbers;

/** What models compute, by their names. */
export function outputs(name: string): Record<string, { x: Nested; output: Nested }> {
  return JSON.parse(new TextDecoder().decode(file(name))) as Record<string, { x: Nested; output: Nested }>;
}

/** Whether the libraries to compare with are installed; in CI they must be. */
export function havePeers(): boolean {
  if (existsSync(new URL("../../../bench/node_modules", import.meta.url))) return true;
  const missing = 'the libraries to compare with are missing: install them with "npm ci --prefix bench"';
  if (process.env.CI) throw new Error(missing);
  console.warn(`skipped: ${missing}`);
  return false;
}

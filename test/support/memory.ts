// What a process holds once garbage is collected.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes; the memories of WebAssembly are external. */
export function heldMemory(): Record<"heapUsed" | "external" | "arrayBuffers", number> {
  collectGarbage();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { heapUsed, external, arrayBuffers };
}

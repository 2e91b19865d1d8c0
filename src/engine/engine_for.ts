// Which engine computes in a precision.

import type { DType } from "../numbers/tensor.js";
import { checkDType } from "../numbers/tensor.js";
import type { Engine } from "./engine.js";
import { float32Engine } from "./float32.js";
import { javaScriptEngine } from "./javascript.js";

const engines: Partial<Record<DType, Engine>> = {};

/** The engine of a precision, the same one every time: of float32 the fastest that runs here. */
export function engineFor(dtype: DType): Engine {
  checkDType("engineFor", dtype);
  return (engines[dtype] ??= dtype === "float32" ? float32Engine() : javaScriptEngine(dtype));
}

// The WebAssembly of wasm/, compiled once: each use has an instance with a memory of its own, of a size that
// never changes, so that arrays in it stay valid, and the garbage collector takes both when nothing holds
// those arrays any more.

import { simdBinary } from "./simd_binary.js";

/**
 * Its functions; arguments named after an array are its address in bytes, strides are in floats. Norms are
 * float64.
 */
export interface SimdKernels {
  /** First byte that is free for the caller. */
  heap(): number;
  packedSize(K: number, N: number): number;
  packB(K: number, N: number, b: number, bRow: number, bColumn: number, into: number): void;
  multiply(
    M: number,
    N: number,
    K: number,
    a: number,
    aRow: number,
    aColumn: number,
    packedB: number,
    initial: number,
    initialRow: number,
    c: number,
    cRow: number,
  ): void;
  addTransposedProducts(
    M: number,
    K: number,
    a: number,
    aRow: number,
    N1: number,
    b1: number,
    c1: number,
    N2: number,
    b2: number,
    c2: number,
    scratch: number,
  ): void;
  /** in float64 */
  multiplyPanels(M: number, N: number, K: number, a: number, b: number, c: number): void;
  doubleSigmoids(rows: number, columns: number, row: number, z: number): void;
  doubleTanhs(rows: number, columns: number, row: number, z: number): void;
  addColumnSums(rows: number, columns: number, a: number, sums: number): void;
  norms(rows: number, columns: number, a: number, into: number): void;
  gruNorms(rows: number, resetBefore: boolean, gates: number, hPrev: number, dWh: number, dz: number): void;
  /** b may be 0 */
  stepSums(T: number, B: number, a: number, b: number, sums: number): void;
  /** 0 or 1 */
  allFinite(count: number, a: number): number;
  softmax(rows: number, columns: number, weight: number, from: number, into: number, sums: number): void;
  rnnForward(activation: number, count: number, gates: number, h: number): void;
  rnnBackward(activation: number, count: number, gates: number, dh: number): void;
  lstmForward(B: number, H: number, gates: number, cPrev: number, c: number, tanhC: number, h: number): void;
  lstmBackward(
    B: number,
    H: number,
    gates: number,
    cPrev: number,
    tanhC: number,
    dh: number,
    dc: number,
    dcNext: number,
  ): void;
  gruForward(B: number, H: number, gates: number, hidden: number, hPrev: number, h: number): void;
  gruBackward(
    B: number,
    H: number,
    gates: number,
    hidden: number,
    hPrev: number,
    dh: number,
    dhPrev: number,
  ): void;
  resetForward(B: number, H: number, gates: number, reset: number, hPrev: number): void;
  candidateForward(B: number, H: number, gates: number, hPrev: number, h: number): void;
  candidateBackward(B: number, H: number, gates: number, hPrev: number, dh: number, dhPrev: number): void;
  resetBackward(B: number, H: number, gates: number, product: number, hPrev: number, dhPrev: number): void;
}

export interface SimdInstance<Name extends string> {
  kernels: SimdKernels;
  /** addresses */
  at: Record<Name, number>;
  /** the same arrays for JavaScript */
  view: Record<Name, Float32Array>;
}

/** Columns of a packed panel. */
export const panelColumns = 16;

const pageBytes = 65536;
/** The pages that the binary's own tables take. */
const ownPages = 2;
const cacheLineBytes = 64;

/** The WebAssembly as this engine compiled it, and the first byte of its memories that is free. */
export interface Compiled {
  module: WebAssembly.Module;
  heap: number;
}

let compiled: Compiled | undefined;
const kernelsIn = new WeakMap<ArrayBufferLike, SimdKernels>();

/** The functions of the memory in which an array is, if it is in one. */
export function kernelsOf(array: ArrayBufferView): SimdKernels | undefined {
  return kernelsIn.get(array.buffer);
}

const kernelsOver = (memory: WebAssembly.Memory, module: WebAssembly.Module) =>
  new WebAssembly.Instance(module, { env: { memory } }).exports as object as SimdKernels;

/** Whether the binary runs here. */
export function hasSimd(): boolean {
  if (typeof WebAssembly === "undefined") return false;
  if (compiled !== undefined) return true;
  const bytes = Uint8Array.from(atob(simdBinary), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return false;
  const module = new WebAssembly.Module(bytes);
  const memory = new WebAssembly.Memory({ initial: ownPages, maximum: ownPages });
  compiled = { module, heap: kernelsOver(memory, module).heap() };
  return true;
}

/** For another thread, which then need not compile it; undefined where it does not run. */
export function compiledModule(): Compiled | undefined {
  return hasSimd() ? compiled : undefined;
}

/** Takes what another thread compiled. */
export function adopt(given: Compiled): void {
  compiled = given;
}

/**
 * An instance over a new memory that holds arrays of the given lengths in floats, zeros, one after the other.
 *
 * @throws {RangeError} when there is no memory for it
 * @throws {Error} where there is no WebAssembly SIMD
 */
export function instantiate<Name extends string>(lengths: Record<Name, number>): SimdInstance<Name> {
  if (!hasSimd()) throw new Error("this JavaScript engine has no WebAssembly SIMD");
  const { module, heap } = compiled!;
  const names = Object.keys(lengths) as Name[];
  const at = {} as Record<Name, number>;
  let end = heap;
  for (const name of names) {
    at[name] = Math.ceil(end / cacheLineBytes) * cacheLineBytes;
    end = at[name] + 4 * lengths[name];
  }
  const pages = Math.ceil(end / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const view = {} as Record<Name, Float32Array>;
  for (const name of names) view[name] = new Float32Array(memory.buffer, at[name], lengths[name]);
  const kernels = kernelsOver(memory, module);
  kernelsIn.set(memory.buffer, kernels);
  return { kernels, at, view };
}

// Pickle, Python's format of objects, which is a program for a machine with a stack. Here it never calls
// anything: a value that is neither plain nor known to the reader becomes an object of which only the name is
// known. Opcodes: Lib/pickletools.py of CPython, protocols 0 to 5.

import { viewOf } from "./elements.js";

/** Of Python's objects: lists and tuples are arrays, dicts are maps. */
export type Pickled = null | boolean | number | string | Pickled[] | Map<Pickled, Pickled> | Opaque | object;

/** Something that only Python can make. */
export class Opaque {
  constructor(readonly name: string) {}
}

export interface PickleReader {
  /** What a call gives; undefined where the name is unknown. */
  call: (name: string, args: Pickled[]) => Pickled | undefined;
  /** What stands for an object outside of the pickle. */
  persistent: (id: Pickled) => Pickled;
}

const markOfStack = Symbol("mark");

/**
 * The object of the pickle that begins the bytes, and where it ends.
 *
 * @throws {Error} when the program is not as Python writes it, or uses what is not read here
 */
export function unpickle(bytes: Uint8Array, reader: PickleReader): { object: Pickled; end: number } {
  const program = new Program(bytes);
  const stack = new Stack();
  const opcodes = opcodesOn(program, stack, reader);
  for (;;) {
    const at = program.skip(1);
    const opcode = String.fromCharCode(bytes[at]);
    if (opcode === ".") return { object: stack.pop(), end: at + 1 };
    if (!Object.hasOwn(opcodes, opcode)) {
      throw new Error(`it has opcode ${bytes[at]} at ${at}, which is not read`);
    }
    opcodes[opcode]();
  }
}

/** The bytes of a pickle: opcodes and what they carry, read once from front to back. */
class Program {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  /** Advances by `length` bytes and returns where they begin. */
  skip(length: number): number {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new Error("it ends within an object");
    return this.#at - length;
  }

  uint8(): number {
    return this.#view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.skip(4), true);
  }

  /** Unlike every integer, big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.skip(8));
  }

  /**
   * A little-endian integer: a number, or something that only Python has where it is too long for a size of
   * anything.
   */
  integer(length: number): Pickled {
    const from = this.skip(length);
    if (length > 8) return new Opaque("int");
    let value = 0;
    for (let k = 0; k < length; k++) value += this.#bytes[from + k] * 2 ** (8 * k);
    return length > 0 && this.#bytes[this.#at - 1] & 0x80 ? value - 2 ** (8 * length) : value;
  }

  text(length: number): string {
    const from = this.skip(length);
    return this.#utf8.decode(this.#bytes.subarray(from, this.#at));
  }

  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw new Error("it ends within a line");
    const value = this.text(end - this.#at);
    this.skip(1);
    return value;
  }

  opaque(length: number, name: string): Opaque {
    this.skip(length);
    return new Opaque(name);
  }
}

/** What the machine works on: values, marks where a run of them begins, and those kept to be used again. */
class Stack {
  readonly #values: (Pickled | typeof markOfStack)[] = [];
  readonly #memo = new Map<number, Pickled>();

  push(value: Pickled | typeof markOfStack): void {
    this.#values.push(value);
  }

  pop(): Pickled {
    const value = this.#values.pop();
    if (value === undefined || value === markOfStack) throw new Error("its stack is empty");
    return value;
  }

  popTuple(length: number): Pickled[] {
    const values: Pickled[] = [];
    for (let k = 0; k < length; k++) values.unshift(this.pop());
    return values;
  }

  popToMark(): Pickled[] {
    const mark = this.#values.lastIndexOf(markOfStack);
    if (mark < 0) throw new Error("its stack has no mark");
    return this.#values.splice(mark).slice(1) as Pickled[];
  }

  /** Adds to the list on top. */
  append(items: Pickled[]): void {
    const list = this.#top();
    if (Array.isArray(list)) for (const item of items) list.push(item);
  }

  /** Adds to the dict on top: key, value, key, value … */
  setItems(items: Pickled[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map)) return;
    for (let k = 0; k + 1 < items.length; k += 2) dict.set(items[k], items[k + 1]);
  }

  /** Keeps what is on top. */
  memoize(index = this.#memo.size): void {
    this.#memo.set(index, this.#top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw new Error(`it has nothing at ${index} of its memo`);
    this.push(value);
  }

  #top(): Pickled {
    const value = this.pop();
    this.push(value);
    return value;
  }
}

/** What each opcode does, under its character. */
function opcodesOn(program: Program, stack: Stack, reader: PickleReader): Record<string, () => void> {
  const call = (args: Pickled, called: Pickled): Pickled => {
    if (!(called instanceof Opaque)) throw new Error("it calls something that is not a function");
    const value = Array.isArray(args) ? reader.call(called.name, args) : undefined;
    return value === undefined ? new Opaque(called.name) : value;
  };
  return {
    "\x80": () => program.skip(1), // PROTO
    "\x95": () => program.skip(8), // FRAME
    "(": () => stack.push(markOfStack),
    "0": () => stack.pop(),
    "1": () => stack.popToMark(),
    N: () => stack.push(null),
    "\x88": () => stack.push(true),
    "\x89": () => stack.push(false),
    K: () => stack.push(program.uint8()),
    M: () => stack.push(program.uint16()),
    J: () => stack.push(program.int32()),
    "\x8a": () => stack.push(program.integer(program.uint8())),
    "\x8b": () => stack.push(program.integer(program.uint32())),
    G: () => stack.push(program.float64()),
    X: () => stack.push(program.text(program.uint32())),
    "\x8c": () => stack.push(program.text(program.uint8())),
    U: () => stack.push(program.text(program.uint8())),
    T: () => stack.push(program.text(program.uint32())),
    C: () => stack.push(program.opaque(program.uint8(), "bytes")),
    B: () => stack.push(program.opaque(program.uint32(), "bytes")),
    "]": () => stack.push([]),
    ")": () => stack.push([]),
    "}": () => stack.push(new Map()),
    "\x8f": () => stack.push([]), // a set
    "\x90": () => stack.append(stack.popToMark()),
    t: () => stack.push(stack.popToMark()),
    l: () => stack.push(stack.popToMark()),
    "\x85": () => stack.push(stack.popTuple(1)),
    "\x86": () => stack.push(stack.popTuple(2)),
    "\x87": () => stack.push(stack.popTuple(3)),
    a: () => stack.append(stack.popTuple(1)),
    e: () => stack.append(stack.popToMark()),
    s: () => stack.setItems(stack.popTuple(2)),
    u: () => stack.setItems(stack.popToMark()),
    q: () => stack.memoize(program.uint8()),
    r: () => stack.memoize(program.uint32()),
    "\x94": () => stack.memoize(),
    h: () => stack.recall(program.uint8()),
    j: () => stack.recall(program.uint32()),
    c: () => {
      const module = program.line();
      stack.push(new Opaque(`${module}.${program.line()}`));
    },
    "\x93": () => {
      const [module, name] = stack.popTuple(2);
      if (typeof module !== "string" || typeof name !== "string") throw new Error("a name is not text");
      stack.push(new Opaque(`${module}.${name}`));
    },
    R: () => stack.push(call(stack.pop(), stack.pop())),
    "\x81": () => stack.push(call(stack.pop(), stack.pop())), // an object of a class
    b: () => stack.pop(), // attributes, which nothing here has
    Q: () => stack.push(reader.persistent(stack.pop())),
  };
}

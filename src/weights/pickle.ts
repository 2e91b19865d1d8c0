// Pickle, Python's format of objects, which is a program for a machine with a stack. Here it never calls
// anything: what is neither a plain value nor known to the reader becomes an object of which only the name is
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

const MARK = Symbol("mark");

/**
 * The object of a pickle.
 *
 * @throws Error when the program is not as Python writes it, or uses what is not read here
 */
export function unpickle(bytes: Uint8Array, reader: PickleReader): Pickled {
  const view = viewOf(bytes);
  const stack: (Pickled | typeof MARK)[] = [];
  const memo = new Map<number, Pickled>();
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let at = 0;

  const skip = (length: number): number => {
    at += length;
    if (at > bytes.length) throw new Error("it ends within an object");
    return at - length;
  };
  const text = (length: number): string => {
    const from = skip(length);
    return utf8.decode(bytes.subarray(from, at));
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new Error("it ends within a line");
    const value = text(end - at);
    at = end + 1;
    return value;
  };
  const pop = (): Pickled => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw new Error("its stack is empty");
    return value;
  };
  const top = (): Pickled => {
    const value = pop();
    stack.push(value);
    return value;
  };
  const popToMark = (): Pickled[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw new Error("its stack has no mark");
    return stack.splice(mark).slice(1) as Pickled[];
  };
  const popTuple = (length: number): Pickled[] => {
    const values: Pickled[] = [];
    for (let k = 0; k < length; k++) values.unshift(pop());
    return values;
  };
  const recall = (index: number): Pickled => {
    const value = memo.get(index);
    if (value === undefined) throw new Error(`it has nothing at ${index} of its memo`);
    return value;
  };
  const setItems = (items: Pickled[]): void => {
    const dict = top();
    if (!(dict instanceof Map)) return;
    for (let k = 0; k + 1 < items.length; k += 2) dict.set(items[k], items[k + 1]);
  };
  const append = (items: Pickled[]): void => {
    const list = top();
    if (Array.isArray(list)) for (const item of items) list.push(item);
  };
  const reduce = (args: Pickled, called: Pickled): Pickled => {
    if (!(called instanceof Opaque)) throw new Error("it calls something that is not a function");
    const value = Array.isArray(args) ? reader.call(called.name, args) : undefined;
    return value === undefined ? new Opaque(called.name) : value;
  };
  /**
   * A little-endian integer: a number, or something that only Python has where it is too long for a size of
   * anything.
   */
  const integer = (length: number): Pickled => {
    const from = skip(length);
    if (length > 8) return new Opaque("int");
    let value = 0;
    for (let k = 0; k < length; k++) value += bytes[from + k] * 2 ** (8 * k);
    return length > 0 && bytes[at - 1] & 0x80 ? value - 2 ** (8 * length) : value;
  };

  const opcodes: Record<string, () => void> = {
    "\x80": () => skip(1), // PROTO
    "\x95": () => skip(8), // FRAME
    "(": () => stack.push(MARK),
    "0": () => pop(),
    "1": () => popToMark(),
    N: () => stack.push(null),
    "\x88": () => stack.push(true),
    "\x89": () => stack.push(false),
    K: () => stack.push(view.getUint8(skip(1))),
    M: () => stack.push(view.getUint16(skip(2), true)),
    J: () => stack.push(view.getInt32(skip(4), true)),
    "\x8a": () => stack.push(integer(view.getUint8(skip(1)))),
    "\x8b": () => stack.push(integer(view.getUint32(skip(4), true))),
    G: () => stack.push(view.getFloat64(skip(8))),
    X: () => stack.push(text(view.getUint32(skip(4), true))),
    "\x8c": () => stack.push(text(view.getUint8(skip(1)))),
    U: () => stack.push(text(view.getUint8(skip(1)))),
    C: () => (skip(view.getUint8(skip(1))), stack.push(new Opaque("bytes"))),
    B: () => (skip(view.getUint32(skip(4), true)), stack.push(new Opaque("bytes"))),
    "]": () => stack.push([]),
    ")": () => stack.push([]),
    "}": () => stack.push(new Map()),
    "\x8f": () => stack.push([]), // a set
    "\x90": () => append(popToMark()),
    t: () => stack.push(popToMark()),
    l: () => stack.push(popToMark()),
    "\x85": () => stack.push(popTuple(1)),
    "\x86": () => stack.push(popTuple(2)),
    "\x87": () => stack.push(popTuple(3)),
    a: () => {
      const item = pop();
      append([item]);
    },
    e: () => append(popToMark()),
    s: () => setItems(popTuple(2)),
    u: () => setItems(popToMark()),
    q: () => memo.set(view.getUint8(skip(1)), top()),
    r: () => memo.set(view.getUint32(skip(4), true), top()),
    "\x94": () => memo.set(memo.size, top()),
    h: () => stack.push(recall(view.getUint8(skip(1)))),
    j: () => stack.push(recall(view.getUint32(skip(4), true))),
    c: () => {
      const module = line();
      stack.push(new Opaque(`${module}.${line()}`));
    },
    "\x93": () => {
      const [module, name] = popTuple(2);
      if (typeof module !== "string" || typeof name !== "string") throw new Error("a name is not text");
      stack.push(new Opaque(`${module}.${name}`));
    },
    R: () => stack.push(reduce(pop(), pop())),
    "\x81": () => stack.push(reduce(pop(), pop())), // an object of a class
    b: () => void pop(), // attributes, which nothing here has
    Q: () => stack.push(reader.persistent(pop())),
  };

  for (;;) {
    const opcode = String.fromCharCode(view.getUint8(skip(1)));
    if (opcode === ".") return pop();
    if (!Object.hasOwn(opcodes, opcode)) {
      throw new Error(`it has opcode ${opcode.charCodeAt(0)} at ${at - 1}, which is not read`);
    }
    opcodes[opcode]();
  }
}

// HDF5, as far as h5py writes it for Keras: groups by symbol tables or compact links, datasets in one piece
// or in chunks, attributes of text. A file is refused where it uses more of the format. Every byte that is
// read counts against a budget, so what refers to itself or is referred to many times comes to an end.
// Format: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html

import type { Tensor } from "../numbers/tensor.js";
import { product } from "../numbers/tensor.js";
import { isShape, readElements } from "./elements.js";
import { refuse } from "./file_error.js";
import { fileKind } from "./file_kind.js";
import type { Fail, Hdf5Cursor } from "./hdf5_bytes.js";
import { Hdf5Bytes } from "./hdf5_bytes.js";
import { readChunks } from "./hdf5_chunks.js";
import { readSpace, readType } from "./hdf5_types.js";
import type { MemoryLimit } from "./memory_limit.js";

const signature = "\x89HDF\r\n\x1a\n";

/** Where HDF5 begins in a file: at 0, or behind a block of the user's of 512, 1024, 2048, … bytes. */
function startOf(bytes: Uint8Array): number | undefined {
  for (let at = 0; at < bytes.length; at = Math.max(512, 2 * at)) {
    if ([...signature].every((character, k) => bytes[at + k] === character.charCodeAt(0))) return at;
  }
  return undefined;
}

/** The numbers of the messages that are read. */
const messageTypes = {
  space: 0x01,
  linkInfo: 0x02,
  type: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
};

/** What a message, or a link besides its name, takes in memory; roughly. */
const bytesPerMessage = 256;

interface Message {
  type: number;
  shared: boolean;
  at: number;
  size: number;
}

/**
 * The root group of a file.
 *
 * @throws {WeightFileError} for what is not HDF5
 */
export function openHdf5(where: string, bytes: Uint8Array, limit: MemoryLimit): Hdf5Object {
  const start = startOf(bytes);
  if (start === undefined) {
    const kind = fileKind(bytes);
    return refuse(where, `the file is not HDF5${kind === undefined ? "" : `: ${kind}`}`);
  }
  const file = new Hdf5Bytes(where, bytes.subarray(start), limit);
  const version = file.from(signature.length).uint(1);
  if (version > 3) file.fail(`the HDF5 file has superblock ${version}, but must have 0 to 3`);
  const [sizes, root] = version < 2 ? [13, version === 0 ? 64 : 68] : [9, 36];
  const sizeCursor = file.from(sizes);
  if (sizeCursor.uint(1) !== 8 || sizeCursor.uint(1) !== 8)
    file.fail("the HDF5 file has no 64-bit addresses");
  return new Hdf5Object(file, "/", file.from(root).uint(8));
}

/** A group or a dataset. */
export class Hdf5Object {
  readonly #file: Hdf5Bytes;
  readonly #messages: Message[];

  #links?: ReadonlyMap<string, number>;

  constructor(
    file: Hdf5Bytes,
    readonly name: string,
    readonly address: number,
  ) {
    this.#file = file;
    this.#messages = readMessages(file, name, address);
  }

  get isDataset(): boolean {
    return this.#find("space") !== undefined;
  }

  /** The names in a group. */
  get keys(): string[] {
    return [...this.#linksOf().keys()];
  }

  /** What a group has under a name, or a path of names; undefined where there is nothing. */
  get(path: string): Hdf5Object | undefined {
    const [key, ...rest] = path.split("/").filter((part) => part !== "");
    const address = this.#linksOf().get(key ?? "");
    if (address === undefined) return undefined;
    const name = `${this.name === "/" ? "" : this.name}/${key}`;
    const object = new Hdf5Object(this.#file, name, address);
    return rest.length === 0 ? object : object.get(rest.join("/"));
  }

  /** The texts of an attribute, one if it is a scalar; undefined where there is no such attribute. */
  texts(attribute: string): string[] | undefined {
    for (const message of this.#messages) {
      if (message.type !== messageTypes.attribute) continue;
      const texts = readAttribute(this.#file, message, attribute);
      if (texts) return texts;
    }
    return undefined;
  }

  /** The numbers of a dataset. */
  tensor(): Tensor {
    const fail: Fail = (problem, cause) => this.#file.fail(`dataset "${this.name}" ${problem}`, cause);
    const [space, type, layout] = [this.#find("space"), this.#find("type"), this.#find("layout")];
    if (!space || !type || !layout) return fail("has no shape, type or layout");
    if (space.shared || type.shared) return fail("shares its type with others, which is not read");
    const shape = readSpace(this.#file.from(space.at, space.size));
    const elements = readType(this.#file.from(type.at, type.size));
    if (!isShape(shape)) return fail("has a shape that is too large");
    if (elements.kind !== "numbers") return fail(`has elements of ${elements.name}, but must have numbers`);
    const bytes = this.#contents(layout, { shape, size: elements.size }, fail);
    const { element, littleEndian } = elements;
    const { where, limit } = this.#file;
    return readElements(where, this.name, element, shape, bytes, { littleEndian, limit });
  }

  #contents(layout: Message, elements: { shape: number[]; size: number }, fail: Fail): Uint8Array {
    const length = product(elements.shape) * elements.size;
    const cursor = this.#file.from(layout.at, layout.size);
    const version = cursor.uint(1);
    if (version !== 3 && version !== 4) return fail(`has layout ${version}, but must have 3 or 4`);
    const kind = cursor.uint(1);
    if (kind === 0) {
      const size = cursor.uint(2);
      return cursor.bytes(size).subarray(0, length);
    }
    if (kind === 2) {
      const message = this.#find("filters");
      const filters = message && this.#file.from(message.at, message.size);
      return readChunks(this.#file, { version, layout: cursor, filters }, elements, fail);
    }
    if (kind !== 1) return fail("is in other files, but must be in this one");
    const at = cursor.address();
    const size = cursor.uint(8);
    if (length === 0) return new Uint8Array();
    if (at === undefined) return fail("has no numbers: none were written into it");
    if (size !== length) return fail(`has ${size} bytes, but its shape and type need ${length}`);
    return this.#file.from(at, size).bytes(size);
  }

  #find(type: keyof typeof messageTypes): Message | undefined {
    return this.#messages.find((message) => message.type === messageTypes[type]);
  }

  #linksOf(): ReadonlyMap<string, number> {
    return (this.#links ??= readLinks(this.#file, this.name, this.#messages));
  }
}

/** The header of an object: blocks of messages, each of which may name a further block. */
function readMessages(file: Hdf5Bytes, name: string, address: number): Message[] {
  const messages: Message[] = [];
  const first = file.from(address);
  const version = first.uint(1);
  const blocks: Hdf5Cursor[] = [];
  let creationOrder = 0;
  if (version === 1) {
    first.skip(7);
    const size = first.uint(4);
    blocks.push(file.from(address + 16, size));
  } else {
    if (version !== 0x4f || first.text(3) !== "HDR" || first.uint(1) !== 2) {
      return file.fail(`"${name}" is not an object of HDF5`);
    }
    const flags = first.uint(1);
    creationOrder = flags & 4 ? 2 : 0;
    first.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
    const size = first.uint(2 ** (flags & 3));
    blocks.push(file.from(first.at, size));
  }
  const headerBytes = version === 1 ? 8 : 4 + creationOrder;
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    while (block.left >= headerBytes) {
      const type = block.uint(version === 1 ? 2 : 1);
      const size = block.uint(2);
      const flags = block.uint(1);
      block.skip(version === 1 ? 3 : creationOrder);
      file.limit.take(bytesPerMessage, "its headers");
      const message = { type, shared: (flags & 2) !== 0, at: block.at, size };
      block.skip(size);
      if (type === messageTypes.continuation) {
        const cursor = file.from(message.at, size);
        const [at, length] = [cursor.uint(8), cursor.uint(8)];
        // Around the messages of a newer block are "OCHK" and a checksum.
        blocks.push(version === 1 ? file.from(at, length) : file.from(at + 4, length - 8));
      } else messages.push(message);
    }
  }
  return messages;
}

/** The addresses of the objects in a group, by their names. */
function readLinks(file: Hdf5Bytes, name: string, messages: readonly Message[]): Map<string, number> {
  const links = new Map<string, number>();
  for (const { type, at, size } of messages) {
    const cursor = file.from(at, size);
    if (type === messageTypes.symbolTable) {
      const [tree, heap] = [cursor.uint(8), cursor.uint(8)];
      for (const [key, address] of readSymbols(file, name, tree, heap)) {
        file.limit.take(bytesPerMessage + 2 * key.length, "its names");
        links.set(key, address);
      }
    } else if (type === messageTypes.link) {
      const [, flags] = [cursor.uint(1), cursor.uint(1)];
      const kind = flags & 8 ? cursor.uint(1) : 0;
      cursor.skip((flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0));
      const length = cursor.uint(2 ** (flags & 3));
      const key = cursor.text(length);
      if (kind !== 0) file.fail(`"${name}" has "${key}" elsewhere, but must have it itself`);
      links.set(key, cursor.uint(8));
    } else if (type === messageTypes.linkInfo) {
      const [, flags] = [cursor.uint(1), cursor.uint(1)];
      cursor.skip(flags & 1 ? 8 : 0);
      if (cursor.address() !== undefined)
        file.fail(`"${name}" keeps its links in a heap, as h5py does by libver="latest"`);
    }
  }
  return links;
}

/** The entries of a group of h5py: nodes of a tree, tables of symbols, and names in a heap. */
function* readSymbols(
  file: Hdf5Bytes,
  name: string,
  tree: number,
  heapAddress: number,
): Generator<[string, number]> {
  const wrong = () => file.fail(`group "${name}" is damaged`);
  const heap = file.from(heapAddress);
  if (heap.text(4) !== "HEAP") wrong();
  heap.skip(4);
  const size = heap.uint(8);
  heap.skip(8);
  const names = heap.uint(8);
  const waiting = [tree];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = file.from(next);
    const kind = node.text(4);
    if (kind === "TREE") {
      node.skip(2);
      const children = node.uint(2);
      node.skip(16);
      const addresses = Array.from({ length: children }, () => {
        node.skip(8);
        return node.uint(8);
      });
      for (const address of addresses.reverse()) waiting.push(address);
    } else if (kind === "SNOD") {
      node.skip(2);
      const symbols = node.uint(2);
      for (let k = 0; k < symbols; k++) {
        const [nameAt, address, cache] = [node.uint(8), node.uint(8), node.uint(4)];
        node.skip(20);
        const key = file.from(names + nameAt, size - nameAt).textToZero();
        if (cache === 2) file.fail(`"${name}" has "${key}" elsewhere, but must have it itself`);
        yield [key, address];
      }
    } else wrong();
  }
}

/** The texts of an attribute if it has this name. */
function readAttribute(file: Hdf5Bytes, { at, size, shared }: Message, wanted: string): string[] | undefined {
  const cursor = file.from(at, size);
  const version = cursor.uint(1);
  const flags = cursor.uint(1);
  const sizes = [cursor.uint(2), cursor.uint(2), cursor.uint(2)];
  if (version === 3) cursor.skip(1);
  const padding = version === 1 ? 8 : 1;
  const [name, type, space] = sizes.map((length) => cursor.part(length, padding));
  if (name.textToZero() !== wanted) return undefined;
  if (version < 1 || version > 3 || shared || (flags & 3) !== 0) {
    return file.fail(`attribute "${wanted}" is kept in a way that is not read`);
  }
  const shape = readSpace(space);
  const count = isShape(shape) ? product(shape) : NaN;
  if (count === 0) return [];
  const elements = readType(type);
  if (elements.kind !== "text" && elements.kind !== "heapText") {
    return file.fail(`attribute "${wanted}" has elements of ${elements.name}, but must have texts`);
  }
  if (!(count * elements.size <= cursor.left)) {
    return file.fail(`attribute "${wanted}" reaches beyond its ${size} bytes`);
  }
  return Array.from({ length: count }, () =>
    elements.kind === "text" ? cursor.part(elements.size).textToZero() : file.heapText(cursor),
  );
}

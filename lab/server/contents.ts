// Notebooks, files and directories under the root, as models of Jupyter's contents API. A save is complete or
// did not happen; every model carries the hash of the file, by which JupyterLab sees that someone else
// changed it. Source: Jupyter Server documentation, "Contents API"; where it leaves things open, its
// `filemanager.py`.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { access, lstat, mkdir, readdir, readlink, rename, rm, stat, symlink } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, posix, relative, resolve, sep } from "node:path";
import mime from "mime-types";
import { removeLeftOvers } from "../../files/left_overs.js";
import { replaceFile } from "../../files/replace_file.js";
import type { JsonObject } from "../../kernel/objects.js";
import { isObject } from "../../kernel/objects.js";
import { brief } from "../../kernel/protocol/brief.js";
import type { Notebook } from "../../kernel/protocol/nbformat.js";
import { serialiseNotebook, sortKeys, toNotebook } from "../../kernel/protocol/nbformat.js";
import {
  createCheckpoint,
  deleteCheckpoint,
  dropCheckpoint,
  listCheckpoints,
  moveCheckpoint,
  restoreCheckpoint,
} from "./checkpoints.js";
import { copyDirectory, copyFile } from "./copying.js";
import { asObject, HttpError, requiredText, textField } from "./http.js";
import { readBytes, withFile } from "./reading.js";
import type { Root } from "./root.js";
import { isHidden, namesOf, refuseHidden } from "./root.js";
import { report } from "./report.js";
import type { TrustedNotebooks } from "./trusted_notebooks.js";
import { putTrust, takeTrust } from "./trusted_notebooks.js";
import { Uploads } from "./uploads.js";

type EntryType = "notebook" | "file" | "directory";

export interface ContentsModel {
  name: string;
  path: string;
  type: EntryType;
  created: string;
  last_modified: string;
  content: unknown;
  format: "json" | "text" | "base64" | null;
  mimetype: string | null;
  size: number | null;
  writable: boolean;
  hash: string | null;
  hash_algorithm: "sha256" | null;
  /** What is wrong with a notebook that is read or saved anyway. */
  message?: string;
}

export interface GetOptions {
  type?: string;
  format?: string;
  content?: boolean;
  hash?: boolean;
}

const EMPTY_NOTEBOOK = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

export class Contents {
  readonly #root: Root;
  readonly #trusted: TrustedNotebooks;
  readonly #uploads = new Uploads();

  constructor(root: Root, trusted: TrustedNotebooks) {
    this.#root = root;
    this.#trusted = trusted;
  }

  async get(
    path: string,
    { type, format, content = true, hash = false }: GetOptions = {},
  ): Promise<ContentsModel> {
    const file = await this.#root.resolve(path);
    const model = await this.#describe(path, file);
    if (type === "directory" && model.type !== "directory")
      throw new HttpError(400, `${path} is not a directory`, "bad type");
    if (type !== undefined && type !== "directory" && model.type === "directory")
      throw new HttpError(400, `${path} is a directory, not a ${type}`, "bad type");
    if (type === "file") model.type = "file";
    if (type === "notebook") model.type = "notebook";

    if (!content) return hash && model.type !== "directory" ? withHash(model, await hashOf(file)) : model;
    if (model.type === "directory")
      return { ...model, format: "json", content: await this.#list(path, file) };
    const bytes = await readBytes(file);
    const digest = sha256(bytes);
    const full = hash ? withHash(model, digest) : model;
    if (model.type === "file") return { ...full, ...decodeFile(path, bytes, format) };
    return { ...full, ...(await this.#readNotebook(path, bytes, digest)), format: "json" };
  }

  /** Creates or replaces; `isNew` says which. */
  async save(path: string, body: JsonObject): Promise<{ model: ContentsModel; isNew: boolean }> {
    const type = textField(body, "type") ?? "notebook";
    refuseHidden(path);
    const file = await this.#root.resolve(path);
    const found = await stat(file).catch(() => undefined);
    if (!(await isDirectory(dirname(file)))) throw new HttpError(404, `no directory ${posix.dirname(path)}`);
    if (type === "directory") {
      if (found && !found.isDirectory()) throw new HttpError(400, `${path} is not a directory`, "bad type");
      if (!found) await mkdir(file);
      return { model: await this.#describe(path, file), isNew: !found };
    }
    if (found && !found.isFile()) throw new HttpError(400, `${path} is not a file`, "bad type");
    if (found) await access(file, constants.W_OK);
    if (type === "notebook") return { model: await this.#saveNotebook(path, file, body), isNew: !found };
    if (type === "file") return { model: await this.#saveFile(path, file, body), isNew: !found };
    throw new HttpError(400, `type is ${brief(type)}, but must be "notebook", "file" or "directory"`);
  }

  /** An empty notebook, file or directory with a name that is free. */
  async create(directory: string, body: JsonObject): Promise<ContentsModel> {
    const given = textField(body, "ext") ?? "";
    const type = textField(body, "type") ?? (given === ".ipynb" ? "notebook" : "file");
    if (given !== "" && !/^\.[^/\\]+$/.test(given))
      throw new HttpError(400, `ext is ${brief(given)}, but must be a dot and letters`);
    await this.#requireDirectory(directory);
    const [stem, insert, ext] =
      type === "directory"
        ? ["Untitled Folder", " ", ""]
        : type === "notebook"
          ? ["Untitled", "", ".ipynb"]
          : ["untitled", "", given === "" ? ".txt" : given];
    const path = await this.#freePath(directory, (n) => `${stem}${n === 0 ? "" : `${insert}${n}`}${ext}`);
    const content = type === "notebook" ? EMPTY_NOTEBOOK : "";
    return (await this.save(path, { type, format: type === "file" ? "text" : "json", content })).model;
  }

  /** A copy next to the original or in another directory, under a name that is free. */
  async copy(from: string, directory: string): Promise<ContentsModel> {
    await this.#requireDirectory(directory);
    const source = await this.#root.resolve(from);
    this.#refuseRoot(source);
    const found = await stat(source);
    if (!found.isFile() && !found.isDirectory())
      throw new HttpError(400, `${from} is neither a file nor a directory`);
    const name = posix.basename(from);
    const ext = found.isDirectory() ? "" : extname(name);
    const stem = basename(name, ext).replace(/-Copy\d*$/, "");
    const isBeside = namesOf(posix.dirname(`/${from}`)).join("/") === namesOf(directory).join("/");
    const path = await this.#freePath(directory, (n) => {
      if (!isBeside && n === 0) return name;
      return `${stem}-Copy${isBeside ? n + 1 : n}${ext}`;
    });
    const target = await this.#root.resolve(path);
    if (target.startsWith(source + sep)) throw new HttpError(400, `${from} is not copied into itself`);
    if (found.isDirectory()) await copyDirectory(source, target);
    else await copyFile(source, target);
    return this.#describe(path, target);
  }

  /** For a link, the link itself. */
  async rename(from: string, to: string): Promise<ContentsModel> {
    const source = await this.#root.resolveEntry(from);
    this.#refuseRoot(source);
    refuseHidden(to);
    const target = await this.#root.resolveEntry(to);
    const found = await lstat(source);
    const existing = await lstat(target).catch(() => undefined);
    // On disks that know no case, a name in other letters is the same file.
    if (existing && existing.ino !== found.ino) throw new HttpError(409, `${to} exists already`);
    if (source !== target) {
      if (found.isSymbolicLink()) await moveLink(source, target);
      else await rename(source, target);
      if (found.isFile()) await moveCheckpoint(source, target);
    }
    return this.#describe(to, await this.#root.resolve(to));
  }

  /** The user says that a notebook from elsewhere is to be trusted. */
  async trust(path: string): Promise<void> {
    await this.#trusted.add(await hashOf(await this.#file(path)));
  }

  /** For good, a directory with all that is in it: JupyterLab asks before. Of a link only the link. */
  async delete(path: string): Promise<void> {
    const file = await this.#root.resolveEntry(path);
    this.#refuseRoot(file);
    if ((await lstat(file)).isDirectory()) {
      await rm(file, { recursive: true });
      return;
    }
    await rm(file);
    await dropCheckpoint(file);
  }

  checkpoints = async (path: string) => listCheckpoints(await this.#file(path));
  createCheckpoint = async (path: string) => createCheckpoint(await this.#file(path));
  restoreCheckpoint = async (path: string, id: string) => restoreCheckpoint(await this.#file(path), id);
  deleteCheckpoint = async (path: string, id: string) => deleteCheckpoint(await this.#file(path), id);

  /** Leaves no upload that is not complete. */
  close(): Promise<void> {
    return this.#uploads.close();
  }

  /** The directory in which a notebook's kernel runs: its own, or the nearest above it that exists. */
  async kernelDirectory(path: string): Promise<string> {
    let directory = this.#root.folder;
    let above = "";
    for (const name of namesOf(path)) {
      above = posix.join(above, name);
      const file = await this.#root.resolve(above).catch(() => undefined);
      if (file === undefined || !(await isDirectory(file))) break;
      directory = file;
    }
    return directory;
  }

  async #file(path: string): Promise<string> {
    const file = await this.#root.resolve(path);
    if (!(await stat(file)).isFile()) throw new HttpError(400, `${path} is not a file`);
    return file;
  }

  #refuseRoot(file: string): void {
    if (file === this.#root.folder) throw new HttpError(400, "the root itself stays where it is");
  }

  async #requireDirectory(path: string): Promise<void> {
    if (!(await isDirectory(await this.#root.resolve(path))))
      throw new HttpError(404, `no directory ${path}`);
  }

  async #freePath(directory: string, name: (n: number) => string): Promise<string> {
    const taken = new Set(await readdir(await this.#root.resolve(directory)));
    for (let n = 0; ; n++) if (!taken.has(name(n))) return posix.join(...namesOf(directory), name(n));
  }

  async #list(path: string, directory: string): Promise<ContentsModel[]> {
    await removeLeftOvers(directory);
    const names = (await readdir(directory)).filter((name) => !isHidden(name));
    const models = await Promise.all(
      names.map(async (name) => {
        const inside = posix.join(...namesOf(path), name);
        try {
          return await this.#describe(inside, await this.#root.resolve(inside));
        } catch {
          // Gone by now, a link to outside, or not a file: a directory is listed without it.
          return undefined;
        }
      }),
    );
    return models.filter((model) => model !== undefined);
  }

  async #describe(path: string, file: string): Promise<ContentsModel> {
    const found = await stat(file);
    if (!found.isFile() && !found.isDirectory()) throw new HttpError(404, "neither a file nor a directory");
    const names = namesOf(path);
    const name = names.at(-1) ?? "";
    const type = found.isDirectory() ? "directory" : name.endsWith(".ipynb") ? "notebook" : "file";
    return {
      name,
      path: names.join("/"),
      type,
      created: found.birthtime.toISOString(),
      last_modified: found.mtime.toISOString(),
      content: null,
      format: null,
      mimetype: type === "file" ? mime.lookup(name) || null : null,
      size: type === "directory" ? null : found.size,
      writable: await access(file, constants.W_OK).then(
        () => true,
        () => false,
      ),
      hash: null,
      hash_algorithm: null,
    };
  }

  async #readNotebook(
    path: string,
    bytes: Buffer,
    hash: string,
  ): Promise<{ content: JsonObject; message?: string }> {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (error) {
      throw new HttpError(400, `${path} is not a notebook: ${(error as Error).message}`);
    }
    if (!isObject(value) || !Array.isArray(value.cells))
      throw new HttpError(400, `${path} is not a notebook of version 4`);
    const checked = checkNotebook(value, path);
    takeTrust(checked.content);
    putTrust(checked.content, await this.#trusted.has(hash));
    return checked;
  }

  async #saveNotebook(path: string, file: string, body: JsonObject): Promise<ContentsModel> {
    const { content, message } = checkNotebook(asObject(body.content, "content"), path);
    if (!Array.isArray(content.cells))
      throw new HttpError(400, `content.cells is ${brief(content.cells)}, but must be a list`);
    const isTrusted = takeTrust(content);
    // What breaks nbformat's rules is still the user's work.
    const text =
      message === undefined
        ? serialiseNotebook(content as unknown as Notebook)
        : JSON.stringify(sortKeys(content), null, 1) + "\n";
    // Of what was written, not of what is there a moment later.
    const hash = sha256(text);
    await replaceFile(file, text);
    // Only the outputs' scripts depend on it: the notebook is saved anyway.
    if (isTrusted)
      await this.#trusted.add(hash).catch((error: unknown) => {
        report(`${path} cannot be remembered as trusted`, error);
      });
    const model = withHash(await this.#describe(path, file), hash);
    return message === undefined ? model : { ...model, message };
  }

  async #saveFile(path: string, file: string, body: JsonObject): Promise<ContentsModel> {
    const bytes = encodeFile(body);
    const { chunk } = body;
    if (chunk !== undefined && chunk !== null) {
      if (typeof chunk !== "number")
        throw new HttpError(400, `chunk is ${brief(chunk)}, but must be a number`);
      return this.#describe(path, await this.#uploads.add(file, chunk, bytes));
    }
    await replaceFile(file, bytes);
    return withHash(await this.#describe(path, file), sha256(bytes));
  }
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");

function withHash(model: ContentsModel, hash: string): ContentsModel {
  return { ...model, hash, hash_algorithm: "sha256" };
}

function hashOf(path: string): Promise<string> {
  return withFile(path, async (file) => {
    const hash = createHash("sha256");
    for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) hash.update(chunk);
    return hash.digest("hex");
  });
}

/** With texts joined where nbformat's schema is kept; left as it is, with a message, where it is not. */
function checkNotebook(value: JsonObject, path: string): { content: JsonObject; message?: string } {
  try {
    return { content: toNotebook(value, path) as unknown as JsonObject };
  } catch (error) {
    return { content: value, message: `Notebook validation failed: ${(error as Error).message}` };
  }
}

function decodeFile(path: string, bytes: Buffer, format: string | undefined): Partial<ContentsModel> {
  if (format !== "base64") {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      if (format === "text" || !text.includes("\0"))
        return { content: text, format: "text", mimetype: mime.lookup(path) || "text/plain" };
    } catch {
      if (format === "text") throw new HttpError(400, `${path} is not UTF-8 text`, "bad format");
    }
  }
  return {
    content: bytes.toString("base64"),
    format: "base64",
    mimetype: mime.lookup(path) || "application/octet-stream",
  };
}

function encodeFile(body: JsonObject): Buffer {
  const content = requiredText(body, "content");
  const format = requiredText(body, "format");
  if (format === "text") return Buffer.from(content);
  if (format !== "base64")
    throw new HttpError(400, `format is ${brief(format)}, but must be "text" or "base64"`);
  // Spaces at the end in the pattern as well would take quadratic time.
  if (!/^[\w+/\s-]*={0,2}$/.test(content.trimEnd()))
    throw new HttpError(400, `content is ${brief(content)}, but must be base64`);
  return Buffer.from(content, "base64");
}

/** It leads afterwards where it led before. */
async function moveLink(source: string, target: string): Promise<void> {
  const to = await readlink(source);
  if (isAbsolute(to) || dirname(source) === dirname(target)) {
    await rename(source, target);
    return;
  }
  await symlink(relative(dirname(target), resolve(dirname(source), to)), target);
  await rm(source);
}

const isDirectory = (file: string) =>
  stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );

// The folder that is served. A path of the API becomes a path on the disk here and nowhere else: hidden names
// and whatever lies outside, also by way of a symbolic link, do not exist.

import { realpathSync } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { brief } from "../../kernel/protocol/brief.js";
import { HttpError } from "./http.js";

/** Linux's own limit, of a path from the top. */
const LONGEST_PATH_BYTES = 4096;

export class Root {
  readonly folder: string;

  /** @throws {Error} when the folder does not exist */
  constructor(folder: string) {
    this.folder = realpathSync(folder);
  }

  /**
   * Where `path`, of the API, lies on the disk, with links followed; it may not exist yet.
   * @throws {HttpError} 404
   */
  async resolve(path: string): Promise<string> {
    const names = namesOf(path);
    if (names.some(isForbidden)) throw new HttpError(404, "no such file or directory");
    const real = await this.#real(names);
    if (!this.#holds(real)) throw new HttpError(404, "no such file or directory");
    return real;
  }

  /**
   * The same, but a link itself and not what it leads to.
   * @throws {HttpError} 404
   */
  async resolveEntry(path: string): Promise<string> {
    const real = await this.resolve(path);
    const names = namesOf(path);
    const name = names.pop();
    return name === undefined ? real : join(await this.resolve(names.join("/")), name);
  }

  /** With the links of all parts that exist followed. */
  async #real(names: string[]): Promise<string> {
    try {
      return await realpath(join(this.folder, ...names));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    // From the top down, so that what does not exist is asked for once, however long it is.
    let real = this.folder;
    for (const [at, name] of names.entries()) {
      const file = join(real, name);
      try {
        real = await realpath(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        // A dangling link: what is written to it would appear where it points.
        if (await isThere(file)) throw new HttpError(404, "no such file or directory");
        return join(real, ...names.slice(at));
      }
    }
    return real;
  }

  #holds(real: string): boolean {
    if (real === this.folder) return true;
    const folder = this.folder.endsWith(sep) ? this.folder : this.folder + sep;
    if (!real.startsWith(folder)) return false;
    // Nor by a link to something hidden.
    return !real.slice(folder.length).split(sep).some(isForbidden);
  }
}

const isThere = (file: string) =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** The names that make up a path of the API. @throws {HttpError} 400 for one that no system can have */
export function namesOf(path: string): string[] {
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES)
    throw new HttpError(400, `the path has more than ${LONGEST_PATH_BYTES} bytes`);
  const names = path.split("/");
  const first = names.findIndex((name) => name !== "");
  return first < 0 ? [] : names.slice(first, names.findLastIndex((name) => name !== "") + 1);
}

/** What begins with a dot would be there, and not be shown. @throws {HttpError} 404 */
export function refuseHidden(path: string): void {
  const hidden = namesOf(path).find((name) => isHidden(name) && !name.startsWith(".."));
  if (hidden !== undefined)
    throw new HttpError(
      404,
      `the name is ${brief(hidden)}, but must not begin with a dot: such files are hidden`,
    );
}

export const isHidden = (name: string) => name.startsWith(".");

const isForbidden = (name: string) =>
  name === "" || isHidden(name) || name.includes("\0") || name.includes(sep);

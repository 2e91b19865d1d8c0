// Small texts of the user's, each in a file of its own in one folder: a setting, a workspace. Which files
// someone works on is private.

import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../files/replace_file.js";
import { brief } from "../../kernel/protocol/brief.js";
import { HttpError } from "./http.js";

export interface StoredText {
  text: string;
  created: string;
  last_modified: string;
}

/** As it is on the disk. */
const LONGEST_NAME_BYTES = 200;

export class TextStore {
  readonly #folder: string;
  readonly #suffix: string;

  /** @param suffix of the files' names, such as `.json` */
  constructor(folder: string, suffix: string) {
    this.#folder = folder;
    this.#suffix = suffix;
  }

  async ids(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const encoded = names
      .filter((name) => name.endsWith(this.#suffix))
      .map((name) => name.slice(0, -this.#suffix.length));
    return encoded.flatMap((name) => {
      try {
        return [decodeURIComponent(name)];
      } catch {
        return [];
      }
    });
  }

  async read(id: string): Promise<StoredText | undefined> {
    const file = this.#file(id);
    try {
      const [text, { birthtime, mtime }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
      return { text, created: birthtime.toISOString(), last_modified: mtime.toISOString() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async write(id: string, text: string): Promise<void> {
    const file = this.#file(id);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await replaceFile(file, text, { mode: 0o600 });
  }

  /** @throws {Error} when there is none */
  async delete(id: string): Promise<void> {
    await rm(this.#file(id));
  }

  #file(id: string): string {
    // Letters of any language stay, so that names can be as long in each; "*" is what encoding leaves and a
    // file system may refuse.
    const name = id.replace(/[\0-\x7f]|[^\p{L}\p{M}\p{N}]/gu, encodeURIComponent).replaceAll("*", "%2A");
    if (id === "" || Buffer.byteLength(name) > LONGEST_NAME_BYTES)
      throw new HttpError(
        400,
        `the name is ${brief(id)}, but must be from 1 to ${LONGEST_NAME_BYTES} bytes long`,
      );
    return join(this.#folder, name + this.#suffix);
  }
}

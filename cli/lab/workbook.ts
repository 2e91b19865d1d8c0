// The learner's own copies of the workbook, without outputs: the originals stay clean, and an upgrade
// replaces a notebook only where nobody has worked in it.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../files/replace_file.js";
import { packageRoot } from "../../kernel/package_root.js";
import { inTurn } from "../../kernel/protocol/in_turn.js";
import { learnersCopy } from "../../notebooks/learners_copy.js";
import { progressFile, solvedIn } from "../../notebooks/workbook/exercises/progress.js";

export type Locale = "en" | "ko";

export interface Chapter {
  /** The notebook's file name, the same in both languages. */
  name: string;
  title: string;
  minutes: number;
  /** How many exercises it has. */
  exercises: number;
  /** How many of them the learner has solved, in whichever language. */
  solved: number;
}

/** What is kept in the learner's folder besides the copies. */
interface State {
  /** SHA-256 of what each file was laid as, or of the newer version that its owner was told of. */
  originals: Record<string, string>;
}

const STATE_FILE = ".unrolled-workbook.json";
const originals = join(packageRoot, "notebooks");

/** A folder that has copies of the workbook, or may get some. */
export class Workbook {
  readonly folder: string;
  readonly #inTurn = inTurn();

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Whether the folder was made for the workbook or holds nothing yet, so that copies may appear in it
   * unasked.
   */
  async isAtHome(): Promise<boolean> {
    const names = await readdir(this.folder).catch((): string[] => []);
    return names.length === 0 || names.includes(STATE_FILE);
  }

  /** The notebooks in their order. */
  async chapters(locale: Locale): Promise<Chapter[]> {
    const solved = solvedIn(progressFile());
    const names = (await readdir(join(originals, locale))).filter((name) => name.endsWith(".ipynb")).sort();
    return Promise.all(
      names.map(async (name) => {
        const { exercises, ...chapter } = describe(await readFile(join(originals, locale, name), "utf8"));
        const done = exercises.filter((id) => solved.has(id));
        return { ...chapter, name, exercises: exercises.length, solved: done.length };
      }),
    );
  }

  /**
   * Copies what is missing, and brings up to date what its owner has not changed. Returns the files that have
   * a newer original and were left as they are, because they were changed; each is named once.
   */
  provide(locale: Locale): Promise<string[]> {
    return this.#change(async (state) => {
      const kept: string[] = [];
      await mkdir(join(this.folder, locale), { recursive: true });
      for (const name of await readdir(join(originals, locale))) {
        const path = `${locale}/${name}`;
        const original = learnersCopy(name, await readFile(join(originals, locale, name)));
        const copy = await readFile(join(this.folder, path)).catch(ifMissing(undefined));
        const known = state.originals[path];
        state.originals[path] = sha256(original);
        if (copy === undefined || sha256(copy) === known) {
          if (copy === undefined || known !== state.originals[path])
            await replaceFile(join(this.folder, path), original);
        } else if (known !== state.originals[path] && !copy.equals(original)) kept.push(path);
      }
      return kept;
    });
  }

  async has(name: string): Promise<boolean> {
    return name.endsWith(".ipynb") && (await readdir(join(originals, "en"))).includes(name);
  }

  /** One after the other: two tabs that read before either writes would lose what one of them notes. */
  #change<T>(change: (state: State) => T | Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      const state = await this.#state();
      const result = await change(state);
      await replaceFile(join(this.folder, STATE_FILE), JSON.stringify(state, null, 2) + "\n");
      return result;
    });
  }

  async #state(): Promise<State> {
    const file = join(this.folder, STATE_FILE);
    const text = await readFile(file, "utf8").catch(ifMissing("{}"));
    try {
      const { originals = {} } = JSON.parse(text) as Partial<State>;
      return { originals };
    } catch (error) {
      const remedy = "delete it; what you have changed is kept";
      throw new Error(`${file}: is not JSON (${(error as Error).message}); ${remedy}`, { cause: error });
    }
  }
}

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

const ifMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return value;
    throw error;
  };

/** As the notebook itself states it: in its metadata, its introduction, and its cells with exercises. */
function describe(notebook: string): { title: string; minutes: number; exercises: string[] } {
  const { metadata, cells } = JSON.parse(notebook) as {
    metadata: { title: string };
    cells: { cell_type: string; source: string[] }[];
  };
  const time = /(?<!\d)(\d+)(?: minutes|분)/.exec(cells[0].source.join(""));
  const code = cells.filter(({ cell_type: type }) => type === "code").map(({ source }) => source.join(""));
  const ids = code.flatMap((source) => [...source.matchAll(/\bbook\.check\("([^"]+)"/g)].map(([, id]) => id));
  return { title: metadata.title, minutes: Number(time?.[1] ?? NaN), exercises: [...new Set(ids)] };
}

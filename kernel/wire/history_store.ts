// History on disk: one file a session, named by its number, one JSON object a line. Several kernels can run
// at once, since each writes its own file, and a session's number is taken by creating that file. Whatever
// goes wrong with the disk costs the history of this session, never a cell.

import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { userFolders } from "../user_folders.js";

/** A cell that was executed, with the text of its result. */
export interface HistoryEntry {
  line: number;
  input: string;
  output: string | null;
}

/** A line of a session's file: an input, or the output that belongs to it. */
type HistoryRecord = { line: number; input: string } | { line: number; output: string };

export interface HistoryStore {
  /** Keeps a record, some time soon. */
  append(record: HistoryRecord): void;
  /** The number of this session, counting up each time a kernel starts. */
  session(): Promise<number>;
  /** The numbers of all sessions that are kept. */
  sessions(): Promise<number[]>;
  read(session: number): Promise<HistoryEntry[]>;
  flush(): Promise<void>;
}

const KEPT_SESSIONS = 1000;
const FILE = /^session-(\d+)\.jsonl$/;
// What was typed into cells is private.
const OWNER_ONLY = 0o600;

/**
 * The folder of the history: UNROLLED_HISTORY, or `history` in the user's data directory; undefined for
 * "off".
 */
function historyFolder(): string | undefined {
  const given = process.env.UNROLLED_HISTORY;
  if (given === "off") return undefined;
  if (given !== undefined && given !== "") return given;
  return join(userFolders().data, "history");
}

export function openHistoryStore(folder = historyFolder()): HistoryStore {
  return folder === undefined ? new NoHistory() : new HistoryFolder(folder);
}

class NoHistory implements HistoryStore {
  append = () => undefined;
  session = () => Promise.resolve(1);
  sessions = () => Promise.resolve([]);
  read = () => Promise.resolve([]);
  flush = () => Promise.resolve();
}

class HistoryFolder implements HistoryStore {
  readonly #folder: string;
  /** Set when the first cell is stored: a kernel that ran nothing leaves nothing. */
  #own: Promise<number | undefined> | undefined;
  #written: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  append(record: HistoryRecord): void {
    this.#own ??= this.#create();
    this.#written = this.#written.then(async () => {
      const session = await this.#own;
      if (session === undefined || this.#failed) return;
      try {
        await appendFile(this.#file(session), `${JSON.stringify(record)}\n`);
      } catch (error) {
        this.#failed = true;
        console.error(`unrolled kernel: history is no longer kept: ${(error as Error).message}`);
      }
    });
  }

  async session(): Promise<number> {
    return (await this.#own) ?? ((await this.sessions()).at(-1) ?? 0) + 1;
  }

  async sessions(): Promise<number[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.flatMap((name) => FILE.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
  }

  async read(session: number): Promise<HistoryEntry[]> {
    const text = await readFile(this.#file(session), "utf8").catch(() => "");
    const entries = new Map<number, HistoryEntry>();
    for (const record of text.split("\n").flatMap(parseRecord)) {
      if ("input" in record) entries.set(record.line, { ...record, output: null });
      else if (entries.has(record.line)) entries.get(record.line)!.output = record.output;
    }
    return [...entries.values()];
  }

  async flush(): Promise<void> {
    await this.#written;
  }

  #file(session: number): string {
    return join(this.#folder, `session-${session}.jsonl`);
  }

  async #create(): Promise<number | undefined> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const kept = await this.sessions();
      for (const old of kept.slice(0, -KEPT_SESSIONS)) await rm(this.#file(old), { force: true });
      for (let session = (kept.at(-1) ?? 0) + 1; ; session++) {
        if (await this.#take(session)) return session;
      }
    } catch (error) {
      console.error(`unrolled kernel: history is not kept: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** @returns false if another kernel was faster. */
  async #take(session: number): Promise<boolean> {
    try {
      await writeFile(this.#file(session), "", { flag: "wx", mode: OWNER_ONLY });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }
}

/** A line that a crash cut off is left out. */
function parseRecord(line: string): HistoryRecord[] {
  try {
    const record = JSON.parse(line) as Partial<HistoryEntry>;
    if (typeof record.line !== "number") return [];
    if (typeof record.input === "string") return [{ line: record.line, input: record.input }];
    if (typeof record.output === "string") return [{ line: record.line, output: record.output }];
  } catch {
    // Falls through.
  }
  return [];
}

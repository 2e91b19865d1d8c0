// What was executed, in this session and in earlier ones, as `history_request` asks for it.
// Source: Jupyter messaging specification 5.5, "History"; where it leaves things open, as IPython does them.

import { glob } from "./glob.js";
import type { HistoryEntry, HistoryStore } from "./history_store.js";

type HistoryTuple = [session: number, line: number, input: string | [input: string, output: string | null]];

interface SessionEntry extends HistoryEntry {
  session: number;
}

export class History {
  readonly #store: HistoryStore;
  readonly #current: HistoryEntry[] = [];

  constructor(store: HistoryStore) {
    this.#store = store;
  }

  add(line: number, input: string): void {
    this.#current.push({ line, input, output: null });
    this.#store.append({ line, input });
  }

  /** Remembers the text of a cell's result. */
  setOutput(line: number, output: string): void {
    const entry = this.#current.findLast((candidate) => candidate.line === line);
    if (!entry) return;
    entry.output = output;
    this.#store.append({ line, output });
  }

  async answer(request: Record<string, unknown>): Promise<HistoryTuple[]> {
    const withOutput = request.output === true;
    return (await this.#select(request)).map(({ session, line, input, output }) => [
      session,
      line,
      withOutput ? [input, output] : input,
    ]);
  }

  /** Resolves when everything added so far is kept. */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  async #select(request: Record<string, unknown>): Promise<SessionEntry[]> {
    const { n } = request;
    const limit = typeof n === "number" && n >= 0 ? n : Infinity;
    switch (request.hist_access_type) {
      case "range":
        return this.#range(request);
      case "search": {
        const matches = glob(typeof request.pattern === "string" ? request.pattern : "*");
        const seen = new Set<string>();
        return this.#newest(limit, ({ input }) => {
          if (!matches(input) || seen.has(input)) return false;
          if (request.unique === true) seen.add(input);
          return true;
        });
      }
      default:
        return this.#newest(limit, () => true);
    }
  }

  async #range({ session = 0, start = 1, stop }: Record<string, unknown>): Promise<SessionEntry[]> {
    const current = await this.#store.session();
    // 0 is the current session, negative numbers count back from it.
    const number = Number(session) > 0 ? Number(session) : current + Number(session);
    const entries = await this.#entries(number);
    const end = (entries.at(-1)?.line ?? 0) + 1;
    const line = (value: unknown, preset: number) => {
      if (typeof value !== "number") return preset;
      return value < 0 ? end + value : value;
    };
    const [from, to] = [line(start, 1), line(stop, end)];
    return entries
      .filter((entry) => entry.line >= from && entry.line < to)
      .map((entry) => ({ session: number, ...entry }));
  }

  /**
   * The last entries that are wanted, asked about from the newest to the oldest, returned the other way
   * round.
   */
  async #newest(limit: number, isWanted: (entry: HistoryEntry) => boolean): Promise<SessionEntry[]> {
    const found: SessionEntry[] = [];
    const current = await this.#store.session();
    const sessions = new Set([...(await this.#store.sessions()), current]);
    for (const session of [...sessions].sort((a, b) => b - a)) {
      if (found.length >= limit) break;
      for (const entry of (await this.#entries(session)).toReversed()) {
        if (found.length >= limit) break;
        if (isWanted(entry)) found.push({ session, ...entry });
      }
    }
    return found.reverse();
  }

  async #entries(session: number): Promise<HistoryEntry[]> {
    return session === (await this.#store.session()) ? this.#current : this.#store.read(session);
  }
}

// What was executed in this session, as `history_request` asks for it.
// Source: Jupyter messaging specification, "History".

interface Entry {
  line: number;
  input: string;
  output: string | null;
}

type HistoryTuple = [session: number, line: number, input: string | [input: string, output: string | null]];

const SESSION = 1;

export class History {
  readonly #entries: Entry[] = [];

  add(line: number, input: string): void {
    this.#entries.push({ line, input, output: null });
  }

  /** Remembers the text of a cell's result. */
  setOutput(line: number, output: string): void {
    const entry = this.#entries.findLast((candidate) => candidate.line === line);
    if (entry) entry.output = output;
  }

  answer(request: Record<string, unknown>): HistoryTuple[] {
    const withOutput = request.output === true;
    return this.#select(request).map(({ line, input, output }) => [
      SESSION,
      line,
      withOutput ? [input, output] : input,
    ]);
  }

  #select(request: Record<string, unknown>): Entry[] {
    const last = (entries: Entry[]) =>
      typeof request.n === "number" ? entries.slice(-request.n || undefined) : entries;
    switch (request.hist_access_type) {
      case "range": {
        // Session 0 is the current one, negative numbers count back from it; older ones are not kept.
        const { session = 0, start = 1, stop = Infinity } = request;
        if (session !== 0 && session !== SESSION) return [];
        return this.#entries.filter(({ line }) => line >= Number(start) && line < Number(stop ?? Infinity));
      }
      case "search": {
        const matches = glob(typeof request.pattern === "string" ? request.pattern : "*");
        let found = this.#entries.filter(({ input }) => matches.test(input));
        if (request.unique === true) {
          found = found.filter(
            ({ input }, at) => found.findLastIndex((other) => other.input === input) === at,
          );
        }
        return last(found);
      }
      default:
        return last(this.#entries);
    }
  }
}

/** The pattern language of history searches: `*` any text, `?` one character. */
function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`);
}

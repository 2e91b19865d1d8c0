// What a learner has solved and guessed, in one JSON file of the learner's data directory. No trouble with
// that file may stop a notebook: it is told once, and the session continues with what it knows itself. And no
// file that cannot be read is written over.

import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import envPaths from "env-paths";
import { replaceFileSync } from "../../../files/replace_file.js";

/** What is known of one exercise. */
export interface ExerciseRecord {
  done: boolean;
  /** Wrong answers so far; each has brought a hint. */
  failures: number;
  /** Hints asked for without an answer. */
  asked?: number;
}

/** How many hints have been given: it chooses the next. */
export const hintsGiven = ({ failures, asked = 0 }: ExerciseRecord) => failures + asked;

/** A guess, and the answer that was then shown. */
export interface GuessRecord {
  guess: number;
  answer: number;
}

/** What the file holds. */
interface Kept {
  exercises: Record<string, ExerciseRecord>;
  guesses: Record<string, GuessRecord>;
}

/**
 * Why the file could not be used: the path, the system's own words, and where a file that could not be read
 * is kept.
 */
export type Trouble = (
  kind: "unreadable" | "unwritable",
  file: string,
  reason: string,
  kept?: string,
) => void;

export interface Progress {
  of(id: string): ExerciseRecord;
  all(): Record<string, ExerciseRecord>;
  /** Notes a right or a wrong answer. What is solved stays solved. */
  record(id: string, right: boolean): void;
  /** Notes that a hint was asked for. */
  recordHint(id: string): void;
  guesses(): Record<string, GuessRecord>;
  /** Notes a guess whose answer is shown now. The first guess stands. */
  recordGuess(id: string, guess: number, answer: number): void;
}

/** The file that keeps the progress: UNROLLED_PROGRESS, or `progress.json` in the user's data directory. */
export function progressFile(): string {
  return process.env.UNROLLED_PROGRESS ?? join(envPaths("unrolled", { suffix: "" }).data, "progress.json");
}

/**
 * The progress kept in `file`, which need not exist. It is read again before every use, so that notebooks
 * open side by side see each other; and what this session found out is merged into every write, so that two
 * that write in the same instant cannot lose more than what the next write brings back.
 */
export function openProgress(file: string, trouble: Trouble): Progress {
  const mine: Kept = { exercises: {}, guesses: {} };
  const told = new Set<string>();
  const tell: Trouble = (kind, ...how) => {
    if (told.has(kind)) return;
    told.add(kind);
    trouble(kind, ...how);
  };

  const stored = (): Kept => {
    try {
      return parseProgress(readFileSync(file, "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        tell("unreadable", file, (error as Error).message, setAside(file));
      return { exercises: {}, guesses: {} };
    }
  };
  const known = () => merge(stored(), mine);
  const save = () => {
    const all = known();
    try {
      mkdirSync(dirname(file), { recursive: true });
      replaceFileSync(file, serialise(all));
    } catch (error) {
      tell("unwritable", file, (error as Error).message);
    }
  };
  const change = (id: string, changed: (record: ExerciseRecord) => ExerciseRecord) => {
    mine.exercises[id] = changed(known().exercises[id] ?? unknown);
    save();
  };
  return {
    all: () => known().exercises,
    of: (id) => known().exercises[id] ?? unknown,
    record(id, right) {
      change(id, ({ done, failures, ...rest }) => ({
        done: done || right,
        failures: failures + (right ? 0 : 1),
        ...rest,
      }));
    },
    recordHint(id) {
      change(id, ({ asked = 0, ...rest }) => ({ ...rest, asked: asked + 1 }));
    },
    guesses: () => known().guesses,
    recordGuess(id, guess, answer) {
      if (known().guesses[id]) return;
      mine.guesses[id] = { guess, answer };
      save();
    },
  };
}

/** The ids of the exercises that are solved by the progress kept in `file`; none where it cannot be read. */
export function solvedIn(file: string): Set<string> {
  try {
    const { exercises } = parseProgress(readFileSync(file, "utf8"));
    return new Set(Object.keys(exercises).filter((id) => exercises[id].done));
  } catch {
    return new Set();
  }
}

const unknown: ExerciseRecord = { done: false, failures: 0 };

const sorted = <T>(records: Record<string, T>) => Object.fromEntries(Object.entries(records).sort());

const serialise = ({ exercises, guesses }: Kept) =>
  JSON.stringify({ exercises: sorted(exercises), guesses: sorted(guesses) }, null, 2) + "\n";

/** Reads what `serialise` wrote, or wrote before guesses were kept. @throws {TypeError} for anything else */
function parseProgress(text: string): Kept {
  const { exercises, guesses = {} } = JSON.parse(text) as Partial<Kept> & Pick<Kept, "exercises">;
  for (const [id, record] of Object.entries(exercises)) {
    const counts = [record?.failures, record?.asked ?? 0];
    if (typeof record?.done !== "boolean" || !counts.every(Number.isInteger))
      throw new TypeError(`"${id}" is ${JSON.stringify(record)}, but must be { done, failures, asked? }`);
  }
  for (const [id, record] of Object.entries(guesses)) {
    if (!Number.isFinite(record?.guess) || !Number.isFinite(record.answer))
      throw new TypeError(`"${id}" is ${JSON.stringify(record)}, but must be { guess, answer }`);
  }
  return { exercises, guesses };
}

function merge(a: Kept, b: Kept): Kept {
  const exercises = { ...a.exercises };
  for (const [id, record] of Object.entries(b.exercises)) {
    const other = exercises[id] ?? record;
    const asked = Math.max(other.asked ?? 0, record.asked ?? 0);
    exercises[id] = {
      done: other.done || record.done,
      failures: Math.max(other.failures, record.failures),
      ...(asked > 0 && { asked }),
    };
  }
  return { exercises, guesses: { ...b.guesses, ...a.guesses } };
}

/** Moves a file that cannot be read out of the way, to be repaired; where to, if that went well. */
function setAside(file: string): string | undefined {
  let aside = `${file}.broken`;
  for (let n = 2; existsSync(aside); n++) aside = `${file}.broken-${n}`;
  try {
    renameSync(file, aside);
    return aside;
  } catch {
    return undefined; // What cannot be moved cannot be replaced either.
  }
}

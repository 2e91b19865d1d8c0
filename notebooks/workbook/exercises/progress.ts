// What a learner has solved, in one JSON file of the learner's data directory. No trouble with that file may
// stop a notebook: it is told once, and the session continues with what it knows itself.

import { mkdirSync, readFileSync, renameSync } from "node:fs";
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

/** Why the file could not be used; the path and the system's own words. */
export type Trouble = (kind: "unreadable" | "unwritable", file: string, reason: string) => void;

export interface Progress {
  of(id: string): ExerciseRecord;
  all(): Record<string, ExerciseRecord>;
  /** Notes a right or a wrong answer. What is solved stays solved. */
  record(id: string, right: boolean): void;
  /** Notes that a hint was asked for. */
  recordHint(id: string): void;
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
  const mine: Record<string, ExerciseRecord> = {};
  const told = new Set<string>();
  const tell: Trouble = (kind, where, reason) => {
    if (told.has(kind)) return;
    told.add(kind);
    trouble(kind, where, reason);
  };

  const stored = (): Record<string, ExerciseRecord> => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT")
        tell("unreadable", file, (error as Error).message);
      return {};
    }
    try {
      return parseProgress(text);
    } catch (error) {
      setAside(file);
      tell("unreadable", file, (error as Error).message);
      return {};
    }
  };
  const all = () => merge(stored(), mine);
  const change = (id: string, changed: (record: ExerciseRecord) => ExerciseRecord) => {
    const known = all();
    mine[id] = changed(known[id] ?? unknown);
    try {
      mkdirSync(dirname(file), { recursive: true });
      replaceFileSync(file, serialise({ ...known, [id]: mine[id] }));
    } catch (error) {
      tell("unwritable", file, (error as Error).message);
    }
  };
  return {
    all,
    of: (id) => all()[id] ?? unknown,
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
  };
}

const unknown: ExerciseRecord = { done: false, failures: 0 };

const serialise = (exercises: Record<string, ExerciseRecord>) =>
  JSON.stringify({ exercises: Object.fromEntries(Object.entries(exercises).sort()) }, null, 2) + "\n";

/** Reads what `serialise` wrote. @throws {TypeError} for anything else */
function parseProgress(text: string): Record<string, ExerciseRecord> {
  const { exercises } = JSON.parse(text) as { exercises: Record<string, ExerciseRecord> };
  for (const [id, record] of Object.entries(exercises)) {
    const counts = [record?.failures, record?.asked ?? 0];
    if (typeof record?.done !== "boolean" || !counts.every(Number.isInteger))
      throw new TypeError(`"${id}" is ${JSON.stringify(record)}, but must be { done, failures, asked? }`);
  }
  return exercises;
}

function merge(
  a: Record<string, ExerciseRecord>,
  b: Record<string, ExerciseRecord>,
): Record<string, ExerciseRecord> {
  const merged = { ...a };
  for (const [id, record] of Object.entries(b)) {
    const other = merged[id] ?? record;
    const asked = Math.max(other.asked ?? 0, record.asked ?? 0);
    merged[id] = {
      done: other.done || record.done,
      failures: Math.max(other.failures, record.failures),
      ...(asked > 0 && { asked }),
    };
  }
  return merged;
}

/** Keeps a broken file, so that it can be repaired, instead of writing over it. */
function setAside(file: string): void {
  try {
    renameSync(file, `${file}.broken`);
  } catch {
    // It stays where it is: then the next write fails too, or replaces what could not be read.
  }
}

// What a notebook calls to have an answer checked, and to see how far its learner has come.

import type { Locale } from "../locale.js";
import { displayTable } from "../table.js";
import type { Displayable } from "../table.js";
import { hint, judge } from "./check.js";
import type { Verdict } from "./check.js";
import { notebookOf } from "./exercise.js";
import type { Exercise } from "./exercise.js";
import { exercises } from "./index.js";
import { hintsGiven } from "./progress.js";
import type { Progress } from "./progress.js";
import { showMarkdown } from "./show.js";

const strings = {
  en: {
    caption: (done: number, count: number) => `Your progress: ${done} of ${count} exercises`,
    head: ["notebook", "solved", "exercises"],
  },
  ko: {
    caption: (done: number, count: number) => `진도: 문제 ${count}개 중 ${done}개 해결`,
    head: ["노트북", "해결", "문제"],
  },
} satisfies Record<Locale, unknown>;

export interface SelfChecks {
  check(id: string, answer: unknown): void;
  hint(id: string): void;
  progress(): Displayable;
}

/** The checks of notebook `number`; what is solved is noted in `progress`. */
export function selfChecks(
  number: string,
  locale: Locale,
  progress: () => Progress,
  known = exercises,
): SelfChecks {
  const text = strings[locale];
  return {
    check(id, answer) {
      const exercise = findExercise("book.check", known, number, id);
      const given = answer === null || answer === undefined ? 0 : hintsGiven(progress().of(id));
      const verdict = judge(exercise, answer, given, locale);
      if (verdict.outcome === "right" || verdict.outcome === "wrong")
        progress().record(id, verdict.outcome === "right");
      show(verdict);
    },
    hint(id) {
      const exercise = findExercise("book.hint", known, number, id);
      const given = hintsGiven(progress().of(id));
      if (given < exercise.hints[locale].length) progress().recordHint(id);
      show(hint(exercise, given, locale));
    },
    progress() {
      const records = progress().all();
      const isDone = ({ id }: Exercise) => records[id]?.done ?? false;
      const numbers = [...new Set(known.map(({ id }) => notebookOf(id)))].sort();
      return displayTable({
        caption: text.caption(known.filter(isDone).length, known.length),
        head: text.head,
        rows: numbers.map((notebook) => {
          const here = known.filter(({ id }) => notebookOf(id) === notebook);
          const marks = here.map((exercise) => `${isDone(exercise) ? "✓" : "○"} ${exercise.id}`);
          return [notebook, `${here.filter(isDone).length} / ${here.length}`, marks.join("  ")];
        }),
        remarks: [],
      });
    },
  };
}

function findExercise(where: string, known: readonly Exercise[], number: string, id: string): Exercise {
  const here = known.filter((exercise) => notebookOf(exercise.id) === number);
  const found = here.find((exercise) => exercise.id === id);
  if (found) return found;
  const ids = here.map((exercise) => `"${exercise.id}"`).join(", ");
  throw new RangeError(
    `${where}: id is "${id}", but ${here.length > 0 ? `must be one of notebook ${number}: ${ids}` : `notebook ${number} has no exercises`}`,
  );
}

/** The headline stands out where Markdown is shown. */
function show({ headline, lines }: Omit<Verdict, "outcome">): void {
  showMarkdown([`**${headline}**`, ...lines].join("\n\n"));
}

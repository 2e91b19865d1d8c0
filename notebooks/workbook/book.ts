// The notebook's companion: it knows the notebook's language and the slides' numbers, and remembers which of
// them the notebook has computed, so that a closing chart can show them all.

import type { Chart } from "../../src/index.js";
import { agreement, agreementTable } from "./agreement.js";
import { markGuess } from "./charts/guess_mark.js";
import type { GuessPlace } from "./charts/guess_mark.js";
import { charts } from "./charts/index.js";
import type { Charts } from "./charts/index.js";
import { huntTable } from "./charts/mutant_hunt.js";
import { largestDifference, slideDifferences } from "./charts/slide_differences.js";
import type { LargestDifference } from "./charts/slide_differences.js";
import { shownDerivative } from "./derivation.js";
import type { ShownDerivative } from "./derivation.js";
import { drawingOf } from "./drawings/drawings.js";
import type { DrawingName } from "./drawings/drawings.js";
import type { DrawnValues } from "./drawings/two_steps.js";
import { keepGuesses } from "./exercises/guesses.js";
import { learnersProgress } from "./exercises/learners_progress.js";
import { predictionTable } from "./exercises/predictions.js";
import { selfChecks } from "./exercises/self_checks.js";
import { showMarkdown } from "./exercises/show.js";
import { golden } from "./golden_vectors.js";
import { gradientTable } from "./gradient_comparison.js";
import type { Value } from "./lecture/quantity.js";
import { locales } from "./locale.js";
import type { Locale } from "./locale.js";
import type { LstmPieces } from "./lstm_implementation.js";
import { hunt } from "./mutants/hunt.js";
import type { LstmTest } from "./mutants/hunt.js";
import { chosenPieces } from "./own_pieces.js";
import type { OwnPieces } from "./own_pieces.js";
import { rounded } from "./number_text.js";
import { selfTest } from "./self_test.js";
import { compareWithSlide, slideTable } from "./slide_comparison.js";
import type { ComparedComponent } from "./slide_comparison.js";
import type { DerivativeOptions } from "./symbolic.js";
import { displayTable } from "./table.js";
import type { Displayable } from "./table.js";

/** What a notebook calls; charts and tables come in its language. */
export interface Book extends Charts, Readonly<ReturnType<typeof companion>> {}

/**
 * The companion of one notebook.
 * @param number the notebook's number, two digits: "05"
 * @throws {RangeError} when the language is not "en" or "ko"
 */
export function workbook(number: string, language: Locale): Book {
  if (!locales.includes(language)) {
    throw new RangeError(`workbook: language is "${String(language)}", but must be "en" or "ko"`);
  }
  return { ...charts(language), ...companion(number, language) };
}

function companion(number: string, language: Locale) {
  const progress = learnersProgress(language);
  const checks = selfChecks(number, language, progress);
  const guesses = keepGuesses(language, progress);
  const seen = new Map<string, ComparedComponent[]>();
  return {
    /** The notebook's number, two digits. */
    number,
    language,

    /**
     * A table of the given values next to those of a slide of the lecture: printed value, exact value,
     * difference, and a verdict on the printed value. Values that differ from the slide's exact ones by more
     * than 1e-9 relative are shown, and marked as coming from other inputs.
     * @param slide 13–26 (reconstructed) or 36–59
     * @param values by the slide's name of the quantity, such as `{ "z₁": z1 }`
     * @throws {RangeError} when a quantity is unknown (it names the slide's), a shape differs, or a value is
     *   not finite
     */
    slide(slide: number, values: Record<string, Value>): Displayable {
      const rows = compareWithSlide(slide, values);
      for (const name of Object.keys(values)) {
        seen.set(
          `${slide} ${name}`,
          rows.filter((row) => row.quantity === name),
        );
      }
      return displayTable(slideTable(language, slide, rows));
    },

    /**
     * P5: |printed − exact| of everything this notebook passed to `slide`.
     * @throws {Error} when nothing has been passed yet
     */
    slideDifferences(): Chart {
      if (seen.size === 0) {
        throw new Error("book.slideDifferences: no slide has been computed yet; run the cells above first");
      }
      return slideDifferences(language, [...seen.values()].flat());
    },

    /**
     * The printed number that is furthest from the exact value, of all that this notebook passed to `slide`.
     * @throws {Error} when no slide that prints numbers has been passed yet
     */
    largestDifference(): LargestDifference {
      return largestDifference([...seen.values()].flat());
    },

    /**
     * A derived gradient next to its finite-difference estimate, with the relative error; they agree below
     * 1e-6.
     * @throws {RangeError} when the shapes differ
     */
    gradcheck(name: string, analytic: Value, numeric: Value): Displayable {
      return displayTable(gradientTable(language, name, analytic, numeric));
    },

    /**
     * A drawing, as SVG with its description.
     * @param values written into "lstmForward" and "lstmBackward", by their symbols: `{ "h₁": h1, … }`
     * @throws {RangeError} naming the symbols when one is unknown
     */
    drawing(name: DrawingName, values: DrawnValues = {}): Displayable {
      return drawingOf(language, name, values);
    },

    /**
     * Judges an answer to an exercise of this notebook and shows the verdict: right, a classic mistake by its
     * name, or not yet, with the slide to go back to and one hint more each time. Null or undefined: not
     * answered yet. What is solved is remembered in the learner's progress file (`UNROLLED_PROGRESS` names
     * another one).
     * @throws {RangeError} when there is no exercise of that id (it names this notebook's); never because of
     *   the answer
     */
    check(id: string, answer: unknown): void {
      checks.check(id, answer);
    },

    /**
     * The next hint to an exercise of this notebook, before any answer or after one; wrong answers and calls
     * of this go on in the same list.
     * @throws {RangeError} naming this notebook's exercises if there is none of that id
     */
    hint(id: string): void {
      checks.hint(id);
    },

    /** The exercises of all notebooks, solved or not. */
    progress(): Displayable {
      return checks.progress();
    },

    /** How well you knew: the guesses made in all notebooks next to the answers. */
    predictions(): Displayable {
      return displayTable(predictionTable(language, progress().guesses()));
    },

    /** The value with its numbers rounded to `digits` significant ones; 1234567 stays as it is. */
    round<T>(value: T, digits = 6): T {
      return rounded(value, digits);
    },

    /** Whether kernel, library and charts work on this machine, with a remedy for each that does not. */
    async selfTest(): Promise<Displayable> {
      return displayTable(await selfTest(language));
    },

    /** Remembers a guess made before the answer is shown, and says so; null: none made. */
    guess(id: string, value: number | null): void {
      showMarkdown(guesses.make(id, value));
    },

    /** The guess made, for charts to draw next to the truth; null if none. */
    guessed(id: string): number | null {
      return guesses.get(id);
    },

    /** The chart with the guess marked in it, or as it is if there is none. */
    markGuess(chart: Chart, id: string, place: GuessPlace): Chart {
      const guess = guesses.get(id);
      return guess === null ? chart : markGuess(language, chart, guess, place);
    },

    /**
     * Shows the guess next to the truth. The first guess that is revealed is remembered in the learner's
     * progress file.
     */
    reveal(id: string, truth: number): void {
      showMarkdown(guesses.reveal(id, truth));
    },

    /**
     * ∂formula/∂variable by the rules of calculus, as LaTeX, line by line: the rule applied, simplified, and
     * the lines in `steps`, each of which is held against the derivative.
     * @param formula in mathjs's notation, as in `"exp(z_1) / (exp(z_1) + exp(z_2))"`
     * @throws {RangeError} when a formula cannot be read, or a variable has no value
     */
    derivative(formula: string, variable: string, options: DerivativeOptions): ShownDerivative {
      return shownDerivative(language, formula, variable, options);
    },

    /** A golden vector: inputs of an LSTM, and what must come out. @throws {RangeError} for another name */
    golden,

    /**
     * Every number, vector and matrix of `expected` next to its counterpart in `computed`, with the relative
     * difference and whether it is below the tolerance, 1e-10 unless given.
     */
    agree(computed: object, expected: object, tolerance = 1e-10): Displayable {
      return displayTable(agreementTable(language, agreement(computed, expected), tolerance));
    },

    /** Whether everything agrees, without showing it. */
    agrees(computed: object, expected: object, tolerance = 1e-10): boolean {
      return agreement(computed, expected).every(({ error }) => error < tolerance);
    },

    /**
     * The pieces of an LSTM to go on with, and a line that says whose each is: the reader's where it passes
     * its check, the workbook's until then.
     */
    pieces<K extends keyof LstmPieces>(own: Pick<OwnPieces, K>): Pick<LstmPieces, K> {
      const { pieces, told } = chosenPieces(language, own);
      showMarkdown(told);
      return pieces;
    },

    /**
     * How many of the 26 broken LSTMs a test rejects, and which.
     * @param test returns true or nothing for an LSTM it accepts, false for one it rejects; or it throws
     * @throws {TypeError} when it is not a function, or returns anything else
     */
    mutantHunt(test: LstmTest): Displayable & { readonly killed: number } {
      const found = hunt(test);
      return { ...displayTable(huntTable(language, found)), killed: found.killed.length };
    },
  };
}

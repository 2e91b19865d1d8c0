// Holds a learner's values next to a slide: which quantity, what the slide prints, what the formula gives,
// how far apart they are and why. A mistyped name or a wrong shape is an error; values that are not the
// slide's are not, because changing the inputs is what a learner should do.

import { lectureSlides } from "./lecture/lecture_slides.js";
import type { LectureQuantity, NoteId } from "./lecture/lecture_slides.js";
import type { Locale } from "./locale.js";
import { differenceText, exactText } from "./number_text.js";
import { components, shapeOf } from "./lecture/quantity.js";
import type { Value, Verdict } from "./lecture/quantity.js";
import { reconstructedSlides } from "./lecture/reconstructed_slides.js";
import type { ReconstructedQuantity } from "./lecture/reconstructed_slides.js";
import { slideStrings } from "./slide_strings.js";
import type { Table } from "./table.js";

/** One component of a quantity next to the slide. `printed` is missing on a reconstructed slide. */
export interface ComparedComponent {
  slide: number;
  quantity: string;
  index: string;
  printed?: string;
  ownStep?: number;
  expected: number;
  value: number;
  verdict: Verdict | "differs";
  note?: NoteId;
}

/** A learner's quantity counts as the slide's when every component agrees to this relative precision. */
const agreement = 1e-9;

const agrees = (value: number, expected: number) =>
  Math.abs(value - expected) <= agreement * Math.abs(expected) + 1e-12;

/**
 * The components of `values` next to those of a slide, in the order given.
 * @throws {RangeError} when the slide has no numbers or no quantity of a given name, or when a value's shape
 *   is not the slide's or a component is not finite
 */
export function compareWithSlide(slide: number, values: Record<string, Value>): ComparedComponent[] {
  const known = quantitiesOf(slide);
  return Object.entries(values).flatMap(([name, value]) => {
    const quantity = known.find((candidate) => candidate.name === name);
    if (!quantity) {
      const names = known.map((candidate) => `"${candidate.name}"`).join(", ");
      throw new RangeError(`book.slide: name is "${name}", but must be one of slide ${slide}: ${names}`);
    }
    return compareQuantity(quantity, value);
  });
}

function quantitiesOf(slide: number): (LectureQuantity | ReconstructedQuantity)[] {
  const found = [...reconstructedSlides, ...lectureSlides].filter((quantity) => quantity.slide === slide);
  if (found.length === 0) {
    throw new RangeError(
      `book.slide: slide is ${slide}, but must be one with numbers: 13–26 (reconstruction) or 36–59`,
    );
  }
  return found;
}

function compareQuantity(
  quantity: LectureQuantity | ReconstructedQuantity,
  value: Value,
): ComparedComponent[] {
  const { slide, name, exact } = quantity;
  if (shapeOf(value) !== shapeOf(exact)) {
    throw new RangeError(`book.slide: "${name}" is ${shapeOf(value)}, but must be ${shapeOf(exact)}`);
  }
  const expected = components(exact);
  const given = components(value);
  const broken = given.find((component) => !Number.isFinite(component.value));
  if (broken) {
    throw new RangeError(`book.slide: "${name}"${broken.index} is ${broken.value}, but must be finite`);
  }
  const same = given.every((component, k) => agrees(component.value, expected[k].value));
  const rows = given.map(({ index, value }, k) => ({
    slide,
    quantity: name,
    index,
    expected: expected[k].value,
    value,
    verdict: same ? ("matches" as const) : ("differs" as const),
  }));
  if (!("printed" in quantity)) return rows;
  const printed = components(quantity.printed);
  const ownStep = components(quantity.ownStep);
  const verdict = components(quantity.verdict);
  return rows.map((row, k) => ({
    ...row,
    printed: printed[k].value,
    ownStep: ownStep[k].value,
    verdict: same ? verdict[k].value : row.verdict,
    note: same ? quantity.note : undefined,
  }));
}

/** The comparison as a table in the notebook's language. */
export function slideTable(locale: Locale, slide: number, rows: ComparedComponent[]): Table {
  const text = slideStrings[locale];
  const isReconstruction = rows.every((row) => row.printed === undefined);
  const matching = rows.filter((row) => row.verdict === "matches").length;
  const noted = new Map(rows.flatMap((row) => (row.note ? [[row.note, row.quantity]] : [])));
  return {
    caption: isReconstruction
      ? text.slide.reconstruction(slide, matching, rows.length)
      : text.slide.caption(slide),
    // Nothing was printed, so that these are the same numbers twice.
    folded: isReconstruction && matching === rows.length,
    head: [
      text.slide.quantity,
      isReconstruction ? text.slide.expected : text.slide.printed,
      isReconstruction ? text.slide.computed : text.slide.exact,
      text.slide.difference,
      text.slide.verdict,
    ],
    rows: rows.map((row) => [
      `${row.quantity} ${row.index}`.trim(),
      row.printed ?? exactText(row.expected),
      exactText(row.value),
      differenceText(Math.abs(Number(row.printed ?? row.expected) - row.value)),
      verdictText(row, text),
    ]),
    remarks: [
      ...Array.from(noted, ([note, quantity]) => `${quantity}: ${text.note[note]}`),
      ...(rows.some((row) => row.verdict === "differs") ? [text.slide.differs] : []),
    ],
  };
}

function verdictText(
  { printed, ownStep, verdict }: ComparedComponent,
  text: (typeof slideStrings)[Locale],
): string {
  if (printed === undefined && verdict === "matches") return text.slide.reconstructed;
  const isSlip = verdict === "slip" || verdict === "lastDigit";
  return isSlip && ownStep !== undefined
    ? `${text.verdict[verdict]} (${text.ownStep(ownStep.toFixed(4))})`
    : text.verdict[verdict];
}

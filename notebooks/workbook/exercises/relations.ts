// What a wrong answer has to do with the right one, for any exercise: right numbers in the wrong place or
// with the wrong sign, another quantity of the lecture, a step too far or too short, a wrong factor.

import { sigmoid, softmax } from "../../../src/index.js";
import { lectureSlides } from "../lecture/lecture_slides.js";
import { components, shapeOf } from "../lecture/quantity.js";
import type { Value } from "../lecture/quantity.js";
import { reconstructedSlides } from "../lecture/reconstructed_slides.js";
import type { Bilingual } from "./exercise.js";
import { digitsOf, isSame, rounds } from "./rounding.js";

const flat = (value: Value) => components(value).map((component) => component.value);

/** Changes every component. */
export const each = (value: Value, f: (component: number) => number): Value =>
  Array.isArray(value) ? (value.map((entry: Value) => each(entry, f)) as Value) : f(value);

/** Component by component, of the same shape. */
export const fits = (given: Value, target: Value, same: (a: number, b: number) => boolean): boolean => {
  if (shapeOf(given) !== shapeOf(target)) return false;
  const targets = flat(target);
  return flat(given).every((value, k) => same(value, targets[k]));
};

/**
 * Names the relation between an answer and the truth, both to the digits given; undefined if there is none.
 * @param slide the exercise's: of quantities that have the same value the nearest is named
 */
export function relation(given: Value, truth: Value, slide: number): Bilingual | undefined {
  return (
    misplaced(given, truth) ?? signs(given, truth) ?? otherQuantity(given, slide) ?? formOf(given, truth)
  );
}

function misplaced(given: Value, truth: Value): Bilingual | undefined {
  if (!Array.isArray(truth) || !Array.isArray(given)) return;
  if (isMatrix(truth) && fits(given, transposed(truth), rounds)) {
    return {
      en: "Right numbers, but transposed: rows and columns have changed places.",
      ko: "값은 맞지만 전치되었습니다. 행과 열이 뒤바뀌었습니다.",
    };
  }
  const [a, b] = [given, truth].map((value) => flat(value).sort((x, y) => x - y));
  if (shapeOf(given) !== shapeOf(truth) || !fits(a, b, rounds)) return;
  return {
    en: "These are the right numbers in the wrong order.",
    ko: "값은 맞지만 순서가 틀렸습니다.",
  };
}

export const isMatrix = (value: Value): value is number[][] =>
  Array.isArray(value) && Array.isArray(value[0]);

export const transposed = (matrix: number[][]) => matrix[0].map((_, j) => matrix.map((row) => row[j]));

function signs(given: Value, truth: Value): Bilingual | undefined {
  if (
    fits(
      given,
      each(truth, (value) => -value),
      rounds,
    )
  ) {
    return {
      en: "The sign is turned round: without the minus, or with it, the numbers are right.",
      ko: "부호가 반대입니다. 크기는 맞으니 부호만 바꾸면 됩니다.",
    };
  }
  if (!fits(each(given, Math.abs), each(truth, Math.abs), rounds)) return;
  return {
    en: "The sizes are right, but not every sign.",
    ko: "크기는 모두 맞지만 부호가 틀린 것이 있습니다.",
  };
}

/** One number needs three digits to be taken for a certain quantity; of several, two each are enough. */
function otherQuantity(given: Value, slide: number): Bilingual | undefined {
  const numbers = flat(given);
  if (numbers.every((value) => value === 0)) return;
  if (numbers.length === 1 && digitsOf(numbers[0]) < 3) return;
  const [found] = [...lectureSlides, ...reconstructedSlides]
    .filter(({ exact }) => fits(given, exact, rounds))
    .sort((a, b) => Math.abs(a.slide - slide) - Math.abs(b.slide - slide));
  if (found === undefined) return;
  const name = found.name.split(" = ")[0];
  return {
    en: `That is another quantity: ${name}, on slide ${found.slide}.`,
    ko: `슬라이드 ${found.slide}에 나오는 다른 값입니다: ${name}.`,
  };
}

/** A function of the answer. */
interface Form {
  tex: string;
  of: (value: Value) => Value;
}
const form = (tex: string, f: (a: number) => number): Form => ({ tex, of: (value) => each(value, f) });

const softmaxForm: Form = {
  tex: "\\operatorname{softmax}(a)",
  of: (value) => (Array.isArray(value) && !isMatrix(value) ? softmax(value) : NaN),
};

const furtherSteps: Form[] = [
  form("\\tanh(a)", Math.tanh),
  form("\\sigma(a)", sigmoid),
  softmaxForm,
  form("1 - a^2", (a) => 1 - a ** 2),
  form("a(1 - a)", (a) => a * (1 - a)),
  form("e^a", Math.exp),
  form("-\\log a", (a) => -Math.log(a)),
];

/** What was not done yet, and the way back from what it gives. */
const missingSteps: Form[] = [
  form("\\tanh(a)", Math.atanh),
  form("\\sigma(a)", (s) => Math.log(s / (1 - s))),
  form("e^a", Math.log),
  form("-\\log a", (l) => Math.exp(-l)),
];

const wrongForms: Form[] = [
  form("1/a", (a) => 1 / a),
  form("1 - a", (a) => 1 - a),
  form("a^2", (a) => a ** 2),
  form("\\sqrt a", Math.sqrt),
];

const multiples = [2, 3, 4, 10, 100].flatMap((n) => [
  form(`${n}a`, (a) => n * a),
  form(`a/${n}`, (a) => a / n),
]);

function formOf(given: Value, truth: Value): Bilingual | undefined {
  const among = (forms: Form[]) =>
    forms.find(({ of }) => {
      const target = of(truth);
      return flat(target).some((value) => value !== 0) && fits(given, target, rounds);
    });
  if (typeof truth === "number" && Number.isInteger(truth))
    return counted(given, truth) ?? wrongForm(among(multiples));
  const further = among(furtherSteps);
  if (further) {
    return {
      en: `One step too far: with $a$ for what is asked for, that is $${further.tex}$.`,
      ko: `한 단계 더 계산했습니다. 구할 값을 $a$라고 하면 이 값은 $${further.tex}$입니다.`,
    };
  }
  const missing =
    among(missingSteps) ??
    (fits(softmaxForm.of(given), truth, (a, b) => Math.abs(a - b) < 1e-3) ? softmaxForm : undefined);
  if (missing) {
    return {
      en: `One step is left: with $a$ for your answer, what is asked for is $${missing.tex}$.`,
      ko: `한 단계가 남았습니다. 입력한 답을 $a$라고 하면 구할 값은 $${missing.tex}$입니다.`,
    };
  }
  return wrongForm(among([...wrongForms, ...multiples]));
}

const wrongForm = (found: Form | undefined): Bilingual | undefined =>
  found && {
    en: `With $a$ for the right answer, yours is $${found.tex}$.`,
    ko: `정답을 $a$라고 하면 입력한 답은 $${found.tex}$입니다.`,
  };

/** A count that is one off. */
function counted(given: Value, truth: number): Bilingual | undefined {
  if (typeof given !== "number") return undefined;
  if (isSame(given, truth + 1)) return { en: "One too many.", ko: "하나 많습니다." };
  return isSame(given, truth - 1) ? { en: "One too few.", ko: "하나 적습니다." } : undefined;
}

// Exercises 08-3 to 08-8: the six pieces of an LSTM, each judged alone, with what the others give it taken
// from the right ones.

import { agreement } from "../agreement.js";
import type { AgreementRow } from "../agreement.js";
import type { GoldenVector } from "../golden_vectors.js";
import { shapeOf } from "../lecture/quantity.js";
import type { Value } from "../lecture/quantity.js";
import type { LstmBack, LstmPieces, LstmStep } from "../lstm_implementation.js";
import { bugs, plainBugs } from "../mutants/bugs.js";
import type { Bug } from "../mutants/bugs.js";
import { lentTo } from "../mutants/lent_pieces.js";
import type { PieceName } from "../mutants/lent_pieces.js";
import { piecesFrom } from "../mutants/pieces.js";
import { add, matVec, softmaxCrossEntropy } from "../../../src/index.js";
import { vectors } from "./08_vectors.js";
import type { Bilingual, JudgedExercise, Judgement } from "./exercise.js";
import { howToBegin } from "./verdict_strings.js";

/** Relative; rounding is far below it, a mistake far above. */
export const tolerance = 1e-10;

const right = piecesFrom();

/** What the right pieces find on a golden vector. */
function walk({ parameters, sample }: GoldenVector) {
  const steps: LstmStep[] = [];
  let [hPrev, cPrev] = [sample.h0, sample.c0];
  for (const x of sample.x) {
    const gates = right.gates(parameters, x, hPrev);
    const { c, h } = right.stepForward(gates, cPrev);
    steps.push({ x, hPrev, cPrev, ...gates, c, h });
    [hPrev, cPrev] = [h, c];
  }
  const dlogits = sample.y.map((target, t) => {
    const logits = add(matVec(parameters.Why, steps[t].h), parameters.by);
    return target && softmaxCrossEntropy(logits, target).dlogits;
  });
  const back = right.backThroughTime(parameters, steps, dlogits, right.stepBackward);
  return structuredClone({ parameters, steps, dlogits, back });
}

/** Runs a piece on what the others have found; null where it is a stub. */
type Trial<K extends PieceName> = (
  piece: LstmPieces[K],
  found: ReturnType<typeof walk>,
) => object | null | undefined;

const trials: { [K in PieceName]: Trial<K> } = {
  gates: (piece, { parameters, steps }) => {
    const { x, hPrev } = steps.at(-1)!;
    return piece(parameters, x, hPrev);
  },
  stepForward: (piece, { steps }) => {
    const { f, i, g, o, cPrev } = steps.at(-1)!;
    return piece({ f, i, g, o }, cPrev);
  },
  stepBackward: (piece, { parameters, steps, back }) => {
    const t = steps.length - 2;
    return piece(parameters, steps[t], back[t].dh, back[t + 1].dcPrev);
  },
  backThroughTime: (piece, { parameters, steps, dlogits }) =>
    byStep(piece(parameters, steps, dlogits, right.stepBackward)),
  gateGradients: (piece, { steps, back }) =>
    piece(
      back.map(({ dz }) => dz.f),
      steps,
    ),
  update: (piece, { parameters: { f }, back, steps }) => {
    const { Wx, b } = right.gateGradients(
      back.map(({ dz }) => dz.f),
      steps,
    );
    const [newW, newB] = [piece(f.Wx, Wx, 0.1), piece(f.b, b, 0.1)];
    return newW && newB && { W: newW, b: newB };
  },
};

/** In the order of computation: the last step is the first. */
function byStep(back: LstmBack[]): object | null {
  if (!Array.isArray(back)) return back;
  return Object.fromEntries(back.map((at, t) => [`t = ${t + 1}`, at] as const).reverse());
}

const tried = <K extends PieceName>(name: K, piece: LstmPieces[K], vector: keyof typeof vectors) =>
  trials[name](piece, walk(vectors[vector]));

/** The bugs that change what a piece gives, and what it gives with them. */
function bugsOf<K extends PieceName>(name: K) {
  const truth = tried(name, right[name], "asymmetric")!;
  return [...bugs, ...plainBugs].flatMap((bug) => {
    const result = tried(name, piecesFrom(bug.lines)[name], "asymmetric")!;
    return agrees(result, truth) ? [] : [{ bug, result }];
  });
}

const agrees = (found: object, truth: object) =>
  agreement(found, truth).every(({ error }) => error < tolerance);

/** What is said of a bug whose very numbers came. */
export const exactlyThis = ({ name }: Bug): Bilingual => ({
  en: `Your numbers are, digit by digit, those of a known mistake: ${name.en}.`,
  ko: `답의 값이 잘 알려진 실수의 값과 자릿수까지 똑같습니다: ${name.ko}.`,
});

const notYet = (id: string): Bilingual => ({
  en: `Not written yet: put your code in place of \`return null\` and run the cell again. ${howToBegin.en(id)}`,
  ko: `아직 작성하지 않았습니다. \`return null\` 자리에 코드를 쓰고 셀을 다시 실행하세요. ${howToBegin.ko(id)}`,
});

function judgePiece<K extends PieceName>(name: K, answer: unknown): Judgement {
  if (typeof answer !== "function")
    return {
      right: false,
      reason: {
        en: `The answer is not a function. The function ${name} is asked for.`,
        ko: `답이 함수가 아닙니다. 필요한 것은 함수입니다: ${name}.`,
      },
    };
  const piece = answer as LstmPieces[K];
  for (const vector of ["asymmetric", "deck"] as const) {
    const { result: found, lent } = lentTo(() => tried(name, piece, vector));
    if (found === null || found === undefined || lent.includes(name))
      return { right: null, reason: notYet(exerciseOf[name]) };
    const truth = tried(name, right[name], vector)!;
    const wrong = agreement(found, truth).filter(({ error }) => !(error < tolerance));
    if (wrong.length === 0) continue;
    const known =
      vector === "asymmetric" ? bugsOf(name).find(({ result }) => agrees(found, result)) : undefined;
    return { right: false, reason: known ? exactlyThis(known.bug) : firstWrong(wrong) };
  }
  return {
    right: true,
    reason: {
      en: "It gives the golden vectors' numbers, on the slides' weights and on the asymmetric ones.",
      ko: "슬라이드의 가중치와 비대칭 가중치에서 모두 골든 벡터와 같은 값이 나옵니다.",
    },
  };
}

/** Says what is wrong with the first wrong quantity, and no more: what follows from it is wrong with it. */
function firstWrong(wrong: AgreementRow[]): Bilingual {
  const missing = wrong.filter(({ computed }) => computed === undefined || computed === null);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => named(name)).join(", ");
    return {
      en: `This is missing in what your function returns: ${names}.`,
      ko: `함수가 반환한 값에 다음이 없습니다: ${names}.`,
    };
  }
  const [{ name, computed, expected }] = wrong;
  const shown = named(name);
  if (shapeOf(computed) !== shapeOf(expected)) {
    const [came, should] = [sizes(computed), sizes(expected)];
    return {
      en: `${shown} has the wrong shape: it is ${came}, but must be ${should}.`,
      ko: `${shown}의 모양이 다릅니다: ${came} (맞는 모양: ${should}).`,
    };
  }
  const values = [short(computed!), short(expected)];
  return {
    en: `In the order of computation, ${shown} is the first that is wrong, in a way that is not known here. It is ${values[0]}, but must be ${values[1]}.`,
    ko: `계산 순서에서 ${shown}부터 다릅니다. 이 워크북이 아는 실수는 아닙니다. 나온 값은 ${values[0]}, 맞는 값은 ${values[1]}입니다.`,
  };
}

/** "t = 3.dz.f" as "dz.f (t = 3)". */
const named = (name: string) => name.replace(/^(t = \d+)\.(.*)$/, "$2 ($1)");

const short = (value: Value): string =>
  Array.isArray(value)
    ? `[${value.map((entry: Value) => short(entry)).join(", ")}]`
    : String(Number(value.toPrecision(4)));

/** A vector's length, or a matrix's rows and columns. */
const sizes = (value: unknown): string =>
  Array.isArray(value)
    ? `[${[value.length, ...(Array.isArray(value[0]) ? [value[0].length] : [])].join(", ")}]`
    : typeof value;

interface Told {
  id: string;
  title: Bilingual;
  slide: number;
  hints: JudgedExercise["hints"];
}

const exercise = <K extends PieceName>(name: K, told: Told): JudgedExercise => ({
  ...told,
  kind: "judged",
  judge: (answer) => judgePiece(name, answer),
  solution: () => right[name],
  get mistakes() {
    return bugsOf(name).map(({ bug }) => ({
      answers: [piecesFrom(bug.lines)[name]],
      text: exactlyThis(bug),
    }));
  },
});

/** Whether a piece passes its check. */
export const isRight = (name: PieceName, piece: unknown): boolean => {
  try {
    return judgePiece(name, piece).right === true;
  } catch {
    return false;
  }
};

/** The exercise that asks for a piece. */
export const exerciseOf: Record<PieceName, string> = {
  gates: "08-3",
  stepForward: "08-4",
  stepBackward: "08-5",
  backThroughTime: "08-6",
  gateGradients: "08-7",
  update: "08-8",
};

export const pieceExercises: JudgedExercise[] = [
  exercise("gates", {
    id: exerciseOf.gates,
    title: { en: "the gates", ko: "게이트" },
    slide: 31,
    hints: {
      en: [
        "Each gate has a set of weights of its own: `p.f.Wx`, `p.f.Wh` and `p.f.b` for the forget gate.",
        "z = W_x x + W_h h + b is `add(matVec(p.f.Wx, x), matVec(p.f.Wh, hPrev), p.f.b)`.",
        "`sigmoid` for f, i and o, `tanh` for g. Return `{ f, i, g, o }`.",
      ],
      ko: [
        "게이트마다 가중치가 따로 있습니다. 망각 게이트라면 `p.f.Wx`, `p.f.Wh`, `p.f.b`입니다.",
        "z = W_x x + W_h h + b는 `add(matVec(p.f.Wx, x), matVec(p.f.Wh, hPrev), p.f.b)`입니다.",
        "f, i, o에는 `sigmoid`, g에는 `tanh`를 적용하고 `{ f, i, g, o }`를 반환합니다.",
      ],
    },
  }),
  exercise("stepForward", {
    id: exerciseOf.stepForward,
    title: { en: "one step forward", ko: "한 시점의 순전파" },
    slide: 32,
    hints: {
      en: [
        "⊙ is `hadamard(a, b)`, component by component.",
        "C keeps f of the old and takes i of the candidate: `add(hadamard(f, cPrev), hadamard(i, g))`.",
        "h is `hadamard(o, tanh(c))`. Return `{ c, h }`.",
      ],
      ko: [
        "⊙는 성분별 곱이고 코드로는 `hadamard(a, b)`입니다.",
        "C는 이전 값을 f만큼 남기고 후보를 i만큼 더합니다: `add(hadamard(f, cPrev), hadamard(i, g))`.",
        "h는 `hadamard(o, tanh(c))`입니다. `{ c, h }`를 반환합니다.",
      ],
    },
  }),
  exercise("stepBackward", {
    id: exerciseOf.stepBackward,
    title: { en: "one step back", ko: "한 시점의 역전파" },
    slide: 46,
    hints: {
      en: [
        "Begin with dc: what comes from the next step plus what comes through h. `tanhPrime(tanhC)` is 1 − tanh²: it takes what tanh has given.",
        "dz.f is `hadamard(dc, s.cPrev, sigmoidPrime(s.f))`. In each product the gradient of one factor takes the other factor; only dz.o starts from dh.",
        "dhPrev adds four terms, `transposedMatVec(p.f.Wh, dz.f)` and the same for i, g and o. dcPrev is `hadamard(dc, s.f)`.",
      ],
      ko: [
        "먼저 dc를 구합니다. 다음 시점에서 온 값에 h를 거쳐 온 값을 더합니다. `tanhPrime(tanhC)`는 1 − tanh²이며, tanh를 거친 값을 받습니다.",
        "dz.f는 `hadamard(dc, s.cPrev, sigmoidPrime(s.f))`입니다. 곱에서는 한쪽의 기울기에 다른 쪽을 곱합니다. dz.o만 dh에서 시작합니다.",
        "dhPrev는 네 항의 합입니다. `transposedMatVec(p.f.Wh, dz.f)`와 i, g, o의 같은 항을 더합니다. dcPrev는 `hadamard(dc, s.f)`입니다.",
      ],
    },
  }),
  exercise("backThroughTime", {
    id: exerciseOf.backThroughTime,
    title: { en: "back through time", ko: "시간을 거슬러" },
    slide: 50,
    hints: {
      en: [
        "Go from the last step to the first and keep two vectors: what the step after has sent back to h and to C. At the last step both are zero.",
        "∂h at t is `transposedMatVec(p.Why, dlogits[t])` plus what came back from t + 1; without a target (`dlogits[t]` is null) only the latter.",
        "`const at = stepBackward(p, steps[t], dh, dcNext)`, then `back.unshift({ dh, ...at })`, then `dhNext = at.dhPrev` and `dcNext = at.dcPrev`.",
      ],
      ko: [
        "마지막 시점에서 첫 시점으로 가면서, 다음 시점이 h와 C로 돌려보낸 두 벡터를 기억합니다. 마지막 시점에서는 둘 다 0입니다.",
        "시점 t의 ∂h는 `transposedMatVec(p.Why, dlogits[t])`에 t + 1에서 돌아온 값을 더한 것입니다. 정답이 없으면(`dlogits[t]`가 null) 돌아온 값뿐입니다.",
        "`const at = stepBackward(p, steps[t], dh, dcNext)` 다음에 `back.unshift({ dh, ...at })`, 그리고 `dhNext = at.dhPrev`, `dcNext = at.dcPrev`로 둡니다.",
      ],
    },
  }),
  exercise("gateGradients", {
    id: exerciseOf.gateGradients,
    title: { en: "the gradients of one gate's weights", ko: "게이트 하나의 가중치 기울기" },
    slide: 57,
    hints: {
      en: [
        "The weights are the same at every step: each step contributes, and the contributions are added.",
        "Step t contributes `outer(dz[t], steps[t].x)` to ∂W_x and `outer(dz[t], steps[t].hPrev)` to ∂W_h.",
        "`sum` adds up a list: `sum(steps.map((s, t) => outer(dz[t], s.x)))`. ∂b is `sum(dz)`.",
      ],
      ko: [
        "가중치는 모든 시점에서 같습니다. 시점마다 기여분이 있고, 그 기여분을 모두 더합니다.",
        "시점 t는 ∂W_x에 `outer(dz[t], steps[t].x)`만큼, ∂W_h에 `outer(dz[t], steps[t].hPrev)`만큼 기여합니다.",
        "`sum`은 목록을 모두 더합니다: `sum(steps.map((s, t) => outer(dz[t], s.x)))`. ∂b는 `sum(dz)`입니다.",
      ],
    },
  }),
  exercise("update", {
    id: exerciseOf.update,
    title: { en: "the update", ko: "가중치 업데이트" },
    slide: 58,
    hints: {
      en: [
        "W − η ∂W, for a vector as for a matrix.",
        "`scale(eta, gradient)` multiplies each component.",
        "In one line: `return sub(weights, scale(eta, gradient));`",
      ],
      ko: [
        "벡터든 행렬이든 W − η ∂W입니다.",
        "`scale(eta, gradient)`는 성분마다 η를 곱합니다.",
        "한 줄로 쓰면: `return sub(weights, scale(eta, gradient));`",
      ],
    },
  }),
];

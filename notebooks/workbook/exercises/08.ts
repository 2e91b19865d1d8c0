// Exercises of notebook 08: implement the LSTM, piece by piece and in one, and write a test that tells it
// from 26 broken ones.

import { agreement } from "../agreement.js";
import type { AgreementRow } from "../agreement.js";
import type { GoldenVector } from "../golden_vectors.js";
import type { LstmForward, LstmImplementation } from "../lstm_implementation.js";
import { bugs, plainBugs } from "../mutants/bugs.js";
import type { Bug } from "../mutants/bugs.js";
import { hunt } from "../mutants/hunt.js";
import type { LstmTest } from "../mutants/hunt.js";
import { lentTo } from "../mutants/lent_pieces.js";
import type { PieceName } from "../mutants/lent_pieces.js";
import { lstmFrom } from "../mutants/pieces.js";
import { exactlyThis, exerciseOf, pieceExercises, tolerance } from "./08_pieces.js";
import { vectors } from "./08_vectors.js";
import type { Bilingual, Exercise, Judgement } from "./exercise.js";

type Case = Pick<GoldenVector, "parameters" | "sample">;

const forwardOf = (lstm: LstmImplementation, { parameters, sample }: Case): LstmForward =>
  lstm.forward(structuredClone(parameters), structuredClone(sample));
const everything = (lstm: LstmImplementation, at: Case) => ({
  forward: forwardOf(lstm, at),
  backward: lstm.backward(structuredClone(at.parameters), structuredClone(at.sample)),
});
type Results = ReturnType<typeof everything>;

/**
 * The results in the order in which a network computes them, so that the first wrong one is nearest to the
 * mistake.
 */
function inOrder({ forward, backward }: Results) {
  const { gradients, dh, dc, dx, dh0, dc0 } = backward;
  const { Why, by, ...gates } = gradients;
  return [
    { forward: { c: forward.c, h: forward.h, loss: forward.loss } },
    { backward: { gradients: { Why, by }, dh, dc } },
    { backward: { gradients: gates, dx, dh0, dc0 } },
  ];
}

/** All quantities that are wrong. */
function wrongIn(found: object, truth: Results): AgreementRow[] {
  return inOrder(truth)
    .flatMap((part) => agreement(found, part))
    .filter(({ error }) => !(error < tolerance));
}

const wrongOn = (lstm: LstmImplementation, name: keyof typeof vectors) =>
  wrongIn(everything(lstm, vectors[name]), vectors[name].truth);

const short = ({ name }: AgreementRow) => name.replace(/^(forward|backward)\./, "");

/** The first T steps of the asymmetric vector. With T = 1 nothing is carried. */
function beginning(T: number): Case {
  const { parameters, sample } = vectors.asymmetric;
  return { parameters, sample: { ...sample, x: sample.x.slice(0, T), y: sample.y.slice(0, T) } };
}
const wrongAtFirst = (lstm: LstmImplementation, T: number) =>
  wrongIn(everything(lstm, beginning(T)), everything(lstmFrom(), beginning(T)));

const agrees = (found: object, truth: object) =>
  agreement(found, truth).every(({ error }) => error < tolerance);

/**
 * The bug whose every number the LSTM has, on the asymmetric vector; or whose forward pass it has: the way
 * back may go with it or not.
 */
function knownBug(lstm: LstmImplementation): Bug | undefined {
  const { asymmetric } = vectors;
  const given = everything(lstm, asymmetric);
  const candidates = [...bugs, ...plainBugs].map((bug) => ({
    bug,
    results: everything(lstmFrom(bug.lines), asymmetric),
  }));
  const isForward = ({ forward }: Results) => !agrees(forward, asymmetric.truth.forward);
  return (
    candidates.find(({ results }) => agrees(given, results) && !isTruth(results)) ??
    candidates.find(({ results }) => isForward(results) && agrees(given.forward, results.forward))
  )?.bug;
}

/** Bugs of the update change nothing here. */
const isTruth = (results: Results) => wrongIn(results, vectors.asymmetric.truth).length === 0;

function judgeLstm(answer: unknown): Judgement {
  const missing = ["forward", "backward"].filter(
    (name) => typeof (answer as Record<string, unknown> | undefined)?.[name] !== "function",
  );
  if (missing.length > 0) {
    return {
      right: false,
      reason: {
        en: `Your answer has no function ${missing.join(" and no function ")}. An object { forward, backward } is asked for.`,
        ko: `답에 다음 함수가 없습니다: ${missing.join(", ")}. { forward, backward } 객체가 필요합니다.`,
      },
    };
  }
  const lstm = answer as LstmImplementation;
  const { result: wrong, lent } = lentTo(() => wrongOn(lstm, "asymmetric"));
  const absent = wrong.filter(({ computed }) => computed === undefined || computed === null).map(short);
  if (absent.length > 0) return { right: false, reason: absentReason(absent) };
  const onDeck = onTheSlides(lstm);
  if ("reason" in onDeck) return { right: false, reason: onDeck.reason };
  if (wrong.length === 0 && onDeck.wrong.length === 0) {
    if (lent.length > 0) return { right: null, reason: lentReason(lent) };
    return {
      right: true,
      reason: {
        en: `Both golden vectors come out to ${tolerance}: the slides' and the asymmetric one, forward and every gradient.`,
        ko: `슬라이드의 값과 비대칭 벡터 모두 순전파와 모든 기울기가 ${tolerance} 이내로 일치합니다.`,
      },
    };
  }
  const known = knownBug(lstm);
  if (known) return { right: false, reason: exactlyThis(known) };
  return { right: false, reason: symptoms(lstm, wrong, onDeck.wrong) };
}

/** The slides have no target at t = 1, over which code that runs on the asymmetric vector may stumble. */
function onTheSlides(lstm: LstmImplementation): { wrong: AgreementRow[] } | { reason: Bilingual } {
  try {
    return { wrong: wrongOn(lstm, "deck") };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      reason: {
        en: `On the slides' numbers your code stops: ${message}. There the first step has no target: y[0] is null.`,
        ko: `슬라이드의 숫자에서 코드가 멈춥니다: ${message}. 슬라이드에는 t = 1에 정답이 없어 y[0]이 null입니다.`,
      },
    };
  }
}

const absentReason = (names: string[]): Bilingual => ({
  en: `This is missing in what your functions return: ${names.join(", ")}. forward returns { h, c, loss }, backward { dh, dc, dx, dh0, dc0, gradients }.`,
  ko: `함수가 반환한 값에 다음이 없습니다: ${names.join(", ")}. forward는 { h, c, loss }, backward는 { dh, dc, dx, dh0, dc0, gradients }를 반환합니다.`,
});

const lentReason = (names: PieceName[]): Bilingual => {
  const list = names.map((name) => `${name} (${exerciseOf[name]})`).join(", ");
  return {
    en: `The numbers are right, but these pieces are still the workbook's: ${list}. Write them first, and it is an LSTM of your own.`,
    ko: `값은 맞지만 다음 함수는 아직 워크북의 것입니다: ${list}. 이 함수까지 작성하면 직접 만든 LSTM이 됩니다.`,
  };
};

function symptoms(lstm: LstmImplementation, wrong: AgreementRow[], onDeck: AgreementRow[]): Bilingual {
  if (wrong.length === 0) {
    const first = short(onDeck[0]);
    return {
      en: `The asymmetric vector comes out, but on the slides' numbers ${first} is wrong. There the first step has no target: y is null at t = 1.`,
      ko: `비대칭 벡터는 맞지만 슬라이드의 숫자에서는 다음이 틀렸습니다: ${first}. 슬라이드에는 t = 1에 정답이 없어 y가 null입니다.`,
    };
  }
  const T = [1, 2].find((steps) => wrongAtFirst(lstm, steps).length > 0) ?? 3;
  const first = short(wrongAtFirst(lstm, T)[0]);
  const found = {
    en: `On the first ${T === 1 ? "step" : `${T} steps`} of the asymmetric vector alone, the first quantity that is wrong, in the order of computation, is ${first}. It is none of the mistakes that are known here.`,
    ko: `비대칭 벡터의 ${T === 1 ? "첫 시점" : `처음 ${T}개 시점`}만 계산해 보면, 계산 순서에서 다음 값부터 틀렸습니다: ${first}. 이 워크북이 아는 실수는 아닙니다.`,
  };
  const carried = {
    en: ` ${T} steps are the fewest that show it: look at what is passed from step to step.`,
    ko: ` ${T}개 시점부터 드러납니다. 시점 사이에 전달하는 값을 살펴보세요.`,
  };
  const hidden = {
    en: " The slides' numbers come out anyway: they are too symmetric to show it.",
    ko: " 그런데도 슬라이드의 숫자는 모두 맞습니다. 슬라이드의 값이 너무 대칭적이라 차이가 드러나지 않습니다.",
  };
  const told = (locale: "en" | "ko") =>
    found[locale] + (T > 1 ? carried[locale] : "") + (onDeck.length === 0 ? hidden[locale] : "");
  return { en: told("en"), ko: told("ko") };
}

function judgeTest(answer: unknown): Judgement {
  if (typeof answer !== "function") {
    return {
      right: false,
      reason: {
        en: "Your answer is not a function. The exercise asks for a function that takes an LSTM and returns true or false.",
        ko: "답이 함수가 아닙니다. LSTM을 받아 true나 false를 반환하는 함수가 필요합니다.",
      },
    };
  }
  const { objection, killed, survivors } = hunt(answer as LstmTest);
  const count = bugs.length;
  if (objection !== null) {
    return {
      right: false,
      reason: {
        en: `Your test rejects the right LSTM too (${objection}), so it cannot be used, whatever else it rejects. Is its tolerance below rounding, about 1e-12?`,
        ko: `올바른 LSTM까지 거부했습니다(${objection}). 다른 것을 아무리 잡아도 쓸 수 없는 테스트입니다. 허용 오차가 반올림 오차(1e-12쯤)보다 작지 않나요?`,
      },
    };
  }
  if (survivors.length > 0) return { right: false, reason: stillAlive(killed.length, survivors) };
  return {
    right: true,
    reason: {
      en: `${count} of ${count} killed, and the right LSTM passes.`,
      ko: `${count}개를 모두 잡았고, 올바른 LSTM은 통과시켰습니다.`,
    },
  };
}

/** The score of a test that is not good enough yet, with a list of what it lets through. */
function stillAlive(killed: number, survivors: readonly Bug[]): Bilingual {
  const list = (locale: "en" | "ko") => survivors.map(({ name }) => `- ${name[locale]}`).join("\n");
  return {
    en: `${killed} of ${bugs.length} killed. Still alive:\n\n${list("en")}`,
    ko: `${bugs.length}개 중 ${killed}개를 잡았습니다. 살아남은 것:\n\n${list("ko")}`,
  };
}

const comparing =
  (...names: (keyof typeof vectors)[]): LstmTest =>
  (lstm) =>
    names.every((name) => wrongOn(lstm, name).length === 0);
const neither: LstmTest = () => true;

export const exercises08: Exercise[] = [
  {
    id: "08-1",
    kind: "judged",
    title: { en: "an LSTM of your own", ko: "LSTM 직접 구현하기" },
    slide: 60,
    judge: judgeLstm,
    solution: () => lstmFrom(),
    mistakes: [...bugs, ...plainBugs.filter(({ lines }) => !("move" in lines))].map((bug) => ({
      answers: [lstmFrom(bug.lines)],
      text: exactlyThis(bug),
    })),
    hints: {
      en: [
        "Take the wrong quantity that comes first in the order of computation: what follows from it is wrong with it. Compare the cell that computes it with the slide.",
        "Forward wrong: look at which weights each gate reads. Only the backward pass wrong: check one step alone, with the ∂h of the golden vector at t = T.",
        "One step right and the sequence wrong: something is overwritten that should be added, ∂h at a step with a loss of its own, ∂C_next, or a gradient over the steps.",
      ],
      ko: [
        "틀린 값 가운데 계산 순서가 가장 앞선 것을 보세요. 뒤의 값은 그 때문에 함께 틀립니다. 그 값을 구하는 셀을 슬라이드와 비교하세요.",
        "순전파가 틀렸다면 게이트마다 어떤 가중치를 읽는지 보세요. 역전파만 틀렸다면 t = T의 ∂h를 골든 벡터에서 가져와 한 시점만 확인하세요.",
        "한 시점은 맞는데 전체가 틀렸다면 더해야 할 값을 덮어쓴 것입니다. 손실이 있는 시점의 ∂h, ∂C_next, 시점별 기울기의 합을 보세요.",
      ],
    },
  },
  {
    id: "08-2",
    kind: "judged",
    title: { en: "the mutant hunt", ko: "고장 난 LSTM 사냥" },
    slide: { en: "the mutant hunt", ko: "「고장 난 LSTM 사냥」 절" },
    judge: judgeTest,
    solution: () => comparing("asymmetric"),
    mistakes: [
      {
        answers: [neither],
        text: stillAlive(0, bugs),
      },
      {
        answers: [7],
        text: {
          en: "Your answer is not a function. The exercise asks for a function that takes an LSTM and returns true or false.",
          ko: "답이 함수가 아닙니다. LSTM을 받아 true나 false를 반환하는 함수가 필요합니다.",
        },
      },
      {
        answers: [() => false],
        text: {
          en: "Your test rejects the right LSTM too (false), so it cannot be used, whatever else it rejects. Is its tolerance below rounding, about 1e-12?",
          ko: "올바른 LSTM까지 거부했습니다(false). 다른 것을 아무리 잡아도 쓸 수 없는 테스트입니다. 허용 오차가 반올림 오차(1e-12쯤)보다 작지 않나요?",
        },
      },
    ],
    hints: {
      en: [
        "Which numbers do f, i and o share on the slides? A bug that confuses them needs weights in which they differ.",
        "Where a loss stands at every step, ∂h has to be added; where the start is not zero, ∂f at t = 1 is not zero either.",
        'Compare both passes with book.golden("asymmetric"): all of truth.forward and all of truth.backward.',
      ],
      ko: [
        "슬라이드에서 f, i, o가 공유하는 숫자는 무엇인가요? 이들을 혼동한 버그를 잡으려면 값이 서로 다른 가중치가 필요합니다.",
        "시점마다 손실이 있어야 ∂h를 더할 일이 생기고, 시작값이 0이 아니어야 t = 1의 ∂f도 0이 아닙니다.",
        '순전파와 역전파를 모두 book.golden("asymmetric")과 비교하세요. truth.forward 전체와 truth.backward 전체입니다.',
      ],
    },
  },
  ...pieceExercises,
  {
    id: "08-q1",
    kind: "choice",
    title: { en: "what a gradient check cannot see", ko: "기울기 검증으로 알 수 없는 것" },
    slide: { en: "what a gradient check cannot see", ko: "「기울기 검증으로 알 수 없는 것」 절" },
    answer: "b",
    choices: {
      a: {
        en: "A missing f(1 − f) makes ∂z_f wrong, and finite differences show it at once.",
        ko: "f(1 − f)가 빠지면 ∂z_f가 틀리므로 수치 미분에서 바로 드러납니다.",
      },
      b: {
        en: "Right. If forward and backward are swapped alike, the gradients fit the function. It is just not the function you meant.",
        ko: "맞습니다. 순전파와 역전파가 똑같이 뒤바뀌면 기울기는 그 함수에 꼭 맞습니다. 다만 그 함수가 원하던 LSTM이 아닙니다.",
      },
      c: {
        en: "If ∂C_next is lost, the gradients of all steps but the last are wrong, which finite differences show.",
        ko: "∂C_next가 사라지면 마지막 시점을 뺀 모든 시점의 기울기가 틀리고, 수치 미분이 이를 보여 줍니다.",
      },
    },
    hints: {
      en: ["A gradient check compares backward with forward. Which of the three is in both?"],
      ko: ["기울기 검증은 역전파를 순전파와 비교합니다. 셋 가운데 양쪽에 똑같이 들어 있는 것은 무엇인가요?"],
    },
  },
  {
    id: "08-q2",
    kind: "choice",
    title: { en: "why seven bugs survive the slides", ko: "슬라이드의 숫자로 버그 일곱 개를 못 잡는 이유" },
    slide: { en: "the mutant hunt", ko: "「고장 난 LSTM 사냥」 절" },
    answer: "c",
    choices: {
      a: {
        en: "Exact values were compared, to 1e-10. Rounding has nothing to do with it.",
        ko: "1e-10까지 정확한 값으로 비교했습니다. 반올림 때문이 아닙니다.",
      },
      b: {
        en: "Two steps are enough to carry ∂h and ∂C back once, and bugs in that were killed.",
        ko: "시점이 두 개면 ∂h와 ∂C를 이전 시점에 한 번 전달할 수 있고, 그런 버그는 실제로 잡혔습니다.",
      },
      c: {
        en: "Right. f = i = o, so what confuses them changes nothing, and with one loss at the end no ∂h is ever added to another.",
        ko: "맞습니다. f = i = o여서 이들을 혼동해도 값이 그대로이고, 손실이 마지막에만 있어 ∂h끼리 더할 일이 없습니다.",
      },
    },
    hints: {
      en: ["Look at the names of the seven: what do they confuse with what?"],
      ko: ["일곱 개의 이름을 보세요. 무엇과 무엇을 혼동하나요?"],
    },
  },
  {
    id: "08-q3",
    kind: "choice",
    title: { en: "what the forecast shows", ko: "예측 결과로 말할 수 있는 것" },
    slide: { en: "the held-out error", ko: "「학습에 쓰지 않은 기간의 오차」 절" },
    answer: "b",
    choices: {
      a: {
        en: "It beats last month's value, but so does every forecast that knows the seasons. That baseline is too weak to prove anything.",
        ko: "지난달 값보다 낫긴 하지만, 계절을 아는 예측은 모두 그렇습니다. 기준이 너무 약해서 아무것도 증명하지 못합니다.",
      },
      b: {
        en: "Right. It found the seasons from the numbers alone, and comes out level with a table of twelve means that is told the month.",
        ko: "맞습니다. 숫자만 보고 계절을 찾아냈지만, 몇 월인지 아는 평균값 열두 개짜리 표와 비슷한 수준입니다.",
      },
      c: {
        en: "It is no worse than that: it learned the yearly cycle, which no one told it.",
        ko: "그렇게 나쁘지는 않습니다. 따로 알려 주지 않은 한 해의 주기를 배웠습니다.",
      },
    },
    hints: {
      en: ["Compare the LSTM's bar with the shortest of the others."],
      ko: ["LSTM의 막대를 나머지 가운데 가장 짧은 막대와 비교하세요."],
    },
  },
];

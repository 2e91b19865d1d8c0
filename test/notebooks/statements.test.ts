// What the chapters say of vanishing and exploding gradients in words, held against NumPy, and NumPy against
// the library: a sentence must contain the number as it comes out.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  decayByLag,
  Dense,
  gateProduct,
  gradientFlow,
  LSTM,
  lyapunovSpectrum,
  RNN,
  SequenceClassifier,
} from "../../src/index.js";
import { findPython } from "../support/python.js";

interface Numbers {
  longRun: Record<"[1, 2]" | "[2, 3]" | "[2, 2]", number>;
  twoSteps: Record<"forgetGateAlone" | "total" | "intoC2" | "fromTheLoss" | "rnn" | "rnnSmall", number> & {
    dC2: number[];
  };
  twentySteps: { perStep: number; f: number[]; dh20: number[] };
  bias: Record<"-2" | "0.1" | "1" | "2" | "4", { all: number; gates: number; f: number }>;
  firstStepShare: Record<"small" | "same", number>;
  settled: { slopes: number[]; factor: number; firstBelowFloat32: number };
  update: { secondStep: number; h1: number[] };
}

const python = findPython(["numpy"], "python3-numpy");
const numbers = python === undefined ? undefined : fromNumpy(python);

function fromNumpy(python: string): Numbers {
  const script = fileURLToPath(new URL("statements.py", import.meta.url));
  const { stdout, stderr } = spawnSync(python, [script], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Numbers;
}

const sources = fileURLToPath(new URL("../../notebooks/source/", import.meta.url));
const source = (chapter: string) => {
  const file = readdirSync(sources).find((name) => name.startsWith(chapter))!;
  return readFileSync(`${sources}${file}`, "utf8");
};
const percent = (share: number, digits = 1) => (100 * share).toFixed(digits);
/** 1.8 \cdot 10^{-6} */
const power = (value: number) =>
  value.toExponential(1).replace(/e([+-]\d+)/, (_, k) => ` \\cdot 10^{${Number(k)}}`);

type Statement = [chapter: string, en: (n: Numbers) => string, ko: (n: Numbers) => string];
const statements: Record<string, Statement> = {
  "the long run with [2, 3]": [
    "03",
    (n) => `with $[2, 3]$ the gradient grows ${n.longRun["[2, 3]"].toFixed(1)}-fold`,
    (n) => `$[2, 3]$을 넣으면 기울기가 시점마다 ${n.longRun["[2, 3]"].toFixed(1)}배로`,
  ],
  "the long run with [1, 2]": [
    "03",
    (n) => `with $[1, 2]$ it ${n.longRun["[1, 2]"].toFixed(1) === "0.5" ? "halves" : "?"}`,
    (n) => `$[1, 2]$를 넣으면 ${n.longRun["[1, 2]"].toFixed(1) === "0.5" ? "절반으로" : "?"}`,
  ],
  "through the forget gate alone": [
    "06",
    (n) => `Through the forget gate alone ${percent(n.twoSteps.forgetGateAlone)} %`,
    (n) => `망각 게이트만 거치면 ${percent(n.twoSteps.forgetGateAlone)}%`,
  ],
  "with what comes through h": [
    "06",
    (n) => `it is ${percent(n.twoSteps.total)} %`,
    (n) => `더하면 ${percent(n.twoSteps.total)}%`,
  ],
  "of ∂h₂, into C₂": [
    "06",
    (n) => `only ${percent(n.twoSteps.intoC2, 0)} % gets into $C_2$`,
    (n) => `$\\|\\partial h_2\\|$의 ${percent(n.twoSteps.intoC2, 0)}%뿐`,
  ],
  "seen from the loss": [
    "06",
    (n) =>
      `${percent(n.twoSteps.fromTheLoss, 0)} % reaches $C_1$, against ${percent(n.twoSteps.rnn)} % that reaches`,
    (n) =>
      `$C_1$에는 ${percent(n.twoSteps.fromTheLoss, 0)}%가, RNN의 $h_1$에는 ${percent(n.twoSteps.rnn)}%가`,
  ],
  "20 steps": [
    "06",
    (n) =>
      `keeps ${n.twentySteps.perStep.toFixed(2)} a step here. The forget gates settle at ${n.twentySteps.f[0].toFixed(2)} in the first unit and ${n.twentySteps.f[1].toFixed(2)}`,
    (n) =>
      `시점마다 ${n.twentySteps.perStep.toFixed(2)}이 남습니다. 망각 게이트는 첫 번째 유닛에서 ${n.twentySteps.f[0].toFixed(2)}, 두 번째 유닛에서 ${n.twentySteps.f[1].toFixed(2)}`,
  ],
  "20 steps, at the start": [
    "06",
    (n) => n.twentySteps.dh20.map((norm) => norm.toFixed(3)).join(" and "),
    (n) => n.twentySteps.dh20.map((norm) => norm.toFixed(3)).join("과 "),
  ],
  "b_f = 1, the gates alone and all": [
    "06",
    (n) => `let $${power(n.bias[1].gates)}$ through, and $${power(n.bias[1].all)}$ arrives`,
    (n) => `$${power(n.bias[1].gates)}$이 남는데, 실제로는 그 9000배인 $${power(n.bias[1].all)}$이`,
  ],
  "b_f = 1, how many times as much": [
    "06",
    (n) => `${1000 * Math.round(n.bias[1].all / n.bias[1].gates / 1000)} times as much`,
    (n) => `그 ${1000 * Math.round(n.bias[1].all / n.bias[1].gates / 1000)}배인`,
  ],
  "b_f = 1 and 2, where f settles": [
    "06",
    (n) => `$f$ is ${n.bias[1].f.toFixed(2)} in one and ${n.bias[2].f.toFixed(2)} in the other`,
    (n) => `$f$가 한쪽은 ${n.bias[1].f.toFixed(2)}, 다른 쪽은 ${n.bias[2].f.toFixed(2)}`,
  ],
  "b_f = 4": [
    "06",
    (n) => `most of the work: ${n.bias[4].gates.toFixed(2)} of ${n.bias[4].all.toFixed(2)}`,
    (n) => `${n.bias[4].all.toFixed(2)} 가운데 ${n.bias[4].gates.toFixed(2)}`,
  ],
  "the first step's share": [
    "06",
    (n) =>
      `with the same weights it is ${n.firstStepShare.same.toFixed(3)}, and in that of notebook 02, with its smaller $W_h$, ${n.firstStepShare.small.toFixed(3)}`,
    (n) => `가중치가 같은 RNN에서는 ${n.firstStepShare.same.toFixed(3)}이고`,
  ],
  "the slopes that tanh settles at": [
    "02",
    ({ settled: { slopes, factor } }) =>
      `here at ${slopes[0].toFixed(3)} and ${slopes[1].toFixed(3)}. Every entry of $W_h$ is 0.1, so a step back, $W_h^\\top \\operatorname{diag}(d)$, has one eigenvalue that is not zero: $0.1 \\cdot (d_1 + d_2) = ${factor.toFixed(3)}$`,
    ({ settled }) => `$0.1 \\cdot (d_1 + d_2) = ${settled.factor.toFixed(3)}$`,
  ],
  "below float32": [
    "02",
    (n) => `${n.settled.firstBelowFloat32} steps back the share is below`,
    (n) => `시점을 ${n.settled.firstBelowFloat32}개 거슬러 가면`,
  ],
  "what the second step moves": [
    "07",
    ({ update }) =>
      `where $h_1$ is ${update.h1[0].toFixed(2)} and ${update.h1[1].toFixed(2)}. (The first step adds nothing to $W_h$, because $h_0 = 0$, but that is a small part of it: the second step alone moves $W_x$ ${update.secondStep.toFixed(1)} times`,
    ({ update }) => `$W_x$가 $W_h$보다 ${update.secondStep.toFixed(1)}배`,
  ],
  "what a thousandth in C₂ does": [
    "05",
    (n) => `$\\partial L/\\partial C_2$ is ${n.twoSteps.dC2[1].toFixed(3)} there`,
    (n) => `$\\partial L/\\partial C_2$가 ${n.twoSteps.dC2[1].toFixed(3)}이므로`,
  ],
};

test.skipIf(!numbers).each(Object.entries(statements))(
  "%s gives what NumPy gives",
  (_, [chapter, en, ko]) => {
    const text = source(chapter);
    expect(text).toContain(en(numbers!));
    expect(text).toContain(ko(numbers!));
  },
);

test("the shares of the forecast's gradient are those of its chart", () => {
  interface Cell {
    id: string;
    outputs: { data: Record<string, { data: { values: { curve: string; t: number; value: number }[] } }> }[];
  }
  const file = new URL("../../notebooks/en/08_lstm_from_scratch.ipynb", import.meta.url);
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] };
  const { outputs } = cells.find(({ id }) => id === "flow")!;
  const { values } = outputs[0].data["application/vnd.vegalite.v5+json"].data;
  const left = (state: string, monthsBack: number, digits: number) => {
    const at = (t: number) => values.find((row) => row.curve.startsWith(state) && row.t === t)!.value;
    return percent(at(48 - monthsBack) / at(48), digits);
  };
  const [h, C] = ["‖∂L/∂hₜ‖", "‖∂L/∂Cₜ‖"];
  const text = source("08");
  expect(text).toContain(
    `about ${left(C, 12, 0)} % of the cell state's gradient is left and ${left(h, 12, 0)} % of the hidden`,
  );
  expect(text).toContain(`it is ${left(C, 24, 1)} % and ${left(h, 24, 1)} %`);
  expect(text).toContain(
    `셀 상태의 기울기가 약 ${left(C, 12, 0)}%, 은닉 상태의 기울기가 약 ${left(h, 12, 0)}%`,
  );
  expect(text).toContain(`각각 ${left(C, 24, 1)}%와 ${left(h, 24, 1)}%만`);
});

const weights = {
  Wx: [
    [0.1, 0.2],
    [0.3, 0.4],
  ],
  b: [0.1, 0.1],
};
const head = new Dense({ inputSize: 2, outputSize: 2 });
head.setParameters({
  W: [
    [0.2, 0.3],
    [0.4, 0.5],
  ],
  b: [0.1, 0.2],
});
const close = (value: number, expected: number, tolerance = 1e-9) =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(tolerance);

test.skipIf(!numbers)("the library has NumPy's Lyapunov exponents", () => {
  const layer = new RNN({ inputSize: 2, hiddenSize: 2 });
  const Wh = [
    [3, -3],
    [3, -3],
  ];
  layer.setParameters({ ...weights, Wh });
  for (const [name, x] of Object.entries({ "[1, 2]": [1, 2], "[2, 3]": [2, 3] })) {
    const sample = { x: Array.from({ length: 60 }, () => x), y: [1, 0] };
    const [largest] = lyapunovSpectrum(new SequenceClassifier({ layer, head }), sample);
    // The states of [2, 3] are chaotic: rounding grows with them. And the first direction is another one.
    close(Math.exp(largest.exponent), numbers!.longRun[name as "[1, 2]"], 0.05);
  }
});

test.skipIf(!numbers)("the library has NumPy's decays by forget bias, and its products of gates", () => {
  const gate = { ...weights, Wh: weights.Wx };
  for (const [bias, expected] of Object.entries(numbers!.bias)) {
    const layer = new LSTM({ inputSize: 2, hiddenSize: 2 });
    layer.setParameters({ f: { ...gate, b: [Number(bias), Number(bias)] }, i: gate, g: gate, o: gate });
    const model = new SequenceClassifier({ layer, head });
    const sample = { x: [[1, 2], ...Array.from({ length: 49 }, () => [0, 0])], y: [1, 0] };
    close(decayByLag(gradientFlow(model, sample), "c")[49].ratio, expected.all);
    const product = gateProduct(model, sample).find(({ k, statistic }) => k === 49 && statistic === "mean")!;
    close(product.product, expected.gates);
  }
});

// P9: the loss over one logit with its tangent. Sliders move the point and change the target without a
// kernel: loss and slope are Vega expressions.

import { softmaxCrossEntropy } from "../../../src/index.js";
import type { Chart, Vector } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { vegaLite } from "./chart.js";

const [left, right] = [-5, 5];
/** Half the width of the drawn tangent. */
const reach = 1.6;

/**
 * L(z₁) = log Σ e^z − y₁ z₁ − (1 − y₁) z₂, the cross-entropy of slide 62 with the other logits held fixed,
 * and its slope ŷ₁ − y₁ at a z₁ to choose.
 * @param logits z, two or more; the first is the one that moves, between −5 and 5
 * @throws {RangeError} when there are fewer than two logits, one is not finite, or the first is out of range
 */
export function tangent(locale: Locale, logits: Vector): Chart {
  if (logits.length < 2 || !logits.every(Number.isFinite)) {
    throw new RangeError(
      `book.tangent: logits is [${logits.join(", ")}], but must be two or more finite numbers`,
    );
  }
  const [z, second, ...others] = logits;
  if (z < left || z > right) {
    throw new RangeError(`book.tangent: logits[0] is ${z}, but must be between ${left} and ${right}`);
  }
  const words = strings[locale];
  const rest = [second, ...others].reduce((sum, logit) => sum + Math.exp(logit), 0);
  const lossAt = (at: string) => `log(exp(${at}) + ${rest}) - target * (${at}) - (1 - target) * ${second}`;
  const slope = `(exp(z) / (exp(z) + ${rest}) - target)`;
  const direction = `(abs(${slope}) < 0.005 ? '${words.stay}' : ${slope} > 0 ? '${words.down}' : '${words.up}')`;
  const target = logits.map((_, k) => (k === 0 ? 1 : 0));
  const atStart = softmaxCrossEntropy(logits, target).dlogits[0];
  // The loss is convex in z₁, so it is largest at an edge: left for y₁ = 1, right for y₁ = 0.
  const highest = Math.ceil(
    Math.max(Math.log(Math.exp(left) + rest) - left, Math.log(Math.exp(right) + rest) - second),
  );
  const x = { field: "x", type: "quantitative", title: words.logit, scale: { domain: [left, right] } };
  const y = {
    field: "loss",
    type: "quantitative",
    title: words.loss,
    scale: { domain: [0, highest], nice: false },
  };
  const encoding = { x, y };
  return {
    $schema: vegaLite,
    description: words.description(z.toFixed(4), atStart.toFixed(4)),
    title: { text: words.title, subtitle: words.subtitle },
    width: 460,
    height: 280,
    params: [
      {
        name: "z",
        value: z,
        bind: { input: "range", min: left, max: right, step: 0.01, name: words.slider },
      },
      { name: "target", value: 1, bind: { input: "radio", options: [1, 0.7, 0], name: words.target } },
    ],
    layer: [
      {
        data: { sequence: { start: left, stop: right + 0.05, step: 0.1, as: "x" } },
        transform: [{ calculate: lossAt("datum.x"), as: "loss" }],
        mark: { type: "line", color: "#0072B2", strokeWidth: 3, clip: true },
        encoding,
      },
      {
        data: { values: [{ side: -1 }, { side: 1 }] },
        transform: [
          { calculate: `z + datum.side * ${reach}`, as: "x" },
          { calculate: `${lossAt("z")} + ${slope} * datum.side * ${reach}`, as: "loss" },
        ],
        mark: { type: "line", color: "#000000", strokeWidth: 2, strokeDash: [6, 3], clip: true },
        encoding,
      },
      {
        data: { values: [{}] },
        transform: [
          { calculate: "z", as: "x" },
          { calculate: `z - ${slope}`, as: "to" },
          { calculate: lossAt("z"), as: "loss" },
          { calculate: slope, as: "slope" },
          { calculate: `${slope} > 0 ? -90 : 90`, as: "angle" },
          { calculate: `'${words.slope} ' + format(${slope}, '+.4f') + ' → ' + ${direction}`, as: "label" },
        ],
        encoding: { y },
        layer: [
          { mark: { type: "rule", color: "#D55E00", strokeWidth: 3 }, encoding: { x, x2: { field: "to" } } },
          {
            mark: { type: "point", shape: "triangle", filled: true, color: "#D55E00", size: 110, opacity: 1 },
            encoding: {
              x: { ...x, field: "to" },
              angle: { field: "angle", type: "quantitative", scale: null },
              opacity: { condition: { test: "abs(datum.slope) < 0.005", value: 0 }, value: 1 },
            },
          },
          {
            mark: { type: "point", filled: true, color: "#000000", size: 90, opacity: 1 },
            encoding: {
              x,
              tooltip: [
                { field: "x", title: words.logit, format: ".4f" },
                { field: "loss", title: words.loss, format: ".6f" },
                { field: "slope", title: words.slope, format: "+.6f" },
              ],
            },
          },
          {
            mark: { type: "text", fontSize: 14, fontWeight: "bold", baseline: "top" },
            encoding: { x: { value: 230 }, y: { value: 8 }, text: { field: "label" } },
          },
        ],
      },
    ],
  };
}

const en = {
  title: "The slope says which way, and how far",
  subtitle: "Dashed: the tangent at z₁. Arrow: from z₁ to z₁ − slope.",
  description: (z: string, slope: string) =>
    `The loss over the logit z₁ with its tangent; a slider moves z₁ and three buttons change the target y₁. At z₁ = ${z} and y₁ = 1 the slope is ${slope}, and the arrow points against the slope.`,
  logit: "logit z₁",
  loss: "loss L",
  slope: "slope",
  up: "increase z₁",
  down: "decrease z₁",
  stay: "stay",
  slider: "z₁ ",
  target: "target y₁ ",
};

const ko: typeof en = {
  title: "기울기는 어느 쪽으로 얼마나 움직일지 알려 준다",
  subtitle: "점선: z₁에서의 접선. 화살표: z₁에서 z₁ − 기울기까지.",
  description: (z, slope) =>
    `로짓 z₁에 따른 손실과 그 접선입니다. 슬라이더로 z₁을 움직이고 버튼 세 개로 정답 y₁을 바꿉니다. z₁ = ${z}, y₁ = 1에서 기울기는 ${slope}이고, 화살표는 기울기와 반대 방향을 가리킵니다.`,
  logit: "로짓 z₁",
  loss: "손실 L",
  slope: "기울기",
  up: "z₁을 키운다",
  down: "z₁을 줄인다",
  stay: "그대로 둔다",
  slider: "z₁ ",
  target: "정답 y₁ ",
};

const strings: Record<Locale, typeof en> = { en, ko };

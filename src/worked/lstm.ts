// The LSTM of slides 36–59 as an outline, for any number of steps, with tied or untied gates.

import { gates } from "../slides/cells/lstm.js";
import type { PerGate } from "../slides/cells/lstm.js";
import type { Equation, OutlineStep, Shape } from "./outline.js";
import { equation, headBackward, headForward, hiddenGradient, range, totals, update } from "./outline.js";
import type { TitleKey } from "./strings.js";

type Gate = keyof PerGate<unknown>;

const headSlides = { logit: 42, softmax: 42, loss: 43, dlogit: 44 };

/** σ for the gates, tanh for the candidate. */
const activation = (gate: Gate) => (gate === "g" ? "tanh" : "sigma");

/** ∂gate: what multiplies the gate in the forward pass multiplies its gradient. */
const gradientOfGate = (gate: Gate, t: number) =>
  ({
    o: `dh_${t} .* tanhC_${t}`,
    f: `dC_${t} .* C_${t - 1}`,
    i: `dC_${t} .* g_${t}`,
    g: `dC_${t} .* i_${t}`,
  })[gate];

/** ∂z of a gate: σ′ = σ(1 − σ), tanh′ = 1 − tanh². */
const throughActivation = (gate: Gate, t: number) =>
  gate === "g" ? `dg_${t} .* (1 - g_${t} .^ 2)` : `d${gate}_${t} .* ${gate}_${t} .* (1 - ${gate}_${t})`;

/** What is appended to W_x, W_h, b and z: nothing where one set serves all gates, else the gate. */
const marks = (tied: boolean) => (tied ? [""] : gates.map((gate) => `_${gate}`));

const parameters = (tied: boolean) => marks(tied).flatMap((mark) => [`Wx${mark}`, `Wh${mark}`, `b${mark}`]);

export function lstmOutline(shape: Shape, tied: boolean): OutlineStep[] {
  const steps = range(1, shape.steps);
  const names = parameters(tied);
  return [
    ...steps.flatMap((t) => cellForward(t, tied)),
    ...headForward(shape, headSlides),
    ...steps.toReversed().flatMap((t) => cellBackward(shape, t, tied)),
    totals(shape, names, 57),
    ...update(names),
  ];
}

/** Slides 36–38 at t = 1, 39–41 later. */
function cellForward(t: number, tied: boolean): OutlineStep[] {
  const z = (mark: string) =>
    equation(`z${mark}_${t}`, `Wx${mark} * x_${t} + Wh${mark} * h_${t - 1} + b${mark}`);
  const gate = (...same: Gate[]): Equation[] =>
    tied
      ? [{ targets: same.map((key) => `${key}_${t}`), formula: `${activation(same[0])}(z_${t})` }]
      : same.flatMap((key) => [z(`_${key}`), equation(`${key}_${t}`, `${activation(key)}(z_${key}_${t})`)]);
  const state = equation(`C_${t}`, `f_${t} .* C_${t - 1} + i_${t} .* g_${t}`);
  const hidden = [equation(`tanhC_${t}`, `tanh(C_${t})`), equation(`h_${t}`, `o_${t} .* tanhC_${t}`)];
  const slide = t === 1 ? 36 : 39;
  const step = (title: TitleKey, offset: number, equations: Equation[]): OutlineStep => ({
    part: "forward",
    title,
    slide: slide + offset,
    t,
    equations,
  });
  return [
    step("forgetAndInput", 0, [...(tied ? [z("")] : []), ...gate("f", "i")]),
    step("cellState", 1, [...gate("g"), state, ...gate("o")]),
    step("hiddenState", 2, hidden),
  ];
}

/** Slides 44–52 at t = T, 53–56 before. */
function cellBackward(shape: Shape, t: number, tied: boolean): OutlineStep[] {
  const last = t === shape.steps;
  const step = (title: TitleKey, slide: number | undefined, equations: Equation[]): OutlineStep => ({
    part: "backward",
    title,
    slide,
    t,
    equations,
  });
  const gate = (title: TitleKey, key: Gate, slide: number) =>
    step(title, slide, [
      equation(`d${key}_${t}`, gradientOfGate(key, t)),
      equation(`dz_${key}_${t}`, throughActivation(key, t)),
    ]);
  const sum = equation(`dz_${t}`, gates.map((key) => `dz_${key}_${t}`).join(" + "));
  const ofParameters = marks(tied).flatMap((mark) => [
    equation(`dWx${mark}_${t}`, `outer(dz${mark}_${t}, x_${t})`),
    equation(`dWh${mark}_${t}`, `outer(dz${mark}_${t}, h_${t - 1})`),
    equation(`db${mark}_${t}`, `dz${mark}_${t}`),
  ]);
  const back = marks(tied).map((mark) => `T(Wh${mark}) * dz${mark}_${t}`);
  const hasTarget = shape.targets.includes(t);
  const head = hasTarget ? [headBackward(shape, t, headSlides)] : [];
  const previousHasTarget = shape.targets.includes(t - 1);
  return [
    ...(last ? [...head, ...(hasTarget ? [step("dh", 45, [hiddenGradient(shape, t, [])])] : [])] : []),
    {
      ...gate("dOutput", "o", last ? 46 : 53),
      ...(last && { derivatives: ["sigma", "tanh"] as const satisfies OutlineStep["derivatives"] }),
    },
    step("dCellState", last ? 47 : 53, [
      equation(`dC_${t}`, `dCnext_${t} + dh_${t} .* o_${t} .* (1 - tanhC_${t} .^ 2)`),
    ]),
    gate("dForget", "f", last ? 48 : 54),
    gate("dInput", "i", last ? 49 : 54),
    gate("dCandidate", "g", last ? 50 : 55),
    step("dParameters", last ? 51 : 56, [...(tied ? [sum] : []), ...ofParameters]),
    ...(previousHasTarget ? [headBackward(shape, t - 1, headSlides)] : []),
    step(t === 1 ? "toInitialState" : "toPrevious", t === 1 ? undefined : 52, [
      hiddenGradient(shape, t - 1, back),
      equation(t === 1 ? "dC_0" : `dCnext_${t - 1}`, `dC_${t} .* f_${t}`),
    ]),
  ];
}

// A worked solution as data: steps, and in each its formulas as mathjs expressions. The same expression is
// evaluated, shown with its symbols and shown with the numbers put in, so the three cannot differ. Here are
// the types, and the parts that RNN and LSTM share: dense layer, loss and update.

import type { TitleKey } from "./strings.js";

/**
 * `formula` gives the value of `targets`, which all have it (the slides' f₁ = i₁). A symbol is a quantity's
 * key in symbols.ts. A sum is worked out term by term, as on slides 36–42, unless `terms` is false.
 */
export interface Equation {
  targets: string[];
  formula: string;
  terms?: boolean;
}

/** The pass of the solution that a step belongs to. */
export type Part = "forward" | "backward" | "update";

/** One step: what a slide shows, or a part of it. */
export interface OutlineStep {
  part: Part;
  title: TitleKey;
  /** the slide of the lecture that has these formulas, if one has */
  slide?: number;
  /** the time step, if it is about one */
  t?: number;
  equations: Equation[];
  /** the functions whose derivatives the step states first */
  derivatives?: ("sigma" | "tanh")[];
}

/** The sizes of the network that its outline depends on. */
export interface Shape {
  /** T */
  steps: number;
  /** the steps with a target, 1 … T, ascending */
  targets: number[];
  /** the targets all sum to 1 */
  distributions: boolean;
}

export const equation = (target: string, formula: string): Equation => ({ targets: [target], formula });

/** t₁, t₁ + 1, …, t₂ */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, k) => first + k);

/** With one target the slides write ŷ, with several we need ŷ₁, ŷ₂, …: what to append to a name at step t. */
const mark = ({ targets }: Shape, t: number) => (targets.length === 1 ? "" : `_${t}`);

/** Slides of the lecture by what they show. */
export interface HeadSlides {
  logit: number;
  softmax: number;
  loss: number;
  dlogit: number;
}

/** Logits, ŷ and loss at every step with a target: slides 42–43. */
export function headForward(shape: Shape, slides: HeadSlides): OutlineStep[] {
  const several = shape.targets.length > 1;
  const steps = shape.targets.flatMap((t): OutlineStep[] => {
    const m = mark(shape, t);
    return [
      {
        part: "forward",
        title: "logit",
        slide: slides.logit,
        t,
        equations: [equation(`logit${m}`, `rowSums(products(Why, h_${t})) + by`)],
      },
      {
        part: "forward",
        title: "softmax",
        slide: slides.softmax,
        t,
        equations: [
          equation(`expLogit${m}`, `exp(logit${m})`),
          equation(`sumExp${m}`, `sum(expLogit${m})`),
          equation(`yHat${m}`, `expLogit${m} ./ sumExp${m}`),
        ],
      },
      {
        part: "forward",
        title: "loss",
        slide: slides.loss,
        t,
        equations: [
          equation(`logYHat${m}`, `log(yHat${m})`),
          equation(`L${m}`, `crossEntropy(y${m}, logYHat${m})`),
        ],
      },
    ];
  });
  const total = equation("L", shape.targets.map((t) => `L_${t}`).join(" + "));
  return several ? [...steps, { part: "forward", title: "totalLoss", equations: [total] }] : steps;
}

/** ∂logit and the gradients of the dense layer at a step with a target: slide 44. */
export function headBackward(shape: Shape, t: number, slides: HeadSlides): OutlineStep {
  const m = mark(shape, t);
  return {
    part: "backward",
    title: "dlogit",
    slide: slides.dlogit,
    t,
    equations: [
      // Slide 66: ŷ − y if y sums to 1, which every distribution does.
      ...(shape.distributions
        ? [equation(`dlogit${m}`, `yHat${m} - y${m}`)]
        : [equation(`mass${m}`, `sum(y${m})`), equation(`dlogit${m}`, `mass${m} * yHat${m} - y${m}`)]),
      equation(`dWhy${m}`, `outer(dlogit${m}, h_${t})`),
      equation(`dby${m}`, `dlogit${m}`),
    ],
  };
}

/** ∂h_t: what comes from the loss at t (slide 45) and from step t+1 (slide 52). */
export function hiddenGradient(shape: Shape, t: number, fromNext: string[]): Equation {
  const local = shape.targets.includes(t) ? [`T(Why) * dlogit${mark(shape, t)}`] : [];
  return equation(`dh_${t}`, [...local, ...fromNext].join(" + "));
}

/** The weights are the same at every step, so their gradients add up: slide 57. */
export function totals(shape: Shape, parameters: string[], slide: number): OutlineStep {
  const sum = (name: string, steps: number[]) =>
    equation(`d${name}`, steps.map((t) => `d${name}_${t}`).join(" + "));
  const head = shape.targets.length > 1 ? ["Why", "by"].map((name) => sum(name, shape.targets)) : [];
  return {
    part: "backward",
    title: "totals",
    slide,
    equations: [...parameters.map((name) => sum(name, range(1, shape.steps))), ...head],
  };
}

/** W ← W − η ∂W: slides 58–59. */
export function update(parameters: string[]): OutlineStep[] {
  const step = (title: TitleKey, slide: number, names: string[]): OutlineStep => ({
    part: "update",
    title,
    slide,
    equations: names.map((name) => ({
      ...equation(`${name}_new`, `${name} - eta * d${name}`),
      terms: false,
    })),
  });
  return [step("updateCell", 58, parameters), step("updateHead", 59, ["Why", "by"])];
}

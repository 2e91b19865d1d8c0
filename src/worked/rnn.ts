// The plain RNN as an outline: slides 13–18 with tanh (the vanishing gradient), 21–26 without (the exploding
// one).

import type { Nonlinearity } from "../slides/cells/rnn.js";
import type { OutlineStep, Shape } from "./outline.js";
import { equation, headBackward, headForward, hiddenGradient, range, totals, update } from "./outline.js";

const forward = {
  tanh: (z: string) => `tanh(${z})`,
  relu: (z: string) => `relu(${z})`,
  identity: (z: string) => z,
};

/** ∂z from ∂h: times 1 − h² for tanh, 1 or 0 for relu, 1 for the identity. */
const backward = {
  tanh: (dh: string, h: string) => `${dh} .* (1 - ${h} .^ 2)`,
  relu: (dh: string, h: string) => `${dh} .* positive(${h})`,
  identity: (dh: string) => dh,
};

export function rnnOutline(shape: Shape, nonlinearity: Nonlinearity): OutlineStep[] {
  const vanishing = nonlinearity === "tanh";
  const slides = vanishing
    ? { first: 13, later: 14, logit: 15, softmax: 16, loss: 16, dlogit: 17, dh: 17, earlier: 18 }
    : { first: 21, later: 22, logit: 23, softmax: 23, loss: 24, dlogit: 25, dh: 25, earlier: 26 };
  const steps = range(1, shape.steps);
  const names = ["Wx", "Wh", "b"];

  const cellForward = (t: number): OutlineStep => ({
    part: "forward",
    title: "hiddenState",
    slide: t === 1 ? slides.first : slides.later,
    t,
    equations: [
      equation(`z_${t}`, `Wx * x_${t} + Wh * h_${t - 1} + b`),
      equation(`h_${t}`, forward[nonlinearity](`z_${t}`)),
    ],
  });

  const cellBackward = (t: number): OutlineStep[] => {
    const last = t === shape.steps;
    const slide = last ? slides.dh : slides.earlier;
    const hasTarget = shape.targets.includes(t);
    return [
      ...(hasTarget ? [headBackward(shape, t, slides)] : []),
      ...(last && !hasTarget
        ? []
        : [
            {
              part: "backward" as const,
              title: "dh" as const,
              slide,
              t,
              equations: [hiddenGradient(shape, t, last ? [] : [`T(Wh) * dz_${t + 1}`])],
            },
          ]),
      {
        part: "backward",
        title: "dParameters",
        slide,
        t,
        ...(last && vanishing && { derivatives: ["tanh"] as const satisfies OutlineStep["derivatives"] }),
        equations: [
          equation(`dz_${t}`, backward[nonlinearity](`dh_${t}`, `h_${t}`)),
          equation(`dWx_${t}`, `outer(dz_${t}, x_${t})`),
          equation(`dWh_${t}`, `outer(dz_${t}, h_${t - 1})`),
          equation(`db_${t}`, `dz_${t}`),
        ],
      },
    ];
  };

  return [
    ...steps.map(cellForward),
    ...headForward(shape, slides),
    ...steps.toReversed().flatMap(cellBackward),
    {
      part: "backward",
      title: "toInitialState",
      slide: slides.earlier,
      t: 1,
      equations: [hiddenGradient(shape, 0, ["T(Wh) * dz_1"])],
    },
    totals(shape, names, slides.earlier),
    ...update(names),
  ];
}

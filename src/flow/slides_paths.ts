// The parts of the gradients at the states of the slides' models.

import { tanhPrime } from "../slides/activations.js";
import type { Vector } from "../numbers/linear_algebra.js";
import { hadamard, sub, zeros } from "../numbers/linear_algebra.js";
import type { LSTMGradients, LSTMTape } from "../slides/layers/lstm.js";
import { LSTM } from "../slides/layers/lstm.js";
import type { RNNGradients } from "../slides/layers/rnn.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import type { StateParts } from "./gradient_paths.js";

/** ∂L/∂C_t of an LSTM, or ∂L/∂h_t of an RNN, for t = 0 … T. */
export function slidesParts(model: SequenceModel, sample: Sample): StateParts[] {
  const tape = model.forward(sample);
  const gradients = model.backward(tape).layer;
  return model.layer instanceof LSTM
    ? lstmParts(tape.layer as LSTMTape, gradients as LSTMGradients)
    : rnnParts(gradients as RNNGradients);
}

function lstmParts({ steps }: LSTMTape, { steps: back, dh, dc, dc0 }: LSTMGradients): StateParts[] {
  const none = zeros(dc0.length);
  // C_0 has no h_0 of its own: it is read by the forget gate of t = 1 only.
  const initial = { t: 0, total: dc0, keep: dc0, recurrent: none, output: none };
  const states = steps.map(({ o, tanhC }, index): StateParts => {
    const next = back.at(index + 1);
    const fromGates = next?.dhPrev ?? none;
    const throughH = (part: Vector) => hadamard(part, o, tanhPrime(tanhC));
    return {
      t: index + 1,
      total: dc[index],
      keep: next?.dcPrev ?? none,
      recurrent: throughH(fromGates),
      output: throughH(sub(dh[index], fromGates)),
    };
  });
  return [initial, ...states];
}

function rnnParts({ steps: back, dh, dh0 }: RNNGradients): StateParts[] {
  const none = zeros(dh0.length);
  return [dh0, ...dh].map((total, t) => {
    const recurrent = back.at(t)?.dhPrev ?? none;
    return { t, total, recurrent, output: sub(total, recurrent) };
  });
}

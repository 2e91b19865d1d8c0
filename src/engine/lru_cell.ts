// The linear recurrent unit of Orvieto et al. (2023), "Resurrecting Recurrent Neural Networks for Long
// Sequences":
//
//     h_t = λ ⊙ h_{t−1} + γ ⊙ W_x x_t   with λ = exp(−e^ν + i e^θ)
//
// h has H/2 complex units: their real parts, then their imaginary ones. |λ| is below 1 whatever ν is.
// Parameters are rows of ν, θ and log γ.

import type { Floats } from "../numbers/tensor.js";
import type { Cell } from "./cells.js";

/** Rows of Re λ, Im λ, γ, e^ν and e^θ, [5, H/2], of the parameters [3, H/2]. */
export function lruCoefficients(parameters: Floats, into: Floats): void {
  const units = parameters.length / 3;
  for (let j = 0; j < units; j++) {
    const [decay, phase] = [Math.exp(parameters[j]), Math.exp(parameters[units + j])];
    const radius = Math.exp(-decay);
    into[j] = radius * Math.cos(phase);
    into[units + j] = radius * Math.sin(phase);
    into[2 * units + j] = Math.exp(parameters[2 * units + j]);
    into[3 * units + j] = decay;
    into[4 * units + j] = phase;
  }
}

export const lru: Cell = {
  prepare: ({ scratch }, { lambda }) => {
    lruCoefficients(lambda!, scratch);
  },
  forward({ B, H, gates, h, hPrev, extra, scratch }, row) {
    const units = H / 2;
    for (let s = row; s < row + B; s++) {
      for (let j = 0, re = s * H, im = re + units; j < units; j++, re++, im++) {
        const [a, b, gamma] = [scratch[j], scratch[units + j], scratch[2 * units + j]];
        extra[re] = gates[re];
        extra[im] = gates[im];
        h[re] = a * hPrev[re] - b * hPrev[im] + gamma * gates[re];
        h[im] = b * hPrev[re] + a * hPrev[im] + gamma * gates[im];
      }
    }
  },
  backward({ B, H, gates, dhNext, scratch }, row, _, dh) {
    const units = H / 2;
    for (let s = 0; s < B; s++) {
      for (let j = 0, re = (row + s) * H, im = re + units, n = s * H; j < units; j++, re++, im++, n++) {
        const [a, b, gamma] = [scratch[j], scratch[units + j], scratch[2 * units + j]];
        gates[re] = gamma * dh[re];
        gates[im] = gamma * dh[im];
        dhNext[n] = a * dh[re] + b * dh[im];
        dhNext[n + units] = a * dh[im] - b * dh[re];
      }
    }
  },
  // With a + ib = λ: ∂a and ∂b are the parts of Σ ∂h conj(h_{t−1}), ∂λ/∂ν is −e^ν λ and ∂λ/∂θ is i e^θ λ.
  weightGradients({ H, hPrev, extra, scratch }, rows, { lambda: gradients }, dh) {
    const units = H / 2;
    for (let j = 0; j < units; j++) {
      let [da, db, dLogGamma] = [0, 0, 0];
      for (let row = 0, re = j, im = j + units; row < rows; row++, re += H, im += H) {
        da += dh[re] * hPrev[re] + dh[im] * hPrev[im];
        db += dh[im] * hPrev[re] - dh[re] * hPrev[im];
        dLogGamma += dh[re] * extra[re] + dh[im] * extra[im];
      }
      const [a, b, gamma, decay, phase] = [0, 1, 2, 3, 4].map((index) => scratch[index * units + j]);
      gradients![j] -= decay * (a * da + b * db);
      gradients![units + j] += phase * (a * db - b * da);
      gradients![2 * units + j] += gamma * dLogGamma;
    }
  },
};

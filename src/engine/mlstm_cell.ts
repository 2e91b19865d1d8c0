// The mLSTM of Beck et al. (2024), "xLSTM: Extended Long Short-Term Memory", section 2.3, of one head:
//
//     C_t = f C_{t−1} + i v kᵀ    n_t = f n_{t−1} + i k    h_t = o ⊙ C_t q / max(|n_tᵀ q|, 1)
//     q, v = κ_q, κ_v    k = κ_k / √H    o = σ(κ_o)    i = exp κ_i    f = σ(κ_f)    κ = W_x x_t + b
//
// C and n are kept divided by e^{m_t}, m_t = max(log f + m_{t−1}, κ_i), so that no exponential overflows: i
// is exp(κ_i − m_t), f is exp(log f + m_{t−1} − m_t), and 1 becomes e^{−m_t}. h does not depend on m. A row
// of the state has C row by row, n and m.

import type { Cell, Memory } from "./cells.js";

const sigmoid = (k: number) => 1 / (1 + Math.exp(-k));
const logSigmoid = (k: number) => Math.min(k, 0) - Math.log1p(Math.exp(-Math.abs(k)));

/** Where the parts of row `row` begin. */
function places(H: number, row: number) {
  const [q, C] = [row * (4 * H + 2), row * (H * H + H + 1)];
  const n = C + H * H;
  return { q, k: q + H, v: q + 2 * H, o: q + 3 * H, i: q + 4 * H, f: q + 4 * H + 1, C, n, m: n + H };
}

/** nᵀ q and what C q is divided by. */
function normaliser({ H, gates, c: states }: Memory, { q, n, m }: ReturnType<typeof places>) {
  let sum = 0;
  for (let j = 0; j < H; j++) sum += states[n + j] * gates[q + j];
  return { sum, divisor: Math.max(Math.abs(sum), Math.exp(-states[m])) };
}

export const mlstm: Cell = {
  forward(memory, row) {
    const { B, H, gates, h, c: states, cPrev, extra } = memory;
    for (let b = row; b < row + B; b++) {
      const at = places(H, b);
      const { q, k, v, o, C, n, m } = at;
      const input = gates[at.i];
      const kept = logSigmoid(gates[at.f]) + cPrev[m];
      extra[b * H] = sigmoid(-gates[at.f]);
      states[m] = Math.max(kept, input);
      // By m as it is stored, which float32 rounds.
      const i = (gates[at.i] = Math.exp(input - states[m]));
      const f = (gates[at.f] = Math.exp(kept - states[m]));
      for (let j = 0; j < H; j++) {
        gates[k + j] /= Math.sqrt(H);
        gates[o + j] = sigmoid(gates[o + j]);
        states[n + j] = f * cPrev[n + j] + i * gates[k + j];
      }
      const { divisor } = normaliser(memory, at);
      for (let j = 0, l = C; j < H; j++) {
        const added = i * gates[v + j];
        let read = 0;
        for (let r = 0; r < H; r++, l++) {
          states[l] = f * cPrev[l] + added * gates[k + r];
          read += states[l] * gates[q + r];
        }
        h[b * H + j] = (gates[o + j] * read) / divisor;
      }
    }
  },
  // With the divisor d, ∂(C q) is ∂h ⊙ o / d, and ∂d is −∂hᵀh / d, which goes to nᵀq, or by e^{−m} to m. Of
  // the exponents, κ_i − m gets (vᵀ ∂C k + ∂nᵀ k) i, and log f + m_{t−1} − m gets (Σ ∂C ⊙ C_{t−1} + ∂nᵀ
  // n_{t−1}) f; what remains of ∂m goes to the larger of κ_i and log f + m_{t−1}. As h does not depend on m,
  // that is 0 up to rounding, unless a loss reads the states themselves.
  backward(memory, row, _, dh) {
    const { B, H, gates, h, c: states, cPrev, extra, dc: dStates, dcNext, scratch } = memory;
    scratch.fill(0);
    for (let b = 0; b < B; b++) {
      const at = places(H, row + b);
      const { q, k, v, o, C, n, m } = at;
      const next = b * (H * H + H + 1) - C; // from a place in a row to that in dcNext
      const [dq, dk, first] = [2 * b * H, (2 * b + 1) * H, (row + b) * H];
      const [i, f] = [gates[at.i], gates[at.f]];
      const { sum, divisor } = normaliser(memory, at);
      let dhh = 0;
      for (let j = 0; j < H; j++) dhh += dh[first + j] * h[first + j];
      const isOfN = Math.abs(sum) === divisor;
      const dSum = isOfN ? -dhh / sum : 0;
      const dm = (dStates[m] = dcNext[m + next] + (isOfN ? 0 : dhh));
      let [ofInput, ofKept] = [0, 0];
      for (let j = 0; j < H; j++) {
        const dn = (dStates[n + j] = dcNext[n + j + next] + dSum * gates[q + j]);
        scratch[dq + j] += dSum * states[n + j];
        scratch[dk + j] += i * dn;
        ofInput += i * dn * gates[k + j];
        ofKept += f * dn * cPrev[n + j];
        dcNext[n + j + next] = f * dn;
      }
      for (let j = 0, l = C; j < H; j++) {
        const value = gates[v + j];
        const dRead = (dh[first + j] * gates[o + j]) / divisor;
        let [read, dValue] = [0, 0];
        for (let r = 0; r < H; r++, l++) {
          const dC = (dStates[l] = dcNext[l + next] + dRead * gates[q + r]);
          read += states[l] * gates[q + r];
          dValue += i * dC * gates[k + r];
          scratch[dq + r] += dRead * states[l];
          scratch[dk + r] += i * dC * value;
          ofKept += f * dC * cPrev[l];
          dcNext[l + next] = f * dC;
        }
        ofInput += dValue * value;
        gates[v + j] = dValue;
        gates[o + j] = ((dh[first + j] * read) / divisor) * gates[o + j] * (1 - gates[o + j]);
      }
      for (let j = 0; j < H; j++) {
        gates[q + j] = scratch[dq + j];
        gates[k + j] = scratch[dk + j] / Math.sqrt(H);
      }
      const rest = dm - ofInput - ofKept;
      const dKept = ofKept + (i >= f ? 0 : rest);
      gates[at.i] = ofInput + (i >= f ? rest : 0);
      gates[at.f] = dKept * extra[first];
      dcNext[m + next] = dKept;
    }
  },
  weightGradients: () => undefined,
};

// The cells of Feng et al. (2024), "Were RNNs All We Needed?", whose gates read x_t alone:
//
//     h_t = (1 − s) ⊙ h_{t−1} + s ⊙ g   with s = σ(ℓ) and g = k_g + ½ for k_g ≥ 0, σ(k_g) below
//
// ℓ is k_z in a MinGRU, and log i − log f in a MinLSTM; the k are W_x x_t + b. No factor depends on h, so
// that the states can be computed one after the other, or all of them by a scan. g is positive, so that the
// scan can be one of logarithms.

import { scan } from "../numbers/scan.js";
import type { Floats } from "../numbers/tensor.js";
import type { Cell } from "./cells.js";

const sigmoid = (k: number) => 1 / (1 + Math.exp(-k));
/** log(1 + eᵏ), minus the logarithm of σ(−k) */
const softplus = (k: number) => Math.max(k, 0) + Math.log1p(Math.exp(-Math.abs(k)));

/** The gates of a unit begin at element z of `gates` and lie H apart, the last one being g. */
interface Gating {
  blocks: number;
  /** ℓ, of the pre-activations */
  logit: (gates: Floats, z: number, H: number) => number;
  /** Turns the pre-activations of all gates but g into activations. */
  activate: (gates: Floats, z: number, H: number) => void;
  /** s, of the activations and 1 − s, with the digits that either has */
  share: (gates: Floats, z: number, H: number, keep: number) => number;
  /** Turns the activations of all gates but g into ∂L/∂k, of ∂L/∂ℓ. */
  gradients: (gates: Floats, z: number, H: number, dLogit: number) => void;
}

/** z = σ(k_z) is the share: section 3.1. */
const ofMinGru: Gating = {
  blocks: 2,
  logit: (gates, z) => gates[z],
  activate(gates, z) {
    gates[z] = sigmoid(gates[z]);
  },
  share: (gates, z) => gates[z],
  gradients(gates, z, _, dLogit) {
    gates[z] = dLogit;
  },
};

/** i, f = σ(k), and the share is i / (f + i): section 3.2. */
const ofMinLstm: Gating = {
  blocks: 3,
  logit: (gates, z, H) => softplus(-gates[z + H]) - softplus(-gates[z]),
  activate(gates, z, H) {
    gates[z] = sigmoid(gates[z]);
    gates[z + H] = sigmoid(gates[z + H]);
  },
  share(gates, z, H, keep) {
    const [i, f] = [gates[z], gates[z + H]];
    return f > i ? keep * (i / f) : 1 - keep;
  },
  gradients(gates, z, H, dLogit) {
    gates[z] = dLogit * (1 - gates[z]);
    gates[z + H] = -dLogit * (1 - gates[z + H]);
  },
};

/** One step after the other; `extra` holds 1 − s. */
function sequential({ blocks, logit, activate, share, gradients }: Gating): Cell {
  return {
    forward({ B, H, gates, h, hPrev, extra }, row) {
      for (let b = row; b < row + B; b++) {
        for (let j = 0, z = b * blocks * H, k = b * H; j < H; j++, z++, k++) {
          const l = logit(gates, z, H);
          const last = z + (blocks - 1) * H;
          const g = (gates[last] = gates[last] >= 0 ? gates[last] + 0.5 : sigmoid(gates[last]));
          activate(gates, z, H);
          extra[k] = sigmoid(-l);
          h[k] = sigmoid(-l) * hPrev[k] + sigmoid(l) * g;
        }
      }
    },
    // ∂ℓ = ∂h (g − h_{t−1}) s (1 − s), ∂k_g = ∂h s g′ with g′ = 1 or g (1 − g), ∂h_{t−1} = ∂h (1 − s).
    backward({ B, H, gates, hPrev, extra, dhNext }, row, _, dh) {
      for (let b = 0; b < B; b++) {
        for (let j = 0, z = (row + b) * blocks * H, k = (row + b) * H; j < H; j++, z++, k++) {
          const last = z + (blocks - 1) * H;
          const g = gates[last];
          const s = share(gates, z, H, extra[k]);
          gradients(gates, z, H, dh[k] * (g - hPrev[k]) * s * extra[k]);
          gates[last] = dh[k] * s * (g >= 0.5 ? 1 : g * (1 - g));
          dhNext[b * H + j] = dh[k] * extra[k];
        }
      }
    },
    weightGradients: () => undefined,
  };
}

/**
 * All steps at once. After the scan a step has Σ log (1 − s), by which h_0 is multiplied, whatever its sign,
 * and the logarithm of all that was added since. (Appendix B has g(h_0) among what is added: then no state
 * could be continued from.)
 */
function scanned(gating: Gating): Cell {
  const { blocks, logit, activate } = gating;
  return {
    ...sequential(gating),
    scan({ B, H, gates, h, extra, logKept, logAdded }, T, { lengths, reverse = false, h0 }) {
      const columns = B * H;
      for (let t = 0, k = 0; t < T; t++) {
        for (let b = 0; b < B; b++) {
          const isPadding = lengths !== undefined && t >= lengths[b];
          for (let j = 0, z = (t * B + b) * blocks * H; j < H; j++, z++, k++) {
            logKept[k] = 0;
            logAdded[k] = -Infinity;
            if (isPadding) continue;
            const l = logit(gates, z, H);
            const last = z + (blocks - 1) * H;
            const kg = gates[last];
            logKept[k] = -softplus(l);
            logAdded[k] = (kg >= 0 ? Math.log(kg + 0.5) : -softplus(-kg)) - softplus(-l);
            gates[last] = kg >= 0 ? kg + 0.5 : sigmoid(kg);
            activate(gates, z, H);
            extra[k] = sigmoid(-l);
          }
        }
      }
      const firstOf = (step: number) => (reverse ? T - 1 - step : step) * columns;
      scan(T, (earlier, later) => {
        for (let n = 0, p = firstOf(earlier), q = firstOf(later); n < columns; n++, p++, q++) {
          logAdded[q] = logOfSum(logKept[q] + logAdded[p], logAdded[q]);
          logKept[q] += logKept[p];
        }
      });
      for (let k = 0; k < h.length; k++) {
        h[k] = Math.exp(logAdded[k]) + (h0 === undefined ? 0 : Math.exp(logKept[k]) * h0[k % columns]);
      }
    },
  };
}

/** log(eᵃ + eᵇ) */
function logOfSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}

export const minGru = sequential(ofMinGru);
export const minGruScan = scanned(ofMinGru);
export const minLstm = sequential(ofMinLstm);
export const minLstmScan = scanned(ofMinLstm);

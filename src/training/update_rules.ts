// The update of the weights: one formula for each optimiser, with PyTorch's definitions and defaults:
// gradient descent (slides 58–59) with momentum, RMSProp, Adam, AdamW. Sums are taken in float64 whatever the
// weights are stored in.

import { checkNotNegative, checkOptions, checkPositive, misfit } from "../numbers/validation.js";

/** Numbers that are changed in place. */
export type Numbers = Float64Array | Float32Array | number[];

/** How an optimiser moves weights. It keeps nothing itself: its state is in `slots`. */
export interface UpdateRule {
  readonly name: string;
  /** η */
  readonly lr: number;
  /** how many numbers it carries on for each weight */
  readonly slots: number;
  /**
   * Update n = 1, 2, … of weights w by their gradient g, which stays as it is.
   *
   * @param slots arrays of as many numbers as w, zeros before the first update
   * @param lr η of this update, where a schedule changes it
   */
  update(w: Numbers, g: ArrayLike<number>, slots: Numbers[], n: number, lr: number): void;
  /**
   * Where tensors differ: the rule of each by name, undefined where it is not updated. What stands above is
   * then of tensors that have no rule of their own; see groupedRule.
   */
  rulesOf?(names: readonly string[]): (UpdateRule | undefined)[];
}

export interface SGDOptions {
  /** η */
  lr: number;
  /** μ, what the velocity keeps; default 0 */
  momentum?: number;
  /** τ, default 0 */
  dampening?: number;
  /** look ahead along the velocity; needs momentum and no dampening */
  nesterov?: boolean;
  /** λ, default 0 */
  weightDecay?: number;
}

/**
 * Gradient descent: W ← W − η u, where g = ∂L/∂W + λ W and u = g without momentum (slide 58). With it, the
 * velocity is v ← g at the first update, v ← μ v + (1 − τ) g later, and u = v, or u = g + μ v with
 * Nesterov's. As PyTorch's SGD.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function sgdRule(options: SGDOptions): UpdateRule {
  return sgdUpdate("sgdRule", options);
}

/** @param where who asked, for messages */
export function sgdUpdate(where: string, options: SGDOptions): UpdateRule {
  checkOptions(where, options, ["lr", "momentum", "dampening", "nesterov", "weightDecay"]);
  const { lr, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
  checkPositive(where, "lr", lr);
  checkAllNotNegative(where, { momentum, dampening, weightDecay });
  if (nesterov && (momentum === 0 || dampening !== 0)) {
    throw new RangeError(
      `${where}: momentum is ${momentum} and dampening ${dampening}, but nesterov needs momentum and no dampening`,
    );
  }
  return {
    name: "SGD",
    lr,
    slots: momentum === 0 ? 0 : 1,
    update(w, gradient, [v], n, rate) {
      for (let k = 0; k < w.length; k++) {
        let u = gradient[k];
        if (weightDecay !== 0) u += weightDecay * w[k];
        if (momentum !== 0) {
          v[k] = n === 1 ? u : momentum * v[k] + (1 - dampening) * u;
          u = nesterov ? u + momentum * v[k] : v[k];
        }
        w[k] -= rate * u;
      }
    },
  };
}

export interface RMSPropOptions {
  /** η, default 1e-2 */
  lr?: number;
  /** α, what the running mean of the square keeps; default 0.99 */
  alpha?: number;
  /** ε, default 1e-8 */
  eps?: number;
  /** λ, default 0 */
  weightDecay?: number;
  /** μ, default 0 */
  momentum?: number;
  /** divide by the standard deviation instead of the root of the mean square */
  centered?: boolean;
}

/**
 * RMSProp (Tieleman and Hinton 2012), as PyTorch's: s ← α s + (1 − α) g², W ← W − η g / (√s + ε), g = ∂L/∂W +
 * λ W. Centred, √(s − m²) with m ← α m + (1 − α) g stands for √s. With momentum, v ← μ v + g / (√s + ε) and W
 * ← W − η v.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range
 */
export function rmsPropRule(options: RMSPropOptions = {}): UpdateRule {
  checkOptions("rmsPropRule", options, ["lr", "alpha", "eps", "weightDecay", "momentum", "centered"]);
  const { lr = 1e-2, alpha = 0.99, eps = 1e-8, weightDecay = 0, momentum = 0, centered = false } = options;
  checkPositive("rmsPropRule", "lr", lr);
  checkPositive("rmsPropRule", "eps", eps);
  if (!isShare(alpha)) throw misfit("rmsPropRule", "alpha", alpha, "in [0, 1)");
  checkAllNotNegative("rmsPropRule", { weightDecay, momentum });
  return {
    name: "RMSProp",
    lr,
    slots: 3,
    update(w, gradient, [s, m, v], _, rate) {
      for (let k = 0; k < w.length; k++) {
        const g = gradient[k] + weightDecay * w[k];
        s[k] = alpha * s[k] + (1 - alpha) * g * g;
        let spread = s[k];
        if (centered) {
          m[k] = alpha * m[k] + (1 - alpha) * g;
          // Rounding may leave a variance of 0 a little below it.
          spread = Math.max(0, spread - m[k] * m[k]);
        }
        const u = g / (Math.sqrt(spread) + eps);
        v[k] = momentum * v[k] + u;
        w[k] -= rate * v[k];
      }
    },
  };
}

export interface AdamOptions {
  /** η, default 1e-3 */
  lr?: number;
  /** β₁ and β₂, how much the running means of the gradient and of its square keep; default [0.9, 0.999] */
  betas?: [number, number];
  /** ε, default 1e-8 */
  eps?: number;
  /** λ; default 0, and 0.01 in AdamW */
  weightDecay?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with PyTorch's defaults. At update n, for every weight with
 * gradient g = ∂L/∂W + λ W:
 *
 * m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g², from zero; W ← W − η m̂ / (√v̂ + ε), where
 * m̂ = m / (1 − β₁ⁿ) and v̂ = v / (1 − β₂ⁿ) make up for the start from zero.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} when lr or eps is not positive, a beta is not in [0, 1), or weightDecay is negative
 */
export function adamRule(options: AdamOptions = {}): UpdateRule {
  return adamUpdate("adamRule", options);
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): W ← (1 − η λ) W first, then
 * {@link adamRule}'s update with g = ∂L/∂W. As PyTorch's AdamW; λ is 0.01 by default.
 *
 * @throws {TypeError} for an unknown option, or a value of the wrong type
 * @throws {RangeError} for a value out of its range, as in {@link adamRule}
 */
export function adamWRule(options: AdamOptions = {}): UpdateRule {
  return adamLike("adamWRule", "AdamW", 0.01, options);
}

/** @param where who asked, for messages */
export function adamUpdate(where: string, options: AdamOptions): UpdateRule {
  return adamLike(where, "Adam", 0, options);
}

function adamLike(where: string, name: "Adam" | "AdamW", decay: number, options: AdamOptions): UpdateRule {
  checkOptions(where, options, ["lr", "betas", "eps", "weightDecay"]);
  const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = decay } = options;
  checkPositive(where, "lr", lr);
  checkPositive(where, "eps", eps);
  if (!Array.isArray(betas) || betas.length !== 2 || !betas.every(isShare)) {
    const Kind = Array.isArray(betas) ? RangeError : TypeError;
    throw new Kind(`${where}: betas is ${JSON.stringify(betas)}, but must be two numbers in [0, 1)`);
  }
  checkNotNegative(where, "weightDecay", weightDecay);
  const [beta1, beta2] = betas;
  const [inGradient, inWeights] = name === "Adam" ? [weightDecay, 0] : [0, weightDecay];
  // Powers take longer than the rest of a small update and are the same for all parameters.
  const starts = new Float64Array(2);
  let startsOf = 0;
  return {
    name,
    lr,
    slots: 2,
    update(w, gradient, [m, v], n, rate) {
      if (n !== startsOf) {
        startsOf = n;
        starts[0] = 1 - beta1 ** n;
        starts[1] = 1 - beta2 ** n;
      }
      // W − η m̂ / (√v̂ + ε) with one division, and the constants moved out of the loop: a third of the time.
      const root = Math.sqrt(starts[1]);
      const [step, least] = [(rate / starts[0]) * root, eps * root];
      const [new1, new2, kept] = [1 - beta1, 1 - beta2, 1 - rate * inWeights];
      for (let k = 0; k < w.length; k++) {
        const weight = w[k];
        const g = gradient[k] + inGradient * weight;
        m[k] = beta1 * m[k] + new1 * g;
        v[k] = beta2 * v[k] + new2 * (g * g);
        w[k] = kept * weight - (step * m[k]) / (Math.sqrt(v[k]) + least);
      }
    },
  };
}

const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value < 1;

function checkAllNotNegative(where: string, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(values)) checkNotNegative(where, name, value);
}

// The tidy rows of gradient flow: norms of gradients, and what Jacobians and gates tell of them.

import type { Direction } from "../nn/stack.js";

/** One layer in one direction. */
export interface LanePlace {
  /** 0 for the layer that reads x */
  layer: number;
  direction: Direction;
}

/** What a gradient is taken with respect to: a state at t, or step t's use of a parameter. */
export const flowQuantities = ["h", "c", "Wx", "Wh", "b"] as const;
export type FlowQuantity = (typeof flowQuantities)[number];

/** One norm at one step. */
export interface FlowRow extends LanePlace {
  /** 1 … T; 0 is the initial state, which has no row of direction "reverse" */
  t: number;
  quantity: FlowQuantity;
  /** the mean over the samples that have a step t */
  norm: number;
}

/** One singular value, or the spectral radius, of one step's Jacobian. */
export interface JacobianRow extends LanePlace {
  /** 1 … T */
  t: number;
  quantity: "singularValue" | "spectralRadius";
  /** of a singular value, 1 for the largest … n; 1 for the spectral radius */
  index: number;
  /** the mean over the samples that have a step t */
  value: number;
}

/** What is left of a gradient k steps back, or what theory predicts. */
export interface PascanuRow extends LanePlace {
  /** steps back from the last one read, 0 … */
  k: number;
  /** ‖∂h_T/∂h_{T−k}‖₂; its bound (σ_max(W_h) γ)ᵏ; or the reference line ρ(W_h)ᵏ, which is not a bound */
  series: "actual" | "bound" | "reference";
  /** "actual" is the mean over the samples with at least k steps */
  ratio: number;
}

/** One Lyapunov exponent. */
export interface LyapunovRow extends LanePlace {
  /** 1 for the largest exponent … n */
  index: number;
  /** λ in nats a step: a distance grows as e^{λ t}; the mean over the samples */
  exponent: number;
}

/** How far Newton's method has come. */
export interface NewtonRow extends LanePlace {
  /** 0 for states of zeros, from which it starts */
  iteration: number;
  /** max |s_t − f(s_{t−1}, x_t)| over the steps, samples and units */
  residual: number;
  /** max |s_t − the state that is computed step by step| */
  error: number;
}

/** One product of gates over the last k steps. */
export interface GateProductRow extends LanePlace {
  /** steps back from the last one read, 0 … */
  k: number;
  /** over the units */
  statistic: "min" | "mean" | "max";
  /** of f_T ⊙ … ⊙ f_{T−k+1}, of a GRU with z; the mean over the samples with at least k steps */
  product: number;
}

/** The paths by which a gradient arrives at a state. */
export const gradientPaths = ["keep", "recurrent", "output"] as const;

/** What arrives at the state of one step along one path. */
export interface PathRow extends LanePlace {
  /** 1 … T; 0 is the initial state, which has no row of direction "reverse" */
  t: number;
  /** the state that is kept from step to step: C of an LSTM, h of the others */
  quantity: "h" | "c";
  /** "total" is the sum of the others */
  path: (typeof gradientPaths)[number] | "total";
  /** ‖·‖ of the part; the mean over the samples that have a step t */
  norm: number;
  /** ⟨part, total⟩ / ‖total‖², signed: the shares of all paths add up to 1; 0 where the total is 0 */
  share: number;
}

/** How large the gradient of the loss at step s alone is at the state of step t. */
export interface MapRow extends LanePlace {
  /** 1 … T, the step whose loss it is */
  s: number;
  /** 0 … T, as in gradient flow */
  t: number;
  quantity: "h" | "c";
  /** the mean over the samples that have a step t */
  norm: number;
}

/** How large the gradient of the loss is at what was read at t. */
export interface InputRow {
  /** 1 … T */
  t: number;
  /** the feature, from 0; all of x_t together where there is none */
  feature?: number;
  /** ‖∂L/∂x_t‖, or |∂L/∂x_{t,k}| of a feature; the mean over the samples that have a step t */
  norm: number;
}

/** How the norms of one state's gradients lie within a batch. */
export interface QuantileRow extends LanePlace {
  /** 0 … T, as in gradient flow */
  t: number;
  quantity: "h" | "c";
  /** the norm that gradient flow has */
  mean: number;
  min: number;
  /** a tenth of the samples lies below */
  q10: number;
  median: number;
  /** a tenth of the samples lies above */
  q90: number;
  max: number;
}

/** How large the gradient is at one unit of a state. */
export interface UnitRow extends LanePlace {
  /** 0 … T, as in gradient flow */
  t: number;
  quantity: "h" | "c";
  /** j, from 0 */
  unit: number;
  /** |∂L/∂h_{t,j}|, or of C; the mean over the samples that have a step t */
  norm: number;
}

/** What has an activation: the gates of an LSTM, a GRU and their like, or the hidden state of an RNN. */
export type GateName = "f" | "i" | "g" | "o" | "r" | "z" | "n" | "h";

/** One bin of one gate's activations at one step. */
export interface HistogramRow extends LanePlace {
  /** 1 … T */
  t: number;
  gate: GateName;
  /** where the bin begins; the last one includes its end */
  from: number;
  to: number;
  /** of all units and samples at t */
  share: number;
  /** the part of `share` that is saturated; the sum over the bins is the saturated share at t */
  saturated: number;
}

/** How often one unit of one gate is saturated, from 0 to 1. */
export interface SaturationRow extends LanePlace {
  gate: GateName;
  /** from 0 */
  unit: number;
  /** at its lower end, such as a gate that is shut */
  low: number;
  /** at its upper end, such as a gate that is open */
  high: number;
}

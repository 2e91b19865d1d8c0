// The LSTM's parameters under the keys of a PyTorch state dict and back. PyTorch stacks the gates' rows in
// the order i, f, g, o; the slides' order is f, i, C̃, o.

import type { LSTMCellParameters } from "../cells/lstm.js";
import { perGate } from "../cells/lstm.js";
import type { CellParameters } from "../cells/rnn.js";
import type { Matrix, Vector } from "../../numbers/linear_algebra.js";

/** Tied: W_x, W_h and b. Untied: those of each gate f, i, g, o. */
export type LSTMParameters<Tied extends boolean = false> = Tied extends true
  ? CellParameters
  : LSTMCellParameters;

/** Untied gates: PyTorch's keys, with one bias where PyTorch has two that are added. */
export interface PackedStateDict {
  /** W_x of i, f, g, o, [4H, I] */
  weight_ih_l0: Matrix;
  /** W_h of i, f, g, o, [4H, H] */
  weight_hh_l0: Matrix;
  /** b of i, f, g, o, [4H] */
  bias_l0: Vector;
}

/** Tied gates: one of each for all four. */
export interface TiedStateDict {
  /** W_x [H, I] */
  weight_x: Matrix;
  /** W_h [H, H] */
  weight_h: Matrix;
  /** b [H] */
  bias: Vector;
}

/** The state dict of an LSTM. */
export type LSTMStateDict<Tied extends boolean = false> = Tied extends true ? TiedStateDict : PackedStateDict;

const packingOrder = ["i", "f", "g", "o"] as const;

/** From parameters to the state dict. */
export function packGates<Tied extends boolean>(parameters: LSTMParameters<Tied>): LSTMStateDict<Tied> {
  return ("f" in parameters ? pack(parameters) : tie(parameters)) as LSTMStateDict<Tied>;
}

/** From the state dict to parameters. */
export function unpackGates<Tied extends boolean>(stateDict: LSTMStateDict<Tied>): LSTMParameters<Tied> {
  return ("weight_x" in stateDict ? untie(stateDict) : unpack(stateDict)) as LSTMParameters<Tied>;
}

/**
 * The same with the one bias under `bias_l0`. Earlier versions stored it under `bias_ih_l0`.
 */
export function withBiasKey<StateDict extends object>(stateDict: StateDict): StateDict {
  const { bias_ih_l0, ...others } = { ...stateDict } as { bias_ih_l0?: Vector };
  const renamed = bias_ih_l0 !== undefined && !("bias_hh_l0" in others) && !("bias_l0" in others);
  return renamed ? ({ ...others, bias_l0: bias_ih_l0 } as StateDict & object) : stateDict;
}

function pack(parameters: LSTMCellParameters): PackedStateDict {
  return {
    weight_ih_l0: packingOrder.flatMap((gate) => parameters[gate].Wx),
    weight_hh_l0: packingOrder.flatMap((gate) => parameters[gate].Wh),
    bias_l0: packingOrder.flatMap((gate) => parameters[gate].b),
  };
}

function unpack({ weight_ih_l0, weight_hh_l0, bias_l0 }: PackedStateDict): LSTMCellParameters {
  const H = bias_l0.length / 4;
  return perGate((gate) => {
    const first = H * packingOrder.indexOf(gate);
    return {
      Wx: weight_ih_l0.slice(first, first + H),
      Wh: weight_hh_l0.slice(first, first + H),
      b: bias_l0.slice(first, first + H),
    };
  });
}

function tie({ Wx, Wh, b }: CellParameters): TiedStateDict {
  return { weight_x: Wx, weight_h: Wh, bias: b };
}

function untie({ weight_x, weight_h, bias }: TiedStateDict): CellParameters {
  return { Wx: weight_x, Wh: weight_h, b: bias };
}

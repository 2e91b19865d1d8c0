// The right pieces, lent to a reader who has not written their own yet. Whoever uses them is found out, so
// that an LSTM made of them does not count as the reader's.

import type { LstmPieces } from "../lstm_implementation.js";
import { piecesFrom } from "./pieces.js";

export type PieceName = keyof LstmPieces;

const used = new Set<PieceName>();

function noting<K extends PieceName>(name: K, piece: LstmPieces[K]): LstmPieces[K] {
  const noted = (...args: unknown[]): unknown => {
    used.add(name);
    return (piece as (...args: unknown[]) => unknown)(...args);
  };
  return noted as LstmPieces[K];
}

const right = piecesFrom();

export const lentPieces: LstmPieces = {
  gates: noting("gates", right.gates),
  stepForward: noting("stepForward", right.stepForward),
  stepBackward: noting("stepBackward", right.stepBackward),
  backThroughTime: noting("backThroughTime", right.backThroughTime),
  gateGradients: noting("gateGradients", right.gateGradients),
  update: noting("update", right.update),
};

/** Runs something, and names the lent pieces that it has used. */
export function lentTo<T>(run: () => T): { result: T; lent: PieceName[] } {
  used.clear();
  return { result: run(), lent: [...used] };
}

// Gradient flow of networks against PyTorch's autograd, where every step of every sample has copies of the weights.

import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import type { FlowRow } from "../../../src/index.js";
import { gradientFlow } from "../../../src/index.js";
import type { NetworkBatch, RecurrentOptions, SequenceNetworkOptions } from "../../../src/nn/index.js";
import { Linear, SequenceNetwork } from "../../../src/nn/index.js";
import type { NestedArray } from "../../../src/nn/nested.js";
import type { DType } from "../../../src/nn/tensor.js";
import { relativeError } from "../engine/numbers.js";
import { moduleOf, tolerances, torchVectors } from "./fixtures.js";

interface Case extends Pick<NetworkBatch, "x" | "y" | "lengths" | "h0" | "c0"> {
  name: string;
  cell: CellKind;
  options: RecurrentOptions;
  outFeatures: number;
  outputs: SequenceNetworkOptions["outputs"];
  loss: SequenceNetworkOptions["loss"];
  parameters: Record<string, NestedArray>;
  expected: { rows: FlowRow[] };
}

function networkOf(of: Case, dtype: DType, reduction: SequenceNetworkOptions["reduction"] = "mean") {
  const rnn = moduleOf(of.cell, { ...of.options, dtype });
  const head = new Linear({ inFeatures: rnn.outputSize, outFeatures: of.outFeatures, dtype });
  const network = new SequenceNetwork({ rnn, head, outputs: of.outputs, loss: of.loss, reduction });
  network.loadStateDict(of.parameters);
  const { x, y, lengths, h0, c0 } = of;
  return { network, batch: { x, y, lengths, h0, c0 } };
}

const key = ({ layer, direction, quantity, t }: FlowRow) => `${layer} ${direction} ${quantity} ${t}`;
const cases = torchVectors<Case>("flow");

test.each(cases)("$name", (of) => {
  const expected = new Map(of.expected.rows.map((row) => [key(row), row.norm]));
  for (const dtype of ["float64", "float32"] as const) {
    for (const reduction of ["mean", "sum"] as const) {
      const { network, batch } = networkOf(of, dtype, reduction);
      const rows = gradientFlow(network, batch);
      expect(new Set(rows.map(key))).toEqual(new Set(expected.keys()));
      expect(rows.length).toBe(expected.size);
      const groups = new Map(rows.map((row) => [`${row.layer} ${row.direction} ${row.quantity}`, row]));
      for (const [group, { layer, direction, quantity }] of groups) {
        const came = rows.filter(
          (row) => row.layer === layer && row.direction === direction && row.quantity === quantity,
        );
        const error = relativeError(
          came.map((row) => row.norm),
          came.map((row) => expected.get(key(row))!),
        );
        expect(error, group).toBeLessThanOrEqual(tolerances[dtype].gradient);
      }
      // After a step of training the norms are those of its own gradients.
      network.lossAndGradients(batch);
      expect(gradientFlow(network)).toEqual(rows);
    }
  }
});

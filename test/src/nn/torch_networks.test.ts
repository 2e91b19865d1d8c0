// Whole networks against PyTorch's float64: losses, predictions, and the gradient of every parameter, in both
// precisions.

import { expect, test } from "vitest";
import type { CellKind } from "../../../src/engine/engine.js";
import type {
  EmbeddingOptions,
  LinearOptions,
  NetworkBatch,
  RecurrentOptions,
  SequenceNetworkOptions,
} from "../../../src/nn/index.js";
import { Embedding, Linear, SequenceNetwork } from "../../../src/nn/index.js";
import type { NestedArray } from "../../../src/nn/nested.js";
import type { NestedValues } from "./fixtures.js";
import { expectClose, moduleOf, tolerances, torchVectors } from "./fixtures.js";

interface Case extends Omit<NetworkBatch, "mask" | "dropoutMasks"> {
  name: string;
  options: Pick<
    SequenceNetworkOptions,
    "outputs" | "loss" | "reduction" | "classWeights" | "labelSmoothing" | "posWeight" | "delta"
  > & {
    embedding?: EmbeddingOptions;
    rnn: RecurrentOptions & { cell: CellKind };
    head: LinearOptions;
  };
  parameters: Record<string, NestedArray>;
  expected: {
    loss: number;
    predictions: NestedValues;
    parameters: Record<string, NestedValues>;
    dx?: NestedValues;
  };
}

test.each(torchVectors<Case>("networks"))(
  "a network computes what PyTorch computes: $name",
  ({ options, parameters, expected, ...batch }) => {
    for (const dtype of ["float64", "float32"] as const) {
      const { forward, gradient } = tolerances[dtype];
      const { embedding, rnn, head, ...others } = options;
      const { cell, ...ofCell } = rnn;
      const network = new SequenceNetwork({
        ...(embedding && { embedding: new Embedding({ ...embedding, dtype }) }),
        rnn: moduleOf(cell, { ...ofCell, dtype }),
        head: new Linear({ ...head, dtype }),
        ...others,
      });
      expect(network.parameters.map(({ name }) => name)).toEqual(Object.keys(parameters));
      network.loadStateDict(parameters);
      const { x, y, lengths, h0, c0 } = batch;
      for (let step = 0; step < 2; step++) {
        const loss = network.lossAndGradients({ x, y, lengths, h0, c0 });
        expect(Math.abs(loss - expected.loss) / expected.loss).toBeLessThanOrEqual(forward);
        for (const { name, shape, grad } of network.parameters) {
          expectClose(name, { shape, data: grad }, expected.parameters[name], gradient);
        }
      }
      expect(network.loss({ x, y, lengths, h0, c0 })).toBeCloseTo(
        expected.loss,
        dtype === "float64" ? 14 : 5,
      );
      expectClose("predictions", network.predict({ x, lengths, h0, c0 }), expected.predictions, forward);
    }
  },
);

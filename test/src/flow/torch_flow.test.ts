// Gradient flow of networks against PyTorch's autograd, where every step of every sample has copies of the
// weights.

import { expect, test } from "vitest";
import { gateNames } from "../../../src/engine/cell_kinds.js";
import type { CellKind } from "../../../src/engine/engine.js";
import type { FlowRow } from "../../../src/index.js";
import {
  gateProduct,
  gradientFlow,
  lyapunovSpectrum,
  pascanuBound,
  stepJacobians,
} from "../../../src/index.js";
import type { NetworkBatch, RecurrentOptions, SequenceNetworkOptions } from "../../../src/nn/index.js";
import { looksInto } from "../../../src/flow/trajectory.js";
import { Linear, SequenceNetwork } from "../../../src/nn/index.js";
import type { NestedArray } from "../../../src/nn/nested.js";
import type { DType } from "../../../src/numbers/tensor.js";
import { relativeError } from "../engine/numbers.js";
import { moduleOf, tolerances, torchVectors } from "../nn/fixtures.js";

interface Case extends Pick<NetworkBatch, "x" | "y" | "lengths" | "h0" | "c0"> {
  name: string;
  cell: CellKind;
  options: RecurrentOptions;
  outputSize: number;
  outputs: SequenceNetworkOptions["outputs"];
  loss: SequenceNetworkOptions["loss"];
  parameters: Record<string, NestedArray>;
  /** of an SLSTM and an MLSTM its rows alone */
  expected: {
    rows: FlowRow[];
    jacobians: (Place & { t: number; sample: number; singularValues: number[]; spectralRadius: number })[];
    lyapunov?: (Place & { exponents: number[] })[];
    products: (Place & { k: number; ratio: number })[];
    gatePath: (Place & { k: number; min: number; mean: number; max: number })[];
  };
}

type Place = Pick<FlowRow, "layer" | "direction">;

function networkOf(of: Case, dtype: DType, reduction: SequenceNetworkOptions["reduction"] = "mean") {
  const rnn = moduleOf(of.cell, { ...of.options, dtype });
  const head = new Linear({ inputSize: rnn.outputSize, outputSize: of.outputSize, dtype });
  const network = new SequenceNetwork({ rnn, head, outputs: of.outputs, loss: of.loss, reduction });
  network.loadStateDict(of.parameters);
  const { x, y, lengths, h0, c0 } = of;
  return { network, batch: { x, y, lengths, h0, c0 } };
}

const key = ({ layer, direction, quantity, t }: FlowRow) => `${layer} ${direction} ${quantity} ${t}`;
const cases = torchVectors<Case>("flow");

const projected = torchVectors<Case>("flow_projected");

test.each([...cases, ...projected])("gradient flow has the norms of PyTorch's gradients: $name", (of) => {
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

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const samePlace = (a: Place) => (b: Place) => a.layer === b.layer && a.direction === b.direction;

const lookedInto = cases.filter(({ cell }) => looksInto(cell));

test.each(lookedInto)("step Jacobians have the singular values of PyTorch's: $name", (of) => {
  const { network, batch } = networkOf(of, "float64");
  const { jacobians, lyapunov, products, gatePath } = of.expected;

  const rows = stepJacobians(network, batch);
  const places = new Set(jacobians.map(({ layer, direction, t }) => `${layer} ${direction} ${t}`));
  const n = jacobians[0].singularValues.length;
  expect(rows).toHaveLength(places.size * (n + 1));
  for (const row of rows) {
    const samples = jacobians.filter((one) => samePlace(row)(one) && one.t === row.t);
    const expected =
      row.quantity === "spectralRadius"
        ? mean(samples.map(({ spectralRadius }) => spectralRadius))
        : mean(samples.map(({ singularValues }) => singularValues[row.index - 1]));
    // Eigenvalues are less well conditioned than singular values.
    const tolerance = row.quantity === "spectralRadius" ? 1e-9 : 1e-13;
    expect(Math.abs(row.value - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, expected));
  }

  if (lyapunov) {
    const spectrum = lyapunovSpectrum(network, batch);
    expect(spectrum).toHaveLength(lyapunov.length * n);
    for (const lane of lyapunov) {
      const came = spectrum.filter(samePlace(lane)).map(({ exponent }) => exponent);
      const sorted = [...lane.exponents].sort((a, b) => b - a);
      expect(relativeError(came, sorted)).toBeLessThanOrEqual(1e-10);
    }
  }

  if (of.cell.startsWith("rnn")) {
    const actual = pascanuBound(network, batch).filter(({ series }) => series === "actual");
    expect(actual).toHaveLength(products.length);
    for (const row of actual) {
      const { ratio } = products.find((one) => samePlace(row)(one) && one.k === row.k)!;
      expect(Math.abs(row.ratio - ratio)).toBeLessThanOrEqual(1e-13 * Math.max(1, ratio));
    }
  }
  if (gateNames[of.cell].length === 0) {
    const { name } = network.rnn.constructor;
    expect(() => gateProduct(network, batch)).toThrow(`gateProduct: the layers are ${name}s`);
  } else {
    const paths = gateProduct(network, batch);
    expect(paths).toHaveLength(3 * gatePath.length);
    for (const row of paths) {
      const expected = gatePath.find((one) => samePlace(row)(one) && one.k === row.k)!;
      expect(Math.abs(row.product - expected[row.statistic])).toBeLessThanOrEqual(1e-14);
    }
    expect(() => pascanuBound(network, batch)).toThrow(
      /^pascanuBound: the layers are (Min)?(LSTM|GRU)s, but/,
    );
  }
});

// Training of a whole network holds what it held after the first steps.

import { afterAll, expect, test } from "vitest";
import { adamRule, fit } from "../../../src/index.js";
import { Embedding, Linear, LSTM, SequenceNetwork } from "../../../src/nn/index.js";
import { heldMemory } from "../../support/memory.js";

interface WithMemory {
  WebAssembly: { Memory: new (pages: object) => object };
}
const { WebAssembly } = globalThis as unknown as WithMemory;
const { Memory } = WebAssembly;
let memories = 0;
WebAssembly.Memory = class extends Memory {
  constructor(pages: object) {
    super(pages);
    memories++;
  }
};
afterAll(() => {
  WebAssembly.Memory = Memory;
});

/** So large that WebAssembly computes the recurrence, the head and its softmax; of float64 products. */
const sizes = {
  float32: { B: 16, H: 16, classes: 128 },
  float64: { B: 3, H: 6, classes: 4 },
};

test.each(["float32", "float64"] as const)(
  "10 000 steps of fit in %s leave nothing",
  async (dtype) => {
    const { B, H, classes } = sizes[dtype];
    const T = 8;
    const network = new SequenceNetwork({
      embedding: new Embedding({ numEmbeddings: 7, embeddingDim: 3, dtype }),
      rnn: new LSTM({ inputSize: 3, hiddenSize: H, numLayers: 2, bidirectional: true, dropout: 0.1, dtype }),
      head: new Linear({ inputSize: 2 * H, outputSize: classes, dtype }),
      outputs: "every",
    });
    const indices = (count: number, from: number) =>
      Array.from({ length: T }, (_, t) => Array.from({ length: B }, (_, b) => (from + 3 * t + b) % count));
    const batches = [0, 1].map((k) => ({
      x: indices(7, k),
      y: indices(classes, 2 * k),
      lengths: Array.from({ length: B }, (_, b) => T - (b % 4)),
    }));
    memories = 0;
    const training = fit(
      network,
      { batches },
      { optimizer: adamRule(), clip: { maxNorm: 1 }, updates: 11_000 },
    );
    let before: ReturnType<typeof heldMemory> | undefined;
    for await (const { update } of training) {
      if (update !== 1000) continue;
      expect(memories).toBeGreaterThan(0);
      memories = 0;
      before = heldMemory();
    }
    // The rows of training are kept, for its chart; all else must be gone.
    expect(training.rows).toHaveLength(11_000);
    training.rows.length = 0;
    const after = heldMemory();
    expect(memories).toBe(0);
    expect(after.arrayBuffers - before!.arrayBuffers).toBeLessThan(64 * 1024);
    expect(after.external - before!.external).toBeLessThan(64 * 1024);
    expect(after.heapUsed - before!.heapUsed).toBeLessThan(1e6);
  },
  180_000,
);

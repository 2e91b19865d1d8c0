// The data of fit: promised, streamed, in their own order, and without the last batch.

import { expect, test } from "vitest";
import type { Checkpoint, FitOptions, TrainingData } from "../../../src/index.js";
import { adamRule, fit, randomStream, stack } from "../../../src/index.js";
import type { NetworkBatch } from "../../../src/nn/index.js";
import { Linear, RNN, SequenceNetwork } from "../../../src/nn/index.js";
import { batchesOfEpoch } from "../../../src/training/batches.js";

const random = randomStream(3);
const samples = Array.from({ length: 11 }, (_, n) => ({ x: [[random.uniform()], [n / 11]], y: n % 2 }));
type Sample = (typeof samples)[number];
const make = () =>
  new SequenceNetwork({
    rnn: new RNN({ inputSize: 1, hiddenSize: 3, seed: 1 }),
    head: new Linear({ inputSize: 3, outputSize: 2, seed: 1 }),
  });
const options = { optimizer: adamRule({ lr: 0.05 }), updates: 9, batchSize: 4, seed: 5 };

/** Trains, and says with which losses and to which weights. */
async function trained(
  data: TrainingData<Sample, NetworkBatch>,
  more: Partial<FitOptions<Sample, NetworkBatch>> = {},
) {
  const network = make();
  const training = fit<Sample, NetworkBatch>(network, data, { ...options, collate: stack, ...more });
  const rows = await training.finish();
  return { losses: rows.map(({ loss }) => loss), epochs: rows.map(({ epoch }) => epoch), network, training };
}
const later = <Value>(value: Value) => new Promise<Value>((resolve) => setImmediate(() => resolve(value)));
const ready = { batchSize: undefined, collate: undefined };

test("a batch may be promised, by collate or by what draws it", async () => {
  const [now, promised] = [
    await trained(samples),
    await trained(samples, { collate: (batch) => later(stack(batch)) }),
  ];
  expect(promised.losses).toEqual(now.losses);
  expect(promised.network.stateDict()).toEqual(now.network.stateDict());
  const draw = (of: ReturnType<typeof randomStream>, size: number) =>
    stack(Array.from({ length: size }, () => samples[Math.floor(of.uniform() * samples.length)]));
  const [drawn, fetched] = [
    await trained(draw, { collate: undefined }),
    await trained((of, size) => later(draw(of, size)), { collate: undefined }),
  ];
  expect(fetched.losses).toEqual(drawn.losses);
  expect(fetched.network.stateDict()).toEqual(drawn.network.stateDict());
});

test("a promise that fails is an error of its update, and can be asked for again", async () => {
  let calls = 0;
  const training = fit(make(), samples, {
    ...options,
    collate: async (batch: Sample[]) => {
      if (++calls === 3) throw new RangeError("the disk is gone");
      return later(stack(batch));
    },
  });
  await expect(training.finish()).rejects.toThrow(
    new RangeError("fit: at update 3 in epoch 1: the disk is gone"),
  );
  expect(await training.finish()).toHaveLength(9);
  expect(training.rows.map(({ loss }) => loss)).toEqual((await trained(samples)).losses);
});

test("loops that wait for the same batch make its update once", async () => {
  const alone = await trained(samples);
  const training = fit(make(), samples, { ...options, collate: (batch: Sample[]) => later(stack(batch)) });
  await Promise.all([training.finish(), training.finish()]);
  expect(training.rows.map(({ update }) => update)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(training.rows.map(({ loss }) => loss)).toEqual(alone.losses);
});

test("a signal ends a run whose next batch never comes", async () => {
  const controller = new AbortController();
  const never = new Promise<never>(() => undefined);
  async function* batches() {
    yield stack(samples);
    setImmediate(() => {
      controller.abort();
    });
    await never;
  }
  const { training } = await trained(
    { batches },
    { ...ready, updatesPerEpoch: 3, signal: controller.signal },
  );
  expect(training.rows).toHaveLength(1);
  expect(training.ended).toBe("signal");
});

test("a signal that comes while a batch is on its way ends the run before its update", async () => {
  const controller = new AbortController();
  const { training } = await trained(samples, {
    signal: controller.signal,
    collate: (batch) => {
      controller.abort();
      return later(stack(batch));
    },
  });
  expect(training.rows).toEqual([]);
  expect(training.ended).toBe("signal");
});

const five = [0, 2, 4, 6, 8].map((from) => stack(samples.slice(from, from + 2)));

test("batches are opened, opened again at their end, and closed", async () => {
  const events: string[] = [];
  async function* batches() {
    events.push("opened");
    try {
      for (const batch of five) yield await later(batch);
    } finally {
      events.push("closed");
    }
  }
  const listed = await trained({ batches: five }, ready);
  const streamed = await trained({ batches }, { ...ready, updatesPerEpoch: 4 });
  expect(streamed.losses).toEqual(listed.losses);
  expect(streamed.network.stateDict()).toEqual(listed.network.stateDict());
  expect(streamed.epochs).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3]);
  expect(events).toEqual(["opened", "closed", "opened", "closed"]);
  expect((await trained({ batches: () => five }, ready)).losses).toEqual(listed.losses);
});

test("a run on opened batches is resumed bit for bit", async () => {
  const batches = () => five;
  const whole = await trained({ batches }, ready);
  const half = await trained({ batches }, { ...ready, updates: 7 });
  const from = JSON.parse(JSON.stringify(half.training.checkpoint())) as Checkpoint;
  const resumed = await trained({ batches }, { ...ready, from });
  expect([...half.losses, ...resumed.losses]).toEqual(whole.losses);
  expect(resumed.network.stateDict()).toEqual(whole.network.stateDict());
});

test("what opens no batches is named", async () => {
  await expect(trained({ batches: () => [] }, ready)).rejects.toThrow(
    new RangeError("fit: at update 1 in epoch 1: data.batches() gave no batch, but must give at least one"),
  );
  await expect(trained({ batches: () => later(five) as never }, ready)).rejects.toThrow(
    "data.batches() is an object, but must be iterable",
  );
  await expect(trained({ batches: () => five }, { ...ready, batchSize: 3 })).rejects.toThrow(
    "fit: batchSize is given, but must not be: data.batches are ready",
  );
});

test("without shuffling samples are seen in their order, and a checkpoint knows", async () => {
  const seen: number[] = [];
  const collate = (batch: Sample[]) => {
    seen.push(...batch.map((sample) => samples.indexOf(sample)));
    return stack(batch);
  };
  const { training } = await trained(samples, { shuffle: false, epochs: 2, updates: undefined, collate });
  const order = samples.map((_, index) => index);
  expect(seen).toEqual([...order, ...order]);
  const from = training.checkpoint();
  await expect(trained(samples, { from })).rejects.toThrow(
    "fit: the checkpoint has shuffle false, but here it is undefined",
  );
  const more = await trained(samples, { from, shuffle: false });
  expect(more.losses).toHaveLength(3);
  await expect(trained(samples, { shuffle: false, lengthOf: ({ x }) => x.length })).rejects.toThrow(
    "fit: lengthOf is given, but gathers samples in another order, and shuffle is false",
  );
});

test("dropLast leaves out what does not fill a batch", async () => {
  for (const lengthOf of [undefined, ({ y }: Sample) => y]) {
    const sizes: number[] = [];
    const seen: Sample[] = [];
    const collate = (batch: Sample[]) => {
      sizes.push(batch.length);
      seen.push(...batch);
      return stack(batch);
    };
    const more = { dropLast: true, collate, lengthOf, epochs: 3, updates: undefined };
    const { training } = await trained(samples, more);
    expect(training.total).toBe(6);
    expect(sizes).toEqual([4, 4, 4, 4, 4, 4]);
    if (lengthOf !== undefined) continue;
    const full = [0, 1, 2].flatMap((epoch) => batchesOfEpoch(11, 4, 5, epoch).slice(0, 2).flat());
    expect(seen).toEqual(full.map((index) => samples[index]));
  }
  await expect(trained(samples, { dropLast: true, batchSize: 12 })).rejects.toThrow(
    "fit: data has 11 samples, but batchSize is 12, and dropLast leaves no batch",
  );
  await expect(trained({ batches: five }, { ...ready, dropLast: true })).rejects.toThrow(
    "fit: dropLast is given, but must not be: data.batches are ready",
  );
});

// What the types of the library give, and what they refuse. The compiler is the judge: `npm run check` fails
// where a wrong use compiles, so nothing here is called.

import { expectTypeOf, test } from "vitest";
import type {
  Dense,
  GradientFlow,
  LSTM,
  RNN,
  Sample,
  SequenceBatch,
  SequenceSample,
  Training,
} from "../../src/index.js";
import { adamRule, fit, gradientFlow, SequenceClassifier, stack } from "../../src/index.js";
import type { Linear, NetworkBatch, RecurrentModule } from "../../src/nn/index.js";
import { SequenceNetwork } from "../../src/nn/index.js";

const options = { optimizer: adamRule(), epochs: 1 };

test("gradientFlow takes the batch of its model, and none only of a network", () => {
  const uses = (
    model: SequenceClassifier<LSTM>,
    network: SequenceNetwork,
    sample: Sample,
    batch: NetworkBatch,
  ) => {
    expectTypeOf(gradientFlow(model, [sample])).toEqualTypeOf<GradientFlow>();
    expectTypeOf(gradientFlow(network, batch)).toEqualTypeOf<GradientFlow>();
    expectTypeOf(gradientFlow(network)).toEqualTypeOf<GradientFlow>();
    // @ts-expect-error a model of the slides holds no batch of its own
    gradientFlow(model);
    // @ts-expect-error an index of a class is a target of a network, not of a model of the slides
    gradientFlow(model, { x: [[1]], y: 1 });
    // @ts-expect-error a network takes one batch, not samples
    gradientFlow(network, [sample]);
    // @ts-expect-error a layer has no loss
    gradientFlow(model.layer, sample);
  };
  expectTypeOf(uses).toBeFunction();
});

test("fit takes samples of the model, or what collate makes a batch of", () => {
  const uses = (
    model: SequenceClassifier<RNN>,
    network: SequenceNetwork,
    slides: Sample[],
    samples: SequenceSample[],
  ) => {
    expectTypeOf(fit(model, slides, options)).toEqualTypeOf<Training>();
    expectTypeOf(fit(network, samples, { ...options, collate: stack })).toEqualTypeOf<Training>();
    // @ts-expect-error a network does not take an array of samples: collate is needed
    fit(network, samples, options);
    // @ts-expect-error collate must make a batch of the network
    fit(network, samples, { ...options, collate: (given: SequenceSample[]) => given.length });
    // @ts-expect-error collate must take the samples that are given
    fit(network, ["text"], { ...options, collate: stack });
    expectTypeOf(
      fit(network, samples, { ...options, collate: stack, validation: samples }),
    ).toEqualTypeOf<Training>();
    // @ts-expect-error validation is a batch, or samples as those of training
    fit(network, samples, { ...options, collate: stack, validation: ["text"] });
    // @ts-expect-error an optimizer is needed
    fit(model, slides, { epochs: 1 });
  };
  expectTypeOf(uses).toBeFunction();
});

test("stack makes a batch that a network takes", () => {
  expectTypeOf(stack).parameter(0).toEqualTypeOf<readonly SequenceSample[]>();
  expectTypeOf<ReturnType<typeof stack>>().toExtend<NetworkBatch>();
  expectTypeOf<SequenceBatch>().toExtend<NetworkBatch>();
});

test("SequenceNetwork takes parts of unrolled/nn, SequenceClassifier those of the slides", () => {
  const uses = (rnn: RecurrentModule, head: Linear, layer: LSTM, dense: Dense) => {
    expectTypeOf(new SequenceNetwork({ rnn, head }).rnn).toEqualTypeOf<RecurrentModule>();
    expectTypeOf(new SequenceClassifier({ layer, head: dense }).layer).toEqualTypeOf<LSTM>();
    // @ts-expect-error an LSTM of the slides
    new SequenceNetwork({ rnn: layer, head });
    // @ts-expect-error a Dense of the slides
    new SequenceNetwork({ rnn, head: dense });
    // @ts-expect-error an unknown loss
    new SequenceNetwork({ rnn, head, loss: "hinge" });
    // @ts-expect-error a module of unrolled/nn
    new SequenceClassifier({ layer: rnn, head: dense });
  };
  expectTypeOf(uses).toBeFunction();
});

// What training does to the flow of gradients: how they flow along the same batch, every so many updates.

import type { LanePlace } from "../flow/flow_row.js";
import { gateSaturation } from "../flow/gate_saturation.js";
import { gradientFlow } from "../flow/gradient_flow.js";
import { gradientQuantiles } from "../flow/gradient_quantiles.js";
import { checkFlowModel, looksInto } from "../flow/trajectory.js";
import type { NetworkBatch } from "../nn/network.js";
import { SequenceNetwork } from "../nn/network.js";
import { mean } from "../numbers/linear_algebra.js";
import { checkOptions, checkSize, kind, misfit } from "../numbers/validation.js";
import type { RecurrentLayer } from "../slides/layers/layer.js";
import type { Sample, SequenceModel } from "../slides/model.js";
import type { Training, TrainingRow } from "./fit.js";

export interface WatchOptions {
  /** a row for update 1 and for each multiple of it; default 50 */
  every?: number;
  /** the t whose gradients the rows have; default 0, T and up to nine between them */
  steps?: readonly number[];
}

/** An update, and how gradients flow along the batch after it. */
export interface WatchRow extends TrainingRow {
  /**
   * norms as in `gradientFlow` and `gradientQuantiles`, by quantity, layer, step and statistic:
   * "h_l0.t0.median", in direction reverse "c_l1_reverse.t10.max"; of parameters the mean, "Wh_l0.t10.mean"
   */
  gradients: Record<string, number>;
  /**
   * how often a gate is saturated, as in `gateSaturation`, over all its units: "f_l0.low", "f_l0.high"; none
   * of an SLSTM or MLSTM
   */
  saturation: Record<string, number>;
}

/** Training that is watched: `for await` makes the updates and gives a row for those that are watched. */
export interface Watch extends AsyncIterable<WatchRow> {
  /** the rows so far */
  readonly rows: WatchRow[];
  /** Runs to the end and returns the rows. */
  finish(): Promise<WatchRow[]>;
}

/**
 * Watches the gradients while a network trains, along one batch that stays the same, such as one to validate
 * by: its norms over t with their quantiles, and how often gates are saturated, next to what fit says of the
 * update.
 *
 *     const watched = watch(fit(network, samples, options), network, batch, { every: 100 });
 *     for await (const { update, gradients } of watched) console.log(update, gradients["h_l0.t0.median"]);
 *     toCsv(watched.rows); // or toTensorBoard
 *
 * The weights become what they would without it, bit for bit. A row costs about as much as three updates.
 *
 * @param model what is trained, a network of unrolled/nn or a model of the slides
 * @param batch what the model's `lossAndGradients` takes
 * @throws {TypeError} for an unknown option, or an argument of the wrong kind; while training, when the
 *   layers of a slides' model are of a class of your own
 * @throws {RangeError} for a value out of its range; while training, for a batch that does not fit the model,
 *   or steps that it does not have
 */
export function watch<Layer extends RecurrentLayer>(
  training: Training,
  model: SequenceModel<Layer>,
  batch: Sample | Sample[],
  options?: WatchOptions,
): Watch;
export function watch(
  training: Training,
  model: SequenceNetwork,
  batch: NetworkBatch,
  options?: WatchOptions,
): Watch;
export function watch(
  training: Training,
  model: SequenceModel | SequenceNetwork,
  batch: Sample | Sample[] | NetworkBatch,
  options: WatchOptions = {},
): Watch {
  checkArguments(training, model, batch, options);
  const { every = 50, steps } = options;
  const rows: WatchRow[] = [];
  const watched: Watch = {
    rows,
    async *[Symbol.asyncIterator]() {
      for await (const row of training) {
        if (row.update > 1 && row.update % every > 0) continue;
        // What flow takes of a network it takes of a model too.
        const [network, own] = [model as SequenceNetwork, batch as NetworkBatch];
        const watchedRow = {
          ...row,
          gradients: gradientsOf(network, own, steps),
          saturation: saturationOf(network, own),
        };
        rows.push(watchedRow);
        yield watchedRow;
      }
    },
    async finish() {
      for await (const row of watched) void row;
      return rows;
    },
  };
  return watched;
}

const placed = (name: string, { layer, direction }: LanePlace) =>
  `${name}_l${layer}${direction === "reverse" ? "_reverse" : ""}`;

function gradientsOf(
  network: SequenceNetwork,
  batch: NetworkBatch,
  steps: readonly number[] | undefined,
): Record<string, number> {
  const quantiles = gradientQuantiles(network, batch);
  const T = quantiles.reduce((last, { t }) => Math.max(last, t), 0);
  const isWatched = new Set(steps === undefined ? spread(T) : checkedSteps(steps, T));
  const gradients: Record<string, number> = {};
  for (const { t, layer, direction, quantity, ...statistics } of quantiles) {
    if (!isWatched.has(t)) continue;
    const name = `${placed(quantity, { layer, direction })}.t${t}`;
    for (const [statistic, norm] of Object.entries(statistics)) gradients[`${name}.${statistic}`] = norm;
  }
  for (const { t, quantity, norm, ...place } of gradientFlow(network, batch)) {
    // For states it is the mean that the quantiles have.
    if (isWatched.has(t)) gradients[`${placed(quantity, place)}.t${t}.mean`] = norm;
  }
  return gradients;
}

function saturationOf(network: SequenceNetwork, batch: NetworkBatch): Record<string, number> {
  if (network instanceof SequenceNetwork && !looksInto(network.rnn.cell)) return {};
  const units: Record<string, number[]> = {};
  for (const { gate, low, high, ...place } of gateSaturation(network, batch)) {
    const name = placed(gate, place);
    (units[`${name}.low`] ??= []).push(low);
    (units[`${name}.high`] ??= []).push(high);
  }
  return Object.fromEntries(Object.entries(units).map(([name, shares]) => [name, mean(shares)]));
}

const mostSteps = 11;

/** Whole numbers from 0 to T, as even as can be. */
function spread(T: number): number[] {
  const count = Math.min(mostSteps, T + 1);
  return Array.from({ length: count }, (_, index) => Math.round((index * T) / (count - 1)));
}

function checkedSteps(steps: readonly number[], T: number): readonly number[] {
  steps.forEach((t, index) => {
    if (!Number.isInteger(t) || t < 0 || t > T) {
      throw misfit("watch", `steps[${index}]`, t, `an integer from 0 to T = ${T}`);
    }
  });
  return steps;
}

function checkArguments(training: unknown, model: unknown, batch: unknown, options: WatchOptions): void {
  if (typeof (training as Partial<Training> | null | undefined)?.[Symbol.asyncIterator] !== "function") {
    throw new TypeError(`watch: training is ${kind(training)}, but must be what fit returns`);
  }
  checkFlowModel("watch", model);
  // Without a batch, flow would take that of the last update.
  if (typeof batch !== "object" || batch === null) {
    throw new TypeError(`watch: batch is ${kind(batch)}, but must be what lossAndGradients takes`);
  }
  checkOptions("watch", options, ["every", "steps"]);
  checkSize("watch", "every", options.every ?? 50);
  const steps: unknown = options.steps;
  if (steps !== undefined && !Array.isArray(steps)) {
    throw new TypeError(`watch: steps is ${kind(steps)}, but must be an array of integers`);
  }
}

// Which learning rates suit: a short training whose η grows from update to update, and is undone.

import type { Chart } from "../charts/chart.js";
import type { LearningRatesChartOptions } from "../charts/learning_rates.js";
import { learningRatesChart } from "../charts/learning_rates.js";
import { withChart } from "../flow/with_chart.js";
import { checkOptions, checkPositive, checkSize } from "../numbers/validation.js";
import type { FitOptions, TrainingData } from "./fit.js";
import { fit } from "./fit.js";
import { checkRule } from "./optimizer.js";
import type { TrainableModel, TrainableNetwork } from "./trainable_network.js";
import { checkTrainable, flatNetwork, writeBack } from "./trainable_network.js";

/** One update of the test. */
export interface LearningRateRow {
  /** η of the update */
  lr: number;
  /** of its batch, before it */
  loss: number;
}

export interface LearningRateRangeOptions<Sample, Batch> extends Pick<
  FitOptions<Sample, Batch>,
  "optimizer" | "batchSize" | "seed" | "clip" | "collate" | "lengthOf"
> {
  /** the first η, default 1e-5 */
  from?: number;
  /** the last η, default 1 */
  to?: number;
  /** how many updates from the first to the last, default 100 */
  updates?: number;
}

/** The rows of the test, which can draw themselves. */
export type LearningRateRange = LearningRateRow[] & {
  /** the loss over η, as Vega-Lite */
  chart(options?: LearningRatesChartOptions): Chart;
};

// As fastai's: no learning rate beyond is of interest.
const divergedAt = 4;

/**
 * The learning rate range test (Smith 2015, section 3.3): trains with η = from · (to / from)^(n / (updates −
 * 1)) at update n = 0, 1, … and says what the loss was. An η that suits is where the loss falls fastest, a
 * few times below that from which it rises. Ends early at a loss of four times the lowest, or one that is not
 * finite. Afterwards the network is as it was, bit for bit.
 *
 *     const range = await learningRateRange(network, samples, { optimizer: adamRule(), collate: stack });
 *     range.chart();
 *
 * @param options those of {@link fit} that a training is to have; of a `groupedRule` the groups' η grow by
 *   the same factor
 * @throws {TypeError} for an unknown option, or an argument of the wrong kind
 * @throws {RangeError} for a value out of its range, or data that the network refuses
 */
export async function learningRateRange<Sample, Batch = Sample[]>(
  network: TrainableNetwork<Batch> | TrainableModel<Batch>,
  data: TrainingData<Sample, Batch>,
  options: LearningRateRangeOptions<Sample, Batch>,
): Promise<LearningRateRange> {
  const where = "learningRateRange";
  checkOptions(where, options, [
    ...["optimizer", "batchSize", "seed", "clip", "collate", "lengthOf", "from", "to", "updates"],
  ]);
  checkTrainable(where, network);
  checkRule(where, "optimizer", options.optimizer);
  const { from = 1e-5, to = 1, updates = 100, ...others } = options;
  checkPositive(where, "from", from);
  checkPositive(where, "to", to);
  if (to <= from) throw new RangeError(`${where}: to is ${to}, but must be above from, ${from}`);
  checkSize(where, "updates", updates);
  if (updates < 2) throw new RangeError(`${where}: updates is ${updates}, but must be at least 2`);

  const model = "setParameters" in network ? network : undefined;
  const flat = "setParameters" in network ? flatNetwork(network) : network;
  const before = flat.parameters.map(({ data, grad }) => ({ data: data.slice(), grad: grad.slice() }));
  const state = structuredClone(flat.state);
  let last: { batch: Batch } | undefined;
  const watched: TrainableNetwork<Batch> = {
    parameters: flat.parameters,
    state: flat.state,
    loss: (batch) => flat.loss(batch),
    lossAndGradients(batch) {
      last = { batch };
      return flat.lossAndGradients(batch);
    },
  };
  const { lr: usual } = options.optimizer;
  const end = new AbortController();
  const training = fit<Sample, Batch>(watched, data, {
    ...others,
    updates,
    schedule: { factor: (n) => (from * (to / from) ** (n / (updates - 1))) / usual },
    signal: end.signal,
  } as Parameters<typeof fit<Sample, Batch>>[2]);
  const rows: LearningRateRow[] = [];
  let lowest = Infinity;
  let failure: { error: unknown } | undefined;
  try {
    for await (const { lr, loss } of training) {
      rows.push({ lr, loss });
      lowest = Math.min(lowest, loss);
      if (loss > divergedAt * lowest) end.abort();
    }
  } catch (error) {
    failure = { error };
  }
  flat.parameters.forEach((parameter, index) => {
    parameter.data.set(before[index].data);
    parameter.grad.set(before[index].grad);
  });
  Object.assign(flat.state ?? {}, state);
  if (model !== undefined) writeBack(flat.parameters, model);
  if (failure !== undefined) {
    const { error } = failure;
    // What the network takes with its first weights was not at fault.
    const isOfRate = rows.length > 0 && last !== undefined && takes(flat, last.batch);
    if (!(error instanceof RangeError && isOfRate)) throw error;
  }
  return withChart(rows, (of: LearningRatesChartOptions = {}) => learningRatesChart(rows, of));
}

/** Whether a network has a loss of the batch, with the weights that it has now. */
function takes<Batch>(network: TrainableNetwork<Batch>, batch: Batch): boolean {
  try {
    return Number.isFinite(network.loss(batch));
  } catch {
    return false;
  }
}

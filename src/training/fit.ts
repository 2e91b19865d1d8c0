// Training, one update after the other: the loop that every example writes again, and what such loops leave
// out. It can be watched, interrupted, stopped early, saved and resumed exactly.

import type { Chart } from "../charts/chart.js";
import type { TrainingChartOptions } from "../charts/training.js";
import { trainingChart } from "../charts/training.js";
import type { Clipping } from "./clipping.js";
import { checkClipping, clipGradients, gradientNorm } from "./clipping.js";
import { mean } from "../numbers/linear_algebra.js";
import type { Floats, Parameter } from "../numbers/tensor.js";
import type { Random } from "../numbers/random.js";
import { randomStream } from "../numbers/random.js";
import { inspectCustom, summary } from "../numbers/summary.js";
import {
  checkCount,
  checkEither,
  checkFlag,
  checkOptions,
  checkSeed,
  checkSize,
  isRecord,
  kind,
  retold,
} from "../numbers/validation.js";
import type { OpenBatches } from "./batch_stream.js";
import { BatchStream } from "./batch_stream.js";
import { batchesOfEpoch } from "./batches.js";
import type { Checkpoint } from "./checkpoint.js";
import { checkCheckpoint, dtypeOf, parameterValues } from "./checkpoint.js";
import { checkRule, Optimizer } from "./optimizer.js";
import type { Schedule, ScheduleState } from "./schedules.js";
import { checkSchedule } from "./schedules.js";
import type { TrainableModel, TrainableNetwork } from "./trainable_network.js";
import { checkTrainable, flatNetwork, writeBack } from "./trainable_network.js";
import type { UpdateRatios } from "./update_ratios.js";
import { UpdateMeter } from "./update_ratios.js";
import type { UpdateRule } from "./update_rules.js";
import { lossOfSamples } from "./validation.js";

/** What one update was like. */
export interface TrainingRow {
  /** 1, 2, …, from the beginning of training, also where it was resumed */
  update: number;
  /** 1, 2, … */
  epoch: number;
  /** the mean loss of the batch, before the update */
  loss: number;
  /** of the validation data, after the update; at the end of an epoch only */
  validationLoss?: number;
  /** what `metrics` measured, by name; at the end of an epoch only */
  metrics?: Record<string, number>;
  /** the global norm of the gradients of all tensors that are updated, before clipping */
  gradientNorm: number;
  /**
   * ‖Δw‖ / ‖w‖ of each tensor by its name, w before the update; none of a tensor of zeros, such as a bias at
   * the start. About 1e-3 is usual; where one tensor is far from the others, its learning rate does not suit.
   * Costs a copy of the weights, and some 30 bytes a tensor in every row that is kept
   */
  updateRatios: UpdateRatios;
  /** η of this update, where there are groups of the tensors that are in none */
  lr: number;
  /** since this call of fit, in seconds */
  elapsed: number;
}

export interface FitOptions<Sample, Batch> {
  /** such as adamRule({ lr: 0.01 }), or a groupedRule, where tensors differ */
  optimizer: UpdateRule;
  /** how many updates in all; either this or epochs */
  updates?: number;
  /** how many times all samples are seen */
  epochs?: number;
  /** samples of a batch, default 32 */
  batchSize?: number;
  /** of the order of the samples, or of what is drawn; any integer, default 0 */
  seed?: number;
  schedule?: Schedule;
  clip?: Clipping;
  /**
   * a batch whose loss is taken at the end of every epoch; or, with `collate`, samples: they go through the
   * network in batches of `batchSize`, so that their number costs no memory, and their loss is that of one
   * batch with all of them
   */
  validation?: Batch | readonly Sample[];
  /**
   * what else is measured at the end of every epoch, under names of one's own, such as `accuracy: () =>
   * classificationReport(network, validation).accuracy`
   */
  metrics?: Record<string, () => number>;
  /** stop when the validation loss has not become lower for more than this many epochs */
  patience?: number;
  /**
   * whether the weights at the end are those of the epoch with the lowest validation loss, instead of the
   * last; default false
   */
  restoreBest?: boolean;
  /** end after the update that is under way */
  signal?: AbortSignal;
  /** continue where another run was */
  from?: Checkpoint;
  /** makes a batch of samples, or a promise of one; by default a batch is an array of them */
  collate?: (samples: Sample[]) => Batch | Promise<Batch>;
  /** the steps of a sample: gathers samples of about the same length */
  lengthOf?: (sample: Sample) => number;
  /** whether samples are shuffled for every epoch, default true */
  shuffle?: boolean;
  /** whether samples that do not fill a batch are left out of an epoch, default false */
  dropLast?: boolean;
  /** of data that is drawn or opened: how many updates count as an epoch, default 100 */
  updatesPerEpoch?: number;
}

/** Where a network does not take an array of samples, `collate` must make a batch of them. */
type Collating<Sample, Batch> = unknown extends Sample
  ? unknown
  : Sample[] extends Batch
    ? unknown
    : { collate: (samples: Sample[]) => Batch | Promise<Batch> };

/**
 * Samples, shuffled again for every epoch; or a function that draws a batch of `batchSize` new ones with
 * random numbers of its own, or promises one; or batches that are ready, used in their order; or a function
 * that opens batches, such as an async generator that reads a file. They are opened again when they have come
 * to an end.
 */
export type TrainingData<Sample, Batch> =
  | readonly Sample[]
  | ((random: Random, batchSize: number) => Batch | Promise<Batch>)
  | { batches: readonly Batch[] | OpenBatches<Batch> };

/** Training that is under way: `for await` makes the updates and gives a row for each. */
export interface Training extends AsyncIterable<TrainingRow> {
  /** the rows so far, tidy */
  readonly rows: TrainingRow[];
  /** how many updates it makes in all unless it is stopped: `update / total` is the progress */
  readonly total: number;
  /** why it ended */
  readonly ended: "updates" | "patience" | "signal" | undefined;
  /** all that is needed to continue from here; JSON keeps every bit of it */
  checkpoint(): Checkpoint;
  /** Runs to the end and returns the rows. */
  finish(): Promise<TrainingRow[]>;
  /** the losses so far, or the ratios of the updates, on a log axis, or the metrics, as Vega-Lite */
  chart(options?: TrainingChartOptions): Chart;
}

/**
 * By convention the host, such as a notebook's kernel, tells here when the running code is to stop.
 */
function hostSignal(): AbortSignal | undefined {
  const host = globalThis as Record<symbol, (() => AbortSignal) | undefined>;
  return host[Symbol.for("stopSignal")]?.();
}

// A notebook's stop button and its outputs wait at most this long, and for the update under way.
const breathAfterMs = 20;

/**
 * Trains a network, or one of the slides' models, update by update:
 *
 *     const training = fit(model, samples, { optimizer: adamRule({ lr: 0.01 }), epochs: 20 });
 *     for await (const { update, loss } of training) if (update % 100 === 0) console.log(update, loss);
 *
 * The loop may be left at any row and continued by another `for await`. Between updates other work gets its
 * turn. The same seed gives the same weights, bit for bit, and so does a run resumed `from` a checkpoint.
 *
 * @throws {TypeError} for an unknown option, or an argument of the wrong kind
 * @throws {RangeError} for a value out of its range; while training, at the first loss, gradient or weight
 *   that is NaN or infinite, with its name and update. A gradient that is not finite does not reach the
 *   weights.
 */
export function fit<Sample, Batch = Sample[]>(
  network: TrainableNetwork<Batch> | TrainableModel<Batch>,
  data: TrainingData<Sample, Batch>,
  options: FitOptions<Sample, Batch> & NoInfer<Collating<Sample, Batch>>,
): Training {
  return new Run(network, data, options);
}

class Run<Sample, Batch> implements Training {
  readonly rows: TrainingRow[] = [];
  readonly total: number;
  ended: Training["ended"];
  readonly #model?: TrainableModel<Batch>;
  readonly #network: TrainableNetwork<Batch>;
  readonly #data: TrainingData<Sample, Batch>;
  readonly #options: FitOptions<Sample, Batch>;
  readonly #optimizer: Optimizer;
  readonly #meter: UpdateMeter;
  readonly #order: Checkpoint["data"];
  readonly #started = performance.now();
  #scheduleState: ScheduleState;
  #updates = 0;
  #best: Checkpoint["best"] = null;
  #epochLosses: number[] = [];
  #batches: { epoch: number; indices: number[][] } = { epoch: -1, indices: [] };
  #coming?: { n: number; batch: Promise<Batch> };
  readonly #stream?: BatchStream<Batch>;

  constructor(
    network: TrainableNetwork<Batch> | TrainableModel<Batch>,
    data: TrainingData<Sample, Batch>,
    options: FitOptions<Sample, Batch>,
  ) {
    checkTrainable("fit", network);
    this.#order = checkArguments(data, options);
    const { updatesPerEpoch } = this.#order;
    this.total = options.updates ?? options.epochs! * updatesPerEpoch;
    if ("setParameters" in network) {
      this.#model = network;
      this.#network = flatNetwork(network);
    } else this.#network = network;
    this.#data = Array.isArray(data) ? [...(data as readonly Sample[])] : data;
    if ("batches" in data && typeof data.batches === "function") this.#stream = new BatchStream(data.batches);
    this.#options = options;
    this.#scheduleState = { ...options.schedule?.initial };
    this.#optimizer = new Optimizer(options.optimizer, this.#network.parameters);
    this.#meter = new UpdateMeter(this.#optimizer.parameters);
    if (options.from !== undefined) this.#resume(options.from);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrainingRow, void, undefined> {
    let breath = performance.now();
    const signal = hostSignal();
    while (!this.#hasEnded()) {
      const n = this.#updates;
      const came = await this.#batchUnlessStopped(n);
      signal?.throwIfAborted();
      // While the batch was on its way, another loop may have made this update.
      if (came.length === 0 || n !== this.#updates) continue;
      const row = this.#update(came[0]);
      this.rows.push(row);
      if (performance.now() - breath > breathAfterMs) {
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        breath = performance.now();
      }
      yield row;
    }
    await this.#stream?.close();
  }

  async finish(): Promise<TrainingRow[]> {
    for await (const row of this) void row;
    return this.rows;
  }

  /** What a notebook or a console shows. */
  [inspectCustom](): string {
    const { rows, total, ended } = this;
    const updates = this.#updates;
    const state = ended === undefined ? "" : `, ended by ${ended}`;
    const last = rows.at(-1);
    const validation = rows.findLast(({ validationLoss }) => validationLoss !== undefined)?.validationLoss;
    const metrics = rows.findLast((row) => row.metrics !== undefined)?.metrics ?? {};
    return summary(`Training: update ${updates} of ${total}${state}`, [
      ...(last === undefined ? [] : [`epoch ${last.epoch}, loss ${last.loss.toPrecision(4)}`]),
      ...(validation === undefined ? [] : [`validation loss ${validation.toPrecision(4)}`]),
      ...Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(4)}`),
      `${this.#options.optimizer.name}, lr ${last?.lr ?? this.#options.optimizer.lr}`,
    ]);
  }

  chart(options?: TrainingChartOptions): Chart {
    return trainingChart(this.rows, options);
  }

  checkpoint(): Checkpoint {
    return structuredClone({
      format: "unrolled-checkpoint-1" as const,
      updates: this.#updates,
      data: this.#order,
      dtype: dtypeOf(this.#network.parameters),
      parameters: parameterValues(this.#network.parameters),
      optimizer: this.#optimizer.state(),
      schedule: this.#scheduleState,
      network: this.#network.state ?? {},
      best: this.#best,
      epochLosses: this.#epochLosses,
    });
  }

  #resume(from: Checkpoint): void {
    checkCheckpoint("fit", from, this.#network.parameters, this.#order);
    this.#optimizer.load(from.optimizer);
    for (const { name, data } of this.#network.parameters) data.set(from.parameters[name]);
    // A schedule that the earlier run did not have begins here.
    this.#scheduleState = { ...this.#scheduleState, ...from.schedule };
    Object.assign(this.#network.state ?? {}, from.network);
    this.#updates = from.updates;
    this.#best = from.best && { ...from.best };
    this.#epochLosses = [...from.epochLosses];
    if (this.#model !== undefined) writeBack(this.#network.parameters, this.#model);
  }

  #hasEnded(): boolean {
    const { patience, signal } = this.#options;
    const beyond = patience !== undefined && this.#best !== null && this.#best.epochsAgo > patience;
    if (this.#updates >= this.total) this.ended = "updates";
    else if (beyond) this.ended = "patience";
    else this.ended = signal?.aborted ? "signal" : undefined;
    if (this.ended === "updates" || this.ended === "patience") this.#restoreBest();
    return this.ended !== undefined;
  }

  /** Takes the best weights, except where a signal stopped the run, which may continue from the last ones. */
  #restoreBest(): void {
    const { parameters } = this.#network;
    const best = this.#best?.parameters;
    if (best === undefined) return;
    for (const { name, data } of parameters) data.set(best[name]);
    if (this.#model !== undefined) writeBack(parameters, this.#model);
  }

  #update(batch: Batch): TrainingRow {
    const { parameters } = this.#optimizer;
    const { clip, schedule, optimizer } = this.#options;
    const n = this.#updates;
    const at = ` at update ${n + 1}`;
    const epoch = Math.floor(n / this.#order.updatesPerEpoch);
    const loss = this.#lossAndGradients(batch, n);
    checkNumbers(parameters, "grad", "the gradient of ", at);
    if (!Number.isFinite(loss)) throw new RangeError(`fit: the loss is ${loss}${at}, but must be finite`);
    const norm = clip === undefined ? gradientNorm(parameters) : clipGradients(parameters, clip);
    const lr = optimizer.lr * (schedule?.factor(n, this.#scheduleState) ?? 1);
    this.#meter.remember();
    this.#optimizer.step(lr);
    checkNumbers(parameters, "data", "", at);
    const updateRatios = this.#meter.ratios();
    if (this.#model !== undefined) writeBack(this.#network.parameters, this.#model);
    this.#updates++;
    this.#coming = undefined;
    this.#epochLosses.push(loss);
    const isLast = this.#updates % this.#order.updatesPerEpoch === 0;
    return {
      update: n + 1,
      epoch: epoch + 1,
      loss,
      ...(isLast && this.#endEpoch(at)),
      gradientNorm: norm,
      updateRatios,
      lr,
      elapsed: (performance.now() - this.#started) / 1000,
    };
  }

  #lossAndGradients(batch: Batch, n: number): number {
    try {
      return this.#network.lossAndGradients(batch);
    } catch (error) {
      throw this.#located(error, n);
    }
  }

  /** Adds to an error its update and which of all samples it is about, since they are shuffled. */
  #located(error: unknown, n: number): unknown {
    if (!(error instanceof Error)) return error;
    const epoch = Math.floor(n / this.#order.updatesPerEpoch);
    const { indices } = this.#batches.epoch === epoch ? this.#batches : { indices: [] };
    const samples = indices[n % this.#order.updatesPerEpoch] ?? [];
    const ofData = (sample: number) => `sample ${sample} of the data`;
    const named = error.message.replace(/sample (\d+) of the batch/g, (text, b: string) =>
      Number(b) in samples ? ofData(samples[Number(b)]) : text,
    );
    const only = samples.length === 1 && named === error.message ? ` (${ofData(samples[0])})` : "";
    return retold(error, `fit: at update ${n + 1} in epoch ${epoch + 1}: ${named}${only}`);
  }

  /** The batch of update n. Loops that wait for it at the same time get the same one. */
  async #batch(n: number): Promise<Batch> {
    if (this.#coming?.n !== n) this.#coming = { n, batch: this.#makeBatch(n) };
    try {
      return await this.#coming.batch;
    } catch (error) {
      this.#coming = undefined;
      throw this.#located(error, n);
    }
  }

  /** The batch of update n in an array; an empty one when the signal comes before it. */
  async #batchUnlessStopped(n: number): Promise<[Batch] | []> {
    const { signal } = this.#options;
    if (signal === undefined) return [await this.#batch(n)];
    const coming = this.#batch(n);
    let stop!: () => void;
    const stopped = new Promise<[]>((resolve) => {
      stop = () => {
        resolve([]);
      };
    });
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      const came = await Promise.race([coming.then((batch): [Batch] => [batch]), stopped]);
      return signal.aborted ? [] : came;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #makeBatch(n: number): Promise<Batch> {
    const data = this.#data;
    const { seed, batchSize, updatesPerEpoch } = this.#order;
    const epoch = Math.floor(n / updatesPerEpoch);
    if (typeof data === "function") return data(randomStream(seed, n), batchSize);
    if (this.#stream !== undefined) return this.#stream.batch(n);
    if ("batches" in data) return (data.batches as readonly Batch[])[n % updatesPerEpoch];
    const { collate = (samples: Sample[]) => samples as Batch } = this.#options;
    return collate(this.#indices(data, epoch)[n % updatesPerEpoch].map((index) => data[index]));
  }

  /** Which samples make up which batch of an epoch. */
  #indices(data: readonly Sample[], epoch: number): number[][] {
    if (this.#batches.epoch !== epoch) {
      const { seed, batchSize } = this.#order;
      const { lengthOf, shuffle, dropLast = false } = this.#options;
      const indices = batchesOfEpoch(data.length, batchSize, seed, epoch, {
        lengthOf: lengthOf && ((index: number) => lengthOf(data[index])),
        shuffle,
      });
      const isKept = (batch: number[]) => !dropLast || batch.length === batchSize;
      this.#batches = { epoch, indices: indices.filter(isKept) };
    }
    return this.#batches.indices;
  }

  #validationLoss(validation: Batch | readonly Sample[]): number {
    if (!areSamples(validation, this.#options)) return this.#network.loss(validation);
    return lossOfSamples(this.#network, validation, this.#order.batchSize, this.#options.collate!);
  }

  /** Takes the loss of the validation data, if there are any, and measures what is wanted. */
  #endEpoch(at: string): Pick<TrainingRow, "validationLoss" | "metrics"> {
    const { validation, schedule, metrics } = this.#options;
    const meanLoss = mean(this.#epochLosses);
    this.#epochLosses = [];
    const validationLoss = validation === undefined ? undefined : this.#validationLoss(validation);
    if (validationLoss !== undefined) {
      if (!Number.isFinite(validationLoss)) {
        throw new RangeError(`fit: the validation loss is ${validationLoss}${at}, but must be finite`);
      }
      if (this.#best === null || validationLoss < this.#best.loss) {
        const { restoreBest = false } = this.#options;
        const parameters = restoreBest && { parameters: parameterValues(this.#network.parameters) };
        this.#best = { loss: validationLoss, epochsAgo: 0, ...parameters };
      } else this.#best.epochsAgo++;
    }
    schedule?.observe?.(this.#scheduleState, validationLoss ?? meanLoss);
    return {
      ...(validationLoss !== undefined && { validationLoss }),
      ...(metrics !== undefined && { metrics: measured(metrics, at) }),
    };
  }
}

/** Samples that go through the network in batches, not all at once. */
function areSamples<Sample, Batch>(
  validation: Batch | readonly Sample[],
  { collate }: Pick<FitOptions<Sample, Batch>, "collate">,
): validation is readonly Sample[] {
  return collate !== undefined && Array.isArray(validation);
}

function measured(metrics: Record<string, () => number>, at: string): Record<string, number> {
  const entries = Object.entries(metrics).map(([name, measure]): [string, number] => {
    const value: unknown = measure();
    if (typeof value === "number") return [name, value];
    throw new TypeError(`fit: metrics.${name} returned ${kind(value)}${at}, but must return a number`);
  });
  return Object.fromEntries(entries);
}

/** Checks what was passed to fit, and says what the order of the data follows from. */
function checkArguments<Sample, Batch>(
  data: TrainingData<Sample, Batch>,
  options: FitOptions<Sample, Batch>,
): Checkpoint["data"] {
  checkOptions("fit", options, [
    ...["optimizer", "updates", "epochs", "batchSize", "seed", "schedule", "clip", "validation", "patience"],
    ...[
      "restoreBest",
      "metrics",
      "signal",
      "from",
      "collate",
      "lengthOf",
      "shuffle",
      "dropLast",
      "updatesPerEpoch",
    ],
  ]);
  const { optimizer, updates, epochs, batchSize = 32, seed = 0, clip, validation, patience } = options;
  const { schedule, signal, restoreBest = false, from, shuffle = true, dropLast = false } = options;
  const metrics: unknown = options.metrics ?? {};
  checkRule("fit", "optimizer", optimizer);
  for (const name of ["collate", "lengthOf"] as const) {
    const given: unknown = options[name];
    if (given !== undefined && typeof given !== "function") {
      throw new TypeError(`fit: ${name} is ${kind(given)}, but must be a function`);
    }
  }
  if (!isRecord(metrics)) throw new TypeError(`fit: metrics is ${kind(metrics)}, but must be an object`);
  for (const [name, measure] of Object.entries(metrics)) {
    if (typeof measure !== "function") {
      throw new TypeError(`fit: metrics.${name} is ${kind(measure)}, but must be a function`);
    }
  }
  if (areSamples(validation, options) && validation.length === 0) {
    throw new RangeError("fit: validation is empty, but needs at least one sample");
  }
  if (schedule !== undefined) checkSchedule("fit", "schedule", schedule);
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.aborted !== "boolean") {
    throw new TypeError(
      `fit: signal is ${kind(signal)}, but must be an AbortSignal, such as new AbortController().signal`,
    );
  }
  checkEither("fit", { updates, epochs });
  checkSize("fit", updates === undefined ? "epochs" : "updates", (updates ?? epochs)!);
  checkSize("fit", "batchSize", batchSize);
  checkSeed("fit", seed);
  if (clip !== undefined) checkClipping("fit", clip);
  if (patience !== undefined) {
    checkCount("fit", "patience", patience);
    checkValidation("patience", validation);
  }
  checkFlag("fit", "restoreBest", restoreBest);
  checkFlag("fit", "shuffle", shuffle);
  checkFlag("fit", "dropLast", dropLast);
  if (!shuffle && options.lengthOf !== undefined) {
    throw new TypeError("fit: lengthOf is given, but gathers samples in another order, and shuffle is false");
  }
  const isDrawn = typeof data === "function";
  if (restoreBest) checkValidation("restoreBest", validation);
  if (restoreBest && from?.best && from.best.parameters === undefined) {
    throw new RangeError(
      "fit: from has no best weights, but must be of a run with restoreBest, as this one is",
    );
  }
  const batches: unknown = isDrawn ? undefined : (data as { batches?: unknown } | null)?.batches;
  if (isDrawn || batches !== undefined) {
    const ofReady = ["batchSize", "collate", "lengthOf"] as const;
    const needless = [...(isDrawn ? [] : ofReady), "shuffle" as const, "dropLast" as const].find(
      (name) => options[name] !== undefined,
    );
    if (needless !== undefined) {
      const because = isDrawn ? "the batches of data are drawn" : "data.batches are ready";
      throw new TypeError(`fit: ${needless} is given, but must not be: ${because}`);
    }
  }
  if (isDrawn || typeof batches === "function") {
    const { updatesPerEpoch = 100 } = options;
    checkSize("fit", "updatesPerEpoch", updatesPerEpoch);
    return { seed, batchSize: isDrawn ? batchSize : 0, samples: null, updatesPerEpoch };
  }
  if (options.updatesPerEpoch !== undefined) {
    throw new TypeError(
      "fit: updatesPerEpoch is given, but must not be: an epoch of samples or batches is all of them",
    );
  }
  if (batches !== undefined) {
    const must = "but must be an array of at least one batch, or a function that opens them";
    if (!Array.isArray(batches)) throw new TypeError(`fit: data.batches is ${kind(batches)}, ${must}`);
    if (batches.length === 0) throw new RangeError(`fit: data.batches is empty, ${must}`);
    return { seed, batchSize: 0, samples: batches.length, updatesPerEpoch: batches.length };
  }
  if (!Array.isArray(data)) {
    throw new TypeError(
      `fit: data is ${kind(data)}, but must be an array of samples, a function, or { batches }`,
    );
  }
  if (data.length === 0) throw new RangeError("fit: data is empty, but needs at least one sample");
  const updatesPerEpoch = Math[dropLast ? "floor" : "ceil"](data.length / batchSize);
  if (updatesPerEpoch === 0) {
    throw new RangeError(
      `fit: data has ${data.length} samples, but batchSize is ${batchSize}, and dropLast leaves no batch`,
    );
  }
  const unshuffled = shuffle ? {} : { shuffle };
  return { seed, batchSize, samples: data.length, updatesPerEpoch, ...unshuffled };
}

/** Some options need data to validate by. */
function checkValidation(option: string, validation: unknown): void {
  if (validation !== undefined) return;
  throw new TypeError(`fit: validation is undefined, but must be given for ${option} to judge by`);
}

/** Names the first parameter whose value or gradient has a number that is not finite. */
function checkNumbers(
  parameters: readonly Parameter[],
  part: "data" | "grad",
  prefix: string,
  at: string,
): void {
  for (const parameter of parameters) {
    const numbers: Floats = parameter[part];
    for (let k = 0; k < numbers.length; k++) {
      if (!Number.isFinite(numbers[k])) {
        throw new RangeError(
          `fit: ${prefix}${parameter.name} contains ${numbers[k]}${at}, but must be finite`,
        );
      }
    }
  }
}

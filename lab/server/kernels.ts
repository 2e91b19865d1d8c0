// All kernels of the server, and a spare one: the next notebook in the same folder finds its kernel warm.

import { setTimeout as sleep } from "node:timers/promises";
import { HttpError } from "./http.js";
import { Kernel } from "./kernel.js";
import { DEFAULT_KERNEL, findKernelspec } from "./kernelspecs.js";

export interface StartKernel {
  /** The kernelspec; ours if nothing is said. */
  name?: string;
  cwd: string;
  env?: Record<string, string>;
}

/** The page that asked for a kernel is being loaded, and needs the processors first. */
const SPARE_AFTER_MS = 5000;

export class Kernels {
  readonly #kernels = new Map<string, Kernel>();
  readonly #missedBeats: number | undefined;
  /** All that have a process, the spare one too. */
  readonly #started = new Set<Kernel>();
  readonly #killAll = () => {
    for (const kernel of this.#started) kernel.kill();
  };
  #spare: Kernel | undefined;
  #preparing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(missedBeats?: number) {
    this.#missedBeats = missedBeats;
    // However this process ends, as long as it can do a last thing.
    process.on("exit", this.#killAll);
  }

  list(): Kernel[] {
    return [...this.#kernels.values()];
  }

  /** @throws {HttpError} 404 */
  get(id: string): Kernel {
    const kernel = this.#kernels.get(id);
    if (!kernel) throw new HttpError(404, `Kernel does not exist: ${id}`);
    return kernel;
  }

  has(id: string): boolean {
    return this.#kernels.has(id);
  }

  /**
   * Starts a kernel, or takes the spare one.
   * @throws {HttpError} 501 for an unknown name, 500 when it cannot be started
   */
  async start({ name = DEFAULT_KERNEL, cwd, env }: StartKernel): Promise<Kernel> {
    // One that is on its way is nearer than another.
    await this.#preparing;
    const kernel = this.#takeSpare(name, cwd) ?? (await this.#launch({ name, cwd, env }));
    this.#kernels.set(kernel.id, kernel);
    if (name === DEFAULT_KERNEL) void this.#prepareSpareAfter(kernel);
    return kernel;
  }

  /** Has a spare kernel in a folder, for a notebook that will soon be opened there. */
  warmUp(cwd: string): Promise<void> {
    return (this.#preparing = this.#preparing.then(() => this.#prepareSpare(cwd)).catch(() => undefined));
  }

  /** @throws {HttpError} 404 */
  async shutdown(id: string): Promise<void> {
    const kernel = this.get(id);
    this.#kernels.delete(id);
    await this.#end(kernel);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const endAll = () => Promise.all([...this.#started].map((kernel) => this.#end(kernel)));
    await endAll();
    await this.#preparing;
    await endAll();
    this.#kernels.clear();
    process.off("exit", this.#killAll);
  }

  async #end(kernel: Kernel): Promise<void> {
    await kernel.shutdown();
    this.#started.delete(kernel);
  }

  async #launch({ name = DEFAULT_KERNEL, cwd, env }: StartKernel): Promise<Kernel> {
    const spec = await findKernelspec(name);
    if (this.#isClosed) throw new HttpError(503, "the server is closing");
    const kernel = await Kernel.start({ spec, cwd, env, missedBeats: this.#missedBeats });
    this.#started.add(kernel);
    // Closed while it was starting: nothing else would end it.
    if (this.#isClosed) await this.#end(kernel);
    return kernel;
  }

  /** In the folder of `first`, which is ready before: two that start at once both take twice as long. */
  async #prepareSpareAfter(first: Kernel): Promise<void> {
    await first.ready.catch(() => undefined);
    await sleep(SPARE_AFTER_MS, undefined, { ref: false });
    await this.warmUp(first.cwd);
  }

  async #prepareSpare(cwd: string): Promise<void> {
    if (this.#isClosed || (this.#spare?.cwd === cwd && !this.#spare.isDead)) return;
    const outdated = this.#spare;
    this.#spare = undefined;
    if (outdated) await this.#end(outdated);
    this.#spare = await this.#launch({ cwd });
  }

  #takeSpare(name: string, cwd: string): Kernel | undefined {
    const spare = this.#spare;
    if (name !== DEFAULT_KERNEL || spare?.cwd !== cwd || spare.isDead) return undefined;
    this.#spare = undefined;
    return spare;
  }
}

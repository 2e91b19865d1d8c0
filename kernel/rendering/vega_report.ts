// What Vega and Vega-Lite report while they draw one chart. It is kept from the console, where it would be
// printed amid the cell's output, before the chart is there.

import type { LoggerInterface } from "vega";

export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** A logger whose methods also work when Vega has taken them off it. */
export class VegaReport implements LoggerInterface {
  readonly #errors = new Set<string>();
  readonly #warnings = new Set<string>();

  get errors(): string[] {
    return [...this.#errors];
  }

  /** Each one once, and none of what only a browser has. */
  get warnings(): string[] {
    return [...this.#warnings].filter((warning) => !warning.includes("event source: window"));
  }

  level(): number;
  level(value: number): this;
  level(value?: number): number | this {
    return value === undefined ? 0 : this;
  }

  readonly error = (...parts: readonly unknown[]): this => this.#add(this.#errors, parts);
  readonly warn = (...parts: readonly unknown[]): this => this.#add(this.#warnings, parts);
  readonly info = (): this => this;
  readonly debug = (): this => this;

  #add(reports: Set<string>, parts: readonly unknown[]): this {
    reports.add(parts.map(messageOf).join(" "));
    return this;
  }
}

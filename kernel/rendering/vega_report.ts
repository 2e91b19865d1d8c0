// What Vega and Vega-Lite report while they draw one chart. It is kept from the console, where it would be printed
// amid the cell's output, and goes into the error if the chart fails.
import type { LoggerInterface } from "vega";

export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** A logger whose methods also work when Vega has taken them off it. */
export class VegaReport implements LoggerInterface {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];

  level(): number;
  level(value: number): this;
  level(value?: number): number | this {
    return value === undefined ? 0 : this;
  }

  readonly error = (...parts: readonly unknown[]): this => this.#add(this.errors, parts);
  readonly warn = (...parts: readonly unknown[]): this => this.#add(this.warnings, parts);
  readonly info = (): this => this;
  readonly debug = (): this => this;

  #add(reports: string[], parts: readonly unknown[]): this {
    reports.push(parts.map(messageOf).join(" "));
    return this;
  }
}

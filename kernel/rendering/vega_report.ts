// What Vega and Vega-Lite report while they draw one chart. It is kept from the console, where it would be printed
// amid the cell's output, and goes into the error if the chart fails.
import type { LoggerInterface } from "vega";

export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

export class VegaReport implements LoggerInterface {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];

  level(): number;
  level(value: number): this;
  level(value?: number): number | this {
    return value === undefined ? 0 : this;
  }

  error(...parts: readonly unknown[]): this {
    this.errors.push(parts.map(messageOf).join(" "));
    return this;
  }

  warn(...parts: readonly unknown[]): this {
    this.warnings.push(parts.map(messageOf).join(" "));
    return this;
  }

  info(): this {
    return this;
  }

  debug(): this {
    return this;
  }
}

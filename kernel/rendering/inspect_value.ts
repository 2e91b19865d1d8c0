// `util.inspect` for values of any kind: their own inspectors and getters may throw, and the value is still
// shown.

import type { InspectOptions } from "node:util";
import { inspect } from "node:util";
import { attempt } from "./safe_access.js";

export const inspectValue = (value: unknown, options: InspectOptions = {}): string =>
  attempt(() => inspect(value, options)) ??
  attempt(() => inspect(value, { ...options, customInspect: false })) ??
  `(${typeof value} that cannot be shown)`;

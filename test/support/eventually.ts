// Waits until what is expected holds; only what never comes to hold fails.

import { vi } from "vitest";

const PATIENCE_MS = 300_000;

/** Tries `check` until it throws nothing more, and returns what it returns. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: PATIENCE_MS, interval: 50 });

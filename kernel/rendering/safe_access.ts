// Looking into values of unknown make: a getter may throw, and a proxy may answer whatever it is asked for.

/** What `value` has under `name`, itself or by its class; undefined where it has nothing or will not say. */
export function property(value: unknown, name: string | symbol): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    return name in value ? (value as Record<string | symbol, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}

/** A method, bound to `value`. */
export function method(value: unknown, name: string): ((...args: unknown[]) => unknown) | undefined {
  const found = property(value, name);
  return typeof found === "function" ? (...args) => Reflect.apply(found, value, args) as unknown : undefined;
}

/** What `read` returns; undefined if it throws. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

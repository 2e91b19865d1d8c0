// What kind of object a value is.

export type JsonObject = Record<string, unknown>;

/** Whether JSON writes it in braces. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// What leaves the kernel is JSON. Made so here, where an error still reaches the cell that caused it.

/**
 * A copy of `value` as the front-end will receive it: functions and undefined left out, `toJSON` asked, typed
 * arrays as arrays, NaN and ±Infinity as null, a BigInt as the nearest number, which is all that the
 * front-end could read.
 * @param where names the argument in the error
 * @throws {TypeError} for what JSON cannot say: objects that contain themselves
 */
export function toJson<T>(where: string, value: T): T {
  try {
    return JSON.parse(JSON.stringify(value, withNumbers)) as T;
  } catch (error) {
    throw new TypeError(`${where} cannot be written as JSON: ${(error as Error).message.split("\n")[0]}`, {
      cause: error,
    });
  }
}

function withNumbers(this: Record<string, unknown>, key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  // A Buffer's own `toJSON` has been asked already.
  const own = this[key];
  return ArrayBuffer.isView(own) && !(own instanceof DataView) ? [...(own as Uint8Array)] : value;
}

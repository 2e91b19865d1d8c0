// What leaves the kernel is JSON. Made so here, where an error still reaches the cell that caused it.

/**
 * A copy of `value` as JSON has it: functions and undefined left out, `toJSON` asked.
 * @param where names the argument in the error
 * @throws TypeError for what JSON cannot say: BigInt, and objects that contain themselves
 */
export function toJson<T>(where: string, value: T): T {
  try {
    return JSON.parse(JSON.stringify(value)) as T;
  } catch (error) {
    throw new TypeError(`${where} cannot be written as JSON: ${(error as Error).message.split("\n")[0]}`, {
      cause: error,
    });
  }
}

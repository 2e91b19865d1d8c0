// The error about a file, and nothing else: a caller that reads files of strangers can tell it from its own
// mistakes.

/**
 * A file of weights that cannot be read: the message names the reader, the tensor or field, what came and
 * what was expected.
 */
export class WeightFileError extends Error {
  override readonly name = "WeightFileError";
}

/**
 * Cut short: names come from the file, so its author could make the message very long.
 *
 * @throws {WeightFileError} always
 */
export function refuse(where: string, problem: string, cause?: unknown): never {
  const short = problem.length <= 500 ? problem : `${problem.slice(0, 500)} …`;
  throw new WeightFileError(`${where}: ${short}`, cause === undefined ? undefined : { cause });
}

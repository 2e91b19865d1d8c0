/** Returns what runs actions one after the other, also after one that failed. */
export function inTurn(): <T>(action: () => T | Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const next = last.then(action);
    last = next.catch(() => undefined);
    return next;
  };
}

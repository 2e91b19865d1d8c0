// Reading a socket for as long as it is open.

import { setImmediate } from "node:timers/promises";

/** For how long messages may follow each other before timers and other sockets have their turn. */
const BREATH_MS = 20;

/**
 * Calls `handle` with the frames of each message. ZeroMQ hands over up to 512 waiting messages without a
 * pause; of someone who prints faster than they are read, these are seconds in which no timer goes off and no
 * interrupt is sent.
 */
export async function forEachMessage(
  socket: AsyncIterable<Buffer[]>,
  handle: (frames: Buffer[]) => void,
): Promise<void> {
  let breath = performance.now();
  for await (const frames of socket) {
    handle(frames);
    if (performance.now() - breath < BREATH_MS) continue;
    await setImmediate();
    breath = performance.now();
  }
}

// ZeroMQ takes one message at a time.

interface Sending {
  send(frames: Buffer[]): Promise<void>;
}

/** Sends over `socket` in the order of the calls, each when the one before it has left. */
export function inOrder(socket: Sending): (frames: Buffer[]) => Promise<void> {
  let last = Promise.resolve();
  return (frames) => (last = last.then(() => socket.send(frames)));
}

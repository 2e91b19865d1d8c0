// Node's own modules, asked for when they are needed: browsers have none, and bundlers must not look for
// them.

interface Port {
  on(event: "message", listener: (message: unknown) => void): void;
}

export interface NodeWorker {
  postMessage(message: unknown): void;
  /** Lets the process end while the thread waits. */
  unref(): void;
}

export type NodeWorkerClass = new (
  source: string,
  options: { eval: true; name: string; execArgv: string[] },
) => NodeWorker;

interface Builtins {
  os: { availableParallelism(): number };
  worker_threads: {
    Worker: NodeWorkerClass;
    /** of the thread that asks, in a thread only */
    parentPort?: Port;
  };
}

/** undefined where there is no such module. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  return process?.getBuiltinModule?.(`node:${name}`) as Builtins[Name] | undefined;
}

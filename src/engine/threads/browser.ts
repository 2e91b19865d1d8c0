// What browsers have of threads; Node has none of these names, or means something else by them.

export interface BrowserWorker {
  postMessage(message: unknown): void;
  onmessage: (() => void) | null;
  onerror: ((event: { message?: string; preventDefault(): void }) => void) | null;
  terminate(): void;
}

interface Scope {
  Worker?: new (url: string, options: { name: string }) => BrowserWorker;
  /** whether memory may be shared: the page came with the headers COOP and COEP */
  crossOriginIsolated?: boolean;
  /** in the thread of a page */
  document?: unknown;
  navigator?: { hardwareConcurrency?: number };
  /** in a worker */
  onmessage?: (event: { data: unknown }) => void;
  postMessage?: (message: unknown) => void;
}

export const browserScope = globalThis as unknown as Scope;

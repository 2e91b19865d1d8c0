// A real kernel process for the tests of one file, in an empty folder of its own.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Subscriber } from "zeromq";
import { afterAll, beforeAll, expect } from "vitest";
import type { Execution, KernelClient } from "../../kernel/protocol/client.js";
import { startKernel } from "../../kernel/protocol/client.js";
import type { Connection } from "../../kernel/protocol/connection.js";
import { endpoint } from "../../kernel/protocol/connection.js";
import type { Message } from "../../kernel/protocol/messages.js";
import { MessageCodec } from "../../kernel/protocol/messages.js";
import { eventually } from "./eventually.js";
// Every message that a test reads is what the protocol says.
import "./message_spec.js";

export interface TestKernel {
  client: KernelClient;
  folder: string;
  /** Executes a cell that must succeed and returns its result's text. */
  evaluate(code: string): Promise<string | undefined>;
  /** Executes a cell and returns what it printed on stdout and stderr. */
  printed(code: string): Promise<string>;
}

/** Starts a kernel before the file's tests and ends it after them. */
export function useKernel(): TestKernel {
  const kernel = {
    evaluate: async (code: string) => resultText(succeeded(await kernel.client.execute(code))),
    printed: async (code: string) => streamText(succeeded(await kernel.client.execute(code))),
  } as TestKernel;
  beforeAll(async () => {
    kernel.folder = mkdtempSync(join(tmpdir(), "unrolled-test-"));
    kernel.client = await startKernel({
      cwd: kernel.folder,
      env: { UNROLLED_PROGRESS: join(kernel.folder, "progress.json") },
    });
  });
  afterAll(async () => {
    await kernel.client.shutdown();
    rmSync(kernel.folder, { recursive: true });
  });
  return kernel;
}

function succeeded(execution: Execution): Execution {
  if (execution.error) throw new Error(plainTraceback(execution.error).join("\n"));
  return execution;
}

/** The traceback of an error, if there is one, without its colours. */
export function plainTraceback(error: { traceback: string[] } | undefined): string[] {
  return error?.traceback.map(stripVTControlCharacters) ?? [];
}

export function resultText({ outputs }: Execution): string | undefined {
  const result = outputs.find((output) => output.output_type === "execute_result");
  return result?.data["text/plain"] as string | undefined;
}

export function streamText({ outputs }: Execution): string {
  return outputs.map((output) => (output.output_type === "stream" ? output.text : "")).join("");
}

/** Until a listener, which is a client of its own, has heard all that the kernel has published so far. */
export async function heard({ client }: TestKernel, { received }: { received: Message[] }): Promise<void> {
  const { parent } = await client.request("shell", "kernel_info_request", {});
  await eventually(() => {
    const ends = received.filter(({ content }) => content.execution_state === "idle");
    expect(ends.map((end) => end.parent.msg_id)).toContain(parent.msg_id);
  });
}

/** A second client that listens on iopub for all the tests of one file. */
export function useListener(kernel: TestKernel): { received: Message[] } {
  const listener: { received: Message[] } = { received: [] };
  let listening: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    listening = await listen(kernel.client.connection);
    listener.received = listening.received;
  });
  afterAll(() => {
    listening.close();
  });
  return listener;
}

/** Listens on iopub as a second client; `received` grows. `close` must be called. */
export async function listen(connection: Connection): Promise<{ received: Message[]; close(): void }> {
  const socket = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  const codec = new MessageCodec(connection.key);
  const received: Message[] = [];
  socket.connect(endpoint(connection, "iopub"));
  socket.subscribe();
  const welcomed = new Promise<void>((resolve) => {
    void (async () => {
      for await (const frames of socket) {
        const message = codec.decode(frames);
        if (message.header.msg_type === "iopub_welcome") resolve();
        else received.push(message);
      }
    })();
  });
  await welcomed;
  return {
    received,
    close: () => {
      socket.close();
    },
  };
}

// `unrolled lab`: the workbook in JupyterLab, served from this process until it is stopped.

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { isIP } from "node:net";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { packageRoot } from "../kernel/package_root.js";
import { userFolders } from "../kernel/user_folders.js";
import type { LabServer } from "../lab/server/server.js";
import { startServer } from "../lab/server/server.js";
import { openBrowser } from "./lab/browser.js";
import { workbookRoutes } from "./lab/routes.js";
import type { Locale } from "./lab/workbook.js";
import { Workbook } from "./lab/workbook.js";

const usage = `usage: unrolled lab [DIR] [--port N] [--ip ADDRESS] [--no-browser] [--language en|ko]`;

/** What a shell says of a program that SIGINT has ended. */
const INTERRUPTED = 130;

/**
 * Serves until Ctrl-C or SIGTERM; returns the exit code.
 * @throws {Error} that says what was wrong with the arguments
 */
export async function lab(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      port: { type: "string" },
      ip: { type: "string", default: "127.0.0.1" },
      "no-browser": { type: "boolean", default: false },
      language: { type: "string", default: systemLocale() },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length > 1)
    throw new Error(`lab: the number of folders is ${positionals.length}, but must be 1\n${usage}`);
  const locale = asLocale(values.language);
  const port = values.port === undefined ? undefined : asPort(values.port);
  const ip = asAddress(values.ip);
  const root = resolve(positionals[0] ?? join(homedir(), "unrolled-workbook"));
  await makeFolder(root);

  let hasHungUp = false;
  process.once("SIGHUP", () => (hasHungUp = true));
  buildFrontEnd();
  const workbook = new Workbook(root);
  const first = (await workbook.isAtHome()) ? await firstNotebook(workbook, locale) : undefined;
  const server = await startServer({
    root,
    port,
    ip,
    staticDir: join(packageRoot, "dist", "lab", "static"),
    settingsDir: join(userFolders().data, "lab"),
    language: locale,
    pageConfig: first === undefined ? {} : { firstNotebook: first },
    routes: workbookRoutes(workbook, locale),
  }).catch((error: NodeJS.ErrnoException) => {
    throw asSentence(error, port, ip);
  });
  let removeOpened: (() => Promise<void>) | undefined;
  try {
    // For the chapter with which the page begins, or the one that was open last.
    if (first !== undefined) await server.warmUp(dirname(first));
    const pages = [server.url, ...(server.outerUrl ? [server.outerUrl] : [])].map((url) => `    ${url}\n`);
    console.log(`JupyterLab is at\n\n${pages.join("")}\nand works in ${root}. Ctrl-C stops it.`);
    if (!values["no-browser"]) removeOpened = await openBrowser(server.invite("/lab"));
    await untilStopped(server);
  } finally {
    await removeOpened?.();
    await server.close();
  }
  // At its end Node resets the terminal, and aborts where there is none any more. No listener is left: this
  // ends us.
  if (hasHungUp) process.kill(process.pid, "SIGHUP");
  return 0;
}

const systemLocale = (): Locale =>
  Intl.DateTimeFormat().resolvedOptions().locale.startsWith("ko") ? "ko" : "en";

function asLocale(text: string): Locale {
  if (text === "en" || text === "ko") return text;
  throw new Error(`lab: --language is ${JSON.stringify(text)}, but must be "en" or "ko"`);
}

function asPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`lab: --port is ${JSON.stringify(text)}, but must be a number from 0 to 65535`);
}

/** Numbers only: of an empty text, or a short form such as 0, the system would make all addresses. */
function asAddress(text: string): string {
  if (isIP(text) !== 0 || text === "localhost") return text;
  throw new Error(`lab: --ip is ${JSON.stringify(text)}, but must be an IP address such as 127.0.0.1`);
}

function asSentence(error: NodeJS.ErrnoException, port: number | undefined, ip: string): Error {
  if (error.code === "EADDRINUSE") return new Error(`lab: port ${port} is taken`);
  if (error.code === "EACCES")
    return new Error(`lab: port ${port} needs more rights than yours: permission denied`);
  if (error.code === "EADDRNOTAVAIL")
    return new Error(`lab: --ip is "${ip}", but must be an address of this machine`);
  return error;
}

/** @throws {Error} that says why there is no such folder */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      EEXIST: "is a file, but must be a folder",
      ENOTDIR: "lies in a file, but must lie in a folder",
      EACCES: "cannot be created: permission denied",
      EROFS: "cannot be created: the file system is read-only",
    };
    throw new Error(`lab: ${folder} ${reasons[code ?? ""] ?? `cannot be created: ${message}`}`, {
      cause: error,
    });
  }
}

/** In a clone, whatever of the front-end is missing or out of date; a package from the registry has it. */
function buildFrontEnd(): void {
  const build = join(packageRoot, "lab", "build.js");
  if (!existsSync(build)) return;
  const { status } = spawnSync(process.execPath, [build], { stdio: "inherit" });
  if (status !== 0) throw new Error("lab: the front-end could not be built");
}

/** Provides the workbook and returns the path of the notebook it starts with. */
async function firstNotebook(workbook: Workbook, locale: Locale): Promise<string> {
  for (const path of await workbook.provide(locale))
    console.log(
      `There is a newer ${path}. Yours is kept, because you worked in it; rename it to get the new one.`,
    );
  const [{ name }] = await workbook.chapters(locale);
  return `${locale}/${name}`;
}

/**
 * Until a signal or the page's "Shut Down" ends it. While cells run, Ctrl-C asks first; at the question it is
 * a yes, and once the server is closing it waits for nothing more.
 */
async function untilStopped(server: LabServer): Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => {
    stopping.abort();
  };
  let isAsking = false;
  const onInterrupt = async () => {
    if (signal.aborted) process.exit(INTERRUPTED);
    if (isAsking || server.busyKernels().length === 0 || !process.stdin.isTTY) {
      stop();
      return;
    }
    isAsking = true;
    if (await isLeaving(signal, stop)) stop();
    else if (!signal.aborted) console.log("Continuing.");
    isAsking = false;
  };
  process.on("SIGINT", () => void onInterrupt());
  for (const name of ["SIGTERM", "SIGHUP"]) process.once(name, stop);
  void server.closed.then(stop);
  await once(signal, "abort");
}

/** Asks on the terminal. Ctrl-D is a no; `signal` takes the question back. */
async function isLeaving(signal: AbortSignal, onInterrupt: () => void): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  terminal.once("SIGINT", onInterrupt);
  const question = "\nCells are still running. Stop them and leave (y/N)? ";
  try {
    // Which of the two Ctrl-D ends depends on the version of Node.
    const answer = await Promise.race([terminal.question(question, { signal }), once(terminal, "close")]);
    return /^y/i.test(String(answer));
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

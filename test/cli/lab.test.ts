// `unrolled lab` as a process: what it prints, what it starts, and that nothing of it is left.

import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Chapter } from "../../cli/lab/workbook.js";
import { packageRoot } from "../../kernel/package_root.js";
import { findPython } from "../support/python.js";

const command = join(packageRoot, "dist", "cli", "unrolled.js");

let home: string;
let started: ChildProcess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "unrolled-lab-"));
});
afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
  started = [];
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const environment = (locale: string) => ({
  ...process.env,
  HOME: home,
  USERPROFILE: home,
  XDG_DATA_HOME: join(home, "data"),
  UNROLLED_PROGRESS: join(home, "progress.json"),
  LC_ALL: locale,
});

interface Lab {
  child: ChildProcess;
  url: URL;
  /** With the token. */
  headers: Record<string, string>;
  /** What the server answers to a GET with the token. */
  get(path: string): Promise<unknown>;
  printed(): string;
  exited: Promise<unknown[]>;
}

/** @param wrapper a command that runs the one after it */
async function startLab(args: string[] = [], locale = "en_US.UTF-8", wrapper: string[] = []): Promise<Lab> {
  const [program, ...rest] = [...wrapper, process.execPath, command, "lab", "--no-browser", ...args];
  const child = spawn(program, rest, { env: environment(locale), stdio: ["pipe", "pipe", "pipe"] });
  started.push(child);
  const exited = once(child, "exit");
  let printed = "";
  const address = new Promise<URL>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed += text;
        const found = /http:\/\/\S+(?=\s)/.exec(printed);
        if (found) resolve(new URL(found[0]));
      });
    }
    void exited.then(() => {
      reject(new Error(`ended: ${printed}`));
    });
  });
  const url = await address;
  const headers = { Authorization: `token ${url.searchParams.get("token")}` };
  return {
    child,
    url,
    headers,
    exited,
    printed: () => printed,
    get: async (path) => (await fetch(new URL(path, url), { headers })).json(),
  };
}

/** Processes that a process has started, and theirs. */
function descendants(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    rows.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process that has ended stays listed until its parent has looked.
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return !/^(Z|$)/.test(stdout.trim());
}

type Sessions = { path: string; kernel: { id: string; name: string; execution_state: string } }[];

/** As browsers ask for a page. */
const asPage: RequestInit = { headers: { Accept: "text/html" }, redirect: "manual" };

// Gives the command a terminal, of which our pipes are the keyboard and the screen.
const python = findPython(["pty"], "python3");
const inTerminal = [python!, "-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"];

/** Opens the first notebook, as the page does, and returns its kernel. */
async function openFirst(lab: Lab, language = "en"): Promise<Sessions[number]["kernel"]> {
  const path = `${language}/00_start_here.ipynb`;
  const body = JSON.stringify({ path, type: "notebook", name: "", kernel: {} });
  const response = await fetch(new URL("/api/sessions", lab.url), {
    method: "POST",
    headers: lab.headers,
    body,
  });
  return ((await response.json()) as Sessions[number]).kernel;
}

/** Runs a cell in the kernel of the first notebook, and does not wait for it. */
async function runCell(lab: Lab, code: string): Promise<void> {
  const kernel = await openFirst(lab);
  const socket = new WebSocket(new URL(`/api/kernels/${kernel.id}/channels?session_id=test`, lab.url), {
    headers: { Authorization: `token ${lab.url.searchParams.get("token")}` },
  });
  await once(socket, "open");
  const header = { msg_id: "1", msg_type: "execute_request", session: "test", username: "", version: "5.4" };
  socket.send(JSON.stringify({ channel: "shell", header, content: { code, silent: false } }));
  await expect
    .poll(async () => ((await lab.get("/api/sessions")) as Sessions)[0].kernel.execution_state)
    .toBe("busy");
  // The server drops it at its end.
  socket.on("error", () => undefined);
}

describe("unrolled lab", () => {
  test("prints one address, which opens the first notebook in the user's language with a kernel ready for it", async () => {
    const lab = await startLab([], "ko_KR.UTF-8");
    expect(lab.printed().match(/http:/g)).toHaveLength(1);
    expect(lab.url.hostname).toBe("127.0.0.1");
    expect(lab.url.pathname).toBe("/lab");
    const copy = join(home, "unrolled-workbook", "ko", "00_start_here.ipynb");
    expect(existsSync(copy)).toBe(true);
    expect((await fetch(lab.url, asPage)).status).toBe(302);
    const page = await (await fetch(new URL("/lab", lab.url), { headers: lab.headers })).text();
    expect(page).toContain('"firstNotebook":"ko/00_start_here.ipynb"');
    const { data } = (await lab.get("/lab/api/translations/default")) as { data: Record<string, unknown> };
    expect(data).toHaveProperty("jupyterlab");

    expect(await lab.get("/api/sessions")).toEqual([]);
    expect(descendants(lab.child.pid!)).not.toEqual([]);
    expect(await openFirst(lab, "ko")).toMatchObject({ name: "unrolled" });
  });

  test("opens the browser with a file that only the user can read, so that no command line holds a token", async () => {
    const opened = join(home, "opened.txt");
    const browser = join(home, "browser.sh");
    writeFileSync(browser, `#!/bin/sh\necho "$1" > ${opened}\n`, { mode: 0o755 });
    const child = spawn(process.execPath, [command, "lab", "--language", "en"], {
      env: {
        ...environment("en_US.UTF-8"),
        BROWSER: browser,
        DISPLAY: undefined,
        XDG_CURRENT_DESKTOP: undefined,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(child);
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const address = () => (existsSync(opened) ? readFileSync(opened, "utf8") : "");
    await expect.poll(address).toMatch(/\n$/);
    await expect.poll(() => printed).toMatch(/http:\S+\s/);
    const file = fileURLToPath(address().trim());
    if (process.platform !== "win32")
      expect([file, dirname(file)].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
    const [shown, invited] = [printed, readFileSync(file, "utf8")].map(
      (text) => new URL(/http:[^\s"]+/.exec(text)![0]),
    );
    expect(invited.pathname).toBe(shown.pathname);
    expect(invited.searchParams.get("token")).not.toBe(shown.searchParams.get("token"));
    expect((await fetch(invited, asPage)).status).toBe(302);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(readdirSync(dirname(file))).toEqual([]);
  });

  test("lists the chapters, counts what is solved and opens a copy of each", async () => {
    writeFileSync(
      join(home, "progress.json"),
      JSON.stringify({ exercises: { "05-1": { done: true, failures: 1 } } }),
    );
    const lab = await startLab(["--language", "en"]);
    const token = lab.url.searchParams.get("token");
    const post = (path: string, body: unknown) =>
      fetch(new URL(path, lab.url), {
        method: "POST",
        body: JSON.stringify(body),
        headers: { Authorization: `token ${token}` },
      });
    const name = "05_lstm_forward.ipynb";
    rmSync(join(home, "unrolled-workbook", "en", name));
    const opened = await post("/unrolled/api/workbook/open", { name });
    expect(await opened.json()).toEqual({ path: `en/${name}` });
    expect(existsSync(join(home, "unrolled-workbook", "en", name))).toBe(true);
    const { chapters } = (await lab.get("/unrolled/api/workbook")) as { chapters: Chapter[] };
    expect(chapters.map((chapter) => chapter.name.slice(0, 2)).join(" ")).toMatch(/^00 01 02 .*09/);
    expect(chapters[5]).toEqual({
      name,
      title: "LSTM by numbers: the forward pass",
      minutes: expect.any(Number) as number,
      exercises: 12,
      solved: 1,
    });
    for (const wrong of [{ name: "../../../etc/passwd" }, { name: "slides.md" }, {}, null])
      expect((await post("/unrolled/api/workbook/open", wrong)).status).toBe(400);
  });

  test("works in the folder it is given, and leaves one that holds other things as it is", async () => {
    const project = join(home, "project");
    mkdirSync(project);
    writeFileSync(join(project, "mine.txt"), "mine");
    const lab = await startLab([project]);
    expect(lab.url.pathname).toBe("/lab");
    expect(existsSync(join(project, "en"))).toBe(false);
    const contents = (await lab.get("/api/contents")) as { content: { name: string }[] };
    expect(contents.content.map(({ name }) => name)).toEqual(["mine.txt"]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends with its kernels at %s", async (signal) => {
    const lab = await startLab();
    await expect.poll(() => descendants(lab.child.pid!).length).toBeGreaterThan(0);
    const kernels = descendants(lab.child.pid!);
    lab.child.kill(signal);
    expect(await lab.exited).toEqual([0, null]);
    // A kernel's own helpers end with it, a moment later.
    await expect.poll(() => kernels.filter(isAlive)).toEqual([]);
  });

  describe.skipIf(python === undefined)("unrolled lab asks at Ctrl-C while a cell runs", () => {
    const question = "Cells are still running. Stop them and leave (y/N)?";
    const goesOn = "Continuing.";
    let lab: Lab;
    let kernels: number[];
    const count = (text: string) => lab.printed().split(text).length - 1;
    const isRunning = async () =>
      ((await lab.get("/api/sessions")) as Sessions)[0].kernel.execution_state === "busy";
    beforeEach(async () => {
      lab = await startLab([], "en_US.UTF-8", inTerminal);
      await runCell(lab, "await new Promise(() => {});");
      kernels = descendants(lab.child.pid!);
      lab.child.stdin!.write("\x03");
      await expect.poll(() => count(question)).toBe(1);
    });

    test.each([
      ["n", "n\n"],
      ["Ctrl-D", "\x04"],
    ])("and goes on at %s", async (_, key) => {
      lab.child.stdin!.write(key);
      await expect.poll(() => count(goesOn)).toBe(1);
      expect(await isRunning()).toBe(true);
      lab.child.stdin!.write("\x03");
      await expect.poll(() => count(question)).toBe(2);
    });

    test.each([
      ["y", () => lab.child.stdin!.write("y\n")],
      ["another Ctrl-C", () => lab.child.stdin!.write("\x03")],
      ["SIGTERM", () => process.kill(descendants(lab.child.pid!)[0], "SIGTERM")],
      [
        "JupyterLab's Shut Down",
        () => fetch(new URL("/api/shutdown", lab.url), { method: "POST", headers: lab.headers }),
      ],
    ])("and stops at %s", async (_, stop) => {
      await stop();
      expect(await lab.exited).toEqual([0, null]);
      expect(count(goesOn)).toBe(0);
      expect(kernels.length).toBeGreaterThan(1);
      await expect.poll(() => kernels.filter(isAlive)).toEqual([]);
    });
  });

  test("ends at once at a second Ctrl-C", async () => {
    const lab = await startLab();
    const [kernel] = descendants(lab.child.pid!);
    // It does not hear that it is to end, and would be waited for.
    process.kill(kernel, "SIGSTOP");
    // Two at once would be one.
    await expect.poll(() => lab.child.kill("SIGINT") && lab.child.exitCode, { interval: 100 }).not.toBe(null);
    expect(await lab.exited).toEqual([130, null]);
    await expect.poll(() => isAlive(kernel)).toBe(false);
  });

  test("leaves no kernel when it is killed", async () => {
    const lab = await startLab();
    await openFirst(lab);
    await expect
      .poll(async () => ((await lab.get("/api/sessions")) as Sessions)[0].kernel.execution_state)
      .toBe("idle");
    const kernels = descendants(lab.child.pid!);
    expect(kernels.length).toBeGreaterThan(0);
    lab.child.kill("SIGKILL");
    await lab.exited;
    await expect.poll(() => kernels.filter(isAlive)).toEqual([]);
  });

  test("keeps what a learner changed, from one start to the next", async () => {
    const first = await startLab(["--language", "en"]);
    first.child.kill("SIGTERM");
    await first.exited;
    const copy = join(home, "unrolled-workbook", "en", "00_start_here.ipynb");
    writeFileSync(copy, "{}");
    await startLab(["--language", "en"]);
    expect(readFileSync(copy, "utf8")).toBe("{}");
  });

  test.each([
    [["--language", "fr"], 'unrolled: lab: --language is "fr", but must be "en" or "ko"\n'],
    [["--ip", ""], 'unrolled: lab: --ip is "", but must be an IP address such as 127.0.0.1\n'],
    [["--ip", "0"], 'unrolled: lab: --ip is "0", but must be an IP address such as 127.0.0.1\n'],
    [
      ["--ip", "999.1.1.1"],
      'unrolled: lab: --ip is "999.1.1.1", but must be an IP address such as 127.0.0.1\n',
    ],
    [["/etc/passwd"], "unrolled: lab: /etc/passwd is a file, but must be a folder\n"],
    [["/etc/passwd/x"], "unrolled: lab: /etc/passwd/x lies in a file, but must lie in a folder\n"],
    [["--port", "99999"], 'unrolled: lab: --port is "99999", but must be a number from 0 to 65535\n'],
    [["a", "b"], "unrolled: lab: the number of folders is 2, but must be 1\n"],
  ])("refuses %s", (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [command, "lab", ...args], {
      encoding: "utf8",
      env: environment("en_US.UTF-8"),
    });
    expect(status).toBe(1);
    expect(stderr.startsWith(message), stderr).toBe(true);
  });

  test("says so when the port is taken", async () => {
    const { url } = await startLab();
    const { status, stderr } = spawnSync(
      process.execPath,
      [command, "lab", "--no-browser", "--port", url.port],
      {
        encoding: "utf8",
        env: environment("en_US.UTF-8"),
      },
    );
    expect(status).toBe(1);
    expect(stderr).toContain(`unrolled: lab: port ${url.port} is taken`);
  });

  test.skipIf(!python)("ends by the hangup when its terminal is closed, not by an abort", () => {
    const closeTerminal = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
text = b""
while b"Ctrl-C stops it" not in text: text += os.read(terminal, 1000)
os.close(terminal)
print(os.WTERMSIG(os.waitpid(pid, 0)[1]))`;
    const args = ["-c", closeTerminal, process.execPath, command, "lab", "--no-browser"];
    const { stdout } = spawnSync(python!, args, { encoding: "utf8", env: environment("en_US.UTF-8") });
    expect(Number(stdout)).toBe(constants.signals.SIGHUP);
  });
});

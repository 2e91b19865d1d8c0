// JupyterLab as its user has it: the server behind it on a folder of its own, and a page that is clicked and
// typed into.

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { packageRoot } from "../../kernel/package_root.js";
import { launchBrowser, openPage, screenshot } from "./browser.js";
import type { LabServer, ServerOptions } from "../../lab/server/server.js";
import { startServer } from "../../lab/server/server.js";

export interface TestLab {
  /** The folder that is served. */
  root: string;
  /** The server of now. */
  server: LabServer;
  /** Opens a notebook of the root in a page of a fresh profile, and waits for its kernel. */
  open(path: string): Promise<LabPage>;
  /** A page at any path of the server. */
  goto(path: string): Promise<LabPage>;
  /** Opens a notebook with the given cells. */
  openCells(name: string, ...cells: string[]): Promise<LabPage>;
  /**
   * Waits until the server knows that no page is there, which it hears a moment after the last one was
   * closed.
   */
  allLeft(): Promise<void>;
  /** Ends the server with its kernels, and starts it again on the same folders and the same port. */
  restart(): Promise<void>;
}

interface LabOptions {
  /** Of the folder that is served. */
  rootName?: string;
  language?: ServerOptions["language"];
  routes?: (root: string) => ServerOptions["routes"];
}

/** A server and a browser for the tests of one file; each page is closed after its test. */
export function useLab({ rootName = "root", language, routes }: LabOptions = {}): TestLab {
  let folder: string;
  let server: LabServer;
  let browser: Browser;
  let pages: LabPage[] = [];
  let workspaces = 0;
  const lab: TestLab = {
    root: "",
    get server() {
      return server;
    },
    async goto(path) {
      const { page, foreign } = await openPage(browser, server.url);
      const opened = new LabPage(page, foreign);
      pages.push(opened);
      const url = new URL(server.url);
      url.pathname = path;
      await page.goto(url.href);
      return opened;
    },
    async open(path) {
      // A workspace of its own: tabs of earlier tests are not opened again.
      const workspace = `test-${++workspaces}`;
      const opened = await lab.goto(`/lab/workspaces/${workspace}/tree/${encodeURI(path)}`);
      await opened.ready(path);
      return opened;
    },
    async openCells(name, ...cells) {
      writeNotebook(join(lab.root, name), cells);
      return lab.open(name);
    },
    async allLeft() {
      const { origin, searchParams } = new URL(server.url);
      const headers = { Authorization: `token ${searchParams.get("token")}` };
      const connections = async () => {
        const response = await fetch(`${origin}/api/kernels`, { headers });
        const kernels = (await response.json()) as { connections: number }[];
        return kernels.reduce((sum, kernel) => sum + kernel.connections, 0);
      };
      await expect.poll(connections).toBe(0);
    },
    async restart() {
      await server.close();
      await start(server.port);
    },
  };
  const start = async (port?: number) => {
    server = await startServer({
      root: lab.root,
      port,
      staticDir: join(packageRoot, "dist", "lab", "static"),
      settingsDir: join(folder, "settings"),
      language,
      pageConfig: { exposeAppInBrowser: true },
      routes: routes?.(lab.root),
    });
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "unrolled-lab-"));
    lab.root = join(folder, rootName);
    mkdirSync(lab.root);
    await start();
    browser = await launchBrowser();
  });
  afterEach(async ({ task }) => {
    for (const { page } of pages.filter(({ page }) => !page.isClosed())) {
      await screenshot(page, `${task.suite?.name ?? ""} ${task.name}`.replaceAll(/\W+/g, "_"));
      await page.context().close();
    }
    pages = [];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  return lab;
}

/** Copies one of the workbook's notebooks into a folder; returns its path there. */
export function copyNotebook(folder: string, path: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  copyFileSync(join(packageRoot, "notebooks", path), join(folder, path));
  return path;
}

export function writeNotebook(file: string, cells: string[]): void {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "unrolled", display_name: "TypeScript (Unrolled)", language: "typescript" },
    },
    cells: cells.map((source, at) => ({
      id: `cell-${at}`,
      cell_type: "code",
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
  writeFileSync(file, JSON.stringify(notebook));
}

export function addMarkdown(file: string, source: string): void {
  const notebook = JSON.parse(readFileSync(file, "utf8")) as { cells: object[] };
  notebook.cells.push({ id: "text", cell_type: "markdown", metadata: {}, source });
  writeFileSync(file, JSON.stringify(notebook));
}

export class LabPage {
  readonly page: Page;
  /** What the page asked of other servers: nothing may be. */
  readonly foreign: string[];

  constructor(page: Page, foreign: string[]) {
    this.page = page;
    this.foreign = foreign;
  }

  /** The notebook in front. */
  get notebook(): Locator {
    return this.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  }

  get codeCells(): Locator {
    return this.notebook.locator(".jp-CodeCell");
  }

  /** A code cell's outputs; cells count from 0. */
  outputs(cell: number): Locator {
    return this.codeCells.nth(cell).locator(".jp-OutputArea-output");
  }

  prompt(cell: number): Locator {
    return this.codeCells.nth(cell).locator(".jp-InputPrompt");
  }

  /**
   * Waits until the notebook is in front and loaded, and its kernel is idle; and until the page has done with
   * its address, at whose end it brings that document to the front once more.
   */
  async ready(path?: string): Promise<void> {
    await this.page.waitForFunction(`(() => {
      const { context, sessionContext } = window.jupyterapp?.shell.currentWidget ?? {};
      const path = ${JSON.stringify(path ?? null)} ?? context?.path;
      return context?.isReady && context.path === path &&
        sessionContext.isReady && sessionContext.session?.kernel?.status === "idle" &&
        !document.querySelector(".jp-FileBrowser.jp-mod-restoring");
    })()`);
  }

  /** Waits until the kernel works at something. */
  async busy(): Promise<void> {
    const status = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status";
    await expect.poll(() => this.page.evaluate(status)).toBe("busy");
  }

  async menu(...path: string[]): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel").getByText(path[0], { exact: true }).click();
    for (const label of path.slice(1))
      await this.page.locator(".lm-Menu-itemLabel").getByText(label, { exact: true }).click();
  }

  /** Opens a file in a tab, by its default viewer if none is named. */
  async openFile(path: string, factory?: string): Promise<void> {
    // What the command returns, a widget, is not for here.
    await this.page.evaluate(
      `jupyterapp.commands.execute("docmanager:open", ${JSON.stringify({ path, factory })}).then(() => undefined)`,
    );
  }

  async acceptDialog(): Promise<void> {
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
  }

  /** Selects a cell in command mode. */
  async select(cell: number): Promise<void> {
    await this.prompt(cell).click();
  }

  /** Runs one cell and stays on it. */
  async run(cell: number): Promise<void> {
    await this.select(cell);
    await this.page.keyboard.press("Control+Enter");
  }

  /** Puts the cursor at the end of a cell and types. */
  async type(cell: number, text: string): Promise<void> {
    await this.codeCells.nth(cell).locator(".cm-content").click();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(text);
  }

  async clearOutputs(): Promise<void> {
    await this.menu("Edit", "Clear Outputs of All Cells");
    await expect.poll(() => this.notebook.locator(".jp-OutputArea-output").count()).toBe(0);
    const prompts = this.codeCells.locator(".jp-InputPrompt");
    await expect.poll(async () => new Set(await prompts.allTextContents())).toEqual(new Set(["[ ]:"]));
  }

  async runAll(): Promise<void> {
    await this.menu("Run", "Run All Cells");
  }

  /** Waits until each code cell has run: its prompt has a number, where it had a star. */
  async allRan(): Promise<void> {
    const prompts = this.codeCells.locator(".jp-InputPrompt");
    const unfinished = async () =>
      (await prompts.allTextContents()).filter((prompt) => !/^\[\d+\]:$/.test(prompt));
    await expect.poll(unfinished).toEqual([]);
  }

  /** Restarts the kernel by the menu. Until JupyterLab has begun to, the kernel of before is idle. */
  async restartKernel(): Promise<void> {
    await this.#until("sessionContext.statusChanged", "restarting", async () => {
      await this.menu("Kernel", "Restart Kernel…");
      await this.acceptDialog();
    });
    await this.ready();
  }

  /**
   * Saves with the keyboard and waits until it is done. A running cell goes on printing, so that something is
   * left to save again a moment later: it is JupyterLab's signal that tells, not the state of the document.
   */
  async save(): Promise<void> {
    await this.#until("context.saveState", "completed", () => this.page.keyboard.press("Control+s"));
  }

  /**
   * Does something and waits until a signal of the document in front has said so, however short that state
   * is.
   */
  async #until(signal: string, state: string, act: () => Promise<void>): Promise<void> {
    await this.page.evaluate(`{
      const signal = jupyterapp.shell.currentWidget.${signal};
      window.said = new Promise((resolve) => {
        signal.connect(function heard(_, said) {
          if (said === ${JSON.stringify(state)} && signal.disconnect(heard)) resolve();
        });
      });
      // The last statement's value would be waited for.
      void 0;
    }`);
    await act();
    await this.page.evaluate("window.said");
  }

  async code(cell: number): Promise<string> {
    return (await this.codeCells.nth(cell).locator(".cm-line").allTextContents()).join("\n");
  }

  async screenshot(name: string): Promise<void> {
    await screenshot(this.page, name);
  }
}

/** How many Vega-Lite charts the committed notebook has. */
export function chartsIn(path: string): number {
  const { cells } = JSON.parse(readFileSync(join(packageRoot, "notebooks", path), "utf8")) as {
    cells: { outputs?: { data?: Record<string, unknown> }[] }[];
  };
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  return outputs.filter(({ data }) => data?.["application/vnd.vegalite.v5+json"] !== undefined).length;
}

// How long a learner waits: from `unrolled lab` to its address, from opening that to the first cells and to
// an idle kernel, and from "Run All Cells" to the last plot of a notebook. `npm run bench:lab`; needs
// Debian's chromium.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { packageRoot } from "../kernel/package_root.js";
import { median } from "./ratios.js";

const ROUNDS = 5;
const NOTEBOOK = "en/02_vanishing_gradients.ipynb";

/** Milliseconds of one start in an empty home, with an empty browser. */
async function measure(): Promise<Record<string, number>> {
  const home = mkdtempSync(join(tmpdir(), "unrolled-bench-"));
  const begin = performance.now();
  const lab = spawn(
    process.execPath,
    [join(packageRoot, "dist", "cli", "unrolled.js"), "lab", "--no-browser", "--language", "en"],
    {
      env: {
        ...process.env,
        HOME: home,
        XDG_DATA_HOME: join(home, "data"),
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    let printed = "";
    for await (const text of lab.stdout) {
      printed += String(text);
      if (/http:\S+\s/.test(printed)) break;
    }
    const address = performance.now() - begin;
    const url = new URL(/http:\S+/.exec(printed)![0]);

    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    let script = 0;
    page.on("response", (response) => {
      const type = response.headers()["content-type"] ?? "";
      if (type.includes("javascript")) script += Number(response.headers()["content-length"] ?? 0);
    });
    const opened = performance.now();
    await page.goto(url.href);
    await page.locator(".jp-NotebookPanel .jp-CodeCell").first().waitFor();
    const cells = performance.now() - opened;
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    const idle = performance.now() - opened;
    const initialScript = script / 1e6;

    url.pathname = `/lab/workspaces/run/tree/${NOTEBOOK}`;
    await page.goto(url.href);
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    const menu = async (bar: string, item: string) => {
      await page.locator(".lm-MenuBar-itemLabel").getByText(bar, { exact: true }).click();
      await page.locator(".lm-Menu-itemLabel").getByText(item, { exact: true }).click();
    };
    const charts = page.locator(".jp-OutputArea-output .vega-embed :is(canvas, svg.marks)");
    // A learner's copy has no outputs: whatever is drawn, this run drew.
    const total = chartsIn(NOTEBOOK);
    const ran = performance.now();
    await menu("Run", "Run All Cells");
    while ((await charts.count()) < total) await page.waitForTimeout(20);
    const plots = performance.now() - ran;
    return { address, cells, idle, plots, initialScript };
  } finally {
    await browser.close();
    lab.kill("SIGTERM");
    await once(lab, "exit");
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function chartsIn(path: string): number {
  const { cells } = JSON.parse(readFileSync(join(packageRoot, "notebooks", path), "utf8")) as {
    cells: { outputs?: { data?: Record<string, unknown> }[] }[];
  };
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  return outputs.filter(({ data }) => data?.["application/vnd.vegalite.v5+json"] !== undefined).length;
}

/** Megabytes of all files below a folder. */
function megabytes(folder: string, isCounted: (name: string) => boolean = () => true): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile() && isCounted(file.name))
    .map((file) => statSync(join(file.parentPath, file.name)).size);
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

// Times of the first front-end built this way, uncompressed and with its kernel started by the page.
const TO_BEAT: Record<string, number> = { cells: 3100, idle: 4700, initialScript: 3.6 };
const WHAT: Record<string, string> = {
  address: "command → address, ms",
  cells: "address opened → cells visible, ms",
  idle: "address opened → kernel idle, ms",
  plots: `run all of ${NOTEBOOK.slice(3, 5)} → last plot, ms`,
  initialScript: "JavaScript until the kernel is idle, MB as sent",
};

const rounds: Record<string, number>[] = [];
for (let round = 0; round < ROUNDS; round++) rounds.push(await measure());
const digits = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
console.log(`${ROUNDS} rounds, ${availableParallelism()} cores; medians\n`);
console.log("| | median | to beat |\n|---|--:|--:|");
for (const [key, what] of Object.entries(WHAT)) {
  const goal = TO_BEAT[key];
  console.log(
    `| ${what} | ${digits(median(rounds.map((times) => times[key])))} | ${goal === undefined ? "" : digits(goal)} |`,
  );
}
// The aim that does not depend on the machine: a kernel is warm before the page asks for it.
console.log(
  `| kernel idle ÷ cells visible | ${median(rounds.map(({ idle, cells }) => idle / cells)).toFixed(2)} | 1.00 |`,
);
const built = join(packageRoot, "dist", "lab", "static");
console.log(
  `| packages to build the front-end, MB | ${digits(megabytes(join(packageRoot, "lab", "node_modules")))} | |`,
);
console.log(`| the front-end, MB | ${digits(megabytes(built, (name) => !/\.(br|gz)$/.test(name)))} | |`);
console.log(`| the same with its packed copies, MB | ${digits(megabytes(built))} | |`);

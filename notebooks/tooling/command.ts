// `npm run notebooks`: generates and executes every notebook in both languages and compares it with what is
// committed, or, with --write, commits to it. `npm run notebooks -- pull FILE` goes the other way.

import { access, cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { clearLine, cursorTo } from "node:readline";
import { parseArgs } from "node:util";
import { replaceFile } from "../../files/replace_file.js";
import { startKernel } from "../../kernel/protocol/client.js";
import { closeOutputs, compareNotebooks } from "./compare.js";
import type { NamedSource } from "./contents.js";
import { contentsTable } from "./contents.js";
import { runCells } from "../../kernel/protocol/run_cells.js";
import { generate, readSource } from "./generate.js";
import type { Notebook, Output } from "../../kernel/protocol/nbformat.js";
import { parseNotebook, readText, serialiseNotebook } from "../../kernel/protocol/nbformat.js";
import type { MakePages } from "./pages.js";
import { checkPages } from "./pages.js";
import { contentsPlace } from "./prose.js";
import { originOf, pull } from "./pull.js";
import { brokenRules, differentCode } from "./rules.js";
import type { Locale } from "../workbook/locale.js";
import type { Source } from "./source.js";
import { locales } from "../workbook/locale.js";

const usage = `usage: npm run notebooks                      check every notebook against its source
       npm run notebooks -- 05 06             check some
       npm run notebooks -- --write [05 …]    execute and write them
       npm run notebooks -- pull notebooks/ko/05_lstm_forward.ipynb …`;

/** Two kernels at a time: more would slow each other down on small machines. */
const parallel = 2;

interface Job {
  source: Source;
  sourceFile: string;
  locale: Locale;
  /** Absolute path of the notebook. */
  file: string;
  /** "en/05_lstm_forward.ipynb" */
  label: string;
  /** The table of contents in the notebook's language. */
  contents: string;
}

/**
 * Runs the command in the project at `root`; returns the exit code.
 * @param makePages the pages next to the notebooks; none unless given
 */
export async function notebooksCommand(
  args: string[],
  root: string,
  makePages: MakePages = () => ({ pages: [], problems: [] }),
): Promise<number> {
  try {
    if (args[0] === "pull") return await pullFiles(args.slice(1), root);
    const { values, positionals } = parseArgs({
      args,
      options: { write: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    if (values.help) {
      console.log(usage);
      return 0;
    }
    return await executeAll(root, positionals, values.write, makePages);
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

async function executeAll(
  root: string,
  names: string[],
  write: boolean,
  makePages: MakePages,
): Promise<number> {
  const problems: string[] = [];
  const sources = await readSources(root);
  const jobs = findJobs(root, sources, names);
  if (names.length === 0) problems.push(...(await findOrphans(root, sources)));
  const progress = new Progress();
  const executed = new Map<string, Notebook>();
  const interrupted = new AbortController();
  const onInterrupt = () => {
    interrupted.abort();
  };
  // Once: a second Ctrl-C ends this process at once, and the kernels end with it.
  process.once("SIGINT", onInterrupt);
  try {
    const queue = [...jobs];
    const worker = async () => {
      for (let job = queue.shift(); job && !interrupted.signal.aborted; job = queue.shift())
        problems.push(...(await runJob(job, write, progress, interrupted.signal, executed)));
    };
    await Promise.all(Array.from({ length: parallel }, worker));
  } finally {
    process.off("SIGINT", onInterrupt);
    progress.clear();
  }
  if (interrupted.signal.aborted) {
    console.error("interrupted");
    return 130;
  }
  problems.push(...differencesOfLanguages(jobs, executed));
  const made = makePages(sources);
  problems.push(...made.problems, ...(await checkPages(root, made.pages, write)));
  for (const problem of problems) console.log(problem);
  if (problems.length > 0 && !write)
    console.log("If the sources are right, write the notebooks with: npm run notebooks -- --write");
  return problems.length > 0 ? 1 : 0;
}

/** Every source: the table of contents and the pages need them all, whichever notebooks are asked for. */
async function readSources(root: string): Promise<NamedSource[]> {
  const folder = join(root, "notebooks", "source");
  const stems = (await readdir(folder))
    .filter((file) => /^\d\d_.*\.md$/.test(file))
    .map((file) => basename(file, ".md"))
    .sort();
  return await Promise.all(
    stems.map(async (stem) => ({
      stem,
      source: readSource(await readText(join(folder, `${stem}.md`)), `notebooks/source/${stem}.md`),
    })),
  );
}

/** The notebooks that are asked for: all, or those whose number or name is among `names`. */
function findJobs(root: string, sources: NamedSource[], names: string[]): Job[] {
  const wanted = names.map((name) => basename(name).replace(/\.(md|ipynb)$/, ""));
  const matches = (stem: string, name: string) => stem === name || stem.startsWith(`${name}_`);
  for (const name of wanted)
    if (!sources.some(({ stem }) => matches(stem, name)))
      throw new Error(
        `notebooks: name is "${name}", but must be one of ${sources.map(({ stem }) => stem).join(", ")}`,
      );
  return sources
    .filter(({ stem }) => wanted.length === 0 || wanted.some((name) => matches(stem, name)))
    .flatMap(({ stem, source }) =>
      locales.map((locale) => ({
        source,
        sourceFile: `${stem}.md`,
        locale,
        file: join(root, "notebooks", locale, `${stem}.ipynb`),
        label: `${locale}/${stem}.ipynb`,
        contents: contentsTable(sources, locale),
      })),
    );
}

/** Notebooks whose source is gone. */
async function findOrphans(root: string, sources: NamedSource[]): Promise<string[]> {
  const orphans: string[] = [];
  for (const locale of locales) {
    const folder = join(root, "notebooks", locale);
    await mkdir(folder, { recursive: true });
    for (const file of (await readdir(folder)).filter((name) => name.endsWith(".ipynb")).sort())
      if (!sources.some(({ stem }) => stem === basename(file, ".ipynb")))
        orphans.push(
          `${locale}/${file}: has no source; remove it, or write notebooks/source/${basename(file, ".ipynb")}.md`,
        );
  }
  return orphans;
}

function differencesOfLanguages(jobs: Job[], executed: ReadonlyMap<string, Notebook>): string[] {
  return jobs.flatMap(({ sourceFile, locale, label }) => {
    if (locale === "en") return [];
    const english = jobs.find((job) => job.sourceFile === sourceFile && job.locale === "en")?.label ?? "";
    const [one, other] = [executed.get(english), executed.get(label)];
    if (!one || !other) return [];
    return differentCode(one, other).map(({ cell, what }) => `${english}: cell "${cell}": ${what}`);
  });
}

/**
 * Executes one notebook and checks or writes it; returns what is wrong with it, and puts it into `executed`
 * by its label when all its cells ran.
 */
async function runJob(
  job: Job,
  write: boolean,
  progress: Progress,
  signal: AbortSignal,
  executed: Map<string, Notebook>,
): Promise<string[]> {
  const problems: string[] = [];
  const note = (cell: string, what: string) => problems.push(`${job.label}: cell "${cell}": ${what}`);

  await mkdir(dirname(job.file), { recursive: true });
  // A learner who has solved nothing: the outputs must not depend on who writes them. Learners work on
  // copies, with no package of ours above them.
  const learner = await mkdtemp(join(tmpdir(), "unrolled-learner-"));
  const folder = join(learner, job.locale);
  await cp(dirname(job.file), folder, { recursive: true });
  const kernel = await startKernel({
    cwd: folder,
    env: { UNROLLED_PROGRESS: join(learner, "progress.json") },
  });
  const languageInfo = kernel.info.language_info;
  const notebook = generate(job.source, job.sourceFile, job.locale, languageInfo, job.contents);
  try {
    const { results, failure, interrupted } = await runCells(kernel, notebook, {
      signal,
      onCell: (position, total) => {
        progress.show(job.label, `[${position}/${total}]`);
      },
    });
    if (interrupted) return [];
    if (failure) {
      note(
        notebook.cells[failure.index].id ?? "",
        `the cell fails, the notebook is not written\n${failure.text}`,
      );
      return problems;
    }
    for (const [index, result] of results) Object.assign(notebook.cells[index], result);
  } finally {
    await kernel.shutdown();
    await rm(learner, { recursive: true });
    progress.done(job.label);
  }

  const came = parseNotebook(serialiseNotebook(notebook), job.label);
  executed.set(job.label, came);
  for (const { cell, what } of brokenRules(came)) note(cell, what);
  const committed = await readCommitted(job.file, write);
  if (write) {
    const text = serialiseNotebook(committed ? keepCloseOutputs(committed.notebook, came) : came);
    if (text !== committed?.text) await replaceFile(job.file, text);
  } else if (!committed) {
    problems.push(`${job.label}: is not there`);
  } else {
    for (const { cell, what, expected, came: got } of compareNotebooks(committed.notebook, came))
      note(cell, `${what}\n  expected: ${expected}\n  came:     ${got}`);
  }
  progress.report(
    `${job.label}: ${problems.length === 0 ? (write ? "written" : "as committed") : "has problems"}`,
  );
  return problems;
}

/** The committed notebook; when it is going to be replaced anyway, an unreadable one counts as none. */
async function readCommitted(
  file: string,
  replaced: boolean,
): Promise<{ text: string; notebook: Notebook } | undefined> {
  try {
    await access(file);
  } catch {
    return undefined;
  }
  try {
    const text = await readText(file);
    return { text, notebook: parseNotebook(text, file) };
  } catch (error) {
    if (replaced) return undefined;
    throw error;
  }
}

/**
 * `came` with the committed outputs wherever they are equal within the tolerance, so that rewriting on
 * another machine changes only what changed. A picture is kept when the chart it was drawn from is the same.
 */
export function keepCloseOutputs(committed: Notebook, came: Notebook): Notebook {
  const committedCells = new Map(committed.cells.map((cell) => [cell.id, cell]));
  const keep = (fresh: Output, old: Output | undefined) =>
    old && closeOutputs(old, fresh) && (isChart(fresh) || samePicture(old, fresh)) ? old : fresh;
  return {
    ...came,
    cells: came.cells.map((cell) => {
      const old = committedCells.get(cell.id)?.outputs ?? [];
      return cell.outputs
        ? { ...cell, outputs: cell.outputs.map((output, i) => keep(output, old.at(i))) }
        : cell;
    }),
  };
}

const isChart = (output: Output) =>
  "data" in output && Object.keys(output.data).some((mime) => mime.startsWith("application/vnd.vegalite."));
const samePicture = (a: Output, b: Output) =>
  !("data" in a && "data" in b) || a.data["image/png"] === b.data["image/png"];

async function pullFiles(files: string[], root: string): Promise<number> {
  if (files.length === 0) throw new Error(usage);
  for (const file of files) {
    const notebook = parseNotebook(await readText(file), file);
    const { source, locale } = originOf(notebook, file);
    const sourceFile = join(root, source);
    const before = await readText(sourceFile);
    // Only where it is asked for: elsewhere, an untranslated text in another source does not matter.
    const contents = before.includes(contentsPlace) ? contentsTable(await readSources(root), locale) : "";
    const { text, changes } = pull(notebook, before, source, locale, contents);
    if (text !== before) await replaceFile(sourceFile, text);
    console.log(
      changes.length === 0 ? `${source}: nothing to pull from ${file}` : `${source}: pulled from ${file}`,
    );
    for (const change of changes) console.log(`  ${change}`);
  }
  return 0;
}

/** On a terminal, one line that says where each running notebook is; otherwise only the reports. */
class Progress {
  readonly #running = new Map<string, string>();

  show(label: string, position: string): void {
    this.#running.set(label, position);
    this.#draw();
  }

  done(label: string): void {
    this.#running.delete(label);
    this.#draw();
  }

  report(line: string): void {
    this.clear();
    process.stderr.write(`${line}\n`);
    this.#draw();
  }

  clear(): void {
    if (!process.stderr.isTTY) return;
    cursorTo(process.stderr, 0);
    clearLine(process.stderr, 0);
  }

  #draw(): void {
    if (!process.stderr.isTTY) return;
    this.clear();
    process.stderr.write([...this.#running].map(([label, position]) => `${label} ${position}`).join("  "));
  }
}

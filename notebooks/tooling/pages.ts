// Pages in Markdown next to the notebooks, made from the sources and from data; like the notebooks, they are
// committed, and a difference is a failure.

import { access } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../../files/replace_file.js";
import type { NamedSource } from "./contents.js";
import { readText } from "../../kernel/protocol/nbformat.js";

export interface Page {
  /** Within the folder of the notebooks: "en/slides.md". */
  file: string;
  text: string;
}

/**
 * The pages that follow from the sources, and what is wrong with the sources that only shows when all are
 * together.
 */
export type MakePages = (sources: readonly NamedSource[]) => { pages: Page[]; problems: string[] };

/** Writes the pages, or compares them with the committed ones; returns the differences. */
export async function checkPages(root: string, pages: readonly Page[], write: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (const { file, text } of pages) {
    const path = join(root, "notebooks", ...file.split("/"));
    const committed = await readIfThere(path);
    if (committed === text) continue;
    if (write) await replaceFile(path, text);
    else if (committed === undefined) problems.push(`${file}: is not there`);
    else problems.push(`${file}: ${firstDifference(committed, text)}`);
  }
  return problems;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    await access(path);
  } catch {
    return undefined;
  }
  return await readText(path);
}

function firstDifference(committed: string, came: string): string {
  const [expected, got] = [committed.split("\n"), came.split("\n")];
  const at = got.findIndex((line, k) => line !== expected.at(k));
  const line = at < 0 ? got.length : at;
  const show = (lines: string[]) => lines.at(line) ?? "(the page ends)";
  return `line ${line + 1}\n  expected: ${show(expected)}\n  came:     ${show(got)}`;
}

// Brings what was edited in a generated notebook back into the source it came from. What was not edited keeps
// its bytes; a notebook just generated gives back its source unchanged.

import { codeIn, codeInSource, untranslated } from "./generate.js";
import type { Notebook, NotebookCell } from "../../kernel/protocol/nbformat.js";
import { contentsPlace, proseIn, proseInSource } from "./prose.js";
import type { Locale } from "../workbook/locale.js";
import type { SourceCell } from "./source.js";
import { cellIdPattern, serialiseCell, splitSource, trimBlankLines } from "./source.js";

export interface Pulled {
  text: string;
  /** One line for each cell that changed. */
  changes: string[];
}

/** The source file and the language a notebook was generated from. @throws {Error} when it does not say so */
export function originOf(notebook: Notebook, file: string): { source: string; locale: Locale } {
  const { source, language } = (notebook.metadata.unrolled ?? {}) as { source?: unknown; language?: unknown };
  if (typeof source !== "string" || !/^notebooks\/source\/[^/\\]+\.md$/.test(source))
    throw new Error(
      `${file}: metadata.unrolled.source is ${JSON.stringify(source)}, but must be "notebooks/source/NN_name.md": ` +
        "only notebooks that were generated from a source can be pulled",
    );
  if (language !== "en" && language !== "ko")
    throw new Error(
      `${file}: metadata.unrolled.language is ${JSON.stringify(language)}, but must be "en" or "ko"`,
    );
  return { source, locale: language };
}

/**
 * The source's text with the notebook's cells in it: changed code for both languages (the language of the
 * workbook() call back as a placeholder), changed prose for the notebook's language, new cells (the other
 * language's prose marked as not translated), deleted and moved cells. `contents` is the table that
 * generation put in the place of `{contents}`.
 *
 * @throws {Error} for what a source cannot hold: raw cells, attachments, a code cell turned into text or back
 *   under the same id
 */
export function pull(
  notebook: Notebook,
  sourceText: string,
  sourceFile: string,
  locale: Locale,
  contents = "",
): Pulled {
  const { frontMatter, head, parts } = splitSource(sourceText, sourceFile);
  const { number } = frontMatter;
  const partOf = new Map(parts.map((part) => [part.cell.id, part]));
  const changes: string[] = [];

  const texts = notebook.cells.map((cell, index) => {
    const id = cell.id ?? "";
    refuse(cell, index, cellIdPattern.test(id));
    const part = partOf.get(id);
    const earlier = part?.cell;
    if (earlier && (earlier.kind === "code") !== (cell.cell_type === "code"))
      throw new Error(`cell "${id}": it changed between code and text; give the new cell a new id`);

    const source = cell.source.replaceAll("\r\n", "\n");
    if (earlier && part && source === textIn(earlier, number, locale, contents)) return part.text;
    changes.push(`${id}: ${earlier ? "changed" : "new"}`);
    return serialiseCell(edited(cell, source, earlier, number, locale, contents));
  });

  const keptIds = notebook.cells.map((cell) => cell.id ?? "");
  for (const { cell } of parts) if (!keptIds.includes(cell.id)) changes.push(`${cell.id}: deleted`);
  const orderBefore = parts.map(({ cell }) => cell.id).filter((id) => keptIds.includes(id));
  const orderAfter = keptIds.filter((id) => partOf.has(id));
  if (orderBefore.join() !== orderAfter.join()) changes.push(`order: ${orderAfter.join(" ")}`);

  if (changes.length === 0) return { text: sourceText, changes };
  // A cell keeps the blank lines after it as long as the same cell (or the end) follows.
  const followerOf = new Map(parts.map(({ cell }, i) => [cell.id, parts[i + 1]?.cell.id]));
  const spaced = texts.map((text, i) => {
    const follower = keptIds[i + 1] as string | undefined;
    if (
      followerOf.has(keptIds[i]) &&
      followerOf.get(keptIds[i]) === follower &&
      text === partOf.get(keptIds[i])?.text
    )
      return text;
    return text.replace(/\n*$/, follower === undefined ? "\n" : "\n\n");
  });
  const text = head.replace(/\n*$/, parts.length > 0 ? "$&" : "\n\n") + spaced.join("");
  return { text: sourceText.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text, changes };
}

function refuse(cell: NotebookCell, index: number, hasId: boolean): void {
  if (!hasId) throw new Error(`cell ${index + 1} has no valid id`);
  if (cell.cell_type === "raw")
    throw new Error(`cell "${cell.id}" is a raw cell: a source holds Markdown and code only`);
  if ("attachments" in cell && Object.keys(cell.attachments as object).length > 0)
    throw new Error(`cell "${cell.id}" has attached pictures: a source holds text only`);
}

function textIn(cell: SourceCell, number: string, locale: Locale, contents: string): string {
  return cell.kind === "code"
    ? codeIn(cell.code, number, locale)
    : proseIn(cell.text[locale], locale, contents);
}

function edited(
  { cell_type, id = "" }: NotebookCell,
  source: string,
  earlier: SourceCell | undefined,
  number: string,
  locale: Locale,
  contents: string,
): SourceCell {
  if (cell_type === "code") return { kind: "code", id, code: codeInSource(source, number) };
  const text = earlier?.kind === "prose" ? earlier.text : { en: untranslated, ko: untranslated };
  const asked = text[locale].split("\n").includes(contentsPlace);
  let prose: string;
  try {
    prose = trimBlankLines(proseInSource(source, contents, asked).split("\n"));
  } catch (error) {
    throw new Error(`cell "${id}": ${(error as Error).message}`, { cause: error });
  }
  if (prose === "") throw new Error(`cell "${id}" is an empty Markdown cell: write its text or delete it`);
  return { kind: "prose", id, text: { ...text, [locale]: prose } };
}

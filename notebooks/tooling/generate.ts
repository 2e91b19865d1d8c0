// From a source to the notebook of one language, not executed yet.

import type { Notebook } from "../../kernel/protocol/nbformat.js";
import { proseIn } from "./prose.js";
import { sectionsOfCell } from "./slide_headings.js";
import type { Locale } from "../workbook/locale.js";
import type { Source, SourcePart } from "./source.js";
import { splitSource } from "./source.js";

/** What pull writes where the other language has no text yet; generation refuses it. */
export const untranslated = "TODO translate";

/** The call that sets a notebook's language, the only code that differs between the languages. */
export const workbookCall = (number: string, locale: string) => `workbook("${number}", "${locale}")`;

/**
 * Reads a source that is to be generated: beyond the grammar, its number is that of its file name, its first
 * code cell holds `workbook("NN", "{language}")`, no code cell is empty, every text is translated, and
 * headings that name slides can be read and name the same ones in both languages.
 *
 * @throws {Error} with file and line
 */
export function readSource(text: string, file: string): Source {
  const { frontMatter, parts } = splitSource(text, file);
  const { number } = frontMatter;
  const fail = (line: number, message: string): never => {
    throw new Error(`${file}:${line}: ${message}`);
  };
  const name = file.split(/[\\/]/).at(-1) ?? file;
  if (!name.startsWith(`${number}_`)) fail(1, `front matter: number is "${number}", but the file is ${name}`);

  const isCode = ({ cell }: SourcePart) => cell.kind === "code";
  const call = workbookCall(number, "{language}");
  const firstCode = parts.find(isCode);
  if (firstCode?.cell.kind !== "code" || !firstCode.cell.code.includes(call))
    fail(firstCode?.line ?? 1, `the first code cell must hold ${call}`);
  for (const { cell, line } of parts) {
    if (cell.kind === "code") {
      if (cell.code.trim() === "") fail(line, `code cell "${cell.id}" is empty`);
    } else {
      for (const [language, prose] of Object.entries(cell.text))
        if (prose === untranslated)
          fail(line, `cell "${cell.id}" is not translated: its ${language} text is "${prose}"`);
      try {
        sectionsOfCell(number, cell.text);
      } catch (error) {
        fail(line, `cell "${cell.id}": ${(error as Error).message}`);
      }
    }
  }
  return { ...frontMatter, cells: parts.map(({ cell }) => cell) };
}

/**
 * The notebook of one language (nbformat 4.5), without outputs. `file` is the source's name,
 * "05_lstm_forward.md", `contents` the table that comes in the place of `{contents}`.
 */
export function generate(
  source: Source,
  file: string,
  locale: Locale,
  languageInfo: object,
  contents = "",
): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "unrolled", display_name: "TypeScript (Unrolled)", language: "typescript" },
      language_info: languageInfo,
      title: source.title[locale],
      unrolled: { source: `notebooks/source/${file}`, language: locale },
    },
    cells: source.cells.map((cell) =>
      cell.kind === "code"
        ? {
            cell_type: "code",
            id: cell.id,
            metadata: {},
            source: codeIn(cell.code, source.number, locale),
            outputs: [],
            execution_count: null,
          }
        : {
            cell_type: "markdown",
            id: cell.id,
            metadata: {},
            source: proseIn(cell.text[locale], locale, contents),
          },
    ),
  };
}

/** The code as the notebook of a language holds it. */
export function codeIn(code: string, number: string, locale: Locale): string {
  return code.replaceAll(workbookCall(number, "{language}"), workbookCall(number, locale));
}

/** The code as the source holds it: codeIn's inverse, whichever language the call names. */
export function codeInSource(code: string, number: string): string {
  return (["en", "ko"] as const).reduce(
    (text, locale) => text.replaceAll(workbookCall(number, locale), workbookCall(number, "{language}")),
    code,
  );
}

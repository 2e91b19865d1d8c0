// The text a notebook is written in: Markdown that reads well by itself, with the English and the Korean
// prose and the one code in the same file. The grammar is in notebooks/source/README.md. Reading and writing
// are each other's inverse: parseSource(serialiseSource(source)) is `source` again.

import { parse as parseYaml, stringify as stringifyYaml } from "yaml";
import { locales } from "../workbook/locale.js";
import type { Locale } from "../workbook/locale.js";

export interface ProseCell {
  kind: "prose";
  id: string;
  text: Record<Locale, string>;
}

export interface CodeCell {
  kind: "code";
  id: string;
  code: string;
}

export type SourceCell = ProseCell | CodeCell;

/** What the head of a source says about the notebook. */
export interface FrontMatter {
  /** The notebook's number, two digits: "05". */
  number: string;
  title: Record<Locale, string>;
  /** What a reader can do afterwards, in one line of the table of contents. */
  goal?: Record<Locale, string>;
  /** How long it takes to work through. */
  minutes?: number;
}

export interface Source extends FrontMatter {
  cells: SourceCell[];
}

/** A cell with the lines it was read from, so that what is not edited can be written back byte for byte. */
export interface SourcePart {
  cell: SourceCell;
  text: string;
  /** Line number of the cell's first line, from 1. */
  line: number;
}

/** nbformat 4.5's rule for cell ids. */
export const cellIdPattern = /^[a-zA-Z0-9_-]{1,64}$/;

// One word, or a word with a value, is a marker, known or not; a comment of several words is text.
const markerPattern = /^<!--\s*([A-Za-z]+)(?:\s*:\s*(.*?))?\s*-->\s*$/;
const knownMarkerPattern = /^<!--\s*(en|ko|cell\s*:.*?)\s*-->\s*$/;
const codeFencePattern = /^(`{3,})\s*(\S*)\s+id=(\S*)\s*$/;
const proseFencePattern = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const languageNames: Record<Locale, string> = { en: "English", ko: "Korean" };

/**
 * Reads a source text; line endings may be LF or CRLF, `file` names it in errors.
 *
 * @throws {Error} with file and line: broken front matter, an unknown marker, a missing translation, an
 *   invalid or repeated cell id, text outside a cell, a fence that is never closed
 */
export function parseSource(text: string, file: string): Source {
  const { frontMatter, parts } = splitSource(text, file);
  return { ...frontMatter, cells: parts.map((part) => part.cell) };
}

/**
 * parseSource, keeping the text of the front matter (`head`) and of every cell; together they are all of the
 * text.
 */
export function splitSource(
  text: string,
  file: string,
): { frontMatter: FrontMatter; head: string; parts: SourcePart[] } {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const reader = new SourceReader(lines, file);
  const frontMatter = reader.readFrontMatter();
  const cells = [...reader.readCells()];

  const textOf = (from: number, to: number) =>
    lines.slice(from, to).join("\n") + (to < lines.length ? "\n" : "");
  return {
    frontMatter,
    head: textOf(0, cells[0]?.start ?? lines.length),
    parts: cells.map(({ cell, start }, index) => ({
      cell,
      text: textOf(start, cells[index + 1]?.start ?? lines.length),
      line: start + 1,
    })),
  };
}

/** Reads a source line by line, from its front matter to its last cell. */
class SourceReader {
  readonly #lines: string[];
  readonly #file: string;
  readonly #lineOfId = new Map<string, number>();
  /** index of the line that comes next */
  #at = 0;

  constructor(lines: string[], file: string) {
    this.#lines = lines;
    this.#file = file;
  }

  readFrontMatter(): FrontMatter {
    const first = this.#lines[0];
    if (first !== "---") {
      this.#fail(0, `the line is ${JSON.stringify(first)}, but must be the front matter's "---"`);
    }
    const end = this.#lines.indexOf("---", 1);
    if (end < 0) this.#fail(0, `the front matter has no closing "---"`);
    this.#at = end + 1;
    return parseFrontMatter(this.#lines.slice(1, end).join("\n"), (message) => this.#fail(0, message));
  }

  *readCells(): Generator<{ cell: SourceCell; start: number }> {
    for (this.#skipBlank(); this.#at < this.#lines.length; this.#skipBlank()) {
      const start = this.#at;
      yield { cell: this.#readCell(), start };
    }
  }

  #readCell(): SourceCell {
    const at = this.#at;
    const marker = markerPattern.exec(this.#lines[at]);
    if (marker) {
      const [, name, id] = marker;
      if (name === "en" || name === "ko") {
        this.#fail(
          at,
          `<!-- ${name} --> stands outside a Markdown cell, but must follow <!-- cell: ID -->: en, then ko, once each`,
        );
      }
      if (name !== "cell" || id === undefined) this.#failUnknownMarker(at);
      this.#declareId(id);
      return this.#readProse(id);
    }
    const codeFence = codeFencePattern.exec(this.#lines[at]);
    if (codeFence) {
      const [, fence, language, id] = codeFence;
      if (language !== "ts") this.#fail(at, `code cell "${id}" is in "${language}", but must be in "ts"`);
      this.#declareId(id);
      return this.#readCode(fence, id);
    }
    return this.#fail(
      at,
      `text stands outside a cell, but must follow <!-- cell: ID --> or a \`\`\`ts id=ID fence`,
    );
  }

  #readProse(id: string): ProseCell {
    const start = this.#at++;
    const text: Partial<Record<Locale, string>> = {};
    for (const locale of locales) {
      this.#skipBlank();
      const first = this.#readLocaleMarker(id, locale, start);
      text[locale] = this.#readText();
      if (text[locale] === "") this.#fail(first - 1, `cell "${id}" has no ${languageNames[locale]} text`);
    }
    return { kind: "prose", id, text: text as Record<Locale, string> };
  }

  /** Returns the index of the line after the marker. */
  #readLocaleMarker(id: string, locale: Locale, start: number): number {
    const lines = this.#lines;
    if (markerPattern.exec(lines[this.#at] ?? "")?.[1] !== locale) {
      const came = this.#at < lines.length ? JSON.stringify(lines[this.#at]) : "the end of the file";
      this.#fail(
        locale === "en" ? Math.min(this.#at, lines.length - 1) : start,
        `cell "${id}" has no ${languageNames[locale]} text: ${came} stands where <!-- ${locale} --> must stand`,
      );
    }
    return ++this.#at;
  }

  /** Text up to the next marker or code cell; within a fence of the text, neither is one. */
  #readText(): string {
    const lines = this.#lines;
    const first = this.#at;
    let at = first;
    while (at < lines.length && !markerPattern.test(lines[at]) && !codeFencePattern.test(lines[at])) {
      const fence = proseFencePattern.exec(lines[at]);
      at = fence ? this.#closingFence(at, fence[1]) + 1 : at + 1;
    }
    if (at < lines.length && !knownMarkerPattern.test(lines[at]) && markerPattern.test(lines[at])) {
      this.#failUnknownMarker(at);
    }
    this.#at = at;
    return trimBlankLines(lines.slice(first, at));
  }

  #readCode(fence: string, id: string): CodeCell {
    const close = this.#closingFence(this.#at, fence);
    const code = this.#lines.slice(this.#at + 1, close).join("\n");
    this.#at = close + 1;
    return { kind: "code", id, code };
  }

  #declareId(id: string): void {
    if (!cellIdPattern.test(id)) {
      this.#fail(
        this.#at,
        `the cell id is ${JSON.stringify(id)}, but must be 1 to 64 letters, digits, "-" or "_"`,
      );
    }
    const earlier = this.#lineOfId.get(id);
    if (earlier !== undefined) this.#fail(this.#at, `cell id "${id}" is already used on line ${earlier + 1}`);
    this.#lineOfId.set(id, this.#at);
  }

  /**
   * Index of the line that closes a fence opened at `open`; an unclosed one would swallow the rest of the
   * file.
   */
  #closingFence(open: number, fence: string): number {
    for (let at = open + 1; at < this.#lines.length; at++) {
      const close = this.#lines[at].trim();
      if (
        /^ {0,3}\S/.test(this.#lines[at]) &&
        close.length >= fence.length &&
        close === fence[0].repeat(close.length)
      ) {
        return at;
      }
    }
    return this.#fail(open, `the fence ${fence} opened here is never closed`);
  }

  #skipBlank(): void {
    while (this.#at < this.#lines.length && this.#lines[this.#at].trim() === "") this.#at++;
  }

  #failUnknownMarker(index: number): never {
    const marker = this.#lines[index].trim();
    return this.#fail(
      index,
      `the marker is ${marker}, but must be <!-- cell: ID -->, <!-- en --> or <!-- ko -->`,
    );
  }

  #fail(index: number, message: string): never {
    throw new Error(`${this.#file}:${index + 1}: ${message}`);
  }
}

/**
 * Writes a source text.
 *
 * @throws {Error} when a cell holds what the format cannot say, such as a marker line in its prose
 */
export function serialiseSource({ cells, ...frontMatter }: Source): string {
  return serialiseFrontMatter(frontMatter) + cells.map(serialiseCell).join("");
}

function serialiseFrontMatter({ number, title, goal, minutes }: FrontMatter): string {
  const numberLine = `number: ${JSON.stringify(number)}\n`;
  const rest = {
    title: { en: title.en, ko: title.ko },
    ...(goal && { goal: { en: goal.en, ko: goal.ko } }),
    ...(minutes !== undefined && { minutes }),
  };
  return `---\n${numberLine}${stringifyYaml(rest, { lineWidth: 0 })}---\n\n`;
}

/** The canonical text of one cell, with the blank line that follows it. */
export function serialiseCell(cell: SourceCell): string {
  const text = cell.kind === "code" ? serialiseCode(cell) : serialiseProse(cell);
  // Reading it back is the one check that covers every way a text can be mistaken for markers or fences.
  const head = serialiseFrontMatter({ number: "00", title: { en: "-", ko: "-" } });
  const [readBack, ...more] = parseSource(head + text, `cell "${cell.id}"`).cells;
  if (more.length > 0 || JSON.stringify(readBack) !== JSON.stringify(normaliseCell(cell)))
    throw new Error(
      `cell "${cell.id}" cannot be written in the source format: its text would be read differently`,
    );
  return text;
}

function serialiseCode({ id, code }: CodeCell): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}ts id=${id}\n${code === "" ? "" : `${code}\n`}${fence}\n\n`;
}

function serialiseProse({ id, text }: ProseCell): string {
  return `<!-- cell: ${id} -->\n\n<!-- en -->\n\n${text.en}\n\n<!-- ko -->\n\n${text.ko}\n\n`;
}

/** The key order parseSource produces, so that cells compare as JSON. */
function normaliseCell(cell: SourceCell): SourceCell {
  return cell.kind === "code"
    ? { kind: "code", id: cell.id, code: cell.code }
    : { kind: "prose", id: cell.id, text: { en: cell.text.en, ko: cell.text.ko } };
}

/** Prose without the blank lines around it, which the source format does not keep. */
export function trimBlankLines(lines: string[]): string {
  const isText = (line: string) => line.trim() !== "";
  const first = lines.findIndex(isText);
  return first < 0 ? "" : lines.slice(first, lines.findLastIndex(isText) + 1).join("\n");
}

function parseFrontMatter(yaml: string, fail: (message: string) => never): FrontMatter {
  let value: unknown;
  try {
    value = parseYaml(yaml);
  } catch (error) {
    fail(`front matter: ${(error as Error).message}`);
  }
  const { number, title, goal, minutes, ...rest } = (value ?? {}) as Record<string, unknown>;
  if (typeof number !== "string" || !/^\d\d$/.test(number))
    fail(`front matter: number is ${JSON.stringify(number)}, but must be two digits in quotes, such as "05"`);
  const bilingual = (key: string, text: unknown): Record<Locale, string> => {
    const { en, ko } = (text ?? {}) as Record<string, unknown>;
    return typeof en === "string" && typeof ko === "string"
      ? { en, ko }
      : fail(`front matter: ${key} is ${JSON.stringify(text)}, but must be { en, ko }, both text`);
  };
  if (minutes !== undefined && !(Number.isInteger(minutes) && (minutes as number) > 0))
    fail(`front matter: minutes is ${JSON.stringify(minutes)}, but must be a whole number above 0`);
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    fail(`front matter: the key is "${unknown}", but must be number, title, goal or minutes`);
  return {
    number,
    title: bilingual("title", title),
    ...(goal !== undefined && { goal: bilingual("goal", goal) }),
    ...(minutes !== undefined && { minutes: minutes as number }),
  };
}

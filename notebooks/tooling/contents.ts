// The table of contents: one row a notebook, from the front matter of the sources and the headings that name
// slides.

import { slideSections } from "./slide_headings.js";
import type { Locale } from "../workbook/locale.js";
import type { Source } from "./source.js";

/** A source and the name of its notebook without the ending: "05_lstm_forward". */
export interface NamedSource {
  stem: string;
  source: Source;
}

const words = {
  en: {
    head: ["Notebook", "Slides", "Afterwards you can", "Minutes"],
    beyond: "beyond the slides",
    reconstruction: (slides: string) => `${slides} (reconstruction)`,
  },
  ko: {
    head: ["노트북", "슬라이드", "학습 목표", "시간(분)"],
    beyond: "슬라이드를 넘어서",
    reconstruction: (slides: string) => `${slides} (재구성)`,
  },
};

/** The table in Markdown, with links between notebooks of the same language. */
export function contentsTable(sources: readonly NamedSource[], locale: Locale): string {
  const { head, beyond, reconstruction } = words[locale];
  const rows = sources.map(({ stem, source }) => {
    const sections = slideSections(source);
    const slides = ranges(sections.flatMap((section) => section.slides));
    const rebuilt =
      sections.length > 0 && sections.every((section) => section.reconstruction || section.continued);
    return [
      `[${source.number} ${source.title[locale]}](${stem}.ipynb)`,
      slides === "" ? beyond : rebuilt ? reconstruction(slides) : slides,
      source.goal?.[locale] ?? "",
      String(source.minutes ?? ""),
    ];
  });
  return markdownTable(head, rows);
}

/** A table in Markdown; a bar in a cell is escaped. */
export function markdownTable(head: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** "10–19, 21" of the numbers 10 … 19 and 21, in any order. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const starts = sorted.filter((number) => !sorted.includes(number - 1));
  const ends = sorted.filter((number) => !sorted.includes(number + 1));
  return starts.map((first, k) => (first === ends[k] ? `${first}` : `${first}–${ends[k]}`)).join(", ");
}

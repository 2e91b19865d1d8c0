// Which slides a section of a notebook renders: its heading says so, in both languages. The grammar is in
// notebooks/source/README.md; the tables of slides and of contents, and the anchors they link to, are made
// from it.

import type { Locale } from "../workbook/locale.js";
import type { Source } from "./source.js";

/** A heading that names slides: "## Slides 15–16 (reconstruction): dense layer, softmax, loss". */
export interface SlideHeading {
  slides: number[];
  /** Rebuilt, because the slide is lost. */
  reconstruction: boolean;
  /** A further section on the same slides. */
  continued: boolean;
  /** What follows the colon. */
  title: string;
}

/** A section of a notebook that renders slides. */
export interface SlideSection {
  /** The notebook's number: "05". */
  notebook: string;
  slides: number[];
  reconstruction: boolean;
  continued: boolean;
  title: Record<Locale, string>;
}

const words = {
  en: { heading: /^#{2,6} Slides?\b/, reconstruction: "reconstruction", continued: "continued" },
  ko: { heading: /^#{2,6} 슬라이드 ?\d/, reconstruction: "재구성", continued: "이어서" },
};
const numbers = String.raw`\d+(?:[–,] ?\d+)*`;
const pattern: Record<Locale, RegExp> = {
  en: new RegExp(String.raw`^#+ Slides? (${numbers})(?: \(([^()]*)\))?(, continued)?: (\S.*)$`),
  ko: new RegExp(String.raw`^#+ 슬라이드 (${numbers})(?: \(([^()]*)\))?(): (\S.*)$`),
};
const shape: Record<Locale, string> = {
  en: "## Slide 15: …, ## Slides 15–16 (reconstruction): … or ## Slide 15, continued: …",
  ko: "## 슬라이드 15: …, ## 슬라이드 15–16 (재구성): … or ## 슬라이드 15 (이어서): …",
};

/**
 * Reads one line; undefined if it is not a heading that names slides.
 *
 * @throws {Error} when it looks like one and cannot be read
 */
export function readSlideHeading(line: string, locale: Locale): SlideHeading | undefined {
  const { heading, reconstruction, continued } = words[locale];
  if (!heading.test(line)) return undefined;
  const [, list, remarks = "", suffix = "", title] = pattern[locale].exec(line) ?? [];
  if (title === undefined) throw new Error(`the heading is "${line}", but must be ${shape[locale]}`);
  const labels = remarks.split(/[,;] ?/);
  return {
    slides: list.split(/, ?/).flatMap((range) => between(range.split(/– ?/).map(Number))),
    reconstruction: labels.includes(reconstruction),
    continued: suffix !== "" || labels.includes(continued),
    title: title.trim(),
  };
}

const between = ([first, last = first]: number[]) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => first + k);

/** `text` with `change` applied to each line that is not inside a fence. */
export function changeProse(text: string, change: (line: string) => string): string {
  let fence: string | undefined;
  const lines = text.split("\n").map((line) => {
    const ticks = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (ticks === undefined) return fence === undefined ? change(line) : line;
    if (fence === undefined) fence = ticks;
    else if (ticks.startsWith(fence)) fence = undefined;
    return line;
  });
  return lines.join("\n");
}

function headingsIn(text: string, locale: Locale): SlideHeading[] {
  const headings: SlideHeading[] = [];
  changeProse(text, (line) => {
    const heading = readSlideHeading(line, locale);
    if (heading) headings.push(heading);
    return line;
  });
  return headings;
}

/**
 * The sections of a Markdown cell that render slides.
 *
 * @throws {Error} when the two languages do not name the same slides, labelled in the same way
 */
export function sectionsOfCell(notebook: string, text: Record<Locale, string>): SlideSection[] {
  const [en, ko] = [headingsIn(text.en, "en"), headingsIn(text.ko, "ko")];
  const facts = (headings: SlideHeading[]) =>
    headings
      .map(({ slides, reconstruction, continued }) => {
        const labels = [reconstruction ? ["reconstruction"] : [], continued ? ["continued"] : []].flat();
        return [slides.join(","), ...labels].join(" ");
      })
      .join("; ");
  if (facts(en) !== facts(ko))
    throw new Error(
      `its headings name slides ${facts(en) || "none"} in English, ${facts(ko) || "none"} in Korean`,
    );
  return en.map(({ slides, reconstruction, continued, title }, k) => ({
    notebook,
    slides,
    reconstruction,
    continued,
    title: { en: title, ko: ko[k].title },
  }));
}

/** The sections of a notebook that render slides, in order. */
export function slideSections({ number, cells }: Source): SlideSection[] {
  return cells.flatMap((cell) => (cell.kind === "prose" ? sectionsOfCell(number, cell.text) : []));
}

/** Where a slide's section can be linked to within its notebook. */
export const slideAnchor = (slide: number) => `slide-${slide}`;

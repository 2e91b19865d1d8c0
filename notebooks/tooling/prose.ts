// What generation adds to the prose of a source: an anchor above each section that renders slides, and the
// table of contents where a text asks for it. pull takes both out again.
//
// The anchors are elements of their own because JupyterLab finds a heading by its text only if that needs no
// percent-encoding in a link, and Korean does.

import { changeProse, readSlideHeading, slideAnchor } from "./slide_headings.js";
import type { Locale } from "../workbook/locale.js";

/** The line of a source in whose place the table of contents comes. */
export const contentsPlace = "{contents}";

const anchorLine = (slides: number[]) => slides.map((slide) => `<a id="${slideAnchor(slide)}"></a>`).join("");
const anchorLines = /^(?:<a id="slide-\d+"><\/a>)+\n\n/gm;

/** The prose as the notebook holds it. */
export function proseIn(text: string, locale: Locale, contents: string): string {
  return changeProse(text, (line) => {
    if (line === contentsPlace) return contents;
    const heading = readSlideHeading(line, locale);
    return heading && !heading.continued ? `${anchorLine(heading.slides)}\n\n${line}` : line;
  });
}

/**
 * The prose as the source holds it: proseIn's inverse.
 *
 * @throws {Error} when the table of contents was edited, which only its sources can change
 */
export function proseInSource(text: string, contents: string, asked: boolean): string {
  const prose = text.replace(anchorLines, "");
  if (!asked) return prose;
  const at = contents === "" ? -1 : prose.indexOf(contents);
  if (at < 0)
    throw new Error(
      "the table of contents was edited: it is made from the front matter of the sources, edit that",
    );
  return prose.slice(0, at) + contentsPlace + prose.slice(at + contents.length);
}

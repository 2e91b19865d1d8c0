// The pages next to the notebooks, in both languages.

import type { MakePages } from "../tooling/pages.js";
import { locales } from "../workbook/locale.js";
import { errataPage } from "./errata.js";
import { glossaryPage, glossaryProblems } from "./glossary_page.js";
import { slideProblems, slidesPage } from "./slide_table.js";

export const workbookPages: MakePages = (sources) => ({
  pages: locales.flatMap((locale) => [
    { file: `${locale}/slides.md`, text: slidesPage(sources, locale) },
    { file: `${locale}/errata.md`, text: errataPage(sources, locale) },
    { file: `${locale}/glossary.md`, text: glossaryPage(sources, locale) },
  ]),
  problems: [...slideProblems(sources), ...glossaryProblems(sources)],
});

// The pages next to the notebooks, in both languages.

import type { MakePages } from "../tooling/pages.js";
import { languages } from "../tooling/source.js";
import { errataPage } from "./errata.js";
import { glossaryPage, glossaryProblems } from "./glossary_page.js";
import { slideProblems, slidesPage } from "./slide_table.js";

export const workbookPages: MakePages = (sources) => ({
  pages: languages.flatMap((language) => [
    { file: `${language}/slides.md`, text: slidesPage(sources, language) },
    { file: `${language}/errata.md`, text: errataPage(sources, language) },
    { file: `${language}/glossary.md`, text: glossaryPage(sources, language) },
  ]),
  problems: [...slideProblems(sources), ...glossaryProblems(sources)],
});

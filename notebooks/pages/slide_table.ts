// Where each of the 73 slides is rendered, and how: faithfully, where it can be read, or rebuilt. Derived
// from the headings of the notebooks, so that it cannot say what they do not; a slide that is not rendered is
// a problem, and so is a lost one that a heading claims to render as it was.

import type { NamedSource } from "../tooling/contents.js";
import { markdownTable, ranges } from "../tooling/contents.js";
import type { SlideSection } from "../tooling/slide_headings.js";
import { slideAnchor, slideSections } from "../tooling/slide_headings.js";
import type { Locale } from "../workbook/locale.js";
import type { LectureSlide, SlideState } from "../workbook/lecture/lecture_outline.js";
import { lectureOutline } from "../workbook/lecture/lecture_outline.js";

/** How a slide is rendered. `partly`: what can be read of it faithfully, the rest rebuilt or left out. */
export type Rendering = "faithful" | "partly" | "reconstruction";

/** A slide with its section; undefined if it has none. */
export interface PlacedSlide extends LectureSlide {
  section?: SlideSection;
  rendering?: Rendering;
}

/** Every slide with its first section. */
export function placeSlides(sources: readonly NamedSource[]): PlacedSlide[] {
  const sections = sources.flatMap(({ source }) => slideSections(source));
  return lectureOutline.map((slide) => {
    const section = sections.find(({ slides }) => slides.includes(slide.slide));
    return section ? { ...slide, section, rendering: renderingOf(slide.state, section) } : slide;
  });
}

function renderingOf(state: SlideState, section: SlideSection): Rendering {
  if (section.reconstruction) return "reconstruction";
  return state === "damaged" ? "partly" : "faithful";
}

/** Slides without a section, and sections that say of a slide what is not so. */
export function slideProblems(sources: readonly NamedSource[]): string[] {
  const problems: string[] = [];
  for (const { slide, state, notebook, section } of placeSlides(sources)) {
    const where = `slide ${slide}`;
    if (!section) {
      problems.push(
        `${where} has no section, but must have a heading "## Slide ${slide}: …" in notebook ${notebook}`,
      );
    } else if (section.notebook !== notebook) {
      problems.push(`${where} is rendered in notebook ${section.notebook}, but must be in ${notebook}`);
    } else if (state === "lost" && !section.reconstruction) {
      problems.push(
        `${where} is lost, but notebook ${notebook} renders it as if it could be read: label the heading (reconstruction)`,
      );
    } else if (state === "legible" && section.reconstruction) {
      problems.push(`${where} can be read, but notebook ${notebook} calls its section a reconstruction`);
    }
  }
  return [...problems, ...headingProblems(sources)];
}

function headingProblems(sources: readonly NamedSource[]): string[] {
  const seen = new Set<number>();
  return sources
    .flatMap(({ source }) => slideSections(source))
    .flatMap(({ notebook, slides, continued }) =>
      slides.flatMap((slide) => {
        const where = `notebook ${notebook}: slide ${slide}`;
        const known = lectureOutline.some((other) => other.slide === slide);
        const again = seen.has(slide);
        seen.add(slide);
        if (!known) return [`${where}: the lecture has slides 1–${lectureOutline.length}`];
        if (again && !continued) return [`${where} has a section already: call this one "continued"`];
        if (!again && continued) return [`${where} is "continued", but has no section before`];
        return [];
      }),
    );
}

const words = {
  en: {
    title: "The 73 slides and where they are",
    intro:
      'Every slide of the lecture **"RNN과 LSTM" by ONECLICK AI**, and the section of a notebook that renders it. ' +
      "The lecture reached us as a scan whose first part is mostly lost, so each row says what is left of the slide and how it is rendered.",
    summary: (counts: Record<SlideState, string>, renderings: Record<Rendering, string>) => [
      `**Legible**: ${counts.legible}. **Damaged**, some of it can be read: ${counts.damaged}. **Lost** but for the title: ${counts.lost}.`,
      `**Faithful**, with the slide's own formulas and numbers: ${renderings.faithful}. **Partly**, faithful where the slide can be read: ${renderings.partly}. **Reconstruction**, ours and not the lecturer's words: ${renderings.reconstruction}.`,
    ],
    slides: (count: number, list: string) =>
      `${count} slide${count === 1 ? "" : "s"}${list === "" ? "" : ` (${list})`}`,
    head: ["Slide", "Title", "What is left", "Notebook and section", "Rendering"],
    state: { legible: "legible", damaged: "damaged", lost: "lost" },
    rendering: { faithful: "faithful", partly: "partly", reconstruction: "reconstruction" },
    missing: "not yet",
    beyondTitle: "Beyond the slides",
    beyondIntro: "These sections go further than the lecture; nothing in them is the lecturer's.",
    beyond: /^#{2,6} Beyond the slides: (.+)$/,
    generated: "Made from the headings of the notebooks by `npm run notebooks`.",
  },
  ko: {
    title: "슬라이드 73장 찾아보기",
    intro:
      "**ONECLICK AI의 강의** 「RNN과 LSTM」의 슬라이드와, 그 슬라이드를 다루는 노트북의 절을 모두 모았습니다. " +
      "이 강의는 스캔한 글로만 남아 있고 앞부분은 대부분 사라졌습니다. 그래서 슬라이드마다 무엇이 남아 있는지, 어떻게 옮겼는지도 함께 적었습니다.",
    summary: (counts: Record<SlideState, string>, renderings: Record<Rendering, string>) => [
      `**읽을 수 있음**: ${counts.legible}. **일부만 남음**: ${counts.damaged}. **사라짐**(제목만 남음): ${counts.lost}.`,
      `**그대로**(슬라이드의 수식과 숫자를 옮김): ${renderings.faithful}. **일부**(읽을 수 있는 곳은 그대로): ${renderings.partly}. **재구성**(강의자의 글이 아니라 이 프로젝트에서 다시 구성한 것): ${renderings.reconstruction}.`,
    ],
    slides: (count: number, list: string) => `${count}장${list === "" ? "" : ` (${list})`}`,
    head: ["슬라이드", "제목", "남은 것", "노트북과 절", "옮긴 방식"],
    state: { legible: "읽을 수 있음", damaged: "일부만 남음", lost: "사라짐" },
    rendering: { faithful: "그대로", partly: "일부", reconstruction: "재구성" },
    missing: "아직 없음",
    beyondTitle: "슬라이드를 넘어서",
    beyondIntro: "강의보다 더 나아간 절로, 강의에는 없는 내용입니다.",
    beyond: /^#{2,6} 슬라이드를 넘어서: (.+)$/,
    generated: "노트북의 제목을 모아 `npm run notebooks`가 만든 표입니다.",
  },
};

/** "slides.md" of a language. */
export function slidesPage(sources: readonly NamedSource[], locale: Locale): string {
  const text = words[locale];
  const placed = placeSlides(sources);
  const listed = (slides: PlacedSlide[]) =>
    text.slides(slides.length, ranges(slides.map(({ slide }) => slide)));
  const having = (key: "state" | "rendering", value: SlideState | Rendering) =>
    listed(placed.filter((slide) => slide[key] === value));
  const summary = text.summary(
    {
      legible: having("state", "legible"),
      damaged: having("state", "damaged"),
      lost: having("state", "lost"),
    },
    {
      faithful: having("rendering", "faithful"),
      partly: having("rendering", "partly"),
      reconstruction: having("rendering", "reconstruction"),
    },
  );
  const rows = placed.map(({ slide, title, state, remark, section, rendering }) => [
    String(slide),
    title[locale],
    remark ? `${text.state[state]}: ${remark[locale]}` : text.state[state],
    section
      ? `[${section.notebook}: ${section.title[locale]}](${linkToSlide(slide, sources)})`
      : text.missing,
    rendering ? text.rendering[rendering] : "",
  ]);
  const beyond = sources.flatMap(({ stem, source }) =>
    source.cells.flatMap((cell) =>
      cell.kind !== "prose"
        ? []
        : cell.text[locale].split("\n").flatMap((line) => {
            const title = text.beyond.exec(line)?.[1];
            return title === undefined ? [] : [`- [${source.number}](${stem}.ipynb): ${title}`];
          }),
    ),
  );
  return [
    `# ${text.title}`,
    text.intro,
    summary.map((line) => `- ${line}`).join("\n"),
    markdownTable(text.head, rows),
    ...(beyond.length === 0 ? [] : [`## ${text.beyondTitle}`, text.beyondIntro, beyond.join("\n")]),
    `${text.generated}\n`,
  ].join("\n\n");
}

/** The section of a slide, from a page next to the notebooks; undefined where it has none yet. */
export function linkToSlide(slide: number, sources: readonly NamedSource[]): string | undefined {
  const found = sources.find(({ source }) =>
    slideSections(source).some(({ slides }) => slides.includes(slide)),
  );
  return found && `${found.stem}.ipynb#${slideAnchor(slide)}`;
}

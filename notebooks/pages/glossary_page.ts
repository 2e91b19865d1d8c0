// The page of notation and terms, each with a link to the section that explains it.

import { norm } from "../../src/index.js";
import type { NamedSource } from "../tooling/contents.js";
import { markdownTable } from "../tooling/contents.js";
import { sectionsOfCell } from "../tooling/slide_headings.js";
import type { Locale } from "../workbook/locale.js";
import { lectureLstm } from "../workbook/exercises/lecture_networks.js";
import { symbols, terms } from "./glossary.js";
import { linkToSlide } from "./slide_table.js";

const { back1, back2 } = lectureLstm();
const percent = (share: number) => (100 * share).toFixed(1);
const sharesLeft = {
  forget: percent(norm(back2.dcPrev) / norm(back2.dc)),
  total: percent(norm(back1.dc) / norm(back2.dc)),
};

const words = {
  en: {
    title: "Notation and glossary",
    intro:
      'The symbols are those of the lecture **"RNN과 LSTM" by ONECLICK AI**. Vectors are **columns**, weights have one row for each output, so $z = W_x x + W_h h + b$. In shapes, I is the number of inputs, H of hidden units and K of classes; on the slides all three are 2.',
    symbolsTitle: "Symbols",
    symbolsHead: ["Symbol", "In code", "Shape", "Meaning", "Slide"],
    normsTitle: "Norms",
    norms: [
      "$\\|\\partial L / \\partial h_t\\|$ is the size of the **total** gradient at $h_t$: of the loss at $t$ and of everything later. The same holds for $C_t$. It is the L2 norm of each sample, then the mean over the batch.",
      "$\\|\\partial L / \\partial W\\|$ at $t$ is the Frobenius norm of what step $t$ contributes.",
      `The gradient that goes back **through the forget gate alone** is $\\partial C_t \\odot f_t$; the **total** $\\partial C_{t-1}$ has what came through $h_{t-1}$ added. One step back on the slides they keep ${sharesLeft.forget} % and ${sharesLeft.total} %.`,
    ],
    gatesTitle: "Tied and untied gates",
    gates:
      "Slide 35 starts all four gates from the same $W_x$, $W_h$ and $b$, and slides 51–58 add the four gradients and update one shared copy: **tied** gates. Every framework gives each gate parameters of its own: **untied** gates. The first forward pass is the same; from the first update on they differ (notebook 07).",
    termsTitle: "Terms",
    notebook: (number: string) => `notebook ${number}`,
    termsHead: ["English", "Korean", "Meaning", "Slide"],
    generated: "Made from `notebooks/pages/glossary.ts` by `npm run notebooks`.",
  },
  ko: {
    title: "기호와 용어",
    intro:
      "기호는 **ONECLICK AI의 강의** 「RNN과 LSTM」을 따릅니다. 벡터는 **열벡터**이고 가중치 행렬의 행 하나가 출력 하나에 해당하므로 $z = W_x x + W_h h + b$입니다. 모양에서 I는 입력의 수, H는 은닉 유닛의 수, K는 클래스의 수이고, 슬라이드에서는 모두 2입니다.",
    symbolsTitle: "기호",
    symbolsHead: ["기호", "코드", "모양", "뜻", "슬라이드"],
    normsTitle: "기울기의 크기(노름)",
    norms: [
      "$\\|\\partial L / \\partial h_t\\|$는 $h_t$에 도착한 기울기 **전체**의 크기입니다. 시점 $t$의 손실과 그 뒤의 모든 손실에서 온 기울기를 더한 것입니다. $C_t$도 마찬가지입니다. 샘플마다 L2 노름을 구해 배치에 대해 평균합니다.",
      "시점 $t$의 $\\|\\partial L / \\partial W\\|$는 그 시점의 기여분의 프로베니우스 노름입니다.",
      `**망각 게이트만 거친** 기울기는 $\\partial C_t \\odot f_t$이고, **전체** $\\partial C_{t-1}$에는 $h_{t-1}$을 거쳐 온 것까지 더해집니다. 슬라이드에서 한 시점 거슬러 가면 망각 게이트만 거친 기울기는 ${sharesLeft.forget}%, 전체 기울기는 ${sharesLeft.total}%가 남습니다.`,
    ],
    gatesTitle: "게이트 가중치를 공유할 때와 따로 둘 때",
    gates:
      "슬라이드 35에서는 네 게이트(게이트 세 개와 후보)가 같은 $W_x$, $W_h$, $b$에서 시작하고, 슬라이드 51–58에서는 네 기울기를 더해 하나의 가중치를 업데이트합니다. 게이트가 가중치를 **공유**하는 것입니다. 프레임워크에서는 게이트마다 가중치를 **따로** 둡니다. 첫 순전파는 똑같고, 첫 업데이트부터 달라집니다(노트북 07).",
    termsTitle: "용어",
    notebook: (number: string) => `노트북 ${number}`,
    termsHead: ["한국어", "영어", "뜻", "슬라이드"],
    generated: "`notebooks/pages/glossary.ts`의 데이터로 `npm run notebooks`가 만든 페이지입니다.",
  },
};

/** "glossary.md" of a language. */
export function glossaryPage(sources: readonly NamedSource[], locale: Locale): string {
  const text = words[locale];
  const link = (where: number | string) => {
    if (typeof where === "string")
      return `[${text.notebook(where)}](${notebookOf(where, sources)?.stem}.ipynb)`;
    const to = linkToSlide(where, sources);
    return to === undefined ? String(where) : `[${where}](${to})`;
  };
  const other = locale === "en" ? "ko" : "en";
  const sorted = [...terms].sort((a, b) => a.term[locale].localeCompare(b.term[locale], locale));
  return [
    `# ${text.title}`,
    text.intro,
    `## ${text.symbolsTitle}`,
    markdownTable(
      text.symbolsHead,
      symbols.map(({ symbol, code, shape, meaning, slide }) => [
        `$${symbol}$`,
        `\`${code}\``,
        shape,
        meaning[locale],
        link(slide),
      ]),
    ),
    `## ${text.normsTitle}`,
    text.norms.map((line) => `- ${line}`).join("\n"),
    `## ${text.gatesTitle}`,
    text.gates,
    `## ${text.termsTitle}`,
    markdownTable(
      text.termsHead,
      sorted.map(({ term, meaning, where }) => [term[locale], term[other], meaning[locale], link(where)]),
    ),
    `${text.generated}\n`,
  ].join("\n\n");
}

const notebookOf = (where: number | string, sources: readonly NamedSource[]) =>
  sources.find(({ source }) =>
    typeof where === "string"
      ? source.number === where
      : source.cells.some(
          (cell) =>
            cell.kind === "prose" &&
            sectionsOfCell(source.number, cell.text).some(({ slides }) => slides.includes(where)),
        ),
  );

/** Terms that the notebook which is to explain them does not use, in one language or the other. */
export function glossaryProblems(sources: readonly NamedSource[]): string[] {
  return terms.flatMap(({ term, where }) => {
    const home = notebookOf(where, sources);
    // The slide's notebook is not written yet; slides.md keeps account of that.
    if (!home) return [];
    return (["en", "ko"] as const).flatMap((locale) => {
      const text = [
        home.source.title[locale],
        ...home.source.cells.flatMap((cell) => (cell.kind === "prose" ? [cell.text[locale]] : [])),
      ].join("\n");
      // Without the abbreviation in brackets.
      const word = term[locale].replace(/\(.*\)/, "").trim();
      return text.toLowerCase().includes(word.toLowerCase())
        ? []
        : [
            `glossary: notebook ${home.source.number} never says "${word}", though ${typeof where === "number" ? `slide ${where}` : "it"} is to explain it`,
          ];
    });
  });
}

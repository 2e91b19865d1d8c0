// What the judge of the exercises says, in both languages.

import { lectureOutline } from "../lecture/lecture_outline.js";
import type { Locale } from "../locale.js";
import { notebookFiles } from "../notebook_files.js";
import type { Outcome } from "./check.js";

/** What may be called before there is an answer. */
export const howToBegin: Record<Locale, (id: string) => string> = {
  en: (id) => `No idea how to begin? \`book.hint("${id}")\``,
  ko: (id) => `어떻게 시작할지 모르겠다면: \`book.hint("${id}")\``,
};

const en = {
  headline: (id: string, title: string, outcome: Outcome) =>
    ({
      unanswered: `○ ${id} ${title}`,
      unusable: `△ ${id} ${title}: this answer cannot be checked`,
      close: `△ ${id} ${title}: close`,
      right: `✓ ${id} ${title}: right`,
      wrong: `✗ ${id} ${title}: not yet`,
    })[outcome],
  unanswered: (id: string) =>
    `Not answered yet: put your answer in place of null and run the cell again. ${howToBegin.en(id)}`,
  exact: (value: string) => `Exact value: ${value}`,
  printed: (value: string) => `You have the number that the slide prints, ${value}. It counts.`,
  rounded: "Right to the digits you gave.",
  cutOff: "Nearly right: the digits after yours were cut off. Round the last one, or give all of them.",
  oneDigit: "Nearly right, but one digit says too little: give two significant digits or more.",
  close:
    "Nearly right: were numbers rounded on the way? Keep all digits, best by computing in the cell, and try again.",
  marks: (marks: string) => `Component by component: ${marks}`,
  slide: (slide: number, notebook: string) =>
    `Back to ${linkTo(slide, `slide ${slide}`)}${inBrackets([
      ...(isReconstructed(slide) ? ["reconstruction"] : []),
      ...(isElsewhere(slide, notebook) ? [`notebook ${notebookWith(slide)}`] : []),
    ])}.`,
  section: (section: string) => `Look again at ${section}.`,
  hint: (number: number, count: number, hint: string) => `Hint ${number} of ${count}: ${hint}`,
  noMoreHints: (count: number): string =>
    count === 0
      ? "The solution is folded below the task."
      : "No hint is left. The solution is folded below the task.",
  wrongShape: (came: string, expected: string) => `Your answer is ${came}, but ${expected} is asked for.`,
  notFinite: (index: string, value: number) =>
    index === "" ? `Your answer is ${value}.` : `Component ${index} of your answer is ${value}.`,
  notALetter: (came: string, letters: string[]) =>
    `Your answer is ${came}, but one of the letters ${letters.map((letter) => `"${letter}"`).join(", ")} is asked for.`,
  threw: (message: string) => `Your code stopped with an error: ${message}`,
  shape: (value: unknown): string => {
    if (!Array.isArray(value)) return "a number";
    const [first] = value as unknown[];
    return Array.isArray(first)
      ? `a ${value.length} × ${first.length} matrix`
      : `a vector of ${value.length}`;
  },
  kind: (value: unknown): string => {
    if (typeof value === "string") return `a string ("${value}")`;
    if (typeof value === "function") return "a function";
    if (typeof value === "number") return `a number (${value})`;
    if (typeof value === "boolean") return `a boolean (${value})`;
    if (Array.isArray(value)) {
      if (value.length === 0) return "an empty array";
      return value.every((entry) => Array.isArray(entry))
        ? "an array of unequal rows, or of rows that hold more than numbers"
        : "an array that holds more than numbers";
    }
    return "an object";
  },
};

export type VerdictStrings = typeof en;

const ko: VerdictStrings = {
  headline: (id, title, outcome) =>
    ({
      unanswered: `○ ${id} ${title}`,
      unusable: `△ ${id} ${title}: 채점할 수 없는 답입니다`,
      close: `△ ${id} ${title}: 거의 맞았습니다`,
      right: `✓ ${id} ${title}: 정답입니다`,
      wrong: `✗ ${id} ${title}: 아직 정답이 아닙니다`,
    })[outcome],
  unanswered: (id) =>
    `아직 답하지 않았습니다. null 자리에 답을 쓰고 셀을 다시 실행하세요. ${howToBegin.ko(id)}`,
  exact: (value) => `참값: ${value}`,
  printed: (value) => `슬라이드에 적힌 값과 같습니다: ${value}. 정답으로 인정합니다.`,
  rounded: "적은 자릿수까지 맞습니다.",
  cutOff:
    "거의 맞았습니다. 뒤의 자리를 반올림하지 않고 버렸습니다. 마지막 자리를 반올림하거나 모든 자릿수를 쓰세요.",
  oneDigit: "거의 맞았지만 한 자리만으로는 알 수 없습니다. 유효 숫자를 두 자리 이상 쓰세요.",
  close:
    "거의 맞았습니다. 중간에 반올림하지 않았나요? 셀에서 바로 계산해 모든 자릿수를 살려서 다시 해 보세요.",
  marks: (marks) => `성분별 결과: ${marks}`,
  slide: (slide, notebook) =>
    `다시 볼 곳: ${linkTo(slide, `슬라이드 ${slide}`)}${inBrackets([
      ...(isReconstructed(slide) ? ["재구성"] : []),
      ...(isElsewhere(slide, notebook) ? [`노트북 ${notebookWith(slide)}`] : []),
    ])}`,
  section: (section) => `다시 볼 곳: ${section}`,
  hint: (number, count, hint) => `힌트 ${number}/${count}: ${hint}`,
  noMoreHints: (count) =>
    count === 0
      ? "풀이는 문제 아래에 접혀 있습니다."
      : "힌트를 모두 보았습니다. 풀이는 문제 아래에 접혀 있습니다.",
  wrongShape: (came, expected) => `입력한 답은 ${came}입니다. 필요한 형식은 ${expected}입니다.`,
  notFinite: (index, value) =>
    index === "" ? `답이 ${value}입니다.` : `답의 성분 ${index}의 값이 ${value}입니다.`,
  notALetter: (came, letters) =>
    `입력한 답은 ${came}입니다. ${letters.map((letter) => `"${letter}"`).join(", ")} 가운데 하나로 답하세요.`,
  threw: (message) => `코드를 실행하다가 오류가 났습니다: ${message}`,
  shape: (value): string => {
    if (!Array.isArray(value)) return "숫자 하나";
    const [first] = value as unknown[];
    return Array.isArray(first)
      ? `${value.length} × ${first.length} 행렬`
      : `성분이 ${value.length}개인 벡터`;
  },
  kind: (value): string => {
    if (typeof value === "string") return `문자열("${value}")`;
    if (typeof value === "function") return "함수";
    if (typeof value === "number") return `숫자(${value})`;
    if (typeof value === "boolean") return `불리언(${value})`;
    if (Array.isArray(value)) {
      if (value.length === 0) return "빈 배열";
      return value.every((entry) => Array.isArray(entry))
        ? "행의 길이가 다르거나 숫자가 아닌 값이 든 배열"
        : "숫자가 아닌 값이 든 배열";
    }
    return "객체";
  },
};

const notebookWith = (slide: number) => lectureOutline[slide - 1].notebook;
const isElsewhere = (slide: number, notebook: string) => notebookWith(slide) !== notebook;
/** The section of the slide, in the notebook beside this one. */
const linkTo = (slide: number, words: string) =>
  `[${words}](${notebookFiles[notebookWith(slide)]}#slide-${slide})`;
const inBrackets = (remarks: string[]) => (remarks.length === 0 ? "" : ` (${remarks.join(", ")})`);

/** Nothing but the title of the slide has come down to us. */
const isReconstructed = (slide: number) => lectureOutline[slide - 1].state === "lost";

export const verdictStrings: Record<Locale, VerdictStrings> = { en, ko };

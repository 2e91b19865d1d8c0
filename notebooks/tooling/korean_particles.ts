// Which Korean particle follows a formula: that depends on the last sound of its reading. $C_0$ ends in 영 and
// takes 이, $C_2$ ends in 이 and takes 가. es-hangul chooses the particle for a reading; the readings are here.

import { josa, numberToHangul } from "es-hangul";

const pairs = ["은/는", "이/가", "을/를", "과/와", "으로/로"] as const;
type Pair = (typeof pairs)[number];
const pairOf = new Map<string, Pair>(pairs.flatMap((pair) => pair.split("/").map((one) => [one, pair])));

const particle = "(으로|은|는|이|가|을|를|과|와|로)(?:는|도|만|의|부터|써)?(?![가-힣])";
const formulas = new RegExp(String.raw`\$([^$\n]+)\$${particle}`, "g");
/** A number, a symbol with an index or an abbreviation, as charts and titles write them without LaTeX. */
const plain = new RegExp(
  String.raw`(?<![\w$\\.{}^'${"`"}가-힣])((?:[A-Za-zŷ]̃?[₀-₉ₐ-ₜ₊₋ᵀ²′]+|[hzxbCWfiog]̃?_[a-z]+[ᵀ²]?|\d[\d,]*(?:\.\d+)?%?|[A-Z]{2,}))${particle}`,
  "gu",
);

/** Every particle in `text` that does not fit what stands before it: "$C_0$가, but 영 takes 이". */
export function wrongParticles(text: string): string[] {
  const found = [
    ...text.matchAll(formulas),
    ...[...withoutFormulas(text).matchAll(plain)].map((match) => {
      match[1] = inLatex(match[1]);
      return match;
    }),
  ];
  return found.flatMap(([came, formula, used]) => {
    const reading = readingOf(formula);
    if (reading === undefined) return [`${came}: no reading of its last sign is known`];
    const fitting = particleFor(reading, pairOf.get(used)!);
    return fitting === used ? [] : [`${came}, but ${reading} takes ${fitting}`];
  });
}

/** es-hangul knows 와/과, in this order. */
const particleFor = (reading: string, pair: Pair): string =>
  josa.pick(reading, pair === "과/와" ? "와/과" : pair);

const withoutFormulas = (text: string) => text.replace(/`[^`\n]*`|\$[^$\n]+\$/g, "` `");

const subscripts = "₀₁₂₃₄₅₆₇₈₉";

/** "Wₕᵀ" as W_h^\top, as far as its last sign goes. */
function inLatex(symbol: string): string {
  return symbol
    .replace(/[₀-₉]/g, (digit) => String(subscripts.indexOf(digit)))
    .replace(/ᵀ$/, "^\\top")
    .replace(/²$/, "^2")
    .replace(/′$/, "'")
    .replace(/ₜ/g, "t")
    .replace(/ₕ/g, "h")
    .replace(/ₓ/g, "x")
    .replace(/ŷ$/, "\\hat y")
    .replace(/C̃$/, "\\tilde C");
}

const commands: Record<string, string> = {
  hat: "햇",
  tilde: "틸다",
  top: "트랜스포즈",
  next: "넥스트",
  prev: "프리브",
  logit: "로짓",
  softmax: "소프트맥스",
  max: "맥스",
  min: "민",
  tanh: "탄에이치",
  log: "로그",
  odot: "오닷",
  oslash: "오슬래시",
};
const greek = /\\(?:alpha|beta|gamma|Delta|delta|eta|theta|sigma|rho|tau|lambda|mu|pi|partial)$/;
const letters: Record<string, string> = { l: "엘", m: "엠", n: "엔" };

/** What only closes: brackets, bars and spaces. */
const closing = /(?:\\right|\\[,;!|}]|[)\]|\s])$/;

/** `text` without what `end` matches at its end, however often. */
function without(end: RegExp, text: string): string {
  const shorter = text.replace(end, "");
  return shorter === text ? text : without(end, shorter);
}

/** How the last sign of a formula is read aloud, in Hangul; undefined if that is not known. */
function readingOf(formula: string): string | undefined {
  const tex = without(closing, formula).replace(/\\[bB]ig$/, "");
  if (tex.endsWith("'")) return "프라임";
  if (/\^\{?\\top\}?$/.test(tex)) return commands.top;
  const step = /\^\{\((\d)\)\}?$/.exec(tex)?.[1];
  if (step !== undefined) return numberToHangul(Number(step));
  if (/\^(?:\{[^{}]*\}|[^{}\\])$/.test(tex)) return "제곱";
  if (/\\end\{[a-z]*matrix\}$/.test(tex)) return "행렬";
  const accent = /\\(hat|tilde)[ {]*[a-zA-Z]\}?$/.exec(tex)?.[1];
  if (accent !== undefined) return commands[accent];

  const bare = without(/\}$/, tex);
  const word = /\\(?:text|mathrm|operatorname)\{([a-z]+)$|\\([A-Za-z]+)$/.exec(bare);
  const name = word?.[1] ?? word?.[2];
  if (name !== undefined && name in commands) return commands[name];
  if (greek.test(bare)) return "세타";
  if (word) return undefined;
  if (bare.endsWith("%")) return "퍼센트";
  const number = /(?<![\d,.])\d[\d,]*(?:\.\d+)?$/.exec(bare);
  if (number) return numberReading(number[0].replaceAll(",", ""));
  const letter = /[a-zA-Z]$/.exec(bare)?.[0].toLowerCase();
  return letter === undefined ? undefined : (letters[letter] ?? "에이");
}

/** The decimals of a number are read digit by digit. */
function numberReading(number: string): string {
  const last = number.includes(".") ? Number(number.at(-1)) : Number(number);
  return last === 0 ? "영" : numberToHangul(last);
}

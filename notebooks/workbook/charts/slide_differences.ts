// P5: how far each printed component is from the exact value, slide by slide.

import type { Chart } from "../../../src/index.js";
import type { Verdict } from "../lecture/quantity.js";
import type { Locale } from "../locale.js";
import type { ComparedComponent } from "../slide_comparison.js";
import { slideStrings } from "../slide_strings.js";
import { vegaLite } from "./chart.js";

/**
 * A logarithmic axis has no zero: what is equal (up to the rounding of float64) stands on a line of its own.
 */
const zeroLine = 1e-7;
const halfUnit = 5e-5;

const look = {
  matches: { colour: "#009E73", shape: "circle" },
  carried: { colour: "#E69F00", shape: "square" },
  lastDigit: { colour: "#0072B2", shape: "triangle-up" },
  slip: { colour: "#D55E00", shape: "diamond" },
};

/** The printed component that is furthest from its exact value. */
export interface LargestDifference {
  slide: number;
  /** with its index, as in "C₂ [2]" */
  quantity: string;
  difference: number;
}

type JudgedComponent = ComparedComponent & { printed: string; verdict: Verdict };

const distance = ({ printed, value }: JudgedComponent) => Math.abs(Number(printed) - value);

const isJudged = (row: ComparedComponent): row is JudgedComponent =>
  row.printed !== undefined && row.verdict !== "differs";

/** @throws {Error} when nothing printed is among `rows` */
export function largestDifference(rows: readonly ComparedComponent[]): LargestDifference {
  const printed = rows.filter(isJudged);
  if (printed.length === 0)
    throw new Error("book.largestDifference: no slide has been computed yet; run the cells above first");
  const furthest = printed.reduce((a, b) => (distance(b) > distance(a) ? b : a));
  const quantity = `${furthest.quantity} ${furthest.index}`.trim();
  return { slide: furthest.slide, quantity, difference: distance(furthest) };
}

/**
 * |printed − exact| by slide on a log axis, colour and shape by verdict, and next to it the eight largest of
 * the dots brushed over (of all, when none are). Components that were never printed, or that the learner
 * computed from other inputs, are left out.
 */
export function slideDifferences(locale: Locale, rows: readonly ComparedComponent[]): Chart {
  const words = strings[locale];
  const text = slideStrings[locale];
  const printed = rows.filter(isJudged);
  const values = printed.map((row) => {
    const ofSlide = printed.filter(({ slide }) => slide === row.slide);
    const difference = distance(row);
    return {
      slide: row.slide,
      place: (ofSlide.indexOf(row) + 0.5) / ofSlide.length,
      component: `${row.quantity} ${row.index}`.trim(),
      printed: row.printed,
      exact: row.value,
      difference,
      height: Math.max(difference, zeroLine),
      verdict: text.verdict[row.verdict],
      kind: row.verdict,
    };
  });
  const kinds = (["matches", "carried", "lastDigit", "slip"] as const).filter((kind) =>
    values.some((row) => row.kind === kind),
  );
  const domain = kinds.map((kind) => text.verdict[kind]);
  return {
    $schema: vegaLite,
    description: words.description(values.length, values.filter((row) => row.kind === "matches").length),
    title: words.title,
    data: { values },
    hconcat: [
      {
        width: 400,
        height: 240,
        layer: [
          {
            data: { values: [{ height: halfUnit, label: words.half }] },
            mark: { type: "rule", strokeDash: [4, 3], color: "#555555" },
            encoding: { y: { field: "height", type: "quantitative" }, tooltip: { field: "label" } },
          },
          {
            params: [{ name: "chosen", select: "interval" }],
            mark: { type: "point", filled: true, size: 60, opacity: 0.8 },
            encoding: {
              x: {
                field: "slide",
                type: "ordinal",
                title: words.slide,
                axis: { labelAngle: 0 },
              },
              xOffset: { field: "place", type: "quantitative", scale: { domain: [-0.1, 1.1] } },
              y: {
                field: "height",
                type: "quantitative",
                title: words.difference,
                scale: { type: "log", domain: [zeroLine / 2, 2e-3], nice: false },
                axis: {
                  values: [zeroLine, 1e-6, 1e-5, 1e-4, 1e-3],
                  labelExpr: `datum.value < 5e-7 ? '${words.none}' : format(datum.value, '.0e')`,
                },
              },
              color: {
                field: "verdict",
                type: "nominal",
                title: words.verdict,
                scale: { domain, range: kinds.map((kind) => look[kind].colour) },
                legend: { orient: "bottom", columns: 2, labelLimit: 300 },
              },
              shape: {
                field: "verdict",
                type: "nominal",
                title: words.verdict,
                scale: { domain, range: kinds.map((kind) => look[kind].shape) },
              },
              tooltip: [
                { field: "component", title: text.slide.quantity },
                { field: "printed", title: text.slide.printed },
                { field: "exact", title: text.slide.exact },
                { field: "difference", title: text.slide.difference, format: ".1e" },
                { field: "verdict", title: text.slide.verdict },
              ],
            },
          },
        ],
      },
      {
        title: { text: words.largest, fontSize: 11, fontWeight: "normal", anchor: "start" },
        width: 190,
        height: 240,
        transform: [
          { filter: { param: "chosen" } },
          {
            window: [{ op: "row_number", as: "rank" }],
            sort: [{ field: "difference", order: "descending" }],
          },
          { filter: "datum.rank <= 8" },
          {
            calculate: `datum.slide + '  ' + datum.component + '  ' + datum.printed + '  (' + format(datum.exact, '.6f') + ')'`,
            as: "line",
          },
        ],
        mark: { type: "text", align: "left", x: 0 },
        encoding: {
          y: { field: "rank", type: "ordinal", axis: null, scale: { domain: [1, 2, 3, 4, 5, 6, 7, 8] } },
          text: { field: "line" },
        },
        view: { stroke: null },
      },
    ],
  };
}

const en = {
  title: "How far are the printed values from the exact ones?",
  description: (count: number, matching: number) =>
    `Dot plot of the absolute difference between printed and exact value for ${count} components by slide, on a log axis; ${matching} match to the printed digits. The dashed line at 0.00005 is half a unit of the fourth decimal. Colour and shape show the verdict.`,
  slide: "slide",
  difference: "|printed − exact|",
  none: "0",
  half: "half of the 4th decimal",
  verdict: "verdict",
  largest: "largest differences (drag over the dots to choose)",
};

const ko: typeof en = {
  title: "슬라이드의 값은 참값과 얼마나 다를까?",
  description: (count, matching) =>
    `슬라이드에 적힌 값과 참값의 차이(절댓값)를 성분 ${count}개에 대해 슬라이드별로 로그 축에 찍은 점그래프입니다. ${matching}개는 적힌 자릿수까지 일치합니다. 점선은 소수 넷째 자리의 절반인 0.00005이고, 색과 모양은 판정을 나타냅니다.`,
  slide: "슬라이드",
  difference: "|슬라이드 값 − 참값|",
  none: "0",
  half: "소수 넷째 자리의 절반",
  verdict: "판정",
  largest: "차이가 큰 값 (점 위를 드래그해서 고르세요)",
};

const strings: Record<Locale, typeof en> = { en, ko };

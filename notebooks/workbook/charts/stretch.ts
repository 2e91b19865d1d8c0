// What a 2 × 2 matrix does to the unit circle: it becomes an ellipse. The longest radius of the ellipse is
// σ_max; ρ is drawn as a circle, for comparison.

import { largestSingularValue, matVec, spectralRadius } from "../../../src/index.js";
import type { Chart, Matrix, Vector } from "../../../src/index.js";
import type { Locale } from "../locale.js";
import { numberText } from "../number_text.js";
import { vegaLite } from "./chart.js";

const looks = {
  unit: { colour: "#888888", dash: [1, 0] },
  image: { colour: "#0072B2", dash: [1, 0] },
  sigma: { colour: "#D55E00", dash: [1, 0] },
  rho: { colour: "#009E73", dash: [4, 3] },
} as const;
type Kind = keyof typeof looks;
const kinds = Object.keys(looks) as Kind[];

const circle = Array.from({ length: 73 }, (_, n): Vector => {
  const angle = (n * Math.PI) / 36;
  return [Math.cos(angle), Math.sin(angle)];
});

/** The unit vector that W makes longest: the first eigenvector of WᵀW. */
function longest([[a, b], [c, d]]: Matrix): Vector {
  const angle = Math.atan2(2 * (a * b + c * d), a * a + c * c - b * b - d * d) / 2;
  return [Math.cos(angle), Math.sin(angle)];
}

/** One panel a matrix, all on the same scale. */
export function stretch(locale: Locale, matrices: Record<string, Matrix>): Chart {
  const words = strings[locale];
  const panels = Object.entries(matrices).map(([name, W]) => {
    if (W.length !== 2 || W.some((row) => row.length !== 2)) {
      const shape = `${W.length} × ${W[0]?.length ?? 0}`;
      throw new TypeError(`book.stretch: ${name} is ${shape}, but must be 2 × 2`);
    }
    return { name, W, sigma: largestSingularValue(W), rho: spectralRadius(W) };
  });
  if (panels.length === 0)
    throw new RangeError("book.stretch: matrices is empty, but must have at least one");
  const reach = 1.15 * Math.max(1, ...panels.map(({ sigma }) => sigma));
  const axis = (field: "x" | "y") => ({
    field,
    type: "quantitative",
    title: null,
    scale: { domain: [-reach, reach], nice: false },
    axis: { values: [-1, 0, 1], grid: false },
  });
  const colour = {
    field: "kind",
    type: "nominal",
    title: null,
    scale: { domain: kinds.map((kind) => words[kind]), range: kinds.map((kind) => looks[kind].colour) },
    legend: { orient: "bottom", columns: 2, labelLimit: 320, symbolType: "stroke" },
  };
  const panel = ({ name, W, sigma, rho }: (typeof panels)[number]) => {
    const lines: Record<Kind, Vector[]> = {
      unit: circle,
      image: circle.map((v) => matVec(W, v)),
      sigma: [[0, 0], matVec(W, longest(W))],
      rho: circle.map((v) => v.map((x) => rho * x)),
    };
    const points = (kind: Kind) =>
      lines[kind].map(([x, y], order) => ({ kind: words[kind], x: round(x), y: round(y), order }));
    return {
      title: { text: `${name}: σₘₐₓ = ${numberText(sigma)}, ρ = ${numberText(rho)}`, fontSize: 12 },
      width: 230,
      height: 230,
      layer: kinds.map((kind) => ({
        data: { values: points(kind) },
        mark: {
          type: "line",
          strokeWidth: kind === "sigma" ? 4 : 2,
          strokeDash: looks[kind].dash,
          strokeCap: "round",
        },
        encoding: { x: axis("x"), y: axis("y"), order: { field: "order" }, color: colour },
      })),
    };
  };
  return {
    $schema: vegaLite,
    title: words.title,
    description: words.description(
      panels.map(({ name, sigma, rho }) => words.panel(name, numberText(sigma), numberText(rho))).join(" "),
    ),
    hconcat: panels.map(panel),
  };
}

const round = (value: number) => Number(value.toFixed(4));

const en = {
  title: "What W does to all vectors of length 1",
  description: (panels: string) =>
    `The unit circle and the ellipse that a matrix makes of it, one panel a matrix. The longest radius of the ellipse is the largest singular value σₘₐₓ; a dashed circle has the spectral radius ρ as its radius. ${panels}`,
  panel: (name: string, sigma: string, rho: string) => `${name}: σₘₐₓ is ${sigma}, ρ is ${rho}.`,
  unit: "v, all vectors of length 1",
  image: "W v",
  sigma: "the longest W v: its length is σₘₐₓ",
  rho: "radius ρ, the spectral radius",
};

const ko: typeof en = {
  title: "길이가 1인 모든 벡터에 W를 곱하면",
  description: (panels) =>
    `단위원과, 행렬을 곱한 뒤의 타원을 행렬마다 한 칸씩 그렸습니다. 타원의 가장 긴 반지름이 가장 큰 특잇값 σₘₐₓ이고, 점선 원의 반지름은 스펙트럼 반지름 ρ입니다. ${panels}`,
  panel: (name, sigma, rho) => `${name}: σₘₐₓ는 ${sigma}, ρ는 ${rho}입니다.`,
  unit: "길이가 1인 모든 벡터 v",
  image: "W v",
  sigma: "가장 긴 W v: 길이가 σₘₐₓ",
  rho: "반지름이 ρ(스펙트럼 반지름)인 원",
};

const strings: Record<Locale, typeof en> = { en, ko };

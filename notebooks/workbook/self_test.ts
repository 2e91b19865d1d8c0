// Whether everything the notebooks need works here: the kernel, the library, the drawing of charts. The table
// says only what passed or failed, no versions, so that it is the same on every machine where all is well.

import { isConnected, mimeBundle } from "../../kernel/display/index.js";
import { Dense, gradcheck, gradientFlow, LSTM, SequenceClassifier } from "../../src/index.js";
import { lectureLstm, slide35 } from "./exercises/lecture_networks.js";
import { lectureSlides } from "./lecture/lecture_slides.js";
import type { Locale } from "./locale.js";
import type { Table } from "./table.js";

export const parts = ["kernel", "loss", "gradients", "chart"] as const;
export type Part = (typeof parts)[number];

/** One trial for each part; false or an error means that it failed. */
export type Trials = Record<Part, () => boolean | Promise<boolean>>;

const strings = {
  en: {
    passed: (count: number) => `✓ Everything works: ${count} of ${count}`,
    failed: (passed: number, count: number) => `✗ Something is missing: ${passed} of ${count} work`,
    head: ["part", "what was tried", "result"],
    part: { kernel: "kernel", loss: "library", gradients: "library", chart: "charts" },
    tried: {
      kernel: "the cell runs in the TypeScript kernel, on Node.js 20.19 or newer",
      loss: "the LSTM of slide 35 gives the loss of slide 43",
      gradients: "all its gradients agree with finite differences",
      chart: "a chart with Korean text is drawn as a picture",
    },
    remedy: {
      kernel:
        'Choose the kernel "TypeScript (Unrolled)" at the top right of the notebook, and Node.js 20.19 or newer.',
      loss: "The library computes something else here: run `npm ci && npm run build` in the project again.",
      gradients:
        "The library computes something else here: run `npm ci && npm run build` in the project again.",
      chart: "The charts' rasteriser did not load: run `npm ci` in the project again.",
    },
  },
  ko: {
    passed: (count: number) => `✓ 모두 정상입니다: ${count}개 중 ${count}개`,
    failed: (passed: number, count: number) => `✗ 문제가 있습니다: ${count}개 중 ${passed}개만 통과했습니다`,
    head: ["부분", "확인한 것", "결과"],
    part: { kernel: "커널", loss: "라이브러리", gradients: "라이브러리", chart: "그래프" },
    tried: {
      kernel: "셀이 TypeScript 커널에서, Node.js 20.19 이상으로 실행됩니다",
      loss: "슬라이드 35의 LSTM에서 슬라이드 43의 손실이 나옵니다",
      gradients: "모든 기울기가 수치 미분과 일치합니다",
      chart: "한글이 든 그래프가 그림으로 그려집니다",
    },
    remedy: {
      kernel:
        "노트북 오른쪽 위에서 커널 「TypeScript (Unrolled)」를 고르고, Node.js 20.19 이상인지 확인하세요.",
      loss: "라이브러리의 계산 결과가 다릅니다. 프로젝트에서 `npm ci && npm run build`를 다시 실행하세요.",
      gradients:
        "라이브러리의 계산 결과가 다릅니다. 프로젝트에서 `npm ci && npm run build`를 다시 실행하세요.",
      chart: "그래프를 그리는 부분을 불러오지 못했습니다. 프로젝트에서 `npm ci`를 다시 실행하세요.",
    },
  },
} satisfies Record<Locale, unknown>;

/** Runs the trials; the table of results, with a remedy for each that failed. */
export async function selfTest(locale: Locale, trials: Trials = standardTrials): Promise<Table> {
  const text = strings[locale];
  const results = await Promise.all(
    parts.map(async (part) => {
      try {
        return { part, passed: await trials[part](), reason: "" };
      } catch (error) {
        return { part, passed: false, reason: ` (${(error as Error).message})` };
      }
    }),
  );
  const failures = results.filter(({ passed }) => !passed);
  const remedies = new Set(failures.map(({ part }) => `✗ ${text.remedy[part]}`));
  return {
    caption:
      failures.length === 0
        ? text.passed(results.length)
        : text.failed(results.length - failures.length, results.length),
    head: text.head,
    rows: results.map(({ part, passed, reason }) => [
      text.part[part],
      text.tried[part],
      passed ? "✓" : `✗${reason}`,
    ]),
    remarks: [...remedies],
  };
}

/** Slide 35's network and its two inputs. */
function lectureModel() {
  const { Wx, Wh, b, Why, by, x1, x2, y } = slide35;
  const layer = new LSTM({ inputSize: 2, hiddenSize: 2, tiedGates: true });
  layer.setParameters({ Wx, Wh, b });
  const head = new Dense({ inputSize: 2, outputSize: 2 });
  head.setParameters({ W: Why, b: by });
  return { model: new SequenceClassifier({ layer, head }), sample: { x: [x1, x2], y } };
}

const standardTrials: Trials = {
  kernel() {
    const [major, minor] = process.versions.node.split(".").map(Number);
    return isConnected() && (major > 20 || (major === 20 && minor >= 19));
  },
  loss() {
    const slide43 = lectureSlides.find(({ slide, name }) => slide === 43 && name === "Loss")?.exact as number;
    return Math.abs(lectureLstm().loss - slide43) < 1e-12;
  },
  gradients() {
    const { model, sample } = lectureModel();
    return gradcheck(model, sample).every(({ maxRelativeError }) => maxRelativeError < 1e-6);
  },
  async chart() {
    const { model, sample } = lectureModel();
    const bundle = await mimeBundle(gradientFlow(model, sample).chart({ language: "ko" }));
    return bundle?.data["image/png"] !== undefined;
  },
};

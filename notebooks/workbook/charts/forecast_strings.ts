// The words of notebook 08's charts and of the mutant hunt.

import type { Language } from "../strings.js";

const en = {
  hunt: {
    score: (killed: number, count: number) => `Your test kills ${killed} of ${count} broken LSTMs`,
    objects: (objection: string) =>
      `✗ It also rejects the right LSTM (${objection}), so what it kills does not count`,
    passes: "✓ It accepts the right LSTM",
    head: ["", "the bug", "verdict"],
    killed: "killed",
    alive: "alive",
    title: "Which test kills which broken LSTM?",
    others: (count: number) =>
      count === 0 ? "No bug is killed by every test" : `The other ${count} are killed by every test`,
    description: (count: number, scores: string) =>
      `Grid of ${count} broken LSTMs by test: a filled square where the test rejects the LSTM, an empty circle where the LSTM survives. ${scores}.`,
    verdict: "verdict",
    bug: "the bug",
  },
  training: {
    title: "Loss during training",
    description: (first: string, last: string, steps: number) =>
      `Line chart with a logarithmic y axis: the loss of the batch before each of ${steps} updates, from ${first} to ${last}.`,
    step: "update",
    loss: "mean squared error a month (standardised)",
  },
  forecast: {
    title: "CO₂ one month ahead, on months the network never trained on",
    subtitle: "Drag in the lower chart to choose the years",
    description: (count: number, first: number, last: number) =>
      `Two line charts of ${count} held-out months: the measured CO₂ and the network's forecast of it, one month ahead. Above, the years ${first} to ${last}; below, all of them.`,
    year: "year",
    ppm: "CO₂ (ppm)",
    series: "series",
    measured: "measured",
    forecast: "LSTM's forecast",
  },
  errors: {
    title: "Held-out error of the forecasts",
    description: (values: string) =>
      `Bars of the root mean squared error on the held-out months, in ppm: ${values}.`,
    rmse: "root mean squared error (ppm)",
    names: {
      lastValue: "last month's value",
      lastYear: "last year's value",
      lastYearStep: "last year's step",
      calendar: "mean step of the calendar month",
      lstm: "LSTM",
    },
  },
  adding: {
    title: "The adding problem: LSTM and tanh RNN",
    description: (runs: string) =>
      `Line charts with a logarithmic y axis, one for each length T: the test loss over the training sequences, one curve a run. ${runs}.`,
    solved: (network: string, solved: number, runs: number) =>
      `${network}: ${solved} of ${runs} runs end below a hundredth of the baseline`,
    network: "network",
    seed: "seed",
    sequences: "training sequences",
    loss: "mean squared error",
    baseline: "always guess 1",
  },
};

export type ForecastStrings = typeof en;

const ko: ForecastStrings = {
  hunt: {
    score: (killed, count) => `고장 난 LSTM ${count}개 가운데 ${killed}개를 잡았습니다`,
    objects: (objection) =>
      `✗ 올바른 LSTM까지 거부했습니다(${objection}). 그래서 잡은 개수는 의미가 없습니다`,
    passes: "✓ 올바른 LSTM은 통과시켰습니다",
    head: ["", "버그", "판정"],
    killed: "잡음",
    alive: "살아남음",
    title: "어떤 테스트가 어떤 고장을 잡을까?",
    others: (count) =>
      count === 0 ? "모든 테스트가 잡은 버그는 없습니다" : `나머지 ${count}개는 모든 테스트가 잡았습니다`,
    description: (count, scores) =>
      `고장 난 LSTM ${count}개를 테스트별로 나타낸 격자입니다. 채운 사각형은 테스트가 잡은 것, 빈 원은 살아남은 것입니다. ${scores}.`,
    verdict: "판정",
    bug: "버그",
  },
  training: {
    title: "학습에 따른 손실 변화",
    description: (first, last, steps) =>
      `y축이 로그인 꺾은선 그래프: 업데이트 ${steps}번 각각의 직전에 잰 배치의 손실이 ${first}에서 ${last}까지 변합니다.`,
    step: "업데이트",
    loss: "한 달의 평균 제곱 오차(표준화한 값)",
  },
  forecast: {
    title: "학습에 쓰지 않은 기간의 CO₂ 한 달 앞 예측",
    subtitle: "아래 그래프에서 끌어서 기간을 고르세요",
    description: (count, first, last) =>
      `학습에 쓰지 않은 ${count}개월의 CO₂ 측정값과 네트워크의 한 달 앞 예측을 그린 꺾은선 그래프 두 개입니다. 위는 ${first}년부터 ${last}년까지, 아래는 전체 기간입니다.`,
    year: "연도",
    ppm: "CO₂ (ppm)",
    series: "계열",
    measured: "측정값",
    forecast: "LSTM의 예측",
  },
  errors: {
    title: "학습에 쓰지 않은 기간의 예측 오차",
    description: (values) =>
      `학습에 쓰지 않은 기간의 평균 제곱근 오차(ppm)를 나타낸 막대그래프입니다: ${values}.`,
    rmse: "평균 제곱근 오차 (ppm)",
    names: {
      lastValue: "지난달 값 그대로",
      lastYear: "작년 같은 달 값",
      lastYearStep: "작년 같은 달의 변화량",
      calendar: "그 달의 평균 변화량",
      lstm: "LSTM",
    },
  },
  adding: {
    title: "덧셈 문제: LSTM과 tanh RNN",
    description: (runs) =>
      `y축이 로그인 꺾은선 그래프. 길이 T마다 하나씩, 학습한 시퀀스 수에 따른 테스트 손실을 학습 한 번마다 곡선 하나로 그렸습니다. ${runs}.`,
    solved: (network, solved, runs) =>
      `${network}: ${runs}번 가운데 ${solved}번이 기준 손실의 100분의 1 아래로 내려갔습니다`,
    network: "네트워크",
    seed: "시드",
    sequences: "학습한 시퀀스 수",
    loss: "평균 제곱 오차",
    baseline: "늘 1이라고 답할 때",
  },
};

export const forecastStrings: Record<Language, ForecastStrings> = { en, ko };

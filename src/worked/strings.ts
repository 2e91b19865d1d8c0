// Every word that a worked solution shows, in both languages.

const en = {
  forgetAndInput: "Forget gate and input gate",
  cellState: "Candidate, cell state, output gate",
  hiddenState: "Hidden state",
  logit: "Dense layer",
  softmax: "Softmax",
  loss: "Loss",
  totalLoss: "Loss of all steps",
  dlogit: "Gradient of softmax, cross-entropy and dense layer",
  dh: "Gradient of the hidden state",
  dOutput: "Gradient of the output gate",
  dCellState: "Gradient of the cell state",
  dForget: "Gradient of the forget gate",
  dInput: "Gradient of the input gate",
  dCandidate: "Gradient of the candidate",
  dParameters: "Gradients of the parameters, this step's part",
  toPrevious: "Over to the step before",
  toInitialState: "To the initial state",
  totals: "Gradients of the parameters, all steps together",
  updateCell: "Update of the cell",
  updateHead: "Update of the dense layer",
};

/** The title of a step. */
export type TitleKey = keyof typeof en;

const ko: Record<TitleKey, string> = {
  forgetAndInput: "망각 게이트와 입력 게이트",
  cellState: "후보, 셀 상태, 출력 게이트",
  hiddenState: "은닉 상태",
  logit: "Dense 층",
  softmax: "소프트맥스",
  loss: "손실",
  totalLoss: "모든 시점의 손실",
  dlogit: "소프트맥스, 교차 엔트로피, Dense 층의 기울기",
  dh: "은닉 상태의 기울기",
  dOutput: "출력 게이트의 기울기",
  dCellState: "셀 상태의 기울기",
  dForget: "망각 게이트의 기울기",
  dInput: "입력 게이트의 기울기",
  dCandidate: "후보의 기울기",
  dParameters: "파라미터의 기울기: 이 시점의 기여분",
  toPrevious: "이전 시점에 전달할 기울기",
  toInitialState: "초기 상태에 전달할 기울기",
  totals: "파라미터의 기울기: 모든 시점의 합",
  updateCell: "셀의 가중치 업데이트",
  updateHead: "Dense 층의 업데이트",
};

export const strings = {
  en: {
    titles: en as Record<TitleKey, string>,
    parts: { forward: "Forward pass", backward: "Backward pass", update: "Update" },
    slide: (slide: number) => (slide < 27 ? `slide ${slide}, reconstruction` : `slide ${slide}`),
    beyond: "beyond the slides",
    derivatives: "The slopes that the gradients below are multiplied by:",
  },
  ko: {
    titles: ko,
    parts: { forward: "순전파", backward: "역전파", update: "업데이트" },
    slide: (slide: number) => (slide < 27 ? `슬라이드 ${slide}, 재구성` : `슬라이드 ${slide}`),
    beyond: "슬라이드를 넘어서",
    derivatives: "아래의 기울기에 곱해지는 활성화 함수의 미분:",
  },
};

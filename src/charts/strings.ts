// Every word that a chart of the library shows, in both languages.

const en = {
  zeros: "Marks below the dashed line: 0, or too small for float64 (underflow)",
  from: (label: string, x: string, first: string, firstX: number, last: string, lastX: number) =>
    `${label}: ${first} at ${x} = ${firstX}, ${last} at ${x} = ${lastX}`,
  zeroCount: (count: number, steps: number) => ` (0 or underflow at ${count} of ${steps} steps)`,
  flow: {
    title: "Gradient norm at each time step",
    description: (lastStep: number, curves: string) =>
      `Line chart with a logarithmic y axis: the norm of the loss gradient at time steps up to t = ${lastStep}. ${curves}.`,
    step: "time step t",
    norm: "norm of the gradient",
    quantity: "gradient",
    quantities: {
      h: "‖∂L/∂hₜ‖ hidden state",
      c: "‖∂L/∂Cₜ‖ cell state",
      Wx: "‖∂L/∂Wₓ‖ part of step t",
      Wh: "‖∂L/∂Wₕ‖ part of step t",
      b: "‖∂L/∂b‖ part of step t",
    },
    lane: (quantity: string, layer: number, direction: "forward" | "reverse") =>
      `${quantity}, layer ${layer}${direction === "reverse" ? ", reverse" : ""}`,
  },
  decay: {
    title: "How much of the gradient is left after k steps back",
    description: (lastLag: number, curves: string) =>
      `Line chart with a logarithmic y axis: the gradient k steps back relative to the last step, k up to ${lastLag}. ${curves}.`,
    lag: "k steps back",
    ratio: "‖∂L/∂h‖ at T−k, relative to T",
    series: "series",
    names: {
      actual: "actual gradient",
      bound: "upper bound (σₘₐₓ γ)ᵏ",
      reference: "reference ρᵏ (no bound)",
    },
    float32: "smallest normal float32",
  },
  jacobians: {
    title: "How much one step stretches a gradient",
    description: (curves: string) =>
      `Line chart with a logarithmic y axis: singular values and spectral radius of the step Jacobians over time. ${curves}.`,
    value: "of the Jacobian ∂sₜ/∂sₜ₋₁",
    legend: "quantity",
    sigmaMax: "σₘₐₓ largest singular value",
    sigmaMin: "σₘᵢₙ smallest singular value",
    radius: "ρ spectral radius",
  },
  pascanu: {
    title: "How much of a gradient can be left after k steps back",
    description: (curves: string) =>
      `Line chart with a logarithmic y axis: the norm of the Jacobian over k steps, its bound and a reference line. ${curves}.`,
    ratio: "‖∂h_T/∂h_(T−k)‖₂",
  },
  lyapunov: {
    title: "Lyapunov spectrum",
    description: (curves: string) =>
      `Line chart with a logarithmic y axis: growth per step along each Lyapunov direction; above 1 neighbouring states come apart. ${curves}.`,
    index: "index i of the exponent",
    growth: "growth per step, e^λᵢ",
    legend: "layer",
  },
  newton: {
    title: "How fast Newton's method finds all states",
    description: (curves: string) =>
      `Line chart with a logarithmic y axis: residual and error of all states at once after each iteration of Newton's method. ${curves}.`,
    iteration: "iteration k",
    value: "largest over all steps and units",
    legend: "quantity",
    residual: "residual |sₜ − f(sₜ₋₁, xₜ)|",
    error: "error |sₜ − step by step|",
  },
  gateProduct: {
    title: "What the gates alone keep over k steps",
    description: (curves: string) =>
      `Line chart with a logarithmic y axis: the product of the last k forget gates (of a GRU, update gates) over the units. ${curves}.`,
    product: "product of the last k gates",
    legend: "over the units",
    max: "largest",
    mean: "mean",
    min: "smallest",
  },
  paths: {
    title: (state: string) => `On which path the gradient arrives at ${state}`,
    description: (state: string, lastStep: number, shares: string) =>
      `Stacked bars over time steps up to t = ${lastStep}: the share of each path in the gradient at ${state}. ${shares}.`,
    states: { h: "hₜ", c: "Cₜ" },
    share: (state: string) => `share of ∂L/∂${state}`,
    norm: "norm of the part",
    path: "path",
    names: {
      keep: "through the forget gate of t + 1",
      recurrent: "through hₜ and the weights Wₕ of t + 1",
      output: "through hₜ to what is read from it at t",
    },
    updateGate: "through the update gate of t + 1",
  },
  map: {
    title: (state: string) => `Which loss speaks to which ${state}`,
    description: (state: string, last: string) =>
      `Heatmap with a logarithmic colour scale: the gradient of the loss at step s alone at ${state}, s downwards and t to the right. ${last}.`,
    states: { h: "hₜ", c: "Cₜ" },
    s: "step s of the loss",
    t: "time step t",
    norm: (state: string) => `‖∂Lₛ/∂${state}‖`,
  },
  inputs: {
    title: "How much the loss depends on each input",
    description: (features: number, ends: string) =>
      `Heatmap with a logarithmic colour scale: the gradient of the loss at the input of every time step${features > 0 ? `, as a whole and for each of ${features} features` : ""}. ${ends}.`,
    t: "time step t",
    feature: "feature k",
    all: "‖·‖ of all",
    norm: "‖∂L/∂xₜ‖",
    size: "|∂L/∂xₜ,ₖ|",
  },
  quantiles: {
    title: (state: string) => `How the gradient at ${state} differs within the batch`,
    description: (state: string, curves: string) =>
      `Chart with a logarithmic y axis: the norm of the loss gradient at ${state} over time steps, as bands over the samples of the batch. ${curves}.`,
    norm: (state: string) => `‖∂L/∂${state}‖`,
    legend: "over the samples",
    names: {
      median: "median",
      mean: "mean",
      outer: "smallest to largest",
      inner: "10th to 90th percentile",
    },
  },
  units: {
    title: (state: string) => `Which units carry the gradient at ${state}`,
    description: (state: string, units: number, lastStep: number, largest: string) =>
      `Heatmap with a logarithmic colour scale: the gradient of the loss at each of ${units} units of ${state}, up to t = ${lastStep}. The largest on average: ${largest}.`,
    unit: "unit j",
    named: (unit: number) => `unit ${unit}`,
    norm: (state: string) => `|∂L/∂${state},ⱼ|`,
  },
  gates: {
    names: {
      f: "f forget gate",
      i: "i input gate",
      g: "g candidate",
      o: "o output gate",
      r: "r reset gate",
      z: "z update gate",
      n: "n candidate",
      h: "h hidden state",
    },
    activation: "activation",
    share: "share",
    saturated: "saturated",
    from: "from",
    to: "to",
    saturatedShare: (name: string, share: string) => `${name}, ${share} saturated`,
    ends: { high: "at the upper end", low: "at the lower end" },
    histograms: {
      title: "Where the activations lie at each time step",
      description: (lastStep: number, panels: string) =>
        `Histograms in colours, one at each time step up to t = ${lastStep}, over all units and samples. ${panels}.`,
    },
    saturation: {
      title: "Which units are saturated, and how often",
      description: (units: number, panels: string) =>
        `Bar chart: how often each of ${units} units is saturated, over all steps and samples. ${panels}.`,
      most: (name: string, unit: number, high: string, low: string) =>
        `${name}: unit ${unit} the most, ${high} at the upper end and ${low} at the lower`,
    },
  },
  confusion: {
    title: "Which class is taken for which",
    description: (right: number, all: number) =>
      `Heatmap of counts, a row for each class that is there and a column for each that is predicted: ${right} of ${all} are on the diagonal, right.`,
    actual: "class",
    predicted: "predicted class",
    count: "targets",
    share: "share of the class",
  },
  predictions: {
    title: "What is predicted, and what should be",
    description: (shown: number, all: number) =>
      `Scatter plot of predictions over their targets, with the line on which they are equal: ${shown} of ${all} targets.`,
    target: "target",
    prediction: "prediction",
    output: "output",
  },
  training: {
    title: "Loss while training",
    description: (updates: number, curves: string) =>
      `Line chart with a logarithmic y axis: the loss over ${updates} updates of the weights. ${curves}.`,
    update: "update of the weights",
    value: "loss",
    legend: "data",
    names: { training: "training", validation: "validation" },
  },
  updateRatios: {
    title: "How large the updates are next to the weights",
    description: (updates: number, curves: string) =>
      `Line chart with a logarithmic y axis: the norm of each tensor's update relative to the tensor's, over ${updates} updates of the weights. ${curves}.`,
    value: "‖Δw‖ / ‖w‖",
    legend: "tensor",
    usual: "0.001, a rule of thumb",
  },
  metrics: {
    title: "Metrics while training",
    description: (updates: number, curves: string) =>
      `Line charts, one for each metric: its value over ${updates} updates of the weights. ${curves}.`,
    value: "value",
  },
  learningRates: {
    title: "Which learning rate suits",
    description: (first: string, lowest: string, last: string) =>
      `Line chart with logarithmic axes: the loss as the learning rate grows from update to update. ${first}; lowest: ${lowest}; last: ${last}.`,
    point: (loss: string, lr: string) => `${loss} at η = ${lr}`,
    lr: "learning rate η",
  },
};

const ko: typeof en = {
  zeros: "점선 아래의 표시: 0이거나 float64로 나타낼 수 없을 만큼 작은 값(언더플로)",
  from: (label, x, first, firstX, last, lastX) =>
    `${label}: ${x} = ${firstX}에서 ${first}, ${x} = ${lastX}에서 ${last}`,
  zeroCount: (count, steps) => ` (${steps}개 시점 가운데 ${count}개는 0 또는 언더플로)`,
  flow: {
    title: "시점별 기울기의 크기(노름)",
    description: (lastStep, curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: t = ${lastStep}까지 각 시점에서 구한 손실의 기울기의 크기(노름). ${curves}.`,
    step: "시점 t",
    norm: "기울기의 크기(노름)",
    quantity: "기울기",
    quantities: {
      h: "‖∂L/∂hₜ‖ 은닉 상태",
      c: "‖∂L/∂Cₜ‖ 셀 상태",
      Wx: "‖∂L/∂Wₓ‖ 시점 t의 기여분",
      Wh: "‖∂L/∂Wₕ‖ 시점 t의 기여분",
      b: "‖∂L/∂b‖ 시점 t의 기여분",
    },
    lane: (quantity, layer, direction) =>
      `${quantity}, ${layer}층${direction === "reverse" ? ", 역방향" : ""}`,
  },
  decay: {
    title: "k개 시점을 거슬러 가면 남는 기울기",
    description: (lastLag, curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 마지막 시점 대비, k개 시점을 거슬러 간 기울기의 크기. k = ${lastLag}까지. ${curves}.`,
    lag: "거슬러 간 시점 수 k",
    ratio: "‖∂L/∂h‖: 시점 T 대비 T−k",
    series: "구분",
    names: {
      actual: "실제 기울기",
      bound: "상한 (σₘₐₓ γ)ᵏ",
      reference: "참고선 ρᵏ (상한은 아님)",
    },
    float32: "float32 정규 수의 최솟값",
  },
  jacobians: {
    title: "한 시점을 거슬러 갈 때 기울기가 늘어나는 정도",
    description: (curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 시점별 야코비 행렬의 특잇값과 스펙트럼 반지름. ${curves}.`,
    value: "야코비 행렬 ∂sₜ/∂sₜ₋₁의 값",
    legend: "구분",
    sigmaMax: "σₘₐₓ 최대 특잇값",
    sigmaMin: "σₘᵢₙ 최소 특잇값",
    radius: "ρ 스펙트럼 반지름",
  },
  pascanu: {
    title: "k개 시점을 거슬러 가면 남을 수 있는 기울기",
    description: (curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: k개 시점에 걸친 야코비 행렬의 노름과 그 상한, 참고선. ${curves}.`,
    ratio: "‖∂h_T/∂h_(T−k)‖₂",
  },
  lyapunov: {
    title: "랴푸노프 스펙트럼",
    description: (curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 랴푸노프 방향별로 한 시점마다 커지는 배율. 1보다 크면 이웃한 상태가 서로 멀어집니다. ${curves}.`,
    index: "지수의 번호 i",
    growth: "한 시점마다 커지는 배율 e^λᵢ",
    legend: "층",
  },
  newton: {
    title: "뉴턴법이 모든 상태를 찾는 속도",
    description: (curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 뉴턴법을 한 번 반복할 때마다 모든 상태를 통틀어 본 잔차와 오차. ${curves}.`,
    iteration: "반복 횟수 k",
    value: "모든 시점과 유닛에서의 최댓값",
    legend: "구분",
    residual: "잔차 |sₜ − f(sₜ₋₁, xₜ)|",
    error: "오차 |sₜ − 차례로 구한 값|",
  },
  gateProduct: {
    title: "게이트만으로 k개 시점 동안 남는 양",
    description: (curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 마지막 k개 망각 게이트(GRU는 업데이트 게이트)의 곱을 유닛 전체에서 본 값. ${curves}.`,
    product: "마지막 k개 게이트의 곱",
    legend: "유닛 전체의",
    max: "최댓값",
    mean: "평균",
    min: "최솟값",
  },
  paths: {
    title: (state) => `${state}에 기울기가 도착하는 경로`,
    description: (state, lastStep, shares) =>
      `시점 t = ${lastStep}까지의 누적 막대그래프: ${state}의 기울기에서 각 경로가 차지하는 비율. ${shares}.`,
    states: { h: "hₜ", c: "Cₜ" },
    share: (state) => `∂L/∂${state} 가운데 비율`,
    norm: "이 경로의 크기(노름)",
    path: "경로",
    names: {
      keep: "시점 t + 1의 망각 게이트를 거침",
      recurrent: "hₜ와 시점 t + 1의 가중치 Wₕ를 거침",
      output: "hₜ를 거쳐 시점 t의 출력으로",
    },
    updateGate: "시점 t + 1의 업데이트 게이트를 거침",
  },
  map: {
    title: (state) => `어느 시점의 손실이 어느 ${state}까지 전해질까`,
    description: (state, last) =>
      `색이 로그 눈금인 히트맵: 시점 s의 손실만 계산했을 때 ${state}의 기울기 크기. 아래로 s, 오른쪽으로 t. ${last}.`,
    states: { h: "hₜ", c: "Cₜ" },
    s: "손실의 시점 s",
    t: "시점 t",
    norm: (state) => `‖∂Lₛ/∂${state}‖`,
  },
  inputs: {
    title: "손실은 어느 입력에 얼마나 좌우될까",
    description: (features, ends) =>
      `색이 로그 눈금인 히트맵: 시점마다 입력에 대한 손실의 기울기 크기${features > 0 ? `, 입력 전체와 특성 ${features}개 각각` : ""}. ${ends}.`,
    t: "시점 t",
    feature: "특성 k",
    all: "전체 ‖·‖",
    norm: "‖∂L/∂xₜ‖",
    size: "|∂L/∂xₜ,ₖ|",
  },
  quantiles: {
    title: (state) => `배치 안에서 ${state}의 기울기 크기가 퍼진 정도`,
    description: (state, curves) =>
      `y축이 로그 눈금인 그래프: 시점별 ${state}의 기울기 크기(노름)가 배치의 샘플에 따라 퍼진 정도를 띠로 나타냄. ${curves}.`,
    norm: (state) => `‖∂L/∂${state}‖`,
    legend: "배치의 샘플 전체에서",
    names: {
      median: "중앙값",
      mean: "평균",
      outer: "최솟값–최댓값",
      inner: "10–90번째 백분위수",
    },
  },
  units: {
    title: (state) => `${state}의 기울기를 나르는 유닛`,
    description: (state, units, lastStep, largest) =>
      `색이 로그 눈금인 히트맵: t = ${lastStep}까지 ${state}의 유닛 ${units}개 각각에서 구한 손실의 기울기 크기. 평균이 가장 큰 유닛: ${largest}.`,
    unit: "유닛 j",
    named: (unit) => `유닛 ${unit}`,
    norm: (state) => `|∂L/∂${state},ⱼ|`,
  },
  gates: {
    names: {
      f: "f 망각 게이트",
      i: "i 입력 게이트",
      g: "g 후보",
      o: "o 출력 게이트",
      r: "r 리셋 게이트",
      z: "z 업데이트 게이트",
      n: "n 후보",
      h: "h 은닉 상태",
    },
    activation: "활성화 값",
    share: "비율",
    saturated: "포화",
    from: "여기부터",
    to: "여기까지",
    saturatedShare: (name, share) => `${name}, 포화 ${share}`,
    ends: { high: "위쪽 끝에서", low: "아래쪽 끝에서" },
    histograms: {
      title: "시점별 활성화 값의 분포",
      description: (lastStep, panels) =>
        `색으로 나타낸 히스토그램: t = ${lastStep}까지 시점마다 모든 유닛과 샘플에서 본 활성화 값의 분포. ${panels}.`,
    },
    saturation: {
      title: "어느 유닛이 얼마나 자주 포화될까",
      description: (units, panels) =>
        `막대그래프: 유닛 ${units}개가 각각 모든 시점과 샘플 가운데 얼마나 자주 포화되는지 나타냄. ${panels}.`,
      most: (name, unit, high, low) =>
        `${name}: 가장 자주 포화되는 유닛은 ${unit}번, 위쪽 끝에서 ${high}, 아래쪽 끝에서 ${low}`,
    },
  },
  confusion: {
    title: "어느 클래스를 어느 클래스로 예측하는가",
    description: (right, all) =>
      `실제 클래스를 행, 예측한 클래스를 열로 하는 개수의 히트맵: ${all}개 가운데 ${right}개가 대각선에 있어 맞았습니다.`,
    actual: "실제 클래스",
    predicted: "예측한 클래스",
    count: "개수",
    share: "그 클래스에서의 비율",
  },
  predictions: {
    title: "예측값과 목푯값",
    description: (shown, all) =>
      `목푯값에 대한 예측값의 산점도와 둘이 같은 직선: 목푯값 ${all}개 가운데 ${shown}개.`,
    target: "목푯값",
    prediction: "예측값",
    output: "출력",
  },
  training: {
    title: "학습에 따른 손실",
    description: (updates, curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 가중치를 ${updates}번 업데이트하는 동안의 손실. ${curves}.`,
    update: "가중치 업데이트 횟수",
    value: "손실",
    legend: "데이터",
    names: { training: "학습", validation: "검증" },
  },
  updateRatios: {
    title: "가중치 대비 업데이트의 크기",
    description: (updates, curves) =>
      `y축이 로그 눈금인 꺾은선 그래프: 가중치를 ${updates}번 업데이트하는 동안 텐서마다 텐서의 노름 대비 업데이트의 노름. ${curves}.`,
    value: "‖Δw‖ / ‖w‖",
    legend: "텐서",
    usual: "0.001: 흔히 쓰는 어림값",
  },
  metrics: {
    title: "학습에 따른 지표",
    description: (updates, curves) =>
      `지표마다 하나씩 그린 꺾은선 그래프: 가중치를 ${updates}번 업데이트하는 동안의 값. ${curves}.`,
    value: "값",
  },
  learningRates: {
    title: "알맞은 학습률",
    description: (first, lowest, last) =>
      `두 축이 로그 눈금인 꺾은선 그래프: 업데이트마다 학습률을 키울 때의 손실. ${first}, 가장 낮은 값은 ${lowest}, 마지막은 ${last}.`,
    point: (loss, lr) => `η = ${lr}에서 ${loss}`,
    lr: "학습률 η",
  },
};

export const strings = { en, ko };

/** The languages of charts. */
export type Language = keyof typeof strings;

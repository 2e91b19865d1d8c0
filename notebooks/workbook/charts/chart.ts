// What the workbook's charts share: the Vega-Lite version, and the fixed colours of the gates and states
// (Okabe–Ito, told apart by colour-blind readers).

export const vegaLite = "https://vega.github.io/schema/vega-lite/v5.json";

/** An RNN's curve beside those of an LSTM. */
export const rnnColour = "#0072B2";

/** A colour for each gate and state, the same in every chart. */
export const roleColour = {
  f: "#D55E00",
  i: "#009E73",
  g: "#E69F00",
  o: "#0072B2",
  c: "#000000",
  h: "#CC79A7",
};

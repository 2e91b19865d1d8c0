// How a quantity is written, in LaTeX and in plain text. Its key is a name that mathjs can read: a stem, a
// gate, a time step or "new", joined by "_" ("dWx_f_2" is ∂W_xf(2)); a leading d makes it the gradient.

/** The two ways to write a quantity. */
export interface Written {
  tex: string;
  text: string;
}

/** A stem: its letter, and what its index always holds. */
interface Stem extends Written {
  index?: string;
  /** on the slides the step of a parameter's gradient stands in brackets, ∂W_x(2), not in the index */
  parameter?: true;
  /** a gradient that the slides write as a fraction */
  fraction?: true;
}

const letter = (name: string): Stem => ({ tex: name, text: name });

const stems: Record<string, Stem> = {
  ...Object.fromEntries(["x", "z", "h", "C", "f", "i", "o", "y"].map((name) => [name, letter(name)])),
  L: { tex: "L", text: "Loss" },
  g: { tex: "\\tilde C", text: "C̃" },
  yHat: { tex: "\\hat y", text: "ŷ" },
  logit: { tex: "\\text{logit}", text: "logit", fraction: true },
  eta: { tex: "\\eta", text: "η" },
  Wx: { ...letter("W"), index: "x", parameter: true },
  Wh: { ...letter("W"), index: "h", parameter: true },
  b: { ...letter("b"), parameter: true },
  Why: { ...letter("W"), index: "hy", parameter: true, fraction: true },
  by: { ...letter("b"), index: "y", parameter: true, fraction: true },
  Cnext: { ...letter("C"), index: "next", parameter: true },
};

/** Quantities that are a function of another one and are named after it; of a sum, the terms are shown. */
const functionsOf: Record<string, { of: string; term?: string; write: (inner: Written) => Written }> = {
  tanhC: { of: "C", write: ({ tex, text }) => ({ tex: `\\tanh(${tex})`, text: `tanh(${text})` }) },
  expLogit: { of: "logit", write: ({ tex, text }) => ({ tex: `e^{${tex}}`, text: `e^${text}` }) },
  logYHat: { of: "yHat", write: ({ tex, text }) => ({ tex: `\\log ${tex}`, text: `log ${text}` }) },
  sumExp: {
    of: "expLogit",
    term: "k",
    write: ({ tex, text }) => ({ tex: sumTex(tex), text: `Σ${text.replace(/^e\^logit/, "e")}` }),
  },
  mass: { of: "y", term: "k", write: ({ tex, text }) => ({ tex: sumTex(tex), text: `Σ${text}` }) },
};

/** Σ_k of a term. */
export const sumTex = (term: string) => `\\textstyle\\sum_k ${term}`;

const subscript = (digits: string) => digits.replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

/** A key as the slides write it; `component` is one more index, the k of ŷ_k. */
export function written(key: string, component = ""): Written {
  const [name, ...marks] = key.split("_");
  if (Object.hasOwn(functionsOf, name)) {
    const { of, term = component, write } = functionsOf[name];
    return write(written([of, ...marks].join("_"), term));
  }
  const gradient = !Object.hasOwn(stems, name);
  const stem = stems[gradient ? name.slice(1) : name];
  const t = marks.find((mark) => /^\d+$/.test(mark)) ?? "";
  const gate = marks.find((mark) => /^[figo]$/.test(mark))?.replace("g", "c") ?? "";
  const isNew = marks.includes("new");

  const index = (stem.index ?? "") + gate;
  const step = stem.parameter ? "" : t;
  const indexTex = index.length > 2 ? `\\text{${index}}` : index;
  // z_{f_2}: the step is an index of the gate, as on the slides.
  const low = index && step ? `${indexTex}_{${step}}${component}` : indexTex + step + component;
  const high = isNew ? "\\text{new}" : stem.parameter && t ? `(${t})` : "";
  const tex = stem.tex + (low && `_{${low}}`) + (high && `^{${high}}`);
  const after = stem.parameter ? (t && `(${t})`) + (isNew ? " new" : "") : subscript(t);
  const text = stem.text + (index && `_${index}`) + after;
  if (!gradient) return { tex, text };
  return stem.fraction && !(stem.parameter && t)
    ? { tex: `\\frac{\\partial L}{\\partial ${tex}}`, text: `∂L/∂${text}` }
    : { tex: `\\partial ${tex}`, text: `∂${text}` };
}

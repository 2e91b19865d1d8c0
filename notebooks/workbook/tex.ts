// Formulas of mathjs as LaTeX in the slides' notation: z_1 with its index below, ŷ for yhat, e to the power
// of z.

import type { MathNode, SymbolNode } from "mathjs";

/** Names that stand for a decorated letter. */
const letters: Record<string, string> = {
  yhat: "\\hat{y}",
  ctilde: "\\tilde{C}",
  sigma: "\\sigma",
  eta: "\\eta",
};

/** A name as LaTeX: `W_12` is W₁₂, `yhat_1` is ŷ₁. */
export function symbolToTex(name: string): string {
  const [letter, ...index] = name.split("_");
  const base = letters[letter] ?? (letter.length > 1 ? `\\mathrm{${letter}}` : letter);
  const below = index.map((part) => (/^[a-z]{2,}$/.test(part) ? `\\text{${part}}` : part));
  return below.length === 0 ? base : `${base}_{${below.join(",")}}`;
}

/** A parsed formula as LaTeX, without the dollar signs. */
export function formulaToTex(formula: MathNode): string {
  const options = { parenthesis: "auto", implicit: "hide", handler };
  return formula.toTex(options).trim();

  function handler(node: MathNode): string | undefined {
    if (node.type === "SymbolNode") return ` ${symbolToTex((node as SymbolNode).name)}`;
    if (!isCall(node)) return undefined;
    const inside = node.args.map((argument) => argument.toTex(options).trim()).join(", ");
    // mathjs itself writes ln for log, and sech as text.
    if (node.fn.name === "exp") return `{e^{${inside}}}`;
    if (node.fn.name === "log") return `{\\log\\left(${inside}\\right)}`;
    if (node.fn.name === "sech") return `{\\operatorname{sech}\\left(${inside}\\right)}`;
    return undefined;
  }
}

interface Call extends MathNode {
  fn: { name: string };
  args: MathNode[];
}

const isCall = (node: MathNode): node is Call => node.type === "FunctionNode";

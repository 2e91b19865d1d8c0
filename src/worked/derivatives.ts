// σ′ and tanh′: mathjs differentiates, and the slides' form of the result follows from it.

import type { MathNode } from "mathjs";
import type { Arithmetic } from "./arithmetic.js";
import { definitions } from "./arithmetic.js";
import { aligned } from "./layout.js";

/** The slope in terms of the function's own value s: slides 46 and 47. */
export const slopes = { sigma: "s * (1 - s)", tanh: "1 - s ^ 2" };

const shown = {
  sigma: { name: "\\sigma", result: "\\sigma(z)\\,\\bigl(1 - \\sigma(z)\\bigr)" },
  tanh: { name: "\\tanh", result: "1 - \\tanh^2(z)" },
};

/** σ′(z) = d/dz … = … = σ(z)(1 − σ(z)), in LaTeX. */
export function derivativeTex({ math }: Pick<Arithmetic, "math">, name: keyof typeof definitions): string {
  const handler = (node: MathNode, options: object) => {
    const { fn, args } = node as MathNode & { fn?: { name?: string }; args?: MathNode[] };
    return node.type === "FunctionNode" && fn?.name === "exp" ? `e^{${args?.[0].toTex(options)}}` : undefined;
  };
  const definition = math.parse(definitions[name]);
  const derivative = math.derivative(definition, "z");
  return aligned(`${shown[name].name}'(z)`, [
    `\\frac{d}{dz}\\, ${definition.toTex({ handler })}`,
    derivative.toTex({ handler }),
    shown[name].result,
  ]);
}

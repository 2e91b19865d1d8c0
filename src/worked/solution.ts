// The solution that a caller gets: its steps and numbers, the parts of it, and how it shows itself.

import type { Language } from "../charts/strings.js";
import type { Tensor } from "../numbers/linear_algebra.js";
import { jupyterDisplay } from "../numbers/summary.js";
import type { Part } from "./outline.js";
import type { Solved } from "./solve.js";
import { strings } from "./strings.js";

/** One step of a worked solution. */
export interface WorkedStep {
  part: "forward" | "backward" | "update";
  /** in the solution's language */
  title: string;
  /** the slide of the lecture that has these formulas; undefined where the solution goes beyond the slides */
  slide?: number;
  /** the time step, 1 … T; undefined where a step is about all of them */
  t?: number;
  /** LaTeX, one block for each quantity: formula, numbers put in, result */
  tex: string[];
  /** the same as one line of plain text each: name = formula = result */
  text: string[];
}

/**
 * A worked solution, or the part of one that was picked. Shown in a notebook, it is Markdown with LaTeX;
 * elsewhere, plain text.
 */
export interface WorkedSolution {
  readonly steps: readonly WorkedStep[];
  /** The names of all quantities, such as "C̃₁", "∂C₁", "∂W_x(2)", "W_x new", "f₂⊙C₁". */
  readonly names: readonly string[];
  /** Only the forward pass, or what it does at time step t. */
  forward(t?: number): WorkedSolution;
  /** Only the backward pass, or what it does at time step t. */
  backward(t?: number): WorkedSolution;
  /** Only the update of the parameters. */
  update(): WorkedSolution;
  /**
   * Only the steps with the formulas of these slides.
   * @throws {RangeError} when there are none
   */
  slide(...slides: number[]): WorkedSolution;
  /**
   * A quantity of the whole solution in float64, by its name.
   * @throws {RangeError} when there is none of this name
   */
  value: (name: string) => number | Tensor;
  /**
   * The same as it is written: text with `precision` digits after the point.
   * @throws {RangeError} when there is none of this name
   */
  printed: (name: string) => string | string[] | string[][];
}

export function workedSolution(where: string, solved: Solved, language: Language): WorkedSolution {
  const words = strings[language];
  const steps = solved.steps.map(({ title, ...step }): WorkedStep => ({
    part: step.part,
    title: words.titles[title],
    ...(step.slide !== undefined && { slide: step.slide }),
    ...(step.t !== undefined && { t: step.t }),
    tex: step.tex,
    text: step.text,
  }));
  const quantity = (name: string) => {
    const found = solved.quantities.get(name);
    if (found !== undefined) return found;
    const names = [...solved.quantities.keys()].join(", ");
    throw new RangeError(`${where}: quantity "${name}" is unknown, but must be one of ${names}`);
  };
  const pick = (what: string, chosen: readonly WorkedStep[]): WorkedSolution => {
    if (chosen.length === 0) {
      const slides = [...new Set(steps.flatMap(({ slide }) => slide ?? []))].sort((a, b) => a - b);
      throw new RangeError(
        `${where}: ${what} has no step, but must have one; the slides are ${slides.join(", ")}`,
      );
    }
    const at = (part: Part, t?: number) =>
      chosen.filter((step) => step.part === part && (t === undefined || step.t === t));
    const named = (part: Part, t?: number) => (t === undefined ? part : `${part} at t = ${t}`);
    const solution: WorkedSolution = {
      steps: chosen,
      names: [...solved.quantities.keys()],
      forward: (t) => pick(`the ${named("forward", t)}`, at("forward", t)),
      backward: (t) => pick(`the ${named("backward", t)}`, at("backward", t)),
      update: () => pick("the update", at("update")),
      slide: (...slides) =>
        pick(
          `slide ${slides.join(", ")}`,
          chosen.filter(({ slide }) => slide !== undefined && slides.includes(slide)),
        ),
      value: (name) => quantity(name).value,
      printed: (name) => quantity(name).printed,
    };
    return Object.defineProperty(solution, jupyterDisplay, {
      value: () => ({ "text/markdown": markdown(chosen, language), "text/plain": plain(chosen, language) }),
    });
  };
  return pick("the solution", steps);
}

function heading({ title, slide, t }: WorkedStep, language: Language): [what: string, where: string] {
  const words = strings[language];
  const time = t === undefined ? "" : `, t = ${t}`;
  return [`${title}${time}`, slide === undefined ? words.beyond : words.slide(slide)];
}

/** So many time steps are shown at once; of more each is folded. */
const unfolded = 3;

function markdown(steps: readonly WorkedStep[], language: Language): string {
  const shown = (group: readonly WorkedStep[]) =>
    group
      .map((step) => {
        const [what, where] = heading(step, language);
        return [`**${what}** (${where})`, ...step.tex.map((tex) => `$$\n${tex}\n$$`)].join("\n\n");
      })
      .join("\n\n");
  if (new Set(steps.map(({ t }) => t)).size <= unfolded + 1) return shown(steps);
  return byTime(steps)
    .map((group) => {
      const [{ part, t }] = group;
      const summary = [strings[language].parts[part], ...(t === undefined ? [] : [`t = ${t}`])].join(", ");
      return `<details><summary>${summary}</summary>\n\n${shown(group)}\n\n</details>`;
    })
    .join("\n\n");
}

/** The steps of one part at one time that follow each other. */
const byTime = (steps: readonly WorkedStep[]) =>
  steps.reduce<WorkedStep[][]>((groups, step) => {
    const last = groups.at(-1);
    if (last?.[0].part === step.part && last[0].t === step.t) last.push(step);
    else groups.push([step]);
    return groups;
  }, []);

const plain = (steps: readonly WorkedStep[], language: Language) =>
  steps
    .map((step) => {
      const [what, where] = heading(step, language);
      return [`${what} (${where})`, ...step.text.map((line) => `  ${line}`)].join("\n");
    })
    .join("\n");

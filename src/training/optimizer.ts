// An update rule and the state that it keeps for the parameters of one network.

import type { Floats, Parameter } from "../numbers/tensor.js";
import { checkNotNegative, kind } from "../numbers/validation.js";
import type { OptimizerState } from "./checkpoint.js";
import { checkAllFinite } from "./checkpoint.js";
import type { UpdateRule } from "./update_rules.js";

export class Optimizer {
  readonly rule: UpdateRule;
  readonly #parameters: readonly Parameter[];
  readonly #slots: Floats[][];
  #updates = 0;

  /**
   * @throws {TypeError} when rule is not one, such as adamRule({ lr: 0.01 }), or parameters is not an array
   */
  constructor(rule: UpdateRule, parameters: readonly Parameter[]) {
    checkRule("Optimizer", "rule", rule);
    const given: unknown = parameters;
    if (!Array.isArray(given)) {
      throw new TypeError(
        `Optimizer: parameters is ${kind(given)}, but must be an array such as network.parameters`,
      );
    }
    this.rule = rule;
    this.#parameters = parameters;
    this.#slots = parameters.map(({ data }) =>
      Array.from({ length: rule.slots }, () =>
        data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length),
      ),
    );
  }

  /**
   * One update of all parameters by the gradients that stand next to them.
   *
   * @throws {TypeError} when lr is not a number
   * @throws {RangeError} when it is negative or not finite
   */
  step(lr = this.rule.lr): void {
    checkNotNegative("Optimizer.step", "lr", lr);
    this.#updates++;
    this.#parameters.forEach(({ data, grad }, index) => {
      this.rule.update(data, grad, this.#slots[index], this.#updates, lr);
    });
  }

  state(): OptimizerState {
    const entries = this.#parameters.map(({ name }, index) => [
      name,
      this.#slots[index].map((slot) => [...slot]),
    ]);
    return {
      rule: this.rule.name,
      updates: this.#updates,
      slots: Object.fromEntries(entries) as OptimizerState["slots"],
    };
  }

  /**
   * Continues from a state.
   *
   * @throws {TypeError} when the state contains what is not a number; nothing is changed then
   * @throws {RangeError} when it is another rule's or another network's, or not finite; nothing is changed
   *   then
   */
  load({ rule, updates, slots }: OptimizerState): void {
    if (rule !== this.rule.name) {
      throw new RangeError(`Optimizer.load: the state is of ${rule}, but the optimizer is ${this.rule.name}`);
    }
    const given = this.#parameters.map(({ name, data }) => {
      const arrays = slots[name] ?? [];
      for (const array of arrays) checkAllFinite("Optimizer.load", `the state of ${name}`, array);
      if (arrays.length !== this.rule.slots || arrays.some((array) => array.length !== data.length)) {
        const sizes = arrays.map((array) => array.length).join(", ");
        throw new RangeError(
          `Optimizer.load: the state of ${name} has sizes [${sizes}], but must have ${this.rule.slots} times ${data.length}`,
        );
      }
      return arrays;
    });
    this.#updates = updates;
    given.forEach((arrays, index) => {
      arrays.forEach((array, slot) => this.#slots[index][slot].set(array));
    });
  }
}

/** Checks that a rule has an update, as adamRule({ lr: 0.01 }) has. */
export function checkRule(where: string, name: string, rule: unknown): void {
  if (typeof (rule as Partial<UpdateRule> | undefined)?.update === "function") return;
  throw new TypeError(
    `${where}: ${name} is ${kind(rule)}, but must be a rule such as adamRule({ lr: 0.01 })`,
  );
}

// An update rule and the state that it keeps for the parameters of one network.

import type { Floats, Parameter } from "../numbers/tensor.js";
import { checkNotNegative, kind, shown } from "../numbers/validation.js";
import type { OptimizerState } from "./checkpoint.js";
import { checkAllFinite } from "./checkpoint.js";
import type { UpdateRule } from "./update_rules.js";

export class Optimizer {
  readonly rule: UpdateRule;
  /** those that it updates: all but the frozen ones of a {@link groupedRule} */
  readonly parameters: readonly Parameter[];
  readonly #tensors: { parameter: Parameter; rule?: UpdateRule; slots: Floats[] }[];
  #updates = 0;

  /**
   * @throws {TypeError} when rule is not one, such as adamRule({ lr: 0.01 }), or parameters is not an array
   * @throws {RangeError} when the groups of a rule do not fit the parameters
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
    const names = parameters.map(({ name }) => name);
    const rules = rule.rulesOf?.(names) ?? names.map(() => rule);
    this.#tensors = parameters.map((parameter, index) => {
      const { data } = parameter;
      const slots = Array.from({ length: rules[index]?.slots ?? 0 }, () =>
        data instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length),
      );
      return { parameter, rule: rules[index], slots };
    });
    this.parameters = parameters.filter((_, index) => rules[index] !== undefined);
  }

  /**
   * One update of all parameters by the gradients that stand next to them.
   *
   * @param lr η of this update; the η of a group changes by the same factor
   * @throws {TypeError} when lr is not a number
   * @throws {RangeError} when it is negative or not finite
   */
  step(lr = this.rule.lr): void {
    checkNotNegative("Optimizer.step", "lr", lr);
    this.#updates++;
    const factor = lr / this.rule.lr;
    for (const { parameter, rule, slots } of this.#tensors) {
      if (rule === undefined) continue;
      const rate = rule.lr === this.rule.lr ? lr : factor * rule.lr;
      rule.update(parameter.data, parameter.grad, slots, this.#updates, rate);
    }
  }

  state(): OptimizerState {
    const entries = this.#tensors.map(({ parameter, slots }) => [
      parameter.name,
      slots.map((slot) => [...slot]),
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
    const given = this.#tensors.map(({ parameter: { name, data }, slots: { length: count } }) => {
      const arrays = slots[name] ?? [];
      for (const array of arrays) checkAllFinite("Optimizer.load", `the state of ${name}`, array);
      if (arrays.length !== count || arrays.some((array) => array.length !== data.length)) {
        const sizes = arrays.map((array) => array.length).join(", ");
        throw new RangeError(
          `Optimizer.load: the state of ${name} has sizes [${sizes}], but must have ${count} times ${data.length}`,
        );
      }
      return arrays;
    });
    this.#updates = updates;
    given.forEach((arrays, index) => {
      arrays.forEach((array, slot) => this.#tensors[index].slots[slot].set(array));
    });
  }
}

/**
 * Checks that a rule has an update, as adamRule({ lr: 0.01 }) has.
 *
 * @param or what else would do, for the message
 */
export function checkRule(where: string, name: string, rule: unknown, or = ""): void {
  if (typeof (rule as Partial<UpdateRule> | undefined)?.update === "function") return;
  throw new TypeError(
    `${where}: ${name} is ${shown(rule)}, but must be a rule such as adamRule({ lr: 0.01 })${or}`,
  );
}

// Tensors that are updated by a rule of their own, or not at all: PyTorch's parameter groups.

import { checkOptions, checkPositive, kind, shown } from "../numbers/validation.js";
import { checkRule } from "./optimizer.js";
import type { UpdateRule } from "./update_rules.js";

/** Some tensors of a network, and how they are updated. */
export interface TensorGroup {
  /**
   * tensors by name, or all behind a name: "head" stands for "head.weight" and "head.bias"; or a function
   * that says of each name whether it is meant
   */
  of: readonly string[] | ((name: string) => boolean);
  /** "frozen" tensors stay as they are, and no norm counts their gradients */
  rule: UpdateRule | "frozen";
}

/**
 * A rule with exceptions, PyTorch's parameter groups: no decay of biases, a lower η for one layer, frozen
 * tensors.
 *
 *     const optimizer = groupedRule(adamWRule({ lr: 0.01 }), [
 *       { of: (name) => name.includes("bias"), rule: adamWRule({ lr: 0.01, weightDecay: 0 }) },
 *       { of: ["embedding"], rule: "frozen" },
 *     ]);
 *
 * A schedule multiplies every group's η by the same factor; the rows of fit have the η of `rule`.
 *
 * @param rule of all tensors that are in no group
 * @throws {TypeError} for what is not a rule or a group
 * @throws {RangeError} where training begins: when a name or function matches no tensor, two groups have the
 *   same one, or all tensors are frozen
 */
export function groupedRule(rule: UpdateRule, groups: readonly TensorGroup[]): UpdateRule {
  const where = "groupedRule";
  checkSingle(where, "rule", rule);
  checkPositive(where, "rule.lr", rule.lr);
  const given: unknown = groups;
  if (!Array.isArray(given)) throw new TypeError(`${where}: groups is ${kind(given)}, but must be an array`);
  groups.forEach((group, index) => {
    checkOptions(`${where}, groups[${index}]`, group, ["of", "rule"]);
    const { of } = group;
    if (typeof of !== "function" && !(Array.isArray(of) && of.every((name) => typeof name === "string"))) {
      throw new TypeError(
        `${where}: groups[${index}].of is ${shown(of)}, but must be an array of names or a function`,
      );
    }
    if (group.rule !== "frozen") checkSingle(where, `groups[${index}].rule`, group.rule, ', or "frozen"');
  });
  const names = groups.map((group) => (group.rule === "frozen" ? "frozen" : group.rule.name));
  return {
    name: `${rule.name} (groups: ${names.join(", ")})`,
    lr: rule.lr,
    slots: rule.slots,
    update: (...update) => rule.update(...update),
    rulesOf: (tensors) => rulesOf(where, tensors, rule, groups),
  };
}

function rulesOf(
  where: string,
  tensors: readonly string[],
  rule: UpdateRule,
  groups: readonly TensorGroup[],
): (UpdateRule | undefined)[] {
  const groupOf = new Map<string, number>();
  groups.forEach(({ of }, index) => {
    const matches = typeof of === "function" ? [{ what: "", match: of }] : of.map(byName);
    const found = matches.flatMap(({ what, match }) => {
      const matched = tensors.filter((tensor) => match(tensor));
      if (matched.length > 0) return matched;
      throw new RangeError(
        `${where}: groups[${index}].of${what} matches no tensor, but must match some of ${tensors.join(", ")}`,
      );
    });
    for (const tensor of new Set(found)) {
      const other = groupOf.get(tensor);
      if (other !== undefined) {
        throw new RangeError(
          `${where}: ${tensor} is in groups[${other}] and groups[${index}], but must be in one of them`,
        );
      }
      groupOf.set(tensor, index);
    }
  });
  const rules = tensors.map((tensor) => {
    const group = groupOf.get(tensor);
    const ofTensor = group === undefined ? rule : groups[group].rule;
    return ofTensor === "frozen" ? undefined : ofTensor;
  });
  if (rules.some((ofTensor) => ofTensor !== undefined)) return rules;
  throw new RangeError(`${where}: all tensors are frozen, but at least one must be updated`);
}

function byName(name: string) {
  return {
    what: ` has ${shown(name)}, which`,
    match: (tensor: string) => tensor === name || tensor.startsWith(`${name}.`),
  };
}

/** A rule without groups of its own. */
function checkSingle(where: string, name: string, rule: UpdateRule, or = ""): void {
  checkRule(where, name, rule, or);
  if (rule.rulesOf === undefined) return;
  throw new TypeError(`${where}: ${name} has groups, but must be a rule without any`);
}

// The table of all rules, by name. `hogflow rules` prints it.
import type { Rule } from "./rule";
import { clockRules } from "./clocks";
import { compositionRules } from "./composition";
import { conditionRules } from "./conditions";
import { contractRules } from "./contract";
import { credentialRules } from "./credentials";
import { emailRules } from "./emails";
import { endRules } from "./ends";
import { filterValueRules } from "./filter-values";
import { filterRules } from "./filters";
import { inputRules } from "./inputs";
import { referenceRules } from "./references";
import { repairRules } from "./repairs";
import { resourceRules, settingRules } from "./settings";
import { scheduleRules } from "./schedules";
import { shapeRules } from "./shape";
import { sizeRules } from "./size";
import { stepRules } from "./steps";
import { templateRules } from "./templates";
import { textRules } from "./texts";
import { triggerRules } from "./triggers";
import { variableUseRules } from "./variable-use";
import { valueRules } from "./values";
import { variableRules } from "./variables";
import { waitRules } from "./waits";
import { wiringRules } from "./wiring";

export { resourceRules };
export const RULES = {
  ...shapeRules,
  ...stepRules,
  ...triggerRules,
  ...wiringRules,
  ...conditionRules,
  ...waitRules,
  ...clockRules,
  ...endRules,
  ...filterRules,
  ...filterValueRules,
  ...inputRules,
  ...emailRules,
  ...contractRules,
  ...templateRules,
  ...referenceRules,
  ...variableRules,
  ...variableUseRules,
  ...textRules,
  ...credentialRules,
  ...scheduleRules,
  ...settingRules,
  ...compositionRules,
  ...valueRules,
  ...sizeRules,
  ...repairRules,
};
export type DefinitionRuleName = keyof typeof RULES;
/** Every name that a finding can have. */
export type RuleName = DefinitionRuleName | keyof typeof resourceRules;

export const definitionRules = Object.entries(RULES) as [DefinitionRuleName, Rule][];
export const ruleNames: readonly string[] = [...Object.keys(RULES), ...Object.keys(resourceRules)];
export const isRuleName = (name: unknown): name is RuleName =>
  typeof name === "string" && (Object.hasOwn(RULES, name) || Object.hasOwn(resourceRules, name));
/** Whether the rule is about the form of a single field. */
export const isShapeRule = (name: RuleName): boolean => Object.hasOwn(shapeRules, name);
/** What a finding needs of a rule. */
export function ruleOf(name: RuleName): Pick<Rule, "severity" | "text"> & Partial<Pick<Rule, "refusedBy" | "why">> {
  return Object.hasOwn(RULES, name)
    ? RULES[name as DefinitionRuleName]
    : resourceRules[name as keyof typeof resourceRules];
}

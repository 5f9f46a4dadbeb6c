// What policy packs import from "pulumi-hogflow/policy".
export { flowPolicy, flowStackPolicy, hogflowPolicies } from "./policies";
export type { HogflowPoliciesOptions, HogflowPolicyConfig, PolicyOptions } from "./policies";
export type { PolicyFinding } from "./finding";
export type { StackFinding } from "./rule";
export type { PolicyName } from "./rules";
export type { PolicyFlow, PolicySchedule, PolicyStack, PolicyStep } from "./resources";
export { violationsOf, type Violation, type ViolationsOptions } from "./violations";

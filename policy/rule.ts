// A rule of the pack as data: what it demands and why, its settings, an example that breaks it and one that keeps it, and how it is found.
import type { Severity } from "@pulumi/policy";
import type { Dict } from "../definition/canonical/values";
import type { PolicyFinding } from "./finding";
import type { PolicyFlow, PolicyStack } from "./resources";
import type { SettingsOf, SettingTable } from "./settings";

/** A finding of a stack, about one of its flows or about what is not there. */
export interface StackFinding extends PolicyFinding {
  flow?: PolicyFlow;
}

/** A stack as the examples of rules write it: inputs of flows by their names, and the schedules that start them. */
export interface PolicyExample {
  flows: Readonly<Record<string, Dict>>;
  schedules?: readonly ({ flow: string } & Dict)[];
  /** Names of the flows with the resource option `protect`. */
  protected?: readonly string[];
  settings: Dict;
}

export interface PolicyRule<Table extends SettingTable = SettingTable> {
  /** What Pulumi shows for its name. */
  title: string;
  /** What it demands, in one sentence. */
  text: string;
  /** What happens otherwise; part of every finding that gives no other reason. */
  why: string;
  severity: Severity;
  settings: Table;
  /** Says why it has nothing to check until a setting is given; undefined where it has. */
  idle?(settings: SettingsOf<Table>): string | undefined;
  /** An example that breaks this rule. */
  fails: PolicyExample;
  /** The same without the mistake. */
  passes: PolicyExample;
  /** Found in one flow: before it is written. */
  flow?(flow: PolicyFlow, settings: SettingsOf<Table>): Iterable<PolicyFinding>;
  /** Found in all flows of a stack: at the end of a preview, and at the end of an `up`. */
  stack?(stack: PolicyStack, settings: SettingsOf<Table>): Iterable<StackFinding>;
}

/** Keeps the names and types of a rule's settings known to the compiler. */
export const policyRule = <const Table extends SettingTable>(rule: PolicyRule<Table>): PolicyRule<Table> => rule;

/** Whether the flow runs or may run. False, too, while nobody knows: what is not known is noted. */
export function mayRun(flow: PolicyFlow, { unstated }: { unstated: "active" | "draft" }): boolean {
  if (flow.status === "unknown") flow.known(["status"]);
  return (flow.status ?? unstated) === "active";
}

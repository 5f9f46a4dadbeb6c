// What a HogFlow sends to `check` of its arguments, apart from its target and its owner.
import type { ProgramFinding } from "../rules/program-findings";
import { definitionArgsKeys, type HogFlowArgs } from "./args";
import { convert, type OutputLeaf } from "./convert";
import { SeenSchedules } from "./scheduled";
import { configurationFindings } from "./stack-keys";
import { argumentFlags, FLOW_FLAGS } from "../definition/flags";
import { own } from "../definition/canonical/values";

export interface FlowInputs {
  inputs: Record<string, unknown>;
  outputs: OutputLeaf[];
  definition: Record<string, unknown>;
  schedules: SeenSchedules;
}

export function flowInputs(args: HogFlowArgs, name: string): FlowInputs {
  const given = args as object as Record<string, unknown>;
  const { definition, outputs, findings, sources, editorOwns } = convert(given, name);
  const all = [...findings, ...unknownArguments(given), ...configurationFindings()];
  const schedules = new SeenSchedules(definition["actions"]);
  const inputs = {
    ...definition,
    ...argumentFlags(FLOW_FLAGS, {
      ...args,
      editorOwns: [...editorOwns, ...(args.editorOwns ?? [])],
      originProduct: args.originProduct ?? own(args.definition, "origin_product"),
    }),
    scheduled: schedules.answer(),
    findings: listOrNothing(all),
    sources: Object.keys(sources).length > 0 ? sources : undefined,
  };
  return { inputs, outputs, definition, schedules };
}

const listOrNothing = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

function unknownArguments(args: Record<string, unknown>): ProgramFinding[] {
  return Object.keys(args)
    .filter((key) => !definitionArgsKeys.known.includes(key))
    .map((key) => {
      const near = definitionArgsKeys.nearest(key);
      return {
        rule: "unknown-argument",
        path: [key],
        what: `\`${key}\` is not an argument of HogFlow`,
        ...(near ? { suggestion: `\`${near}\`` } : { fix: `Arguments are ${definitionArgsKeys.known.join(", ")}` }),
      };
    });
}

// `validate`: the findings of preview, for tests and scripts, without an engine.
import * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../rules/finding";
import { isDict, put, UNKNOWN, type Dict } from "../definition/canonical/values";
import { examineFlow } from "../rules/examine-flow";
import type { HogFlowArgs } from "./args";
import { flowInputs } from "./flow-inputs";

/**
 * All findings that `pulumi preview` would report for these arguments of a HogFlow, in the order of the definition: errors, which stop `up`, and warnings
 * that are not acknowledged. Needs no engine, no key and no network. Outputs count as unknown, and suspend just what depends on them.
 *
 * Only preview checks what needs more than the definition: people in flight, adopting, host and project, whether there is a schedule.
 *
 * @param args What `new HogFlow("name", args)` takes.
 * @param name The resource's name, which is the default of the title.
 * @example
 * ```ts
 * const findings = validate({ actions: { trigger_node: { type: "trigger", name: "Start", config: { type: "schedule" }, next: "exit" } } });
 * assert.deepEqual(findings.map(({ rule, path }) => `${rule} at ${path}`), ["missing-step at actions.trigger_node.next"]);
 * ```
 */
export function validate(args: HogFlowArgs, name = "flow"): Finding[] {
  // Secrets are outputs, and outputs are unknown here: there is no value that a finding could show.
  const { definition, findings } = examineFlow(
    withoutOutputs(flowInputs(args, name).inputs) as Dict,
    {},
    { now: Date.now() },
  );
  return findings.all(definition);
}

function withoutOutputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return UNKNOWN;
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) put(out, key, withoutOutputs(item));
  return out;
}

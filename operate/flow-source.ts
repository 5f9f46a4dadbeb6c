// Where a command finds a flow: a file with its JSON, the stack's state, or PostHog itself.
import { decode, keyed } from "../definition/canonical/decode";
import { canonical } from "../definition/canonical/canonical";
import { isDict, type Dict } from "../definition/canonical/values";
import type { PostHogClient } from "../api";
import { OperateError } from "./errors";
import { refuseTooDeep } from "./flow-file";
import { masked } from "./mask";
import type { StackResource } from "./stack-state";

/** A definition to look at, without secrets. */
export interface FoundFlow {
  /** Its name, else what it was asked for by. */
  title: string;
  /** Keyed form, canonical and masked. */
  definition: Dict;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Whether this is the id of a flow in PostHog. */
export const isFlowId = (text: string): boolean => UUID.test(text);
/** Whether this names a file. */
export const isFileName = (text: string): boolean => text === "-" || /\.json$/i.test(text) || /[/\\]/.test(text);

/**
 * A flow from JSON text: what PostHog returns for a flow, or a definition in keyed form.
 *
 * @param name What to call it in errors and, if it has no name, as title; `-` is standard input.
 * @throws OperateError when it is neither.
 * @example
 * ```ts
 * flowFromJson('{ "name": "Welcome", "actions": [], "edges": [] }', "flow.json").title; // Welcome
 * ```
 */
export function flowFromJson(text: string, name: string): FoundFlow {
  const shown = name === "-" ? "standard input" : name;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OperateError({
      what: `${shown} is not JSON`,
      why: error instanceof Error ? error.message : String(error),
    });
  }
  refuseTooDeep(value, shown);
  const actions = isDict(value) ? value["actions"] : undefined;
  if (!isDict(value) || (!Array.isArray(actions) && !isDict(actions))) {
    throw new OperateError({
      what: `${shown} is not a workflow`,
      why: "`actions` is missing, the list (or map) of its steps",
      fix: "Give the JSON that PostHog returns for a flow",
    });
  }
  const definition = Array.isArray(actions) ? canonical(keyed(value)) : canonical(value);
  return found(definition, name === "-" ? "flow" : name.replace(/^.*[/\\]/, "").replace(/\.json$/i, ""));
}

/**
 * A flow as the stack deployed it last.
 *
 * @example
 * ```ts
 * const state = await readStack(openWorkspace(), { env: process.env });
 * drawFlow(flowFromStack(flowIn(state, "onboarding")).definition);
 * ```
 */
export const flowFromStack = ({ name, inputs, secretPaths }: StackResource): FoundFlow =>
  found(masked(inputs, secretPaths), name);

/**
 * A flow as it is live. One request.
 *
 * @throws PostHogApiError when PostHog refuses, or there is no such flow.
 * @example
 * ```ts
 * drawFlow((await flowFromServer(client, flowId)).definition);
 * ```
 */
export async function flowFromServer(client: Pick<PostHogClient, "getFlow">, id: string): Promise<FoundFlow> {
  return found(decode(await client.getFlow(id)), id);
}

function found(definition: Dict, fallback: string): FoundFlow {
  const name = definition["name"];
  return { title: typeof name === "string" && name !== "" ? name : fallback, definition: masked(definition) };
}

// The flows of a Pulumi program, with the values that its outputs have: the program runs against Pulumi's own mocks, without engine or network.
import * as pulumi from "@pulumi/pulumi";
import { RESOURCE_KINDS } from "../definition/resource-types";
import { isDict, isMarked, type Dict } from "../definition/canonical/values";
import { DEFINITION_KEYS } from "../definition/canonical/canonical";
import type { FlowDefinition } from "../definition/schema/types";

/** The stack in which a program runs. */
export interface ProgramSettings {
  /** Configuration, as `pulumi config set` would set it; keys without a namespace are the project's. */
  config?: Readonly<Record<string, string>>;
  /** The folder of the Pulumi project, to which `file("…")` is relative. Default: the current one. */
  cwd?: string;
  /** Default `project`. */
  project?: string;
  /** Default `test`. */
  stack?: string;
}

/** Pulumi has one runtime for the whole process, so programs take turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs a Pulumi program and returns its flows by resource name, ready for `simulate`. Secrets appear in plain text.
 *
 * @param program Imports the program, or creates its resources.
 * @throws Error when it creates no flow. A module runs only once in a process: import it once, and keep the result.
 * @example
 * const { onboarding } = await flowsOf(() => import("./index.js"), { config: { crmSigningSecret: "test" } });
 * const run = simulate(onboarding!, { trigger: "user signed up" });
 */
export function flowsOf(
  program: () => unknown,
  settings: ProgramSettings = {},
): Promise<Record<string, FlowDefinition>> {
  const run = turn.then(() => registered(program, settings));
  turn = run.catch(() => undefined);
  return run;
}

async function registered(
  program: () => unknown,
  { config = {}, project = "project", stack = "test", cwd }: ProgramSettings,
): Promise<Record<string, FlowDefinition>> {
  const flows: Record<string, FlowDefinition> = {};
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (RESOURCE_KINDS[type] === "flow") flows[name] = definitionFrom(inputs as Dict);
        return { id: `${name}-id`, state: inputs as Dict };
      },
      call: () => ({}),
    },
    project,
    stack,
    false,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
    ),
  );
  const before = process.cwd();
  try {
    if (cwd !== undefined) process.chdir(cwd);
    await program();
    // Until every registration has gone out.
    await pulumi.runtime.disconnect();
  } finally {
    if (cwd !== undefined) process.chdir(before);
  }
  if (Object.keys(flows).length === 0)
    throw new Error(
      "The program creates no HogFlow. A module runs only once in a process: import it once, and keep the result of flowsOf",
    );
  return flows;
}

function definitionFrom(inputs: Dict): FlowDefinition {
  return Object.fromEntries(
    DEFINITION_KEYS.filter((key) => inputs[key] !== undefined).map((key) => [key, inClear(inputs[key])]),
  ) as unknown as FlowDefinition;
}

function inClear(value: unknown): unknown {
  if (isMarked(value)) return inClear((value as Dict)["value"]);
  if (Array.isArray(value)) return value.map(inClear);
  return isDict(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)])) : value;
}

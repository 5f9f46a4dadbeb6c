// The flows of a Pulumi program, with the values that its outputs have: the program runs against Pulumi's own mocks, without engine or network.
import * as pulumi from "@pulumi/pulumi";
import { isDict, isMarked, type Dict } from "../definition/canonical/values";
import { DEFINITION_KEYS } from "../definition/canonical/canonical";
import type { FlowDefinition } from "../definition/schema/types";

/** The stack that a program runs in. */
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

const FLOW = "pulumi-nodejs:dynamic/posthog:HogFlow";

/** Pulumi's runtime is one for the whole process: programs take turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs a Pulumi program and answers with its flows by the name of their resource, ready for `simulate`. Secrets are in clear in them.
 *
 * @param program Imports the program, or makes its resources.
 * @throws Error when it makes no flow. A module runs once in a process: import it in one place, and keep what this answers.
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
        if (type === FLOW) flows[name] = definitionFrom(inputs as Dict);
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
      "The program makes no HogFlow. A module runs once in a process: import it in one place, and keep what flowsOf answers",
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

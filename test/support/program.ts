// What the SDK sends to the engine for a program, caught where it would leave the program: the real resources of the built package, Pulumi's own
// serialization, and no engine.
import { createRequire } from "node:module";
import path from "node:path";
import type * as Sdk from "../../sdk/index";
import { RESOURCE_KINDS } from "../../definition/resource-types";
import type { Kind, Properties } from "./provider-process";

const require = createRequire(path.resolve(import.meta.dirname, "../../package.json"));
const pulumi = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");

export interface Registered {
  kind: Kind;
  name: string;
  /** With marks around secrets, and the wire's text for unknown values. */
  inputs: Properties;
  urn: string;
}

export interface ProgramOptions {
  /** The stack's configuration by full key. */
  config?: Record<string, string>;
  /** Ids that the resources turn out to have, by name. In a preview, those without one have none yet. */
  ids?: Record<string, string>;
  preview?: boolean;
  project?: string;
  stack?: string;
}

/** Pulumi's runtime is one for the whole process: programs take turns. */
let turn: Promise<unknown> = Promise.resolve();

/** Runs a program and answers with the resources that it registers. */
export function runProgram(
  program: (sdk: typeof Sdk, p: typeof pulumi) => unknown,
  options: ProgramOptions = {},
): Promise<Registered[]> {
  const run = turn.then(() => registrations(program, options));
  turn = run.catch(() => undefined);
  return run;
}

async function registrations(
  program: (sdk: typeof Sdk, p: typeof pulumi) => unknown,
  options: ProgramOptions,
): Promise<Registered[]> {
  const { config = {}, ids = {}, preview = false, project = "shop", stack = "dev" } = options;
  await pulumi.runtime.setMocks(
    { newResource: ({ name }) => ({ id: ids[name] ?? (preview ? "" : `${name}-id`), state: {} }), call: () => ({}) },
    project,
    stack,
    preview,
  );
  pulumi.runtime.setAllConfig(config);
  const monitor = require("@pulumi/pulumi/runtime/settings.js").getMonitor();
  const register = monitor.registerResource.bind(monitor);
  const found: Registered[] = [];
  monitor.registerResource = (request: any, callback: unknown) => {
    const type: string = request.getType();
    const kind = RESOURCE_KINDS[type];
    if (kind !== undefined) {
      const inputs = request.getObject().toJavaScript();
      found.push({
        kind,
        name: request.getName(),
        inputs,
        urn: monitor.newUrn(request.getParent(), type, request.getName()),
      });
    }
    return register(request, callback);
  };
  const sdk = require("./dist/sdk/index.js") as typeof Sdk;
  await program(sdk, pulumi);
  // Until every registration has gone out.
  await pulumi.runtime.disconnect();
  return found;
}

/** The inputs of the one resource of this name. */
export async function inputsFor(
  name: string,
  program: (sdk: typeof Sdk, p: typeof pulumi) => unknown,
  options: ProgramOptions = {},
): Promise<Properties> {
  const found = (await runProgram(program, options)).find((resource) => resource.name === name);
  if (!found) throw new Error(`the program registers no resource "${name}"`);
  return found.inputs;
}

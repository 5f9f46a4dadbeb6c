// Holds policies against a program without an engine, for the tests of a pack: the program runs as `hogflow validate` runs it, and each policy is called as Pulumi would.
import type {
  Policies,
  Policy,
  PolicyResource,
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidation,
} from "@pulumi/policy";
import { isDict, isMarked, type Dict } from "../definition/canonical/values";
import { DYNAMIC_TYPES, nameIn } from "../definition/resource-types";
import { checkProgram, type ProgramResource } from "../operate/program/validate-program";
import { openWorkspace } from "../operate/workspace";

/** A program, and the configuration of the policies. */
export interface ViolationsOptions {
  /** Folder of the Pulumi project. */
  dir: string;
  /** Stack whose configuration file counts. Default: the selected one, or none. */
  stack?: string;
  /** Configuration of the policies by their names, as in the pack. Default: none, so that each has its defaults. */
  config?: Readonly<Record<string, unknown>>;
  /** Environment of the program. Default: the process's. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Something that Pulumi would report. */
export interface Violation {
  /** Name of the policy. */
  policy: string;
  /** Logical name of the flow; undefined where it is about the stack. */
  flow?: string;
  message: string;
}

class NotApplicable extends Error {}

/**
 * What a policy pack would report about a program: without an engine, a key or a network, for the tests of the pack. Enforcement levels do not count, except that a
 * disabled policy reports nothing.
 *
 * @throws OperateError where there is no program that Node can run. Error where the program makes no flow or schedule.
 * @example
 * ```ts
 * const found = await violationsOf(hogflowPolicies(), { dir: "../onboarding", config: { webhookHosts: { hosts: ["crm.example.com"] } } });
 * assert.deepEqual(found.map(({ policy, flow }) => [policy, flow]), []);
 * ```
 */
export async function violationsOf(
  policies: Policies,
  { dir, stack, config = {}, env = process.env }: ViolationsOptions,
): Promise<Violation[]> {
  const workspace = openWorkspace({ cwd: dir, env, ...(stack === undefined ? {} : { stack }) });
  const { resources, findings } = await checkProgram(workspace, { env, transpileOnly: true });
  if (resources.length === 0)
    throw new Error(
      `The program in ${dir} makes no flow: ${findings.map(({ what }) => what).join("; ") || "it registers no HogFlow"}`,
    );
  const seen = seenResources(resources);
  const found: Violation[] = [];
  for (const policy of policies) {
    const given = config[policy.name] ?? {};
    const { enforcementLevel = config["all"], ...settings } = isDict(given) ? given : { enforcementLevel: given };
    if (enforcementLevel === "disabled") continue;
    const settled = { ...defaultsOf(policy), ...settings };
    const common = {
      stackTags: new Map<string, string>(),
      getConfig: <T extends object>() => settled as T,
      notApplicable: (reason?: string): never => {
        throw new NotApplicable(reason);
      },
    };
    const reporter =
      (of?: string): ReportViolation =>
      (message, urn = of) =>
        void found.push({ policy: policy.name, message, ...(urn === undefined ? {} : { flow: nameIn(urn) }) });
    if ("validateResource" in policy) {
      const { validateResource = [] } = policy;
      const validations: ResourceValidation[] = Array.isArray(validateResource) ? validateResource : [validateResource];
      for (const resource of seen)
        for (const validate of validations)
          await applied(() => validate({ ...common, ...resource, asType: () => undefined }, reporter(resource.urn)));
    }
    if ("validateStack" in policy)
      await applied(() => policy.validateStack({ ...common, resources: seen }, reporter()));
  }
  return found;
}

/** What the engine fills in. */
const defaultsOf = ({ configSchema }: Policy): Dict =>
  Object.fromEntries(
    Object.entries(configSchema?.properties ?? {}).flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );

async function applied(act: () => Promise<void> | void): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof NotApplicable)) throw error;
  }
}

const OPTIONS: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

function seenResources(resources: readonly ProgramResource[]): PolicyResource[] {
  const seen = new Map(
    resources.map((resource): [string, PolicyResource] => [
      resource.urn,
      {
        type: DYNAMIC_TYPES[resource.kind],
        urn: resource.urn,
        name: resource.name,
        // Policies get secrets in clear.
        props: inClear(resource.inputs) as Dict,
        opts: { ...OPTIONS, protect: resource.isProtected === true },
        dependencies: [],
        propertyDependencies: {},
        isType: () => false,
        asType: () => undefined,
      },
    ]),
  );
  for (const { urn, flowUrn } of resources) {
    const flow = flowUrn === undefined ? undefined : seen.get(flowUrn);
    if (flow) seen.get(urn)!.propertyDependencies = { flowId: [flow] };
  }
  return [...seen.values()];
}

function inClear(value: unknown): unknown {
  if (isMarked(value)) return inClear((value as Dict)["value"]);
  if (Array.isArray(value)) return value.map(inClear);
  return isDict(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)])) : value;
}

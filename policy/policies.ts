// Rules as Pulumi's policies: what Pulumi gives is read into flows, what a rule finds is reported, and what is not known yet is said, and never held against a flow.
import type {
  EnforcementLevel,
  Policy,
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import { getAt, type Path } from "../definition/canonical/paths";
import { containsUnknown, isDict } from "../definition/canonical/values";
import { RESOURCE_KINDS } from "../definition/resource-types";
import { findingMessage, type PolicyFinding } from "./finding";
import { homeOf, PolicyFlow, PolicySchedule, type PolicyStack, type SeenResource } from "./resources";
import type { PolicyRule, StackFinding } from "./rule";
import { isNamed, readSettings, type SettingsOf, type SettingTable } from "./settings";
import { POLICY_RULES, type PolicyName } from "./rules";

/** A policy that looks at one flow before it is written, at all flows of a stack, or at both. */
type HogflowPolicy = Policy & Partial<Pick<ResourceValidationPolicy, "validateResource"> & StackValidationPolicy>;

/** What a policy of your own has besides its check. */
export interface PolicyOptions extends Pick<
  Policy,
  "name" | "description" | "enforcementLevel" | "displayName" | "severity" | "remediationSteps" | "url" | "tags"
> {
  /** JSON schema of its settings, as Pulumi takes it. Default: it has none. */
  configSchema?: PolicyConfigSchema;
}

type Config = Readonly<Record<string, unknown>>;

/**
 * A policy about single flows: called with each flow of a stack before it is written, whichever transport and language it comes from.
 *
 * @param options Name, description and settings, as for any policy of Pulumi.
 * @param check Yields what is wrong. What it asks for with `flow.known` and is not known in a preview makes the preview say so.
 * @example
 * ```ts
 * const short = flowPolicy(
 *   { name: "short-flows", description: "Flows have at most 20 steps.", enforcementLevel: "mandatory" },
 *   (flow) => (flow.steps.length > 20 ? [{ path: ["actions"], what: `has ${flow.steps.length} steps, more than 20` }] : []),
 * );
 * ```
 */
export function flowPolicy(
  options: PolicyOptions,
  check: (flow: PolicyFlow, settings: Config) => Iterable<PolicyFinding>,
): ResourceValidationPolicy {
  return { ...options, validateResource: resourceValidation((flow, config) => ({ findings: check(flow, config) })) };
}

/**
 * A policy about all flows of a stack together: called at the end of a preview, and at the end of an `up`, which it then cannot undo.
 *
 * @param options Name, description and settings, as for any policy of Pulumi.
 * @param check Yields what is wrong; `flow` says of which flow.
 * @example
 * ```ts
 * const few = flowStackPolicy({ name: "few-flows", description: "A stack has at most 50 active flows." }, ({ flows }) => {
 *   const active = flows.filter(({ status }) => status === "active");
 *   return active.length > 50 ? [{ path: [], what: `the stack has ${active.length} active flows, more than 50` }] : [];
 * });
 * ```
 */
export function flowStackPolicy(
  options: PolicyOptions,
  check: (stack: PolicyStack, settings: Config) => Iterable<StackFinding>,
): StackValidationPolicy {
  return { ...options, validateStack: stackValidation((stack, config) => ({ findings: check(stack, config) })) };
}

/** Which policies, and what they are to be. */
export interface HogflowPoliciesOptions {
  /** Names of the policies. Default: all of them. */
  only?: readonly PolicyName[];
}

/** Settings of the policies by their names, as Pulumi's policy configuration has them: an enforcement level, or a level with settings. */
export type HogflowPolicyConfig = {
  [Name in PolicyName]?:
    | EnforcementLevel
    | ({ enforcementLevel?: EnforcementLevel } & Partial<SettingsOf<(typeof POLICY_RULES)[Name]["settings"]>>);
} & {
  /** The level of all policies that state none. */
  all?: EnforcementLevel;
};

/**
 * The policies of this package, for a policy pack: what flows must be like in an organisation. Each has the enforcement level of the pack until its configuration says
 * another one, and those that need a list of what is allowed do nothing without it.
 *
 * @throws Error for a name that no policy has.
 * @example
 * ```ts
 * import { PolicyPack } from "@pulumi/policy";
 *
 * const settings: HogflowPolicyConfig = { quietHours: { from: "21:00", to: "08:00", timezone: "Europe/Berlin" }, weeklyEmails: "advisory" };
 * new PolicyPack("messaging", { policies: hogflowPolicies(), enforcementLevel: "mandatory" }, settings);
 * ```
 */
export function hogflowPolicies({ only }: HogflowPoliciesOptions = {}): (
  ResourceValidationPolicy | StackValidationPolicy
)[] {
  const names = Object.keys(POLICY_RULES) as PolicyName[];
  const strange = (only ?? []).find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new Error(`There is no policy ${JSON.stringify(strange)}: the policies are ${names.join(", ")}`);
  // Those about flows and about stacks have one shape for Pulumi: what it calls is what there is.
  return names.filter((name) => only?.includes(name) ?? true).map((name) => policyOf(name)) as (
    ResourceValidationPolicy | StackValidationPolicy
  )[];
}

function policyOf(name: PolicyName): HogflowPolicy {
  const rule: PolicyRule = POLICY_RULES[name];
  const { title, text, why, severity, settings: table, flow, stack } = rule;
  const withWhy = <Finding extends PolicyFinding>(finding: Finding): Finding => ({ why, ...finding });
  const isSpared = (settings: SettingsOf<SettingTable>, { name: its }: PolicyFlow): boolean =>
    isNamed(its, (settings["except"] as readonly string[] | undefined) ?? []);

  /** What is wrong with the settings is found in their place. */
  const read = <Found>(config: Config, find: (settings: SettingsOf<SettingTable>) => Found[]): Checked<Found> => {
    const { settings, refusals } = readSettings(table, config);
    const idle = refusals.length > 0 ? undefined : rule.idle?.(settings);
    return {
      findings: refusals.length > 0 || idle !== undefined ? [] : find(settings),
      refusals,
      ...(idle === undefined ? {} : { idle }),
    };
  };
  return {
    name,
    displayName: title,
    description: text,
    severity,
    configSchema: {
      properties: Object.fromEntries(Object.entries(table).map(([key, { schema }]) => [key, schema])),
    },
    ...(flow
      ? {
          validateResource: resourceValidation((seen, config) =>
            read(config, (settings) => (isSpared(settings, seen) ? [] : [...flow(seen, settings)].map(withWhy))),
          ),
        }
      : {}),
    ...(stack
      ? {
          validateStack: stackValidation((seen, config) => {
            const checked = read(config, (settings) => {
              const flows = seen.flows.filter((one) => !isSpared(settings, one));
              return [...stack({ ...seen, flows }, settings)].map(withWhy);
            });
            // Said with each flow already.
            return flow && seen.flows.length > 0 ? { ...checked, refusals: [] } : checked;
          }),
        }
      : {}),
  };
}

/** What a check came to. */
interface Checked<Finding> {
  findings: Iterable<Finding>;
  /** What is wrong with the settings. */
  refusals?: readonly string[];
  /** Why there is nothing to check. */
  idle?: string;
}

const refusalMessage = (what: string): string =>
  findingMessage({ path: [], what, fix: "Correct it in the configuration of the policy pack" });

const resourceValidation =
  (check: (flow: PolicyFlow, config: Config) => Checked<PolicyFinding>) =>
  (args: ResourceValidationArgs, report: ReportViolation): void => {
    if (RESOURCE_KINDS[args.type] !== "flow") return args.notApplicable("It is about flows of pulumi-hogflow");
    const flow = new PolicyFlow(args);
    const { findings, refusals = [], idle } = check(flow, args.getConfig());
    if (idle !== undefined) return args.notApplicable(idle);
    for (const refusal of refusals) report(refusalMessage(refusal));
    for (const finding of findings) report(findingMessage(finding, flow));
    sayMissing([flow]);
  };

const stackValidation =
  (check: (stack: PolicyStack, config: Config) => Checked<StackFinding>) =>
  (args: StackValidationArgs, report: ReportViolation): void => {
    const stack = stackOf(args.resources);
    const { findings, refusals = [], idle } = check(stack, args.getConfig());
    if (idle !== undefined) return args.notApplicable(idle);
    for (const refusal of refusals) report(refusalMessage(refusal));
    for (const { flow, ...finding } of findings)
      if (flow) report(findingMessage(finding, flow), flow.urn);
      else report(findingMessage(finding, { secrets: new Set(stack.flows.flatMap(({ secrets }) => [...secrets])) }));
    sayMissing([...stack.flows, ...stack.schedules]);
  };

function stackOf(resources: readonly PolicyResource[]): PolicyStack {
  const ofKind = (kind: "flow" | "schedule"): PolicyResource[] =>
    resources.filter(({ type }) => RESOURCE_KINDS[type] === kind);
  return {
    ...homeOf(resources[0]?.urn ?? ""),
    flows: ofKind("flow").map((resource) => new PolicyFlow(resource)),
    schedules: ofKind("schedule").map((resource) => {
      const flow = [...(resource.propertyDependencies["flowId"] ?? []), ...resource.dependencies].find(
        ({ type }) => RESOURCE_KINDS[type] === "flow",
      );
      return new PolicySchedule(resource, flow?.urn);
    }),
  };
}

/**
 * Reads what was asked for and is not known, as Pulumi gave it: Pulumi then ends the policy and says in the preview that it could not run, whatever its level. There is
 * no other way to say something that is no violation.
 */
function sayMissing(seen: readonly Pick<PolicyFlow, "missing" | "properties" | "source">[]): void {
  for (const { missing, properties, source } of seen)
    for (const path of missing) {
      const whole = getAt(properties, path);
      if (containsUnknown(whole)) readAt(source, [...path, ...unknownIn(whole)]);
    }
}

/** Where in a value the first unknown one is. */
function unknownIn(value: unknown): Path {
  const members: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isDict(value)
      ? Object.entries(value)
      : [];
  const found = members.find(([, member]) => containsUnknown(member));
  return found === undefined ? [] : [found[0], ...unknownIn(found[1])];
}

function readAt(source: SeenResource["props"], path: Path): void {
  let value: any = source;
  for (const part of path) value = value?.[part];
}

// A policy pack as Pulumi serves it: its own server in this process, called over gRPC as the engine calls it, with what `check` returns for either transport.
import { createRequire } from "node:module";
import { PolicyPack, type Policies } from "@pulumi/policy";
import { vi } from "vitest";
import { systemClock } from "../../api";
import { isMarked, UNKNOWN, type Dict } from "../../definition/canonical/values";
import { DYNAMIC_TYPES, PLUGIN_TYPES } from "../../definition/resource-types";
import { flowProgramInputs } from "../../plugin/program-inputs";
import type { PolicyExample } from "../../policy/rule";
import { ProgramCheck } from "../../provider/check-program";

const require = createRequire(import.meta.url);
// Pulumi's generated stubs have no types.
const grpc: any = require("@grpc/grpc-js");
const messages: any = require("@pulumi/pulumi/proto/analyzer_pb.js");
const services: any = require("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
const struct: any = require("google-protobuf/google/protobuf/struct_pb.js");

export { UNKNOWN };
export const TRANSPORTS = ["dynamic", "plugin"] as const;
export type Transport = (typeof TRANSPORTS)[number];
const TYPES = { dynamic: DYNAMIC_TYPES, plugin: PLUGIN_TYPES };

/** What the engine gets to hear. */
export interface Diagnostic {
  policy: string;
  message: string;
  level: "advisory" | "mandatory" | "disabled" | "remediate";
  urn: string;
}

/** A resource as the engine gives it to a policy. */
export interface Resource {
  type: string;
  urn: string;
  properties: Dict;
  isProtected?: boolean;
  /** URNs of what each property depends on. */
  dependencies?: Readonly<Record<string, string[]>>;
}

export interface Pack {
  /** Settings by policy, as the engine sends them after it has filled in the defaults. Levels are mandatory where none is given. */
  configure(config: Readonly<Record<string, Dict>>): Promise<void>;
  resource(resource: Resource): Promise<Diagnostic[]>;
  stack(resources: readonly Resource[]): Promise<Diagnostic[]>;
  /** Policies that did not apply to the last resource or stack, and why. */
  notApplicable(): Readonly<Record<string, string>>;
  stop(): void;
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;

/** Pulumi serves one pack in a process: one for each test file. */
export async function servePack(policies: Policies): Promise<Pack> {
  const printed = new Promise<string>((resolve) => {
    vi.spyOn(console, "log").mockImplementation((text: string) => resolve(text));
  });
  new PolicyPack("tested", { policies, enforcementLevel: "mandatory" });
  const port = await printed;
  vi.mocked(console.log).mockRestore();
  const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method: string, request: unknown): Promise<any> =>
    new Promise((resolve, reject) =>
      client[method](request, (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer))),
    );
  let idle: Record<string, string> = {};
  const diagnosticsIn = (answer: any): Diagnostic[] => {
    idle = Object.fromEntries(
      answer.getNotApplicableList().map((one: any) => [one.getPolicyName(), one.getReason()] as const),
    );
    return answer.getDiagnosticsList().map((one: any) => ({
      policy: one.getPolicyname(),
      // The description comes first, on a line of its own; not where Pulumi itself says that a policy could not run.
      message: one.getMessage().replace(`${one.getDescription()}\n`, ""),
      level: LEVELS[one.getEnforcementlevel()]!,
      urn: one.getUrn(),
    }));
  };
  const filled = (message: any, { type, urn, properties, isProtected = false }: Resource): any => {
    message.setType(type);
    message.setUrn(urn);
    message.setName(urn.split("::").at(-1));
    // Members without a value are left out.
    message.setProperties(struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties))));
    const options = new messages.AnalyzerResourceOptions();
    options.setProtect(isProtected);
    message.setOptions(options);
    return message;
  };
  return {
    async configure(config) {
      const request = new messages.ConfigureAnalyzerRequest();
      for (const { name, configSchema } of policies) {
        const { enforcementLevel = "mandatory", ...settings } = config[name] ?? { enforcementLevel: "disabled" };
        const one = new messages.PolicyConfig();
        one.setEnforcementlevel(LEVELS.indexOf(enforcementLevel as "advisory"));
        const defaults = Object.entries(configSchema?.properties ?? {}).map(([key, { default: value }]) => [
          key,
          value,
        ]);
        one.setProperties(struct.Struct.fromJavaScript({ ...Object.fromEntries(defaults), ...settings }));
        request.getPolicyconfigMap().set(name, one);
      }
      await call("configure", request);
    },
    async resource(resource) {
      return diagnosticsIn(await call("analyze", filled(new messages.AnalyzeRequest(), resource)));
    },
    async stack(resources) {
      const request = new messages.AnalyzeStackRequest();
      request.setResourcesList(
        resources.map((resource) => {
          const message = filled(new messages.AnalyzerResource(), resource);
          for (const [property, urns] of Object.entries(resource.dependencies ?? {})) {
            const of = new messages.AnalyzerPropertyDependencies();
            of.setUrnsList(urns);
            message.getPropertydependenciesMap().set(property, of);
          }
          return message;
        }),
      );
      return diagnosticsIn(await call("analyzeStack", request));
    },
    notApplicable: () => idle,
    stop: () => client.close(),
  };
}

export const urnOf = (transport: Transport, name: string, kind: "flow" | "schedule" = "flow"): string =>
  `urn:pulumi:prod::shop::${TYPES[transport][kind]}::${name}`;

const checks = new ProgramCheck({ clock: systemClock, knowsStack: true });
const TARGET = { host: "https://eu.posthog.com", projectId: "1" };

/** A flow as `check` of a transport returns it. Secrets are in clear, as policies get them. */
export async function flowResource(transport: Transport, name: string, inputs: Dict): Promise<Resource> {
  const urn = urnOf(transport, name);
  const { owner, ...given }: Dict = { ...TARGET, ...inputs };
  const program =
    transport === "plugin"
      ? flowProgramInputs({
          urn,
          news: { ...given, ...(owner === undefined ? { marker: false } : {}) },
          settings: { env: {}, config: {} },
        })
      : { ...given, ...(owner === undefined ? {} : { owner: urn }) };
  const { inputs: checked } = await checks.check({ kind: "flow", inputs: program, state: {} });
  return { type: TYPES[transport].flow, urn, properties: inClear(checked) as Dict };
}

/** The flows and schedules of a rule's example. */
export async function exampleResources(transport: Transport, example: PolicyExample): Promise<Resource[]> {
  const flows = await Promise.all(
    Object.entries(example.flows).map(async ([name, inputs]) => ({
      ...(await flowResource(transport, name, inputs)),
      isProtected: example.protected?.includes(name) === true,
    })),
  );
  const schedules = (example.schedules ?? []).map(({ flow, ...properties }, i) => ({
    type: TYPES[transport].schedule,
    urn: urnOf(transport, `schedule-${i}`, "schedule"),
    properties,
    dependencies: { flowId: [urnOf(transport, flow)] },
  }));
  const root: Resource = {
    type: "pulumi:pulumi:Stack",
    urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod",
    properties: {},
  };
  return [root, ...flows, ...schedules];
}

function inClear(value: unknown): unknown {
  if (isMarked(value)) return inClear((value as Dict)["value"]);
  if (Array.isArray(value)) return value.map(inClear);
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inClear(item)]))
    : value;
}

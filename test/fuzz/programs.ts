// What a program of a fuzz run says: flows as pasted JSON with their settings and schedules, the random edits that people make to it, and what the
// SDK would send for it.
import { createRequire } from "node:module";
import path from "node:path";
import { secret } from "../support/mini-engine";
import type { Properties } from "../support/provider-process";
import { inputsFor } from "../support/program";
import type { Transport } from "../support/transport";
import { SCHEDULE, urnOf, type Identity } from "./owners";
import { randomFlow, TRIGGER_TYPES, type Random } from "../support/random-flow";

const require = createRequire(path.resolve(import.meta.dirname, "../../package.json"));
const sdk: any = require("./dist/sdk/convert.js");
const fingerprint: any = require("./dist/definition/canonical/fingerprint.js");
const canonical: any = require("./dist/definition/canonical/canonical.js");
const paths: any = require("./dist/definition/canonical/paths.js");
const rules: any = require("./dist/rules/examine-flow.js");
const pulumi: any = require("@pulumi/pulumi");

export type Json = Record<string, any>;

export interface ScheduleSpec {
  name: string;
  args: Json;
  /** Not the resource but its id is given, so that there is no fingerprint. */
  bareId: boolean;
  /** Its name before. */
  alias?: string;
}

export interface FlowSpec {
  name: string;
  /** As PostHog would return it, without a status. */
  json: Json;
  /** Further arguments. */
  args: Json;
  schedules: ScheduleSpec[];
  /** Its name before. */
  alias?: string;
}

/** Where the resources live, and whose they are. */
export interface Place {
  host: string;
  projectId: string;
  identity: Identity;
  transport: Transport;
}

/** Where a resource lives, as the SDK says it of what is in the stack's configuration. */
const target = ({ host, projectId, transport }: Place): Json =>
  transport === "plugin" ? { stackTarget: { host, projectId } } : { host, projectId };

/** What the SDK sends for a flow. Built with its own functions, without Pulumi's runtime, which takes ten times as long; `sameAsSdk` compares. */
export async function flowInputs(
  spec: FlowSpec,
  place: Place,
  program: readonly FlowSpec[] = [spec],
): Promise<Properties> {
  const { definition, outputs } = sdk.convert({ definition: spec.json, ...definitionArgs(spec.args) }, spec.name);
  const { marker: isMarked, status: _, ...settings } = spec.args;
  return wire({
    ...(await withSecrets(definition)),
    ...target(place),
    secretPaths: outputs.length > 0 ? outputs.map((leaf: any) => paths.formatPath(leaf.path)).sort() : undefined,
    owner: isMarked === false ? undefined : urnOf(place.identity, spec.name),
    marker: isMarked === false && place.transport === "plugin" ? false : undefined,
    ...settings,
    // No schedule is made with it where the SDK is compared.
    scheduled: isScheduled(spec.json) ? false : undefined,
    __schedules: isScheduled(spec.json) ? spec.schedules.map(({ name }) => name) : undefined,
    flows: program.filter(({ args }) => args["marker"] !== false).length,
  });
}

const definitionArgs = ({ status }: Json): Json => (status === undefined ? {} : { status });

/** Whether check would have nothing against the flow by itself. */
function isValid(spec: FlowSpec): boolean {
  const { definition } = sdk.convert({ definition: spec.json, ...definitionArgs(spec.args) }, spec.name);
  const known = (value: any): any => {
    // A secret.
    if (pulumi.Output.isInstance(value)) return "known";
    if (Array.isArray(value)) return value.map(known);
    if (typeof value !== "object" || value === null) return value;
    const out: Json = {};
    for (const key of Object.keys(value)) define(out, key, known(value[key]));
    return out;
  };
  return !rules.examineFlow(wire(known({ ...definition, editorOwns: spec.args["editorOwns"] }))).findings.hasErrors;
}

export function scheduleInputs(spec: ScheduleSpec, flow: FlowSpec, flowId: string, place: Place): Properties {
  const trigger = canonical.triggerOf(sdk.convert({ definition: flow.json }, flow.name).definition.actions)?.step;
  return wire({
    flowId,
    triggerFingerprint: spec.bareId || trigger === undefined ? undefined : fingerprint.triggerFingerprint(trigger),
    ...spec.args,
    ...target(place),
    owner: urnOf(place.identity, spec.name, SCHEDULE),
    siblings: flow.schedules.map(({ name }) => name),
  });
}

/** What the real SDK registers for the flow, to hold against `flowInputs`. */
export const registeredFlow = (spec: FlowSpec, place: Place): Promise<Properties> =>
  inputsFor(spec.name, ({ HogFlow }) => new HogFlow(spec.name, { definition: spec.json, ...spec.args } as any), {
    config: {
      "posthog:host": place.host,
      "posthog:projectId": place.projectId,
      "posthog:provider": place.transport,
    },
    ...place.identity,
  });

async function withSecrets(value: any): Promise<any> {
  if (pulumi.Output.isInstance(value)) return secret(await value.promise());
  if (Array.isArray(value)) return Promise.all(value.map(withSecrets));
  if (typeof value !== "object" || value === null) return value;
  const out: Json = {};
  for (const key of Object.keys(value)) define(out, key, await withSecrets(value[key]));
  return out;
}

/** Sets a member whatever its name. */
const define = (target: Json, key: string, value: unknown): void =>
  void Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });

/** Without undefined members. */
function wire(value: any): any {
  if (Array.isArray(value)) return value.map(wire);
  if (typeof value !== "object" || value === null) return value;
  const out: Json = {};
  for (const key of Object.keys(value)) if (value[key] !== undefined) define(out, key, wire(value[key]));
  return out;
}

export const stepsOf = (json: Json): Json[] =>
  Array.isArray(json["actions"]) ? json["actions"].filter((step) => typeof step === "object" && step !== null) : [];
export const triggerOf = (json: Json): Json => stepsOf(json).find((step) => step["type"] === "trigger")!;
export const isScheduled = (json: Json): boolean => ["batch", "schedule"].includes(triggerOf(json)?.["config"]?.type);

/** Unique texts and secrets of one world. */
export interface Names {
  /** A text that nothing else holds. */
  text(): string;
  secret(): string;
}

/** How often a program may be one that check refuses. */
const REFUSED = 0.05;
/** How often something else is tried in the place of what check would refuse. */
const TRIES = 30;

/** A flow for these arguments, which check takes; without `plain`, not always. */
export function validJson(r: Random, names: Names, args: Json, options: JsonOptions = {}): Json {
  const mayFail = !options.plain && r.chance(REFUSED);
  for (let tries = 1; ; tries += 1) {
    const json = newJson(r, names, options);
    if (mayFail || tries > TRIES || isValid({ name: "flow", json, args, schedules: [] })) return json;
  }
}

interface JsonOptions {
  plain?: boolean;
  trigger?: (typeof TRIGGER_TYPES)[number];
}

/** A random flow; plain ones have nothing that PostHog might refuse when they become active. */
function newJson(r: Random, names: Names, { plain = false, trigger }: JsonOptions = {}): Json {
  const chosen = trigger ?? (r.chance(0.35) ? r.pick(["batch", "schedule"] as const) : undefined);
  const options = {
    steps: 1 + r.int(plain ? 3 : 6),
    oddEdges: !plain && r.chance(0.4),
    unknownKeys: !plain && r.chance(0.5),
    awkwardIds: !plain && r.chance(0.6),
  };
  const json = structuredClone(
    randomFlow(r.int(2 ** 31), { ...options, ...(chosen ? { trigger: chosen } : {}) }),
  ) as Json;
  delete json["status"];
  for (const step of stepsOf(json)) {
    for (const key of ["signing_secret", "auth_header"])
      if (step["config"]?.inputs?.[key] !== undefined) step["config"].inputs[key] = { value: names.secret() };
  }
  return json;
}

export function newSchedule(name: string, r: Random, json: Json): ScheduleSpec {
  const args: Json = {
    rrule: `FREQ=WEEKLY;INTERVAL=${1 + r.int(40)};BYDAY=${r.pick(["MO", "TU", "FR"])}`,
    startsAt: `2031-0${1 + r.int(9)}-1${r.int(10)}T09:00:00`,
  };
  if (r.chance(0.5)) args["timezone"] = r.pick(["Europe/Berlin", "America/New_York", "UTC"]);
  if (r.chance(0.15)) args["startsAt"] = "2030-06-03T08:00:00Z";
  if (r.chance(0.1)) args["rrule"] = "FREQ=DAILY;COUNT=2";
  if (Array.isArray(json["variables"]) && r.chance(0.3)) args["variables"] = { answer: r.pick(["x", 5]) };
  return { name, args, bareId: r.chance(0.25) };
}

const STATUSES = [undefined, undefined, "draft", "active", "active", "active", "archived"] as const;

export function newFlow(name: string, r: Random, names: Names): FlowSpec {
  const status = r.pick(STATUSES.slice(0, 6));
  const json = validJson(r, names, definitionArgs({ status }));
  const spec: FlowSpec = {
    name,
    json,
    args: {
      ...(status ? { status } : {}),
      ...(r.chance(0.1) ? { onDelete: "archive" } : {}),
      ...(r.chance(0.3) ? { protectInFlight: true } : {}),
    },
    schedules: [],
  };
  if (isScheduled(json))
    for (let i = 0; i < 1 + r.int(2); i += 1) spec.schedules.push(newSchedule(`${name}-s${i}`, r, json));
  return spec;
}

const MOST_FLOWS = 4;
const MOST_SCHEDULES = 3;

/** A name of a flow that is not taken. */
export const freeName = (taken: (name: string) => boolean): string => {
  for (let i = 0; ; i += 1) if (!taken(`f${i}`)) return `f${i}`;
};

/** Edits the program at random, and says how. Nothing when the chosen edit does not apply. */
export function editProgram(program: FlowSpec[], r: Random, names: Names): string | undefined {
  if (program.length === 0 || (program.length < MOST_FLOWS && r.chance(0.1))) {
    const name = freeName((taken) => program.some((flow) => flow.name === taken));
    const flow = newFlow(name, r, names);
    program.push(flow);
    return `program: adds ${name}, a ${triggerOf(flow.json)["config"].type} flow of ${stepsOf(flow.json).length} steps, ${flow.args["status"] ?? "no status"}, ${flow.schedules.length} schedules`;
  }
  const flow = r.pick(program);
  const mayFail = r.chance(REFUSED);
  const before = structuredClone(flow);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const [what, edit] = r.pick(EDITS);
    const said = edit(flow, r, names, program);
    if (said !== false && (mayFail || !program.includes(flow) || isValid(flow) || !isValid(before)))
      return `program: ${flow.name}: ${what}${said ? ` ${said}` : ""}`;
    Object.assign(flow, structuredClone(before));
    if (said === false) return undefined;
  }
  return undefined;
}

export type Edit = (flow: FlowSpec, r: Random, names: Names, program: FlowSpec[]) => string | false;

const steps = (flow: FlowSpec): Json[] => stepsOf(flow.json).filter((step) => step["type"] !== "trigger");
const edgesOf = (flow: FlowSpec): Json[] => (flow.json["edges"] ??= []) as Json[];

const text: Edit = ({ json }, r, names) => {
  const value = names.text();
  const step = r.pick(stepsOf(json));
  const email = step["config"]?.inputs?.email?.value;
  if (email) email.subject = value;
  else if (r.chance(0.5)) step["name"] = value;
  else step["description"] = value;
  return `${String(step["id"])} -> ${value}`;
};
const title: Edit = ({ json }, r, names) => {
  const value = names.text();
  json[r.pick(["name", "description"])] = value;
  return value;
};
const removeStep: Edit = (flow, r) => {
  const candidates = steps(flow).filter(({ id }) => id !== ownedStep(flow));
  if (candidates.length < 2) return false;
  const gone = r.pick(candidates)["id"];
  const edges = edgesOf(flow);
  const on = edges.find(({ from, type, to }) => from === gone && type === "continue" && to !== gone)?.["to"];
  flow.json["actions"] = stepsOf(flow.json).filter(({ id }) => id !== gone);
  flow.json["edges"] = edges
    .filter(({ from, to }) => from !== gone && (to !== gone || on !== undefined))
    .map((edge) => (edge["to"] === gone ? { ...edge, to: on } : edge));
  return String(gone);
};
const addStep: Edit = (flow, r, names) => {
  if (steps(flow).length > 10) return false;
  const id = `new_${names.text()}`;
  const before = r.pick(stepsOf(flow.json));
  if (before["type"] === "exit") return false;
  const edges = edgesOf(flow);
  const on = edges.find(({ from, type }) => from === before["id"] && type === "continue");
  flow.json["actions"].push(
    r.chance(0.5)
      ? { id, name: "Wait", type: "delay", config: { delay_duration: "2h" } }
      : {
          id,
          name: "Call",
          type: "function",
          config: {
            template_id: "template-webhook",
            inputs: {
              url: { value: "https://hooks.example.com/n" },
              ...(r.chance(0.6) ? { signing_secret: { value: names.secret() } } : {}),
            },
          },
        },
  );
  if (on) edges.push({ from: id, to: on["to"], type: "continue" });
  if (on) on["to"] = id;
  else edges.push({ from: before["id"], to: id, type: "continue" });
  return id;
};
const renameStep: Edit = (flow, r, names) => {
  const candidates = steps(flow).filter(({ id }) => id !== ownedStep(flow));
  if (candidates.length === 0) return false;
  const step = r.pick(candidates);
  const [old, id] = [step["id"], r.chance(0.5) ? `re.${names.text()}[0]` : `re_${names.text()}`];
  step["id"] = id;
  for (const edge of edgesOf(flow)) for (const key of ["from", "to"]) if (edge[key] === old) edge[key] = id;
  return `${String(old)} -> ${id}`;
};
const rewire: Edit = (flow, r) => {
  const edges = edgesOf(flow);
  if (edges.length === 0 || steps(flow).length === 0) return false;
  const edge = r.pick(edges);
  edge["to"] = r.pick(steps(flow))["id"];
  return `${edge["from"]} -> ${edge["to"]}`;
};
const goal = (r: Random): Json =>
  r.chance(0.5)
    ? {
        filters: [
          {
            key: r.pick(["plan", "größe"]),
            value: [r.pick(["pro", "x"])],
            operator: r.pick(["exact", "is_not"]),
            type: "person",
          },
        ],
        events: [],
      }
    : {
        filters: [],
        events: [{ filters: { events: [{ id: r.pick(["$pageview", "größe"]), type: "events", order: 0 }] } }],
      };
const settings: Edit = ({ json }, r) => {
  const key = r.pick([
    "exit_condition",
    "exit_condition",
    "conversion",
    "conversion",
    "trigger_masking",
    "variables",
    "email_sending_rate_limit",
  ]);
  const rowScoped = ["data-warehouse-table", "data-warehouse-view", "internal-event"].includes(
    triggerOf(json)["config"].type,
  );
  if (rowScoped && key === "exit_condition") return false;
  json[key] = r.pick<any>(
    {
      exit_condition: [
        "exit_on_conversion",
        "exit_on_trigger_not_matched",
        "exit_on_trigger_not_matched_or_conversion",
        "exit_only_at_end",
      ],
      conversion: [null, goal(r), goal(r)],
      trigger_masking: [null, { hash: "{person.id}", ttl: 60 + r.int(1000) }],
      variables: [[], [{ key: `v${r.int(9)}`, type: "string", label: "V", default: "d" }]],
      email_sending_rate_limit: [null, { count: 1 + r.int(500), period: "hour" }],
    }[key]!,
  );
  return key;
};
const status: Edit = (flow, r) => {
  const value = r.pick(STATUSES);
  if (value === undefined) delete flow.args["status"];
  else flow.args["status"] = value;
  return String(value);
};
const another: Edit = (flow, r, names) => {
  if (ownedStep(flow)) return false;
  flow.json = validJson(
    r,
    names,
    definitionArgs(flow.args),
    flow.schedules.length > 0 ? { trigger: r.pick(["batch", "schedule"] as const) } : {},
  );
  return "";
};
export const addSchedule: Edit = (flow, r) => {
  if (!isScheduled(flow.json) || flow.schedules.length >= MOST_SCHEDULES) return false;
  const name = [0, 1, 2]
    .map((i) => `${flow.name}-s${i}`)
    .find((free) => !flow.schedules.some((other) => other.name === free))!;
  const schedule = newSchedule(name, r, flow.json);
  flow.schedules.push(schedule);
  return `${name} ${schedule.args["rrule"]}`;
};
export const changeSchedule: Edit = (flow, r) => {
  if (flow.schedules.length === 0) return false;
  const schedule = r.pick(flow.schedules);
  const { args } = newSchedule("", r, flow.json);
  schedule.args = r.chance(0.5) ? args : { ...schedule.args, rrule: args["rrule"] };
  return `${schedule.name} ${schedule.args["rrule"]}`;
};
const removeSchedule: Edit = (flow, r) => {
  if (flow.schedules.length === 0) return false;
  const schedule = r.pick(flow.schedules);
  flow.schedules = flow.schedules.filter((other) => other !== schedule);
  return schedule.name;
};
const audience: Edit = (flow, r, names) => {
  const { config } = triggerOf(flow.json);
  if (config.type !== "batch") return false;
  config.filters = {
    ...config.filters,
    properties: [{ key: "plan", value: [names.text()], operator: "exact", type: "person" }],
  };
  return "";
};
const secrets: Edit = (flow, r, names) => {
  const hooks = steps(flow).filter(({ type }) => type === "function");
  if (hooks.length === 0) return false;
  const step = r.pick(hooks);
  step["config"].inputs.signing_secret = { value: names.secret() };
  return String(step["id"]);
};
const flags: Edit = (flow, r) => {
  const [key, value] = r.pick([
    ["onDelete", "archive"],
    ["protectInFlight", true],
  ] as const);
  if (flow.args[key] === undefined) flow.args[key] = value;
  else delete flow.args[key];
  return key;
};
const owned: Edit = (flow, r) => {
  const email = steps(flow).find(({ type }) => type === "function_email");
  if (!email || flow.args["editorOwns"] || !r.chance(0.6)) return false;
  flow.args["editorOwns"] = [
    paths.formatPath(["actions", email["id"], "config", "inputs", "email", "value", "subject"]),
  ];
  return String(email["id"]);
};
const removeFlow: Edit = (flow, r, _, program) => {
  if (!r.chance(0.3)) return false;
  program.splice(program.indexOf(flow), 1);
  return "";
};

/** The step whose subject belongs to the editor. */
export function ownedStep(flow: FlowSpec): string | undefined {
  const owns = flow.args["editorOwns"]?.[0];
  return owns === undefined ? undefined : paths.parsePath(owns)?.[1];
}

const EDITS: readonly (readonly [string, Edit])[] = [
  ["text", text],
  ["text", text],
  ["title", title],
  ["removes a step", removeStep],
  ["adds a step", addStep],
  ["renames a step", renameStep],
  ["rewires", rewire],
  ["sets", settings],
  ["status", status],
  ["status", status],
  ["status", status],
  ["is another flow", another],
  ["adds a schedule", addSchedule],
  ["changes a schedule", changeSchedule],
  ["changes a schedule", changeSchedule],
  ["removes a schedule", removeSchedule],
  ["audience", audience],
  ["audience", audience],
  ["rotates a secret of", secrets],
  ["toggles", flags],
  ["hands to the editor", owned],
  ["is removed", removeFlow],
];

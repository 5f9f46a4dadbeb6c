// Rules that look at more than one field of a definition. What the server refuses, drops, or answers with a 500 is found before it is sent.
import { nearest } from "../schema/names";
import { MAX_SENDERS, MAX_STEP_ID_LENGTH, MAX_VARIABLES_BYTES, UNIT_SECONDS, WAIT_CAPS } from "../schema/limits";
import { MESSAGE_TEMPLATES, ROW_SCOPED_TRIGGERS, TRIGGER_TEMPLATES } from "../schema/templates";
import { wiringProblems } from "../graph/wiring";
import { encode } from "../canonical/encode";
import { triggerTypeOf } from "../canonical/canonical";
import type { Path } from "../canonical/paths";
import { containsUnknown, isDict, isUnknown, own, type Dict } from "../canonical/values";
import type { Findings } from "./findings";

type Rule = (definition: Dict, findings: Findings, given: Dict) => void;

const stepsOf = (definition: Dict): [string, Dict][] => (isDict(definition["actions"]) ? Object.entries(definition["actions"]).filter((entry): entry is [string, Dict] => isDict(entry[1])) : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" && !isUnknown(value) ? value : undefined);

/** Exactly one trigger (API §4.1). */
const oneTrigger: Rule = (definition, findings) => {
  if (!isDict(definition["actions"])) return;
  const triggers = stepsOf(definition).filter(([, step]) => step["type"] === "trigger").map(([id]) => id);
  if (triggers.length === 1 || Object.values(definition["actions"]).some((step) => isUnknown(step) || isUnknown(own(step, "type")))) return;
  if (triggers.length === 0) findings.error(["actions"], "a flow needs exactly one step of type trigger, and this one has none", { fix: 'Add one, for example trigger_node: { type: "trigger", name: "Trigger", config: { type: "event", filters: { events: [{ id: "user signed up" }] } }, next: … }' });
  else findings.error(["actions"], `a flow needs exactly one step of type trigger, and this one has ${triggers.length}: ${triggers.join(", ")}`);
};

/** Ids that PostHog and Pulumi both can hold. */
const ids: Rule = (definition, findings) => {
  for (const [id] of stepsOf(definition)) {
    const path: Path = ["actions", id];
    if (id.trim() === "") findings.error(path, "a step id may not be empty");
    else if (id.trim() !== id) findings.error(path, "a step id may not begin or end with white space", { why: "PostHog cuts it off, and the id would be another one" });
    else if (id.length > MAX_STEP_ID_LENGTH) findings.error(path, `a step id may have at most ${MAX_STEP_ID_LENGTH} characters`);
    else if (id === "__proto__" || id === "__provider") findings.error(path, `"${id}" cannot be a step id`, { why: "JavaScript and Pulumi keep this name for themselves", fix: "Choose another id" });
  }
};

/** `next` and `branches` lead to steps that exist. */
const wiring: Rule = (definition, findings) => {
  // A step that is not known yet is there all the same.
  const entries = Object.entries(isDict(definition["actions"]) ? definition["actions"] : {}).filter(([, step]) => isDict(step) || isUnknown(step));
  const steps = new Map(entries.map(([id, step]) => [id, { type: own(step, "type"), next: own(step, "next"), branches: own(step, "branches") }]));
  for (const problem of wiringProblems(steps, isUnknown)) {
    findings.error(["actions", problem.id, problem.key, ...(problem.index === undefined ? [] : [problem.index])], problem.what, { ...(problem.fix ? { fix: problem.fix } : {}) });
  }
};

/** Row-scoped triggers force the exit condition (API §2.3, row 4) and have no person (API §4.3). */
const rowScoped: Rule = (definition, findings, given) => {
  const trigger = triggerTypeOf(definition["actions"]);
  if (trigger === undefined || !ROW_SCOPED_TRIGGERS.has(trigger)) return;
  const exit = given["exitCondition"];
  if (typeof exit === "string" && !isUnknown(exit) && exit !== "exit_only_at_end" && exit !== "exit_on_conversion") {
    findings.error(["exitCondition"], `a flow with a ${trigger} trigger is always exit_only_at_end`, { why: "Such runs have no person whose state could end them", fix: "Leave `exitCondition` out" });
  } else if (exit === "exit_on_conversion") findings.warn(["exitCondition"], `a flow with a ${trigger} trigger is always exit_only_at_end; the value has no effect`);
  if (definition["status"] !== "active") return;
  for (const [id, step] of stepsOf(definition)) {
    if (step["type"] === "wait_until_condition" || step["type"] === "random_cohort_branch") {
      findings.error(["actions", id, "type"], `a ${String(step["type"])} step relies on person data, which a ${trigger} trigger has none of`, { fix: "Use conditional_branch, or another trigger" });
    }
  }
};

/** What an active flow must say (API §4.3). */
const activeTrigger: Rule = (definition, findings) => {
  if (definition["status"] !== "active") return;
  for (const [id, step] of stepsOf(definition)) {
    if (step["type"] !== "trigger" || !isDict(step["config"])) continue;
    const config = step["config"];
    const filters = isDict(config["filters"]) ? config["filters"] : {};
    if (containsUnknown(filters) || isUnknown(config["filters"])) continue;
    const has = (key: string): boolean => Array.isArray(filters[key]) && (filters[key] as unknown[]).length > 0;
    if (config["type"] === "event" && !(has("properties") || (filters["source"] !== "person-updates" && (has("events") || has("actions"))))) {
      findings.error(["actions", id, "config", "filters"], "an active flow must name at least one event or property, or the trigger will never fire", { fix: 'For example filters: { events: [{ id: "user signed up" }] }' });
    }
    if ((config["type"] === "data-warehouse-table" || config["type"] === "data-warehouse-view") && (config["tableName"] === undefined || config["tableName"] === "")) {
      findings.error(["actions", id, "config", "tableName"], "an active flow must name its table");
    }
    if (config["type"] === "internal-event" && !has("events")) findings.error(["actions", id, "config", "filters", "events"], "an internal-event trigger needs a list of events", { fix: 'Use [{ id: "$slack_message_received" }] or [{ id: "$github_event_received" }]' });
  }
};

/** The audience of a batch flow may not be left open (API §4.2): an empty filter object is refused. */
const batchAudience: Rule = (definition, findings) => {
  for (const [id, step] of stepsOf(definition)) {
    const config = step["config"];
    if (step["type"] !== "trigger" || own(config, "type") !== "batch") continue;
    const filters = own(config, "filters");
    if (isDict(filters) && Object.keys(filters).length === 0) findings.error(["actions", id, "config", "filters"], "the audience of a batch flow is empty text", { why: "PostHog refuses {}", fix: "Write filters: { properties: [] } for everybody" });
    for (const key of ["events", "actions"]) if (isDict(filters) && filters[key] !== undefined) findings.error(["actions", id, "config", "filters", key], "an audience is made of people, not of events", { why: "PostHog refuses events and actions here" });
  }
};

/** A filter on events in a condition is refused (API §4.2). */
const conditionsWithoutEvents: Rule = (definition, findings) => {
  for (const [id, step] of stepsOf(definition)) {
    const config = step["config"];
    const entries: [Path, unknown][] = [];
    const conditions = own(config, "conditions");
    if (step["type"] === "conditional_branch" && Array.isArray(conditions)) conditions.forEach((entry, i) => entries.push([["actions", id, "config", "conditions", i], entry]));
    if (step["type"] === "wait_until_condition") entries.push([["actions", id, "config", "condition"], own(config, "condition")]);
    for (const [path, entry] of entries) {
      if (own(own(entry, "filters"), "events") !== undefined) {
        findings.error([...path, "filters", "events"], "a condition cannot look for events", { fix: step["type"] === "wait_until_condition" ? "Put them into `config.events`" : "Use properties, or a wait_until_condition step" });
      }
    }
    if (isDict(config) && config["condition"] !== undefined && config["conditions"] !== undefined) findings.error(["actions", id, "config"], "takes `condition` or `conditions`, not both");
  }
};

/** Inputs of templates: wrapped values, and the shapes that PostHog answers with a 500 (API §4.6). */
const inputs: Rule = (definition, findings) => {
  for (const [id, step] of stepsOf(definition)) {
    const config = own(step, "config");
    const items = own(config, "inputs");
    const type = String(step["type"]);
    if (isDict(items)) {
      for (const [key, item] of Object.entries(items)) {
        if (!isUnknown(item) && isDict(item) && item["value"] === undefined && item["secret"] !== true && Object.keys(item).length > 0) findings.error(["actions", id, "config", "inputs", key, "value"], "is required", { fix: "Write { value: … }, or leave the input out" });
      }
    }
    if (type === "function_email") email(id, config, findings);
    const literal = type === "trigger" ? TRIGGER_TEMPLATES[String(own(config, "type"))] : MESSAGE_TEMPLATES[type];
    const template = textOf(own(config, "templateId"));
    if (type !== "trigger" && literal !== undefined && template !== undefined && template !== literal) {
      findings.error(["actions", id, "config", "templateId"], `must be "${literal}" for a ${type} step`, { fix: "Leave it out; a saved template goes into `templateUuid`" });
    }
  }
};

function email(id: string, config: unknown, findings: Findings): void {
  const path: Path = ["actions", id, "config", "inputs", "email"];
  const value = own(own(own(config, "inputs"), "email"), "value");
  if (isUnknown(config) || isUnknown(value) || isUnknown(own(own(config, "inputs"), "email")) || isUnknown(own(config, "inputs"))) return;
  if (value === undefined) {
    if (own(config, "templateUuid") === undefined) findings.error(path, "is required", { fix: 'Write { value: { from: { integrationId: … }, to: "{{ person.properties.email }}", subject: …, html: … }, templating: "liquid" }' });
    return;
  }
  if (!isDict(value)) {
    findings.error([...path, "value"], "must be an object with from, to, subject and text or html");
    return;
  }
  const missing = ["from", "to", "subject"].filter((key) => value[key] === undefined || value[key] === "" || value[key] === null);
  const fromTemplate = own(config, "templateUuid") !== undefined;
  if (!value["text"] && !value["html"] && !fromTemplate) missing.push("text or html");
  for (const key of fromTemplate ? missing.filter((name) => name !== "subject") : missing) findings.error([...path, "value", ...(key === "text or html" ? [] : [key])], key === "text or html" ? "an e-mail needs text or html" : "is required");
  const known = ["from", "to", "subject", "preheader", "text", "html", "design", "replyTo", "cc", "bcc"];
  for (const key of Object.keys(value)) {
    const near = known.includes(key) ? undefined : nearest(key, known);
    if (near) findings.error([...path, "value", key], `\`${key}\` is no part of an e-mail`, { fix: `Did you mean \`${near}\`?` });
  }
  const senders = own(value["from"], "integrationIds");
  if (Array.isArray(senders) && senders.length > MAX_SENDERS) findings.error([...path, "value", "from", "integrationIds"], `at most ${MAX_SENDERS} senders are allowed`);
}

/** Size of all variables, counted as the server counts it (API §3.8). */
const variables: Rule = (definition, findings) => {
  if (definition["variables"] === undefined || containsUnknown(definition["variables"])) return;
  const items = encode({ variables: definition["variables"], actions: {} })["variables"] as unknown[];
  const bytes = items.reduce((sum: number, item) => sum + pythonJson(item).length, 0);
  if (bytes > MAX_VARIABLES_BYTES) findings.error(["variables"], `all variables together may have ${MAX_VARIABLES_BYTES} bytes, and these have ${bytes}`, { fix: "Shorten labels and defaults" });
  for (const key of Object.keys(isDict(definition["variables"]) ? definition["variables"] : {})) {
    if (key.trim() === "" || key.trim() !== key) findings.error(["variables", key], "a variable's key may not be empty, nor begin or end with white space");
  }
};

/** JSON as Python's json.dumps writes it: with spaces, and every character beyond ASCII as an escape. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (isDict(value)) return `{${Object.entries(value).map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`).join(", ")}}`;
  return (JSON.stringify(value) ?? "null").replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Waits are cut at run time, without carry into the next unit (run time §3.1). */
const waits: Rule = (definition, findings) => {
  for (const [id, step] of stepsOf(definition)) {
    const config = own(step, "config");
    for (const key of ["delayDuration", "maxWaitDuration", "maxDelayDuration"]) {
      const duration = textOf(own(config, key));
      if (duration === undefined) continue;
      const unit = duration.slice(-1);
      const cap = WAIT_CAPS[unit];
      if (UNIT_SECONDS[unit] === undefined || cap === undefined || !(Number.parseFloat(duration) > cap)) continue;
      findings.warn(["actions", id, "config", key], `${duration} lasts only ${cap}${unit}`, { why: "PostHog cuts a wait at 60s, 60m, 24h or 30d, without carry", fix: "Use a larger unit, or two waits" });
    }
    if (step["type"] === "wait_until_condition" && own(config, "maxWaitDuration") === undefined) {
      findings.warn(["actions", id, "config", "maxWaitDuration"], "is missing, so nobody waits: everybody takes `next` at once");
    }
    const { branches, next } = step;
    if (step["type"] === "wait_until_condition" && branches === undefined && next === undefined) findings.warn(["actions", id], "leads nowhere: neither `next` nor `branches[0]`");
  }
};

const OUTPUT_AS_TEXT = "Calling [toString] on an [Output<T>] is not supported";
/** An output inside a plain template literal turns into a sentence about itself, which would be mailed. */
const outputsAsText: Rule = (definition, findings) => {
  const walk = (value: unknown, path: Path): void => {
    if (typeof value === "string" && value.includes(OUTPUT_AS_TEXT)) {
      findings.error(path, "holds an output that was turned into text", { why: "A plain `${…}` cannot wait for a value", fix: "Use pulumi.interpolate`…` instead of `…`" });
    } else if (Array.isArray(value)) value.forEach((item, i) => walk(item, [...path, i]));
    else if (isDict(value)) for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
  };
  walk(definition, []);
};

const RULES: readonly Rule[] = [oneTrigger, ids, wiring, rowScoped, activeTrigger, batchAudience, conditionsWithoutEvents, inputs, variables, waits, outputsAsText];

/** Runs every rule. `given` is the definition as it came, before it was shortened. */
export function applyRules(definition: Dict, given: Dict, findings: Findings): void {
  for (const rule of RULES) rule(definition, findings, given);
}

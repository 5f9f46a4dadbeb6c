// A step back in the words of composition: each kind by the function that makes it, and what that function cannot say by `action`, which takes the step
// as the API has it.
import { isKeptSecret } from "../../provider/canonical/secrets";
import { isDict, own, put, type Dict } from "../../provider/canonical/values";
import type { Action, ActionType } from "../../provider/schema/types";
import { titleOf } from "../../sdk/steps/ids";
import { Call, ConfigSecret, Method, Name, Tagged } from "./expression";
import { conditionsOf, eventsOf, NotExpressible, oneOrList } from "./conditions";
import { isClockTime, isDuration, zoneCode } from "./literals";
import { bodyOf, type Words } from "./words";

/** A path out of the step, written already. */
export interface Written {
  index?: number;
  items: readonly unknown[];
}

export interface StepOf {
  id: string;
  step: Action;
  paths: readonly Written[];
}

/** The call that makes the step. Throws `NotExpressible` where not even `action` can. */
export function stepCall(given: StepOf, words: Words): Call {
  try {
    return BY_TYPE[given.step.type](given, words);
  } catch (error) {
    if (!(error instanceof NotExpressible)) throw error;
    return asAction(given, words);
  }
}

/** Options that every step has. */
function common({ id, step }: StepOf, words: Words, { result = false } = {}): Dict {
  const key = words.keyOf(id);
  if (step.extra !== undefined) throw new NotExpressible("the step has keys that are not known");
  if (step.outputVariable !== undefined && !result) throw new NotExpressible("the step has a result of its own");
  return {
    ...(key === id ? {} : { id }),
    ...(step.name === titleOf(key) ? {} : { name: step.name }),
    ...(step.description === undefined ? {} : { description: step.description }),
    ...(step.onError === undefined ? {} : { onError: step.onError }),
    ...(step.filters === undefined ? {} : { filters: conditionsOf(step.filters) }),
    ...(step.outputVariable === undefined ? {} : { outputVariable: outputOf(step.outputVariable, words) }),
  };
}

function outputOf(given: unknown, words: Words): unknown {
  if (Array.isArray(given)) return given.map((item) => outputOf(item, words));
  const { key, resultPath, spread, ...rest } = (isDict(given) ? given : {}) as Dict;
  if (typeof key !== "string" || Object.keys(rest).length > 0) throw new NotExpressible("an output variable has a label");
  return new Method(words.variable(key), "from", [...(resultPath === undefined && spread !== true ? [] : [resultPath]), ...(spread === true ? [{ spread: true }] : [])]);
}

/** The config's members, of which no other may be left. */
function members(step: Action, known: readonly string[]): Dict {
  const config = (step.config ?? {}) as Dict;
  const other = Object.keys(config).filter((key) => !known.includes(key));
  if (other.length > 0) throw new NotExpressible(`the config has ${other.join(", ")}`);
  return config;
}

const options = (values: Dict): unknown[] => (Object.keys(values).length === 0 ? [] : [values]);

/** The value of a template input, with its language where one is set. */
function inputOf(item: unknown, id: string, input: string, words: Words): unknown {
  if (isKeptSecret(item)) return new ConfigSecret(words.secretKey(id, input));
  if (!isDict(item) || item["value"] === undefined || Object.keys(item).some((key) => key !== "value" && key !== "templating")) throw new NotExpressible(`the input ${input} is more than a value`);
  const { value, templating } = item;
  if (templating === undefined) return value;
  if (templating !== "liquid") throw new NotExpressible(`the input ${input} says that it is Hog`);
  return tagged(value);
}

function tagged(value: unknown): unknown {
  if (typeof value === "string") return new Tagged("liquid", value);
  if (Array.isArray(value)) return value.map(tagged);
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, tagged(item));
  return out;
}

/** All inputs of a template under the names of a function's options; `others` stays under the template's own. */
function inputsOf({ id, step }: StepOf, names: Readonly<Record<string, string>>, words: Words): { named: Dict; others: Dict } {
  const inputs = own(step.config, "inputs") ?? {};
  if (!isDict(inputs)) throw new NotExpressible("inputs are no map");
  const named: Dict = {};
  const others: Dict = {};
  for (const [input, item] of Object.entries(inputs)) {
    const value = inputOf(item, id, input, words);
    if (Object.hasOwn(names, input)) named[names[input]!] = value;
    else put(others, input, value);
  }
  return { named, others };
}

const need = (values: Dict, ...keys: string[]): void => {
  for (const key of keys) if (values[key] === undefined) throw new NotExpressible(`there is no ${key}`);
};

const CATEGORY = ["messageCategoryId", "messageCategoryType"];
const category = (config: Dict): Dict => Object.fromEntries(CATEGORY.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]));

type Write = (given: StepOf, words: Words) => Call;

const BY_TYPE: Readonly<Record<ActionType, Write>> = {
  trigger: () => {
    throw new NotExpressible("a trigger is no step");
  },

  function(given, words) {
    const { step, id } = given;
    const { templateId } = members(step, ["templateId", "inputs"]);
    const key = words.keyOf(id);
    if (templateId === "template-webhook") {
      const { named, others } = inputsOf(given, { url: "url", method: "method", body: "body", headers: "headers", signing_secret: "signingSecret", debug: "debug" }, words);
      need(named, "url");
      if (Object.keys(others).length === 0) return new Call("webhook", [key, { ...common(given, words, { result: true }), ...named }]);
    }
    if (templateId === "template-slack") {
      const { named, others } = inputsOf(given, { slack_workspace: "slackWorkspace", channel: "channel", text: "text", blocks: "blocks" }, words);
      need(named, "slackWorkspace", "channel", "text");
      return new Call("slack", [key, { ...common(given, words, { result: true }), ...named, ...(Object.keys(others).length > 0 ? { inputs: others } : {}) }]);
    }
    const { others } = inputsOf(given, {}, words);
    return new Call(new Call("destination", [templateId]), [key, { ...common(given, words, { result: true }), inputs: others }]);
  },

  function_email(given, words) {
    const { step, id } = given;
    const config = members(step, ["inputs", "trackingEnabled", ...CATEGORY]);
    const { email, ...others } = (isDict(config["inputs"]) ? config["inputs"] : {}) as Dict;
    const value = own(email, "value");
    if (Object.keys(others).length > 0 || own(email, "templating") !== "liquid" || !isDict(value) || !isDict(value["from"])) throw new NotExpressible("the e-mail is written in another way");
    const known = ["from", "to", "subject", "preheader", "replyTo", "cc", "bcc", "html", "text"];
    const other = Object.keys(value).filter((key) => !known.includes(key));
    if (other.length > 0) throw new NotExpressible(`the e-mail has ${other.join(", ")}`);
    need(value, "from", "to", "subject");
    if (value["html"] === undefined) need(value, "text");
    const { from, to, html, ...rest } = value;
    return new Call("email", [
      words.keyOf(id),
      {
        ...common(given, words, { result: true }),
        ...category(config),
        ...(config["trackingEnabled"] === undefined ? {} : { trackingEnabled: config["trackingEnabled"] }),
        from,
        ...(to === "{{ person.properties.email }}" ? {} : { to }),
        ...rest,
        ...(html === undefined ? {} : { html: bodyOf(html, words.keyOf(id), words) }),
      },
    ]);
  },

  function_sms(given, words) {
    const config = members(given.step, ["inputs", ...CATEGORY]);
    const { named, others } = inputsOf(given, { twilio_account: "twilioAccount", from_number: "fromNumber", to_number: "toNumber", message: "message" }, words);
    if (Object.keys(others).length > 0) throw new NotExpressible("the message has further inputs");
    need(named, "twilioAccount", "fromNumber", "message");
    return new Call("sms", [words.keyOf(given.id), { ...common(given, words, { result: true }), ...category(config), ...named }]);
  },

  function_push(given, words) {
    const config = members(given.step, ["inputs", ...CATEGORY]);
    const inputs = (isDict(config["inputs"]) ? config["inputs"] : {}) as Dict;
    const values: Dict = {};
    for (const [name, item] of Object.entries(inputs)) {
      if (!["channels", "distinctId", "title", "body", "image", "data"].includes(name) || !isDict(item)) throw new NotExpressible("the notification has further inputs");
      if (own(item, "templating") !== (name === "channels" ? undefined : "liquid")) throw new NotExpressible("the notification is written in another way");
      values[name] = own(item, "value");
    }
    need(values, "channels", "distinctId", "title");
    const { distinctId, ...rest } = values;
    return new Call("push", [words.keyOf(given.id), { ...common(given, words, { result: true }), ...category(config), ...rest, ...(distinctId === "{{ person.distinct_id }}" ? {} : { distinctId }) }]);
  },

  delay(given, words) {
    const config = members(given.step, ["delayDuration", "delayUntil", "maxDelayDuration"]);
    const key = words.keyOf(given.id);
    if (config["delayUntil"] === undefined) {
      if (!isDuration(config["delayDuration"]) || config["maxDelayDuration"] !== undefined) throw new NotExpressible("a wait of another length");
      return new Call("delay", [key, config["delayDuration"], ...options(common(given, words))]);
    }
    const until = config["delayUntil"];
    if (!isDict(until) || config["delayDuration"] !== undefined || (config["maxDelayDuration"] !== undefined && !isDuration(config["maxDelayDuration"]))) throw new NotExpressible("a moment of another kind");
    const { expression, offset, timezone, usePersonTimezone, fallbackTimezone, ...rest } = until;
    if (Object.keys(rest).length > 0 || typeof expression !== "string") throw new NotExpressible("a moment of another kind");
    return new Call("delayUntil", [
      key,
      { ...common(given, words), expression, ...defined({ offset, timezone: zoneCode(timezone), usePersonTimezone, fallbackTimezone: zoneCode(fallbackTimezone), maxDelayDuration: config["maxDelayDuration"] }) },
    ]);
  },

  wait_until_time_window(given, words) {
    const config = members(given.step, ["timezone", "usePersonTimezone", "fallbackTimezone", "day", "time"]);
    const { timezone, usePersonTimezone, fallbackTimezone, day, time } = config;
    if (typeof timezone !== "string" || (time !== "any" && !(Array.isArray(time) && time.length === 2 && time.every(isClockTime)))) throw new NotExpressible("a window of another kind");
    return new Call("timeWindow", [
      words.keyOf(given.id),
      { ...common(given, words), ...(day === "any" ? {} : { day }), ...(time === "any" ? {} : { time }), timezone: zoneCode(timezone), ...defined({ usePersonTimezone, fallbackTimezone: zoneCode(fallbackTimezone) }) },
    ]);
  },

  wait_until_condition(given, words) {
    const { condition, events, maxWaitDuration } = members(given.step, ["condition", "events", "maxWaitDuration"]);
    if (!isDuration(maxWaitDuration)) throw new NotExpressible("a wait of another length");
    const test = condition === undefined ? undefined : conditionsOf(onlyFilters(condition));
    const list = events === undefined ? [] : (events as unknown[]).map(waitEvent);
    if (test === undefined && list.length === 0) throw new NotExpressible("a wait for nothing");
    const [match, ...more] = given.paths.filter(({ index }) => index !== undefined);
    const timeout = given.paths.find(({ index }) => index === undefined);
    if (match === undefined || more.length > 0 || timeout === undefined) throw new NotExpressible("a wait with other ways");
    return new Call("waitUntil", [
      words.keyOf(given.id),
      {
        ...common(given, words, { result: true }),
        ...(test === undefined ? {} : { condition: test }),
        ...(list.length === 0 ? {} : { events: oneOrList(list) }),
        maxWaitDuration,
        ...(match.items.length === 0 ? {} : { onMatch: match.items }),
        ...(timeout.items.length === 0 ? {} : { onTimeout: timeout.items }),
      },
    ]);
  },

  conditional_branch(given, words) {
    const { conditions } = members(given.step, ["conditions"]);
    const ways = given.paths.filter(({ index }) => index !== undefined);
    const rest = given.paths.find(({ index }) => index === undefined);
    if (!Array.isArray(conditions) || conditions.length === 0 || conditions.length !== ways.length || rest === undefined) throw new NotExpressible("a branch with other ways");
    const arms = conditions.map((condition, i) => {
      const { filters, name, ...more } = condition as Dict;
      if (Object.keys(more).length > 0) throw new NotExpressible("a condition has more than a name");
      return new Call("when", [conditionsOf(filters), pathOf(ways[i]!.items), ...(name === undefined ? [] : [{ name }])]);
    });
    return new Call("branch", [words.keyOf(given.id), [...arms, ...(rest.items.length === 0 ? [] : [new Call("otherwise", [rest.items])])], ...options(common(given, words))]);
  },

  random_cohort_branch(given, words) {
    const { cohorts } = members(given.step, ["cohorts"]);
    if (!Array.isArray(cohorts) || cohorts.length === 0 || cohorts.length !== given.paths.length || given.paths.some(({ index }) => index === undefined)) throw new NotExpressible("a split with other ways");
    const names = new Set<unknown>();
    const shares = cohorts.map((cohort, i) => {
      const { percentage, name, ...more } = cohort as Dict;
      if (typeof name !== "string" || name === "" || names.has(name) || Object.keys(more).length > 0) throw new NotExpressible("a share has no name of its own");
      names.add(name);
      return new Call("share", [name, percentage, pathOf(given.paths[i]!.items)]);
    });
    return new Call("split", [words.keyOf(given.id), shares, ...options(common(given, words))]);
  },

  exit(given, words) {
    const { reason } = members(given.step, ["reason"]);
    const { onError, filters, ...known } = common(given, words);
    if (onError !== undefined || filters !== undefined) throw new NotExpressible("an end with conditions");
    return new Call("exit", [words.keyOf(given.id), ...options({ ...known, ...(reason === undefined ? {} : { reason }) })]);
  },
};

const pathOf = (items: readonly unknown[]): unknown => (items.length === 0 ? new Name("nothing") : items);
const defined = (values: Dict): Dict => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function onlyFilters(condition: unknown): unknown {
  if (!isDict(condition) || Object.keys(condition).some((key) => key !== "filters")) throw new NotExpressible("a condition has a name");
  return condition["filters"];
}

function waitEvent(entry: unknown): unknown {
  const { filters, name, ...more } = (isDict(entry) ? entry : {}) as Dict;
  const [event, ...others] = eventsOf(filters, { names: false });
  if (Object.keys(more).length > 0 || event === undefined || others.length > 0) throw new NotExpressible("an event that is waited for is several");
  return name === undefined ? event : { name, event };
}

/** The step as the API has it. What leads on from it without a branch goes behind it. */
function asAction(given: StepOf, words: Words): Call {
  const { step, id, paths } = given;
  const rest = paths.find(({ index }) => index === undefined);
  if (step.type === "exit" || (rest !== undefined && rest.items.length > 0) || (paths.length > 0 && rest === undefined)) throw new NotExpressible(`${id} leads on in a way that \`action\` cannot say`);
  const branches = paths.filter(({ index }) => index !== undefined).map(({ items }) => pathOf(items));
  return new Call("action", [words.keyOf(id), { type: step.type, ...common(given, words, { result: true }), config: withSecrets(step.config, id, words), ...(branches.length > 0 ? { branches } : {}) }]);
}

function withSecrets(config: unknown, id: string, words: Words): unknown {
  const inputs = own(config, "inputs");
  if (!isDict(inputs) || !isDict(config)) return config ?? {};
  const out: Dict = {};
  for (const [key, item] of Object.entries(inputs)) put(out, key, isKeptSecret(item) ? { value: new ConfigSecret(words.secretKey(id, key)) } : item);
  return { ...config, inputs: out };
}


/** What the programs of templates do with their inputs: which functions they call, and what they refuse. */
import { bytecodeOf } from "../hog/emit";
import type { HogReader } from "../hog/parser";
import { runCode } from "../hog/run";
import { isFalsy, type JsonObject } from "../json";
import type { Template } from "../templates";

/** A function of the worker that a program calls: it is mocked, so its answer is known. */
type Call = (name: string, ...args: unknown[]) => any;

export interface ProgramWorld {
  hog: HogReader;
  globals: JsonObject;
  now: number;
  call: Call;
  print(...args: unknown[]): void;
}

type Program = (inputs: JsonObject, call: Call) => unknown;

/** The functions that programs may call and that would leave the worker. */
const CALLS = ["fetch", "sendEmail", "sendPushNotification"];

const ANDROID = ["priority", "channelId", "sound", "tag", "icon", "color", "clickAction"];
const APNS = ["sound", "badge", "category", "threadId", "interruptionLevel", "subtitle", "mutableContent"];

/** Of what is set, by the name that it has in a message. */
function options(inputs: JsonObject, prefix: string, names: readonly string[]): JsonObject | undefined {
  const set = names.filter((name) => {
    const value: unknown = inputs[`${prefix}_${name}`];
    return name === "badge" ? value !== undefined && value !== null : !isFalsy(value);
  });
  return set.length === 0 ? undefined : Object.fromEntries(set.map((name) => [name, inputs[`${prefix}_${name}`]]));
}

const orNull = (value: unknown): unknown => value ?? null;

const PROGRAMS: Record<string, Program> = {
  "template-webhook": ({ url, headers, body, method }, call) => {
    call("fetch", url, { headers: orNull(headers), body: orNull(body), method: orNull(method) });
  },
  "template-email": ({ email }, call) => {
    call("sendEmail", email);
  },
  "template-twilio": ({ twilio_account: account, from_number, to_number, message }, call) => {
    if (isFalsy(to_number)) throw new Error("There is no phone number to send the message to");
    if (isFalsy(message)) throw new Error("The message is empty");
    const encoded = { To: to_number, From: from_number, Body: message };
    call("fetch", `https://api.twilio.com/2010-04-01/Accounts/${account.account_sid}/Messages.json`, {
      method: "POST",
      headers: {
        Authorization: `Basic ${Buffer.from(`${account.account_sid}:${account.auth_token}`).toString("base64")}`,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: Object.entries(encoded)
        .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
        .join("&"),
    });
  },
  "template-slack": ({ slack_workspace, channel, icon_emoji, username, blocks, text, thread_ts }, call) => {
    call("fetch", "https://slack.com/api/chat.postMessage", {
      body: {
        channel: orNull(channel),
        icon_emoji: orNull(icon_emoji),
        username: orNull(username),
        blocks: orNull(Array.isArray(blocks) ? blocks.slice(0, 50) : blocks),
        text: orNull(text),
        ...(isFalsy(thread_ts) ? {} : { thread_ts }),
      },
      method: "POST",
      headers: { Authorization: `Bearer ${slack_workspace.access_token}`, "Content-Type": "application/json" },
    });
  },
  "template-native-push": (inputs, call) => {
    const { title, body, image, data, collapseKey, ttlSeconds, channels, distinctId } = inputs;
    const optional = Object.entries({ image, data, collapseKey, ttlSeconds }).filter(([, value]) => Boolean(value));
    const [android, apns] = [options(inputs, "android", ANDROID), options(inputs, "ios", APNS)];
    if (isFalsy(channels)) throw new Error("No push channel is selected");
    call("sendPushNotification", {
      integrationIds: (channels as JsonObject[]).map(({ $integration_id }) => $integration_id as unknown),
      distinctId: orNull(distinctId),
      payload: {
        title: orNull(title),
        body: orNull(body),
        ...Object.fromEntries(optional),
        ...(android && { android }),
        ...(apns && { apns }),
      },
    });
  },
};

/** Whether the emulator can run the program of a template: it knows what it does, or has its source. */
export const canRun = (template: Template): boolean => template.id in PROGRAMS || sourceOf(template) !== undefined;

/** A template that came from a project brings its source. */
function sourceOf(template: Template): string | undefined {
  const { code, code_language: language = "hog" } = template as Template & { code?: unknown; code_language?: unknown };
  return typeof code === "string" && language === "hog" ? code : undefined;
}

/** Runs the program of a template on rendered inputs; what it returns. */
export function runProgram(template: Template, inputs: JsonObject, world: ProgramWorld): unknown {
  const source = sourceOf(template);
  if (source === undefined) return PROGRAMS[template.id]!(inputs, world.call);
  return runCode(bytecodeOf(world.hog.program(source)), {
    globals: { ...world.globals, inputs },
    now: world.now,
    timeoutMs: 550,
    functions: {
      print: (...args) => {
        world.print(...args);
        return null;
      },
      ...Object.fromEntries(CALLS.map((name) => [name, (...args: unknown[]) => world.call(name, ...args)])),
    },
  });
}

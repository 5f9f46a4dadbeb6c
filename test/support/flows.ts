// Small programs that the engine tests share, and what every output of a command must be like.
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Emulator, RequestRecord } from "../../emulator";
import { createStack, type PreviewDigest, type PreviewStep, type Stack, type StackOptions } from "./engine";

const REPOSITORY = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

type Json = Record<string, unknown>;

/** A program of these statements. */
export const program = (...statements: string[]): string =>
  [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { HogFlow, HogFlowSchedule } from "pulumi-hogflow";`,
    `const config = new pulumi.Config();`,
    ...statements,
    "",
  ].join("\n");

/** A statement that declares a flow; the constant has the resource's name. `code` is TypeScript between the braces of the arguments. */
export const flow = (name: string, args: Json, code = ""): string =>
  `const ${name} = new HogFlow("${name}", { ...${JSON.stringify(args)}, ${code} } as any);`;

export const eventTrigger = (next: string, event = "user signed up"): Json => ({
  type: "trigger",
  name: "Trigger",
  config: { type: "event", filters: { events: [{ id: event }] } },
  next,
});
export const batchTrigger = (next: string, country: string): Json => ({
  type: "trigger",
  name: "Audience",
  config: {
    type: "batch",
    filters: { properties: [{ key: "country", value: [country], operator: "exact", type: "person" }] },
  },
  next,
});
export const delay = (next: string, delayDuration = "1h"): Json => ({
  type: "delay",
  name: `Wait ${delayDuration}`,
  config: { delayDuration },
  next,
});
/** What an e-mail says, as both forms have it. */
const emailInputs = (subject: string, text: string): Json => ({
  email: {
    templating: "liquid",
    value: {
      from: { integrationId: 7 },
      to: { email: "{{ person.properties.email }}", name: "" },
      subject,
      html: "",
      text,
    },
  },
});
const GOOD_TO_HAVE_YOU = "Good to have you.";
export const email = (next: string, subject = "Welcome", text = GOOD_TO_HAVE_YOU): Json => ({
  type: "function_email",
  name: "Mail",
  next,
  config: { inputs: emailInputs(subject, text) },
});
/** The same step as somebody makes it in PostHog's editor. */
export const editorsMail = (subject = "Welcome"): Json => ({
  id: "mail",
  name: "Mail",
  type: "function_email",
  config: { template_id: "template-email", inputs: emailInputs(subject, GOOD_TO_HAVE_YOU) },
});
/** Edges from each step to the one after it. */
export const inOrder = (...ids: string[]): Json[] =>
  ids.slice(1).map((to, at) => ({ from: ids[at], to, type: "continue" }));
export const webhook = (next: string, inputs: Json = {}, template = "template-webhook"): Json => ({
  type: "function",
  name: "Call",
  next,
  config: { templateId: template, inputs: { url: { value: "https://hooks.example.com/a" }, ...inputs } },
});
export const exit: Json = { type: "exit", name: "Exit" };

/** Trigger, mail, exit. */
export const mailing = (subject = "Welcome"): Json => ({
  actions: { trigger_node: eventTrigger("mail"), mail: email("exit_node", subject), exit_node: exit },
});

/** A stack whose program finds this emulator through its environment. */
export function stackFor(
  emulator: Emulator,
  options: StackOptions & { key?: string | null; projectId?: string } = {},
): Promise<Stack> {
  const { key = "phx_test", projectId = "1", env, ...rest } = options;
  return createStack({
    ...rest,
    env: {
      POSTHOG_HOST: emulator.url,
      POSTHOG_PROJECT_ID: projectId,
      ...(key === null ? {} : { POSTHOG_API_KEY: key }),
      ...env,
    },
  });
}

const STACK_LINE = /^\s+at .+[:(].+:\d+:\d+\)?\s*$/m;
const MARK = /__provider|4dabf18193072939515e22adb298388d|04da6b54-80e4-46f7-96ec-b56ff0331ba9/;

/** What no message may hold: JavaScript's stack, a path of this machine, a key, or the engine's own signs. */
export function untidy(output: string): string[] {
  const found: string[] = [];
  const note = (what: string, at: number) => found.push(`${what}: …${output.slice(Math.max(0, at - 120), at + 160)}…`);
  for (const [what, pattern] of [
    ["a stack", STACK_LINE],
    ["a sign of the engine", MARK],
    ["a key", /ph[xc]_\w+/],
    ["no text", /\[object Object\]|\bundefined\b/],
  ] as const) {
    const match = pattern.exec(output);
    if (match) note(what, match.index);
  }
  for (const folder of [REPOSITORY, os.tmpdir() + path.sep, "node_modules/"])
    if (output.includes(folder)) note("a path", output.indexOf(folder));
  return found;
}

export const stepOf = (digest: PreviewDigest, name: string): PreviewStep => {
  const step = digest.steps.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!step)
    throw new Error(
      `the preview has no step for ${name}: ${digest.steps.map(({ urn, op }) => `${op} ${urn}`).join(", ")}`,
    );
  return step;
};

/** `GET`, `PUT` and so on, with what follows the project. */
export const requestLine = ({ method, path: full }: RequestRecord): string =>
  `${method} ${full.replace(/^\/api\/(projects|environments)\//, "").replace(/\/$/, "")}`;

/** Resolves once such a request has arrived. */
export async function arrival(
  emulator: Emulator,
  method: string,
  pattern: RegExp,
  timeoutMs = 60_000,
): Promise<RequestRecord> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = emulator.requests.find((request) => request.method === method && pattern.test(request.path));
    if (found) return found;
    if (Date.now() > end) throw new Error(`no ${method} ${String(pattern)} arrived within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Secrets in every place of a program, searched raw, URL-encoded, as base64 and in lower case: in state, output and pulled files there is none. The engine's own
// log at its highest level is Pulumi's, and docs/configuration.md says what it holds.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { pulledFlow } from "../../operate/pull";
import type { Stack } from "../support/engine";
import { eventTrigger, exit, flow, program, stackFor } from "../support/flows";

const KEY = "phx_Everywhere4801Key";
const SECRETS = {
  signing: "Sgn+every/4802=where",
  header: "Hdr+every/4803=where",
  parameter: "Prm+every/4804=where",
  variable: "Var+every/4805=where",
  schedule: "Sch+every/4806=where",
};
const VALUES = [KEY, ...Object.values(SECRETS)];
const forms = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  value.toLowerCase(),
  Buffer.from(value).toString("base64").replace(/=+$/, ""),
];

let emulator: Emulator;
let stack: Stack;

const CALL = `call: { type: "function", name: "Call", next: "exit_node", config: { templateId: "template-webhook", inputs: {
  url: { value: pulumi.interpolate\`https://hooks.example.com/a?api_key=\${config.requireSecret("parameter")}\` },
  headers: { value: { Authorization: pulumi.interpolate\`Bearer \${config.requireSecret("header")}\` } },
  signing_secret: { value: config.requireSecret("signing") } } } }`;
const hooked = (text: string, template = "template-webhook"): string =>
  `new HogFlow("hooked", { description: "${text}", variables: { token: { type: "string", label: "Token", default: config.requireSecret("variable") } },
    actions: { trigger_node: ${JSON.stringify(eventTrigger("call"))}, ${CALL.replace("template-webhook", template)}, exit_node: ${JSON.stringify(exit)} } } as any);`;
const CLOCK = { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" };
const nightly = [
  flow(
    "nightly",
    { status: "active", actions: { trigger_node: CLOCK, exit_node: exit } },
    `variables: { token: { type: "string", label: "Token" } }`,
  ),
  `new HogFlowSchedule("night", { flow: nightly, rrule: "FREQ=DAILY", startsAt: "2030-01-07T02:00:00", variables: { token: config.requireSecret("schedule") } });`,
];

async function leaks(): Promise<string[]> {
  const texts = {
    output: stack.log,
    state: await stack.stateText(),
    export: JSON.stringify(await stack.exportState()),
  };
  return Object.entries(texts).flatMap(([where, text]) =>
    VALUES.flatMap((value) =>
      forms(value)
        .filter((form) => text.includes(form))
        .map((form) => `${form} in ${where}`),
    ),
  );
}

beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: KEY }] });
  stack = await stackFor(emulator, {
    key: null,
    program: program(hooked("one"), ...nightly),
    config: {
      "posthog:apiKey": { secret: KEY },
      ...Object.fromEntries(Object.entries(SECRETS).map(([name, secret]) => [`test:${name}`, { secret }])),
    },
  });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("are in no state, output or pulled file through the life of a stack", async () => {
  const up = await stack.up(["--diff"]);
  expect(up.code, up.output).toBe(0);
  await stack.writeProgram(program(hooked("two"), ...nightly));
  const preview = await stack.run([
    "preview",
    "--diff",
    "--stack",
    stack.stack,
    "--non-interactive",
    "--color",
    "never",
  ]);
  expect(preview.code, preview.output).toBe(0);
  await stack.writeProgram(program(hooked("two", "template-nope"), ...nightly));
  expect((await stack.up(["--diff"])).code).not.toBe(0);
  const hook = emulator.flows().find(({ name }) => name === "hooked")!;
  emulator.ui.edit(hook.id, (found) => void (found.name = "edited"));
  expect((await stack.refresh(["--diff"])).code).toBe(0);
  const pulled = JSON.stringify(pulledFlow(emulator.flow(hook.id)));
  // The emulator shows what PostHog shows: everything but the signing secret.
  expect(VALUES.filter((value) => pulled.includes(value))).toEqual([]);
  expect(await leaks()).toEqual([]);
});

it("are in no state at the engine's highest log level, whose log is Pulumi's, as the page of the configuration says", async () => {
  await stack.writeProgram(program(hooked("three"), ...nightly));
  const before = await leaks();
  expect(before).toEqual([]);
  const loud = await stack.run([
    "preview",
    "--stack",
    stack.stack,
    "--non-interactive",
    "--color",
    "never",
    "-v=9",
    "--logtostderr",
  ]);
  expect(loud.code, loud.output.slice(-2000)).toBe(0);
  // Every one of them: otherwise the page says too much.
  expect(VALUES.filter((value) => !loud.output.includes(value))).toEqual([]);
  const state = await stack.stateText();
  expect(VALUES.flatMap((value) => forms(value)).filter((form) => state.includes(form))).toEqual([]);
  expect(await readFile(path.resolve(import.meta.dirname, "../../docs/configuration.md"), "utf8")).toContain("`-v=9`");
});

it("are in no output of destroy", async () => {
  const at = stack.log.length;
  const gone = await stack.run([
    "destroy",
    "--yes",
    "--diff",
    "--stack",
    stack.stack,
    "--non-interactive",
    "--color",
    "never",
  ]);
  expect(gone.code, gone.output).toBe(0);
  expect(
    VALUES.flatMap(forms).filter((form) => stack.log.slice(at).includes(form) || gone.output.includes(form)),
  ).toEqual([]);
});

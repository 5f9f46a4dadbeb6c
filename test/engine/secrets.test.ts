// Secrets are clear in the program, in PostHog, and nowhere else: not in state, not in any output, not in the engine's logs (design L13).
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { Stack } from "../support/engine";
import { eventTrigger, exit, flow, program, stackFor, stepOf, untidy } from "../support/flows";

const CLEAR = {
  signing: "sgn-clear-4711-signature",
  header: "Bearer hdr-clear-4712-token",
  variable: "var-clear-4713-value",
  schedule: "sch-clear-4714-value",
  edited: "Bearer hdr-clear-4715-edited",
  editedElsewhere: "Bearer hdr-clear-4717-elsewhere",
  editedLater: "Bearer hdr-clear-4718-later",
  apiKey: "phx_clear4719",
  rotated: "sgn-clear-4716-rotated",
};

let emulator: Emulator;
let stack: Stack;

const TRIGGER = eventTrigger("call");
const CLOCK = { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" };
const HOOK = (
  template: string,
) => `call: { type: "function", name: "Call", next: "exit_node", config: { templateId: "${template}", inputs: {
  url: { value: "https://hooks.example.com/a" },
  headers: { value: { Authorization: config.requireSecret("header"), "X-Plain": "plain-header" } },
  body: { value: config.requireSecret("header").apply((token) => ({ token, list: [token] })) },
  signing_secret: { value: config.requireSecret("signing") } } } }`;
const hooked = (name: string, text: string, { template = "template-webhook", status = "draft" } = {}) =>
  `new HogFlow("${name}", { name: "${name}", description: "${text}", status: "${status}",
    variables: { token: { type: "string", label: "Token", default: config.requireSecret("variable") } },
    actions: { trigger_node: ${JSON.stringify(TRIGGER)}, ${HOOK(template)}, exit_node: ${JSON.stringify(exit)} } } as any);`;
const nightly = [
  flow(
    "nightly",
    { status: "active", actions: { trigger_node: CLOCK, exit_node: exit } },
    `variables: { token: { type: "string", label: "Token" } }`,
  ),
  `new HogFlowSchedule("night", { flow: nightly, rrule: "FREQ=DAILY", startsAt: "2030-01-07T02:00:00", variables: { token: config.requireSecret("schedule") } });`,
];

const id = (name: string): string => emulator.flows().find((found) => found.name === name).id;
const step = (found: any, wanted = "call") => found.actions.find((action: any) => action.id === wanted);

/** Where a clear value shows; nothing to find, nothing found. */
async function leaks(): Promise<string[]> {
  const places = {
    output: stack.log,
    state: await stack.stateText(),
    export: JSON.stringify(await stack.exportState()),
  };
  return Object.entries(places).flatMap(([place, text]) =>
    Object.entries(CLEAR).flatMap(([name, value]) => {
      const at = text.indexOf(value);
      return at < 0 ? [] : [`${name} in ${place}: …${text.slice(Math.max(0, at - 150), at + 80)}…`];
    }),
  );
}

beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: CLEAR.apiKey }] });
  stack = await stackFor(emulator, {
    key: null,
    program: program(hooked("edited", "one"), hooked("moved", "one"), ...nightly),
    config: {
      "posthog:apiKey": { secret: CLEAR.apiKey },
      ...Object.fromEntries(
        ["signing", "header", "variable", "schedule"].map((key) => [
          `test:${key}`,
          { secret: CLEAR[key as keyof typeof CLEAR] },
        ]),
      ),
    },
  });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

it("reach PostHog in clear, and nothing else, with up and preview", async () => {
  const up = await stack.up(["--diff"]);
  expect(up.code, up.output).toBe(0);
  for (const name of ["edited", "moved"]) {
    expect(emulator.secret(id(name), "call", "signing_secret")).toBe(CLEAR.signing);
    expect(step(emulator.flow(id(name))).config.inputs.headers.value.Authorization).toBe(CLEAR.header);
    expect(emulator.flow(id(name)).variables[0].default).toBe(CLEAR.variable);
  }
  expect(emulator.schedules(id("nightly"))[0].variables).toEqual({ token: CLEAR.schedule });
  await stack.writeProgram(program(hooked("edited", "other"), hooked("moved", "one"), ...nightly));
  const preview = await stack.previewJson();
  expect(Object.keys(stepOf(preview, "edited").detailedDiff ?? {})).toEqual(["description"]);
  expect(JSON.stringify(preview)).toContain("plain-header");
  expect(preview.changeSummary).toEqual({ same: 4, update: 1 });
  expect(await leaks()).toEqual([]);
});

it("stay masked when somebody changed a header or renamed the step in the editor", async () => {
  emulator.ui.edit(id("edited"), (found) => {
    step(found).config.inputs.headers.value.Authorization = CLEAR.edited;
  });
  emulator.ui.edit(id("moved"), (found) => {
    const call = step(found);
    call.id = "call_renamed";
    call.config.inputs.headers.value.Authorization = CLEAR.editedElsewhere;
    found.edges = found.edges.map((edge: any) => ({
      ...edge,
      from: edge.from.replace(/^call$/, call.id),
      to: edge.to.replace(/^call$/, call.id),
    }));
  });
  emulator.ui.schedule.edit(id("nightly"), emulator.schedules(id("nightly"))[0].id, {
    variables: { token: CLEAR.schedule, also: CLEAR.schedule },
  });
  const json = await stack.run([
    "refresh",
    "--preview-only",
    "--json",
    "--diff",
    "--stack",
    stack.stack,
    "--non-interactive",
    "--color",
    "never",
  ]);
  expect(json.code, json.output).toBe(0);
  expect(json.output).toContain("call_renamed");
  const diff = await stack.refresh(["--preview-only", "--diff"]);
  expect(diff.output).toContain("Authorization");
  expect(diff.output).toContain("call_renamed");
  const refresh = await stack.refresh();
  expect(refresh.code, refresh.output).toBe(0);
  // Once more, now that the state knows the step by its new id.
  emulator.ui.edit(id("moved"), (found) => {
    step(found, "call_renamed").config.inputs.headers.value.Authorization = CLEAR.editedLater;
  });
  const again = await stack.refresh(["--diff"]);
  expect(again.code, again.output).toBe(0);
  expect(again.output).toMatch(/Authorization\s*: \[secret\]\s+=> \[secret\]/);
  expect(await leaks()).toEqual([]);
});

it("stay masked when up fails: refused by the server, and half way at the activation", async () => {
  await stack.setConfig("test:signing", CLEAR.rotated, { secret: true });
  emulator.fault({
    method: "PATCH",
    path: id("moved"),
    when: "before",
    kind: "status",
    status: 400,
    body: { type: "validation_error", code: "invalid_input", detail: `No: ${CLEAR.header}`, attr: "status" },
  });
  await stack.writeProgram(
    program(
      hooked("edited", "two", { template: "template-nope" }),
      hooked("moved", "two", { status: "active" }),
      ...nightly,
    ),
  );
  const up = await stack.up(["--continue-on-error", "--diff"]);
  expect(up.code).not.toBe(0);
  expect(untidy(up.output)).toEqual([]);
  expect(up.output).toContain("Template not found");
  expect(up.output).toContain("could not be changed to active");
  expect(await leaks()).toEqual([]);
});

it("rotate with the next up, which ends in a true state", async () => {
  await stack.writeProgram(program(hooked("edited", "two"), hooked("moved", "two", { status: "active" }), ...nightly));
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
  for (const name of ["edited", "moved"]) {
    expect(emulator.secret(id(name), "call", "signing_secret")).toBe(CLEAR.rotated);
    expect(step(emulator.flow(id(name))).config.inputs.headers.value.Authorization).toBe(CLEAR.header);
  }
  const refresh = await stack.refresh(["--expect-no-changes"]);
  expect(refresh.code, refresh.output).toBe(0);
  expect(await leaks()).toEqual([]);
});

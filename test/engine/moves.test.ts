// What Pulumi's own options and commands do to flows: a resource that is renamed, kept, protected, ignored in part or replaced, targets, plans, and
// another host. One stack lives through all of it.
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, PreviewDigest, Stack } from "../support/engine";
import {
  batchTrigger,
  delay,
  email,
  eventTrigger,
  exit,
  program,
  requestLine,
  stackFor,
  untidy,
} from "../support/flows";

const SUBJECT = "actions.welcome.config.inputs.email.value.subject";
const OTHER_KEY = "phx_other";

let emulator: Emulator;
let elsewhere: Emulator;
let stack: Stack;

/** Title, resource name and options of each flow, as they are at first. */
const FIRST = {
  aliased: { name: "aliased", text: "Good to have you.", options: "" },
  plain: { name: "plain", text: "Good to have you.", options: "" },
  kept: { name: "kept", text: "Good to have you.", options: "retainOnDelete: true" },
  guarded: { name: "guarded", text: "Good to have you.", options: "protect: true" },
  worded: { name: "worded", text: "Good to have you.", options: `ignoreChanges: ["${SUBJECT}"]` },
  waiting: {
    name: "waiting",
    text: "Good to have you.",
    options: `replaceOnChanges: ["actions.pause.config.delayDuration"]`,
  },
};
type Title = keyof typeof FIRST;
type World = Partial<Record<Title, { name: string; text: string; options: string; wait?: string; args?: string }>>;

const actions = (text: string, wait = "1h") => ({
  trigger_node: eventTrigger("pause"),
  pause: delay("welcome", wait),
  welcome: email("exit_node", "Welcome", text),
  exit_node: exit,
});
const declared = (world: World): string[] =>
  Object.entries(world).map(
    ([title, { name, text, options, wait, args = "" }]) =>
      `new HogFlow("${name}", { ...${JSON.stringify({ name: title, status: "active", actions: actions(text, wait) })}, ${args} } as any, { ${options} });`,
  );
const digest = `const digest = new HogFlow("digest", ${JSON.stringify({ status: "active", actions: { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node"), exit_node: exit } })} as any);`;
const schedule = (name: string, options = "") =>
  `new HogFlowSchedule("${name}", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T00:00:00" }, { ${options} });`;
const write = (world: World, clock: string) => stack.writeProgram(program(...declared(world), digest, clock));

const live = (title: string) => emulator.flows().filter((found) => found.name === title);
const only = (title: string) => {
  expect(live(title)).toHaveLength(1);
  return live(title)[0];
};
const welcome = (flow: any) => flow.actions.find((step: any) => step.id === "welcome").config.inputs.email.value;
const names = () => new Map(emulator.flows().map(({ id, name }) => [id, name]));
/** Requests that change something, with flows by title, in order. */
const changes = (titles: Map<string, string>, from: Emulator = emulator) =>
  from.requests
    .filter(({ method }) => method !== "GET")
    .map((request) => requestLine(request).replace(/[0-9a-f-]{36}/g, (id) => titles.get(id) ?? "<new>"));
const ops = (preview: PreviewDigest) =>
  Object.fromEntries(
    preview.steps
      .filter(({ op, urn }) => op !== "same" && urn.includes("HogFlow"))
      .map(({ op, urn }) => [urn.split("::").pop(), op]),
  );
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
const nothingToDo = async () => {
  emulator.clearRequests();
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(emulator.requests).toEqual([]);
};

let world: World = { ...FIRST };
let clock = schedule("weekly");

beforeAll(async () => {
  [emulator, elsewhere] = await Promise.all([
    startEmulator(),
    startEmulator({ keys: [{ key: OTHER_KEY }], projects: [{ id: "7" }] }),
  ]);
  const keys = { [emulator.url]: "phx_test", [elsewhere.url]: OTHER_KEY };
  stack = await stackFor(emulator, {
    program: program(...declared(world), digest, clock),
    config: { "posthog:apiKeys": JSON.stringify(keys) },
  });
  succeeds(await stack.up());
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
  await elsewhere?.stop();
});

describe("in one update", () => {
  let before: Map<string, string>;
  let ids: Record<string, string>;
  let scheduled: string;
  let log: string[];
  let output: string;

  beforeAll(async () => {
    before = names();
    ids = Object.fromEntries([...before].map(([id, name]) => [name, id]));
    scheduled = emulator.schedules(ids["digest"]!)[0].id;
    const { kept: _, ...rest } = FIRST;
    world = {
      ...rest,
      aliased: { ...FIRST.aliased, name: "renamed", options: `aliases: [{ name: "aliased" }]` },
      plain: { ...FIRST.plain, name: "other" },
      waiting: { ...FIRST.waiting, wait: "3h" },
    };
    clock = schedule("mondays", `aliases: [{ name: "weekly" }]`);
    await write(world, clock);
    expect(ops(await stack.previewJson())).toEqual({
      renamed: "update",
      other: "create",
      plain: "delete",
      kept: "delete",
      waiting: "replace",
    });
    emulator.ui.edit(ids["worded"]!, (flow) => (welcome(flow).subject = "From the editor"));
    emulator.clearRequests();
    const up = await stack.up(["--refresh"]);
    succeeds(up);
    ({ output } = up);
    log = changes(before);
  });

  it("a resource renamed with an alias keeps its flow, and its mark follows in one write", () => {
    expect(only("aliased")).toMatchObject({
      id: ids["aliased"],
      status: "active",
      description: expect.stringContaining("test/dev/renamed."),
    });
    expect(log.filter((line) => line.includes("aliased"))).toEqual(["PUT 1/hog_flows/aliased"]);
  });

  it("a schedule renamed with an alias is left alone", () => {
    expect(emulator.schedules(ids["digest"]!)).toMatchObject([{ id: scheduled, status: "active" }]);
    expect(log.filter((line) => line.includes("digest"))).toEqual([]);
  });

  it("a resource renamed without an alias leaves one flow, which is the new one", () => {
    expect(only("plain").id).not.toBe(ids["plain"]);
    expect(only("plain")).toMatchObject({ status: "active", description: expect.stringContaining("test/dev/other.") });
    expect(log).toContain("DELETE 1/hog_flows/plain");
    expect(output).toContain(`resource "other" does the same as flow "plain" (${ids["plain"]}) of this stack`);
  });

  it("retainOnDelete leaves the flow", () => {
    expect(only("kept")).toMatchObject({ id: ids["kept"], status: "active" });
    expect(log.filter((line) => line.includes("kept"))).toEqual([]);
  });

  it("ignoreChanges keeps the edit of one field of one step", () => {
    expect(welcome(only("worded")).subject).toBe("From the editor");
    expect(log.filter((line) => line.includes("worded"))).toEqual([]);
  });

  it("replaceOnChanges makes a draft, deletes, and then activates it: two are never active (design L18)", () => {
    expect(only("waiting").id).not.toBe(ids["waiting"]);
    expect(only("waiting").status).toBe("active");
    const made = emulator.requests.findIndex(
      ({ method, body }) => method === "POST" && (body as any)?.name === "waiting",
    );
    const gone = emulator.requests.findIndex(
      ({ method, path: full }) => method === "DELETE" && full.includes(ids["waiting"]!),
    );
    const begun = emulator.requests.findIndex(
      ({ method, path: full }) => method === "PATCH" && full.includes(only("waiting").id),
    );
    expect(made).toBeGreaterThanOrEqual(0);
    expect(gone).toBeGreaterThan(made);
    expect(begun).toBeGreaterThan(gone);
  });

  it("and a second one has nothing to do", nothingToDo);
});

describe("a plan", () => {
  const plan = () => path.join(stack.dir, "plan.json");
  const experimental = { env: { PULUMI_EXPERIMENTAL: "true" } };

  it("is carried out as it was saved, and a retained flow is taken over instead of made twice", async () => {
    const { id } = only("kept");
    world = { ...world, kept: FIRST.kept, worded: { ...FIRST.worded, text: "Planned." } };
    await write(world, clock);
    emulator.clearRequests();
    const saved = await stack.preview(["--save-plan", plan()], experimental);
    expect(saved.code, saved.output).toBe(0);
    expect(changes(names())).toEqual([]);
    const up = await stack.up(["--plan", plan()], experimental);
    expect(up.code, up.output).toBe(0);
    expect(changes(names())).toEqual(["PUT 1/hog_flows/worded"]);
    expect(only("kept")).toMatchObject({ id, status: "active" });
    expect(welcome(only("worded"))).toMatchObject({ subject: "From the editor", text: "Planned." });
  });

  it("refuses what it does not hold", async () => {
    await write({ ...world, worded: { ...FIRST.worded, text: "Not planned." } }, clock);
    emulator.clearRequests();
    const up = await stack.up(["--plan", plan()], experimental);
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("violates plan");
    expect(emulator.requests).toEqual([]);
  });
});

describe("a target", () => {
  it("is updated alone", async () => {
    world = { ...world, worded: { ...FIRST.worded, text: "Targeted." }, plain: { ...world.plain!, text: "Later." } };
    await write(world, clock);
    emulator.clearRequests();
    succeeds(await stack.up(["--target", "**worded"]));
    expect(changes(names())).toEqual(["PUT 1/hog_flows/worded"]);
    expect(welcome(only("worded"))).toMatchObject({ subject: "From the editor", text: "Targeted." });
  });

  it("that is to be replaced and is retained is taken over again: there is never a second one", async () => {
    const { id } = only("kept");
    emulator.clearRequests();
    succeeds(await stack.up(["--target-replace", "**kept", "--target-replace", "**other"]));
    // The program's change of the other flow comes with its replacement.
    expect(changes(names())).toEqual(["POST 1/hog_flows", "DELETE 1/hog_flows/<new>", "PATCH 1/hog_flows/plain"]);
    expect(only("kept")).toMatchObject({ id, status: "active" });
    expect(welcome(only("plain")).text).toBe("Later.");
  });
});

describe("another host or project", () => {
  it.each<[string, () => Record<string, string>, () => string]>([
    [
      "host",
      () => ({ POSTHOG_HOST: elsewhere.url }),
      () => `host ${emulator.url}, but the program now says ${elsewhere.url}`,
    ],
    ["project", () => ({ POSTHOG_PROJECT_ID: "7" }), () => "projectId 1, but the program now says 7"],
  ])("in a changed variable is refused before anything is sent: %s", async (_, env, words) => {
    emulator.clearRequests();
    const preview = await stack.preview([], { env: env() });
    expect(preview.code).not.toBe(0);
    expect(untidy(preview.output)).toEqual([]);
    expect(preview.output).toContain(`this resource is at ${words()}`);
    expect([...emulator.requests, ...elsewhere.requests]).toEqual([]);
  });

  it("is moved to with replaceOnMove, each with its own key: gone there before it is active here", async () => {
    const titles = names();
    world = {
      ...world,
      waiting: { ...world.waiting!, args: `host: "${elsewhere.url}", projectId: "7", replaceOnMove: true` },
    };
    await write(world, clock);
    emulator.clearRequests();
    succeeds(await stack.up());
    expect(changes(titles)).toEqual(["DELETE 1/hog_flows/waiting"]);
    expect(changes(titles, elsewhere)).toEqual(["POST 7/hog_flows", "PATCH 7/hog_flows/<new>"]);
    expect([live("waiting"), elsewhere.flows("7").map(({ name, status }) => `${name} ${status}`)]).toEqual([
      [],
      ["waiting active"],
    ]);
  });

  it("is where the flow is refreshed from then on", async () => {
    elsewhere.ui.edit(elsewhere.flows("7")[0].id, (flow) => (welcome(flow).subject = "There"));
    const refresh = await stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]);
    expect(refresh.code).toBe(7);
    expect(refresh.output).toMatch(/subject\s*: "Welcome"\s+=> "There"/);
    expect(refresh.output).toMatch(/~ 1 to update/);
  });
});

it("protect keeps its flow in a destroy, which fails", async () => {
  emulator.clearRequests();
  const { id } = only("guarded");
  const destroy = await stack.destroy();
  expect(destroy.code).not.toBe(0);
  expect(destroy.output).toContain("protected");
  // What the engine does with the others until it gets there is its own matter.
  expect(emulator.requests.filter(({ path: full }) => full.includes(id))).toEqual([]);
  expect(only("guarded").status).toBe("active");
});

// Flows and schedules that were made in PostHog come under management: looked at in preview, taken as they are but for the marker, and never twice or for nothing.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import {
  batchTrigger,
  editorsMail,
  email,
  exit,
  inOrder,
  mailing,
  program,
  requestLine,
  stackFor,
  untidy,
} from "../support/flows";

const NOBODY = "0198c0de-0000-7000-8000-000000000001";

let emulator: Emulator;
let stack: Stack;
/** Ids by title, and those of the two schedules. */
const ids: Record<string, string> = {};

/** What somebody built in the editor. */
const built = (name: string, trigger: object, subject = "Welcome") => ({
  name,
  status: "active",
  actions: [
    { id: "trigger_node", type: "trigger", ...trigger },
    editorsMail(subject),
    { id: "exit_node", name: "Exit", type: "exit", config: {} },
  ],
  edges: inOrder("trigger_node", "mail", "exit_node"),
});
const onEvent = {
  name: "Trigger",
  config: { type: "event", filters: { events: [{ id: "user signed up", type: "events" }] } },
};
const onAudience = {
  name: "Audience",
  config: {
    type: "batch",
    filters: { properties: [{ key: "country", value: ["DE"], operator: "exact", type: "person" }] },
  },
};
const clock = (startsAt: string) => ({
  rrule: "FREQ=WEEKLY;BYDAY=MO",
  starts_at: startsAt,
  timezone: "UTC",
  variables: {},
});

const args = {
  equal: mailing(),
  other: mailing(),
  digest: { actions: { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node"), exit_node: exit } },
};
const flow = (title: keyof typeof args, code: string, name: string = title) =>
  `const ${name} = new HogFlow("${name}", { ...${JSON.stringify({ ...args[title], name: title, status: "active" })}, ${code} } as any);`;
const schedule = (name: string, hour: number, code: string) =>
  `new HogFlowSchedule("${name}", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T0${hour}:00:00", ${code} });`;
const adopt = (key: string) => `adopt: "${ids[key]}",`;
const stamped = (stamp: string) => `overwriteDrift: "${stamp}",`;

const changes = () => emulator.requests.filter(({ method }) => method !== "GET").map(requestLine);
const titles = () =>
  emulator
    .flows()
    .map(({ id, name, status }) => `${id} ${name} ${status}`)
    .sort();
const subject = (title: string) =>
  emulator.flow(ids[title]!).actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject;
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
const nothingToDo = async () => {
  emulator.clearRequests();
  succeeds(await stack.up(["--expect-no-changes"]));
  expect(emulator.requests).toEqual([]);
};

let before: string[];
const stamps: Record<string, string> = {};
/** All that is adopted; `code` goes into the two that differ. */
const everything = (other: string, noon: string) =>
  program(
    flow("equal", adopt("equal")),
    flow("other", adopt("other") + other),
    flow("digest", adopt("digest")),
    schedule("weekly", 0, adopt("weekly")),
    schedule("noon", 2, adopt("noon") + noon),
  );

beforeAll(async () => {
  emulator = await startEmulator();
  for (const [name, trigger, text] of [
    ["equal", onEvent, undefined],
    ["other", onEvent, "Theirs"],
    ["digest", onAudience, undefined],
  ] as const)
    ids[name] = emulator.ui.create("1", built(name, trigger, text)).id;
  for (const [name, at] of [
    ["weekly", "2030-01-07T00:00:00Z"],
    ["noon", "2030-01-07T01:00:00Z"],
  ] as const) {
    const made = emulator.ui.schedule.create(ids["digest"]!, clock(at));
    ids[name] = `${ids["digest"]}/${made.id}`;
    stamps[name] = made.updated_at;
  }
  stamps["other"] = emulator.flow(ids["other"]!).updated_at;
  before = titles();
  stack = await stackFor(emulator);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("a preview", () => {
  const equal = () => flow("equal", adopt("equal"));
  // The engine stops at the first resource with a problem, so there is one at a time.
  it.each<[string, () => string[], () => string[]]>([
    [
      "lists what differs in a flow, by step and field, with its stamp",
      () => [equal(), flow("other", adopt("other"))],
      () => [
        `flow ${ids["other"]} differs from this program:`,
        'actions.mail.config.inputs.email.value.subject (step "Mail"): changed',
        `overwriteDrift: "${stamps["other"]}"`,
      ],
    ],
    [
      "lists what differs in a schedule",
      () => [equal(), schedule("noon", 2, adopt("noon")).replace("digest", JSON.stringify(ids["digest"]))],
      () => [
        'startsAt: PostHog "2030-01-07T01:00:00Z", program "2030-01-07T02:00:00Z"',
        `overwriteDrift: "${stamps["noon"]}"`,
      ],
    ],
    [
      "names an id that nobody has",
      () => [equal(), flow("digest", `adopt: "${NOBODY}"`)],
      () => [`there is no flow ${NOBODY} in this project`, "Copy the id from the address of the flow in PostHog"],
    ],
  ])("%s, and writes nothing", async (_, statements, expected) => {
    await stack.writeProgram(program(...statements()));
    emulator.clearRequests();
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(untidy(preview.output)).toEqual([]);
    for (const text of expected()) expect(preview.output).toContain(text);
    expect(preview.output).not.toContain(`flow ${ids["equal"]} differs`);
    expect(changes()).toEqual([]);
  });
});

describe("an adoption", () => {
  it("writes nothing but the marker where a flow is equal, and writes over what the stamp names", async () => {
    await stack.writeProgram(everything(stamped(stamps["other"]!), stamped(stamps["noon"]!)));
    emulator.clearRequests();
    // With its preview.
    succeeds(await stack.run(["up", "--yes", "--stack", stack.stack, "--non-interactive", "--color", "never"]));
    expect(changes().sort()).toEqual(
      [
        `PATCH 1/hog_flows/${ids["digest"]}/schedules/${ids["noon"]!.split("/")[1]}`,
        ...["equal", "digest"].map((key) => `PATCH 1/hog_flows/${ids[key]}`),
        `PUT 1/hog_flows/${ids["other"]}`,
      ].sort(),
    );
    for (const key of ["equal", "other", "digest"])
      expect(emulator.flow(ids[key]!).description).toContain(`test/dev/${key}.`);
    expect(titles()).toEqual(before);
    expect(subject("other")).toBe("Welcome");
    expect(
      emulator
        .schedules(ids["digest"]!)
        .map(({ id, status, starts_at }) => `${ids["digest"]}/${id} ${status} ${starts_at}`),
    ).toEqual([`${ids["weekly"]} active 2030-01-07T00:00:00Z`, `${ids["noon"]} active 2030-01-07T02:00:00Z`]);
  });

  it("has nothing to do in a second up, with `adopt` still there", nothingToDo);

  it("has nothing to do when `adopt` is taken away", async () => {
    await stack.writeProgram(
      everything(stamped(stamps["other"]!), stamped(stamps["noon"]!)).replaceAll(/adopt: "[^"]+",/g, ""),
    );
    await nothingToDo();
    succeeds(await stack.refresh(["--expect-no-changes"]));
  });
});

describe("afterwards", () => {
  it("a resource that another one adopts hands its flow over: it is not deleted, although the old name is", async () => {
    await stack.writeProgram(
      program(
        flow("equal", `${adopt("equal")} adoptFrom: "test/dev",`, "renamed"),
        flow("other", adopt("other")),
        flow("digest", ""),
        schedule("mondays", 0, adopt("weekly")),
        schedule("noon", 2, ""),
      ),
    );
    emulator.clearRequests();
    succeeds(await stack.up());
    expect(changes()).toEqual([`PATCH 1/hog_flows/${ids["equal"]}`]);
    expect(emulator.flow(ids["equal"]!).description).toContain("test/dev/renamed.");
    expect(titles()).toEqual(before);
    expect(emulator.schedules(ids["digest"]!)).toHaveLength(2);
    await nothingToDo();
  });

  it("a replacement makes a new flow, with `adopt` still there", async () => {
    emulator.clearRequests();
    succeeds(await stack.up(["--target-replace", "**other", "--target-replace", "**mondays"]));
    expect(
      changes()
        .map((line) => line.replace(/[0-9a-f-]{36}/g, "<id>"))
        .sort(),
    ).toEqual([
      "DELETE 1/hog_flows/<id>/schedules/<id>",
      "PATCH 1/hog_flows/<id>",
      "PATCH 1/hog_flows/<id>",
      "POST 1/hog_flows",
      "POST 1/hog_flows/<id>/schedules",
    ]);
    expect(
      emulator
        .flows()
        .map(({ name, status }) => `${name} ${status}`)
        .sort(),
    ).toEqual(["digest active", "equal active", "other active", "other archived"]);
    expect(emulator.schedules(ids["digest"]!).map(({ status }) => status)).toEqual(["active", "active"]);
    await nothingToDo();
  });

  it("destroy archives what was adopted", async () => {
    succeeds(await stack.destroy());
    expect(
      emulator
        .flows()
        .map(({ name, status }) => `${name} ${status}`)
        .sort(),
    ).toEqual(["digest archived", "equal archived", "other archived", "other archived"]);
  });
});

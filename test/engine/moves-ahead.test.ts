// Moves and replacements on the real engine never end in nothing: whatever the new place refuses, and wherever the run ends, the flow is there or its
// successor is, and never both of them active.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { arrival, batchTrigger, email, exit, program, requestLine, stackFor, untidy } from "../support/flows";

let emulator: Emulator;
let elsewhere: Emulator;
let stack: Stack;
let place = `projectId: "1"`;

const flow = (args: string, options = "") =>
  `const digest = new HogFlow("digest", { ...${JSON.stringify({ status: "active", actions: { trigger_node: batchTrigger("mail", "DE"), mail: email("exit_node"), exit_node: exit } })}, ${args} } as any, { ${options} });`;
const weekly = `new HogFlowSchedule("weekly", { flow: digest, replaceOnMove: true, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2030-01-07T00:00:00" });`;
const writeAt = (at: string) => stack.writeProgram(program(flow(`${at}, replaceOnMove: true`), weekly));
const writes = (from: Emulator) =>
  from.requests
    .filter(({ method }) => method !== "GET")
    .map((request) => requestLine(request).replace(/[0-9a-f-]{36}/g, "*"));
const fails = (result: CommandResult) => {
  expect(result.code, result.output).not.toBe(0);
  expect(untidy(result.output)).toEqual([]);
  return result.output.replace(/\s+/g, " ");
};
const succeeds = (result: CommandResult) => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
/** The flow is where it was, with its schedule, and nothing was made anywhere else. */
const nothingLost = (project: string) => {
  expect(emulator.flows(project)).toMatchObject([{ status: "active", schedules: [{ status: "active" }] }]);
  expect([...emulator.flows(project === "1" ? "2" : "1"), ...elsewhere.flows()]).toEqual([]);
};

beforeAll(async () => {
  [emulator, elsewhere] = await Promise.all([
    startEmulator({ projects: [{ id: "1" }, { id: "2" }] }),
    startEmulator({ keys: [{ key: "phx_reader", scopes: ["hog_flow:read"] }], projects: [{ id: "7" }] }),
  ]);
  stack = await stackFor(emulator, {
    key: null,
    config: { "posthog:apiKeys": JSON.stringify({ [emulator.url]: "phx_test", [elsewhere.url]: "phx_reader" }) },
  });
  await writeAt(place);
  succeeds(await stack.up());
});
beforeEach(() => {
  for (const each of [emulator, elsewhere]) {
    each.clearFaults();
    each.clearRequests();
  }
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
  await elsewhere?.stop();
});

describe("refused", () => {
  it("in preview: a project that does not exist, and a host that no key is for", async () => {
    await writeAt(`projectId: "99"`);
    expect(fails(await stack.preview())).toContain("project 99 on");
    await writeAt(`host: "https://eu.posthog.com", projectId: "7"`);
    expect(fails(await stack.preview())).toContain("cannot move to project 7 on https://eu.posthog.com");
    expect(writes(emulator)).toEqual([]);
    nothingLost("1");
  });

  it("in up: a key that may only read", async () => {
    await writeAt(`host: "${elsewhere.url}", projectId: "7"`);
    const output = fails(await stack.up());
    expect(output).toContain("Nothing was deleted");
    expect(output).toContain("hog_flow:write");
    nothingLost("1");
  });

  it("in up: a definition that the new place does not take, and one that the same place does not take any more", async () => {
    const refusal = {
      method: "POST",
      kind: "status",
      status: 400,
      when: "before",
      times: 9,
      body: { type: "validation_error", code: "invalid_input", detail: "Not like this.", attr: "actions" },
    } as const;
    emulator.fault(refusal);
    await writeAt(`projectId: "2"`);
    expect(fails(await stack.up())).toContain("Not like this.");
    nothingLost("1");
    await writeAt(place);
    // The engine deletes the schedule first, and has said nothing of a replacement to it.
    fails(await stack.up(["--target-replace", "**digest"]));
    expect(emulator.flows("1")).toMatchObject([{ status: "active" }]);
    emulator.clearFaults();
    succeeds(await stack.up());
    nothingLost("1");
  });
});

describe("interrupted", () => {
  const move = async (to: string) => {
    place = `projectId: "${to}"`;
    await writeAt(place);
  };
  const settled = async (from: string, to: string) => {
    emulator.clearFaults();
    await stack.cancel().catch(() => undefined);
    succeeds(await stack.up());
    expect(emulator.flows(from)).toEqual([]);
    expect(emulator.flows(to)).toMatchObject([{ status: "active", schedules: [{ status: "active" }] }]);
    succeeds(await stack.up(["--expect-no-changes"]));
  };

  it("by a lost answer to its draft, makes one", async () => {
    emulator.fault({ method: "POST", path: /projects\/2\/hog_flows\/?$/, kind: "cut", when: "after" });
    await move("2");
    succeeds(await stack.up());
    await settled("1", "2");
  });

  it("after its draft, goes on with it", async () => {
    emulator.fault({ method: "DELETE", kind: "hang", when: "before", times: 9 });
    await move("1");
    const kill = { when: arrival(emulator, "DELETE", /projects\/2/), target: "all" } as const;
    await stack.up([], { kill });
    expect(emulator.flows("1")).toMatchObject([{ status: "draft" }]);
    const { id } = emulator.flows("1")[0];
    expect(emulator.flows("2")).toMatchObject([{ status: "active" }]);
    await settled("2", "1");
    expect(emulator.flows("1")[0].id).toBe(id);
  });

  it("after the deletion, goes on with its draft", async () => {
    emulator.fault({ method: "PATCH", path: "projects/2", kind: "hang", when: "before", times: 9 });
    await move("2");
    await stack.up([], { kill: { when: arrival(emulator, "PATCH", /projects\/2/), target: "all" } });
    expect(emulator.flows("1")).toEqual([]);
    expect(emulator.flows("2")).toMatchObject([{ status: "draft" }]);
    const { id } = emulator.flows("2")[0];
    await settled("1", "2");
    expect(emulator.flows("2")[0].id).toBe(id);
  });
});

it("a destroy that runs the program makes no draft", async () => {
  succeeds(
    await stack.run([
      "destroy",
      "--yes",
      "--skip-preview",
      "--run-program",
      "--stack",
      stack.stack,
      "--non-interactive",
      "--color",
      "never",
    ]),
  );
  expect(writes(emulator).filter((line) => line.startsWith("POST"))).toEqual([]);
  expect([...emulator.flows("1"), ...emulator.flows("2")]).toEqual([]);
});

// What a killed run left behind is found, whatever the program says next: schedules that no resource manages, and flows in no state.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, Stack } from "../support/engine";
import { arrival, flow, mailing, program, stackFor, untidy } from "../support/flows";
import { typeOf } from "../support/transport";

let emulator: Emulator;
let stack: Stack;

const clock = {
  status: "active",
  actions: {
    trigger_node: { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" },
    exit_node: { type: "exit", name: "Exit" },
  },
};
const digest = flow("digest", clock);
const schedule = (name: string, day: string, more = "", options = "{}"): string =>
  `const ${name} = new HogFlowSchedule("${name}", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=${day}", startsAt: "2030-01-07T09:00:00", ${more} }, ${options});`;
const write = (...statements: string[]): Promise<void> => stack.writeProgram(program(...statements));
const live = (): string[] =>
  emulator
    .schedules(emulator.flows().find(({ name }) => name === "digest")!.id)
    .map(({ rrule }) => rrule)
    .sort();
const succeeds = (result: CommandResult): CommandResult => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
  return result;
};
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));
/** An `up` whose provider is killed once a schedule's POST has worked. */
async function killedAfterPost(): Promise<void> {
  emulator.clearRequests();
  emulator.fault({ method: "POST", path: "/schedules", when: "after", kind: "hang" });
  const killed = await stack.up([], {
    kill: { when: arrival(emulator, "POST", /schedules\/?$/).then(aMoment), target: "provider" },
  });
  expect(killed.code).not.toBe(0);
}

beforeEach(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, {});
});
afterEach(async () => {
  await stack.dispose();
  await emulator.stop();
});

const MANAGES = /has a schedule that no resource of this stack manages/;
const LEFT = /has a schedule that no resource that this run has seen manages/;

describe("a schedule whose creation was killed", () => {
  it("stops the next up once its rule is changed in the program, and shows in a refresh; it is adopted, or acknowledged", async () => {
    await write(digest, schedule("monday", "MO"));
    await killedAfterPost();
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=MO"]);

    // A refresh of its own in between forgets nothing.
    succeeds(await stack.refresh());
    await write(digest, schedule("monday", "TU"));
    const refused = await stack.up();
    expect(refused.code).not.toBe(0);
    expect(untidy(refused.output)).toEqual([]);
    expect(refused.output).toMatch(MANAGES);
    const [, adopt = "", id = ""] = /adopt: "([^"/]+\/([^"]+))"/.exec(refused.output) ?? [];
    expect(refused.output).toContain(`acknowledge: ["unmanaged-schedule@${id}"]`);
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=MO"]);

    await write(digest, schedule("monday", "TU"), schedule("left", "MO", `adopt: "${adopt}"`));
    expect(succeeds(await stack.up()).output).not.toContain("warning");
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"]);
    expect(succeeds(await stack.refresh(["--expect-no-changes"])).output).not.toContain("warning");
    await write(digest, schedule("monday", "TU"));
    expect(succeeds(await stack.up()).output).not.toContain("warning");
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=TU"]);
  });

  it("shows in a refresh, and is left alone once it is acknowledged", async () => {
    await write(digest, schedule("friday", "FR"));
    succeeds(await stack.up());
    await write(digest, schedule("friday", "FR"), schedule("monday", "MO"));
    await killedAfterPost();
    const refresh = succeeds(await stack.refresh());
    expect(refresh.output).toMatch(LEFT);
    const id = /unmanaged-schedule@([^"]+)"/.exec(refresh.output)![1]!;

    await write(
      digest,
      schedule("friday", "FR", `acknowledge: ["unmanaged-schedule@${id}"]`),
      schedule("monday", "TU"),
    );
    expect(succeeds(await stack.up()).output).not.toContain("warning");
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU"]);
    expect(succeeds(await stack.refresh(["--expect-no-changes"])).output).not.toContain("warning");
  });
});

describe("a flow whose creation was killed", () => {
  it("is named before its renamed resource makes a second one, and at the end of that run", async () => {
    await write(flow("old", { ...mailing(), status: "active" }));
    emulator.clearRequests();
    emulator.fault({ method: "PATCH", when: "after", kind: "hang" });
    const killed = await stack.up([], {
      kill: { when: arrival(emulator, "PATCH", /hog_flows/).then(aMoment), target: "provider" },
    });
    expect(killed.code).not.toBe(0);
    const { id } = emulator.flows()[0];

    await write(flow("renamed", { ...mailing(), status: "active" }));
    const before = /Flow "renamed": resource "renamed" does the same as flow "old" .*aliases: \[\{ name: "old" \}\]/;
    const preview = succeeds(await stack.preview());
    expect(preview.output).toMatch(before);
    expect(preview.output).not.toContain("no resource that this run has seen manages");
    const up = succeeds(await stack.up());
    expect(up.output).toMatch(before);
    expect(up.output).toContain(
      `Flow "old" (${id}) is marked as this stack's and active, and no resource that this run has seen manages it`,
    );

    await write(
      flow("renamed", { ...mailing(), status: "active" }),
      flow("kept", { ...mailing("Other"), status: "active", adopt: id }),
    );
    expect((await stack.up()).output).not.toContain("no resource that this run has seen manages");
  });

  it("is no copy of it that somebody has renamed and rewritten, also when the state is lost", async () => {
    await write(flow("journey", { ...mailing(), status: "active" }));
    succeeds(await stack.up());
    const original = emulator.flows()[0];
    const copy = emulator.ui.create("1", { ...original, id: undefined, name: "Spring", status: "draft" });
    emulator.ui.edit(
      copy.id,
      (live) =>
        void (live.actions.find((step: any) => step.id === "mail").config.inputs.email.value.subject = "Of marketing"),
    );
    emulator.ui.remove(original.id);
    const before = JSON.stringify(emulator.flow(copy.id));
    const state = await stack.exportState();
    await stack.importState({
      ...state,
      deployment: {
        ...state.deployment,
        resources: state.deployment.resources.filter(({ type }: any) => !/HogFlow/.test(type)),
      },
    });
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(untidy(up.output)).toEqual([]);
    for (const part of [
      "It is a draft under another title",
      "actions.mail.config.inputs.email.value.subject",
      `adopt: "${copy.id}"`,
    ])
      expect(up.output).toContain(part);
    expect(JSON.stringify(emulator.flow(copy.id))).toBe(before);
    expect(emulator.flows()).toHaveLength(1);
  });
});

describe("no alarm", () => {
  it("is raised by schedules that are renamed, replaced, made together or one after another", async () => {
    await write(
      digest,
      schedule("a", "MO"),
      schedule("b", "TU", "", "{ dependsOn: [a] }"),
      schedule("c", "WE"),
      schedule("d", "TH"),
    );
    const quiet = async (up: Promise<CommandResult>): Promise<void> =>
      expect(succeeds(await up).output).not.toContain("warning");
    await quiet(stack.up());
    await write(digest, schedule("a", "FR"), schedule("b", "SA", "", "{ dependsOn: [a] }"), schedule("e", "SU"));
    await quiet(stack.up());
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=SA", "FREQ=WEEKLY;BYDAY=SU"]);
    await quiet(stack.refresh(["--expect-no-changes"]));
    const urn = (name: string): string => `urn:pulumi:dev::test::${typeOf("schedule")}::${name}`;
    await quiet(stack.refresh(["--target", urn("a")]));
    await write(digest, schedule("a", "MO"), schedule("b", "SA", "", "{ dependsOn: [a] }"), schedule("e", "SU"));
    await quiet(stack.up(["--target", urn("a")]));
    await write(digest, schedule("f", "TU"));
    await quiet(stack.up(["--refresh"]));
    expect(live()).toEqual(["FREQ=WEEKLY;BYDAY=TU"]);
    await quiet(stack.destroy());
  });
});

// What no resource of a run has: schedules of a flow that carries the stack's marker, and flows of the stack. Found without false alarm, and said with ways on.
import { describe, expect, it } from "vitest";
import { marked, parseOwner } from "../../definition/canonical/marker";
import type { Dict } from "../../definition/canonical/values";
import { sayUnmanaged } from "../../provider/ownership/unmanaged";
import { Session } from "../../provider/session";
import { scheduleLifecycle } from "../../provider/schedule/lifecycle";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { inputsOf, useLifecycle, type Rig } from "./support";

const world = useLifecycle();
const CLOCK = {
  trigger_node: { type: "trigger", name: "Clock", config: { type: "schedule" }, next: "exit_node" },
  exit_node: { type: "exit", name: "Exit" },
};
const urn = (name: string, stack = "dev"): string => `urn:pulumi:${stack}::shop::posthog:HogFlowSchedule::${name}`;

/** The next run of the same stack, in a process of its own. */
function later(rig: Rig): Rig {
  const warnings: string[] = [];
  const notes: string[] = [];
  const session = new Session({
    env: { POSTHOG_API_KEY: "phx_test", POSTHOG_HOST: rig.emulator.url },
    clock: rig.clock,
    warn: (text) => void warnings.push(text),
    note: (text) => void notes.push(text),
  });
  return { ...rig, session, flow: flowLifecycle(session), schedule: scheduleLifecycle(session), warnings, notes };
}

class Program {
  readonly states = new Map<string, { id: string; inputs: Dict; outs: Dict }>();
  flowState: { id: string; inputs: Dict; outs: Dict } | undefined;
  constructor(public rig: Rig) {}

  next(): void {
    this.rig = later(this.rig);
  }

  /** The flow's turn in an `up`, with the names of its schedules. */
  async flow(...schedules: string[]): Promise<string> {
    const { flow } = this.rig;
    const news = inputsOf(this.rig, { actions: CLOCK, status: "active", __schedules: schedules, flows: 1 });
    const { inputs, failures } = await flow.check(this.flowState?.inputs ?? {}, news);
    expect(failures).toEqual([]);
    if (this.flowState) {
      expect(await flow.diff(this.flowState.id, this.flowState.outs, inputs)).toEqual({ changes: false });
      this.flowState.inputs = inputs;
    } else this.flowState = { ...(await flow.create(inputs)), inputs };
    return this.flowState.id;
  }

  /** A schedule's turn. */
  async schedule(name: string, day: string, siblings: string[], more: Dict = {}): Promise<void> {
    const { schedule } = this.rig;
    const state = this.states.get(name);
    const { flowId: _, host, projectId } = { flowId: "", ...this.rig.place };
    const news = {
      flowId: this.flowState!.id,
      triggerFingerprint: "none",
      host,
      projectId,
      owner: urn(name),
      siblings,
      rrule: `FREQ=WEEKLY;BYDAY=${day}`,
      startsAt: "2030-01-07T09:00:00Z",
      ...more,
    };
    const { inputs, failures } = await schedule.check(state?.inputs ?? {}, news);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    expect(inputs).not.toHaveProperty("siblings");
    if (!state) this.states.set(name, { ...(await schedule.create(inputs)), inputs });
    else if ((await schedule.diff(state.id, state.outs, inputs)).changes !== false)
      this.states.set(name, { id: state.id, inputs, outs: (await schedule.update(state.id, state.outs, inputs)).outs });
  }

  async remove(name: string): Promise<void> {
    const { id, outs } = this.states.get(name)!;
    await this.rig.schedule.delete(id, outs);
    this.states.delete(name);
  }

  /** As somebody makes it in PostHog, or as a killed run leaves it. */
  orphan(day = "FR"): string {
    return this.rig.emulator.ui.schedule.create(this.flowState!.id, {
      rrule: `FREQ=WEEKLY;BYDAY=${day}`,
      starts_at: "2030-01-07T09:00:00Z",
      timezone: "UTC",
    }).id;
  }

  get live(): string[] {
    return this.rig.emulator
      .schedules(this.flowState!.id)
      .map(({ rrule }: { rrule: string }) => rrule.slice(-2))
      .sort();
  }

  end(): string[] {
    sayUnmanaged(this.rig.session);
    return this.rig.warnings;
  }
}

async function withMonday(): Promise<Program> {
  const program = new Program(world.rig());
  await program.flow("monday");
  await program.schedule("monday", "MO", ["monday"]);
  expect(program.end()).toEqual([]);
  program.next();
  return program;
}

describe("a schedule that no resource has", () => {
  it("stops a creation, an update, and names itself with all ways on", async () => {
    const program = await withMonday();
    const id = program.orphan();
    await program.flow("monday", "tuesday");
    await program.schedule("monday", "MO", ["monday", "tuesday"]);
    const refused = await program.schedule("tuesday", "TU", ["monday", "tuesday"]).catch(String);
    for (const part of [
      `adopt: "${program.flowState!.id}/${id}"`,
      `delete schedule "${id}"`,
      `acknowledge: ["unmanaged-schedule@${id}"]`,
      "FREQ=WEEKLY;BYDAY=FR",
      "active",
    ])
      expect(refused).toContain(part);
    await expect(program.schedule("monday", "WE", ["monday"])).rejects.toThrow(
      "that no resource of this stack manages",
    );
    expect(program.live).toEqual(["FR", "MO"]);
  });

  it("stops the adoption of another one of the same flow", async () => {
    const program = await withMonday();
    const [first, second] = [program.orphan("FR"), program.orphan("SA")];
    await program.flow("monday", "friday");
    await program.schedule("monday", "MO", ["monday", "friday"]);
    const refused = await program
      .schedule("friday", "FR", ["monday", "friday"], { adopt: `${program.flowState!.id}/${first}` })
      .catch(String);
    expect(refused).toContain(`unmanaged-schedule@${second}`);
    expect(refused).not.toContain(`unmanaged-schedule@${first}`);
  });

  it("is left alone once it is acknowledged, and that is no request", async () => {
    const program = await withMonday();
    const id = program.orphan();
    await program.flow("monday");
    const before = program.rig.requests().length;
    await program.schedule("monday", "MO", ["monday"], { acknowledge: [`unmanaged-schedule@${id}`] });
    expect(program.rig.requests()).toHaveLength(before);
    await program.schedule("monday", "WE", ["monday"], { acknowledge: [`unmanaged-schedule@${id}`] });
    expect(program.live).toEqual(["FR", "WE"]);
    expect(program.end()).toEqual([]);
    await expect(program.schedule("monday", "WE", ["monday"], { acknowledge: ["unmanaged-schedule"] })).rejects.toThrow(
      "must name a live schedule",
    );
  });

  it("is named in a run that refreshes when the program acknowledges it no more", async () => {
    for (const change of ["the program", "a schedule that was renamed", "a schedule that is gone"]) {
      const program = await withMonday();
      const id = program.orphan();
      await program.flow("monday", "tuesday");
      const acknowledge = { acknowledge: [`unmanaged-schedule@${id}`] };
      await program.schedule("monday", "MO", ["monday", "tuesday"]);
      await program.schedule("tuesday", "TU", ["monday", "tuesday"], acknowledge);
      program.next();
      for (const state of program.states.values()) await program.rig.schedule.read(state.id, state.outs);
      await program.rig.flow.read(program.flowState!.id, program.flowState!.outs);
      expect(program.end(), change).toEqual([]);
      if (change === "a schedule that is gone") {
        await program.flow("monday");
        await program.schedule("monday", "MO", ["monday"]);
        await program.remove("tuesday");
        expect(program.end().join(), change).toContain(id);
      } else {
        const owner = urn(change === "the program" ? "tuesday" : "wednesday");
        const names = ["monday", parseOwner(owner)!.name];
        await program.flow(...names);
        await program.schedule("monday", "MO", names);
        await expect(program.schedule("tuesday", "TU", names, { owner }), change).rejects.toThrow(id);
      }
    }
  });

  it("is still one when a schedule that exists names it in adopt, which holds for a creation only", async () => {
    const program = await withMonday();
    const id = program.orphan();
    await program.flow("monday");
    const adopt = `${program.flowState!.id}/${id}`;
    await expect(program.schedule("monday", "WE", ["monday"], { adopt })).rejects.toThrow(id);
    expect(program.live).toEqual(["FR", "MO"]);
  });

  it("is not one that the program has lost in this run, and is said at the end when it stays", async () => {
    const program = await withMonday();
    await program.flow("tuesday");
    await program.schedule("tuesday", "TU", ["tuesday"]);
    await program.remove("monday");
    expect(program.end()).toEqual([]);
    expect(program.live).toEqual(["TU"]);

    program.next();
    program.orphan();
    await program.flow("wednesday");
    await program.schedule("wednesday", "WE", ["wednesday"]).catch(() => undefined);
    // Two are there, and one was lost.
    expect(program.live).toEqual(["FR", "TU"]);
  });

  it("stops a creation on a flow that the program takes over: none of its schedules is in the state", async () => {
    const program = await withMonday();
    const adopt = program.flowState!.id;
    const { inputs } = await program.rig.flow.check(
      {},
      inputsOf(program.rig, { actions: CLOCK, status: "active", __schedules: ["tuesday"], flows: 1, adopt }),
    );
    await program.rig.flow.create(inputs);
    await expect(program.schedule("tuesday", "TU", ["tuesday"])).rejects.toThrow(
      "that no resource of this stack manages",
    );
    expect(program.live).toEqual(["MO"]);
  });

  it("does not stop one that the program makes after a pause: what it had before was not counted with it", async () => {
    const program = await withMonday();
    const id = program.orphan();
    await program.flow("monday");
    await program.schedule("monday", "MO", ["monday", "tuesday"]);
    await program.schedule("tuesday", "TU", ["monday", "tuesday"]);
    expect(program.live).toEqual(["FR", "MO", "TU"]);
    expect(program.end().join()).toContain(id);
  });

  it("does not stop a schedule with a bare id beside those of the program", async () => {
    const program = await withMonday();
    program.orphan();
    await program.flow("monday");
    await program.rig.flow.read(program.flowState!.id, program.flowState!.outs);
    await program.schedule("monday", "MO", ["monday"]);
    await program.schedule("tuesday", "TU", [], { triggerFingerprint: undefined });
    expect(program.live).toEqual(["FR", "MO", "TU"]);
  });

  it("is not one that a run which was cut short would have deleted", async () => {
    const program = await withMonday();
    await program.flow("tuesday");
    await program.schedule("tuesday", "TU", ["tuesday"]);
    program.rig.session.managed.isCutShort = true;
    expect(program.end()).toEqual([]);
    program.orphan();
    await program.schedule("tuesday", "WE", ["tuesday"]).catch(() => undefined);
    expect(program.end().join()).toContain("2 schedules that no resource that this run has seen manages");
  });

  it("goes with its flow", async () => {
    const program = await withMonday();
    program.orphan();
    const { id, outs } = program.flowState!;
    const monday = program.states.get("monday")!;
    await program.rig.schedule.read(monday.id, monday.outs);
    await program.rig.flow.read(id, outs);
    await program.remove("monday");
    await program.rig.flow.delete(id, outs);
    expect(program.end()).toEqual([]);
  });

  it("is raised by the last sibling to come when an earlier one could not wait", async () => {
    const program = await withMonday();
    program.orphan();
    await program.flow("monday", "a", "b");
    const names = ["monday", "a", "b"];
    await program.schedule("monday", "MO", names);
    await program.schedule("a", "TU", names);
    expect(program.live).toEqual(["FR", "MO", "TU"]);
    await expect(program.schedule("b", "WE", names)).rejects.toThrow("that no resource of this stack manages");
    expect(program.live).toEqual(["FR", "MO", "TU"]);
  });

  it("is not a sibling's that comes while the first one waits", async () => {
    const program = await withMonday();
    await program.flow("a", "monday");
    const names = ["a", "monday"];
    program.rig.clock.sleep = () => new Promise(() => undefined);
    const first = program.schedule("a", "TU", names);
    await program.schedule("monday", "MO", names);
    await first;
    expect(program.end()).toEqual([]);
  });

  it("is said after a refresh, and not where the flow is not refreshed", async () => {
    const program = await withMonday();
    program.orphan();
    const { id, outs } = program.states.get("monday")!;
    await program.rig.schedule.read(id, outs);
    expect(program.end()).toEqual([]);
    await program.rig.flow.read(program.flowState!.id, program.flowState!.outs);
    expect(program.end()).toEqual([expect.stringContaining("that no resource that this run has seen manages")]);
  });

  it("is nobody's business on a flow without our marker, or with a bare id", async () => {
    const program = await withMonday();
    program.orphan();
    program.rig.emulator.ui.edit(program.flowState!.id, (flow) => (flow.description = ""));
    await program.flow("monday");
    await program.schedule("monday", "WE", ["monday"]);
    expect(program.end()).toEqual([]);
  });

  it("is somebody's business again once an update has written the marker that the refresh did not find", async () => {
    const program = await withMonday();
    const id = program.orphan();
    const { id: flowId, outs, inputs } = program.flowState!;
    program.rig.emulator.ui.edit(flowId, (flow) => (flow.description = ""));
    const monday = program.states.get("monday")!;
    await program.rig.schedule.read(monday.id, monday.outs);
    const read = await program.rig.flow.read(flowId, outs);
    await program.rig.flow.update(flowId, read.props!, { ...inputs, name: "New title" });
    await expect(program.schedule("monday", "WE", ["monday"])).rejects.toThrow(`unmanaged-schedule@${id}`);
    expect(program.end().join()).toContain(id);
  });

  it("comes from a state of an earlier version, which has no owner, without a change", async () => {
    const program = await withMonday();
    const { id, outs, inputs } = program.states.get("monday")!;
    const { owner: _, ...old } = outs;
    expect(await program.rig.schedule.diff(id, old, inputs)).toEqual({ changes: false });
  });
});

describe("a flow that another stack manages", () => {
  const byOther = (program: Program): void =>
    program.rig.emulator.ui.edit(
      program.flowState!.id,
      (flow) => (flow.description = marked("", parseOwner("urn:pulumi:prod::shop::posthog:HogFlow::welcome"))),
    );

  it("gets no schedule, keeps those that it has unchanged, and keeps them on delete", async () => {
    const program = await withMonday();
    byOther(program);
    await program.flow("monday", "tuesday");
    await expect(program.schedule("tuesday", "TU", ["tuesday"])).rejects.toThrow('is managed by "shop/prod/welcome"');
    await expect(program.schedule("monday", "WE", ["monday"])).rejects.toThrow('is managed by "shop/prod/welcome"');
    await program.remove("monday");
    expect(program.live).toEqual(["MO"]);
    expect(program.rig.warnings).toEqual([expect.stringContaining("was left unchanged")]);
  });

  it("gets schedules from its new stack in the run that has refreshed it and taken it over", async () => {
    const program = await withMonday();
    const { id, outs, inputs } = program.flowState!;
    program.rig.session.configure({ "posthog:adoptFrom": "shop/dev" });
    await program.rig.flow.read(id, outs);
    const owner = "urn:pulumi:prod::shop::posthog:HogFlow::welcome";
    await program.rig.flow.update(id, outs, { ...inputs, owner });
    await program.schedule("tuesday", "TU", ["tuesday"], { owner: urn("tuesday", "prod") });
    expect(program.live).toEqual(["MO", "TU"]);
  });

  it("of a state that was imported from another stack no schedule is deleted, where the run is known to be of that one", async () => {
    const program = await withMonday();
    program.next();
    program.rig.session.ports.runningStack = () => ({ stack: "prod" });
    await expect(program.remove("monday")).rejects.toThrow("it belongs to shop/dev, and this run is of shop/prod");
    expect(program.live).toEqual(["MO"]);
  });

  it("of a state whose names were rewritten for an import no schedule is changed or deleted, not even one by its bare id", async () => {
    const program = await withMonday();
    const { id, outs } = program.states.get("monday")!;
    const rewritten = JSON.parse(
      JSON.stringify({ ...outs, triggerFingerprint: undefined }).replaceAll("urn:pulumi:dev::", "urn:pulumi:prod::"),
    );
    program.states.set("monday", { id, outs: rewritten, inputs: {} });
    await expect(
      program.rig.schedule.update(id, rewritten, { ...rewritten, rrule: "FREQ=WEEKLY;BYDAY=WE" }),
    ).rejects.toThrow("was not changed: its state was imported from another stack");
    await expect(program.remove("monday")).rejects.toThrow(
      "was not deleted: its state was imported from another stack",
    );
    expect(program.live).toEqual(["MO"]);
    program.rig.session.configure({ "posthog:adoptFrom": "shop/dev" });
    await program.remove("monday");
    expect(program.live).toEqual([]);
  });

  it("takes schedules by its bare id", async () => {
    const program = await withMonday();
    byOther(program);
    await program.schedule("tuesday", "TU", ["tuesday"], { triggerFingerprint: undefined });
    await program.remove("tuesday");
    expect(program.live).toEqual(["MO"]);
    expect(program.rig.warnings).toEqual([]);
  });
});

describe("a flow of the stack that no resource has", () => {
  const make = async (rig: Rig, name: string, more: Dict = {}): Promise<void> => {
    const owner = `urn:pulumi:dev::shop::posthog:HogFlow::${name}`;
    const { inputs } = await rig.flow.check({}, inputsOf(rig, { name, owner, ...more }));
    await rig.flow.create(inputs);
  };

  it("is searched for again where the search failed", async () => {
    const rig = world.rig();
    await make(rig, "welcome");
    const next = later(rig);
    const { api } = next.session.connection({ host: rig.place.host, projectId: rig.place.projectId });
    const { searchFlows } = api;
    api.searchFlows = () => {
      api.searchFlows = searchFlows;
      return Promise.reject(new Error("not now"));
    };
    await expect(make(next, "welcome")).rejects.toThrow("not now");
    await make(next, "welcome");
    expect(rig.emulator.flows(rig.place.projectId)).toHaveLength(1);
  });

  it("is said at the end of a run that creates: active as a warning, a draft as a note", async () => {
    const rig = world.rig();
    await make(rig, "gone", { status: "active" });
    await make(rig, "drafted", { description: "Another" });
    const next = later(rig);
    await make(next, "new", { description: "Mine" });
    sayUnmanaged(next.session);
    expect(next.warnings).toEqual([
      expect.stringMatching(
        /^Flow "gone" \(.+\) is marked as this stack's and active, and no resource that this run has seen manages it\..*adopt/,
      ),
    ]);
    expect(next.notes).toEqual([expect.stringMatching(/^Flow "drafted" .* adopt/)]);
  });

  it("is not said in a preview, where the run has not seen all, or was cut short", async () => {
    const rig = world.rig();
    await make(rig, "gone", { status: "active" });
    const preview = later(rig);
    await preview.flow.check(
      {},
      inputsOf(rig, { name: "new", description: "Mine", owner: "urn:pulumi:dev::shop::posthog:HogFlow::new" }),
    );
    const limited = later(rig);
    await make(limited, "new", { description: "Mine", flows: 2 });
    const cut = later(rig);
    await make(cut, "other", { description: "Other" });
    cut.session.managed.isCutShort = true;
    for (const { session, warnings } of [preview, limited, cut]) {
      sayUnmanaged(session);
      expect(warnings).toEqual([]);
    }
  });
});

describe("twins", () => {
  const checked = async (rig: Rig, name: string, more: Dict = {}): Promise<string[]> => {
    const before = rig.warnings.length;
    await rig.flow.check(
      {},
      inputsOf(rig, { name, owner: `urn:pulumi:dev::shop::posthog:HogFlow::${name}`, status: "active", ...more }),
    );
    return rig.warnings.slice(before);
  };

  it("of one program are named, once, unless one of them acknowledges it", async () => {
    const rig = world.rig();
    expect(await checked(rig, "one")).toEqual([]);
    expect(await checked(rig, "one")).toEqual([]);
    expect(await checked(rig, "two")).toEqual([
      expect.stringMatching(/flows "one" and "two" of this program have the same trigger and steps.*\[twin\]$/),
    ]);
    expect(await checked(later(rig), "three", { acknowledge: ["twin"] })).toEqual([]);
    const other = later(rig);
    expect(await checked(other, "one", { acknowledge: ["twin"] })).toEqual([]);
    expect(await checked(other, "two")).toEqual([]);
    expect(await checked(other, "draft", { status: "draft" })).toEqual([]);
  });
});

// L9: what a change does to people in flight is told before, and with protectInFlight it happens only when there are none.
import { describe, expect, it } from "vitest";
import type { Fault } from "../../emulator/index";
import type { ProviderError } from "../support/provider-process";
import { exit, mail, type Resource, setSubject, step, subjectOf, trigger, useWorld, withHook } from "./support";

const world = useWorld();
const ui = () => world.emulator.ui;

const delay = (next: string, delayDuration = "1d", name = "A day") => ({
  type: "delay",
  name,
  config: { delayDuration },
  next,
});
/** Trigger, wait, mail, exit. */
const waiting = ({ subject = "Welcome!", ...more }: Record<string, unknown> = {}): any => ({
  status: "active",
  actions: { trigger_node: trigger("wait"), wait: delay("mail"), mail: mail(subject), exit_node: exit },
  ...more,
});
/** Without the wait. */
const hasty = ({ subject = "Welcome!", ...more }: Record<string, unknown> = {}): any => ({
  status: "active",
  actions: { trigger_node: trigger("mail"), mail: mail(subject), exit_node: exit },
  ...more,
});
const PROTECTED = waiting({ protectInFlight: true });
const PROTECTED_HASTY = hasty({ protectInFlight: true });

const made = async (args: object): Promise<Resource> => {
  const flow = world.project().flow(args);
  await flow.go();
  return flow;
};
const errorOf = (run: Promise<unknown>): Promise<ProviderError> =>
  run.then(
    () => expect.unreachable(),
    (error: ProviderError) => error,
  );
const stepIds = (flow: Resource): string[] => flow.live.actions.map(({ id }: { id: string }) => id);

/** Nothing of the program is missing live, nothing is left over, and nobody sees drift. */
const settled = async (flow: Resource): Promise<void> => {
  expect(flow.live.draft).toBeNull();
  expect((await flow.preview()).op).toBe("same");
  expect(await flow.refresh()).toBe("same");
  expect((await flow.preview()).op).toBe("same");
  expect(flow.outputs).not.toHaveProperty("stagedDraft");
  expect(flow.outputs).not.toHaveProperty("attempt");
  expect(flow.outputs).toMatchObject({
    updatedAt: flow.live.updated_at,
    version: flow.live.version,
    liveStatus: flow.live.status,
  });
};

describe("L9: preview tells what happens to people in flight", () => {
  let next = 0;
  /** What a preview of `after` says about people, after an up of `before`. */
  const told = async (before: any, after: any): Promise<string | undefined> => {
    const name = `People ${(next += 1)}`;
    const flow = await made({ ...before, name });
    const since = (await world.provider.warnings()).length;
    await flow.preview({ ...after, name });
    const found = (await world.provider.warnings())
      .slice(since)
      .filter((text) => text.includes(`"${name}"`) && text.includes("in flight"));
    expect(found.length).toBeLessThan(2);
    return found[0]?.replace(`Flow "${name}": `, "");
  };
  const intro = "this change concerns people in flight:";

  it("names the removed step and the one where they go on", async () => {
    expect(await told(waiting(), hasty())).toBe(`${intro}\n  people in "wait" (A day) move to "mail"`);
  });

  it("names the new id of a step that was renamed", async () => {
    const renamed = waiting();
    renamed.actions = { trigger_node: trigger("pause"), pause: delay("mail"), mail: mail(), exit_node: exit };
    expect(await told(waiting(), renamed)).toBe(
      `${intro}\n  people in "wait" (A day) move to "mail"; "pause" looks like the same step under another id: keep the id "wait" and they stay where they are`,
    );
  });

  it("says who leaves because nothing of theirs is left", async () => {
    const other = { status: "active", actions: { trigger_node: trigger("over"), over: exit } };
    expect(await told(waiting(), other)).toBe(
      `${intro}\n  people in "mail" (Welcome mail) leave the flow: none of their later steps is left\n  people in "wait" (A day) leave the flow: none of their later steps is left`,
    );
  });

  it("says where those go on whose way on changed", async () => {
    const rewired = waiting();
    rewired.actions.wait = delay("exit_node");
    expect(await told(waiting(), rewired)).toBe(
      `${intro}\n  people in "wait" (A day) continue at "exit_node" when their wait ends`,
    );
  });

  it("says that a step of a new type starts again", async () => {
    const retyped = waiting();
    retyped.actions.wait = {
      type: "wait_until_time_window",
      name: "Office hours",
      config: { day: "weekday", time: ["09:00", "17:00"], timezone: "UTC" },
      next: "mail",
    };
    expect(await told(waiting(), retyped)).toBe(
      `${intro}\n  people in "wait" (A day) start the step again, in its new type`,
    );
  });

  it.each(["draft", "archived"])(
    "says that everybody leaves when an active flow becomes %s, and nothing of steps then",
    async (status) => {
      expect(await told(waiting(), hasty({ status }))).toBe(
        `${intro}\n  everybody in flight leaves the flow, because it becomes ${status}`,
      );
    },
  );

  it("says that everybody leaves with a replacement", async () => {
    expect(await told(waiting(), hasty({ projectId: "399", replaceOnMove: true }))).toBe(
      `${intro}\n  everybody in flight leaves the flow, because it is deleted there and recreated at its new host or project`,
    );
  });

  it.each([
    ["a draft", waiting({ status: "draft" }), hasty({ status: "draft" })],
    ["a draft that is switched on", waiting({ status: "draft" }), hasty()],
    ["an archived flow", waiting({ status: "archived" }), hasty({ status: "archived" })],
    ["a draft that is archived", waiting({ status: "draft" }), waiting({ status: "archived" })],
    ["a changed text", waiting(), waiting({ subject: "Other" })],
    ["a step that is added where nobody waits", hasty(), waiting()],
    ["the same program", waiting(), waiting()],
  ])("says nothing of %s", async (_, before, after) => {
    expect(await told(before, after)).toBeUndefined();
  });

  const paid = { key: "paid", value: ["true"], operator: "exact", type: "person" };
  const goal = { filters: [paid] };
  const byPerson = {
    ...trigger("wait"),
    config: { type: "event", filters: { events: [{ id: "user signed up" }], properties: [paid] } },
  };
  const checked = (more: object = {}): any => waiting({ exitCondition: "exit_on_trigger_not_matched", ...more });
  const branch = (value: string): any => ({
    type: "conditional_branch",
    name: "Plan?",
    config: {
      conditions: [{ filters: { properties: [{ key: "plan", value: [value], operator: "exact", type: "person" }] } }],
    },
    branches: ["mail"],
    next: "exit_node",
  });
  const planned = (value: string): any => ({
    status: "active",
    actions: { trigger_node: trigger("wait"), wait: delay("plan"), plan: branch(value), mail: mail(), exit_node: exit },
  });

  it.each([
    [
      "a goal that is added",
      waiting(),
      waiting({ conversion: goal }),
      "people in flight who meet the goal leave the flow when they next wake: the goal or the exit condition changes",
    ],
    [
      "an exit condition that sees the goal",
      waiting({ conversion: goal, exitCondition: "exit_only_at_end" }),
      waiting({ conversion: goal }),
      "people in flight who meet the goal leave the flow when they next wake: the goal or the exit condition changes",
    ],
    [
      "an exit condition that asks the trigger again",
      waiting(),
      checked(),
      "people in flight who do not match the trigger leave the flow when they next wake: its filters or the exit condition change",
    ],
    [
      "filters of the trigger that are asked again",
      checked(),
      checked({ actions: { ...waiting().actions, trigger_node: byPerson } }),
      "people in flight who do not match the trigger leave the flow when they next wake: its filters or the exit condition change",
    ],
    [
      "a goal that is taken out",
      waiting({ conversion: goal }),
      waiting(),
      "people in flight who would have left early stay: the goal, the trigger's filters or the exit condition change",
    ],
    [
      "a length that is changed",
      waiting(),
      waiting({ actions: { ...waiting().actions, wait: delay("mail", "2d") } }),
      'people in "wait" (A day) wake at another time; those whose new time is already over continue within minutes',
    ],
    [
      "conditions that people come to later",
      planned("free"),
      planned("pro"),
      'people who come to "plan" (Plan?) may move to another step: what decides it changes',
    ],
    [
      "a failure that comes to end the run",
      waiting(),
      waiting({ actions: { ...waiting().actions, mail: { ...mail(), onError: "abort" } } }),
      'people in "mail" (Welcome mail) leave the flow if the step fails',
    ],
  ])("speaks of %s", async (_, before, after, line) => {
    expect(await told(before, after)).toBe(`${intro}\n  ${line}`);
  });

  it("speaks of what an adopted flow holds, before it is overwritten", async () => {
    const flow = await made(waiting({ name: "Live" }));
    const project = flow.project;
    const other = project.flow(
      hasty({ name: "Adopted", adopt: flow.id, adoptFrom: "shop/dev", overwriteDrift: flow.live.updated_at }),
      "adopter",
    );
    const since = (await world.provider.warnings()).length;
    await other.preview();
    expect((await world.provider.warnings()).slice(since).join("\n")).toContain(
      'people in "wait" (A day) move to "mail"',
    );
  });

  it("speaks of a flow whose status belongs to the editor, which may be active", async () => {
    const { status: _b, ...before } = waiting();
    const { status: _a, ...after } = hasty();
    expect(await told(before, after)).toContain('people in "wait" (A day) move to "mail"');
  });

  it("says nothing where the program is refused", async () => {
    const flow = await made(waiting({ name: "Refused" }));
    await flow.preview(hasty({ name: "Refused", onDelete: "burn" })).catch(() => undefined);
    expect(
      (await world.provider.warnings()).filter((text) => text.includes('"Refused"') && text.includes("in flight")),
    ).toEqual([]);
  });
});

/** Fence, staging, count. */
const COUNTED = ["GET /* 200", "PATCH /* 200", "POST /*/publish 200"];
/** What dropping the staged draft takes. */
const DROPPED = ["GET /* 200", "POST /*/discard_draft 200"];

describe("L9: protectInFlight", () => {
  it("stages, counts and publishes a change when nobody is in flight", async () => {
    const flow = await made(PROTECTED);
    expect(await flow.project.during(() => flow.go(PROTECTED_HASTY))).toEqual([...COUNTED, "POST /*/publish 200"]);
    const [patch, preview, publication] = flow.project.records.slice(-3).map(({ body }) => body as any);
    expect(patch).toMatchObject({ stage_draft: true, base_updated_at: expect.any(String) });
    for (const key of ["name", "description", "status"]) expect(patch).not.toHaveProperty(key);
    expect(preview).toEqual({ confirm: false });
    expect(publication).toEqual({ confirm: true, confirm_token: expect.any(String) });
    expect(stepIds(flow)).toEqual(["trigger_node", "mail", "exit_node"]);
    expect(flow.live.version).toBe(2);
    await settled(flow);
  });

  it("publishes a change of a flow with a secret, which stays what it is", async () => {
    const args = (next: string, secret: string) => ({
      ...withHook({ headers: { value: { Authorization: secret } } }, { status: "active", protectInFlight: true }),
      actions: {
        trigger_node: trigger("wait"),
        wait: delay(next),
        hook: withHook({ headers: { value: { Authorization: secret } } }).actions.hook,
        exit_node: exit,
      },
    });
    const flow = await made(args("hook", "Bearer one"));
    await flow.go(args("exit_node", "Bearer two"));
    expect(step(flow.live, "hook").config.inputs.headers.value).toEqual({ Authorization: "Bearer two" });
    await settled(flow);
  });

  it("mends a flow that is stored incomplete, as long as that moves nobody", async () => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 3);
    ui().storeRaw(flow.id, (stored) => void delete step(stored, "wait").name);
    expect(await flow.refresh()).toBe("changed");
    expect(await flow.go()).toBe("update");
    expect(step(flow.live, "wait").name).toBe("A day");
    await settled(flow);
  });

  it("does not move anybody in a flow that is stored incomplete, where nobody can be counted", async () => {
    const flow = await made(PROTECTED);
    ui().storeRaw(flow.id, (stored) => void delete step(stored, "wait").name);
    await flow.refresh();
    const before = flow.live;
    for (const args of [PROTECTED_HASTY, { ...PROTECTED, status: "draft" }]) {
      const error = await errorOf(flow.go(args));
      expect(error.isPartial).toBe(false);
      expect(error.message).toContain("protectInFlight: the flow is stored incomplete");
      expect(error.message).toContain(
        "Nothing was changed. Fix the incomplete step in PostHog's editor, or remove protectInFlight, and run pulumi up again",
      );
      expect(flow.live).toEqual(before);
    }
    await flow.go(hasty());
    expect(stepIds(flow)).toEqual(["trigger_node", "mail", "exit_node"]);
    await settled(flow);
  });

  it.each([
    [1, "1 person is"],
    [42, "42 people are"],
  ])(
    "drops the staged change when %i are in flight, and says so; the next up works when they have left",
    async (count, words) => {
      const flow = await made(PROTECTED);
      world.emulator.inFlight(flow.id, count);
      const before = structuredClone(flow.state);
      const live = flow.live;
      const since = flow.project.requests().length;
      const error = await errorOf(flow.go(PROTECTED_HASTY));
      expect(flow.project.requests(since)).toEqual([...COUNTED, ...DROPPED]);
      expect(error.isPartial).toBe(false);
      expect(error.message).toContain(
        `protectInFlight: ${words} in this flow, and the change would move or eject them`,
      );
      expect(error.message).toContain("Nothing live was changed. Run pulumi up again when nobody waits");
      expect(flow.state).toEqual(before);
      // Dropping a draft moves the stamp, and nothing else.
      expect(flow.live).toEqual({ ...live, updated_at: flow.live.updated_at });

      world.emulator.inFlight(flow.id, 0);
      expect(await flow.go()).toBe("update");
      expect(stepIds(flow)).toEqual(["trigger_node", "mail", "exit_node"]);
      await settled(flow);
    },
  );

  it("is refused when PostHog cannot count", async () => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, null);
    expect(await flow.fails(PROTECTED_HASTY)).toContain("PostHog could not say how many people are in this flow");
    expect(stepIds(flow)).toContain("wait");
    expect(flow.live.draft).toBeNull();
    expect((await flow.preview(PROTECTED)).op).toBe("same");
  });

  it("is not there without it: the same change goes straight, whoever waits", async () => {
    const flow = await made(waiting());
    world.emulator.inFlight(flow.id, 5);
    expect(await flow.project.during(() => flow.go(hasty()))).toEqual(["PUT /* 200"]);
  });

  it.each([
    ["a text", waiting({ protectInFlight: true, subject: "Other" })],
    ["a description", waiting({ protectInFlight: true, description: "Other" })],
    ["an exit condition", waiting({ protectInFlight: true, exitCondition: "exit_only_at_end" })],
  ])("lets %s go straight, whoever waits: it moves nobody", async (_, args) => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 5);
    expect(await flow.project.during(() => flow.go(args))).toEqual(["PUT /* 200"]);
    await settled(flow);
  });

  it.each([
    [
      "a goal",
      waiting({
        protectInFlight: true,
        conversion: { filters: [{ key: "paid", value: ["true"], operator: "exact", type: "person" }] },
      }),
    ],
    [
      "an exit condition that asks the trigger again",
      waiting({ protectInFlight: true, exitCondition: "exit_on_trigger_not_matched" }),
    ],
    [
      "a failure that comes to end the run",
      waiting({ protectInFlight: true, actions: { ...waiting().actions, mail: { ...mail(), onError: "abort" } } }),
    ],
  ])("holds %s back while people wait, who would leave by it", async (_, args) => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 5);
    const live = flow.live;
    expect(await flow.fails(args)).toContain("protectInFlight: 5 people are in this flow");
    expect(flow.live).toEqual({ ...live, updated_at: flow.live.updated_at });
    world.emulator.inFlight(flow.id, 0);
    await flow.go(args);
    await settled(flow);
  });

  it("lets every change of a draft go straight", async () => {
    const flow = await made({ ...PROTECTED, status: "draft" });
    world.emulator.inFlight(flow.id, 5);
    expect(await flow.project.during(() => flow.go({ ...PROTECTED_HASTY, status: "draft" }))).toEqual(["PUT /* 200"]);
    await settled(flow);
  });

  it("applies a new name and description beside the change, in one request more", async () => {
    const flow = await made(waiting({ protectInFlight: true, name: "One", description: "First." }));
    const args = hasty({ protectInFlight: true, name: "Two", description: "Second." });
    expect(await flow.project.during(() => flow.go(args))).toEqual([...COUNTED, "POST /*/publish 200", "PATCH /* 200"]);
    expect(flow.live.name).toBe("Two");
    expect(flow.live.description).toContain("Second.");
    expect(stepIds(flow)).not.toContain("wait");
    await settled(flow);
  });

  it.each([
    ["cut", "before"],
    ["cut", "after"],
    ["status", "before"],
    ["status", "after"],
  ] as const)(
    "keeps what was published when the name cannot follow (%s %s), and the next up brings it",
    async (kind, when) => {
      const flow = await made(waiting({ protectInFlight: true, name: "One" }));
      flow.project.fault({ method: "PATCH", skip: 1, kind, when, ...(kind === "status" ? { status: 500 } : {}) });
      const args = hasty({ protectInFlight: true, name: "Two" });
      const error = await flow.go(args).then(
        () => undefined,
        (thrown: ProviderError) => thrown,
      );
      expect(stepIds(flow)).not.toContain("wait");
      if (when === "before") {
        expect(error?.isPartial).toBe(true);
        expect(error?.shown).toContain("its name and description could not be changed");
        expect(flow.outputs["name"]).toBe("One");
        expect(await flow.project.during(() => flow.go())).toEqual(["PUT /* 200"]);
      }
      expect(flow.live.name).toBe("Two");
      await settled(flow);
    },
  );

  it("passes over a background refresh", async () => {
    const flow = await made(PROTECTED);
    world.emulator.backgroundRefresh(flow.project.id);
    await flow.go(PROTECTED_HASTY);
    await settled(flow);
  });

  it("stops at an edit that nobody has seen, before anything is staged", async () => {
    const flow = await made(PROTECTED);
    ui().edit(flow.id, setSubject("Theirs"));
    const since = flow.project.requests().length;
    expect(await flow.fails(PROTECTED_HASTY)).toContain("would overwrite it unseen");
    expect(flow.project.requests(since)).toEqual(["GET /* 200"]);
    expect(flow.live.draft).toBeNull();
  });

  it("counts, too, when an edit is overwritten that people may wait in", async () => {
    const flow = await made(PROTECTED);
    const { updated_at } = ui().edit(flow.id, (live) => {
      live.actions.splice(2, 0, { ...step(live, "wait"), id: "theirs", name: "Theirs" });
      live.edges = live.edges
        .map((edge: any) => (edge.from === "wait" ? { ...edge, to: "theirs" } : edge))
        .concat({ from: "theirs", to: "mail", type: "continue" });
    });
    world.emulator.inFlight(flow.id, 2);
    expect(await flow.fails({ ...PROTECTED, overwriteDrift: updated_at, description: "Ours" })).toContain(
      "2 people are in this flow",
    );
    expect(stepIds(flow)).toContain("theirs");
    expect(flow.live.draft).toBeNull();
  });

  it("drops the staged change that PostHog refuses to publish", async () => {
    const flow = await made(PROTECTED);
    flow.project.fault({
      method: "POST",
      path: "/[^/]+/publish",
      skip: 1,
      kind: "status",
      status: 400,
      when: "before",
      body: { type: "validation_error", code: "invalid_input", detail: "This will not do.", attr: "actions" },
    });
    const error = await errorOf(flow.go(PROTECTED_HASTY));
    expect(error.isPartial).toBe(false);
    expect(error.message).toContain("This will not do.");
    expect(flow.live.draft).toBeNull();
    expect(stepIds(flow)).toContain("wait");
    await flow.go();
    await settled(flow);
  });
});

describe("L9: protectInFlight and a draft that somebody staged", () => {
  const staged = async (args: object = PROTECTED) => {
    const flow = await made(args);
    const { draft_updated_at } = ui().stageDraft(flow.id, setSubject("Staged"));
    return { flow, stamp: draft_updated_at as string };
  };

  it.each([
    ["a change of the graph", PROTECTED_HASTY],
    ["switching off", { ...PROTECTED, status: "draft" }],
  ])("leaves it alone and refuses %s, with a way on", async (_, args) => {
    const { flow, stamp } = await staged();
    const before = structuredClone(flow.state);
    const since = flow.project.requests().length;
    const error = await flow.fails(args);
    expect(flow.project.requests(since)).toEqual(["GET /* 200"]);
    expect(error).toContain(`set discardStagedDraft: "${stamp}"`);
    expect(subjectOf(flow.live.draft)).toBe("Staged");
    expect(flow.live.draft_updated_at).toBe(stamp);
    expect(flow.state).toEqual(before);

    await flow.go({ ...args, discardStagedDraft: stamp });
    expect(flow.live).toMatchObject({ draft: null, status: args.status });
    expect(subjectOf(flow.live)).toBe("Welcome!");
    await settled(flow);
  });

  it("leaves a later one alone than the program names", async () => {
    const { flow, stamp } = await staged();
    ui().stageDraft(flow.id, setSubject("Staged later"));
    expect(await flow.fails({ ...PROTECTED_HASTY, discardStagedDraft: stamp })).toContain(
      "somebody has staged changes",
    );
    expect(subjectOf(flow.live.draft)).toBe("Staged later");
  });

  it("leaves one alone that somebody stages over ours", async () => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 1);
    world.emulator.latency(300);
    const going = errorOf(flow.go(PROTECTED_HASTY));
    await expect.poll(() => flow.live.draft, { timeout: 20_000, interval: 20 }).not.toBeNull();
    ui().stageDraft(flow.id, setSubject("Over ours"));
    const error = await going;
    world.emulator.latency(0);
    expect(error.isPartial).toBe(false);
    expect(subjectOf(flow.live.draft)).toBe("Over ours");
    expect(stepIds(flow)).toContain("wait");
  });

  it("takes over what a run of ours left that was killed", async () => {
    const flow = await made(PROTECTED);
    const hang = flow.project.fault({ method: "POST", path: "/[^/]+/publish", kind: "hang", when: "before" });
    flow.provider = await world.another();
    const killed = flow.go(PROTECTED_HASTY).catch(() => undefined);
    await expect.poll(() => hang.hits(), { timeout: 20_000 }).toBe(1);
    await (flow.provider as any).kill();
    await killed;
    expect(flow.live.draft).not.toBeNull();
    flow.provider = world.provider;
    await flow.go();
    expect(stepIds(flow)).not.toContain("wait");
    await settled(flow);
  });
});

describe("L9: protectInFlight and switching off", () => {
  const OFF = ["draft", "archived"];

  it.each(OFF)("to %s is refused while people are in flight", async (status) => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 3);
    const before = structuredClone(flow.state);
    const error = await flow.fails({ ...PROTECTED, status });
    expect(error).toContain(
      `3 people are in this flow, and all of them would leave it when it becomes ${status}. Nothing live was changed.`,
    );
    expect(flow.live).toMatchObject({ status: "active", draft: null, version: 1 });
    expect(flow.state).toEqual(before);
    world.emulator.inFlight(flow.id, 0);
    await flow.go();
    expect(flow.live.status).toBe(status);
    await settled(flow);
  });

  it.each(OFF)("to %s is done when nobody is, with the content that goes with it", async (status) => {
    const flow = await made(PROTECTED);
    await flow.go({ ...PROTECTED_HASTY, status });
    expect(flow.live.status).toBe(status);
    expect(stepIds(flow)).not.toContain("wait");
    await settled(flow);
  });

  it("is refused when PostHog cannot count", async () => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, null);
    expect(await flow.fails({ ...PROTECTED, status: "draft" })).toContain("PostHog could not say how many people are");
    expect(flow.live).toMatchObject({ status: "active", draft: null });
  });
});

const MODES = [{ status: "active" }, { status: undefined }] as const;
const { status: _s, ...UNSTATED } = PROTECTED;
const { status: _h, ...UNSTATED_HASTY } = PROTECTED_HASTY;

describe("L9: protectInFlight goes by the status that PostHog has", () => {
  /** Activated in PostHog, which the state does not know. */
  const activated = async (args: object, count: number | null): Promise<Resource> => {
    const flow = await made(args);
    expect(flow.outputs["liveStatus"]).toBe("draft");
    ui().setStatus(flow.id, "active");
    world.emulator.inFlight(flow.id, count);
    return flow;
  };

  it.each([1, 42, null])(
    "refuses to take a step out of a flow that the editor has activated, with %j people in it",
    async (count) => {
      const flow = await activated(UNSTATED, count);
      const before = structuredClone(flow.state);
      const error = await errorOf(flow.go(UNSTATED_HASTY));
      expect(error.isPartial).toBe(false);
      expect(error.message).toContain(
        count === null
          ? "PostHog could not say how many people are in this flow"
          : `${count} ${count === 1 ? "person is" : "people are"} in this flow`,
      );
      expect(flow.state).toEqual(before);
      expect(stepIds(flow)).toContain("wait");
      expect(flow.live).toMatchObject({ status: "active", draft: null });
      world.emulator.inFlight(flow.id, 0);
      await flow.go();
      expect(stepIds(flow)).not.toContain("wait");
      await settled(flow);
    },
  );

  it.each(["draft", "archived"])("refuses the %s that is stated now, with or without new steps", async (status) => {
    const flow = await activated(UNSTATED, 42);
    for (const args of [
      { ...UNSTATED, status },
      { ...UNSTATED_HASTY, status },
    ]) {
      expect(await flow.fails(args)).toContain(
        `42 people are in this flow, and all of them would leave it when it becomes ${status}`,
      );
      expect(flow.live).toMatchObject({ status: "active", draft: null, version: 1 });
    }
    world.emulator.inFlight(flow.id, 0);
    await flow.go();
    expect(flow.live.status).toBe(status);
    await settled(flow);
  });

  it("refuses an active that is stated now together with steps that go", async () => {
    const flow = await activated(UNSTATED, 3);
    expect(await flow.fails(PROTECTED_HASTY)).toContain("3 people are in this flow");
    expect(stepIds(flow)).toContain("wait");
    await flow.go(PROTECTED);
    await settled(flow);
  });

  it.each(["draft", "archived"])(
    "holds where an overwrite is agreed to of a flow that was %s by the program and is active",
    async (status) => {
      const flow = await activated({ ...PROTECTED, status: "draft" }, 5);
      const { updated_at } = flow.live;
      expect(await flow.fails({ ...PROTECTED_HASTY, status, overwriteDrift: updated_at })).toContain(
        "5 people are in this flow",
      );
      expect(flow.live).toMatchObject({ status: "active", draft: null });
      expect(stepIds(flow)).toContain("wait");
    },
  );

  it("holds when the flow is activated between the state and a write whose answer is lost", async () => {
    const flow = await made(UNSTATED);
    flow.project.fault({ method: "PUT", kind: "cut", when: "before" });
    ui().setStatus(flow.id, "active");
    world.emulator.inFlight(flow.id, 2);
    expect(await flow.fails(UNSTATED_HASTY)).toContain("2 people are in this flow");
    expect(stepIds(flow)).toContain("wait");
  });

  it("lets what moves nobody go straight, whoever has activated it", async () => {
    const flow = await activated(UNSTATED, 7);
    await flow.go({ ...UNSTATED, description: "Other" });
    expect(flow.live.status).toBe("active");
    await settled(flow);
  });

  it("lets the steps go of a flow that the editor has paused, and that the state believes to be active", async () => {
    const flow = await made(UNSTATED);
    ui().setStatus(flow.id, "active");
    await flow.refresh();
    ui().setStatus(flow.id, "draft");
    world.emulator.inFlight(flow.id, 7);
    await flow.go(UNSTATED_HASTY);
    expect(stepIds(flow)).not.toContain("wait");
    await settled(flow);
  });

  it("holds for an adoption that would move people, or switch off", async () => {
    const flow = await made({ ...waiting(), marker: false, name: "Theirs" });
    world.emulator.inFlight(flow.id, 4);
    for (const args of [PROTECTED_HASTY, { ...PROTECTED, status: "draft" }]) {
      const adopting = flow.project.flow(
        { ...args, name: "Theirs", adopt: flow.id, overwriteDrift: flow.live.updated_at },
        "adopted",
        { provider: await world.later() },
      );
      expect(await adopting.fails()).toContain("4 people are in this flow");
      expect(stepIds(flow)).toContain("wait");
      expect(flow.live).toMatchObject({ status: "active", draft: null });
    }
  });
});

describe.each(MODES)("L9: protectInFlight and an end of the flow (%j)", (mode) => {
  const ended = async (count: number | null, more: object = {}): Promise<Resource> => {
    const flow = await made({ ...PROTECTED, ...mode, ...more });
    ui().setStatus(flow.id, "active");
    world.emulator.inFlight(flow.id, count);
    return flow;
  };
  const untouched = (flow: Resource): void => {
    expect(flow.live).toMatchObject({ status: "active", draft: null, version: 1 });
    expect(flow.live.description).toContain("[hogflow ");
    expect(flow.project.flows()).toHaveLength(1);
  };

  it.each([{}, { onDelete: "archive" }])(
    "refuses to delete while people are in flight, and says the ways on (%j)",
    async (more) => {
      const flow = await ended(42, more);
      const error = await errorOf(flow.destroy());
      expect(error.message).toContain(
        `protectInFlight: 42 people are in flow ${flow.id}, and all of them would leave it with the flow.`,
      );
      expect(error.message).toContain("when nobody waits");
      expect(error.message).toContain("set protectInFlight: false on the flow, run pulumi up");
      untouched(flow);
      world.emulator.inFlight(flow.id, 0);
      const { id } = flow;
      await flow.destroy();
      expect(world.emulator.flow(id)?.status).toBe("onDelete" in more ? "archived" : undefined);
    },
  );

  it("deletes whoever waits once protectInFlight is off", async () => {
    const flow = await ended(42);
    await flow.refresh();
    await flow.go({ ...waiting(), ...mode });
    await flow.destroy();
    expect(flow.project.flows()).toEqual([]);
  });

  it("refuses to delete when PostHog cannot count", async () => {
    const flow = await ended(null);
    await expect(flow.destroy()).rejects.toThrow(
      /PostHog could not say how many people are in flow .* Nothing was deleted/s,
    );
    untouched(flow);
  });

  it.each([
    ["staging", { method: "PATCH" }],
    ["counting", { method: "POST", path: "/[^/]+/publish" }],
  ])("refuses to delete when %s is not possible", async (_, fault) => {
    const flow = await ended(0);
    flow.project.fault({ ...fault, kind: "status", status: 403, when: "before" });
    await expect(flow.destroy()).rejects.toThrow(/the people in flow .* could not be counted/);
    untouched(flow);
    await flow.destroy();
  });

  it("refuses to delete what is stored incomplete, where nobody can be counted", async () => {
    const flow = await ended(0);
    ui().storeRaw(flow.id, (stored) => void delete step(stored, "wait").name);
    await expect(flow.destroy()).rejects.toThrow(/is stored incomplete/);
    expect(flow.live.status).toBe("active");
  });

  it("counts by a draft that somebody has staged, and leaves it alone", async () => {
    const flow = await ended(3);
    ui().stageDraft(flow.id, setSubject("Staged"));
    await expect(flow.destroy()).rejects.toThrow(/3 people are in flow/);
    expect(subjectOf(flow.live.draft)).toBe("Staged");
  });

  it.each([
    { kind: "cut", when: "before" },
    { kind: "cut", when: "after" },
  ] as const)("leaves no draft when the answer to the staging is lost ($when)", async (way) => {
    const flow = await ended(3);
    flow.project.fault({ method: "PATCH", ...way });
    await expect(flow.destroy()).rejects.toThrow(/protectInFlight/);
    untouched(flow);
  });

  it.each(["draft", "archived"])("deletes a flow that is %s by now: nobody is in flight", async (status) => {
    const flow = await ended(42);
    ui().setStatus(flow.id, status);
    await flow.destroy();
    expect(flow.project.flows()).toEqual([]);
  });

  it("deletes what is gone", async () => {
    const flow = await ended(42);
    ui().remove(flow.id);
    await flow.destroy();
  });

  it("refuses a replacement, on request and by a move, before anything is gone", async () => {
    const flow = await ended(2);
    const to = world.project();
    const { id } = flow;
    await expect(flow.replaceTarget(await flow.program())).rejects.toThrow(/2 people are in flow/);
    untouched(flow);
    expect(await flow.fails({ ...PROTECTED, ...mode, projectId: to.id, replaceOnMove: true })).toContain(
      "2 people are in flow",
    );
    untouched(flow);
    expect(to.flows()).toEqual([]);
    world.emulator.inFlight(id, 0);
    expect(await flow.go()).toBe("replace");
    expect(to.flows()).toHaveLength(1);
    expect(flow.project.flows()).toEqual([]);
  });
});

describe("L9: answers that are lost leave no draft of ours and a true state", () => {
  const REQUESTS: { what: string; fault: Pick<Fault, "method" | "skip"> & { path?: string } }[] = [
    { what: "the fence", fault: { method: "GET" } },
    { what: "staging", fault: { method: "PATCH" } },
    { what: "counting", fault: { method: "POST", path: "/[^/]+/publish" } },
    { what: "publishing", fault: { method: "POST", path: "/[^/]+/publish", skip: 1 } },
  ];
  const WAYS = [
    { kind: "cut", when: "before" },
    { kind: "cut", when: "after" },
    { kind: "status", status: 500, when: "before" },
    { kind: "status", status: 500, when: "after" },
  ] as const;

  it.each(REQUESTS.flatMap((request) => WAYS.map((way) => ({ ...request, way, how: `${way.kind} ${way.when}` }))))(
    "$what, $how",
    async ({ fault, way }) => {
      const flow = await made(PROTECTED);
      const before = structuredClone(flow.state);
      const armed = flow.project.fault({ ...fault, ...way });
      const error = await flow.go(PROTECTED_HASTY).then(
        () => undefined,
        (thrown: ProviderError) => thrown,
      );
      expect(armed.hits()).toBe(1);
      expect(flow.live.draft).toBeNull();
      if (error) {
        expect(error.isPartial).toBe(false);
        expect(flow.state).toEqual(before);
        expect(stepIds(flow)).toContain("wait");
        await flow.go();
      }
      expect(stepIds(flow)).not.toContain("wait");
      expect(flow.live.version).toBe(2);
      await settled(flow);
    },
  );

  it.each(WAYS.map((way) => ({ way, how: `${way.kind} ${way.when}` })))("dropping the draft, $how", async ({ way }) => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 1);
    const armed = flow.project.fault({ method: "POST", path: "/[^/]+/discard_draft", ...way });
    expect(await flow.fails(PROTECTED_HASTY)).toContain("1 person is in this flow");
    expect(armed.hits()).toBe(1);
    expect(flow.live).toMatchObject({ draft: null, version: 1 });
    expect((await flow.preview(PROTECTED)).op).toBe("same");
  });

  it("says that the draft is still there when it cannot be dropped", async () => {
    const flow = await made(PROTECTED);
    world.emulator.inFlight(flow.id, 1);
    const armed = flow.project.fault({
      method: "POST",
      path: "/[^/]+/discard_draft",
      kind: "status",
      status: 403,
      when: "before",
    });
    const error = await flow.fails(PROTECTED_HASTY);
    expect(error).toContain("1 person is in this flow");
    expect(error).toContain("the staged draft could not be dropped afterwards");
    expect(armed.hits()).toBe(1);
    // The next run takes it for its own.
    expect(await flow.fails()).toContain("1 person is in this flow");
    expect(flow.live.draft).toBeNull();
  });

  it.each([
    { when: "before", name: undefined },
    { when: "after", name: undefined },
    { when: "after", name: "Renamed" },
  ] as const)(
    "publishing, cut $when, and nobody can look how it ended (name: $name): the attempt is recorded and the next up goes on",
    async ({ when, name }) => {
      const flow = await made(PROTECTED);
      flow.project.fault({ method: "POST", path: "/[^/]+/publish", skip: 1, kind: "cut", when });
      const blind = flow.project.fault({
        method: "GET",
        skip: 1,
        kind: "status",
        status: 400,
        when: "before",
        times: 10,
      });
      const error = await errorOf(flow.go({ ...PROTECTED_HASTY, ...(name ? { name } : {}) }));
      blind.remove();
      expect(error.isPartial).toBe(true);
      expect(error.shown).toContain("Run pulumi up again: it first checks whether the change arrived.");
      expect(flow.outputs["attempt"]).toEqual({ hash: expect.any(String), version: 1 });
      // Nobody is moved any more by what is live already.
      world.emulator.inFlight(flow.id, when === "after" ? 7 : 0);
      expect(await flow.go()).toBe("update");
      expect(stepIds(flow)).not.toContain("wait");
      if (name) expect(flow.live.name).toBe(name);
      await settled(flow);
    },
  );

  it("a program taken back after such an end is counted again", async () => {
    const flow = await made(PROTECTED);
    flow.project.fault({ method: "POST", path: "/[^/]+/publish", skip: 1, kind: "cut", when: "after" });
    const blind = flow.project.fault({
      method: "GET",
      skip: 1,
      kind: "status",
      status: 400,
      when: "before",
      times: 10,
    });
    await flow.fails({
      ...PROTECTED_HASTY,
      actions: { ...PROTECTED_HASTY.actions, trigger_node: trigger("late"), late: delay("mail", "2d", "Two days") },
    });
    blind.remove();
    expect(stepIds(flow)).toContain("late");
    world.emulator.inFlight(flow.id, 1);
    expect(await flow.fails(PROTECTED)).toContain("1 person is in this flow");
    world.emulator.inFlight(flow.id, 0);
    await flow.go();
    expect(stepIds(flow)).not.toContain("late");
    await settled(flow);
  });
});

// L3: what a program does not state. L4: what costs nothing.
import { describe, expect, it } from "vitest";
import type { ProviderProcess } from "../support/provider-process";
import { type Resource, setSubject, step, useWorld, welcome } from "./support";

const world = useWorld();
let started: Promise<ProviderProcess> | undefined;
/** A process without an API key. */
const keyless = (): Promise<ProviderProcess> => (started ??= world.another({ env: { POSTHOG_API_KEY: "" } }));

describe("L3: the status is the program's only where it states one", () => {
  it("creates a draft where none is stated, and leaves the button to people", async () => {
    const flow = world.project().flow();
    await flow.go();
    expect(flow.live.status).toBe("draft");
    world.emulator.ui.setStatus(flow.id, "active");
    expect(await flow.refresh()).toBe("same");
    expect(flow.outputs["liveStatus"]).toBe("active");
    expect(flow.state!.inputs).not.toHaveProperty("status");
    expect((await flow.preview()).op).toBe("same");
  });

  it("writes content without touching a status that it does not state", async () => {
    const flow = world.project().flow();
    await flow.go();
    world.emulator.ui.setStatus(flow.id, "active");
    await flow.go(welcome({ subject: "Hello!" }));
    expect(flow.live.status).toBe("active");
    expect(flow.outputs["liveStatus"]).toBe("active");
  });

  it("takes a stated status that was changed in PostHog for drift, and sets it again", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    await flow.go();
    world.emulator.ui.setStatus(flow.id, "draft");
    expect(await flow.refresh()).toBe("changed");
    expect(flow.state!.inputs["status"]).toBe("draft");
    expect(await flow.project.during(() => flow.go())).toEqual(["PATCH /* 200"]);
    expect(flow.live.status).toBe("active");
  });

  it("switches an active flow off together with new content, in one request", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    await flow.go();
    expect(await flow.project.during(() => flow.go(welcome({ status: "draft", subject: "Bye" })))).toEqual([
      "PUT /* 200",
    ]);
    expect(flow.live.status).toBe("draft");
  });

  it("writes the content before it switches a flow on", async () => {
    const flow = world.project().flow(welcome({ status: "draft" }));
    await flow.go();
    expect(await flow.project.during(() => flow.go(welcome({ status: "active", subject: "On" })))).toEqual([
      "PUT /* 200",
      "PATCH /* 200",
    ]);
  });

  it("sends a field that is not stated with its default, and takes an edit of it for drift", async () => {
    const flow = world.project().flow();
    await flow.go();
    expect(flow.live.exit_condition).toBe("exit_on_conversion");
    world.emulator.ui.edit(flow.id, (live) => void (live.exit_condition = "exit_only_at_end"));
    expect(await flow.refresh()).toBe("changed");
    expect(flow.state!.inputs["exitCondition"]).toBe("exit_only_at_end");
    expect(await flow.go()).toBe("update");
    expect(flow.live.exit_condition).toBe("exit_on_conversion");
  });

  it("takes it for no change when a field is stated with the value that it has anyway", async () => {
    const flow = world.project().flow();
    await flow.go();
    expect((await flow.preview(welcome({ exitCondition: "exit_on_conversion", description: "" }))).op).toBe("same");
  });
});

const STATUSES = ["draft", "active", "archived"] as const;
/** The same flow as the JSON that PostHog returns. */
const pasted = (more: object, args: object = {}): any => ({
  definition: {
    name: "Pasted",
    actions: [
      {
        id: "trigger_node",
        name: "Signed up",
        type: "trigger",
        config: { type: "event", filters: { events: [{ id: "user signed up" }] } },
      },
      { id: "exit_node", name: "Exit", type: "exit", config: {} },
    ],
    edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
    ...more,
  },
  ...args,
});
const FORMS = [
  ["arguments", welcome, { exitCondition: "exit_only_at_end" }],
  ["a pasted definition", pasted, { exit_condition: "exit_only_at_end" }],
] as const;

describe.each(FORMS)("L3: a status that was the editor's and is stated now (%s)", (_form, program, content) => {
  const settled = async (flow: Resource, status: string): Promise<void> => {
    expect(flow.live.status).toBe(status);
    expect(flow.outputs).toMatchObject({ status, liveStatus: status });
    expect(await flow.project.during(async () => expect(await flow.go()).toBe("same"))).toEqual([]);
    expect(await flow.refresh()).toBe("same");
    expect((await flow.preview()).op).toBe("same");
  };

  it.each(
    STATUSES.flatMap((live) => STATUSES.flatMap((status) => [false, true].map((seen) => ({ live, status, seen })))),
  )("is sent: $live in PostHog, $status in the program, refreshed: $seen", async ({ live, status, seen }) => {
    const flow = world.project().flow(program({}));
    await flow.go();
    if (live !== "draft") world.emulator.ui.setStatus(flow.id, live);
    if (seen) await flow.refresh();
    expect((await flow.preview(program({ status }))).op).toBe("update");
    const requests = await flow.project.during(() => flow.go());
    expect(requests.filter((request) => !request.startsWith("GET"))).not.toEqual([]);
    await settled(flow, status);
  });

  it.each(STATUSES)("%s is sent together with new content", async (status) => {
    const flow = world.project().flow(program({}));
    await flow.go();
    world.emulator.ui.setStatus(flow.id, status === "active" ? "archived" : "active");
    await flow.go(program({ status, ...content }));
    expect(flow.live.exit_condition).toBe("exit_only_at_end");
    await settled(flow, status);
  });

  it.each([
    ...STATUSES.flatMap((status) =>
      [
        { kind: "cut", when: "before" },
        { kind: "cut", when: "after" },
        { kind: "status", when: "after" },
      ].map((way) => ({ status, ...way, blind: false })),
    ),
    { status: "draft", kind: "cut", when: "before", blind: true },
    { status: "active", kind: "cut", when: "after", blind: true },
  ])(
    "$status arrives with the next up at the latest when the answer is lost ($kind $when, looked up in vain: $blind)",
    async ({ status, kind, when, blind }) => {
      const flow = world.project().flow(program({}));
      await flow.go();
      world.emulator.ui.setStatus(flow.id, "active");
      const lost = flow.project.fault({
        method: "PATCH",
        kind,
        when,
        ...(kind === "status" ? { status: 500 } : {}),
        times: blind ? 10 : 1,
      } as never);
      const blinded = blind
        ? flow.project.fault({ method: "GET", kind: "status", status: 403, when: "before", times: 50 })
        : undefined;
      await flow.go(program({ status })).catch(() => undefined);
      blinded?.remove();
      lost.remove();
      await flow.go();
      await settled(flow, status);
    },
  );

  it("is the editor's again when the program drops it", async () => {
    const flow = world.project().flow(program({ status: "active" }));
    await flow.go();
    expect(await flow.project.during(async () => expect(await flow.go(program({}))).toBe("update"))).toEqual([]);
    world.emulator.ui.setStatus(flow.id, "draft");
    expect(await flow.refresh()).toBe("same");
    expect((await flow.preview()).op).toBe("same");
    await flow.go(program({ status: "active" }));
    await settled(flow, "active");
  });
});

describe("L3: a stated status that changes", () => {
  const others = (...known: string[]) => STATUSES.filter((status) => !known.includes(status));

  it.each(STATUSES.flatMap((before) => others(before).map((after) => ({ before, after }))))(
    "from $before to $after is sent",
    async ({ before, after }) => {
      const flow = world.project().flow(welcome({ status: before }));
      await flow.go();
      expect(await flow.project.during(() => flow.go(welcome({ status: after })))).toEqual(["PATCH /* 200"]);
      expect(flow.live.status).toBe(after);
    },
  );

  it.each(
    STATUSES.flatMap((before) =>
      others(before).flatMap((after) => others(before, after).map((live) => ({ before, after, live }))),
    ),
  )(
    "from $before to $after stops at a status that nobody has seen, $live, and is sent after a refresh",
    async ({ before, after, live }) => {
      const flow = world.project().flow(welcome({ status: before }));
      await flow.go();
      world.emulator.ui.setStatus(flow.id, live);
      expect(await flow.fails(welcome({ status: after }))).toContain("status: ");
      expect(flow.live.status).toBe(live);
      await flow.refresh();
      await flow.go();
      expect(flow.live.status).toBe(after);
    },
  );
});

const SUBJECT = "actions.mail.config.inputs.email.value.subject";

describe("L4: no change, no request", () => {
  it("asks PostHog nothing, and needs no key, for a second preview and up", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    await flow.go();
    flow.provider = await keyless();
    expect(await flow.project.during(async () => expect(await flow.go()).toBe("same"))).toEqual([]);
  });

  it.each([
    ["onDelete", { onDelete: "archive" }, {}],
    // A hash of the program's first value tells later whether the program or the editor changed it.
    [
      "editorOwns",
      { editorOwns: [SUBJECT] },
      { editorOwnsFirst: { [SUBJECT]: expect.stringMatching(/^[0-9a-f]{16}$/) } },
    ],
    ["overwriteDrift", { overwriteDrift: "2030-01-01T00:00:00.000001Z" }, {}],
    ["replaceOnMove", { replaceOnMove: true }, {}],
  ])("updates the flag %s without a request and without a key", async (key, flag, besides) => {
    const flow = world.project().flow();
    await flow.go();
    flow.provider = await keyless();
    const before = flow.outputs;
    expect(await flow.project.during(async () => expect(await flow.go(welcome(flag))).toBe("update"))).toEqual([]);
    expect(flow.outputs).toEqual({ ...before, ...flag, ...besides, secretPaths: before["secretPaths"] });
    expect((await flow.preview()).op).toBe("same");
    expect(key in flow.outputs).toBe(true);
  });

  it("drops a flag that the program no longer has", async () => {
    const flow = world.project().flow(welcome({ onDelete: "archive" }));
    await flow.go();
    expect(await flow.go(welcome())).toBe("update");
    expect(flow.outputs).not.toHaveProperty("onDelete");
    expect(await flow.go()).toBe("same");
  });

  it("shows no change after a refresh that found none", async () => {
    const flow = world.project().flow(welcome({ status: "active" }));
    await flow.go();
    const before = structuredClone(flow.state);
    expect(await flow.refresh()).toBe("same");
    expect(flow.state).toEqual(before);
    expect((await flow.preview()).op).toBe("same");
  });

  it("keeps to the budget: draft 1, active 2, update 1, delete 1 after a look, and one search for a process", async () => {
    const project = world.project();
    const [first, second] = [project.flow(), project.flow(welcome({ status: "active" }), "second")];
    expect(await project.during(() => first.go())).toEqual(["GET ?search 200", "POST 201"]);
    expect(await project.during(() => second.go())).toEqual(["POST 201", "PATCH /* 200"]);
    expect(await project.during(() => first.go(welcome({ subject: "Hi" })))).toEqual(["PUT /* 200"]);
    expect(await project.during(() => first.destroy())).toEqual(["GET /* 200", "DELETE /* 204"]);
  });

  it("sends the title, not the id, when only a step's title changes", async () => {
    const flow = world.project().flow();
    await flow.go();
    const args = welcome();
    args.actions.mail.name = "Hello mail";
    await flow.go(args);
    expect(step(flow.live, "mail").name).toBe("Hello mail");
    world.emulator.ui.edit(flow.id, setSubject("Welcome!"));
    expect(await flow.refresh()).toBe("same");
  });
});

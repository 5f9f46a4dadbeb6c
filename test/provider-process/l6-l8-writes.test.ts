// L6: partial success keeps its id. L7: updates are fenced. L8: staged drafts.
import { describe, expect, it } from "vitest";
import { ProviderError } from "../support/provider-process";
import { setSubject, step, subjectOf, type Resource, useWorld, welcome } from "./support";

const world = useWorld();
const ui = () => world.emulator.ui;
const ACTIVE = welcome({ status: "active" });
const SECOND = welcome({ status: "active", subject: "Second" });
const FLOW = "/[^/]+/$";

const made = async (args: object = ACTIVE): Promise<Resource> => {
  const flow = world.project().flow(args);
  await flow.go();
  return flow;
};
const errorOf = (run: Promise<unknown>): Promise<ProviderError> =>
  run.then(
    () => expect.unreachable(),
    (error: ProviderError) => error,
  );

describe("L6: what fails after the POST keeps its id", () => {
  it.each([
    [
      "400",
      {
        kind: "status",
        status: 400,
        when: "before",
        body: {
          type: "validation_error",
          code: "invalid_input",
          detail: "The trigger will never fire.",
          attr: "actions__0__config",
        },
      },
    ],
    ["401", { kind: "status", status: 401, when: "before" }],
  ] as const)(
    "an activation that answers %s: the draft is in the state, the reason is shown, and the next up continues",
    async (_, fault) => {
      const flow = world.project().flow(ACTIVE);
      flow.project.fault({ method: "PATCH", path: FLOW, ...fault });
      const error = await errorOf(flow.go());
      expect(error.isPartial).toBe(true);
      expect(error.reasons).toEqual([expect.stringContaining("its status could not be changed to active")]);
      expect(error.reasons![0]).toContain("The next pulumi up tries again.");
      expect(flow.id).toBe(flow.project.only().id);
      expect(flow.outputs).toMatchObject({ liveStatus: "draft", status: "active" });

      const requests = await flow.project.during(() => flow.go());
      expect(requests).toEqual(["PATCH /* 200"]);
      expect(flow.live.status).toBe("active");
      expect((await flow.preview()).op).toBe("same");
    },
  );

  it("is told in words, with the server's own", async () => {
    const flow = world.project().flow(ACTIVE);
    flow.project.fault({
      method: "PATCH",
      path: FLOW,
      kind: "status",
      status: 400,
      when: "before",
      body: {
        type: "validation_error",
        code: "invalid_input",
        detail: "The trigger will never fire.",
        attr: "actions__0__config",
      },
    });
    expect(await flow.fails()).toContain("The trigger will never fire.");
  });

  it("continues with a program that no longer wants it active", async () => {
    const flow = world.project().flow(ACTIVE);
    flow.project.fault({ method: "PATCH", path: FLOW, kind: "status", status: 400, when: "before" });
    await flow.fails();
    await flow.go(welcome({ status: "draft" }));
    expect(flow.live.status).toBe("draft");
    expect((await flow.preview()).op).toBe("same");
  });

  it("keeps a new content whose activation failed, and does not write it again", async () => {
    const flow = await made(welcome({ status: "draft" }));
    flow.project.fault({ method: "PATCH", path: FLOW, kind: "status", status: 400, when: "before" });
    const error = await errorOf(flow.go(SECOND));
    expect(error.isPartial).toBe(true);
    expect(await flow.project.during(() => flow.go())).toEqual(["PATCH /* 200"]);
    expect(subjectOf(flow.live)).toBe("Second");
  });

  it("destroys what a partial creation left", async () => {
    const flow = world.project().flow(ACTIVE);
    flow.project.fault({ method: "PATCH", path: FLOW, kind: "status", status: 400, when: "before" });
    await flow.fails();
    await flow.destroy();
    expect(flow.project.flows()).toEqual([]);
  });
});

describe("L6: a write that was refused is a plain error", () => {
  it.each([400, 401, 403, 409, 429])("a POST that answers %i leaves no state", async (status) => {
    const flow = world.project().flow(ACTIVE);
    flow.project.fault({
      method: "POST",
      path: "/$",
      kind: "status",
      status,
      when: "before",
      times: 10,
      retryAfter: "0",
    });
    const error = await errorOf(flow.go());
    expect(error.isPartial).toBe(false);
    expect(flow.state).toBeUndefined();
    expect(flow.project.flows()).toEqual([]);
  });

  it.each([400, 401, 403, 429])(
    "a PUT that answers %i leaves the state as it was, and a program taken back asks nothing",
    async (status) => {
      const flow = await made();
      const before = structuredClone(flow.state);
      const fault = flow.project.fault({
        method: "PUT",
        kind: "status",
        status,
        when: "before",
        times: 10,
        retryAfter: "0",
      });
      const error = await errorOf(flow.go(SECOND));
      fault.remove();
      expect(error.isPartial).toBe(false);
      expect(flow.state).toEqual(before);
      expect(await flow.project.during(async () => expect(await flow.go(ACTIVE)).toBe("same"))).toEqual([]);
    },
  );

  it.each([400, 403])("a change of the status alone that answers %i leaves the state as it was", async (status) => {
    const flow = await made(welcome({ status: "draft" }));
    const before = structuredClone(flow.state);
    flow.project.fault({ method: "PATCH", kind: "status", status, when: "before" });
    const error = await errorOf(flow.go(ACTIVE));
    expect(error.isPartial).toBe(false);
    expect(flow.state).toEqual(before);
  });

  it("has no stack of JavaScript in it", async () => {
    const flow = world.project().flow(ACTIVE);
    flow.project.fault({ method: "POST", path: "/$", kind: "status", status: 403, when: "before" });
    const error = await errorOf(flow.go());
    expect(error.message).not.toMatch(/\n\s+at |node_modules|dist\//);
    expect(world.provider.output()).not.toMatch(/\n\s+at /);
  });
});

describe("L7: an update carries the stamp of the state, and answers to what it meets", () => {
  it("sends base_updated_at as the server's own text, and complete objects", async () => {
    const flow = await made();
    await flow.go(SECOND);
    const { body } = flow.project.records.findLast(({ method }) => method === "PUT") as any;
    expect(body.base_updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    for (const action of body.actions)
      expect(Object.keys(action)).toEqual(
        expect.arrayContaining([
          "id",
          "name",
          "description",
          "on_error",
          "filters",
          "output_variable",
          "type",
          "config",
        ]),
      );
  });

  it("passes over a background refresh without a word", async () => {
    const flow = await made();
    world.emulator.backgroundRefresh(flow.project.id);
    expect(await flow.project.during(() => flow.go(SECOND))).toEqual(["PUT /* 409", "GET /* 200", "PUT /* 200"]);
    expect(subjectOf(flow.live)).toBe("Second");
    expect((await flow.preview()).op).toBe("same");
  });

  it("passes over a background refresh when it only changes the status", async () => {
    const flow = await made(welcome({ status: "draft" }));
    world.emulator.backgroundRefresh(flow.project.id);
    await flow.go(ACTIVE);
    expect(flow.live.status).toBe("active");
  });

  it("names what somebody changed also in a flow that PostHog cannot read any more", async () => {
    const flow = await made();
    ui().storeRaw(flow.id, (stored) => {
      delete step(stored, "exit_node").name;
    });
    const error = await errorOf(flow.go(SECOND));
    expect(error.message).toContain("actions.exit_node.name");
    expect(error.message).toContain("pulumi refresh");
    expect(await flow.refresh()).toBe("changed");
    expect(await flow.go(SECOND)).toBe("update");
    expect(await flow.refresh()).toBe("same");
  });

  it("stops at an edit of somebody else: step and field, both ways on, nothing written, no values of inputs", async () => {
    const flow = await made();
    const { updated_at } = ui().edit(flow.id, (live) => {
      setSubject("Private words")(live);
      step(live, "exit_node").name = "The end";
    });
    const before = structuredClone(flow.state);
    const error = await errorOf(flow.go(SECOND));
    expect(error.isPartial).toBe(false);
    expect(error.message).toContain('actions.mail.config.inputs.email.value.subject (step "Welcome mail"): changed');
    expect(error.message).toContain(
      'actions.exit_node.name (step "Exit"): state "Exit", PostHog "The end", program "Exit"',
    );
    expect(error.message).not.toContain("Private words");
    expect(error.message).not.toContain("Second");
    expect(error.message).toContain("pulumi refresh");
    expect(error.message).toContain(`overwriteDrift: "${updated_at}"`);
    expect(subjectOf(flow.live)).toBe("Private words");
    expect(flow.state).toEqual(before);
  });

  it("stops a change of the status alone, too", async () => {
    const flow = await made(welcome({ status: "draft" }));
    ui().edit(flow.id, setSubject("Private words"));
    const error = await flow.fails(ACTIVE);
    expect(error).toContain("actions.mail.config.inputs.email.value.subject");
    expect(flow.live.status).toBe("draft");
  });

  it("stops at a status that somebody changed", async () => {
    const flow = await made();
    ui().setStatus(flow.id, "draft");
    const error = await flow.fails(SECOND);
    expect(error).toContain('status: state "active", PostHog "draft"');
    expect(subjectOf(flow.live)).toBe("Welcome!");
  });

  it("goes on after a refresh, which shows the edit in the next preview", async () => {
    const flow = await made();
    ui().edit(flow.id, setSubject("Theirs"));
    await flow.fails(SECOND);
    expect(await flow.refresh()).toBe("changed");
    expect((flow.state!.inputs as any).actions.mail.config.inputs.email.value.subject).toBe("Theirs");
    expect(await flow.preview()).toMatchObject({ op: "update", changes: "unknown" });
    await flow.go();
    expect(subjectOf(flow.live)).toBe("Second");
  });

  it("overwrites the edit whose stamp is given, and no later one", async () => {
    const flow = await made();
    const { updated_at } = ui().edit(flow.id, setSubject("Theirs"));
    const later = ui().edit(flow.id, setSubject("Theirs again"));
    expect(await flow.fails({ ...SECOND, overwriteDrift: updated_at })).toContain(
      `overwriteDrift: "${later.updated_at}"`,
    );
    expect(subjectOf(flow.live)).toBe("Theirs again");
    await flow.go({ ...SECOND, overwriteDrift: later.updated_at });
    expect(subjectOf(flow.live)).toBe("Second");
    ui().edit(flow.id, setSubject("Once more"));
    await flow.fails({ ...SECOND, overwriteDrift: later.updated_at, name: "Other" });
    expect(subjectOf(flow.live)).toBe("Once more");
  });

  it("is done when the edit is what the program wants", async () => {
    const flow = await made();
    ui().edit(flow.id, setSubject("Second"));
    expect(await flow.project.during(() => flow.go(SECOND))).toEqual(["PUT /* 409", "GET /* 200"]);
    expect((await flow.preview()).op).toBe("same");
  });

  it("tells a flow that is gone from one that was edited", async () => {
    const flow = await made();
    ui().remove(flow.id);
    expect(await flow.fails(SECOND)).toMatch(/was deleted in PostHog\. Run pulumi refresh/);
    expect(await flow.refresh()).toBe("gone");
    await flow.go();
    expect(flow.project.flows()).toHaveLength(1);
  });

  it.each(["before", "after"] as const)(
    "goes on when the answer to a PUT is cut %s it worked, in one up",
    async (when) => {
      const flow = await made();
      flow.project.fault({ method: "PUT", kind: "cut", when });
      await flow.go(SECOND);
      expect(subjectOf(flow.live)).toBe("Second");
      expect(flow.live.version).toBe(2);
      expect(flow.outputs["version"]).toBe(2);
    },
  );

  it("records the attempt when nobody can look how the write ended; a program taken back then undoes it", async () => {
    const flow = await made();
    flow.project.fault({ method: "PUT", kind: "cut", when: "after" });
    const blind = flow.project.fault({ method: "GET", kind: "status", status: 400, when: "before", times: 10 });
    const error = await errorOf(flow.go(SECOND));
    expect(error.isPartial).toBe(true);
    expect(error.properties!["attempt"]).toEqual({ hash: expect.any(String), version: 1 });
    expect(error.reasons![0]).toContain("Run pulumi up again: it first checks whether the update arrived.");
    blind.remove();
    expect(subjectOf(flow.live)).toBe("Second");
    expect(await flow.go(ACTIVE)).toBe("update");
    expect(subjectOf(flow.live)).toBe("Welcome!");
    expect(flow.outputs).not.toHaveProperty("attempt");
    expect((await flow.preview()).op).toBe("same");
  });

  it("does not take somebody else's edit for the recorded attempt", async () => {
    const flow = await made();
    flow.project.fault({ method: "PUT", kind: "cut", when: "before" });
    const blind = flow.project.fault({ method: "GET", kind: "status", status: 400, when: "before", times: 10 });
    await flow.fails(SECOND);
    blind.remove();
    ui().edit(flow.id, setSubject("Theirs"));
    expect(await flow.fails(welcome({ status: "active", subject: "Third" }))).toContain("would overwrite it unseen");
    expect(subjectOf(flow.live)).toBe("Theirs");
  });

  it("writes a whole object over one that is stored incomplete", async () => {
    const flow = await made();
    ui().storeRaw(flow.id, (stored) => void delete step(stored, "mail").name);
    expect(await flow.refresh()).toBe("changed");
    expect((await world.provider.warnings()).filter((text) => text.includes(flow.id))).toEqual([
      expect.stringContaining("PostHog cannot read it (500)"),
    ]);
    await flow.go();
    expect(step(flow.live, "mail").name).toBe("Welcome mail");
    expect(await flow.refresh()).toBe("same");
  });
});

describe("L8: a staged draft", () => {
  const staged = async () => {
    const flow = await made();
    const { draft_updated_at } = ui().stageDraft(flow.id, setSubject("Staged"));
    return { flow, stamp: draft_updated_at as string };
  };
  const warningsAbout = async (flow: Resource) =>
    (await world.provider.warnings()).filter((text) => text.includes(flow.id));

  it("is reported by a refresh, with its stamp, and is no drift of the inputs", async () => {
    const { flow, stamp } = await staged();
    expect(await flow.refresh()).toBe("same");
    expect(flow.outputs["stagedDraft"]).toEqual({ updatedAt: stamp });
    const [warning] = await warningsAbout(flow);
    expect(warning).toContain(`discardStagedDraft: "${stamp}"`);
    expect(warning).not.toContain('"Staged"');
  });

  it("is reported by an update, which leaves it alone", async () => {
    const { flow } = await staged();
    await flow.go(SECOND);
    expect(subjectOf(flow.live.draft)).toBe("Staged");
    expect(await warningsAbout(flow)).toHaveLength(1);
  });

  it("is dropped by discardStagedDraft with its stamp", async () => {
    const { flow, stamp } = await staged();
    expect(await flow.project.during(() => flow.go({ ...ACTIVE, discardStagedDraft: stamp }))).toEqual([
      "GET /* 200",
      "POST /*/discard_draft 200",
    ]);
    expect(flow.live.draft).toBeNull();
    expect(subjectOf(flow.live)).toBe("Welcome!");
    expect(flow.outputs).not.toHaveProperty("stagedDraft");
    expect((await flow.preview()).op).toBe("same");
    expect(await flow.refresh()).toBe("same");
  });

  it("is left alone when it is another one than the stamp names", async () => {
    const { flow, stamp } = await staged();
    ui().stageDraft(flow.id, setSubject("Staged later"));
    await flow.go({ ...ACTIVE, discardStagedDraft: stamp });
    expect(subjectOf(flow.live.draft)).toBe("Staged later");
    expect((await warningsAbout(flow)).some((text) => text.includes("not the one that discardStagedDraft names"))).toBe(
      true,
    );
  });

  it("can be dropped together with a change of content", async () => {
    const { flow, stamp } = await staged();
    await flow.go({ ...SECOND, discardStagedDraft: stamp });
    expect(flow.live.draft).toBeNull();
    expect(subjectOf(flow.live)).toBe("Second");
    expect((await flow.preview()).op).toBe("same");
  });

  it("that is published is an edit like any other", async () => {
    const { flow } = await staged();
    ui().publish(flow.id);
    expect(await flow.fails(SECOND)).toContain("would overwrite it unseen");
    expect(await flow.refresh()).toBe("changed");
    expect((flow.state!.inputs as any).actions.mail.config.inputs.email.value.subject).toBe("Staged");
  });
});

// L5: nothing is ever created twice.
import { describe, expect, it } from "vitest";
import type { ProviderProcess } from "../support/provider-process";
import { batch, setSubject, subjectOf, useWorld, weekly, welcome, type Project, type Resource } from "./support";

const world = useWorld();
const ACTIVE = welcome({ status: "active" });
const lost = { method: "POST", path: "/$", kind: "cut", when: "after" } as const;

describe("L5: a flow is a draft first, and then activated", () => {
  it("posts a draft and activates it in a second request, behind a fence", async () => {
    const flow = world.project().flow(ACTIVE);
    await flow.go();
    const [, post, patch] = flow.project.records.map(({ body }) => body as any);
    expect(post.status).toBe("draft");
    expect(patch).toEqual({ status: "active", base_updated_at: expect.stringMatching(/\.\d{6}Z$/) });
    expect(flow.outputs["liveStatus"]).toBe("active");
  });

  it("carries its owner as the last line of the description, and shows it nowhere else", async () => {
    const flow = world.project().flow(welcome({ description: "Says hello." }));
    await flow.go();
    expect(flow.live.description).toMatch(
      /^Says hello\.\n\nManaged in code by pulumi-hogflow: shop\/dev\/welcome\. .*\[hogflow [0-9a-f]{12} [0-9a-f]{12}\]$/,
    );
    expect(flow.outputs["description"]).toBe("Says hello.");
    expect(await flow.refresh()).toBe("same");
    expect(flow.outputs["description"]).toBe("Says hello.");
  });

  it("is the same with the sentence of an earlier version: no diff, no write; the next update renews it", async () => {
    const flow = world.project().flow(welcome({ description: "Says hello." }));
    await flow.go();
    world.emulator.ui.edit(flow.id, (live) => {
      live.description = live.description.replace(
        "Edit in Git; edits here are reported as drift.",
        "Changes made here are undone.",
      );
    });
    expect(flow.live.description).toContain("undone");
    expect(await flow.refresh()).toBe("same");
    const requests = await flow.project.during(async () => expect((await flow.preview()).op).toBe("same"));
    expect(requests).toEqual([]);
    flow.provider = await world.later();
    await flow.go(welcome({ description: "Says hello!" }));
    expect(flow.live.description).toMatch(
      /^Says hello!\n\nManaged in code by pulumi-hogflow: .*\. Edit in Git; edits here are reported as drift\. \[hogflow/,
    );
  });

  it.each(["draft", undefined])(
    "sees what somebody typed behind it on its line, and keeps it (status: %s)",
    async (status) => {
      const flow = world.project().flow(welcome({ description: "Says hello.", status }));
      await flow.go();
      world.emulator.ui.edit(flow.id, (live) => void (live.description += " Ask Ann before you change this."));
      const theirs = flow.live.description;
      expect(
        await flow.fails({ ...welcome({ description: "Says hello.", status }), exitCondition: "exit_only_at_end" }),
      ).toContain("description");
      expect(flow.live.description).toBe(theirs);
      expect(await flow.refresh()).toBe("changed");
      expect(flow.state!.inputs["description"]).toBe("Says hello.\nAsk Ann before you change this.");
      await flow.go(welcome({ description: "Says hello. Ask Ann before you change this.", status }));
      expect(flow.live.description).toMatch(/^Says hello\. Ask Ann before you change this\.\n\nManaged .*\]$/);
    },
  );

  it.each([
    "\"quoted\" 'name'",
    "[brackets] [hogflow 0123456789ab 0123456789ab]",
    "line\nbreak\r\n\u2028and another",
    "名前 👩‍💻 ü",
    "x".repeat(3000),
    "%_\\",
  ])("is whole for a resource called %j, and is found after a lost answer and after a lost state", async (name) => {
    const flow = world.project().flow(welcome({ name: "Welcome", description: "Says hello." }), name);
    flow.project.fault(lost);
    await flow.go();
    expect(flow.project.only()).toMatchObject({
      id: flow.id,
      description: expect.stringMatching(
        /^Says hello\.\n\nManaged in code by pulumi-hogflow: [^\n]*\. Edit in Git; edits here are reported as drift\. \[hogflow [0-9a-f]{12} [0-9a-f]{12}\]$/,
      ),
    });
    expect(await flow.refresh()).toBe("same");
    const again = flow.project.flow(flow.args, name, { provider: await world.later() });
    await again.go();
    expect(again.id).toBe(flow.project.only().id);
  });

  it("has no mark with marker: false, and takes an existing one off", async () => {
    const flow = world.project().flow();
    await flow.go();
    await flow.go(welcome({ marker: false }));
    expect(flow.live.description).toBe("");
    await flow.go(welcome());
    expect(flow.live.description).toContain("[hogflow ");
  });

  it("asks once for what was left behind, however many flows are created", async () => {
    const project = world.project();
    const names = ["one", "two", "three", "four"];
    const requests = await project.during(() => Promise.all(names.map((name) => project.flow(ACTIVE, name).go())));
    expect(requests.filter((request) => request.startsWith("GET"))).toEqual(["GET ?search 200"]);
    expect(project.flows()).toHaveLength(4);
  });
});

describe("L5: what an interrupted run left", () => {
  /** A run that was killed after its POST, with this program. */
  const interrupted = async (
    args: object,
    project = world.project(),
  ): Promise<{ project: Project; orphan: string }> => {
    const flow = project.flow({ ...args, status: undefined });
    await flow.go();
    return { project, orphan: flow.id };
  };
  const later = async (project: Project, args: object) =>
    project.flow(args, "welcome", { provider: await world.later() });
  /** Nobody edits a flow in the second in which it is made. */
  const afterAWhile = (): void => world.emulator.clock.advance(60_000);

  it.each([{ status: "active" }, { status: undefined }])(
    "takes over a draft that nobody has touched (%j)",
    async (mode) => {
      const args = welcome(mode);
      const { project, orphan } = await interrupted(ACTIVE);
      const again = await later(project, args);
      await again.go();
      expect(project.only()).toMatchObject({ id: orphan, status: mode.status ?? "draft" });
      expect((await again.preview()).op).toBe("same");
      expect(await again.refresh()).toBe("same");
    },
  );

  it("leaves a draft with other content alone, also one that nobody has touched, until adopt and overwriteDrift say so", async () => {
    const { project, orphan } = await interrupted(ACTIVE);
    const before = project.only();
    const error = await (await later(project, welcome({ subject: "Hello again" }))).fails();
    expect(error).toContain(
      `Flow ${orphan} in PostHog carries the marker of this resource. It is a draft that differs from this program`,
    );
    expect(error).toContain("actions.mail.config.inputs.email.value.subject");
    expect(error).toContain(
      `set adopt: "${orphan}", and overwriteDrift: "${before.updated_at}" to overwrite it with the program`,
    );
    expect(project.only()).toEqual(before);
    const again = await later(
      project,
      welcome({ subject: "Hello again", adopt: orphan, overwriteDrift: before.updated_at }),
    );
    await again.go();
    expect(project.only()).toMatchObject({ id: orphan });
    expect(subjectOf(project.only())).toBe("Hello again");
  });

  it.each([
    ["its words", setSubject("Half a thing")],
    ["its description", (live: any) => void (live.description = `Mine.\n\n${live.description}`)],
    ["its status, and back", (live: any) => void (live.status = "archived")],
  ])(
    "leaves a draft alone of which somebody has changed %s, and says what differs and how to go on",
    async (what, change) => {
      for (const args of [ACTIVE, welcome()]) {
        const { project, orphan } = await interrupted(ACTIVE);
        afterAWhile();
        world.emulator.ui.edit(orphan, change);
        if (project.only().status === "archived") world.emulator.ui.setStatus(orphan, "draft");
        const before = project.only();
        const again = await later(project, args);
        const error = await again.fails();
        expect(error).toContain(
          `Flow ${orphan} in PostHog carries the marker of this resource. It is a draft that somebody has changed since it was created (version `,
        );
        expect(error).toContain(`adopt: "${orphan}"`);
        expect(error).not.toMatch(/delete/i);
        if (what === "its words") expect(error).toContain("actions.mail.config.inputs.email.value.subject");
        expect(project.only()).toEqual(before);
        expect(again.state).toBeUndefined();
      }
    },
  );

  it("takes an active flow over that is what the program wants, without a write", async () => {
    const project = world.project();
    await project.flow(ACTIVE).go();
    const again = project.flow(ACTIVE, "welcome", { provider: await world.later() });
    expect(await project.during(() => again.go())).toEqual(["GET ?search 200", "GET /* 200"]);
    expect(again.id).toBe(project.only().id);
    expect((await again.preview()).op).toBe("same");
  });

  it("stops at an active flow that differs, names the difference and says adopt", async () => {
    const project = world.project();
    await project.flow(ACTIVE).go();
    const { id } = project.only();
    world.emulator.ui.edit(id, (live) => void (live.exit_condition = "exit_only_at_end"));
    const again = project.flow(ACTIVE, "welcome", { provider: await world.later() });
    const error = await again.fails();
    expect(error).toContain(`Flow ${id}`);
    expect(error).toContain('exitCondition: program nothing, PostHog "exit_only_at_end"');
    expect(error).toContain(`adopt: "${id}"`);
    expect(again.state).toBeUndefined();
    expect(project.only().exit_condition).toBe("exit_only_at_end");
  });

  /** As PostHog's editor duplicates a flow: everything, the description with its marker included, as a draft under another title. */
  const duplicate = (project: Project, of: any, more: object = {}): any => {
    const { name, description, actions, edges } = of;
    return world.emulator.ui.create(project.id, { name: `${name} (copy)`, description, actions, edges, ...more });
  };

  it.each([{ status: "active" }, { status: undefined }])(
    "leaves a duplicate alone that somebody made in PostHog's editor, and makes a flow of its own (%j)",
    async (mode) => {
      const project = world.project();
      const flow = project.flow(welcome(mode));
      await flow.go();
      const copy = duplicate(project, flow.live);
      world.emulator.ui.edit(copy.id, setSubject("Spring"));
      world.emulator.ui.remove(flow.id);
      const before = world.emulator.flow(copy.id);
      const again = await later(project, welcome(mode));
      await again.go();
      expect(again.id).not.toBe(copy.id);
      expect(world.emulator.flow(copy.id)).toEqual(before);
      expect(project.flows()).toHaveLength(2);
    },
  );

  it.each([
    ["untouched", () => undefined],
    ["renamed", (copy: string) => world.emulator.ui.edit(copy, (live) => void (live.name = "Spring"))],
    ["activated", (copy: string) => world.emulator.ui.setStatus(copy, "active")],
  ])("takes the original over beside a duplicate, %s", async (_, change) => {
    const project = world.project();
    await project.flow(ACTIVE).go();
    const original = project.only();
    const copy = duplicate(project, original);
    change(copy.id);
    const before = world.emulator.flow(copy.id);
    const again = await later(project, ACTIVE);
    await again.go();
    expect(again.id).toBe(original.id);
    expect(world.emulator.flow(copy.id)).toEqual(before);
    const texts = [
      ...(await (again.provider as ProviderProcess).notes()),
      ...(await (again.provider as ProviderProcess).warnings()),
    ];
    expect(texts.find((text) => text.includes(copy.id))).toContain(
      "as a duplicate made in PostHog's editor does, and was left alone.",
    );
  });

  it.each([{ status: "active" }, { status: undefined }])(
    "does not take over, rename or activate a copy with another title (%j)",
    async (mode) => {
      const project = world.project();
      await project.flow(ACTIVE).go();
      const copy = duplicate(project, project.only(), { name: "Spring" });
      world.emulator.ui.remove(project.flows().find(({ id }) => id !== copy.id).id);
      const again = await later(project, welcome(mode));
      const error = await again.fails();
      expect(error).toContain(`adopt: "${copy.id}"`);
      expect(error).toContain("remove the marker, which is the last line of its description");
      expect(project.only()).toEqual(copy);
      world.emulator.ui.edit(copy.id, (live) => void (live.description = ""));
      await again.go();
      expect(project.flows()).toHaveLength(2);
    },
  );

  it("stops when two flows of its title carry the marker, and never says to delete one", async () => {
    const project = world.project();
    await project.flow(ACTIVE).go();
    duplicate(project, project.only(), { name: project.only().name });
    const error = await (await later(project, ACTIVE)).fails();
    expect(error).toMatch(/^2 flows in PostHog carry the marker of this resource/);
    for (const { id } of project.flows()) expect(error).toContain(id);
    expect(error).toContain('adopt: "<id>"');
    expect(error).not.toMatch(/delete/i);
    expect(project.flows()).toHaveLength(2);
  });

  it("does not take a duplicate for what a lost answer made", async () => {
    const project = world.project();
    const first = project.flow(ACTIVE);
    await first.go();
    const copy = duplicate(project, first.live);
    world.emulator.ui.remove(first.id);
    const again = await later(project, ACTIVE);
    project.fault(lost);
    await again.go();
    expect(again.id).not.toBe(copy.id);
    expect(world.emulator.flow(copy.id)).toEqual(copy);
  });

  it("passes over archived flows, and those of another resource or stack", async () => {
    const project = world.project();
    await project.flow(ACTIVE).go();
    await project.flow(ACTIVE, "other").go();
    world.emulator.ui.setStatus(project.flows().find(({ name }) => name === "welcome").id, "archived");
    const again = project.flow(ACTIVE, "welcome", { provider: await world.later() });
    await again.go();
    expect(project.flows()).toHaveLength(3);
  });

  it("makes a new one after its own delete in the same process, without a second search", async () => {
    const project = world.project();
    const flow = project.flow(ACTIVE);
    await flow.go();
    await flow.destroy();
    expect(await project.during(() => flow.go())).toEqual(["POST 201", "PATCH /* 200"]);
    expect(project.flows()).toHaveLength(1);
  });
});

describe("L5: a POST whose answer is lost", () => {
  it("finds the flow by its mark and goes on", async () => {
    const flow = world.project().flow(ACTIVE);
    flow.project.fault(lost);
    expect(await flow.project.during(() => flow.go())).toEqual([
      "GET ?search 200",
      "POST 0",
      "GET ?search 200",
      "GET /* 200",
      "PATCH /* 200",
    ]);
    expect(flow.project.only().id).toBe(flow.id);
  });

  it("finds it without a mark by title, content and time", async () => {
    const flow = world.project().flow({ ...ACTIVE, marker: false });
    flow.project.fault(lost);
    await flow.go();
    expect(flow.project.only()).toMatchObject({ id: flow.id, status: "active" });
  });

  it("does not take somebody else's flow of the same title, without a mark", async () => {
    const project = world.project();
    const flow = project.flow({ ...ACTIVE, marker: false });
    const other = world.emulator.ui.create(project.id, {
      name: "welcome",
      actions: [
        {
          id: "trigger_node",
          name: "T",
          type: "trigger",
          config: { type: "event", filters: { events: [{ id: "x" }] } },
        },
      ],
    });
    project.fault(lost);
    await flow.go();
    expect(flow.id).not.toBe(other.id);
    expect(project.flows()).toHaveLength(2);
  });

  it("says so when two may be it, and takes neither", async () => {
    const project = world.project();
    const first = project.flow({ ...ACTIVE, name: "Hello", marker: false, status: undefined }, "first");
    await first.go();
    const second = project.flow({ ...ACTIVE, name: "Hello", marker: false, status: undefined }, "second", {
      provider: await world.later(),
    });
    project.fault(lost);
    const error = await second.fails();
    expect(error).toContain("PostHog has 2 flows that it may have created");
    for (const { id } of project.flows()) expect(error).toContain(id);
    expect(second.state).toBeUndefined();
  });
});

describe("L5: schedules carry no mark", () => {
  const made = async () => {
    const project = world.project();
    const flow = project.flow(batch(["pro"], { status: "active" }), "digest");
    await flow.go();
    return { project, flow };
  };

  it("refuses an equal one on the same flow, names it and says adopt", async () => {
    const { project, flow } = await made();
    const existing = world.emulator.ui.schedule.create(flow.id, {
      rrule: "FREQ=WEEKLY;BYDAY=MO",
      starts_at: "2030-12-02T08:00:00Z",
      timezone: "Europe/Berlin",
    });
    const schedule = project.schedule(weekly(flow.id), "weekly", { provider: await world.later() });
    const error = await schedule.fails();
    expect(error).toContain(existing.id);
    expect(error).toContain(`adopt: "${flow.id}/${existing.id}"`);
    expect(schedule.state).toBeUndefined();
    await schedule.go(weekly(flow.id, { adopt: `${flow.id}/${existing.id}` }));
    expect(schedule.id).toBe(`${flow.id}/${existing.id}`);
    expect(flow.live.schedules).toHaveLength(1);
    expect((await schedule.preview(weekly(flow.id))).op).toBe("same");
  });

  it("asks nothing about a flow that the same run has made, and once about any other", async () => {
    const { project, flow } = await made();
    expect(await project.during(() => project.schedule(weekly(flow.id), "one").go())).toEqual([
      "POST /*/schedules 201",
    ]);
    const provider = await world.later();
    const months = [1, 2, 3, 4].map((month) =>
      project.schedule(weekly(flow.id, { rrule: `FREQ=YEARLY;BYMONTH=${month}` }), `month-${month}`, { provider }),
    );
    const requests = await project.during(() => Promise.all(months.map((schedule) => schedule.go())));
    expect(requests.filter((request) => request === "GET /*/schedules 200")).toHaveLength(1);
    expect(flow.live.schedules).toHaveLength(5);
  });

  it.each(["one after the other", "at once"])("makes one of two equal ones of a program that come %s", async (when) => {
    const { project, flow } = await made();
    const [one, two] = ["one", "two"].map((name) => project.schedule(weekly(flow.id), name)) as [Resource, Resource];
    const outcomes =
      when === "at once"
        ? await Promise.allSettled([one.go(), two.go()])
        : [...(await Promise.allSettled([one.go()])), ...(await Promise.allSettled([two.go()]))];
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(1);
    expect(String(refused[0]!.reason)).toContain(
      "Another resource of this program creates an equal schedule of the same flow",
    );
    expect(flow.live.schedules).toHaveLength(1);
  });

  it("makes an equal one anew after it has deleted one, and after one was refused", async () => {
    const { project, flow } = await made();
    const one = project.schedule(weekly(flow.id), "one");
    await one.go();
    await one.destroy();
    await project.schedule(weekly(flow.id), "two").go();
    expect(flow.live.schedules).toHaveLength(1);
    const three = project.schedule(weekly(flow.id, { rrule: "FREQ=MONTHLY" }), "three");
    project.fault({ method: "POST", path: "/[^/]+/schedules/$", kind: "status", when: "before", status: 403 });
    await three.fails();
    await three.go();
    expect(flow.live.schedules).toHaveLength(2);
  });

  it("makes a second one that differs", async () => {
    const { project, flow } = await made();
    await project.schedule(weekly(flow.id), "one").go();
    await project.schedule(weekly(flow.id, { rrule: "FREQ=MONTHLY" }), "two").go();
    expect(flow.live.schedules).toHaveLength(2);
  });

  it("finds the one that a lost answer made, beside another of the flow", async () => {
    const { project, flow } = await made();
    await project.schedule(weekly(flow.id, { rrule: "FREQ=MONTHLY" }), "one").go();
    const schedule = project.schedule(weekly(flow.id), "two");
    project.fault({ method: "POST", path: "/[^/]+/schedules/$", kind: "cut", when: "after" });
    await schedule.go();
    expect(flow.live.schedules).toHaveLength(2);
    expect(schedule.outputs).toMatchObject({ rrule: "FREQ=WEEKLY;BYDAY=MO", status: "active" });
  });

  it("says that there is no such flow", async () => {
    const { project } = await made();
    expect(await project.schedule(weekly("0198c0de-0000-7000-8000-000000000001")).fails()).toMatch(
      /^There is no flow 0198c0de/,
    );
  });
});

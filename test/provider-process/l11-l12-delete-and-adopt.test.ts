// L11: deleting. L12: taking over what is live.
import { describe, expect, it } from "vitest";
import { plain } from "../support/mini-engine";
import { batch, setSubject, step, subjectOf, type Resource, useWorld, weekly, welcome, withHook } from "./support";

const world = useWorld();
const ui = () => world.emulator.ui;
const ACTIVE = welcome({ status: "active" });
const made = async (args: object = ACTIVE): Promise<Resource> => {
  const flow = world.project().flow(args);
  await flow.go();
  return flow;
};

describe("L11: delete", () => {
  it("takes what is gone already for success", async () => {
    const flow = await made();
    ui().remove(flow.id);
    await flow.destroy();
    expect(flow.state).toBeUndefined();
  });

  it("takes a schedule that is gone, alone or with its flow, for success", async () => {
    const flow = await made(batch());
    const one = flow.project.schedule(weekly(flow.id), "one");
    const two = flow.project.schedule(weekly(flow.id, { rrule: "FREQ=MONTHLY" }), "two");
    await one.go();
    await two.go();
    ui().schedule.remove(flow.id, one.id.split("/")[1]!);
    await one.destroy();
    ui().remove(flow.id);
    await two.destroy();
  });

  it("archives with onDelete: archive, and takes the mark off", async () => {
    const flow = await made({ ...ACTIVE, description: "Says hello.", onDelete: "archive" });
    const { id } = flow;
    await flow.destroy();
    expect(world.emulator.flow(id)).toMatchObject({ status: "archived", description: "Says hello." });
  });

  it("archives a flow that PostHog cannot delete, and says so", async () => {
    const flow = await made(batch(["pro"], { status: "active" }));
    const { id } = flow;
    ui().batchJob(id);
    await flow.destroy();
    expect(world.emulator.flow(id).status).toBe("archived");
    const warning = (await world.provider.warnings()).find((text) => text.includes(id));
    expect(warning).toContain("could not be deleted, because PostHog keeps its 1 batch job.");
    expect(warning).toContain("archived instead");
  });

  it("does not archive because of any other 500", async () => {
    const flow = await made();
    flow.project.fault({ method: "DELETE", kind: "status", status: 500, when: "before", times: 10 });
    await expect(flow.destroy()).rejects.toThrow(/500/);
    expect(flow.live.status).toBe("active");
    expect(flow.state).toBeDefined();
  });

  it("makes a new flow afterwards, not one out of the archive", async () => {
    const flow = await made({ ...ACTIVE, onDelete: "archive" });
    const { id } = flow;
    await flow.destroy();
    flow.provider = await world.later();
    await flow.go();
    expect(flow.id).not.toBe(id);
  });
});

describe("L12: adopt", () => {
  /** A flow that people made, with the content of `args`. */
  const foreign = async (args: any = ACTIVE): Promise<{ flow: Resource; id: string }> => {
    const maker = await made({ ...args, name: "Welcome", marker: false });
    return { flow: maker.project.flow({ ...args, name: "Welcome" }, "adopted"), id: maker.id };
  };

  it("takes an equal flow with the marker as its one write, and forgets about adopt", async () => {
    const { flow, id } = await foreign();
    const before = structuredClone(world.emulator.flow(id));
    const requests = await flow.project.during(() => flow.go({ ...flow.args, adopt: id }));
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual(["PATCH /* 200"]);
    expect(flow.id).toBe(id);
    const { description, updated_at: _a, ...rest } = world.emulator.flow(id);
    const { description: _d, updated_at: _b, ...same } = before;
    expect(rest).toEqual(same);
    expect(description).toContain("shop/dev/adopted");
    expect(flow.outputs).not.toHaveProperty("adopt");
    // Once it exists, nothing is left of it, whether the argument stays or goes.
    expect(await flow.project.during(async () => expect((await flow.preview()).op).toBe("same"))).toEqual([]);
    const { adopt: _, ...without } = flow.args as any;
    expect((await flow.preview(without)).op).toBe("same");
    expect(await flow.refresh()).toBe("same");
  });

  it("lists in preview what differs, with its stamp, and writes nothing", async () => {
    const { flow, id } = await foreign();
    const { updated_at } = ui().edit(id, (live) => {
      setSubject("Private words")(live);
      live.exit_condition = "exit_only_at_end";
    });
    const error = await flow.fails({ ...flow.args, adopt: id });
    expect(error).toContain("actions.mail.config.inputs.email.value.subject");
    expect(error).toContain('exitCondition: PostHog "exit_only_at_end", program nothing');
    expect(error).toContain(`overwriteDrift: "${updated_at}"`);
    expect(error).not.toContain("Private words");
    expect(subjectOf(world.emulator.flow(id))).toBe("Private words");
    expect(flow.state).toBeUndefined();
  });

  it.each(["nothing", "the older edit"])(
    "does not write over what was edited between preview and up, where preview had seen %s",
    async (seen) => {
      const { flow, id } = await foreign();
      const more = seen === "nothing" ? {} : { overwriteDrift: ui().edit(id, setSubject("Older")).updated_at };
      flow.args = { ...flow.args, adopt: id, ...more };
      const checked = await world.provider.check("flow", {}, plain(await flow.program()));
      expect(checked.failures).toEqual([]);
      ui().edit(id, setSubject("Newer"));
      await expect(world.provider.create("flow", plain(checked.inputs))).rejects.toThrow(
        `adopt: flow ${id} differs from this program`,
      );
      expect(subjectOf(world.emulator.flow(id))).toBe("Newer");
    },
  );

  it("writes over differences whose stamp is given, and keeps the id", async () => {
    const { flow, id } = await foreign();
    const { updated_at } = ui().edit(id, setSubject("Theirs"));
    await flow.go({ ...flow.args, adopt: id, overwriteDrift: updated_at });
    expect(flow.id).toBe(id);
    expect(subjectOf(flow.live)).toBe("Welcome!");
    expect(flow.live.description).toContain("[hogflow ");
    expect(flow.project.flows()).toHaveLength(1);
  });

  it("refuses an id that nobody has, in preview", async () => {
    const flow = world.project().flow({ ...ACTIVE, adopt: "0198c0de-0000-7000-8000-000000000001" });
    expect(await flow.fails()).toContain("there is no flow 0198c0de-0000-7000-8000-000000000001 in this project");
    expect(flow.project.flows()).toEqual([]);
  });

  it("goes on in preview without a key, and says so in a note", async () => {
    const { flow, id } = await foreign();
    const keyless = await world.another({ env: { POSTHOG_API_KEY: "" } });
    flow.provider = keyless;
    expect((await flow.preview({ ...flow.args, adopt: id })).op).toBe("create");
    expect(
      (await keyless.notes()).some((text) => text.includes("was not looked up, because there is no API key")),
    ).toBe(true);
  });

  it("takes a stated status into the comparison", async () => {
    const { flow, id } = await foreign(welcome());
    expect(await flow.fails({ ...flow.args, status: "active", adopt: id })).toContain(
      'status: PostHog "draft", program "active"',
    );
  });

  it("does not ask for secrets that PostHog has: { secret: true } keeps them", async () => {
    const { flow, id } = await foreign(withHook({ signing_secret: { value: "s3cr3t-v4lue" } }));
    await flow.go({ ...withHook({ signing_secret: { secret: true } }), name: "Welcome", adopt: id });
    expect(world.emulator.secret(id, "hook", "signing_secret")).toBe("s3cr3t-v4lue");
    expect((await flow.preview({ ...withHook({ signing_secret: { secret: true } }), name: "Welcome" })).op).toBe(
      "same",
    );
    await flow.go({ ...withHook({ signing_secret: { secret: true } }), name: "Other title" });
    expect(world.emulator.secret(id, "hook", "signing_secret")).toBe("s3cr3t-v4lue");
    expect(step(flow.live, "hook").name).toBe("Tell the backend");
  });

  it("takes a schedule: equal without a write, different only with its stamp, never from another flow", async () => {
    const flow = await made(batch());
    const other = flow.project.flow(batch(), "other");
    await other.go();
    const live = ui().schedule.create(flow.id, {
      rrule: "FREQ=MONTHLY",
      starts_at: "2030-12-02T08:00:00Z",
      timezone: "Europe/Berlin",
    });
    const id = `${flow.id}/${live.id}`;
    const schedule = flow.project.schedule(weekly(flow.id, { adopt: id }));
    const error = await schedule.fails();
    expect(error).toContain('rrule: PostHog "FREQ=MONTHLY", program "FREQ=WEEKLY;BYDAY=MO"');
    expect(await flow.project.schedule(weekly(other.id, { adopt: id })).fails()).toContain(
      "belongs to a different flow",
    );
    expect(await flow.project.schedule(weekly(flow.id, { adopt: "nobody" })).fails()).toContain(
      "has no schedule nobody",
    );
    await schedule.go(weekly(flow.id, { adopt: id, overwriteDrift: live.updated_at }));
    expect(schedule.id).toBe(id);
    expect(flow.live.schedules).toEqual([expect.objectContaining({ id: live.id, rrule: "FREQ=WEEKLY;BYDAY=MO" })]);
    expect(schedule.outputs).not.toHaveProperty("adopt");
    expect((await schedule.preview(weekly(flow.id, { overwriteDrift: live.updated_at }))).op).toBe("same");
  });
});

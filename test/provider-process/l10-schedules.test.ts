// L10: schedules, and what pauses them.
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../support/provider-process";
import { batch, mail, type Project, type Resource, trigger, useWorld, weekly } from "./support";

const world = useWorld();
const ui = () => world.emulator.ui;

interface Pair {
  project: Project;
  flow: Resource;
  schedule: Resource;
  /** Both resources of the program, the flow first. */
  go(audience: string[], more?: object): Promise<string>;
}

/** A flow and its schedule, which gets the flow itself. */
async function pair(more: object = {}): Promise<Pair> {
  const project = world.project();
  const flow = project.flow(batch(["pro"], { status: "active" }), "digest");
  const schedule = project.schedule({}, "mondays");
  const go = async (audience: string[], extra: object = {}): Promise<string> => {
    const args = batch(audience, { status: "active" });
    await flow.go(args);
    schedule.args = weekly({ args, name: "digest" }, extra);
    return schedule.up(await schedule.program({ ids: { digest: flow.id } }));
  };
  await go(["pro"], more);
  return { project, flow, schedule, go };
}

/** A schedule with the bare id of its flow. */
async function alone(args: object = {}): Promise<{ project: Project; flow: Resource; schedule: Resource }> {
  const project = world.project();
  const flow = project.flow(batch(["pro"], { status: "active" }), "digest");
  await flow.go();
  const schedule = project.schedule(weekly(flow.id, args));
  await schedule.go();
  return { project, flow, schedule };
}

describe("L10: a schedule", () => {
  it("is named by its flow and its own id, and is one request to update, delete", async () => {
    const { project, flow, schedule } = await alone();
    const [live] = flow.live.schedules;
    expect(schedule.id).toBe(`${flow.id}/${live.id}`);
    expect(schedule.outputs).toMatchObject({ scheduleId: live.id, status: "active", startsAt: "2030-12-02T08:00:00Z" });
    expect(await project.during(() => schedule.go())).toEqual([]);
    expect(await project.during(() => schedule.go(weekly(flow.id, { rrule: "FREQ=DAILY" })))).toEqual([
      "GET /*/schedules 200",
      "PATCH /*/schedules/* 200",
    ]);
    expect(await project.during(() => schedule.destroy())).toEqual(["DELETE /*/schedules/* 204"]);
    expect(flow.live.schedules).toEqual([]);
  });

  it("reads startsAt without an offset as local time of the zone, and sends it with one", async () => {
    const { flow, schedule } = await alone({ startsAt: "2030-12-02T09:00:00", timezone: "America/New_York" });
    expect(flow.live.schedules[0].starts_at).toBe("2030-12-02T14:00:00Z");
    expect((schedule.project.records.findLast(({ method }) => method === "POST")!.body as any).starts_at).toMatch(
      /(Z|[+-]\d\d:\d\d)$/,
    );
    expect(await schedule.refresh()).toBe("same");
  });

  it.each([
    ["2030-07-01T09:00:00", "Europe/Berlin", "2030-07-01T07:00:00Z"],
    ["2030-03-31T02:30:00", "Europe/Berlin", "2030-03-31T01:30:00Z"], // left out by the clocks
    ["2030-10-27T02:30:00", "Europe/Berlin", "2030-10-27T00:30:00Z"], // comes twice: the first
    ["2030-12-02T09:00:00+05:30", "Europe/Berlin", "2030-12-02T03:30:00Z"],
    ["2030-12-02T09:00:00", undefined, "2030-12-02T09:00:00Z"],
    ["20301202T090000Z", "Europe/Berlin", "2030-12-02T09:00:00Z"],
  ])("reads %s in %s as %s", async (startsAt, timezone, utc) => {
    const { flow } = await alone({ startsAt, timezone, rrule: "FREQ=DAILY" });
    expect(flow.live.schedules[0].starts_at).toBe(utc);
  });

  it("takes two spellings of one moment for no change", async () => {
    const { project, flow, schedule } = await alone();
    expect(
      await project.during(async () =>
        expect(await schedule.go(weekly(flow.id, { startsAt: "2030-12-02T08:00:00Z" }))).toBe("same"),
      ),
    ).toEqual([]);
  });

  it("stops at an edit that nobody has seen, and overwrites the one whose stamp is given", async () => {
    const { flow, schedule } = await alone();
    const { updated_at } = ui().schedule.edit(flow.id, flow.live.schedules[0].id, { rrule: "FREQ=MONTHLY" });
    const error = await schedule.fails(weekly(flow.id, { rrule: "FREQ=DAILY" }));
    expect(error).toContain('rrule: state "FREQ=WEEKLY;BYDAY=MO", PostHog "FREQ=MONTHLY"');
    expect(error).toContain(`overwriteDrift: "${updated_at}"`);
    await schedule.go(weekly(flow.id, { rrule: "FREQ=DAILY", overwriteDrift: updated_at }));
    expect(flow.live.schedules[0].rrule).toBe("FREQ=DAILY");
  });

  it("shows an edit in a refresh, and is gone when it was deleted", async () => {
    const { flow, schedule } = await alone();
    ui().schedule.edit(flow.id, flow.live.schedules[0].id, { rrule: "FREQ=MONTHLY" });
    expect(await schedule.refresh()).toBe("changed");
    expect(schedule.state!.inputs["rrule"]).toBe("FREQ=MONTHLY");
    ui().schedule.remove(flow.id, flow.live.schedules[0].id);
    const reader = await world.later();
    schedule.provider = reader;
    expect(await schedule.refresh()).toBe("gone");
  });

  it("is refused in preview when the server would refuse it", async () => {
    const { schedule, flow } = await alone();
    const refused = async (more: object): Promise<string> => schedule.fails(weekly(flow.id, more));
    expect(await refused({ rrule: "FREQ=DAILY;COUNT=1", startsAt: "2020-01-01T09:00:00" })).toContain(
      "no occurrence in the future",
    );
    expect(await refused({ rrule: "FREQ=MINUTELY" })).toMatch(/less than an hour apart\. .*Use FREQ=HOURLY/);
    expect(await refused({ timezone: "Europe/Berlni" })).toContain("Europe/Berlin");
    expect(await refused({ startsAt: "tomorrow" })).toContain('"tomorrow" is not a date and time');
    expect(await refused({ rrule: "DTSTART:20300101T090000Z\nFREQ=DAILY" })).toContain("rrule");
    expect(await refused({ rule: "FREQ=DAILY" })).toContain("`rule` is not an argument of HogFlowSchedule");
  });

  it("tolerates unknown values anywhere in preview", async () => {
    const { schedule, flow } = await alone();
    const inputs = await schedule.program();
    for (const key of ["flowId", "rrule", "startsAt", "timezone", "variables", "triggerFingerprint"]) {
      const { failures } = await world.provider.check("schedule", {}, { ...inputs, [key]: UNKNOWN });
      expect(failures, key).toEqual([]);
    }
    expect((await schedule.plan({ ...inputs, startsAt: UNKNOWN })).op).toBe("update");
    expect(flow.id).toBeTruthy();
  });
});

describe("L10: a schedule that PostHog paused", () => {
  it("shows in a refresh as an input with the reason, and the next up makes it anew", async () => {
    const { project, flow, schedule } = await alone();
    ui().edit(
      flow.id,
      (live) =>
        void (live.actions[0].config.filters = {
          properties: [{ key: "plan", value: ["free"], operator: "exact", type: "person" }],
        }),
    );
    expect(flow.live.schedules[0].status).toBe("paused");
    const before = schedule.id;
    expect(await schedule.refresh()).toBe("changed");
    expect(schedule.state!.inputs["paused"]).toMatch(/^PostHog paused this schedule/);
    expect((await schedule.preview()).op).toBe("replace");
    expect(await project.during(() => schedule.go())).toEqual(["DELETE /*/schedules/* 204", "POST /*/schedules 201"]);
    expect(schedule.id).not.toBe(before);
    expect(flow.live.schedules).toEqual([expect.objectContaining({ status: "active", rrule: "FREQ=WEEKLY;BYDAY=MO" })]);
    expect((await schedule.preview()).op).toBe("same");
    expect(await schedule.refresh()).toBe("same");
  });

  it("is not known to be paused without a refresh, when it has only the flow's id", async () => {
    const { flow, schedule } = await alone();
    await flow.go(batch(["free"], { status: "active" }));
    expect(flow.live.schedules[0].status).toBe("paused");
    expect((await schedule.preview()).op).toBe("same");
  });

  it("is made anew in the up that changes the audience, when it has the flow itself", async () => {
    const { flow, schedule, go } = await pair();
    const before = schedule.id;
    expect(await go(["free"])).toBe("replace");
    expect(schedule.id).not.toBe(before);
    expect(flow.live.schedules).toEqual([expect.objectContaining({ status: "active" })]);
    expect(await go(["free"])).toBe("same");
    expect(await schedule.refresh()).toBe("same");
  });

  it("stays when the flow changes, but not its audience", async () => {
    const { flow, schedule } = await pair();
    const args = batch(["pro"], { status: "active" });
    args.actions.mail = mail("Other subject");
    await flow.go(args);
    schedule.args = weekly({ args, name: "digest" });
    expect(await schedule.up(await schedule.program({ ids: { digest: flow.id } }))).toBe("same");
    expect(flow.live.schedules[0].status).toBe("active");
  });

  it("sends the audience back as it is, so that other changes pause nothing", async () => {
    const { flow, go } = await pair();
    ui().edit(flow.id, (live) => void (live.name = "digest"));
    await go(["pro"], { rrule: "FREQ=WEEKLY;BYDAY=TU" });
    const args = batch(["pro"], { status: "active", exitCondition: "exit_only_at_end" });
    await flow.go(args);
    expect(flow.live.schedules[0].status).toBe("active");
  });

  it("stays when the trigger is no longer an audience", async () => {
    const { flow, schedule } = await pair();
    const args = {
      status: "active",
      actions: { ...batch().actions, trigger_node: trigger("mail", { type: "schedule" }) },
    };
    await flow.go(args);
    schedule.args = weekly({ args, name: "digest" });
    expect(await schedule.up(await schedule.program({ ids: { digest: flow.id } }))).not.toBe("replace");
  });
});

describe("L10: a rule that has run out", () => {
  const once = {
    rrule: "FREQ=DAILY;COUNT=1",
    startsAt: `${new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 19)}Z`,
    timezone: undefined,
  };

  it("is quiet: no error, no change, never replaced", async () => {
    const { flow, schedule, go } = await pair(once);
    ui().schedule.setStatus(flow.id, flow.live.schedules[0].id, "completed");
    expect(await schedule.refresh()).toBe("same");
    expect(schedule.outputs["status"]).toBe("completed");
    expect(await go(["pro"], once)).toBe("same");
  });

  it("is not made anew when its audience changes or it was paused", async () => {
    const past = { rrule: "FREQ=DAILY;COUNT=1", startsAt: "2020-01-01T09:00:00Z" };
    const olds = {
      flowId: "f",
      ...past,
      status: "paused",
      paused: "PostHog paused it",
      triggerFingerprint: "batch:1",
      host: world.emulator.url,
      projectId: "1",
    };
    const news = { flowId: "f", ...past, triggerFingerprint: "batch:2", host: world.emulator.url, projectId: "1" };
    const { replaces } = await world.provider.diff("schedule", "f/s", olds, news);
    expect(replaces).toEqual([]);
    const future = { rrule: "FREQ=DAILY" };
    expect(
      (await world.provider.diff("schedule", "f/s", { ...olds, ...future }, { ...news, ...future })).replaces,
    ).toEqual(["paused", "triggerFingerprint"]);
  });
});

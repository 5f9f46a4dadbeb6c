// Project secret API keys (phs_…) may list, read, create and update flows, and nothing else: preview says what they cannot do, and what they cannot do is not sent.
import { describe, expect, it } from "vitest";
import { batch, exit, subjectOf, trigger, useWorld, weekly, welcome } from "./support";

const KEY = "phs_continuous_integration";
const world = useWorld({
  env: { POSTHOG_API_KEY: KEY },
  emulator: { keys: [{ key: "phx_person" }, { key: KEY, projects: ["1"] }] },
});
// Such a key belongs to one project, which the tests share.
let shared: ReturnType<typeof world.project> | undefined;
const project = () => (shared ??= world.project());

const NOTHING_ELSE = "A project secret API key (phs_…) may list, read, create and update flows, and nothing else";
const warned = async (act: () => Promise<unknown>): Promise<string[]> => {
  const before = (await world.provider.warnings()).length;
  await act();
  return (await world.provider.warnings()).slice(before).filter((text) => text.includes("[key-kind]"));
};

describe("a project secret API key", () => {
  it("creates, activates, refreshes and updates a flow, and nothing is said about it", async () => {
    const flow = project().flow(welcome({ name: "Fits", status: "active" }), "fits");
    expect(await warned(() => flow.go())).toEqual([]);
    expect(await flow.refresh()).toBe("same");
    expect(await warned(() => flow.go(welcome({ name: "Fits", status: "active", subject: "Later" })))).toEqual([]);
    expect([flow.live.status, subjectOf(flow.live)]).toEqual(["active", "Later"]);
    expect(await project().during(() => flow.go())).toEqual([]);
  });

  it("draws a warning for a protected flow in preview, and changes nothing in up that may move people", async () => {
    const flow = project().flow(welcome({ name: "Protected", status: "active" }), "protected");
    await flow.go();
    const without = {
      name: "Protected",
      status: "active",
      protectInFlight: true,
      actions: { trigger_node: trigger("exit_node"), exit_node: exit },
    };
    const [warning, ...more] = await warned(() => flow.preview(without));
    expect(more).toEqual([]);
    expect(warning).toContain(
      `Flow "Protected": protectInFlight: people in flight are counted before a change that may move them, but the API key for ${world.emulator.url} may not do that`,
    );
    expect(warning).toContain(NOTHING_ELSE);
    expect(warning).toContain("Use a personal API key (phx_…) for `up`");
    const live = flow.live;
    expect(await flow.fails(without)).toContain(NOTHING_ELSE);
    expect(flow.live).toEqual(live);
    // Other words move nobody, so nobody is counted.
    expect(
      await flow.go(welcome({ name: "Protected", status: "active", subject: "Later", protectInFlight: true })),
    ).toBe("update");
    expect(subjectOf(flow.live)).toBe("Later");
  });

  it("draws a warning for a staged draft that is to be dropped", async () => {
    const flow = project().flow(welcome({ name: "Staged" }), "staged");
    await flow.go();
    const [warning, ...more] = await warned(() =>
      flow.preview(welcome({ name: "Staged", discardStagedDraft: "2030-01-01T00:00:00Z" })),
    );
    expect(more).toEqual([]);
    expect(warning).toContain("discardStagedDraft: a staged draft is dropped, but the API key for");
  });

  it("draws a warning for a schedule in preview, and no request about it is sent in up", async () => {
    const flow = project().flow(batch(["pro"], { name: "Digest", status: "active" }), "digest");
    await flow.go();
    const schedule = project().schedule(weekly(flow.id));
    const [warning, ...more] = await warned(() => schedule.preview());
    expect(more).toEqual([]);
    expect(warning).toContain(
      `Schedule: a schedule is read and written, but the API key for ${world.emulator.url} may not do that`,
    );
    expect(warning).toContain(NOTHING_ELSE);
    let failure = "";
    expect(await project().during(async () => (failure = await schedule.fails()))).toEqual([]);
    expect(failure).toContain(NOTHING_ELSE);
    expect(failure).toContain("Put a personal API key (phx_…) in");
    expect(failure).not.toContain(KEY);
    expect(flow.live.schedules).toEqual([]);
  });

  it("deletes nothing", async () => {
    const flow = project().flow(welcome({ name: "Stays" }), "stays");
    await flow.go();
    await expect(flow.destroy()).rejects.toThrow(NOTHING_ELSE);
    expect(flow.live.name).toBe("Stays");
    expect(
      project()
        .requests()
        .filter((request) => request.startsWith("DELETE")),
    ).toEqual([]);
  });
});

it("a personal API key draws no warning for either", async () => {
  const provider = await world.another({ env: { POSTHOG_API_KEY: "phx_person" } });
  const flow = project().flow(batch(["pro"], { name: "Both", status: "active", protectInFlight: true }), "both", {
    provider,
  });
  await flow.go();
  await project().schedule(weekly(flow.id), "both-weekly", { provider }).go();
  expect((await provider.warnings()).filter((text) => text.includes("[key-kind]"))).toEqual([]);
});

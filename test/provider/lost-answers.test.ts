// L5: what is said and done when the answer to a creation is lost, with all its waits. Time is a parameter here.
import { describe, expect, it } from "vitest";
import { inputsOf, useLifecycle, type Rig } from "./support";

const { rig } = useLifecycle();
const path = ({ place }: Rig, rest: string): RegExp => new RegExp(`^/api/projects/${place.projectId}/hog_flows${rest}`);
const textOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => expect.unreachable(),
    (error: Error) => error.message,
  );

describe("a POST that never worked", () => {
  it("is looked for three times over some seconds, and never sent again", async () => {
    const it = rig();
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "before" });
    const text = await textOf(it.flow.create(inputsOf(it)));
    expect(text).toContain("PostHog was searched, and has no flow of this resource");
    expect(text).toContain("Run pulumi up again: it looks before it creates.");
    expect(it.requests()).toEqual([
      "GET ?search 200",
      "POST 0",
      "GET ?search 200",
      "GET ?search 200",
      "GET ?search 200",
    ]);
    expect(it.clock.sleeps).toEqual([1_500, 4_000]);
  });

  it("finds a flow that comes late", async () => {
    const it = rig();
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "after" });
    it.emulator.fault({
      method: "GET",
      path: path(it, "/\\?search"),
      kind: "status",
      status: 200,
      body: { count: 0, next: null, previous: null, results: [] },
      when: "before",
      skip: 1,
      times: 2,
    });
    const { id } = await it.flow.create(inputsOf(it));
    expect(it.emulator.flows(it.place.projectId).map((flow) => flow.id)).toEqual([id]);
    expect(it.clock.sleeps).toEqual([1_500, 4_000]);
  });

  it("is not said to have been looked for when PostHog could not be searched", async () => {
    const it = rig();
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "after" });
    it.emulator.fault({
      method: "GET",
      path: path(it, "/\\?search"),
      kind: "status",
      status: 503,
      when: "before",
      skip: 1,
      times: 100,
    });
    const text = await textOf(it.flow.create(inputsOf(it)));
    expect(text).not.toContain("was found");
    expect(text).toContain(
      "It is not known whether a flow was created, because the search failed. Run pulumi up again",
    );
  });

  it("does not promise a look that nothing without a mark can take", async () => {
    const it = rig();
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "before" });
    const text = await textOf(it.flow.create(inputsOf(it, { owner: undefined })));
    expect(text).toContain('look in PostHog first for a draft called "welcome", and take it over with adopt');
    expect(text).not.toContain("it looks before it creates");
  });

  it("without a mark is not found in a flow that this process made, nor in an older one", async () => {
    const it = rig();
    const own = await it.flow.create(inputsOf(it, { owner: undefined }));
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "cut", when: "before" });
    await textOf(it.flow.create(inputsOf(it, { owner: undefined })));
    expect(it.emulator.flows(it.place.projectId).map((flow) => flow.id)).toEqual([own.id]);

    const later = rig();
    const { name, actions, edges } = it.emulator.flow(own.id);
    later.emulator.ui.create(later.place.projectId, { name, actions, edges });
    later.clock.time += 10 * 60_000;
    later.emulator.fault({ method: "POST", path: path(later, "/$"), kind: "cut", when: "before" });
    expect(await textOf(later.flow.create(inputsOf(later, { owner: undefined })))).toContain(
      "has no flow of this resource",
    );
  });

  it("of a schedule is not said to have been looked for when it could not", async () => {
    const it = rig();
    const { id } = await it.flow.create(inputsOf(it));
    it.emulator.fault({ method: "POST", path: path(it, "/[^/]+/schedules"), kind: "cut", when: "after" });
    it.emulator.fault({
      method: "GET",
      path: path(it, "/[^/]+/schedules"),
      kind: "status",
      status: 503,
      when: "before",
      times: 100,
    });
    const text = await textOf(
      it.schedule.create({ flowId: id, rrule: "FREQ=WEEKLY", startsAt: "2030-12-02T08:00:00Z", ...it.place }),
    );
    expect(text).toContain("It is not known whether a schedule was created, because the flow could not be read.");
  });
});

describe("waits", () => {
  it("of a 429 are those that the server asks for", async () => {
    const it = rig();
    it.emulator.fault({
      method: "POST",
      path: path(it, "/$"),
      kind: "status",
      status: 429,
      retryAfter: "17",
      when: "before",
    });
    await it.flow.create(inputsOf(it));
    expect(it.clock.sleeps).toContain(17_000);
    expect(it.emulator.flows(it.place.projectId)).toHaveLength(1);
  });

  it("end when the server asks for more than a user would take, with nothing made", async () => {
    const it = rig();
    it.emulator.fault({
      method: "POST",
      path: path(it, "/$"),
      kind: "status",
      status: 429,
      retryAfter: "3600",
      when: "before",
    });
    expect(await textOf(it.flow.create(inputsOf(it)))).toContain("3600 s");
    expect(it.emulator.flows(it.place.projectId)).toEqual([]);
  });

  it("before an answer end after POSTHOG_REQUEST_TIMEOUT_MS", async () => {
    const it = rig({ POSTHOG_REQUEST_TIMEOUT_MS: "300" });
    it.emulator.fault({ method: "POST", path: path(it, "/$"), kind: "hang", when: "after" });
    const { id } = await it.flow.create(inputsOf(it));
    expect(it.emulator.flows(it.place.projectId).map((flow) => flow.id)).toEqual([id]);
  });
});

describe("a refresh", () => {
  it("of many flows reads three of them alone and the others from the list, and confirms what differs", async () => {
    const it = rig();
    const made = [];
    for (let i = 0; i < 8; i += 1)
      made.push(await it.flow.create(inputsOf(it, { name: `Flow ${i}`, owner: undefined })));
    it.emulator.ui.edit(made[6]!.id, (live) => void (live.exit_condition = "exit_only_at_end"));
    const before = it.requests().length;
    for (const { id, outs } of made) {
      const { inputs } = await it.flow.read(id, outs);
      expect(inputs!["exitCondition"]).toBe(id === made[6]!.id ? "exit_only_at_end" : undefined);
    }
    expect(it.requests().slice(before)).toEqual(["GET 200", "GET 200", "GET 200", "GET ?limit 200", "GET 200"]);
  });

  it("after own writes does not use what was read before them", async () => {
    const it = rig();
    const { id, outs } = await it.flow.create(inputsOf(it));
    await it.flow.read(id, outs);
    const { outs: updated } = await it.flow.update(id, outs, inputsOf(it, { exitCondition: "exit_only_at_end" }));
    const { inputs } = await it.flow.read(id, updated);
    expect(inputs).toMatchObject({ exitCondition: "exit_only_at_end" });
  });

  it("asks again once what it read is old", async () => {
    const it = rig();
    const { id, outs } = await it.flow.create(inputsOf(it));
    await it.flow.read(id, outs);
    it.emulator.ui.edit(id, (live) => void (live.exit_condition = "exit_only_at_end"));
    it.clock.time += 60_000;
    expect((await it.flow.read(id, outs)).inputs).toMatchObject({ exitCondition: "exit_only_at_end" });
  });
});

describe("schedules in time", () => {
  const check = (it: Rig, more: object, olds: object = {}) =>
    it.schedule.check(
      { ...olds },
      {
        flowId: "f",
        rrule: "FREQ=DAILY;COUNT=1",
        startsAt: "2030-12-02T08:00:00Z",
        host: it.place.host,
        projectId: it.place.projectId,
        ...more,
      },
    );

  it("are refused once their last moment has passed, and left alone when nobody touches them", async () => {
    const it = rig();
    it.clock.time = Date.parse("2030-12-02T07:59:00Z");
    const { inputs, failures } = await check(it, {});
    expect(failures).toEqual([]);
    it.clock.time = Date.parse("2030-12-02T08:01:00Z");
    expect(JSON.stringify((await check(it, {})).failures)).toContain("no occurrence in the future");
    expect((await check(it, {}, inputs)).failures).toEqual([]);
    // PostHog tests the whole rule again on every write (API §5.4).
    expect(JSON.stringify((await check(it, { variables: { a: 1 } }, inputs)).failures)).toContain(
      "no occurrence in the future",
    );
  });
});

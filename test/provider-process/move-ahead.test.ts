// A replacement never ends in nothing: the new place is asked, and what it refuses all the same is refused as a draft, before anything is deleted.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import {
  batch,
  KEY,
  mail,
  setSubject,
  subjectOf,
  type Project,
  type Resource,
  trigger,
  useWorld,
  weekly,
  welcome,
  exit,
} from "./support";

const world = useWorld();
let other: Emulator;
const PROJECTS = { all: "1", readOnly: "2" };
beforeAll(async () => {
  other = await startEmulator({
    keys: [{ key: "phx_other" }, { key: "phx_reader", scopes: ["hog_flow:read"] }],
    projects: [{ id: "1" }, { id: "2" }],
  });
});
afterAll(() => other.stop());

const ACTIVE = welcome({ status: "active" });
const made = (args: object = ACTIVE): Promise<Resource> => world.made(args);
const to = (project: Project, more: object = {}): object => ({
  ...ACTIVE,
  ...more,
  projectId: project.id,
  replaceOnMove: true,
});
const keyless = () => world.another({ env: { POSTHOG_API_KEY: "" } });
const keys = (key: string) =>
  world.another({
    env: { POSTHOG_API_KEY: "" },
    config: { "posthog:apiKeys": JSON.stringify({ [world.emulator.url]: KEY, [other.url]: key }) },
  });
/** Nothing was lost at the old place, and nothing is at the new one. */
const stays = (flow: Resource, elsewhere: unknown[]): void => {
  expect(flow.project.only()).toMatchObject({ id: flow.id, status: "active" });
  expect(elsewhere).toEqual([]);
};

describe("check", () => {
  it.each([
    ["a project that does not exist", { projectId: "9999" }, "projectId: project 9999", "Project not found."],
    [
      "a host that the key is not for",
      () => ({ host: other.url, projectId: PROJECTS.all }),
      "host: this resource cannot move to project 1",
      "The PostHog API key is configured for",
    ],
  ])("refuses %s, before anything is sent there", async (_, place, what, why) => {
    const flow = await made();
    const there = typeof place === "function" ? place() : place;
    const before = other.requests.length;
    const error = await flow.fails({ ...ACTIVE, ...there, replaceOnMove: true });
    expect(error).toContain(what);
    expect(error).toContain(why);
    expect(error).toContain("[move-refused]");
    stays(flow, []);
    expect(other.requests).toHaveLength(before);
  });

  it("asks a place once for many resources", async () => {
    const target = world.project();
    const flows = await Promise.all([made(), made(), made()]);
    flows.forEach((flow) => (flow.provider = flows[0].provider));
    const asked = await target.during(() => Promise.all(flows.map((flow) => flow.preview(to(target)))));
    expect(asked).toEqual(["GET ?limit 200", "GET ?search 200"]);
  });

  it("says without a key that nobody was asked, and goes on", async () => {
    const flow = await made();
    const provider = (flow.provider = await keyless());
    const target = world.project();
    expect((await flow.preview(to(target))).op).toBe("replace");
    expect((await provider.notes()).join("\n")).toContain(
      `project ${target.id} on ${world.emulator.url} was not asked whether it accepts this resource, because there is no API key`,
    );
    expect(target.records).toEqual([]);
  });

  it("warns when the place cannot be reached", async () => {
    const flow = await made();
    const provider = (flow.provider = await world.another({
      env: { POSTHOG_API_KEY: "" },
      config: { "posthog:apiKeys": JSON.stringify({ [world.emulator.url]: KEY, "http://127.0.0.1:9": KEY }) },
    }));
    const away = { ...ACTIVE, host: "http://127.0.0.1:9", projectId: "1", replaceOnMove: true };
    expect((await flow.preview(away)).op).toBe("replace");
    expect((await provider.warnings()).join("\n")).toContain("[move-unseen]");
    expect(await flow.fails(away)).toContain("Nothing was deleted");
    stays(flow, []);
  });

  it("asks for a schedule, too", async () => {
    const flow = await made(batch());
    const schedule = flow.project.schedule(weekly(flow.id));
    await schedule.go();
    expect(await schedule.fails(weekly(flow.id, { projectId: "9999", replaceOnMove: true }))).toContain(
      "[move-refused]",
    );
    expect(flow.live.schedules).toHaveLength(1);
  });
});

describe("up", () => {
  it("makes the draft there, deletes here, and activates what it has made", async () => {
    const flow = await made();
    const from = flow.project;
    const target = world.project();
    const since = world.emulator.requests.length;
    expect(await flow.go(to(target))).toBe("replace");
    const writes = world.emulator.requests
      .slice(since)
      .filter(
        ({ method, path }) =>
          method !== "GET" && (path.includes(`/projects/${from.id}/`) || path.includes(`/projects/${target.id}/`)),
      );
    expect(
      writes.map(({ method, path }) => `${method} ${path.includes(`/projects/${target.id}/`) ? "there" : "here"}`),
    ).toEqual(["POST there", "DELETE here", "PATCH there"]);
    expect(from.flows()).toEqual([]);
    expect(target.only()).toMatchObject({ id: flow.id, status: "active" });
  });

  it("deletes nothing when the key may only read there", async () => {
    const flow = await made();
    flow.provider = await keys("phx_reader");
    const error = await flow.fails({ ...ACTIVE, host: other.url, projectId: PROJECTS.readOnly, replaceOnMove: true });
    expect(error).toContain(`Nothing was deleted: flow ${flow.id} is to be replaced by one in project 2`);
    expect(error).toContain("hog_flow:write");
    stays(flow, other.flows(PROJECTS.readOnly));
  });

  it.each(["move", "replacement in its place"])(
    "deletes nothing when PostHog refuses the definition: %s",
    async (kind) => {
      const flow = await made();
      const target = kind === "move" ? world.project() : flow.project;
      target.fault({
        method: "POST",
        kind: "status",
        status: 400,
        when: "before",
        body: { type: "validation_error", code: "invalid_input", detail: "Not like this.", attr: "actions" },
      });
      const error =
        kind === "move"
          ? await flow.fails(to(target))
          : await flow.replaceTarget(await flow.program()).then(
              () => "",
              (thrown: Error) => thrown.message,
            );
      expect(error).toContain("Nothing was deleted");
      expect(error).toContain("Not like this.");
      stays(flow, kind === "move" ? target.flows() : []);
    },
  );

  it("deletes nothing when the key for the old place is missing", async () => {
    const flow = await made();
    flow.provider = await world.another({
      env: { POSTHOG_API_KEY: "" },
      config: { "posthog:apiKeys": JSON.stringify({ [other.url]: "phx_other" }) },
    });
    expect(await flow.fails({ ...ACTIVE, host: other.url, projectId: PROJECTS.all, replaceOnMove: true })).toContain(
      "[move-refused]",
    );
    stays(flow, other.flows(PROJECTS.all));
  });

  it("makes nothing when the old place does not answer", async () => {
    const flow = await made();
    const target = world.project();
    flow.project.fault({ method: "GET", path: `/${flow.id}`, kind: "status", status: 403, when: "before", times: 20 });
    expect(await flow.fails(to(target))).toContain("Nothing was deleted");
    expect(target.flows()).toEqual([]);
    expect(flow.live.status).toBe("active");
  });

  it("makes one draft when the answer to its creation is lost", async () => {
    const flow = await made();
    const target = world.project();
    target.fault({ method: "POST", kind: "cut", when: "after" });
    await flow.go(to(target));
    expect(target.only()).toMatchObject({ id: flow.id, status: "active" });
    expect(flow.project.flows()).toEqual([]);
  });

  it.each(["deletion", "draft"])("goes on with its draft after a run that ended after the %s", async (end) => {
    const flow = await made();
    const from = flow.project;
    const target = world.project();
    const state = flow.state!;
    if (end === "draft") {
      from.fault({ method: "DELETE", kind: "status", status: 403, when: "before", times: 5 });
      expect(await flow.fails(to(target))).not.toBe("");
      world.emulator.clearFaults();
      expect(from.only()).toMatchObject({ id: state.id, status: "active" });
    } else {
      flow.args = to(target);
      const program = await flow.program();
      await flow.plan(program);
      await flow.destroy();
      expect(from.flows()).toEqual([]);
    }
    const draft = target.only();
    expect(draft.status).toBe("draft");
    flow.provider = await world.another();
    await flow.go();
    expect(target.only()).toMatchObject({ id: draft.id, status: "active" });
    expect(from.flows()).toEqual([]);
  });

  it("makes the draft before the first of its schedules is deleted, and all of them wait for the same one", async () => {
    const flow = await made(batch(["pro"], { status: "active" }));
    const from = flow.project;
    const [one, two] = [
      from.schedule(weekly(flow.id), "one"),
      from.schedule(weekly(flow.id, { rrule: "FREQ=MONTHLY" }), "two"),
    ];
    await one.go();
    await two.go();
    const target = world.project();
    target.fault({
      method: "POST",
      kind: "status",
      status: 400,
      when: "before",
      body: { type: "validation_error", code: "invalid_input", detail: "Not like this.", attr: "actions" },
    });
    flow.provider = one.provider = two.provider = await world.another();
    expect(
      (await flow.preview({ ...batch(["pro"], { status: "active" }), projectId: target.id, replaceOnMove: true })).op,
    ).toBe("replace");
    for (const schedule of [one, two]) await expect(schedule.destroy()).rejects.toThrow("Nothing was deleted");
    expect(flow.live.schedules).toHaveLength(2);
    flow.provider = one.provider = two.provider = await world.another();
    expect((await flow.preview()).op).toBe("replace");
    await Promise.all([one.destroy(), two.destroy()]);
    expect(target.flows()).toMatchObject([{ status: "draft" }]);
    await flow.go();
    expect(target.only().status).toBe("active");
    expect(from.flows()).toEqual([]);
  });

  it.each([true, false])("keeps what the editor wrote, with a marker: %s", async (marker) => {
    const args = { ...ACTIVE, name: "Mine", marker, editorOwns: ["actions.mail.config.inputs.email.value.subject"] };
    const flow = await made(args);
    world.emulator.ui.edit(flow.id, setSubject("Of the editor"));
    const target = world.project();
    await flow.go({ ...args, projectId: target.id, replaceOnMove: true });
    expect(target.only()).toMatchObject({ id: flow.id, status: "active" });
    expect(subjectOf(flow.live)).toBe("Of the editor");
  });

  it("says without a marker that a later run does not know the draft", async () => {
    const args = { ...ACTIVE, marker: false };
    const flow = await made(args);
    const provider = (flow.provider = await world.another());
    const target = world.project();
    await flow.go({ ...args, projectId: target.id, replaceOnMove: true });
    expect(target.only()).toMatchObject({ id: flow.id, status: "active" });
    expect((await provider.notes()).join("\n")).toContain("marker: false");
  });

  it("makes no draft for a flow that is only deleted", async () => {
    const flow = await made();
    await flow.preview();
    await flow.destroy();
    expect(flow.project.flows()).toEqual([]);
  });

  it("makes the draft first for a replacement in its place, too", async () => {
    const flow = await made({
      status: "active",
      actions: { trigger_node: trigger(), mail: mail("Here"), exit_node: exit },
    });
    const requests = await flow.project.during(async () => flow.replaceTarget(await flow.program()));
    expect(requests.filter((line) => !line.startsWith("GET"))).toEqual(["POST 201", "DELETE /* 204", "PATCH /* 200"]);
    expect(flow.project.only()).toMatchObject({ id: flow.id, status: "active" });
  });

  it("of a schedule deletes nothing where there is no flow to move to", async () => {
    const flow = await made(batch());
    const schedule = flow.project.schedule(weekly(flow.id));
    await schedule.go();
    expect(await schedule.fails(weekly("01990000-0000-7000-8000-000000000000"))).toContain("Nothing was deleted");
    expect(flow.live.schedules).toHaveLength(1);
  });
});

// L16: where a resource lives, whose key goes there, and what "gone" means.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import { batch, type Resource, setSubject, useWorld, weekly, welcome } from "./support";

const world = useWorld();
let other: Emulator;
beforeAll(async () => {
  other = await startEmulator({
    projects: [{ id: "1" }, { id: "2" }],
    keys: [{ key: "phx_other" }, { key: "phx_test" }],
  });
});
afterAll(() => other.stop());

const ACTIVE = welcome({ status: "active" });
const made = (args: object = ACTIVE): Promise<Resource> => world.made(args);

describe("L16: a move", () => {
  it.each(["host", "projectId"] as const)(
    "to another %s is refused, explains itself, and touches nothing",
    async (key) => {
      const flow = await made();
      const before = flow.project.records.length;
      const error = await flow.fails({ ...ACTIVE, [key]: key === "host" ? other.url : "399" });
      expect(error).toContain(`${key}: this resource is at ${key}`);
      expect(error).toContain("replaceOnMove: true");
      expect(flow.project.records).toHaveLength(before);
      expect(flow.live.status).toBe("active");
      expect(other.requests).toEqual([]);
    },
  );

  it("by a changed variable of the stack is refused, too", async () => {
    const flow = await made();
    flow.options = { config: { "posthog:projectId": "398" } };
    expect(await flow.fails()).toContain("the program now says 398");
  });

  it("with replaceOnMove deletes the flow there first, and makes it anew here", async () => {
    const flow = await made();
    const from = flow.project;
    const to = world.project();
    expect(await flow.go({ ...ACTIVE, projectId: to.id, replaceOnMove: true })).toBe("replace");
    expect(from.flows()).toEqual([]);
    expect(to.flows()).toEqual([expect.objectContaining({ id: flow.id, status: "active" })]);
  });

  it("of a schedule is refused as well", async () => {
    const flow = await made(batch());
    const schedule = flow.project.schedule(weekly(flow.id));
    await schedule.go();
    expect(await schedule.fails(weekly(flow.id, { projectId: "397" }))).toContain("this resource is at projectId");
  });

  it("is none when the same host is written in another way", async () => {
    const flow = await made();
    const { port } = new URL(world.emulator.url);
    expect((await flow.preview({ ...ACTIVE, host: `HTTP://127.0.0.1:${port}/` })).op).toBe("same");
  });
});

describe("L16: the key", () => {
  it("goes to no other host than the one that it is configured for", async () => {
    const flow = world.project().flow({ ...ACTIVE, host: other.url, projectId: "1" });
    const error = await flow.fails();
    expect(error).toContain(
      `The PostHog API key is configured for ${world.emulator.url}, and this resource lives on ${other.url}`,
    );
    expect(error).not.toContain("phx_");
    expect(other.requests).toEqual([]);
  });

  it("is looked up by host where there are several", async () => {
    const provider = await world.another({
      config: { "posthog:apiKeys": JSON.stringify({ [other.url]: "phx_other" }) },
    });
    const flow = world.project().flow({ ...ACTIVE, host: other.url, projectId: "2" }, "welcome", { provider });
    await flow.go();
    expect(other.flows("2")).toHaveLength(1);
    expect(new Set(other.requests.map(({ key }) => key))).toEqual(new Set(["ther"]));
    await flow.destroy();
  });

  it("comes from the environment rather than from the stack, and from the stack without one", async () => {
    const wrong = { config: { "posthog:apiKey": "phx_wrong" } };
    const project = world.project();
    await project.flow(ACTIVE, "one", { provider: await world.another(wrong) }).go();
    const stack = await world.another({ env: { POSTHOG_API_KEY: "" }, config: { "posthog:apiKey": "phx_test" } });
    await project.flow(ACTIVE, "two", { provider: stack }).go();
    expect(project.flows()).toHaveLength(2);
  });

  it("is missed with words that say where to put it, and only when it is needed", async () => {
    const provider = await world.another({ env: { POSTHOG_API_KEY: " " } });
    const flow = world.project().flow(ACTIVE, "welcome", { provider });
    expect((await flow.preview()).op).toBe("create");
    expect(await flow.fails()).toMatch(/^There is no PostHog API key\. Set the environment variable POSTHOG_API_KEY/);
  });

  it("is asked for with its host and project in one place: a program without a project is told", async () => {
    const flow = world.project().flow(ACTIVE, "welcome", { config: { "posthog:projectId": "" } });
    expect(await flow.fails()).toContain("projectId: there is no PostHog project");
  });
});

describe("L16: gone", () => {
  it("is what PostHog itself says, in a project that answers", async () => {
    const flow = await made();
    world.emulator.ui.remove(flow.id);
    expect(await flow.refresh()).toBe("gone");
    expect(flow.state).toBeUndefined();
  });

  it("is not a project that cannot be read", async () => {
    const flow = await made();
    world.emulator.ui.remove(flow.id);
    flow.project.fault({
      method: "GET",
      path: "/\\?",
      kind: "status",
      status: 404,
      when: "before",
      body: { type: "invalid_request", code: "not_found", detail: "Project not found.", attr: null },
    });
    await expect(flow.refresh()).rejects.toThrow(/nothing is treated as deleted/);
    expect(flow.state).toBeDefined();
  });

  it.each([
    ["a proxy's page", 404, "<html>nothing here</html>"],
    ["another service", 404, { error: "no such route" }],
    ["a refused key", 403, undefined],
    ["a server in trouble", 500, undefined],
  ])("is not %s", async (_, status, body) => {
    const flow = await made();
    const fault = flow.project.fault({
      method: "GET",
      kind: "status",
      status,
      when: "before",
      times: 20,
      ...(body === undefined ? {} : { body }),
    });
    await expect(flow.refresh()).rejects.toThrow();
    expect(flow.state).toBeDefined();
    fault.remove();
    expect(await flow.refresh()).toBe("same");
  });

  it("does not let a delete pass for done in a project that is not there", async () => {
    const flow = await made();
    flow.project.fault({
      method: "DELETE",
      kind: "status",
      status: 404,
      when: "before",
      body: { type: "invalid_request", code: "not_found", detail: "Not found.", attr: null },
    });
    flow.project.fault({
      method: "GET",
      kind: "status",
      status: 404,
      when: "before",
      times: 20,
      body: { type: "invalid_request", code: "not_found", detail: "Not found.", attr: null },
    });
    await expect(flow.destroy()).rejects.toThrow();
    expect(flow.state).toBeDefined();
  });

  it("does not let a delete pass for done while the flow answers", async () => {
    const flow = await made();
    flow.project.fault({
      method: "DELETE",
      kind: "status",
      status: 404,
      when: "before",
      body: { type: "invalid_request", code: "not_found", detail: "Not found.", attr: null },
    });
    await expect(flow.destroy()).rejects.toThrow();
    expect(flow.project.flows()).toHaveLength(1);
  });

  it("is told of a schedule by its flow's list", async () => {
    const flow = await made(batch());
    const schedule = flow.project.schedule(weekly(flow.id));
    await schedule.go();
    world.emulator.ui.remove(flow.id);
    const blind = flow.project.fault({
      method: "GET",
      path: "/\\?",
      kind: "status",
      status: 403,
      when: "before",
      times: 20,
    });
    await expect(schedule.refresh()).rejects.toThrow();
    blind.remove();
    expect(await schedule.refresh()).toBe("gone");
  });
});

it("L16: refresh, update and delete go where the flow lives, whatever the environment says", async () => {
  const flow = await made();
  flow.provider = await world.another({ env: { POSTHOG_HOST: other.url, POSTHOG_PROJECT_ID: "1" } });
  const before = other.requests.length;
  world.emulator.ui.edit(flow.id, setSubject("Theirs"));
  expect(await flow.refresh()).toBe("changed");
  await flow.go();
  await flow.destroy();
  expect(other.requests).toHaveLength(before);
});

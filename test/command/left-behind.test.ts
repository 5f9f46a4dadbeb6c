// What carries the stack's marker and is in no state, in `hogflow drift`, `doctor` and `review`. With runs that are killed on the real engine they are
// test/engine/left-behind.test.ts'.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { decode } from "../../definition/canonical/decode";
import { markOf } from "../../definition/canonical/marker";
import { requestLine } from "../support/flows";
import { flowJson, useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();
const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";
const urn = (name: string, type = TYPE, stack = "dev"): string => `urn:pulumi:${stack}::shop::${type}::${name}`;
const marker = (name: string, stack = "dev"): string =>
  markOf({ project: "shop", stack, name, urn: urn(name, TYPE, stack) });
const post = async (url: string, body: unknown, method = "POST"): Promise<any> => {
  const answer = await fetch(`${live.emulator.url}/api/projects/1/hog_flows/${url}`, {
    method,
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return answer.json();
};
const make = (name: string, description: string, more: object = {}): Promise<any> =>
  post("", flowJson({ name, description, ...more }));
const weekly = (day: string) => ({
  rrule: `FREQ=WEEKLY;BYDAY=${day}`,
  starts_at: "2099-01-05T09:00:00Z",
  timezone: "Europe/Berlin",
});

const place = () => ({ host: live.emulator.url, projectId: "1" });
function flowResource(name: string, flow: any, more: { inputs?: object; delete?: boolean } = {}): object {
  const outputs = {
    ...decode(flow),
    ...place(),
    owner: urn(name),
    status: flow.status,
    stateVersion: 1,
    version: flow.version,
    updatedAt: flow.updated_at,
    liveStatus: flow.status,
    serverAdditions: {},
    url: `${live.emulator.url}/project/1/workflows/${flow.id}/workflow`,
  };
  return {
    urn: urn(name),
    type: TYPE,
    id: flow.id,
    inputs: {},
    outputs,
    propertyDependencies: { actions: null, sources: null },
    ...more,
  };
}
function scheduleResource(name: string, flow: any, schedule: any): object {
  const outputs = {
    ...place(),
    flowId: flow.id,
    rrule: schedule.rrule,
    startsAt: schedule.starts_at,
    timezone: schedule.timezone,
    scheduleId: schedule.id,
    status: schedule.status,
    stateVersion: 1,
  };
  return {
    urn: urn(name, `${TYPE}Schedule`),
    type: `${TYPE}Schedule`,
    id: `${flow.id}/${schedule.id}`,
    inputs: {},
    outputs,
  };
}
const STACK = { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" };
const write = (resources: object[], file = "state.json"): void =>
  writeFileSync(
    path.join(live.dir, file),
    JSON.stringify({ version: 3, deployment: { resources: [STACK, ...resources] } }),
  );
const drift = (...args: string[]) => live.run(["drift", "--state", "state.json", ...args]);
const left = async (...args: string[]): Promise<any[]> =>
  JSON.parse((await drift("--json", ...args)).stdout).filter(({ verdict }: any) => verdict === "left-behind");

let digest: any;
let monday: any;
beforeEach(async () => {
  for (const { id } of live.emulator.flows()) live.emulator.ui.remove(id);
  digest = await make("Digest", marker("digest"));
  monday = await post(`${digest.id}/schedules/`, weekly("MO"));
  write([flowResource("digest", digest), scheduleResource("mondays", digest, monday)]);
});

describe("hogflow drift", () => {
  it("finds none where everything that carries the marker is in the state", async () => {
    expect(await drift()).toEqual({ code: 0, stdout: "2 resources: 2 as deployed.\n", stderr: "" });
  });

  it("names a flow that is in no state, draft or active, with both ways on, and ends with 2", async () => {
    const { id } = await make("Welcome", marker("welcome"));
    const draft = await make("Draft", `What it is for.\n\n${marker("draft")}`, { status: "draft" });
    const { code, stdout, stderr } = await drift();
    expect([code, stderr]).toEqual([2, ""]);
    expect(stdout).toContain(
      `Flow "Welcome" (active)  ${live.emulator.url}/project/1/workflows/${id}/workflow\n  ${id}\n  left by an interrupted run, or removed from the state: adopt or archive\n`,
    );
    expect(stdout).toContain(`give the resource "welcome" adopt: "${id}"`);
    expect(stdout).toContain(`Flow "Draft" (draft)`);
    expect(stdout).toMatch(/2 resources: 2 as deployed\. In no state: 2 flows\.\n$/);
    expect(await left()).toEqual([
      {
        kind: "flow",
        verdict: "left-behind",
        id: draft.id,
        title: "Draft",
        status: "draft",
        resource: "draft",
        url: `${live.emulator.url}/project/1/workflows/${draft.id}/workflow`,
      },
      {
        kind: "flow",
        verdict: "left-behind",
        id,
        title: "Welcome",
        status: "active",
        resource: "welcome",
        url: `${live.emulator.url}/project/1/workflows/${id}/workflow`,
      },
    ]);
  });

  it("is about this stack's flows that can send: none that are archived, none of other stacks, none without a marker; the last marker decides", async () => {
    await make("Archived", marker("archived"), { status: "archived" });
    await make("Elsewhere", marker("digest", "production"));
    await make("By hand", "Managed by hand");
    await make("Given away", `${marker("given")}\n\n${marker("given", "production")}`);
    expect(await left()).toEqual([]);
    const { id } = await make("Taken back", `${marker("given", "production")}\n\n${marker("given")}`);
    expect(await left()).toMatchObject([{ id }]);
  });

  it("says of a copy that its resource manages another flow", async () => {
    const { id } = await make("Digest (copy)", marker("digest"));
    expect(await left()).toMatchObject([{ id, resource: "digest", besides: digest.id }]);
    const { stdout } = await drift();
    expect(stdout).toContain(
      `Its marker names the resource "digest", which manages ${digest.id}: it may be a copy made in PostHog's editor.`,
    );
    expect(stdout).toContain(`adopt: "${id}", and adoptFrom`);
  });

  it("does not take for lost what an interrupted replacement still has to delete", async () => {
    const condemned = await make("Old", marker("digest"));
    write([
      flowResource("digest", digest),
      scheduleResource("mondays", digest, monday),
      flowResource("digest", condemned, { delete: true }),
    ]);
    expect(await left()).toEqual([]);
  });

  it("names an active schedule that is in no state, on a flow that carries the marker", async () => {
    const tuesday = await post(`${digest.id}/schedules/`, weekly("TU"));
    const bare = await make("Bare", "");
    await post(`${bare.id}/schedules/`, weekly("WE"));
    write([flowResource("digest", digest), flowResource("bare", bare), scheduleResource("mondays", digest, monday)]);
    const { code, stdout } = await drift();
    expect(code).toBe(2);
    expect(stdout).toContain(`Schedule of "Digest" (active)`);
    expect(stdout).toContain("left by an interrupted run, or removed from the state: adopt or delete");
    expect(stdout).toContain("FREQ=WEEKLY;BYDAY=TU, from 2099-01-05T09:00:00Z (Europe/Berlin)");
    expect(stdout).toContain(`write a HogFlowSchedule with adopt: "${digest.id}/${tuesday.id}"`);
    expect(stdout).toMatch(/3 resources: 3 as deployed\. In no state: 1 schedule\.\n$/);
    expect(await left()).toMatchObject([
      {
        kind: "schedule",
        id: `${digest.id}/${tuesday.id}`,
        title: "Digest",
        status: "active",
        flow: "digest",
        rrule: "FREQ=WEEKLY;BYDAY=TU",
        timezone: "Europe/Berlin",
      },
    ]);
    // Named resources alone.
    expect(await left("digest")).toHaveLength(1);
    expect(await left("bare")).toEqual([]);
    // With a key that may read flows alone, too.
    const flowsOnly = await live.run(["drift", "digest", "--state", "state.json", "--json"], {
      POSTHOG_API_KEY: "phs_ci",
    });
    expect(JSON.parse(flowsOnly.stdout)).toContainEqual(
      expect.objectContaining({ verdict: "left-behind", rrule: "FREQ=WEEKLY;BYDAY=TU" }),
    );
  });

  it("leaves out schedules that send nothing, and those that somebody acknowledged", async () => {
    const tuesday = await post(`${digest.id}/schedules/`, weekly("TU"));
    write([
      flowResource("digest", digest),
      { ...scheduleResource("mondays", digest, monday), inputs: { acknowledge: [`unmanaged-schedule@${tuesday.id}`] } },
    ]);
    expect(await left()).toEqual([]);
    write([flowResource("digest", digest), scheduleResource("mondays", digest, monday)]);
    expect(await left()).toHaveLength(1);
    // A new audience pauses all of them.
    live.emulator.ui.edit(
      digest.id,
      (flow: any) => void (flow.actions[0].config.filters.properties[0].value = ["paid"]),
    );
    expect(await left()).toEqual([]);
  });

  it("does not pass over it silently where it prints code", async () => {
    const { id } = await make("Two\nlines", marker("welcome"));
    const { code, stdout } = await drift("--accept");
    expect(code).toBe(2);
    expect(stdout).toContain(
      `// Flow "Two lines" (active) ${id}\n// left by an interrupted run, or removed from the state: adopt or archive\n`,
    );
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .every((line) => line.startsWith("// ")),
    ).toBe(true);
    expect(JSON.parse((await drift("--accept", "--json")).stdout)).toContainEqual(
      expect.objectContaining({ id, verdict: "left-behind" }),
    );
  });

  it("says of a flow in the state that another stack has taken it over", async () => {
    await post(`${digest.id}/`, { description: marker("letters", "production") }, "PATCH");
    write([flowResource("digest", digest)]);
    const { code, stdout } = await drift();
    expect(code).toBe(2);
    expect(stdout).toContain("  taken over by shop/production/letters: its marker says so.");
    expect(JSON.parse((await drift("--json")).stdout)).toMatchObject([
      { name: "digest", takenBy: "shop/production/letters" },
    ]);
  });

  it("finds what the first run of all left, while the state holds nothing but the stack", async () => {
    write([]);
    expect((await left()).map(({ title }) => title)).toEqual(["Digest"]);
  });

  it("takes one search for all flows, and one request for each that a schedule can start", async () => {
    const event = (id: string): any => ({
      actions: flowJson().actions.map((step: any) =>
        step.id === "trigger_node"
          ? { ...step, config: { type: "event", filters: { events: [{ id, name: id, type: "events", order: 0 }] } } }
          : step,
      ),
    });
    const others = await Promise.all(["a", "b", "c", "d", "e"].map((name) => make(name, marker(name), event(name))));
    write([
      flowResource("digest", digest),
      scheduleResource("mondays", digest, monday),
      ...others.map((flow) => flowResource(flow.name, flow)),
    ]);
    live.emulator.clearRequests();
    expect((await drift()).code).toBe(0);
    const searches = live.emulator.requests.flatMap(({ query }, at) => (query.includes("search=") ? [at] : []));
    expect(searches).toHaveLength(1);
    expect(live.emulator.requests.slice(searches[0]! + 1).map(requestLine)).toEqual([`GET 1/hog_flows/${digest.id}`]);
  });

  it("ends with 1 where it cannot look, and says where", async () => {
    write([flowResource("digest", digest), scheduleResource("mondays", digest, monday)]);
    const ran = await live.run(["drift", "--state", "state.json"], { POSTHOG_API_KEY: "phx_elsewhere" });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      `Could not check whether project 1 on ${live.emulator.url} holds flows or schedules of this stack that are in no state`,
    );
  });
});

describe("hogflow review", () => {
  /** What the engine prints for this state with `--show-sames`; `changes` stand for what the program changes. */
  const preview = (resources: object[], changes: object[] = []): string => {
    const same = [STACK, ...resources].map((resource: any) => ({
      op: "same",
      urn: resource.urn,
      oldState: { custom: true, ...resource, inputs: { ...resource.outputs } },
      newState: { custom: true, ...resource, inputs: { ...resource.outputs } },
    }));
    return JSON.stringify({ steps: [...same, ...changes], changeSummary: { same: same.length } });
  };
  const review = async (text: string, ...args: string[]) => {
    writeFileSync(path.join(live.dir, "preview.json"), text);
    return live.run(["review", "preview.json", ...args]);
  };

  it("names with a key what is in no state, ends with 2, and makes no write", async () => {
    const { id } = await make("Welcome", marker("welcome"));
    const tuesday = await post(`${digest.id}/schedules/`, weekly("TU"));
    live.emulator.clearRequests();
    const { code, stdout, stderr } = await review(
      preview([flowResource("digest", digest), scheduleResource("mondays", digest, monday)]),
    );
    expect([code, stderr]).toEqual([2, ""]);
    expect(stdout.split("\n")[0]).toBe(
      "### ⚠️ No workflow changes. 2 flows and schedules of this stack are in no state; see below.",
    );
    expect(stdout).toContain(
      `- **Flow "Welcome" (active)** \`${id}\`\n  - left by an interrupted run, or removed from the state: adopt or archive\n`,
    );
    expect(stdout).toContain(
      `- **Schedule of "Digest" (active)** \`${digest.id}/${tuesday.id}\`\n  - left by an interrupted run, or removed from the state: adopt or delete\n`,
    );
    expect(live.emulator.requests.every(({ method }) => method === "GET")).toBe(true);
    const json = JSON.parse(
      (await review(preview([flowResource("digest", digest), scheduleResource("mondays", digest, monday)]), "--json"))
        .stdout,
    );
    expect(json.review.leftBehind.map((left: any) => left.id)).toEqual([id, `${digest.id}/${tuesday.id}`]);
    // Nothing is asked without a key.
    expect(
      await review(preview([flowResource("digest", digest), scheduleResource("mondays", digest, monday)]), "--offline"),
    ).toMatchObject({ code: 0, stderr: "", stdout: expect.not.stringContaining("In no state") });
  });

  it("says nothing of what the change makes: its up takes over what an earlier one has left", async () => {
    await make("Welcome", marker("welcome"));
    const made = {
      op: "create",
      urn: urn("welcome"),
      newState: { custom: true, type: TYPE, inputs: { ...decode(flowJson()), ...place() } },
    };
    expect(
      await review(preview([flowResource("digest", digest), scheduleResource("mondays", digest, monday)], [made])),
    ).toMatchObject({ code: 0, stderr: "" });
  });

  it("does not guess from a preview that leaves out what stays", async () => {
    await make("Welcome", marker("welcome"));
    const { code, stdout, stderr } = await review(
      JSON.stringify({ steps: [{ op: "same", urn: STACK.urn }], changeSummary: { same: 3 } }),
    );
    expect([code, stdout.includes("In no state")]).toEqual([0, false]);
    expect(stderr).toContain("--show-sames");
  });

  it("names a resource that is renamed without an alias, without a key", async () => {
    const inputs = { ...decode(digest), ...place(), name: "Digest" };
    const changes = [
      { op: "create", urn: urn("newsletter"), newState: { custom: true, type: TYPE, inputs } },
      {
        op: "delete",
        urn: urn("digest"),
        oldState: { custom: true, type: TYPE, id: digest.id, inputs, outputs: inputs },
      },
    ];
    writeFileSync(path.join(live.dir, "preview.json"), preview([], changes));
    const { code, stdout } = await live.run(["review", "preview.json", "--fail-on", "renames"], {
      POSTHOG_API_KEY: "",
    });
    expect(code).toBe(2);
    expect(stdout).toContain('`aliases: [{ name: "digest" }]`');
  });
});

// `hogflow doctor --contract` against the schema that the emulator publishes: of this version, of another, in both notations, and none.
import { afterEach, expect, it, vi } from "vitest";
import { hogflow } from "../support/command";
import { useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();
afterEach(() => live.emulator.schema(null));

/** Without a key and a project: the schema is for everybody. */
const contract = (...args: string[]) =>
  hogflow(["doctor", "--contract", ...args], {
    cwd: live.dir,
    env: { HOME: live.dir, POSTHOG_HOST: live.emulator.url },
  });

it("finds no difference in what the emulator serves, in either notation, and asks for the schema alone", async () => {
  for (const version of ["3.1.0", "3.0.3"] as const) {
    live.emulator.switches.openApi = version;
    live.emulator.clearRequests();
    const { code, stdout, stderr } = await contract();
    expect(stdout).toMatch(
      /^\d+ fields, values, kinds and end points were compared with the schema of .*: no differences\.\n$/,
    );
    expect([code, stderr]).toEqual([0, ""]);
  }
});

it("says what each difference means, what breaks first", async () => {
  live.emulator.schema((document) => {
    const { HogFlow, HogFlowAction } = document.components.schemas;
    HogFlow.properties.goal = { type: "string" };
    delete HogFlow.properties.exit_condition;
    HogFlowAction.properties.type.description = "trigger | function_fax | exit.";
    return document;
  });
  const { code, stdout } = await contract();
  expect(code).toBe(2);
  const [first, means] = stdout.split("\n");
  expect(first).toBe("breaks   flow.exit_condition is not in the schema");
  expect(means).toMatch(/^ {9}PostHog may drop it silently, or refuse it\. .*\.$/);
  expect(stdout).toContain("new      flow.goal is a new field");

  const { findings, host } = JSON.parse((await contract("--json")).stdout);
  expect(host).toBe(live.emulator.url);
  expect(findings[0]).toMatchObject({ kind: "field-gone", name: "flow.exit_condition", weight: "breaks" });
});

it("a new end point is a note, and no failure", async () => {
  live.emulator.schema((document) => {
    document.paths["/api/projects/{project_id}/hog_flows/{id}/clone/"] = { post: {} };
    return document;
  });
  const { code, stdout } = await contract();
  expect(code).toBe(0);
  expect(stdout).toContain("note     POST hog_flows/{}/clone/ is a new end point");
});

it("a PostHog that publishes no schema is named, with what to do", async () => {
  live.emulator.switches.schemaPage = false;
  const { code, stderr } = await contract();
  live.emulator.switches.schemaPage = true;
  expect(code).toBe(1);
  expect(stderr).toMatch(/The schema of the API at .* cannot be read\. GET \/api\/schema\/ was answered with 404/);
});

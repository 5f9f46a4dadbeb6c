// `hogflow verify` as people type it: what it prints, its exit codes, and what it says about keys, people and names. The worker is a real server that answers as PostHog does.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encode } from "../../definition/canonical/encode";
import { serve } from "../api/helpers";
import { answer, email, flowOf, mocked, pauses, serveWorker, type Step } from "../operate/verify/worker";
import { hogflow, type Ran } from "../support/command";

vi.setConfig({ testTimeout: 120_000 });

const FLOW = flowOf({
  welcome: email({ subject: "Hello {{ person.properties.first_name }}", html: "<p>Hi</p>" }),
  rest: { type: "delay", config: { delayDuration: "3d" } },
});
const WORKER: Readonly<Record<string, Step>> = {
  trigger_node: () => answer("welcome"),
  welcome: ({ globals: { person } }) =>
    answer(
      "rest",
      mocked("sendEmail", {
        from: { integrationId: 7 },
        to: { email: person!.properties["email"], name: "" },
        subject: `Hello ${String(person!.properties["first_name"] ?? "")}`,
        html: "<p>Hi</p>",
      }),
    ),
  rest: () => pauses("rest", 3 * 86_400_000),
  exit_node: () => answer("exit_node"),
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "hogflow-verify-"));
  await writeFile(path.join(dir, "flow.json"), JSON.stringify({ ...encode(FLOW.side.definition), status: "draft" }));
  await mkdir(path.join(dir, "people"));
  for (const [name, first_name] of [
    ["ada", "Ada"],
    ["bob", "Bob"],
  ] as const)
    await writeFile(
      path.join(dir, "people", `${name}.json`),
      JSON.stringify({ person: { properties: { email: `${name}@example.com`, first_name } }, trigger: "signed up" }),
    );
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const run = (host: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  hogflow(["verify", ...args], {
    cwd: dir,
    env: { POSTHOG_HOST: host, POSTHOG_PROJECT_ID: "1", POSTHOG_API_KEY: "phx_test", HOME: dir, ...env },
  });

describe("hogflow verify", () => {
  it("prints each step, how many agree, and what no test run shows", async () => {
    const server = await serveWorker(WORKER);
    const { code, stdout, stderr } = await run(server.origin, ["flow.json", "--people", "people"]);
    expect([code, stdout]).toEqual([
      0,
      [
        "Onboarding",
        "  agrees      Signed up (trigger)",
        "  agrees      welcome (e-mail)",
        "  agrees      rest (wait)",
        "  agrees      Exit (exit)",
        "",
      ].join("\n"),
    ]);
    expect(stderr).toMatch(/^4 of 4 steps agree, in \d requests\.\nA test run does not show exit conditions/m);
  });

  it("ends with 2 where a step differs, with both stories, as JSON and as a file for an issue, too", async () => {
    const server = await serveWorker({ ...WORKER, rest: () => answer("exit_node") });
    const told = await run(server.origin, ["flow.json", "--people", "people", "--only", "bob"]);
    expect(told.code).toBe(2);
    expect(told.stdout).toMatch(
      / {2}differs {5}rest \(wait\)\n +for bob\n +hogflow {2}waits until 20.*\n +PostHog {2}goes on to “Exit”\n/,
    );
    const { code, stdout, stderr } = await run(server.origin, [
      "flow.json",
      "--people",
      "people",
      "--report",
      "report.json",
      "--json",
    ]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      agrees: 3,
      differs: 1,
      untested: 0,
      flows: [
        {
          title: "Onboarding",
          steps: [{}, {}, { id: "rest", differences: [{ part: "outcome", people: ["ada", "bob"] }] }, {}],
        },
      ],
    });
    expect(stderr).toContain("Wrote report.json");
    const report = await readFile(path.join(dir, "report.json"), "utf8");
    expect(JSON.parse(report)).toMatchObject({ counts: { differs: 1 }, flows: [{ trigger: "event" }] });
    expect(report).not.toMatch(/bob|Onboarding|example/);
  });

  it("says that the key is wrong, lacks a scope or is of another kind, and that there is none", async () => {
    const refused = await serve([
      {
        status: 403,
        json: {
          type: "authentication_error",
          code: "permission_denied",
          detail: "API key missing required scope 'group:read'",
          attr: null,
        },
      },
    ]);
    const told = await run(refused.origin, ["flow.json"]);
    expect([told.code, told.stderr]).toEqual([1, expect.stringContaining("'group:read'")]);
    const secret = await run(refused.origin, ["flow.json"], { POSTHOG_API_KEY: "phs_abc" });
    expect([secret.code, secret.stderr]).toEqual([1, expect.stringMatching(/project secret API key/)]);
    const none = await run(refused.origin, ["flow.json"], { POSTHOG_API_KEY: "" });
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/key/)]);
  });

  it("fails where nothing was tested, and names people, flows and options that do not fit", async () => {
    const away = await serve([{ status: 502, json: { status: "error", message: "worker is away" } }]);
    const told = await run(away.origin, ["flow.json"]);
    expect([told.code, told.stdout]).toEqual([1, expect.stringContaining("worker is away")]);
    const whom = await run(away.origin, ["flow.json", "--people", "people", "--only", "adda"]);
    expect([whom.code, whom.stderr]).toEqual([1, expect.stringContaining('Did you mean "ada"?')]);
    const both = await run(away.origin, ["flow.json", "--preview", "preview.json"]);
    expect([both.code, both.stderr]).toEqual([3, expect.stringContaining("--preview already says which flows")]);
  });
});

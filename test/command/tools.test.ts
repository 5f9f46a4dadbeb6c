// The commands around a project: doctor, templates, validate and the emulator.
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { startEmulator } from "../../emulator";
import { COMMAND, hogflow } from "../support/command";
import { flowJson, useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();

describe("hogflow doctor", () => {
  const verdicts = async (more: Record<string, string>) => {
    const { code, stdout } = await live.run(["doctor", "--json"], more);
    return { code, verdicts: Object.fromEntries(JSON.parse(stdout).map(({ name, verdict }: any) => [name, verdict])) };
  };
  const all = (verdict: string) =>
    Object.fromEntries(
      ["project", "hog_flow:read", "hog_flow:write", "person:read", "group:read"].map((name) => [name, verdict]),
    );

  it("finds nothing wrong with settings that are right but for the engine, and says how to fix that", async () => {
    const { code, stdout } = await live.run(["doctor"], { PATH: path.dirname(process.execPath) });
    expect(code).toBe(2);
    expect(stdout).toMatch(/^ok {7}node {12}Node \d/m);
    expect(stdout).toMatch(/^failed {3}engine .*\n +The command `pulumi` was not found.*pulumi\.com\/docs\/install/m);
    expect(stdout.match(/^ok/gm)).toHaveLength(9);
    expect(stdout).not.toContain("phx_test");
  });

  it("tells a wrong key, a missing scope, a wrong project, a foreign project and an unreachable host apart", async () => {
    const engine = { node: "ok", engine: expect.anything(), program: "skipped" };
    const [key, scopes, nothing, project, foreign, host, none] = await Promise.all([
      verdicts({ POSTHOG_API_KEY: "phx_wrong" }),
      verdicts({ POSTHOG_API_KEY: "phx_reader" }),
      verdicts({ POSTHOG_API_KEY: "phx_nothing" }),
      verdicts({ POSTHOG_PROJECT_ID: "99" }),
      verdicts({ POSTHOG_API_KEY: "phx_elsewhere" }),
      verdicts({ POSTHOG_HOST: "http://127.0.0.1:1" }),
      verdicts({ POSTHOG_API_KEY: "", POSTHOG_PROJECT_ID: "" }),
    ]);
    expect(key.verdicts).toEqual({ ...engine, host: "ok", clock: "ok", key: "failed", ...all("skipped") });
    expect(scopes.verdicts).toEqual({
      ...engine,
      host: "ok",
      clock: "ok",
      key: "ok",
      project: "ok",
      "hog_flow:read": "ok",
      "hog_flow:write": "failed",
      "person:read": "warning",
      "group:read": "skipped",
    });
    expect(nothing.verdicts).toMatchObject({
      key: "ok",
      project: "skipped",
      "hog_flow:read": "failed",
      "hog_flow:write": "failed",
    });
    for (const { verdicts: found } of [project, foreign])
      expect(found).toEqual({ ...engine, host: "ok", clock: "ok", key: "ok", ...all("skipped"), project: "failed" });
    expect(host.verdicts).toEqual({ ...engine, host: "failed", clock: "skipped", key: "skipped", ...all("skipped") });
    expect(none.verdicts).toMatchObject({ key: "failed", project: "failed" });
    expect([key, scopes, nothing, project, foreign, host, none].map(({ code }) => code)).toEqual(Array(7).fill(2));
  });

  it("changes nothing", async () => {
    const before = live.emulator.flows().length;
    live.emulator.clearRequests();
    await live.run(["doctor"]);
    expect(live.emulator.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      "GET 200",
      "POST 404",
      "GET 404",
      "POST 400",
    ]);
    expect(live.emulator.flows()).toHaveLength(before);
  });

  it("shows the kind of a project secret API key, asks it only what it may, and says what it cannot do", async () => {
    live.emulator.clearRequests();
    const { stdout } = await live.run(["doctor"], { POSTHOG_API_KEY: "phs_ci" });
    expect(stdout).toMatch(/^ok {7}key {13}the key \(phs_…, a project secret API key\) is accepted$/m);
    expect(stdout).toMatch(/^ok {7}hog_flow:write /m);
    for (const scope of ["person:read", "group:read"])
      expect(stdout).toMatch(
        new RegExp(
          `^warning {2}${scope} .*a project secret API key never has the scope ${scope}, needed for .*\\n.*may list, read, create and update flows, and nothing else.*\\n?.*Use a personal API key`,
          "m",
        ),
      );
    expect(stdout).not.toContain("phs_ci");
    expect(live.emulator.requests.map(({ method, status }) => `${method} ${status}`)).toEqual(["GET 200", "PATCH 404"]);
    const reads = await verdicts({ POSTHOG_API_KEY: "phs_reader" });
    expect(reads.verdicts).toMatchObject({
      key: "ok",
      "hog_flow:read": "ok",
      "hog_flow:write": "failed",
      "person:read": "warning",
      "group:read": "warning",
    });
  });

  it("names a clock that goes wrong", async () => {
    live.emulator.clock.set(Date.now() + 600_000);
    const { stdout } = await live.run(["doctor"]);
    live.emulator.clock.release();
    expect(stdout).toMatch(/^warning {2}clock .* (5[5-9]\d|60\d) s behind the server's\n.*NTP/m);
  });
});

describe("hogflow templates", () => {
  it("lists those of the project, and writes types that do not change by themselves", async () => {
    live.emulator.seed(flowJson({ name: "Templated" }));
    const listed = await live.json(["templates", "list"]);
    expect(listed.find(({ template }: any) => template.id === "template-webhook").usedBy).toContain("Templated");
    expect((await live.run(["templates", "list"])).stdout).toMatch(
      /^template-webhook +HTTP Webhook +\d+ +url\*, method, body, headers, signing_secret!, debug$/m,
    );
    const file = path.join(live.dir, "types", "templates.ts");
    expect((await live.json(["templates", "pull", "--out", file])).result).toBe("written");
    expect((await live.json(["templates", "pull", "--out", file])).result).toBe("unchanged");
    const text = await readFile(file, "utf8");
    expect(text).toContain("template-slack");
    expect(text).not.toContain("template-source-webhook");
    expect((await live.run(["templates", "pull", "template-slack"])).stdout).toMatch(
      /^\/\/ Inputs of PostHog's destination templates/,
    );
    await writeFile(file, "export const mine = 1;\n");
    const refused = await live.run(["templates", "pull", "--out", file]);
    expect([refused.code, await readFile(file, "utf8")]).toEqual([1, "export const mine = 1;\n"]);
    expect((await live.run(["templates", "pull", "--out", file, "--yes"])).code).toBe(0);
    const unknown = await live.run(["templates", "pull", "template-of-nobody"]);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining("PostHog has no template template-of-nobody. `hogflow templates list` shows"),
    ]);
  });

  it("writes the templates themselves into a .json file, and never over a file that holds something else", async () => {
    const file = path.join(live.dir, "kept", "templates.json");
    const pull = ["templates", "pull", "template-slack", "template-webhook", "--out", file];
    expect(await live.json(pull)).toEqual({
      templates: ["template-slack", "template-webhook"],
      out: file,
      result: "written",
    });
    expect((await live.json(pull)).result).toBe("unchanged");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject([
      { id: "template-slack", inputs_schema: expect.any(Array) },
      { id: "template-webhook" },
    ]);
    // Other templates than before are no reason to refuse; flows are.
    expect((await live.json(["templates", "pull", "template-webhook", "--out", file])).result).toBe("written");
    for (const foreign of [JSON.stringify([flowJson()]), "{}", "no JSON"]) {
      await writeFile(file, foreign);
      const refused = await live.run(pull);
      expect([refused.code, refused.stderr, await readFile(file, "utf8")]).toEqual([
        1,
        expect.stringContaining("exists and does not hold templates"),
        foreign,
      ]);
    }
    expect((await live.run([...pull, "--yes"])).code).toBe(0);
  });
});

describe("hogflow validate", () => {
  it("finds what preview would, with file and line, and needs neither key nor network", async () => {
    const wrong = flowJson();
    wrong.edges[1] = { from: "hook", to: "nowhere", type: "continue" };
    (wrong.actions[1]!.config as any).inputs.url.valeu = "x";
    await writeFile(path.join(live.dir, "wrong.json"), JSON.stringify(wrong, null, 2));
    await writeFile(path.join(live.dir, "right.json"), JSON.stringify(flowJson()));
    const bare = { cwd: live.dir, env: {} };
    const { code, stdout } = await hogflow(["validate", "wrong.json", "right.json"], bare);
    expect(code).toBe(2);
    const line =
      JSON.stringify(wrong, null, 2)
        .split("\n")
        .findIndex((text) => text.includes('"hook"')) + 1;
    const misspelt =
      JSON.stringify(wrong, null, 2)
        .split("\n")
        .findIndex((text) => text.includes("valeu")) + 1;
    expect(stdout).toMatch(new RegExp(`^wrong\\.json:${misspelt}: error: .*valeu`, "m"));
    // The step begins a line above its id.
    expect(stdout).toMatch(new RegExp(`^wrong\\.json:${line - 1}: warning: leads nowhere`, "m"));
    expect(stdout).toMatch(/\n\d+ errors?, \d+ warnings?\.\n$/);
    const findings = JSON.parse((await hogflow(["validate", "wrong.json", "--json"], bare)).stdout);
    expect(findings.find(({ severity }: any) => severity === "error")).toMatchObject({
      file: "wrong.json",
      flow: "Newsletter",
      locations: [expect.stringMatching(/^wrong\.json:\d+$/)],
    });
    const right = await hogflow(["validate", "right.json"], bare);
    expect(right).toMatchObject({ code: 0 });
  });

  it("reads lists, pages and standard input; says what is no flow", async () => {
    const flows = [flowJson(), flowJson({ name: "Second" })];
    for (const content of [flows, { results: flows }]) {
      await writeFile(path.join(live.dir, "many.json"), JSON.stringify(content));
      expect((await hogflow(["validate", "many.json"], { cwd: live.dir })).code).toBe(0);
    }
    expect((await hogflow(["validate", "-"], { cwd: live.dir, input: JSON.stringify(flowJson()) })).code).toBe(0);
    await writeFile(path.join(live.dir, "none.json"), '{"a": 1}');
    const none = await hogflow(["validate", "none.json"], { cwd: live.dir });
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("none.json holds no flow")]);
    const folder = await hogflow(["validate", "."], { cwd: live.dir });
    expect([folder.code, folder.stderr]).toEqual([1, "hogflow validate: . is a folder. Name the files in it.\n"]);
    const absent = await hogflow(["validate", "absent.json"], { cwd: live.dir });
    expect([absent.code, absent.stderr]).toEqual([1, expect.stringContaining("absent.json does not exist")]);
    expect((await hogflow(["validate"], { cwd: live.dir })).code).toBe(1);
  });

  it("with --strict, a warning is enough", async () => {
    const odd = flowJson();
    (odd.actions[1]!.config as any).something_new = true;
    await writeFile(path.join(live.dir, "odd.json"), JSON.stringify(odd));
    expect((await hogflow(["validate", "odd.json"], { cwd: live.dir })).code).toBe(0);
    expect((await hogflow(["validate", "odd.json", "--strict"], { cwd: live.dir })).code).toBe(2);
  });
});

describe("hogflow emulator", () => {
  async function serving(
    args: string[],
    more: Record<string, string> = {},
  ): Promise<{ told: any; stop(): Promise<number | null> }> {
    const child = spawn(process.execPath, [COMMAND, "emulator", "--port", "0", "--json", ...args], {
      cwd: live.dir,
      env: { ...process.env, ...live.env, ...more },
    });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
    await vi.waitFor(() => expect(out + err).toContain("\n"), { timeout: 20_000 });
    return { told: out === "" ? err : JSON.parse(out), stop: () => (child.kill("SIGINT"), closed) };
  }
  const flowsOf = async (url: string, key: string, project: string): Promise<any[]> =>
    (
      (await (
        await fetch(`${url}/api/projects/${project}/hog_flows/`, { headers: { authorization: `Bearer ${key}` } })
      ).json()) as any
    ).results;

  it("serves flows from files and copies of a project, ids, statuses and schedules included", async () => {
    const copied = live.emulator.seed(flowJson({ name: "Copied" }));
    live.emulator.ui.schedule.create(copied.id, {
      rrule: "FREQ=DAILY",
      starts_at: "2035-01-01T09:00:00Z",
      timezone: "UTC",
    });
    // As Windows writes it.
    await writeFile(
      path.join(live.dir, "seed.json"),
      "\uFEFF" + JSON.stringify(flowJson({ name: "Seeded", id: "0198c0de-0000-7000-8000-00000000000a" })),
    );
    const server = await serving(["--seed", "seed.json", "--copy", "--accept", "phx_ci", "--serve", "5"]);
    expect(server.told).toMatchObject({
      keys: ["phx_ci"],
      projects: ["5"],
      flows: live.emulator.flows("1").length + 1,
    });
    const rows = await flowsOf(server.told.url, "phx_ci", "5");
    expect(rows.find(({ name }) => name === "Seeded")).toMatchObject({
      id: "0198c0de-0000-7000-8000-00000000000a",
      status: "active",
    });
    const copy = await (
      await fetch(`${server.told.url}/api/projects/5/hog_flows/${copied.id}/`, {
        headers: { authorization: "Bearer phx_ci" },
      })
    ).json();
    expect(copy).toMatchObject({
      name: "Copied",
      status: "active",
      schedules: [{ rrule: "FREQ=DAILY", status: "active" }],
    });
    expect(await server.stop()).toBe(0);
  });

  it("keeps copies in a file, with which it begins without a key", async () => {
    const { id } = live.emulator.seed(flowJson({ name: "Kept" }));
    const first = await serving(["--copy", "--save", "kept.json"]);
    expect(await first.stop()).toBe(0);
    const second = await serving(["--seed", "kept.json"], { POSTHOG_API_KEY: "" });
    expect((await flowsOf(second.told.url, "phx_test", "1")).find((flow) => flow.id === id)).toMatchObject({
      name: "Kept",
    });
    expect(await second.stop()).toBe(0);
    expect(await live.run(["emulator", "--save", "kept.json"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("Add --copy"),
    });
  });

  it("takes steps of templates that `templates pull` wrote down elsewhere, and says how to add others", async () => {
    const own = {
      id: "template-of-ours",
      name: "Ours",
      type: "destination",
      inputs_schema: [{ key: "account", type: "string", label: "Account", required: true }],
    };
    const theirs = await startEmulator({ templates: [own] });
    const pulled = await live.run(["templates", "pull", own.id, "--out", "ours.json"], { POSTHOG_HOST: theirs.url });
    await theirs.stop();
    expect(pulled).toMatchObject({ code: 0 });
    const flow = flowJson({ name: "Ours" });
    const hook = flow.actions.find(({ id }: any) => id === "hook") as any;
    hook.config = { template_id: own.id, inputs: { account: { value: "acme" } } };
    await writeFile(path.join(live.dir, "ours-seed.json"), JSON.stringify(flow));
    const server = await serving(["--templates", "ours.json", "--seed", "ours-seed.json"]);
    expect((await flowsOf(server.told.url, "phx_test", "1")).map(({ name }) => name)).toEqual(["Ours"]);
    expect(await server.stop()).toBe(0);
    const without = await live.run(["emulator", "--port", "0", "--seed", "ours-seed.json"]);
    expect([without.code, without.stderr]).toEqual([1, expect.stringMatching(/Template not found/)]);
    await writeFile(path.join(live.dir, "no-templates.json"), JSON.stringify([flow]));
    const wrong = await live.run(["emulator", "--port", "0", "--templates", "no-templates.json"]);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      expect.stringMatching(/no-templates\.json.*entry 0 is no template/),
    ]);
  });

  it("says what is wrong with a port or a seed", async () => {
    await writeFile(path.join(live.dir, "bad-seed.json"), JSON.stringify(flowJson({ actions: [] })));
    const [port, none, bad] = await Promise.all([
      live.run(["emulator", "--port", new URL(live.emulator.url).port]),
      live.run(["emulator", "--port", "0", "--seed", "absent.json"]),
      live.run(["emulator", "--port", "0", "--seed", "bad-seed.json"]),
    ]);
    expect([port.code, port.stderr]).toEqual([1, expect.stringMatching(/Port \d+ is in use/)]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("absent.json cannot be read")]);
    expect([bad.code, bad.stderr]).toEqual([
      1,
      expect.stringMatching(/"Newsletter" cannot be stored: actions: Exactly one trigger/),
    ]);
  });
});

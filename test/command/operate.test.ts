// What the operating commands say, and what they do not do without being asked.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { COMMAND } from "../support/command";
import { READER, useProject } from "./support";

const project = useProject();

describe("logs", () => {
  it("prints lines, oldest first, and only those that are asked for", async () => {
    const { stdout } = await project.run(["logs", "Nurture"]);
    expect(stdout.indexOf("Starting workflow")).toBeLessThan(stdout.indexOf("boom"));
    expect((await project.json(["logs", "Nurture", "--level", "error"])).map(({ message }: any) => message)).toEqual(["Workflow encountered an error: boom"]);
    expect(await project.json(["logs", "Nurture", "--since", "45m", "--search", "nothing like it"])).toEqual([]);
  });

  it("follows until it is interrupted, which is its ordinary end", async () => {
    const child = spawn(process.execPath, [COMMAND, "logs", "Nurture", "--follow", "--json"], { env: { PATH: process.env["PATH"] ?? "", POSTHOG_API_KEY: "phx_commands", POSTHOG_HOST: project.emulator.url, POSTHOG_PROJECT_ID: "1" } });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    const seen = async (what: string): Promise<void> => {
      for (let i = 0; i < 400 && !text.includes(what); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
      expect(text).toContain(what);
    };
    await seen("boom");
    project.emulator.record(project.ids["Nurture"]!, { logs: [{ timestamp: new Date().toISOString(), level: "info", message: "a line that came later", instance_id: "run-2" }] });
    await seen("a line that came later");
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    for (const line of text.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });
});

describe("runs and metrics", () => {
  it("counts and filters", async () => {
    const all = await project.json(["runs", "Nurture"]);
    expect(all).toMatchObject({ count: 2 });
    const failed = await project.json(["runs", "Nurture", "--status", "failed"]);
    expect(failed.runs.map(({ distinct_id }: any) => distinct_id)).toEqual(["user-17"]);
    expect(await project.json(["metrics", "totals", "Nurture"])).toContainEqual({ name: "email_sent", total: 7 });
    const { series } = await project.json(["metrics", "Nurture", "--kind", "email"]);
    expect(series[0]).toMatchObject({ total: 7 });
  });

  it("says that a scope is missing, and which", async () => {
    const { code, stderr } = await project.run(["runs", "Nurture"], { POSTHOG_API_KEY: READER });
    expect(code).toBe(1);
    expect(stderr).toContain("person:read");
  });

  it("says which flow it does not find, and which is near", async () => {
    const { code, stderr } = await project.run(["logs", "Nurtur"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Nurture");
  });
});

describe("what cannot be taken back", () => {
  it.each([
    ["batch start", ["batch", "start", "Newsletter"]],
    ["bulk-delete", ["bulk-delete", "--all"]],
    ["test --live", ["test", "Nurture", "--live"]],
  ])("%s asks first, and does nothing where nobody can answer", async (_, args) => {
    project.emulator.clearRequests();
    const { code, stderr } = await project.run(args);
    expect(code).not.toBe(0);
    expect(stderr).toContain("--yes");
    expect(project.emulator.requests.filter(({ method, path: url }) => method !== "GET" && !url.includes("user_blast_radius"))).toEqual([]);
  });

  it("deletes archived flows alone, and names them first", async () => {
    const refused = await project.run(["bulk-delete", "Nurture", "--yes"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("archived");
    expect(project.emulator.flow(project.ids["Nurture"]!)).toBeDefined();
    expect(await project.json(["bulk-delete", "Old", "--yes"])).toMatchObject({ deleted: 1 });
    expect(project.emulator.flow(project.ids["Old"]!)).toBeUndefined();
  });
});

describe("batches", () => {
  it("are started, listed and waited for", async () => {
    const job = await project.json(["batch", "start", "Newsletter", "--yes"]);
    expect(job).toMatchObject({ id: expect.any(String) });
    expect((await project.json(["batch", "list", "Newsletter"]))[0]).toMatchObject({ id: job.id });
    expect(await project.json(["audience", "Newsletter"])).toMatchObject({ affected: expect.any(Number), total: expect.any(Number), limit: expect.any(Number) });
    expect(await project.json(["audience", "filters.json"])).toHaveProperty("affected");
  });
});

describe("pull, templates and validate", () => {
  it("writes files once, and refuses to write over others", async () => {
    const first = await project.run(["pull", project.ids["Nurture"]!, "--out", "pulled"]);
    expect(first.code, first.stderr).toBe(0);
    const [file] = (await project.json(["pull", project.ids["Nurture"]!, "--out", "pulled"]))[0].files;
    const text = readFileSync(path.join(project.dir, file), "utf8");
    expect(text).toContain(`adopt: "${project.ids["Nurture"]}"`);
    project.emulator.ui.edit(project.ids["Nurture"]!, (flow: any) => void (flow.description = "Another one"));
    const second = await project.run(["pull", project.ids["Nurture"]!, "--out", "pulled"]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining("--overwrite") });
    expect(readFileSync(path.join(project.dir, file), "utf8")).toBe(text);
    expect((await project.run(["pull", project.ids["Nurture"]!, "--out", "pulled", "--overwrite"])).code).toBe(0);
  });

  it.each([
    [[], "--all"],
    [["--all", "01985b7c-0000-4000-8000-000000000001"], "--all"],
    [["not-an-id"], "not-an-id"],
    [["--all", "--out", "../elsewhere"], "--out"],
  ])("refuses %j", async (args, word) => {
    const { code, stderr } = await project.run(["pull", ...(args as string[])]);
    expect(code).toBe(1);
    expect(stderr).toContain(word);
  });

  it("writes the inputs of templates as types", async () => {
    const ran = await project.run(["templates", "pull", "template-webhook", "--out", "types/templates.ts"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(readFileSync(path.join(project.dir, "types/templates.ts"), "utf8")).toContain("webhookDestination");
    expect(await project.json(["templates", "pull", "template-webhook", "--out", "types/templates.ts"])).toMatchObject({ result: "unchanged" });
  });

  it("finds what is wrong in a file, and says so by its exit code", async () => {
    const { code, stdout } = await project.run(["validate", "broken.json"]);
    expect(code).toBe(2);
    expect(stdout).toContain("broken.json:");
    expect(stdout).toContain("delay");
    const missing = await project.run(["validate", "no-such-file.json"]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("no-such-file.json");
  });
});

describe("doctor", () => {
  it("tells a wrong key, a missing scope, a wrong project and an unreachable host apart", async () => {
    const verdicts = async (env: Record<string, string>): Promise<Record<string, string>> => {
      const ran = await project.run(["doctor", "--json"], env);
      return Object.fromEntries(JSON.parse(ran.stdout).map(({ name, verdict }: any) => [name, verdict]));
    };
    const [fine, wrong, reader, elsewhere, nowhere] = await Promise.all([verdicts({}), verdicts({ POSTHOG_API_KEY: "phx_wrong" }), verdicts({ POSTHOG_API_KEY: READER }), verdicts({ POSTHOG_PROJECT_ID: "99" }), verdicts({ POSTHOG_HOST: "http://127.0.0.1:9" })]);
    for (const name of ["host", "key", "project"]) expect(fine[name], name).toBe("ok");
    expect(wrong["key"]).toBe("failed");
    expect(Object.values(reader)).toContain("failed");
    expect(reader["key"]).toBe("ok");
    expect(elsewhere["project"]).toBe("failed");
    expect(nowhere["host"]).toBe("failed");
  });
});

describe("emulator", () => {
  it("serves flows from files until it is interrupted", async () => {
    const child = spawn(process.execPath, [COMMAND, "emulator", "--port", "0", "--seed", "flow.json", "--json"], { cwd: project.dir, env: { PATH: process.env["PATH"] ?? "" } });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    for (let i = 0; i < 400 && !text.includes("\n"); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    const { url, keys } = JSON.parse(text.split("\n")[0]!);
    const answer = await fetch(`${url}/api/projects/1/hog_flows/`, { headers: { authorization: `Bearer ${keys[0]}` } });
    expect(((await answer.json()) as any).results.map(({ name }: any) => name)).toEqual(["From a file"]);
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBeTypeOf("number");
  });
});

/** The command line: its flags, what it prints, how it ends, and what it says when something is wrong. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DEFAULTS, HELP, parseCli, UsageError } from "../../emulator/cli-options";
import { runCommand } from "../../emulator/command";
import { flow, step, trigger } from "./support";

describe("flags", () => {
  it("have defaults, and keys and projects repeat", () => {
    expect(parseCli([])).toEqual({
      help: false,
      port: DEFAULTS.port,
      host: DEFAULTS.host,
      allowHosts: [],
      keys: [DEFAULTS.key],
      projects: [DEFAULTS.project],
      quiet: false,
      seed: [],
      templates: [],
    });
    expect(parseCli(["--port", "0", "--key", "a", "--key", "b", "--project=1", "--project=2"])).toMatchObject({
      port: 0,
      keys: ["a", "b"],
      projects: ["1", "2"],
    });
  });

  it.each([
    [["--port", "many"], /--port must be a number/],
    [["--port", "70000"], /--port must be a number/],
    [["--key", ""], /--key must not be empty/],
    [["--prot", "1"], /--prot/],
    [["extra"], /extra/],
  ])("%j is refused", (args, message) => {
    expect(() => parseCli(args)).toThrow(UsageError);
    expect(() => parseCli(args)).toThrow(message);
  });

  it("are all in the help", () => {
    for (const flag of ["port", "host", "key", "project", "seed", "templates", "quiet", "help"])
      expect(HELP).toContain(`--${flag}`);
  });
});

describe("command", () => {
  function command(...args: string[]) {
    const printed = { out: "", error: "" };
    let interrupt = (): void => {};
    const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
    const ended = runCommand(args, {
      out: (text) => (printed.out += text),
      error: (text) => (printed.error += text),
      interrupted,
    });
    return { printed, interrupt, ended };
  }

  it("serves until it is interrupted, logs without the key, and says that a port is taken", async () => {
    const first = command("--port", "0", "--key", "phx_private", "--project", "7");
    await expect.poll(() => first.printed.out).toMatch(/Ctrl\+C/);
    const url = /export POSTHOG_HOST=(\S+)/.exec(first.printed.out)![1]!;
    expect(first.printed.out).toMatch(/export POSTHOG_API_KEY=phx_private\n.*export POSTHOG_PROJECT_ID=7/s);
    const answer = await fetch(`${url}/api/projects/7/hog_flows`, { headers: { authorization: "Bearer phx_private" } });
    expect(answer.status).toBe(200);
    await expect.poll(() => first.printed.out).toMatch(/GET \/api\/projects\/7\/hog_flows 200\n/);
    expect(first.printed.out.split("Ctrl+C")[1]).not.toContain("phx_private");

    const second = command("--port", new URL(url).port);
    expect(await second.ended).toBe(2);
    expect(second.printed.error).toMatch(/^Port \d+ is in use\..*--port/);

    first.interrupt();
    expect(await first.ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("takes templates from files, says what is wrong with one, and names those that it does not know", async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "templates-"));
    const own = path.join(dir, "own.json");
    await writeFile(
      own,
      JSON.stringify([{ id: "template-own", inputs_schema: [{ key: "to", type: "string", required: true }] }]),
    );
    const { printed, interrupt, ended } = command("--port", "0", "--templates", own);
    await expect.poll(() => printed.out).toMatch(/Ctrl\+C/);
    const url = /export POSTHOG_HOST=(\S+)/.exec(printed.out)![1]!;
    const create = async (template_id: string) => {
      const headers = { authorization: "Bearer phx_test", "content-type": "application/json" };
      const body = JSON.stringify(flow([trigger(), step("function", { template_id, inputs: { to: { value: "a" } } })]));
      return (await fetch(`${url}/api/projects/1/hog_flows`, { method: "POST", headers, body })).status;
    };
    expect([await create("template-own"), await create("template-other")]).toEqual([201, 400]);
    await expect
      .poll(() => printed.out)
      .toMatch(
        /does not know the template "template-other".*hogflow templates pull template-other --out templates\.json.*--templates/,
      );
    interrupt();
    expect(await ended).toBe(0);

    await writeFile(own, '[{"id": "template-own"}]');
    const broken = command("--port", "0", "--templates", own);
    expect(await broken.ended).toBe(2);
    expect(broken.printed.error).toMatch(
      /own\.json cannot be used: entry 0 is no template: it needs an "id" and a list "inputs_schema"/,
    );
    const missing = command("--port", "0", "--templates", path.join(dir, "none.json"));
    expect(await missing.ended).toBe(2);
    expect(missing.printed.error).toMatch(/none\.json cannot be read/);
  });

  it("shows its help", async () => {
    const { ended, printed } = command("--help");
    expect(await ended).toBe(0);
    expect(printed.out).toBe(HELP);
  });
});

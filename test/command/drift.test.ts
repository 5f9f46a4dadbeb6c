// `hogflow drift` and `hogflow history` through the built command, with a state from a file: every verdict, exit codes, and what goes wrong. With a stack of
// the real engine they are test/engine/operate.test.ts'.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { deployedFlow, flowJson, useLive } from "./live";

vi.setConfig({ testTimeout: 60_000 });
const live = useLive();
let ids: { same: string; edited: string; gone: string };

const resource = (name: string, flow: any): object =>
  deployedFlow({ project: "shop", name, flow, host: live.emulator.url });

const write = (file: string, resources: object[]): void =>
  writeFileSync(path.join(live.dir, file), JSON.stringify({ version: 3, deployment: { resources } }));

beforeAll(() => {
  const [same, edited, gone] = ["Quiet", "Edited", "Gone"].map((name) => live.emulator.seed(flowJson({ name }))) as [
    any,
    any,
    any,
  ];
  ids = { same: same.id, edited: edited.id, gone: gone.id };
  write("state.json", [resource("quiet", same), resource("edited", edited), resource("gone", gone)]);
  live.emulator.ui.edit(
    edited.id,
    (flow: any) => void (flow.actions[1].config.inputs.url.value = "https://example.com/elsewhere\u001b[2J"),
  );
  live.emulator.ui.remove(gone.id);
});

const drift = (...args: string[]) => live.run(["drift", "--state", "state.json", ...args]);

describe("hogflow drift", () => {
  it("ends with 0 where nothing differs, and with 2 where something does", async () => {
    expect(await drift("quiet")).toEqual({ code: 0, stdout: "1 resource: 1 as deployed.\n", stderr: "" });
    const { code, stdout } = await drift();
    expect(code).toBe(2);
    expect(stdout).toContain("Flow edited (Edited)");
    expect(stdout).toMatch(/saved since: version 2 by Emulator User/);
    expect(stdout).toContain("Flow gone (Gone)");
    expect(stdout).toContain("3 resources: 1 drifted, 1 gone, 1 as deployed.");
    expect(stdout).not.toContain("Flow quiet");
    expect(stdout).not.toContain("\u001b");
  });

  it("goes with a project secret API key, which cannot see who saved", async () => {
    const { code, stdout } = await live.run(["drift", "--state", "state.json"], { POSTHOG_API_KEY: "phs_ci" });
    expect(code).toBe(2);
    expect(stdout).toContain("Flow edited (Edited)");
    expect(stdout).toContain("3 resources: 1 drifted, 1 gone, 1 as deployed.");
    expect(stdout).not.toContain("Emulator User");
  });

  it("has the same for machines, with the place and the save", async () => {
    const { code, stdout } = await drift("--json");
    expect(code).toBe(2);
    expect(JSON.parse(stdout).map(({ name, verdict }: any) => [name, verdict])).toEqual([
      ["quiet", "same"],
      ["edited", "drifted"],
      ["gone", "gone"],
    ]);
    const [edited] = JSON.parse((await drift("edited", "--json")).stdout);
    expect(edited).toMatchObject({
      form: "steps",
      fields: [
        {
          path: "actions.hook.config.inputs.url.value",
          kind: "changed",
          deployed: "https://example.com/hook",
          save: { version: 2 },
        },
      ],
    });
    expect(edited).not.toHaveProperty("live");
  });

  it("prints the code that accepts it, and edits nothing", async () => {
    live.emulator.clearRequests();
    const { code, stdout } = await drift("--accept");
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /webhook\("hook", \{.*\n +url: "https:\/\/example\.com\/elsewhere.*", \/\/ was "https:\/\/example\.com\/hook"\n +\}\),/,
    );
    expect(stdout).toContain('// HogFlow "gone" (Gone) is no longer in PostHog.');
    expect(live.emulator.requests.map(({ method }) => method)).not.toContain("PUT");
    expect(JSON.parse((await drift("edited", "--accept", "--json")).stdout)[0].accept).toContain('webhook("hook", {');
    expect((await drift("quiet", "--accept")).stdout).toBe("1 resource: 1 as deployed.\n");
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["there is no network", {}, /could not be read: .*(?:ECONNREFUSED|connect)/],
    ["the key is wrong", { POSTHOG_API_KEY: "phx_wrong" }, /could not be read: .*401/],
    ["there is no key", { POSTHOG_API_KEY: "" }, /could not be read: .*POSTHOG_API_KEY/],
  ])("ends with 1 and says why where %s: nobody knows then", async (what, env, word) => {
    const [file, more] = what.includes("network")
      ? ["elsewhere.json", { POSTHOG_HOST: "http://127.0.0.1:9" }]
      : ["state.json", {}];
    const flow = await (
      await fetch(`${live.emulator.url}/api/projects/1/hog_flows/${ids.same}/`, {
        headers: { authorization: "Bearer phx_test" },
      })
    ).json();
    const made = resource("quiet", flow) as any;
    write("elsewhere.json", [{ ...made, outputs: { ...made.outputs, host: "http://127.0.0.1:9" } }]);
    const { code, stdout } = await live.run(["drift", "quiet", "--state", file, "--accept"], { ...env, ...more });
    expect(code).toBe(1);
    expect(stdout).toMatch(word);
    expect(stdout).not.toContain("phx_wrong");
  });

  it("says what it cannot read", async () => {
    writeFileSync(path.join(live.dir, "no-state.json"), "[]");
    for (const [args, word] of [
      [["--state", "absent.json"], "absent.json does not exist"],
      [["--state", "no-state.json"], "This is not the state of a stack"],
      [["--state", "state.json", "quite"], 'The stack has no flow or schedule "quite". It has quiet, edited, gone.'],
      [[], "There is no Pulumi project here"],
    ] as const) {
      const { code, stdout, stderr } = await live.run(["drift", ...args]);
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: "" });
      expect(stderr).toContain(word);
    }
  });
});

describe("hogflow history", () => {
  it("lists versions of a flow that is in no stack, compares them, and prints one with its title", async () => {
    const list = await live.json(["history", ids.edited]);
    expect(list).toMatchObject([
      { version: 2, deployed: false },
      { version: 1, deployed: false },
    ]);
    expect((await live.run(["history", ids.edited])).stdout).toMatch(
      /^version {2}saved +by\n +2 {2}\S+ {2}Emulator User/,
    );
    expect((await live.run(["history", ids.edited, "--diff", "1..2"])).stdout).toContain("https://example.com/hook");
    expect(await live.json(["history", ids.edited, "--diff", "1..1"])).toEqual({ flow: [], steps: [] });
    const { code } = await live.json(["history", ids.edited, "--code", "1"]);
    expect(code).toContain('new HogFlow("edited", {\n  name: "Edited",');
    expect(code).toContain('webhook("hook", {');
    expect(code).not.toContain("adopt");
  });

  it("says what there is not, and how it is used", async () => {
    for (const [args, expected, word] of [
      [[ids.edited, "--code", "9"], 1, "There is no version 9"],
      [[ids.edited, "--diff", "1..9"], 1, "There is no version 9"],
      [[ids.edited, "--diff", "1"], 3, "must be two versions, such as 3..5"],
      [[ids.edited, "--code", "one"], 3, "must be a whole number"],
      [[ids.edited, "--diff", "1..2", "--code", "1"], 3, "Give one of them"],
      [["01985b7c-0000-4000-8000-000000000001"], 1, "404"],
      [["edited"], 1, "No stack is selected here, so names of resources were not looked up."],
    ] as const) {
      const { code, stdout, stderr } = await live.run(["history", ...args]);
      expect({ args, code, stdout }).toEqual({ args, code: expected, stdout: "" });
      expect(stderr).toContain(word);
    }
    for (const [env, word] of [
      [{ POSTHOG_HOST: "http://127.0.0.1:9" }, "127.0.0.1:9"],
      [{ POSTHOG_API_KEY: "phx_wrong" }, "401"],
      [{ POSTHOG_API_KEY: "" }, "POSTHOG_API_KEY"],
    ] as const) {
      const { code, stderr } = await live.run(["history", ids.edited], env);
      expect(code).toBe(1);
      expect(stderr).toContain(word);
    }
  });
});

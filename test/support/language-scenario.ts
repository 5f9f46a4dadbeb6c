// The life of a program with one flow and one schedule in a language that takes the plugin, on the real engine: the same for all languages.
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonical } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { startEmulator, type Emulator } from "../../emulator";
import type { CommandResult, PreviewDigest, Stack } from "./engine";
import { batchTrigger, delay, exit, stackFor, stepOf, untidy, webhook } from "./flows";
import { pageBlock, programDefinition } from "./page-programs";
import { addPackage, Output, readProgram, Secret, type Declared, type ProgramLanguage } from "./languages";

const KEY = "phx_LanguageKey5117";
const TOKEN = "Bearer language-token-5118";
const TYPES = { flow: "hogflow:index:HogFlow", schedule: "hogflow:index:HogFlowSchedule" };
const DURATION = "actions.let_them_try.config.delayDuration";

const flow = (call: object, duration: string): Declared => ({
  type: "HogFlow",
  name: "welcome",
  args: {
    status: "active",
    actions: {
      trigger_node: batchTrigger("call", "DE"),
      call: { ...webhook("let_them_try"), ...call },
      let_them_try: { ...delay("exit_node", duration), name: "Let them try" },
      exit_node: exit,
    },
  },
});
const withToken = webhook("let_them_try", { headers: { value: { Authorization: new Secret("token") } } });
const schedule: Declared = {
  type: "HogFlowSchedule",
  name: "weekly",
  args: {
    flowId: new Output("welcome", "id"),
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    startsAt: "2030-01-07T09:00:00",
    timezone: "Europe/Berlin",
  },
};

const succeeds = (result: CommandResult): void => {
  expect(result.code, result.output).toBe(0);
  expect(untidy(result.output)).toEqual([]);
};
const changed = ({ steps }: PreviewDigest): string[] =>
  steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").pop()}`);

export async function describeProgramsIn(language: ProgramLanguage): Promise<void> {
  const missing = await language.missing();
  // A machine that tests everything has everything: nothing is left out there without a word.
  if (missing && process.env["CI"]) throw new Error(`Programs in ${language.name} cannot run: ${missing}`);
  const title = `a program in ${language.name}`;
  const reason = missing ? ` (cannot run: ${missing})` : "";
  // Some start a compiler for each command, beside other tests.
  describe.skipIf(missing)(title + reason, { timeout: 400_000 }, () => programLife(language));
}

function programLife(language: ProgramLanguage): void {
  let emulator: Emulator;
  let stack: Stack;

  const write = (...resources: Declared[]) => stack.writeProgram(language.write(resources));
  const resource = async (name: string): Promise<any> =>
    (await stack.exportState()).deployment.resources.find(({ urn }: any) => urn.endsWith(`::${name}`));
  const forget = async (...names: string[]) => {
    for (const name of names)
      succeeds(await stack.run(["state", "delete", "--yes", "--stack", stack.stack, (await resource(name)).urn]));
  };
  const live = () => emulator.flows().find(({ status }) => status !== "archived")!;
  const duration = () => live().actions.find(({ id }: any) => id === "let_them_try")!.config.delay_duration;
  const writes = () => emulator.requests.filter(({ method }) => method !== "GET").map(({ method }) => method);
  /** An `up` that shows nothing to do, and asks nothing. */
  const changesNothing = async () => {
    emulator.clearRequests();
    succeeds(await stack.up(["--expect-no-changes"]));
    expect(emulator.requests).toEqual([]);
  };
  const imports = (...args: string[]) =>
    stack.run(
      ["import", ...args, "--yes", "--skip-preview", "--protect=false", "--stack", stack.stack, "--non-interactive"],
      {},
    );

  beforeAll(async () => {
    emulator = await startEmulator({ keys: [{ key: KEY }] });
    stack = await stackFor(emulator, {
      key: null,
      language,
      program: language.write([]),
      config: { "hogflow:apiKey": { secret: KEY }, "test:token": { secret: TOKEN } },
    });
    if (language.sdk) {
      const added = await addPackage(stack);
      expect(added.code, added.output).toBe(0);
    }
  }, 600_000);
  afterAll(async () => {
    await stack?.dispose();
    await emulator?.stop();
  });

  it("has all findings of a flow in one preview, each with its path", async () => {
    await write(flow({ ...withToken, next: "let_them_tyr" }, "3 days"), schedule);
    const { code, output } = await stack.preview();
    expect(code).not.toBe(0);
    for (const part of [DURATION, "actions.call.next", "let_them_tyr", "3 days"]) expect(output).toContain(part);
    expect(untidy(output)).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  it("is previewed, made, and then unchanged", async () => {
    await write(flow(withToken, "3d"), schedule);
    expect(changed(await stack.previewJson())).toEqual(["create test-dev", "create welcome", "create weekly"]);
    succeeds(await stack.up());
    expect(live()).toMatchObject({ name: "welcome", status: "active" });
    expect(emulator.schedules(live().id)).toHaveLength(1);
    expect(await stack.outputs()).toEqual({ url: expect.stringContaining(live().id) });
    await changesNothing();
  });

  it("shows a change at its path, and makes it with one write", async () => {
    await write(flow(withToken, "4d"), schedule);
    const preview = await stack.previewJson();
    expect(changed(preview)).toEqual(["update welcome"]);
    expect(Object.keys(stepOf(preview, "welcome").detailedDiff!)).toEqual([DURATION]);
    emulator.clearRequests();
    succeeds(await stack.up());
    expect([writes(), duration()]).toEqual([["PUT"], "4d"]);
  });

  it("sees what somebody edits in PostHog at its path, and puts the code back in force", async () => {
    emulator.ui.edit(live().id, (found: any) => {
      found.actions.find(({ id }: any) => id === "let_them_try").config.delay_duration = "5d";
    });
    const drift = await stack.refresh(["--preview-only", "--diff", "--expect-no-changes"]);
    expect(drift.code).not.toBe(0);
    expect(drift.output).toMatch(/delayDuration\s*: "4d" => "5d"/);
    expect(duration()).toBe("5d");
    succeeds(await stack.up(["--refresh"]));
    expect(duration()).toBe("4d");
    await changesNothing();
  });

  it("is that of its page, which makes the flow of the README", async () => {
    const { file, block } = language.page;
    const shown = pageBlock(file, block);
    await stack.writeProgram(language.ofPage?.(shown) ?? shown);
    succeeds(await stack.up());
    const readme = canonical(programDefinition(pageBlock("README.md", "ts")));
    expect(decode(live(), readme)["actions"]).toEqual(readme["actions"]);
    expect(await stack.outputs()).toEqual({ editor: expect.stringContaining(live().id) });
    await changesNothing();
    await write(flow(withToken, "4d"), schedule);
    succeeds(await stack.up());
  });

  it("has key and secrets in no state and no output", async () => {
    await write(flow(withToken, "6d"), schedule);
    succeeds(await stack.preview(["--diff"]));
    const state = await stack.stateText();
    for (const secret of [KEY, TOKEN]) {
      expect(state).not.toContain(secret);
      expect(stack.log).not.toContain(secret);
    }
    // The engine's log at its highest level has in clear what it passes on; nobody else writes them there.
    const loud = await stack.preview(["-v=9", "--logtostderr"]);
    expect(loud.code, loud.output.slice(-2000)).toBe(0);
    const leaks = loud.output.split("\n").filter((line) => [KEY, TOKEN].some((secret) => line.includes(secret)));
    expect(leaks.filter((line) => !/"(Unm|M)arshaling property for RPC\[/.test(line))).toEqual([]);
  });

  it("is imported by id, and unchanged with the code that is printed", async () => {
    await write(flow({}, "4d"), schedule);
    succeeds(await stack.up());
    const { id } = await resource("weekly");
    await forget("weekly");
    const imported = await imports(TYPES.schedule, "weekly", id);
    expect(imported.code, imported.output).toBe(0);
    expect(imported.stdout).toContain("FREQ=WEEKLY;BYDAY=MO");
    await changesNothing();
  });

  it("is imported from a file, and unchanged with the code that is written", async () => {
    const file = path.join(stack.dir, "import.json");
    const ids = { welcome: (await resource("welcome")).id, weekly: (await resource("weekly")).id };
    await forget("weekly", "welcome");
    await writeFile(
      file,
      JSON.stringify({
        resources: [
          { type: TYPES.flow, name: "welcome", id: ids.welcome },
          { type: TYPES.schedule, name: "weekly", id: ids.weekly },
        ],
      }),
    );
    emulator.clearRequests();
    const imported = await imports("--file", file, "--out", "imported.txt");
    expect(imported.code, imported.output).toBe(0);
    expect(writes()).toEqual([]);
    await stack.writeProgram(await readProgram(stack, "imported.txt"));
    await changesNothing();
  });

  it("is imported by the resource option, without a write", async () => {
    const [first, second] = [await resource("welcome"), await resource("weekly")];
    await forget("weekly", "welcome");
    await write({ ...flow({}, "4d"), importId: first.id }, { ...schedule, importId: second.id });
    emulator.clearRequests();
    succeeds(await stack.up());
    expect(writes()).toEqual([]);
    expect([(await resource("welcome")).id, (await resource("weekly")).id]).toEqual([first.id, second.id]);
    await changesNothing();
  });

  it("is destroyed", async () => {
    const { id } = live();
    succeeds(await stack.destroy());
    // An imported flow was made in PostHog, and is archived.
    expect(emulator.flows().map(({ status }) => status)).toEqual(["archived"]);
    expect(emulator.schedules(id)).toEqual([]);
    expect((await stack.exportState()).deployment.resources ?? []).toEqual([]);
  });
}

// What a review says first, on a real stack: a draft that goes live, a flow that stops, a twin, a flow that was switched off by hand, and what sample people get.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import type { Stack } from "../support/engine";
import { email, eventTrigger, exit, flow, mailing, program, stackFor, untidy } from "../support/flows";

const batch = {
  type: "trigger",
  name: "Everybody",
  config: { type: "batch", filters: { properties: [] } },
  next: "mail",
};
const flows = (statuses: { sale: string; old: string }): string[] => [
  flow("welcome", { status: "active", ...mailing("Welcome") }),
  flow("sale", { status: statuses.sale, ...mailing("Offer") }),
  flow("old", { status: statuses.old, ...mailing("Goodbye") }),
  flow("digest", {
    status: "active",
    actions: {
      trigger_node: eventTrigger("mail", "digest wanted"),
      mail: email("exit_node", "Digest"),
      exit_node: exit,
    },
  }),
];

let emulator: Emulator;
let stack: Stack;
const review = async (args: string[], input?: string): Promise<Ran> => {
  const ran = await hogflow(["review", ...args, "--people", "people", "--stack", stack.stack], {
    cwd: stack.dir,
    env: stack.env,
    ...(input === undefined ? {} : { input }),
  });
  expect(untidy(ran.stdout + ran.stderr)).toEqual([]);
  return ran;
};
const firstLines = ({ stdout }: Ran): string => stdout.slice(0, stdout.indexOf("\n#### "));

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: program(...flows({ sale: "draft", old: "active" })) });
  await mkdir(path.join(stack.dir, "people"));
  await writeFile(
    path.join(stack.dir, "people", "Ada.json"),
    JSON.stringify({ person: { properties: { email: "ada@example.com" } }, trigger: "user signed up" }),
  );
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

describe("the first lines of a review", () => {
  it("reassure where Ada gets the same as before", async () => {
    await stack.writeProgram(
      program(
        ...flows({ sale: "draft", old: "active" }).map((text) =>
          text.startsWith("const welcome") ? text.replace('"status"', '"description":"For new people","status"') : text,
        ),
      ),
    );
    const lines = firstLines(await review([]));
    expect(lines).toMatch(/^### ✅ 1 workflow changed\./);
    expect(lines).toContain("- Your sample person notices nothing and gets the same as before.");
  });

  it("name what goes live, what stops, twins, what was switched off by hand, and what Ada gets", async () => {
    emulator.ui.setStatus(emulator.flows().find(({ name }) => name === "digest").id, "draft");
    await stack.writeProgram(
      program(
        ...flows({ sale: "active", old: "archived" }),
        flow("again", { status: "active", ...mailing("Welcome") }),
        flow("weekly", {
          status: "active",
          actions: { trigger_node: batch, mail: email("exit_node", "News"), exit_node: exit },
        }),
        `new HogFlowSchedule("mondays", { flow: weekly, rrule: "FREQ=WEEKLY", startsAt: "2030-01-07T09:00:00", timezone: "UTC" });`,
      ),
    );
    const ran = await review([]);
    const lines = firstLines(ran);
    expect(lines, ran.stderr).toMatch(/^### ⚠️ .*“old” stops\. “again”, “sale” and “weekly” go live\./);
    expect(lines).toContain("- ⚠️ “old” stops: it is archived.");
    expect(lines).toContain("- ⚠️ “digest” was switched off in PostHog (it is a draft there)");
    expect(lines).toContain('- ⚠️ “sale” goes live. It starts on "user signed up".');
    expect(lines).toMatch(/- ⚠️ “(welcome|again)” and “(welcome|again)” send the same to the same people/);
    expect(lines).toMatch(/- ⚠️ Ada gets “Mail” twice on one day: from “(welcome|again)” and “(welcome|again)”\./);
    // The schedule of a new flow is known to be its own, although the flow has no id yet.
    expect(lines).toMatch(/- Ada: 4 e-mails on day 0, was 2: .*; no longer Mail \(from old\)/);
    for (const title of ["again", "sale", "weekly"]) expect(lines).toContain(`Mail (from ${title}, new)`);
    expect(lines).toContain("Mail (from welcome)");
    expect(lines).not.toMatch(/none of/i);
    expect(ran.stdout).not.toContain("No schedule of this stack starts “weekly”");
    expect(ran.stdout).toContain("**mondays** of “weekly” is new; it runs");
  });

  it("name a flow that a refreshed preview would switch on again", async () => {
    await stack.writeProgram(program(...flows({ sale: "draft", old: "active" })));
    const { stdout } = await stack.run([
      "preview",
      "--json",
      "--show-sames",
      "--refresh",
      "--stack",
      stack.stack,
      "--non-interactive",
    ]);
    const ran = await review(["-", "--fail-on", "resumes"], stdout);
    expect(ran.code, ran.stderr).toBe(2);
    expect(firstLines(ran)).toMatch(
      /^### ⚠️ 1 workflow changed\. There are 2 warnings\. “digest” was switched off in PostHog and would run again\./,
    );
    expect(firstLines(ran)).toContain("- ⚠️ “digest” was switched off in PostHog. This change switches it on again.");
    expect(firstLines(ran)).toContain("none of the sample people enters it");
  });
});

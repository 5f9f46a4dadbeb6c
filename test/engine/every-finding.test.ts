// Of several broken flows, a preview of the real engine shows the errors of one. `hogflow review` and `hogflow validate` show all, in the same words.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { hogflow, type Ran } from "../support/command";
import type { Stack } from "../support/engine";
import { stackFor } from "../support/flows";

const SECRET = "hush-hush-4712";
const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { delay, email, goTo, HogFlow, HogFlowSchedule, on, webhook } from "pulumi-hogflow";
const key = new pulumi.Config().requireSecret("hookKey");
const from = { integrationId: 7 };
new HogFlow("liquid", { trigger: on.event("a"), steps: [email("m", { from, subject: "{{ oops", text: "x {{ unsubscribe_url }}" })] });
new HogFlow("duration", { trigger: on.event("b"), steps: [delay("d", "2 days" as any), delay("e", "90m" as any)] });
new HogFlow("ids", { trigger: on.event("c"), steps: [delay("d", "1d"), delay("d", "2d")] } as any);
new HogFlow("jump", { trigger: on.event("d"), steps: [delay("d", "1d"), goTo("nowhere" as any)] } as any);
new HogFlow("call", { trigger: on.event("e"), steps: [webhook("w", { url: "https://example.com", body: { key } })] });
new HogFlow("argument", { trigger: on.event("f"), steps: [delay("d", "1d")], sttatus: "active" } as any);
const digest = new HogFlow("digest", { trigger: on.schedule(), steps: [delay("d", "1d")] });
new HogFlowSchedule("mondays", { flow: digest, rrule: "FREQ=WEEKLY", startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berln" });
`;
/** Resource and rule of every error and of every warning. */
const ERRORS = [
  "liquid liquid-syntax",
  "duration duration",
  "ids duplicate-step-id",
  "jump dead-jump",
  "argument unknown-argument",
  "mondays schedule-zone",
];
const WARNINGS = ["duration wait-clamped", "call secret-in-clear"];

let emulator: Emulator;
let stack: Stack;
const run = async (...args: string[]): Promise<Ran> => {
  const ran = await hogflow([...args, "--stack", stack.stack], { cwd: stack.dir, env: stack.env });
  expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  return ran;
};

beforeAll(async () => {
  emulator = await startEmulator();
  stack = await stackFor(emulator, { program: PROGRAM, config: { hookKey: { secret: SECRET } } });
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
});

/** `resource rule` of the texts in a review. */
const reviewed = (texts: readonly string[]): string[] =>
  texts.map(
    (text) =>
      `${/resource '(.*?)'|^Flow "(.*?)"|^(\w+): /.exec(text)!.slice(1).find(Boolean)} ${/\[([\w-]+)\]\s*$/.exec(text)![1]}`,
  );

it("a review has every finding of the program, each once, and validate has the same", async () => {
  const { code, stdout } = await run("review", "--json");
  expect(code).toBe(1);
  const { review, verdict, markdown } = JSON.parse(stdout);
  expect(reviewed(review.problems).sort()).toEqual([...ERRORS].sort());
  expect(reviewed(review.warnings).sort()).toEqual([...WARNINGS].sort());
  expect(review.standing).toEqual([]);
  expect(verdict).toContain(`The preview failed: ${ERRORS.length} problems`);
  for (const finding of [...ERRORS, ...WARNINGS]) expect(markdown).toContain(`[${finding.split(" ")[1]}]`);

  const validated = await run("validate", "--json");
  expect(validated.code).toBe(2);
  expect(
    JSON.parse(validated.stdout)
      .map(({ flow, rule }: any) => `${flow} ${rule}`)
      .sort(),
  ).toEqual([...ERRORS, ...WARNINGS].sort());
});

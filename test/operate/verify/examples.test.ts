// The flows of every example before the emulator's worker, which is written from PostHog's own: it agrees with the simulator on each step, and where one is made to differ,
// that step and no other is named.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, systemClock, type PostHogClient } from "../../../api";
import { startEmulator, type Emulator } from "../../../emulator";
import { masked } from "../../../operate/mask";
import { madeUpPeople } from "../../../operate/people/made-up";
import type { ProjectFlow } from "../../../operate/project-flows";
import { verify, type Verification } from "../../../operate/verify/verify";
import { stepWords } from "../../../operate/verify/words";
import { build } from "../../../tools/build.mjs";
import { exampleFlows, FLOW_EXAMPLES } from "../../support/example-flows";

const LIMIT_MS = 180_000;

let emulator: Emulator;
let client: PostHogClient;
beforeAll(async () => {
  await build();
  emulator = await startEmulator();
  client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
}, LIMIT_MS);
afterAll(() => emulator?.stop());

const flowsOf = (example: string): ProjectFlow[] =>
  Object.entries(exampleFlows(example)).map(([name, definition]) => ({
    key: name,
    name,
    title: String(definition["name"]),
    side: { definition: masked(definition), schedules: [], status: String(definition["status"] ?? "draft") },
  }));

const verified = (flows: readonly ProjectFlow[]): Promise<Verification> =>
  verify({ flows, people: madeUpPeople(flows), client, clock: systemClock });

/** What does not agree, in words. */
const rest = ({ flows }: Verification): string[] =>
  flows.flatMap((flow) =>
    stepWords(flow).flatMap(({ verdict, head, lines }) =>
      verdict === "differs" ? [`${flow.title}: ${head}`, ...lines] : [],
    ),
  );

describe.each(FLOW_EXAMPLES)("%s", (example) => {
  it(
    "agrees in every step",
    async () => {
      const found = await verified(flowsOf(example));
      expect(rest(found)).toEqual([]);
      expect(found.agrees).toBeGreaterThan(0);
      expect(found.flows.flatMap(({ doubts }) => doubts)).toEqual([]);
      expect(emulator.flows()).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe("a step that is made to differ", () => {
  it(
    "is named, and no other",
    async () => {
      const flows = flowsOf("onboarding");
      const before = await verified(flows);
      const step = before.flows[0]!.steps.find(
        ({ type, verdict }) => type === "function_email" && verdict === "agrees",
      )!;
      emulator.stepAnswer(step.id, (given) => ({
        ...given,
        logs: given["logs"].map((line: { message: string }) => ({
          ...line,
          message: line.message.replace(/("subject": ")/, "$1Sale! "),
        })),
      }));
      const found = await verified(flows);
      emulator.stepAnswer(step.id, null);
      expect(found.differs).toBe(1);
      expect(found.agrees).toBe(before.agrees - 1);
      const [differing] = found.flows[0]!.steps.filter(({ verdict }) => verdict === "differs");
      expect([differing!.id, differing!.differences.map(({ part }) => part)]).toEqual([step.id, ["subject"]]);
    },
    LIMIT_MS,
  );

  it(
    "is not tested with a PostHog that has no test runs, and with a worker that is down",
    async () => {
      const flows = flowsOf("first-flow");
      emulator.switches.testRuns = false;
      await expect(verified(flows)).rejects.toThrow(/no test runs/);
      emulator.switches.testRuns = true;
      emulator.switches.workerStatus = 503;
      const found = await verified(flows);
      emulator.switches.workerStatus = null;
      expect([found.agrees, found.differs]).toEqual([0, 0]);
      expect(stepWords(found.flows[0]!)[0]!.lines[0]).toContain("The worker cannot be reached.");
    },
    LIMIT_MS,
  );
});

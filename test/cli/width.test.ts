// What the reading commands print on a terminal of 80 columns, and into a pipe: the first is never wider, the second never cut.
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { COMMANDS, GROUPS } from "../../cli/commands";
import { runProgram } from "../../cli/program";
import { startEmulator, type Emulator } from "../../emulator";
import { flowJson, minutesAgo } from "../command/live";

const WIDTH = 80;
const RUN = "0198f3c2-0000-7000-8000-0000deadbeef";
const PERSON = "somebody-with-a-rather-long-distinct-id@example.com";
const ERROR = "HTTP 500 from https://example.com/a/rather/long/address after three attempts";

let emulator: Emulator;
let id: string;

beforeAll(async () => {
  emulator = await startEmulator();
  id = emulator.seed(flowJson()).id;
  emulator.record(id, {
    runs: [
      {
        invocation_id: RUN,
        started_at: minutesAgo(5),
        status: "failed",
        error_message: ERROR,
        distinct_id: PERSON,
        attempts: 3,
      },
    ],
    metrics: [
      { timestamp: minutesAgo(60), name: "email_bounced_and_blocked_by_the_provider", kind: "email", count: 1_234_567 },
    ],
  });
});
afterAll(() => emulator?.stop());

async function lines(args: string[], isTTY: boolean): Promise<string[]> {
  let text = "";
  const stdout = { isTTY, columns: WIDTH, write: (part: string) => ((text += part), true) };
  const stderr = { isTTY: false, write: () => true };
  const env = { POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1", POSTHOG_API_KEY: "phx_test" };
  const code = await runProgram(args, {
    streams: { stdin: process.stdin, stdout, stderr, env },
    commands: COMMANDS,
    groups: GROUPS,
    signal: new AbortController().signal,
  });
  expect(code, text).toBe(0);
  return stripVTControlCharacters(text).trimEnd().split("\n");
}

it("runs have a line each in a pipe, and two where that does not fit", async () => {
  const [, wide, ...more] = await lines(["runs", id], false);
  expect(wide).toMatch(new RegExp(`failed .* ${PERSON}  ${RUN}  ${ERROR} \\(attempt 3\\)$`));
  expect(more).toEqual([]);
  const [titles, first, second] = await lines(["runs", id], true);
  expect(titles).toMatch(/^started \(UTC\) +status +took +run$/);
  expect(first).toMatch(new RegExp(`failed .* ${RUN}$`));
  expect(first!.length).toBeLessThanOrEqual(WIDTH);
  expect(second).toBe(`    ${PERSON}: ${ERROR} (attempt 3)`);
});

it("charts take the room that is left, and say what a mark stands for", async () => {
  for (const args of [
    ["metrics", id, "--interval", "hour"],
    ["metrics", "totals", id],
  ])
    for (const line of await lines(args, true)) expect(line.length).toBeLessThanOrEqual(WIDTH);
  const [title] = await lines(["metrics", id, "--interval", "hour"], false);
  expect(title).toMatch(/by hour, 3 in a mark$/);
  expect((await lines(["metrics", id], false))[0]).toMatch(/by day$/);
});

// `npm run acceptance` against the emulator as an address: every promise holds although requests fail, nothing is left, and where it cannot try it says why.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { troubled } from "../acceptance/emulated";
import { markIn } from "../acceptance/mark.mjs";
import { PROMISES } from "../acceptance/promises";
import { builtByHand } from "../acceptance/promises/programs";
import { acceptance, ACCEPTANCE_KEY } from "../support/acceptance";
import { serveLocally, type LocalServer } from "../support/local-server";

const WHOLE_MS = 1_500_000;

let emulator: Emulator;
let temporary: string;
let foreign: any;

const run = (args: readonly string[], key?: string) => acceptance(emulator, args, { temporary, key });
const writes = () => emulator.requests.filter(({ method }) => method !== "GET");

beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: ACCEPTANCE_KEY }, { key: "phx_reader", scopes: ["person:read"] }] });
  temporary = await mkdtemp(path.join(os.tmpdir(), "hogflow-acceptances-"));
});
afterAll(async () => {
  await emulator?.stop();
  await rm(temporary, { recursive: true, force: true });
});
beforeEach(() => {
  for (const { id } of emulator.flows()) emulator.ui.remove(id);
  emulator.clearFaults();
  foreign = emulator.ui.create("1", { ...builtByHand("Of somebody else"), status: "active" });
  emulator.clearRequests();
});

describe("with requests that fail", () => {
  it(
    "every promise holds, and the project is as it was",
    async () => {
      troubled(emulator);
      const { code, output, report } = await run(["--allow-active"]);
      expect(code, output).toBe(0);
      const tried = report.promises.map(({ id, verdict }: any) => `${id} ${verdict}`);
      expect(tried).toEqual(PROMISES.filter(({ live }) => !live).map(({ id }) => `${id} kept`));
      expect(report).toMatchObject({ project: "1", problems: [], others: [], version: { schema: expect.any(String) } });
      expect(output).not.toContain(ACCEPTANCE_KEY);
      expect(JSON.stringify(report)).not.toContain(ACCEPTANCE_KEY);
      expect(emulator.flows()).toEqual([foreign]);
      expect(await readdir(temporary)).toEqual([]);
    },
    WHOLE_MS,
  );
});

describe("refuses, and writes nothing", () => {
  const only = ["--only", "no-key"];
  it.each<[string, string[], string | undefined, RegExp]>([
    ["a project with active workflows", only, undefined, /has 1 active workflow,.*--allow-active/s],
    ["a key that PostHog does not take", only, "phx_wrong", /does not take the key.*POSTHOG_API_KEY/s],
    ["a key that may not read workflows", only, "phx_reader", /may not read.*hog_flow:read/s],
    ["a project that there is not", [...only, "--project", "7"], undefined, /no such project|may not read/],
    [
      "a promise that there is not",
      ["--allow-active", "--only", "none"],
      undefined,
      /No promise is called none.*--list/s,
    ],
  ])("%s", async (_, args, key, words) => {
    const { code, output } = await run(args, key);
    expect(output).toMatch(words);
    expect(code).toBe(1);
    expect(writes()).toEqual([]);
    expect(emulator.flows()).toEqual([foreign]);
  });

  it("where a run of another machine was at work just now, and removes what it left when told to", async () => {
    const theirs = emulator.ui.create("1", builtByHand("theirs · hogflow-acceptance-000000-a-b"));
    const refused = await run(["--allow-active", ...only]);
    expect(refused.output).toMatch(/of another machine was at work.*--sweep/s);
    expect(refused.code).toBe(1);
    expect(writes()).toEqual([]);
    const swept = await run(["--sweep"]);
    expect(swept.code, swept.output).toBe(0);
    expect(writes().map(({ method, path: where }) => `${method} ${where}`)).toEqual([
      `DELETE /api/projects/1/hog_flows/${theirs.id}/`,
    ]);
    expect(emulator.flows()).toEqual([foreign]);
  });
});

it("says what differs, with its promise and the step, and ends with code 2", async () => {
  emulator.stepAnswer("welcome", (answer) => ({ ...answer, nextActionId: "elsewhere" }));
  const { code, output, report } = await run(["--allow-active", "--only", "verify"]);
  emulator.stepAnswer("welcome", null);
  expect(code, output).toBe(2);
  const [{ verdict, words }] = report.promises;
  expect(verdict).toBe("broken");
  expect(words.join()).toContain("onboarding, step welcome");
});

it("keeps to its budget, and removes what it made all the same", async () => {
  const { code, output, report } = await run(["--allow-active", "--only", "one-change", "--budget", "6"]);
  expect(code, output).toBe(2);
  expect(report.problems.join()).toContain("the budget of 6 requests is spent");
  expect(emulator.requests.filter(({ method }) => method !== "DELETE").length).toBeLessThanOrEqual(16);
  expect(emulator.flows()).toEqual([foreign]);
});

it("tries what it can where PostHog has no test runs and no schema", async () => {
  Object.assign(emulator.switches, { schemaPage: false, testRuns: false });
  const { code, output, report } = await run(["--allow-active", "--only", "contract", "--only", "verify"]);
  Object.assign(emulator.switches, { schemaPage: true, testRuns: true });
  expect(code, output).toBe(0);
  expect(report.promises.map(({ id, verdict }: any) => `${id} ${verdict}`)).toEqual([
    "verify untried",
    "contract untried",
  ]);
});

describe("with --live", () => {
  const live = ["--allow-active", "--live", "--only", "in-flight"];

  it("tries what needs somebody in a flow, where events can be sent, and leaves no active flow", async () => {
    const front = await withEvents(emulator);
    try {
      const { code, output, report } = await acceptance({ ...emulator, url: front.url }, live, { temporary });
      expect(code, output).toBe(0);
      expect(report.promises.map(({ id, verdict }: any) => `${id} ${verdict}`)).toEqual(["in-flight kept"]);
      expect(front.events).toEqual([expect.stringMatching(/^hogflow acceptance hogflow-acceptance-/)]);
      expect(emulator.flows()).toEqual([foreign]);
    } finally {
      await front.stop();
    }
  });

  it("says why not where they cannot", async () => {
    const { code, output, report } = await run(live);
    expect(code, output).toBe(0);
    expect(report.promises[0]).toMatchObject({ verdict: "untried", words: [expect.stringContaining("project:read")] });
  });
});

/** The emulator with what it does not have: the project's token, and a place for events, each of which brings somebody into the active flows of the run. */
async function withEvents(behind: Emulator): Promise<LocalServer & { events: string[] }> {
  const events: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const answer = (body: unknown): void => void outgoing.end(JSON.stringify(body));
    if (incoming.url === "/api/projects/1/") return answer({ id: 1, api_token: "phc_project" });
    if (incoming.url === "/i/v0/e/")
      return void text(incoming).then((body) => {
        const { api_key: token, event } = JSON.parse(body);
        if (token === "phc_project") events.push(event);
        for (const { id, name, status } of behind.flows())
          if (status === "active" && event.includes(markIn(name))) {
            behind.inFlight(id, 1);
            behind.record(id, { runs: [{ invocation_id: "1", started_at: new Date().toISOString() }] });
          }
        answer({ status: "Ok" });
      });
    const { method, headers, url } = incoming;
    const onward = request(new URL(url!, behind.url), { method, headers }, (came) => {
      outgoing.writeHead(came.statusCode!, came.headers);
      came.pipe(outgoing);
    });
    incoming.pipe(onward.on("error", () => outgoing.destroy()));
  });
  return { ...(await serveLocally(server)), events };
}

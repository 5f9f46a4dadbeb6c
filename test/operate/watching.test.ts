// Following a log and waiting for a batch, in time that passes only where somebody sleeps.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator/index";
import { createClient, type PostHogClient } from "../../api";
import { watchBatch } from "../../operate/batch";
import { followLogs, readLogs, type FollowOptions } from "../../operate/logs";
import { momentOf } from "../../operate/spans";
import { FakeClock } from "../provider/support";
import { BATCH_FLOW } from "../command/support";

let emulator: Emulator;
let client: PostHogClient;
let flowId: string;
beforeAll(async () => {
  emulator = await startEmulator();
  client = createClient({ host: emulator.url, projectId: "1", apiKey: "phx_test" });
});
afterAll(() => emulator.stop());
beforeEach(() => {
  flowId = emulator.seed({ ...BATCH_FLOW, status: "active" }).id;
});

const START = Date.parse("2026-12-01T09:00:00Z");
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

/** A clock that stops the follower after so many looks, and lets something happen before each of the others. */
class Looks extends FakeClock {
  readonly stop = new AbortController();
  constructor(private readonly between: Array<() => void>) {
    super(START);
  }
  override async sleep(ms: number): Promise<void> {
    await super.sleep(ms);
    const next = this.between.shift();
    if (next) return next();
    this.stop.abort(new Error("enough"));
    throw this.stop.signal.reason;
  }
}

async function followed(between: Array<() => void>, options: Partial<FollowOptions> = {}): Promise<string[][]> {
  const clock = new Looks(between);
  const seen: string[][] = [];
  await expect(
    followLogs(
      { client, clock, flowId },
      { ...options, signal: clock.stop.signal, onLines: (lines) => seen.push(lines.map(({ message }) => message)) },
    ),
  ).rejects.toThrow("enough");
  return seen;
}
const log = (...lines: Array<[seconds: number, message: string]>) =>
  emulator.record(flowId, { logs: lines.map(([seconds, message]) => ({ timestamp: at(seconds), message })) });

describe("following a log", () => {
  it("gives each line once, late ones included, in the order of their stamps", async () => {
    log([0, "a"], [1, "b"]);
    const seen = await followed([() => log([3, "d"]), () => log([2, "c, stored late"], [5, "e"]), () => {}]);
    expect(seen).toEqual([["a", "b"], ["d"], ["c, stored late", "e"]]);
  });

  it("begins with the newest lines, and what it left out then is no news later", async () => {
    log(...Array.from({ length: 10 }, (_, i): [number, string] => [i, `line ${i}`]));
    expect(await followed([() => log([11, "new"])], { limit: 3 })).toEqual([["line 7", "line 8", "line 9"], ["new"]]);
  });

  it("goes by the server's stamps, not by this machine's clock", async () => {
    // Lines from ten minutes ago, by our clock: theirs is behind.
    log([-600, "old"]);
    expect(await followed([() => log([-598, "new"])])).toEqual([["old"], ["new"]]);
  });

  it("waits for the first line of all", async () => {
    expect(await followed([() => {}, () => log([1, "first"])])).toEqual([["first"]]);
  });

  it("reads more than a page between two looks", async () => {
    log([0, "a"]);
    const many = Array.from({ length: 1200 }, (_, i): [number, string] => [1 + i / 1000, `m${i}`]);
    const [, burst] = await followed([() => log(...many)]);
    expect(burst).toEqual(many.map(([, message]) => message));
  });
});

it("a log is read in pages, to its limit", async () => {
  log(...Array.from({ length: 1300 }, (_, i): [number, string] => [i, `line ${i}`]));
  emulator.clearRequests();
  const lines = await readLogs({ client, clock: new FakeClock(START), flowId }, { limit: 1200 });
  expect([lines.length, lines[0]!.message, lines.at(-1)!.message]).toEqual([1200, "line 100", "line 1299"]);
  expect(emulator.requests.map(({ query }) => query)).toEqual([
    "limit=500",
    "limit=500&offset=500",
    "limit=200&offset=1000",
  ]);
});

it("spans are reckoned from now", () => {
  expect(["-1d", "90m", "2026-11-01T00:00:00+01:00"].map((text) => momentOf(text, START))).toEqual([
    "2026-11-30T09:00:00.000Z",
    "2026-12-01T07:30:00.000Z",
    "2026-10-31T23:00:00.000Z",
  ]);
  expect(() => momentOf("soon", START)).toThrow(/no span of time/);
});

describe("waiting for a batch", () => {
  it("tells each status once, and ends with the batch it began with", async () => {
    const { id } = emulator.ui.batchJob(flowId);
    const clock = new Looks([
      () => emulator.batchStatus(flowId, id, "active"),
      () => void emulator.ui.batchJob(flowId),
      () => emulator.batchStatus(flowId, id, "completed"),
    ]);
    const told: string[] = [];
    const job = await watchBatch(client, flowId, { clock, onStatus: ({ status }) => told.push(status) });
    expect([job.id, told, clock.sleeps]).toEqual([id, ["queued", "active", "completed"], [5000, 5000, 5000]]);
  });
});

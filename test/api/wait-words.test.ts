/** What a user is told while requests wait: for what and how long, and not for every one of them. */
import { expect, it } from "vitest";
import { waitNotes, waitWords } from "../../api";
import { clientOf, fastClock, FLOW, serve, THROTTLED } from "./helpers";

it("say how long, for which limit, and that nothing is to be done", () => {
  expect(waitWords({ ms: 42_300, limit: { ms: 60_000, max: 480 } })).toBe(
    "Waiting 43 s for PostHog's rate limit: it allows 480 requests a minute for each API key, and this run has made them. It continues by itself.",
  );
  expect(waitWords({ ms: 3_000_000, limit: { ms: 3_600_000, max: 4_800 } })).toContain(
    "Waiting 50 min for PostHog's rate limit: it allows 4,800 requests an hour",
  );
  expect(waitWords({ ms: 30_000 })).toBe(
    "Waiting 30 s for PostHog's rate limit: it answered 429, so something else uses the same API key (480 requests a minute and 4,800 requests an hour for all together). It continues by itself.",
  );
});

it("are told for waits of five seconds and more, once a minute", () => {
  const clock = fastClock();
  const told: string[] = [];
  const wait = waitNotes(clock, (text) => told.push(/^Waiting \d+ s/.exec(text)![0]));
  wait({ ms: 4_999 });
  wait({ ms: 57_000 });
  wait({ ms: 56_000 });
  clock.time += 59_999;
  wait({ ms: 50_000 });
  clock.time += 1;
  wait({ ms: 20_000 });
  expect(told).toEqual(["Waiting 57 s", "Waiting 20 s"]);
});

it("are told of a call that waits out a 429 by itself", async () => {
  const server = await serve([{ ...THROTTLED, headers: { "retry-after": "30" } }, { json: FLOW }]);
  const waits: object[] = [];
  const { client } = clientOf(server, { onWait: (wait) => waits.push(wait) });
  await client.getFlow("f");
  expect(waits).toEqual([{ method: "GET", path: "/api/projects/7/hog_flows/f/", ms: 30_000 }]);
});

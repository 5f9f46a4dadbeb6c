// PostHog on a bad day, played by the emulator: now and then a request fails, an answer is lost or late. What a run against it shows is that the acceptance itself withstands that.
import type { Emulator, Fault } from "../../emulator";

const EVERY = 9;
const ROUNDS = 400;
const BAD: readonly Omit<Fault, "skip" | "times">[] = [
  { when: "before", kind: "status", status: 503 },
  { when: "before", kind: "cut" },
  { when: "after", kind: "slow", ms: 300 },
  { when: "before", kind: "status", status: 429, retryAfter: "1" },
  { when: "after", kind: "cut" },
  { when: "after", kind: "status", status: 502 },
];

/** Arms faults that hit every ninth request for as long as a run lasts. */
export function troubled(emulator: Emulator): void {
  for (let round = 0; round < ROUNDS; round += 1)
    emulator.fault({ ...BAD[round % BAD.length]!, path: "/hog_flows", skip: EVERY * (round + 1), times: 1 });
}

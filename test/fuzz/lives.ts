// How many worlds a number of cycles makes, and what the providers of all of them run with.
import { ProviderRuns } from "../support/provider-runs";
import type { Transport } from "../support/transport";
import { worldRandom } from "./operations";

/** Real time, unlike all waits of the provider's own: how long a request may hang. */
const TIMEOUT_ENV = { POSTHOG_REQUEST_TIMEOUT_MS: "1500" };

/** One for each stack: what a process knows of one, the other's must not. */
export const providersOfLives = (transport?: Transport): [ProviderRuns, ProviderRuns] => [
  new ProviderRuns(TIMEOUT_ENV, transport),
  new ProviderRuns(TIMEOUT_ENV, transport),
];

export interface WorldSize {
  index: number;
  cycles: number;
}

/** How the cycles are spread over worlds. */
export function worldsOf(seed: number, cycles: number): WorldSize[] {
  const r = worldRandom(seed, -1);
  const out: WorldSize[] = [];
  for (let left = cycles; left > 0;) {
    // The destroy at the end of a life is a cycle, too.
    const size = Math.min(left, 10 + r.int(14));
    out.push({ index: out.length, cycles: size - 1 });
    left -= size;
  }
  return out;
}

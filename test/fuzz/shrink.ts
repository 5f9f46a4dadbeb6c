// Makes a failing life shorter for as long as it fails in the same way.
import type { ProviderRuns } from "../support/provider-runs";
import type { Operation } from "./operations";
import { live, type FindingKind } from "./world";

export interface ShrinkLimits {
  lives: number;
  ms: number;
}

export async function shrunk(operations: readonly Operation[], kind: FindingKind, runs: ProviderRuns, limits: ShrinkLimits): Promise<Operation[]> {
  let best = [...operations];
  let left = limits.lives;
  const end = Date.now() + limits.ms;
  for (let size = Math.ceil(best.length / 2); size >= 1; ) {
    let shorter = false;
    for (let at = best.length - size; at >= 0 && left > 0 && Date.now() < end; at -= size) {
      const candidate = [...best.slice(0, at), ...best.slice(at + size)];
      left -= 1;
      if ((await live(candidate, runs)).finding?.kind !== kind) continue;
      best = candidate;
      shorter = true;
    }
    if (left === 0 || Date.now() >= end) return best;
    if (!shorter || size > best.length) size = size === 1 && !shorter ? 0 : Math.max(1, Math.min(Math.floor(size / 2), best.length));
    if (size === 1 && !shorter) {
      // A last pass over single operations has been made.
      return best;
    }
  }
  return best;
}

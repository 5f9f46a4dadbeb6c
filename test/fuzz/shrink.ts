// Makes a failing life shorter for as long as it fails in the same way.
import type { Operation } from "./operations";
import { live, type FindingKind, type Providers } from "./world";

export interface ShrinkLimits {
  lives: number;
  ms: number;
}

export async function shrunk(
  operations: readonly Operation[],
  kind: FindingKind,
  runs: Providers,
  limits: ShrinkLimits,
): Promise<Operation[]> {
  let best = [...operations];
  let left = limits.lives;
  const end = Date.now() + limits.ms;
  for (let size = Math.ceil(best.length / 2); ;) {
    let shorter = false;
    for (let at = best.length - size; at >= 0 && left > 0 && Date.now() < end; at -= size) {
      const candidate = [...best.slice(0, at), ...best.slice(at + size)];
      left -= 1;
      if ((await live(candidate, runs)).finding?.kind !== kind) continue;
      best = candidate;
      shorter = true;
    }
    if (left === 0 || Date.now() >= end || (size === 1 && !shorter)) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return best;
}

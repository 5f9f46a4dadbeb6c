// The flow's own limit for e-mail: a bucket of tokens with room for about one second of budget (run time §3.9, 9).
import type { EmailSendingRateLimit } from "../../provider/schema/types";
import type { World } from "../world/state";

/** Takes a token, or says in how many milliseconds there is one. The bucket never has room for less than one. */
export function timeUntilToken(world: World, { count, period }: EmailSendingRateLimit): number {
  const perSecond = count / (period === "hour" ? 3600 : 60);
  const room = Math.max(1, perSecond);
  const { tokens, at } = world.bucket ?? { tokens: room, at: world.now };
  const filled = Math.min(room, tokens + ((world.now - at) / 1000) * perSecond);
  // A hair of rounding must not cost another wait.
  const allowed = filled >= 1 - 1e-9;
  world.bucket = { tokens: allowed ? filled - 1 : filled, at: world.now };
  return allowed ? 0 : Math.max(1, Math.ceil(((1 - filled) / perSecond) * 1000));
}

// The flow's own limit for e-mail: a bucket of tokens with room for about one second of budget (run time §3.9, 9). Who finds it empty comes back about
// when the next token is there, at a moment by chance; so under a limit e-mails do not keep their order.
import type { EmailSendingRateLimit } from "../../definition/schema/types";
import type { World } from "../world/state";

const SHORTEST_RETURN = 1_000;
const LONGEST_RETURN = 5 * 60_000;

/** Takes a token, or says in how many milliseconds to ask again. */
export function timeUntilAsked(world: World, { count, period }: EmailSendingRateLimit): number {
  const perSecond = count / (period === "hour" ? 3600 : 60);
  const room = Math.max(1, Math.ceil(perSecond));
  const { tokens, at } = world.bucket ?? { tokens: room, at: world.now };
  const filled = Math.min(room, tokens + ((world.now - at) / 1000) * perSecond);
  // A hair of rounding must not cost another return.
  const allowed = filled >= 1 - 1e-9;
  world.bucket = { tokens: allowed ? filled - 1 : filled, at: world.now };
  if (allowed) return 0;
  const interval = Math.min(Math.max(1000 / perSecond, SHORTEST_RETURN), LONGEST_RETURN);
  return Math.floor(interval * (1 + world.random()));
}

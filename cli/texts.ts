// Wordings that several commands share.
import type { WireUser } from "../api";

/** `1 flow`, `3 flows`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A stamp of PostHog, to the second: `2026-12-01 09:00:00`, in UTC. */
export const moment = (stamp: string | null | undefined): string =>
  stamp ? stamp.slice(0, 19).replace("T", " ") : "–";

export const person = (user: WireUser | null): string =>
  user?.email ?? ([user?.first_name, user?.last_name].filter(Boolean).join(" ") || "–");

// What a schedule remembers of its flow's trigger: the audience as it is sent, because a change of that text pauses the schedule (API §5.5).
import { createHash } from "node:crypto";
import { actionToOurs } from "./structure";
import { isDict, own, stableText } from "./values";

/** Of a batch trigger, its audience; any other trigger pauses nothing. */
export function triggerFingerprint(trigger: unknown): string {
  const step = actionToOurs(trigger, []);
  const config = own(step, "config");
  if (!isDict(config) || config["type"] !== "batch") return "none";
  return `batch:${createHash("sha256")
    .update(stableText(config["filters"] ?? {}))
    .digest("hex")
    .slice(0, 16)}`;
}

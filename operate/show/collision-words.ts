// What a collision says: how many e-mails come too close together, and which, with their flows.
import type { Collision } from "../people/collisions";
import { listWords } from "../words/values";
import { dateText } from "./stories";

interface CollidingMessage {
  /** Of the step that sends it. */
  title: string;
  /** Title of its flow. */
  flow: string;
  /** ISO in UTC. */
  at: string;
  /** Whether its flow is a draft. */
  isOff: boolean;
  /** Whether it may not come. */
  isMaybe: boolean;
}

/** `ada gets 2 e-mails within an hour, Mon 7 December 2026, 09:00 UTC: “Tips” (Welcome) and “Reminder” (Trial).` */
export function collisionWords(
  { kind, most }: Pick<Collision, "kind" | "most">,
  { person, perWeek, messages }: { person: string; perWeek: number; messages: readonly CollidingMessage[] },
): string {
  const which = messages.map(({ title, flow, isOff }) => `“${title}” (${flow}${isOff ? ", draft: not sent" : ""})`);
  const when = dateText(messages[0]!.at);
  const many =
    kind === "close"
      ? `${most} e-mails within an hour, ${when}`
      : `${most} e-mails within seven days, from ${when}; the limit is ${perWeek}`;
  const gets = messages.some(({ isOff }) => isOff) ? "would get" : "gets";
  const doubt = messages.some(({ isOff, isMaybe }) => isMaybe && !isOff) ? " Not all of them are certain." : "";
  return `${person} ${gets} ${many}: ${listWords([...new Set(which)], "and")}.${doubt}`;
}

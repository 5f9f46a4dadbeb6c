// What is not certain about messages: those of drafts are not sent, and others may not come. Counts, chips and reasons.
import type { Delivery, ShowData } from "../data";
import { counted } from "./count-words";
import { lookupIn } from "./lookup";

/** Whether nobody gets it before somebody activates its flow. */
export const isOff = (data: ShowData, { flow, side }: Delivery): boolean =>
  ["draft", "archived"].includes(lookupIn(data).flow(flow)?.[side]?.status ?? "");

/** `draft: not sent`, `may not come`; undefined where it comes. */
export const doubtWords = (data: ShowData, delivery: Delivery): string | undefined =>
  delivery.maybe === undefined ? undefined : isOff(data, delivery) ? "draft: not sent" : "may not come";

export function DoubtChip({ data, delivery }: { data: ShowData; delivery: Delivery }) {
  const words = doubtWords(data, delivery);
  return words === undefined ? null : (
    <span class="chip">
      {!isOff(data, delivery) && <span aria-hidden="true">? </span>}
      {words}
    </span>
  );
}

/** `2 messages`, `2 messages sent, 1 not (draft)` */
export function sentWords(data: ShowData, deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return "nothing";
  const off = deliveries.filter((delivery) => isOff(data, delivery)).length;
  const sent = deliveries.length - off;
  if (off === 0) return counted(sent, "message");
  return sent === 0
    ? `${counted(off, "message")}, not sent (draft)`
    : `${counted(sent, "message")} sent, ${off} not (draft)`;
}

/** Why messages may not come, once for each flow. */
export function Doubts({ data, deliveries }: { data: ShowData; deliveries: readonly Delivery[] }) {
  const doubts = new Map(
    deliveries.flatMap((delivery) =>
      delivery.maybe === undefined ? [] : [[JSON.stringify([delivery.flow, delivery.maybe]), delivery] as const],
    ),
  );
  if (doubts.size === 0) return null;
  return (
    <ul class="plain doubts small soft">
      {[...doubts].map(([key, delivery]) => (
        <li key={key}>
          <DoubtChip data={data} delivery={delivery} />{" "}
          <bdi>{lookupIn(data).flow(delivery.flow)?.title ?? delivery.flow}</bdi>: {delivery.maybe}
        </li>
      ))}
    </ul>
  );
}

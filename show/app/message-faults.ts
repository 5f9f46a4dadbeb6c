// What is wrong with a message, as lists of messages count it.
import type { Link, MessageContent } from "../data";

export const deadLinks = ({ links }: MessageContent): Link[] => links.filter(({ dead }) => dead !== undefined);

/** A marketing message whose recipient has no link to unsubscribe. */
export const lacksUnsubscribe = ({ hasUnsubscribe, category }: MessageContent): boolean =>
  hasUnsubscribe === false && category?.type !== "transactional";

/** A message without such a link that people get whether or not they opted out. */
export const needsNoUnsubscribe = ({ hasUnsubscribe, category }: MessageContent): boolean =>
  hasUnsubscribe === false && category?.type === "transactional";

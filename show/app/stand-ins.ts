// Addresses that the simulator writes where PostHog has one of its own: a reader is told what is there, and not an address that looks broken.

const UNSUBSCRIBE = /https:\/\/unsubscribe\.invalid\/[^\s<>"']*/;

/** What PostHog puts in place of an address; undefined of any other address. */
export const standInWords = (url: string): string | undefined =>
  UNSUBSCRIBE.exec(url)?.index === 0
    ? "PostHog puts each recipient's own unsubscribe link here"
    : url.startsWith("https://posthog.invalid/")
      ? "PostHog puts an address of its own here"
      : undefined;

/** Whether a text has the address that stands for the unsubscribe link. */
export const hasUnsubscribeStandIn = (text: string): boolean => UNSUBSCRIBE.test(text);

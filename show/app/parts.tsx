// Small parts that several sections show: what a change does, a channel, a link to elsewhere.
import type { ComponentChildren } from "preact";
import type { Mark, MessageContent, ShownFinding, ShownFlow } from "../data";
import { counted } from "./count-words";

/** How a change is shown: a sign and a word, so that no colour is needed. */
export const MARKS: Readonly<Record<Mark | "moved" | "same", { sign: string; word: string }>> = {
  added: { sign: "+", word: "added" },
  removed: { sign: "−", word: "removed" },
  changed: { sign: "~", word: "changed" },
  moved: { sign: "↷", word: "moved" },
  same: { sign: "=", word: "same" },
};

/** A chip such as `+ added`. */
export function FateChip({ fate }: { fate: Mark | "moved" | ShownFlow["fate"] }) {
  const { sign, word } = MARKS[fate];
  return (
    <span class={`chip chip-${fate}`}>
      <span aria-hidden="true">{sign} </span>
      {word}
    </span>
  );
}

/** What PostHog does with the flow. Nothing where nobody knows. */
export function StatusChip({ status }: { status?: string }) {
  if (status === undefined) return null;
  return <span class={`chip ${status === "active" ? "chip-good" : ""}`}>{status}</span>;
}

/** How many errors and warnings there are; nothing where there are none. */
export function FindingChips({ findings }: { findings: readonly ShownFinding[] }) {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  return (
    <>
      {errors > 0 && <span class="chip chip-bad">{counted(errors, "error")}</span>}
      {warnings > 0 && <span class="chip chip-warn">{counted(warnings, "warning")}</span>}
    </>
  );
}

const CHANNELS: Readonly<Record<MessageContent["channel"], { word: string; path: string }>> = {
  email: { word: "E-mail", path: "M2 4h12v9H2zM2 4.5l6 5 6-5" },
  sms: { word: "SMS", path: "M2 3h12v8H7l-3 3v-3H2z" },
  push: { word: "Push", path: "M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14h3" },
  slack: { word: "Slack", path: "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11.5M2 10.5h11.5" },
  request: { word: "Request", path: "M2 8h11M9 4l4 4-4 4" },
};

/** Icon and word of a channel. */
export function Channel({ channel }: { channel: MessageContent["channel"] }) {
  const { word, path } = CHANNELS[channel];
  return (
    <span class="channel">
      <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
      {word}
    </span>
  );
}

/** A link that leaves the page. What has another scheme than http and https is text. */
export function OutLink({ url, children }: { url: string; children: ComponentChildren }) {
  if (!/^https?:\/\//i.test(url)) return <span>{children}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

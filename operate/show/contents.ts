// What recipients see of the messages of a stack, each content once: most people get the same.
import { createHash } from "node:crypto";
import { requestContent } from "../../simulator/many/difference";
import type { Message, SentRequest } from "../../simulator/result/sent";
import type { Gap, Link, MessageContent } from "../../show/data";
import { isDict, own } from "../../definition/canonical/values";
import { UNSUBSCRIBES } from "../../rules/emails";
import type { Sent } from "../people/deliveries";
import { deadReason } from "./dead-links";
import { gapsOf } from "./gaps";
import { present } from "./present";
import { readHtml } from "./read-html";
import { slackText } from "./slack-text";

/** Longest text, in characters, of anything but an e-mail: nobody reads more of a request. */
const LONGEST_TEXT = 20_000;

export class Contents {
  readonly list: MessageContent[] = [];
  private readonly known = new Map<string, number>();
  /** Of what was simulated once for both sides. */
  private readonly seen = new WeakMap<object, number>();

  /** The index of what this delivery looks like. */
  indexOf(sent: Sent): number {
    const simulated = sent.message ?? sent.request;
    const seen = this.seen.get(simulated);
    if (seen !== undefined) return seen;
    const key = keyOf(sent);
    const index =
      this.known.get(key) ??
      this.list.push(sent.message ? contentOf(sent.message) : contentOfRequest(sent.request)) - 1;
    this.known.set(key, index);
    this.seen.set(simulated, index);
    return index;
  }
}

/** A hash of everything that is shown of it: not whom it goes to, nor when. A long text goes in as it is. */
function keyOf({ message, request }: Sent): string {
  const hash = createHash("sha1");
  if (request) hash.update(JSON.stringify([request.template, request.unfilled])).update(requestContent(request));
  else {
    const {
      html: _html,
      text: _text,
      to: _to,
      toName: _name,
      at: _at,
      after: _after,
      run: _run,
      body: _body,
      ...rest
    } = message;
    const { step: _step, stepName: _title, ...shown } = rest;
    const [html, text] = [impersonal(message.html), impersonal(message.text)];
    hash
      // Indexes are after the addresses, and differ with their lengths.
      .update(JSON.stringify([shown, html?.length, text?.length], (name, value) => (name === "at" ? undefined : value)))
      .update(html ?? "")
      .update(text ?? "");
  }
  return hash.digest("base64");
}

/** PostHog's page to unsubscribe has another address for everybody, which nobody knows here: what differs in nothing else is one content. */
function impersonal(text: string | undefined): string | undefined {
  return text?.replace(/(https:\/\/unsubscribe\.invalid\/(?:one-click)?)\?to=[\w.!~*'()%-]*/g, "$1");
}

/** Whom it goes to, as a reader names it. */
export function recipientOf({ message, request }: Sent): string {
  if (message) return message.toName === undefined ? message.to : `${message.toName} <${message.to}>`;
  if (request.template === "template-slack") return String(own(request.body, "channel") ?? "");
  try {
    return new URL(request.url ?? "").host;
  } catch {
    return request.url ?? request.template;
  }
}

function contentOf(message: Message): MessageContent {
  const { channel, subject, preheader, sender, replyTo, cc, bcc, categoryType, category } = message;
  const [html, text] = [impersonal(message.html), impersonal(message.text)];
  const common = {
    channel,
    ...present({ from: fromOf(message), sender: senderOf(sender), replyTo, cc, bcc, subject }),
    category: { type: categoryType, ...present({ id: category }) },
  };
  if (channel !== "email") {
    const links = channel === "sms" ? linksIn(text ?? "") : [];
    return { ...common, ...present({ text: cut(text) }), links, gaps: gapsOf(message.unfilled) };
  }
  const read = html === undefined ? undefined : readHtml(html);
  return {
    ...common,
    ...present({ html, text, ...previewOf(preheader, read, text) }),
    ...unsubscribeIn({ html, text }),
    links: (read?.links ?? linksIn(text ?? "")).map(linkOf),
    gaps: gapsOf(message.unfilled, {}).map((gap) => placedIn(gap, { html: message.html, text: message.text })),
  };
}

function unsubscribeIn({
  html,
  text,
}: Record<"html" | "text", string | undefined>): Pick<MessageContent, "hasUnsubscribe" | "unsubscribeMissingIn"> {
  const [inHtml, inText] = [html, text].map((part) => part !== undefined && UNSUBSCRIBES.test(part));
  return {
    hasUnsubscribe: inHtml! || inText!,
    ...(html !== undefined && text !== undefined && inHtml !== inText
      ? { unsubscribeMissingIn: inHtml ? "text" : "html" }
      : {}),
  };
}

/** With its indexes in the text that is shown. */
function placedIn(gap: Gap, sent: Readonly<Record<string, string | undefined>>): Gap {
  const text = sent[gap.where];
  if (gap.at === undefined || text === undefined) return gap;
  return { ...gap, at: gap.at.map((index) => impersonal(text.slice(0, index))!.length) };
}

/** What a mailbox shows beside the subject: what is meant for it, else the beginning of the text. */
function previewOf(
  preheader: string | undefined,
  read: ReturnType<typeof readHtml> | undefined,
  text: string | undefined,
): Pick<MessageContent, "preheader" | "preheaderFrom"> {
  const visible = read ? read.visible : (text ?? "").replace(/\s+/g, " ").trim().slice(0, 200);
  const [shown, from] =
    preheader !== undefined
      ? ([preheader, "field"] as const)
      : read && read.hidden !== ""
        ? ([read.hidden, "hidden"] as const)
        : ([visible, "text"] as const);
  return shown === "" ? {} : { preheader: shown, preheaderFrom: from };
}

const fromOf = ({ sender: { name, email, number } }: Message): string | undefined =>
  number ?? (name === undefined ? email : email === undefined ? name : `${name} <${email}>`);

function senderOf({ integrationId, integrationIds = [], email, channels = [] }: Message["sender"]): string | undefined {
  const [one, ...more] =
    integrationIds.length > 0 ? integrationIds : integrationId === undefined ? [] : [integrationId];
  if (one !== undefined && email === undefined)
    return more.length === 0 ? `sender ${one}` : `one of the senders ${[one, ...more].join(", ")}`;
  return channels.length === 0 ? undefined : `push channel ${channels.join(", ")}`;
}

function contentOfRequest({ template, url, method, body, inputs, unfilled }: SentRequest): MessageContent {
  if (template === "template-slack") {
    const { text, links } = slackText(isDict(body) ? body : {});
    const name = own(body, "username");
    return {
      channel: "slack",
      ...(typeof name === "string" && name !== "" ? { from: name } : {}),
      ...present({ text: cut(text) }),
      links: links.map(linkOf),
      gaps: gapsOf(unfilled, { blocks: "text" }),
    };
  }
  const sent = url === undefined ? inputs : body;
  return {
    channel: "request",
    request: url === undefined ? template : `${method ?? "POST"} ${url}`,
    ...(sent === undefined
      ? {}
      : present({ text: cut(typeof sent === "string" ? sent : JSON.stringify(sent, null, 2)) })),
    links: [],
    gaps: gapsOf(unfilled, { body: "text" }),
  };
}

const linkOf = ({ url, text }: { url: string; text: string }): Link => ({
  url,
  text,
  ...present({ dead: deadReason(url) }),
});

/** Addresses in a text, as phones make links of them. */
const linksIn = (text: string): Link[] =>
  [...text.matchAll(/\bhttps?:\/\/[^\s<>"']+/gi)].map(([url]) => {
    const bare = url.replace(/[.,;:!?)\]]+$/, "");
    return linkOf({ url: bare, text: bare });
  });

const cut = (text: string | undefined): string | undefined =>
  text !== undefined && text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;

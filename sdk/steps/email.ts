// The e-mail step.
import type * as pulumi from "@pulumi/pulumi";
import type { MessageCategoryType } from "../../definition/schema/types";
import type { Dict } from "../../definition/canonical/values";
import type { Leaves } from "../inputs";
import { isTextValue, jsonValue, liquidValue, type FileText, type LiquidText } from "../values";
import type { At } from "./at";
import { callerOf } from "./caller";
import type { Id } from "./checks";
import { leaves } from "./leaves";
import * as nodes from "./node";
import { namesOf, RESULT_NAMES, type ResultOptions } from "./options";
import type { Step } from "./shape";

/** What messages have in common. */
export interface MessageOptions extends ResultOptions {
  /**
   * Whether opt-outs are respected: a `transactional` message is also sent to people who opted out. Default: none, which PostHog treats as marketing, so
   * opt-outs are respected.
   */
  messageCategoryType?: Leaves<MessageCategoryType>;
  /** The category that people can opt out of, by its id in PostHog. Default: none; an opt-out of all marketing holds in any case. */
  messageCategoryId?: pulumi.Input<string>;
}
export const MESSAGE_NAMES = { ...RESULT_NAMES, messageCategoryType: true, messageCategoryId: true } as const;
export const categoryOf = (options: MessageOptions, at: At): Dict =>
  leaves(options as object as Dict, ["messageCategoryId", "messageCategoryType"], at);

/** Who an e-mail is from. */
export interface Sender {
  /** Id of the e-mail integration. Required even if there is `integrationIds`: without it no e-mail is sent. */
  integrationId: pulumi.Input<number>;
  /** At most ten integrations; each run uses one of them. */
  integrationIds?: readonly pulumi.Input<number>[];
  /** Address, if another one of the integration's domain. */
  email?: LiquidText;
  name?: LiquidText;
}

/** The recipient of an e-mail: an address, or an address with a name. */
export type Recipient = LiquidText | { email: LiquidText; name?: LiquidText };

interface EmailBase extends MessageOptions {
  from: Sender;
  /** One address. Default: the person's property `email`. Without an address, the step fails. */
  to?: Recipient;
  subject: LiquidText;
  /** The line that mailboxes show next to the subject. */
  preheader?: LiquidText;
  /** Where answers go: one text, with commas between addresses. */
  replyTo?: LiquidText;
  /** One text, with commas between addresses. */
  cc?: LiquidText;
  /** One text, with commas between addresses. */
  bcc?: LiquidText;
  /**
   * The blocks of PostHog's e-mail editor, from which it wrote `html`; usually in a file next to it: `file("mails/welcome.design.json")`. Default: none, and the
   * editor shows `html` as one block.
   */
  design?: FileText | Readonly<Record<string, unknown>>;
  /** Open and click tracking. PostHog's default is true. */
  trackingEnabled?: pulumi.Input<boolean>;
  /** Fields that marketing edits in PostHog. The program gives their first value. `html` includes the editor's design. */
  editorOwns?: readonly EmailField[];
}

type EmailField = "from" | "to" | "subject" | "preheader" | "replyTo" | "cc" | "bcc" | "html" | "text";

/** Options of `email`: at least sender, subject and a body. */
export type EmailOptions = EmailBase &
  (
    | {
        /** The body, often from a file: `file("mails/welcome.html")`, `mjml("mails/welcome.mjml")`. */
        html: LiquidText;
        /** The body for readers without HTML. */
        text?: LiquidText;
      }
    | {
        html?: undefined;
        /** The whole body, of an e-mail without HTML. */
        text: LiquidText;
      }
  );

const EMAIL_NAMES = namesOf<EmailOptions>({
  ...MESSAGE_NAMES,
  from: true,
  to: true,
  subject: true,
  preheader: true,
  replyTo: true,
  cc: true,
  bcc: true,
  html: true,
  text: true,
  design: true,
  trackingEnabled: true,
  editorOwns: true,
});
const VALUE = ["config", "inputs", "email", "value"] as const;
const FIELDS: readonly EmailField[] = ["from", "to", "subject", "preheader", "replyTo", "cc", "bcc", "html", "text"];
const EDITABLE = Object.fromEntries(FIELDS.map((field) => [field, [...VALUE, field]]));

/**
 * Sends an e-mail; its texts are Liquid. People who opted out and suppressed addresses are skipped, and the run continues. Such an e-mail has no
 * result: an `outputVariable` stays as it was. Put the link to unsubscribe, `{{ unsubscribe_url }}`, into every e-mail that is not `transactional`.
 *
 * @param id What the e-mail is, such as `welcome`. People in flight and metrics hold on to it.
 * @example
 * ```ts
 * email("welcome", { from: { integrationId: 7 }, subject: liquid`Welcome, ${person("first_name").or("there")}`, html: file("mails/welcome.html"), editorOwns: ["subject", "html"] })
 * ```
 */
export function email<const K extends string>(id: Id<K>, options: EmailOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "email",
    key: id,
    type: "function_email",
    location: callerOf(email),
    options,
    known: EMAIL_NAMES,
    editable: EDITABLE,
    config: (at) => ({
      ...categoryOf(options, at),
      ...leaves(options as object as Dict, ["trackingEnabled"], at),
      inputs: { email: { templating: "liquid", value: emailValue(options, at.at("inputs", "email", "value")) } },
    }),
  }) as object as Step<K, never, never, false>;
}

/** PostHog's worker takes the recipient from `to.email`, and asks for `html` also where there is only `text`. */
function emailValue(options: EmailOptions, at: At): Dict {
  const out: Dict = {};
  if (options.from !== undefined) out["from"] = withTexts(options.from, ["email", "name"], at.at("from"));
  out["to"] = recipient(options.to ?? "{{ person.properties.email }}", at.at("to"));
  for (const field of FIELDS) {
    const value = options[field];
    if (field !== "from" && field !== "to" && value !== undefined)
      out[field] = liquidValue(value as LiquidText, at.at(field));
  }
  if (options.html === undefined && options.text !== undefined) out["html"] = "";
  if (options.design !== undefined) out["design"] = jsonValue(options.design, at.at("design"));
  return out;
}

const recipient = (to: Recipient, at: At): unknown =>
  isPlainObject(to)
    ? { name: "", ...(withTexts(to, ["email", "name"], at) as Dict) }
    : isOneText(to)
      ? { email: liquidValue(to, at.at("email")), name: "" }
      : to;

const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  !isTextValue(value);
/** What was never type-checked and is none, such as a list, is passed on unchanged: check says what is wrong with it where it is. */
const isOneText = (value: unknown): value is LiquidText => typeof value === "string" || isTextValue(value);

/** An object of the API's own, with these members as texts. */
function withTexts(value: unknown, texts: readonly string[], at: At): unknown {
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, texts.includes(key) ? liquidValue(member as LiquidText, at.at(key)) : member]),
  );
}

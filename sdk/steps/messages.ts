// Messages to people besides e-mail: text messages and push notifications.
import type * as pulumi from "@pulumi/pulumi";
import type { Dict } from "../../provider/canonical/values";
import { destinationInput, type DestinationText, type LiquidText } from "../values";
import { callerOf } from "./caller";
import type { Id } from "./checks";
import { categoryOf, MESSAGE_NAMES, type MessageOptions } from "./email";
import { inputsOf } from "./inputs";
import * as nodes from "./node";
import { namesOf } from "./options";
import type { Step } from "./shape";

/** What a text message takes. */
export interface SmsOptions extends MessageOptions {
  /** Id of the Twilio integration. */
  twilioAccount: pulumi.Input<number>;
  /** Number that the message comes from, such as `+15550100000`. */
  fromNumber: DestinationText;
  /** Default: the person's property `phone`, as PostHog's template has it. */
  toNumber?: DestinationText;
  message: DestinationText;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("message" | "fromNumber" | "toNumber")[];
}

const SMS_NAMES = namesOf<SmsOptions>({ ...MESSAGE_NAMES, twilioAccount: true, fromNumber: true, toNumber: true, message: true, editorOwns: true });
const input = (name: string): readonly string[] => ["config", "inputs", name, "value"];

/**
 * Sends a text message. Opt-outs are respected unless it is `transactional` (run time §3.9). API §3.3.
 *
 * @param id What the message is, such as `reminder`.
 * @example
 * ```ts
 * sms("reminder", { twilioAccount: 456, fromNumber: "+15550100000", message: hog`See you tomorrow, ${person("first_name")}.`, messageCategoryType: "transactional" })
 * ```
 */
export function sms<const K extends string>(id: Id<K>, options: SmsOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "sms", key: id, type: "function_sms", place: callerOf(sms), options, known: SMS_NAMES,
    editable: { message: input("message"), fromNumber: input("from_number"), toNumber: input("to_number") },
    config: (at) => ({ ...categoryOf(options, at), inputs: inputsOf({ twilio_account: options.twilioAccount, from_number: options.fromNumber, to_number: options.toNumber, message: options.message }, at) }),
  }) as object as Step<K, never, never, false>;
}

/** What a push notification takes. */
export interface PushOptions extends MessageOptions {
  /** Ids of the push integrations; each is tried once. */
  channels: pulumi.Input<readonly pulumi.Input<number>[]>;
  title: LiquidText;
  body?: LiquidText;
  /** Address of a picture. */
  image?: LiquidText;
  /** Data for the app. */
  data?: Record<string, LiquidText>;
  /** Whom it goes to. Default: the person's distinct id. */
  distinctId?: LiquidText;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("title" | "body" | "image" | "data")[];
}

const PUSH_NAMES = namesOf<PushOptions>({ ...MESSAGE_NAMES, channels: true, title: true, body: true, image: true, data: true, distinctId: true, editorOwns: true });

/**
 * Sends a push notification to every device of the person; its texts are Liquid. A channel without a device is skipped (run time §3.9). API §3.3.
 *
 * @param id What the notification is, such as `last_call`.
 * @example
 * ```ts
 * push("last_call", { channels: [3], title: "Your cart is waiting", body: liquid`${eventProperty("items")} things in it` })
 * ```
 */
export function push<const K extends string>(id: Id<K>, options: PushOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "push", key: id, type: "function_push", place: callerOf(push), options, known: PUSH_NAMES,
    editable: { title: input("title"), body: input("body"), image: input("image"), data: input("data") },
    config: (at) => {
      const inputs: Dict = { channels: { value: options.channels } };
      const texts = { distinctId: options.distinctId ?? "{{ person.distinct_id }}", title: options.title, body: options.body, image: options.image, data: options.data };
      for (const [name, value] of Object.entries(texts)) if (value !== undefined) inputs[name] = { templating: "liquid", ...destinationInput(value, at.at("inputs", name), "liquid") };
      return { ...categoryOf(options, at), inputs };
    },
  }) as object as Step<K, never, never, false>;
}

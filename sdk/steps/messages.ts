// Messages to people other than e-mail: text messages and push notifications.
import type * as pulumi from "@pulumi/pulumi";
import type { LiquidText, PlainText } from "../values";
import { callerOf } from "./caller";
import type { Id } from "./checks";
import { categoryOf, MESSAGE_NAMES, type MessageOptions } from "./email";
import { inputsOf, liquidInputs, plainInput } from "./inputs";
import * as nodes from "./node";
import { namesOf } from "./options";
import type { Step } from "./shape";

/** Options of `sms`. */
export interface SmsOptions extends MessageOptions {
  /** Id of the Twilio integration. */
  twilioAccount: pulumi.Input<number>;
  /** Number of the Twilio account that the message comes from, such as `+15550100000`. PostHog reads no Hog here: a plain text, an output, or Liquid. */
  fromNumber: PlainText;
  /** Default: the person's property `phone`. Without a number, the step fails. */
  toNumber?: LiquidText;
  /** At most 1,600 characters. An empty message is an error of the step. */
  message: LiquidText;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("message" | "fromNumber" | "toNumber")[];
}

const SMS_NAMES = namesOf<SmsOptions>({
  ...MESSAGE_NAMES,
  twilioAccount: true,
  fromNumber: true,
  toNumber: true,
  message: true,
  editorOwns: true,
});
const input = (name: string): readonly string[] => ["config", "inputs", name, "value"];

/**
 * Sends a text message; its texts are Liquid. Opt-outs are respected unless it is `transactional`. The result is Twilio's answer,
 * `{ status, body }`.
 *
 * @param id What the message is, such as `reminder`.
 * @example
 * ```ts
 * sms("reminder", { twilioAccount: 456, fromNumber: "+15550100000", message: liquid`See you tomorrow, ${person("first_name").or("friend")}.`, messageCategoryType: "transactional" })
 * ```
 */
export function sms<const K extends string>(id: Id<K>, options: SmsOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "sms",
    key: id,
    type: "function_sms",
    location: callerOf(sms),
    options,
    known: SMS_NAMES,
    editable: { message: input("message"), fromNumber: input("from_number"), toNumber: input("to_number") },
    config: (at) => {
      const texts = { to_number: options.toNumber ?? "{{ person.properties.phone }}", message: options.message };
      return {
        ...categoryOf(options, at),
        inputs: {
          ...inputsOf({ twilio_account: options.twilioAccount }, at, "template-twilio"),
          ...plainInput("from_number", options.fromNumber, at),
          ...liquidInputs(texts, at),
        },
      };
    },
  }) as object as Step<K, never, never, false>;
}

/** Options of `push`. */
export interface PushOptions extends MessageOptions {
  /** Ids of the push integrations, at least one; each is tried once, and more than ten are left out. */
  channels: pulumi.Input<readonly pulumi.Input<number>[]>;
  title: LiquidText;
  /** Default: an empty text. */
  body?: LiquidText;
  /** Whole address of a picture, with `https://`; any other text fails the step. Default: no picture. */
  image?: LiquidText;
  /** Data for the app: texts by name. */
  data?: Record<string, LiquidText>;
  /** Stored with the step, without effect: the push is sent to the devices of the run's person in any case. Default: the person's distinct id. */
  distinctId?: LiquidText;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("title" | "body" | "image" | "data")[];
}

const PUSH_NAMES = namesOf<PushOptions>({
  ...MESSAGE_NAMES,
  channels: true,
  title: true,
  body: true,
  image: true,
  data: true,
  distinctId: true,
  editorOwns: true,
});

/**
 * Sends a push notification to the devices of the run's person; its texts are Liquid. A channel without a device is skipped, and a run without a person sends
 * nothing. It has no result.
 *
 * @param id What the notification is, such as `last_call`.
 * @example
 * ```ts
 * push("last_call", { channels: [3], title: "Your cart is waiting", body: liquid`${eventProperty("items")} things in it` })
 * ```
 */
export function push<const K extends string>(id: Id<K>, options: PushOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "push",
    key: id,
    type: "function_push",
    location: callerOf(push),
    options,
    known: PUSH_NAMES,
    editable: { title: input("title"), body: input("body"), image: input("image"), data: input("data") },
    config: (at) => {
      const texts = {
        distinctId: options.distinctId ?? "{{ person.distinct_id }}",
        title: options.title,
        body: options.body ?? "",
        image: options.image,
        data: options.data,
      };
      return {
        ...categoryOf(options, at),
        inputs: { channels: { value: options.channels }, ...liquidInputs(texts, at) },
      };
    },
  }) as object as Step<K, never, never, false>;
}

// Steps that call something outside of PostHog: an HTTP endpoint, Slack, or any other destination template.
import type * as pulumi from "@pulumi/pulumi";
import type { DestinationData, DestinationText, Secret } from "../values";
import { callerOf } from "./caller";
import type { Id } from "./checks";
import { inputsOf } from "./inputs";
import * as nodes from "./node";
import { namesOf, RESULT_NAMES, type ResultOptions } from "./options";
import type { Step } from "./shape";

type Method = "POST" | "GET" | "PUT" | "PATCH" | "DELETE";

/** What a call of an HTTP endpoint takes. */
export interface WebhookOptions extends ResultOptions {
  url: DestinationText;
  /** Default `POST`. */
  method?: Method | Promise<string> | pulumi.OutputInstance<string>;
  /** What is sent, as JSON. Default of PostHog: the event and the person. Not secret: PostHog shows it to everybody who can see the flow. */
  body?: DestinationData;
  /** Not secret: PostHog shows them to everybody who can see the flow. */
  headers?: Record<string, DestinationText>;
  /** Signs requests. Stored encrypted and never returned; only an output fits, such as `config.requireSecret("crmKey")`. API §2.3.3. */
  signingSecret?: Secret;
  /** Logs requests and answers. Default false. */
  debug?: pulumi.Input<boolean>;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("url" | "method" | "body" | "headers")[];
}

const WEBHOOK_NAMES = namesOf<WebhookOptions>({ ...RESULT_NAMES, url: true, method: true, body: true, headers: true, signingSecret: true, debug: true, editorOwns: true });
const input = (name: string): readonly string[] => ["config", "inputs", name, "value"];

/**
 * Calls an HTTP endpoint. An answer of 300 or above is an error of the step; network errors, 429 and 5xx are tried three times. The result is
 * `{ status, body }`. Run time §3.8, API §3.3.
 *
 * @param id What the call is for, such as `tell_sales`.
 * @example
 * ```ts
 * webhook("tell_sales", { url: "https://crm.example.com/leads", body: { email: hog`${person("email")}` }, signingSecret: config.requireSecret("crmKey") })
 * ```
 */
export function webhook<const K extends string>(id: Id<K>, options: WebhookOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "webhook", key: id, type: "function", place: callerOf(webhook), options, known: WEBHOOK_NAMES,
    editable: { url: input("url"), method: input("method"), body: input("body"), headers: input("headers") },
    config: (at) => ({
      templateId: "template-webhook",
      inputs: inputsOf({ url: options.url, method: options.method, body: options.body, headers: options.headers, signing_secret: options.signingSecret, debug: options.debug }, at, "template-webhook"),
    }),
  }) as object as Step<K, never, never, false>;
}

/** What a message to a Slack channel takes. */
export interface SlackOptions extends ResultOptions {
  /** Id of the Slack integration. */
  slackWorkspace: pulumi.Input<number>;
  /** Channel, such as `C0123456`. */
  channel: DestinationText;
  text: DestinationText;
  /** Slack's blocks, instead of the text. */
  blocks?: DestinationData;
  /** Further inputs of the template, under its own names. */
  inputs?: Record<string, DestinationData>;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("channel" | "text" | "blocks")[];
}

const SLACK_NAMES = namesOf<SlackOptions>({ ...RESULT_NAMES, slackWorkspace: true, channel: true, text: true, blocks: true, inputs: true, editorOwns: true });

/**
 * Posts a message to a Slack channel. API §3.3, run time §3.8.
 *
 * @param id What the message is, such as `tell_support`.
 * @example
 * ```ts
 * slack("tell_support", { slackWorkspace: 11, channel: "C0654321", text: hog`Ticket from ${person("email")}` })
 * ```
 */
export function slack<const K extends string>(id: Id<K>, options: SlackOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "slack", key: id, type: "function", place: callerOf(slack), options, known: SLACK_NAMES,
    editable: { channel: input("channel"), text: input("text"), blocks: input("blocks") },
    config: (at) => ({ templateId: "template-slack", inputs: inputsOf({ slack_workspace: options.slackWorkspace, channel: options.channel, text: options.text, blocks: options.blocks, ...options.inputs }, at) }),
  }) as object as Step<K, never, never, false>;
}

/** What the steps of a destination template take. */
export interface DestinationOptions<Inputs> extends ResultOptions {
  /** Inputs of the template, under its own names. */
  inputs: Inputs;
  /** Names of inputs that are left to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly (keyof Inputs & string)[];
}

const DESTINATION_NAMES = namesOf<DestinationOptions<Record<string, DestinationData>>>({ ...RESULT_NAMES, inputs: true, editorOwns: true });

/**
 * Makes a function for the steps of any destination template. Inputs that the template keeps secret are typed `Secret`, and take outputs only.
 *
 * @param template Id of the template, such as `template-hubspot`.
 * @example
 * ```ts
 * const hubspot = destination<{ email: DestinationText; access_token: Secret }>("template-hubspot");
 * hubspot("to_crm", { inputs: { email: hog`${person("email")}`, access_token: config.requireSecret("hubspot") } })
 * ```
 */
export function destination<Inputs extends { [K in keyof Inputs]: DestinationData } = Record<string, DestinationData>>(template: string): <const K extends string>(id: Id<K>, options: DestinationOptions<Inputs>) => Step<K, never, never, false> {
  return function make<const K extends string>(id: Id<K>, options: DestinationOptions<Inputs>): Step<K, never, never, false> {
    const given = (options?.inputs ?? {}) as Record<string, unknown>;
    return nodes.step({
      maker: "destination", key: id, type: "function", place: callerOf(make), options, known: DESTINATION_NAMES, editable: Object.fromEntries(Object.keys(given).map((name) => [name, input(name)])),
      config: (at) => ({ templateId: template, inputs: inputsOf(given, at, template) }),
    }) as object as Step<K, never, never, false>;
  };
}

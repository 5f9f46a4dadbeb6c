// Steps that call something outside of PostHog: an HTTP endpoint, Slack, or any other destination template.
import type * as pulumi from "@pulumi/pulumi";
import type { DestinationData, DestinationText, PlainText, Secret, SecretHelp } from "../values";
import { callerOf } from "./caller";
import type { Id } from "./checks";
import { withTextHeaders } from "./headers";
import { inputsOf, plainInput } from "./inputs";
import * as nodes from "./node";
import { namesOf, RESULT_NAMES, type ResultOptions } from "./options";
import type { Step } from "./shape";

type Method = "POST" | "GET" | "PUT" | "PATCH" | "DELETE";

/** Options of `webhook`. */
export interface WebhookOptions extends ResultOptions {
  /** Whole address, with `https://`. */
  url: DestinationText;
  /** Default `POST`. */
  method?: Method | Promise<string> | pulumi.OutputInstance<string>;
  /**
   * What is sent: data as JSON, a text as it is. Default: nothing is sent. `GET` sends none in any case. Not secret: PostHog shows it to everybody who can see the
   * flow.
   */
  body?: DestinationData;
  /**
   * Headers by name, sent as texts. Where none is a Content-Type and the body is data, `Content-Type: application/json` is added, which is also PostHog's
   * default without headers. Not secret: PostHog shows them to everybody who can see the flow.
   */
  headers?: Record<string, DestinationText | pulumi.Input<number> | pulumi.Input<boolean>>;
  /** Signs requests. Stored encrypted and never returned; only an output fits, such as `config.requireSecret("crmKey")`. */
  signingSecret?: Secret<SecretHelp>;
  /** Logs requests and answers. Default false. */
  debug?: pulumi.Input<boolean>;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("url" | "method" | "body" | "headers")[];
}

const WEBHOOK_NAMES = namesOf<WebhookOptions>({
  ...RESULT_NAMES,
  url: true,
  method: true,
  body: true,
  headers: true,
  signingSecret: true,
  debug: true,
  editorOwns: true,
});
const input = (name: string): readonly string[] => ["config", "inputs", name, "value"];

/**
 * Calls an HTTP endpoint. The step fails if the response has a status of 300 or above, or takes longer than ten seconds. Network errors and the statuses 408,
 * 429, 500, 502, 503 and 504 are tried three times; a dropped connection may come twice in one try. The result is `{ status, body }`.
 *
 * @param id What the call is for, such as `tell_sales`.
 * @example
 * ```ts
 * webhook("tell_sales", { url: "https://crm.example.com/leads", body: { email: hog`${person("email")}` }, signingSecret: config.requireSecret("crmKey") })
 * ```
 */
export function webhook<const K extends string>(id: Id<K>, options: WebhookOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "webhook",
    key: id,
    type: "function",
    location: callerOf(webhook),
    options,
    known: WEBHOOK_NAMES,
    editable: { url: input("url"), method: input("method"), body: input("body"), headers: input("headers") },
    config: (at) => ({
      templateId: "template-webhook",
      inputs: withTextHeaders(
        inputsOf(
          {
            url: options.url,
            method: options.method,
            body: options.body,
            headers: options.headers,
            signing_secret: options.signingSecret,
            debug: options.debug,
          },
          at,
          "template-webhook",
        ),
      ),
    }),
  }) as object as Step<K, never, never, false>;
}

/** Options of `slack`. */
export interface SlackOptions extends ResultOptions {
  /** Id of the Slack integration. */
  slackWorkspace: pulumi.Input<number>;
  /** Channel, such as `C0123456`. PostHog reads no Hog here: a plain text, an output, or Liquid. */
  channel: PlainText;
  text: DestinationText;
  /** Slack's blocks, which show instead of the text. More than 50 are cut, as are the texts of sections after 3,000 and of buttons after 75 characters. */
  blocks?: DestinationData;
  /** Further inputs of the template, under its own names. */
  inputs?: Record<string, DestinationData>;
  /** Leaves fields to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly ("channel" | "text" | "blocks")[];
}

const SLACK_NAMES = namesOf<SlackOptions>({
  ...RESULT_NAMES,
  slackWorkspace: true,
  channel: true,
  text: true,
  blocks: true,
  inputs: true,
  editorOwns: true,
});

/**
 * Posts a message to a Slack channel. An answer that is not `ok` is an error of the step, such as for a channel that the app is not in. Tried again like
 * {@link webhook}.
 *
 * @param id What the message is, such as `tell_support`.
 * @example
 * ```ts
 * slack("tell_support", { slackWorkspace: 11, channel: "C0654321", text: hog`Ticket from ${person("email")}` })
 * ```
 */
export function slack<const K extends string>(id: Id<K>, options: SlackOptions): Step<K, never, never, false> {
  return nodes.step({
    maker: "slack",
    key: id,
    type: "function",
    location: callerOf(slack),
    options,
    known: SLACK_NAMES,
    editable: { channel: input("channel"), text: input("text"), blocks: input("blocks") },
    config: (at) => ({
      templateId: "template-slack",
      inputs: {
        ...inputsOf({ slack_workspace: options.slackWorkspace }, at, "template-slack"),
        ...plainInput("channel", options.channel, at),
        ...inputsOf({ text: options.text, blocks: options.blocks, ...options.inputs }, at),
      },
    }),
  }) as object as Step<K, never, never, false>;
}

/** What the steps of a destination template take. */
export interface DestinationOptions<Inputs> extends ResultOptions {
  /** Inputs of the template, under its own names, sent as they are. An optional one that is left out is empty: defaults that PostHog's editor shows are stored by the editor. */
  inputs: Inputs;
  /** Names of inputs that are left to PostHog's editor: the program gives their first value. */
  editorOwns?: readonly (keyof Inputs & string)[];
}

const DESTINATION_NAMES = namesOf<DestinationOptions<Record<string, DestinationData>>>({
  ...RESULT_NAMES,
  inputs: true,
  editorOwns: true,
});

/**
 * Creates a function for the steps of any destination template. Inputs that the template keeps secret are typed `Secret`, and take only outputs. Requests are
 * tried again like those of {@link webhook}; what counts as an error and what the result is, the template decides. Inputs that are chosen in PostHog's editor
 * (a channel, an account, one of a list) take plain values: Hog is not compiled there.
 *
 * @param template Id of the template, such as `template-hubspot`.
 * @example
 * ```ts
 * const hubspot = destination<{ email: DestinationText; access_token: Secret }>("template-hubspot");
 * hubspot("to_crm", { inputs: { email: hog`${person("email")}`, access_token: config.requireSecret("hubspot") } })
 * ```
 */
export function destination<Inputs extends { [K in keyof Inputs]: DestinationData } = Record<string, DestinationData>>(
  template: string,
): <const K extends string>(id: Id<K>, options: DestinationOptions<Inputs>) => Step<K, never, never, false> {
  return function make<const K extends string>(
    id: Id<K>,
    options: DestinationOptions<Inputs>,
  ): Step<K, never, never, false> {
    const given = (options?.inputs ?? {}) as Record<string, unknown>;
    return nodes.step({
      maker: "destination",
      key: id,
      type: "function",
      location: callerOf(make),
      options,
      known: DESTINATION_NAMES,
      editable: Object.fromEntries(Object.keys(given).map((name) => [name, input(name)])),
      config: (at) => ({ templateId: template, inputs: inputsOf(given, at, template) }),
    }) as object as Step<K, never, never, false>;
  };
}

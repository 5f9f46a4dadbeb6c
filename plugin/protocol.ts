// What the engine and a provider say to each other, as far as this provider takes part: the messages of pulumirpc, of each the fields that are used, by their numbers
// in Pulumi's provider.proto.
import type { ServiceDefinition } from "@grpc/grpc-js";
import { sealing } from "./values";
import {
  count,
  decode,
  encode,
  flag,
  list,
  message,
  properties,
  text,
  type Decoded,
  type Encoded,
  type Message,
} from "./wire/messages";

const checked = {
  inputs: properties(1),
  failures: list(message(2, { property: text(1), reason: text(2) })),
};

/** `DiffResponse.DiffChanges`. */
export const CHANGES = { unknown: 0, none: 1, some: 2 };
/** `PropertyDiff.Kind`. */
export const UPDATED = 4;
/** `LogSeverity`. */
export const SEVERITY = { info: 1, warning: 2 };

/** What the engine asks, and the answer to it. */
const METHODS = {
  handshake: [{ engineAddress: text(1) }, { acceptSecrets: flag(1) }],
  attach: [{ address: text(1) }, {}],
  getPluginInfo: [{}, { version: text(1) }],
  getSchema: [{}, { schema: text(1) }],
  checkConfig: [{ news: properties(3) }, checked],
  diffConfig: [{ olds: properties(3), news: properties(4), oldInputs: properties(6) }, { changes: count(4) }],
  configure: [
    { args: properties(2), urn: text(8), name: text(9) },
    { acceptSecrets: flag(1), supportsPreview: flag(2) },
  ],
  check: [{ urn: text(1), olds: properties(2), news: properties(3, sealing) }, checked],
  diff: [
    { id: text(1), urn: text(2), olds: properties(3), news: properties(4) },
    {
      replaces: list(text(1)),
      deleteBeforeReplace: flag(3),
      changes: count(4),
      diffs: list(text(5)),
      detailedDiff: list(message(6, { key: text(1), value: message(2, { kind: count(1) }) })),
      hasDetailedDiff: flag(7),
    },
  ],
  create: [
    { urn: text(1), properties: properties(2), preview: flag(4) },
    { id: text(1), properties: properties(2) },
  ],
  read: [
    { id: text(1), urn: text(2), properties: properties(3) },
    { id: text(1), properties: properties(2), inputs: properties(3) },
  ],
  update: [
    { id: text(1), urn: text(2), olds: properties(3), news: properties(4), preview: flag(7) },
    { properties: properties(1) },
  ],
  delete: [{ id: text(1), urn: text(2), properties: properties(3) }, {}],
  cancel: [{}, {}],
} as const satisfies Record<string, readonly [Message, Message]>;

type Methods = typeof METHODS;
export type Answer<Name extends keyof Methods> = Encoded<Methods[Name][1]>;
/** The work of each method. */
export type Provider = { [Name in keyof Methods]: (request: Decoded<Methods[Name][0]>) => Promise<Answer<Name>> };

export const PROVIDER_SERVICE = Object.fromEntries(
  Object.entries<readonly [Message, Message]>(METHODS).map(([name, [request, answer]]) => [
    name,
    {
      path: `/pulumirpc.ResourceProvider/${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: (from: Encoded<Message>) => encode(request, from),
      requestDeserialize: (bytes: Buffer) => decode(request, bytes),
      responseSerialize: (from: Encoded<Message>) => encode(answer, from),
      responseDeserialize: (bytes: Buffer) => decode(answer, bytes),
    },
  ]),
) satisfies ServiceDefinition;

/** What the engine takes as a message to show. */
export const LOG = {
  path: "/pulumirpc.Engine/Log",
  message: { severity: count(1), message: text(2), urn: text(3) },
};

/** google.rpc.Status with what a failed call has made all the same, in the details of an error. */
export const PARTIAL_FAILURE = {
  code: count(1),
  message: text(2),
  details: list(
    message(3, {
      typeUrl: text(1),
      // Its bytes are those of the message.
      value: message(2, { id: text(1), properties: properties(2), reasons: list(text(3)) }),
    }),
  ),
};

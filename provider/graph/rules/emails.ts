// Rules about the e-mail value of a function_email step (API §3.3, §4.2).
import type { Path } from "../../canonical/paths";
import { isDict, isUnknown, type Dict } from "../../canonical/values";
import { MAX_SENDERS } from "../../schema/limits";
import { nearest } from "../../schema/names";
import { rulesOf } from "../rule";
import { textOf, type FlowView } from "../view";
import { email, flowOf } from "./examples";

const PARTS = ["from", "to", "subject", "preheader", "text", "html", "design", "replyTo", "cc", "bcc"];
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/;
/** What PostHog takes for nothing. */
const hole = (value: unknown): boolean => !value || (typeof value === "object" && Object.keys(value).length === 0);
const KINDS: Readonly<Record<string, { kind: string; holds: (value: unknown) => boolean }>> = {
  from: { kind: "an object with integrationId", holds: isDict },
  to: { kind: "text, or an object with email and name", holds: (value) => typeof value === "string" || isDict(value) },
  subject: { kind: "text", holds: (value) => typeof value === "string" },
  preheader: { kind: "text", holds: (value) => typeof value === "string" },
  text: { kind: "text", holds: (value) => typeof value === "string" },
  html: { kind: "text", holds: (value) => typeof value === "string" },
};

interface Mail {
  id: string;
  config: Dict;
  /** Path of the input. */
  at: Path;
  /** Undefined where there is none; unknown ones are left out. */
  value: unknown;
}

function* mails(flow: FlowView): Generator<Mail> {
  for (const { id, config } of flow.ofType("function_email")) {
    const inputs = config["inputs"] ?? {};
    const item = isDict(inputs) ? inputs["email"] : undefined;
    if (isUnknown(inputs) || isUnknown(item) || (item !== undefined && !isDict(item)) || !isDict(inputs)) continue;
    const value = isDict(item) ? item["value"] : undefined;
    if (!isUnknown(value)) yield { id, config, at: ["actions", id, "config", "inputs", "email"], value };
  }
}

export const emailRules = rulesOf({
  "email-parts": {
    severity: "error",
    refusedBy: "server",
    text: "An e-mail has from, to, subject, and text or html; a saved message may give subject and body.",
    why: "PostHog refuses an e-mail without them",
    cites: "API §3.3, §4.2",
    fails: flowOf({ mail: email({ subject: "" }) }),
    passes: flowOf({ mail: email() }),
    *find(flow) {
      for (const { config, at, value } of mails(flow)) {
        const fromTemplate = config["templateUuid"] !== undefined;
        if (value === undefined) {
          if (!fromTemplate) yield { path: at, what: "is required", fix: 'Write { value: { from: { integrationId: … }, to: "{{ person.properties.email }}", subject: …, html: … }, templating: "liquid" }' };
          continue;
        }
        if (!isDict(value)) {
          yield { path: [...at, "value"], what: "must be an object with from, to, subject and text or html" };
          continue;
        }
        if (Object.keys(value).length === 0) continue;
        for (const key of fromTemplate ? ["from", "to"] : ["from", "to", "subject"]) if (hole(value[key])) yield { path: [...at, "value", key], what: "is required" };
        if (!fromTemplate && hole(value["text"]) && hole(value["html"])) yield { path: [...at, "value"], what: "an e-mail needs text or html" };
      }
    },
  },
  "empty-email": {
    severity: "error",
    refusedBy: "run-time",
    text: "An e-mail is not empty.",
    why: "PostHog takes one that is empty as a whole, and sends nothing",
    cites: "API §4.2",
    fails: flowOf({ mail: { type: "function_email", config: { inputs: { email: { value: {} } } } } }),
    passes: flowOf({ mail: email() }),
    *find(flow) {
      for (const { at, value } of mails(flow)) if (isDict(value) && Object.keys(value).length === 0) yield { path: [...at, "value"], what: "needs from, to, subject and text or html" };
    },
  },
  "email-part-kind": {
    severity: "error",
    refusedBy: "run-time",
    text: "The parts of an e-mail are texts, and its sender is an object.",
    why: "PostHog stores what it gets here, and the step fails",
    cites: "API §3.3, run time §3.9",
    fails: flowOf({ mail: email({ subject: 5 }) }),
    passes: flowOf({ mail: email({ subject: "5" }) }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        for (const [key, { kind, holds }] of Object.entries(KINDS)) {
          const part = isDict(value) ? value[key] : undefined;
          if (!hole(part) && !isUnknown(part) && !holds(part)) yield { path: [...at, "value", key], what: `must be ${kind}` };
        }
      }
    },
  },
  "misspelt-email-part": {
    severity: "error",
    refusedBy: "meaning",
    text: "The parts of an e-mail are spelt as PostHog spells them.",
    why: "PostHog keeps what it does not know, and does nothing with it",
    cites: "API §3.3",
    fails: flowOf({ mail: email({ preheadr: "Soon" }) }),
    passes: flowOf({ mail: email({ preheader: "Soon" }) }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        for (const key of Object.keys(isDict(value) ? value : {})) {
          const near = PARTS.includes(key) ? undefined : nearest(key, PARTS);
          if (near) yield { path: [...at, "value", key], what: `\`${key}\` is no part of an e-mail`, fix: `Did you mean \`${near}\`?` };
        }
      }
    },
  },
  "email-senders": {
    severity: "error",
    refusedBy: "server",
    text: "An e-mail has at most ten senders.",
    why: "PostHog refuses more",
    cites: "API §4.2, §6.5",
    fails: flowOf({ mail: email({ from: { integrationId: 1, integrationIds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] } }) }),
    passes: flowOf({ mail: email({ from: { integrationId: 1, integrationIds: [1, 2] } }) }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        const from = isDict(value) ? value["from"] : undefined;
        const senders = isDict(from) ? from["integrationIds"] : undefined;
        if (Array.isArray(senders) && senders.length > MAX_SENDERS) yield { path: [...at, "value", "from", "integrationIds"], what: `at most ${MAX_SENDERS} senders are allowed` };
      }
    },
  },
  "email-from": {
    severity: "error",
    refusedBy: "server",
    text: "An address in `from.email` is one, or a template.",
    why: "PostHog refuses a malformed one",
    cites: "API §4.2",
    fails: flowOf({ mail: email({ from: { integrationId: 7, email: "team at example.com" } }) }),
    passes: flowOf({ mail: email({ from: { integrationId: 7, email: "team@example.com" } }) }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        const from = isDict(value) ? value["from"] : undefined;
        const address = isDict(from) ? textOf(from["email"])?.trim() : undefined;
        if (!address || address.includes("{") || ADDRESS.test(address) || flow.isStored([...at, "value", "from", "email"], address)) continue;
        yield { path: [...at, "value", "from", "email"], what: "is no e-mail address", fix: 'Write it as in team@example.com; a name goes into `from.name`' };
      }
    },
  },
});

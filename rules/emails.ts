// Rules about the e-mail value of a function_email step (API §3.3, §4.2).
import type { Path } from "../definition/canonical/paths";
import { isDict, isUnknown, type Dict } from "../definition/canonical/values";
import { MAX_SENDERS } from "../definition/schema/limits";
import { nearest } from "../definition/schema/names";
import { rulesOf } from "./rule";
import { textOf, type FlowView } from "../definition/graph/view";
import { differsFromHtml } from "./email-design";
import { email, flowOf } from "./examples";
import { isBareInput } from "./inputs";

const PARTS = ["from", "to", "subject", "preheader", "text", "html", "design", "replyTo", "cc", "bcc"];
const ADDRESS = /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/;
/** What PostHog takes for nothing. */
const isHole = (value: unknown): boolean => !value || (typeof value === "object" && Object.keys(value).length === 0);
/** PostHog's own link, or an address that is one by its name. */
export const UNSUBSCRIBES =
  /unsubscribe_url|(?:href\s*=\s*["']?|https?:\/\/)[^"'\s>]*(?:unsub|opt-?out|preferences|abmeld|desabo|désabo)/i;
const marketing = (value: Dict): Dict => {
  const mail = email(value);
  return { ...mail, config: { ...(mail["config"] as Dict), messageCategoryType: "marketing" } };
};
const designOf = (html: string): Dict => ({
  body: { rows: [{ columns: [{ contents: [{ type: "text", values: { text: html } }] }] }] },
});

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
    if (
      isUnknown(inputs) ||
      isUnknown(item) ||
      (item !== undefined && (!isDict(item) || isBareInput(item))) ||
      !isDict(inputs)
    )
      continue;
    const value = isDict(item) ? item["value"] : undefined;
    if (!isUnknown(value)) yield { id, config, at: ["actions", id, "config", "inputs", "email"], value };
  }
}

/** An e-mail with all that it needs. */
const WHOLE =
  '{ from: { integrationId: … }, to: { email: "{{ person.properties.email }}", name: "" }, subject: …, html: … }';

export const emailRules = rulesOf({
  "email-parts": {
    severity: "error",
    refusedBy: "server",
    text: "An e-mail step has an e-mail with a subject, and with text or html; a saved message can provide both.",
    why: "PostHog refuses an e-mail without them",
    cites: "API §3.3, §4.2",
    fails: flowOf({ mail: email({ subject: "" }) }),
    passes: flowOf({ mail: email() }),
    *find(flow) {
      for (const { config, at, value } of mails(flow)) {
        const fromTemplate = config["templateUuid"] !== undefined;
        if (value === undefined) {
          if (!fromTemplate)
            yield {
              path: at,
              what: "is required",
              fix: `Write { value: ${WHOLE}, templating: "liquid" }`,
            };
          continue;
        }
        if (!isDict(value)) {
          yield {
            path: [...at, "value"],
            what: "must be an object with from, to, subject and html",
            fix: `Write ${WHOLE}`,
          };
          continue;
        }
        if (Object.keys(value).length === 0) continue;
        if (fromTemplate) continue;
        // What is not there at all, or of another kind, is no matter of emptiness: the worker's contract says so.
        if (value["subject"] === "")
          yield {
            path: [...at, "value", "subject"],
            what: "is required",
            fix: "Write a subject; it may have Liquid in it",
          };
        if (value["html"] === "" && isHole(value["text"]))
          yield {
            path: [...at, "value"],
            what: "an e-mail needs text or html",
            fix: "Write `text`, `html` or both",
          };
      }
    },
  },
  "empty-email": {
    severity: "error",
    refusedBy: "run-time",
    text: "An e-mail is not empty.",
    why: "PostHog accepts a completely empty one, and sends nothing",
    cites: "API §4.2",
    fails: flowOf({ mail: { type: "function_email", config: { inputs: { email: { value: {} } } } } }),
    passes: flowOf({ mail: email() }),
    *find(flow) {
      for (const { at, value } of mails(flow))
        if (isDict(value) && Object.keys(value).length === 0)
          yield { path: [...at, "value"], what: "needs from, to, subject and html", fix: `Write ${WHOLE}` };
    },
  },
  "misspelt-email-part": {
    severity: "error",
    refusedBy: "meaning",
    text: "The parts of an e-mail are spelt as in PostHog.",
    why: "PostHog keeps parts that it does not know, and ignores them",
    cites: "API §3.3",
    fails: flowOf({ mail: email({ preheadr: "Soon" }) }),
    passes: flowOf({ mail: email({ preheader: "Soon" }) }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        for (const key of Object.keys(isDict(value) ? value : {})) {
          const near = PARTS.includes(key) ? undefined : nearest(key, PARTS);
          if (near)
            yield {
              path: [...at, "value", key],
              what: `\`${key}\` is not a part of an e-mail`,
              suggestion: `\`${near}\``,
            };
        }
      }
    },
  },
  "unsubscribe-link": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A marketing e-mail has an unsubscribe link.",
    why: "Laws and mailbox providers require a visible link; not every e-mail program shows the button that PostHog adds (List-Unsubscribe)",
    cites: "run time §3.9",
    fails: flowOf({ mail: marketing({}) }),
    passes: flowOf({ mail: marketing({ html: '<p>News. <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>' }) }),
    *find(flow) {
      for (const { at, config, value } of mails(flow)) {
        if (config["messageCategoryType"] !== "marketing" || config["templateUuid"] !== undefined || !isDict(value))
          continue;
        const { html, text } = value;
        if (typeof html !== "string" || isUnknown(html) || isUnknown(text)) continue;
        const shown = html === "" ? "text" : "html";
        if (!UNSUBSCRIBES.test(`${html} ${textOf(text) ?? ""}`))
          yield {
            path: [...at, "value", shown],
            what: "a marketing e-mail has no unsubscribe link",
            fix: 'Add <a href="{{ unsubscribe_url }}">Unsubscribe</a>, or write messageCategoryType: "transactional" if it is not marketing',
          };
      }
    },
  },
  "design-differs": {
    severity: "warning",
    refusedBy: "meaning",
    text: "The design of an e-mail has the same text as its `html`.",
    why: "PostHog sends `html`, but its editor shows the design: saving there changes what is sent",
    cites: "API §3.3",
    fails: flowOf({
      mail: email({
        html: "<p>Good to have you here.</p>",
        design: designOf("<p>Ten days are left of your trial.</p>"),
      }),
    }),
    passes: flowOf({
      mail: email({
        html: "<table><p>Good to have you here.</p></table>",
        design: designOf("<p>Good to have you here.</p>"),
      }),
    }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        const html = isDict(value) ? value["html"] : undefined;
        const missing =
          isDict(value) && typeof html === "string" && !isUnknown(html)
            ? differsFromHtml(value["design"], html)
            : undefined;
        if (missing !== undefined)
          yield {
            path: [...at, "value", "design"],
            what: `has a text that \`html\` does not have: "${missing}"`,
            fix: "Export the HTML of the design again, or leave `design` out",
          };
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
        if (Array.isArray(senders) && senders.length > MAX_SENDERS)
          yield {
            path: [...at, "value", "from", "integrationIds"],
            what: `at most ${MAX_SENDERS} senders are allowed`,
          };
      }
    },
  },
  "email-from": {
    severity: "error",
    refusedBy: "server",
    text: "`from.email` is an e-mail address or a template.",
    why: "PostHog refuses a malformed one",
    cites: "API §4.2",
    fails: flowOf({ mail: email({ from: { integrationId: 7, email: "team at example.com" } }) }),
    passes: flowOf({ mail: email({ from: { integrationId: 7, email: "team@example.com" } }) }),
    *find(flow) {
      for (const { at, value } of mails(flow)) {
        const from = isDict(value) ? value["from"] : undefined;
        const address = isDict(from) ? textOf(from["email"])?.trim() : undefined;
        if (
          !address ||
          address.includes("{") ||
          ADDRESS.test(address) ||
          flow.isStored([...at, "value", "from", "email"], address)
        )
          continue;
        yield {
          path: [...at, "value", "from", "email"],
          what: "is not an e-mail address",
          fix: "Write it as in team@example.com; put a name in `from.name`",
        };
      }
    },
  },
});

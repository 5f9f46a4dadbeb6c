// What PostHog's own templates lay down about their inputs: what the server fills in, which language they have, and which are never compiled (API §2.3.1).
import type { TemplateInput, TemplateInputs } from "../../definition/schema/types";
import { table } from "../../definition/schema/table";
import type { KnownTemplate } from "../../definition/schema/templates";

interface TemplateFacts {
  /** As PostHog calls it; the second half of `source.name`. */
  name: string;
  /** Inputs that are Liquid, whatever their `templating` says. */
  liquid?: readonly string[];
  /** Choices, numbers and integrations: Hog in them is sent as written, Liquid is rendered where `templating` says so. */
  uncompiled?: readonly string[];
  /** Required inputs with a default, which the server writes into a flow that leaves them out. No other default reaches a stored flow. */
  filled?: TemplateInputs;
}

const TEMPLATES = table<TemplateFacts>({
  "template-email": { name: "Email", liquid: ["email"] },
  "template-twilio": {
    name: "Twilio SMS",
    liquid: ["to_number", "message"],
    uncompiled: ["twilio_account", "from_number"],
    filled: {
      to_number: { value: "{{ person.properties.phone }}" },
      message: { value: "PostHog event {{ event.event }} was triggered" },
    },
  },
  "template-native-push": {
    name: "Push notification",
    liquid: ["body"],
    uncompiled: ["channels", "ttlSeconds", "android_priority", "ios_badge", "ios_interruptionLevel"],
    filled: { distinctId: { value: "{event.distinct_id}" }, title: { value: "Notification from {event.event}" } },
  },
  "template-slack": { name: "Slack", uncompiled: ["slack_workspace", "channel"] },
  "template-webhook": { name: "HTTP Webhook", uncompiled: ["method"] },
  "template-source-webhook": {
    name: "HTTP Incoming Webhook",
    uncompiled: ["method"],
    filled: { event: { value: "{request.body.event}" }, distinct_id: { value: "{request.body.distinct_id}" } },
  },
  "template-source-webhook-pixel": {
    name: "Tracking pixel",
    filled: { event: { value: "{request.query.ph_event}" }, distinct_id: { value: "{request.query.ph_distinct_id}" } },
  },
} satisfies Readonly<Record<KnownTemplate, TemplateFacts>>);

/** The language of an input; `none` where nothing in it is rendered. */
export function languageOf(template: string, key: string, { templating }: TemplateInput): "hog" | "liquid" | "none" {
  const facts = TEMPLATES[template];
  if (templating === "liquid" || facts?.liquid?.includes(key)) return "liquid";
  return facts?.uncompiled?.includes(key) ? "none" : "hog";
}

/** The inputs as the server stores them. */
export const storedInputs = (template: string, inputs: TemplateInputs | undefined): TemplateInputs => ({
  ...TEMPLATES[template]?.filled,
  ...inputs,
});

/** What `source.name` says in a step of this template; of other templates the name is not known here, and their id is used instead. */
export const sourceName = (flow: string, template: string): string =>
  `${flow} - ${TEMPLATES[template]?.name ?? template}`;

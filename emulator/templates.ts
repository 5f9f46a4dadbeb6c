/**
 * The templates behind function steps and triggers, as data. Keys, order, types, `secret`, `required` and defaults are what the
 * server rebuilds a step's inputs from. Texts of defaults are this emulator's own. template-twilio is the version with Hog
 * defaults, template-native-push the one with `channels` and liquid texts; PostHog has had others of both.
 */

export type InputType =
  | "string" | "boolean" | "number" | "choice" | "dictionary" | "json" | "integration" | "integration_field" | "integration_multi" | "native_email";

export interface InputSchema {
  key: string;
  type: InputType;
  label: string;
  required?: boolean;
  secret?: boolean;
  default?: unknown;
  /** true: Hog; "liquid": liquid, whatever the client says; false: the value is no template; absent: the client chooses. */
  templating?: boolean | "liquid";
  choices?: { label: string; value: string }[];
  integration?: string;
}

export interface Template {
  id: string;
  name: string;
  type: "destination" | "source_webhook";
  inputs_schema: readonly InputSchema[];
}

const METHODS = ["POST", "PUT", "PATCH", "GET", "DELETE"].map((value) => ({ label: value, value }));
const debug = (label = "Log responses"): InputSchema => ({ key: "debug", type: "boolean", label, required: false, default: false });

const TEMPLATES: readonly Template[] = [
  {
    id: "template-webhook",
    name: "HTTP Webhook",
    type: "destination",
    inputs_schema: [
      { key: "url", type: "string", label: "Webhook URL", required: true },
      { key: "method", type: "choice", label: "Method", required: false, default: "POST", choices: METHODS },
      { key: "body", type: "json", label: "JSON Body", required: false, default: { event: "{event}", person: "{person}" } },
      { key: "headers", type: "dictionary", label: "Headers", required: false, default: { "Content-Type": "application/json" } },
      { key: "signing_secret", type: "string", label: "Signing secret", required: false, secret: true },
      debug(),
    ],
  },
  {
    id: "template-email",
    name: "Email",
    type: "destination",
    inputs_schema: [
      {
        key: "email",
        type: "native_email",
        label: "Email message",
        required: true,
        integration: "email",
        templating: "liquid",
        default: {
          to: { email: "{{ person.properties.email }}", name: "" },
          from: { email: "", name: "" },
          replyTo: "",
          subject: "",
          preheader: "",
          text: "Hello!",
          html: "<div>Hello!</div>",
        },
      },
    ],
  },
  {
    id: "template-twilio",
    name: "SMS",
    type: "destination",
    inputs_schema: [
      { key: "twilio_account", type: "integration", label: "Twilio account", required: true, integration: "twilio" },
      { key: "from_number", type: "string", label: "From", required: true },
      { key: "to_number", type: "string", label: "To", required: true, default: "{person.properties.phone}" },
      { key: "message", type: "string", label: "Message", required: true, default: "Hello from {project.name}" },
      debug(),
    ],
  },
  {
    id: "template-native-push",
    name: "Push notification",
    type: "destination",
    inputs_schema: [
      { key: "distinctId", type: "string", label: "Distinct ID", required: true, templating: "liquid" },
      { key: "channels", type: "integration_multi", label: "Channels", required: true, integration: "push" },
      { key: "title", type: "string", label: "Title", required: true, templating: "liquid" },
      { key: "body", type: "string", label: "Body", required: false, templating: "liquid" },
      { key: "image", type: "string", label: "Image URL", required: false, templating: "liquid" },
      { key: "data", type: "dictionary", label: "Data", required: false, templating: "liquid" },
      debug(),
    ],
  },
  {
    id: "template-slack",
    name: "Slack",
    type: "destination",
    inputs_schema: [
      { key: "slack_workspace", type: "integration", label: "Slack workspace", required: true, integration: "slack" },
      { key: "channel", type: "integration_field", label: "Channel", required: true },
      { key: "icon_emoji", type: "string", label: "Emoji icon", required: false, default: ":hedgehog:" },
      { key: "username", type: "string", label: "Bot name", required: false, default: "PostHog" },
      { key: "blocks", type: "json", label: "Blocks", required: false },
      { key: "text", type: "string", label: "Plain text message", required: false },
      debug(),
    ],
  },
  {
    id: "template-source-webhook",
    name: "Incoming webhook",
    type: "source_webhook",
    inputs_schema: [
      { key: "event", type: "string", label: "Event name", required: true, default: "{request.body.event}" },
      { key: "distinct_id", type: "string", label: "Distinct ID", required: true, default: "{request.body.distinct_id}" },
      { key: "properties", type: "json", label: "Event properties", required: false },
      { key: "auth_header", type: "string", label: "Authorization header value", required: false, secret: true },
      { key: "method", type: "choice", label: "Method", required: false, default: "POST", choices: METHODS },
      debug("Log payloads"),
    ],
  },
  {
    id: "template-source-webhook-pixel",
    name: "Tracking pixel",
    type: "source_webhook",
    inputs_schema: [
      { key: "event", type: "string", label: "Event name", required: true, default: "{request.query.ph_event}" },
      { key: "distinct_id", type: "string", label: "Distinct ID", required: true, default: "{request.query.ph_distinct_id}" },
      { key: "properties", type: "json", label: "Event properties", required: false },
      debug("Log payloads"),
    ],
  },
];

const BY_ID = new Map(TEMPLATES.map((template) => [template.id, template]));

export const findTemplate = (id: unknown): Template | undefined => (typeof id === "string" ? BY_ID.get(id) : undefined);

/** The templates of the steps and triggers that nearly every flow has. Texts of defaults are this emulator's own. */
import type { ShortTemplate } from "./schema";

const METHODS = ["POST", "PUT", "PATCH", "GET", "DELETE"];
const SOURCE_PROPERTIES = { $ip: "{request.ip}", $lib: "posthog-webhook", $source_url: "{source.url}" };

export const BASIC: readonly ShortTemplate[] = [
  {
    id: "template-webhook",
    name: "HTTP Webhook",
    inputs: "url string *; method choice; body json; headers dictionary; signing_secret string !; debug boolean",
    defaults: {
      method: "POST",
      body: { event: "{event}", person: "{person}" },
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      debug: false,
    },
    choices: { method: METHODS },
  },
  {
    id: "template-email",
    name: "Email",
    inputs: "email native_email * liquid",
    defaults: {
      email: {
        to: { email: "{{ person.properties.email }}", name: "" },
        from: { email: "", name: "" },
        replyTo: "",
        cc: "",
        bcc: "",
        subject: "",
        preheader: "",
        text: "Hello!",
        html: "<div>Hello!</div>",
      },
    },
    integrations: { email: "email" },
  },
  {
    id: "template-twilio",
    name: "SMS",
    inputs:
      "twilio_account integration *; from_number integration_field *; to_number string * liquid; message string * liquid; debug boolean",
    defaults: { to_number: "{{ person.properties.phone }}", message: "Hello from {{ project.name }}", debug: false },
    integrations: { twilio_account: "twilio" },
  },
  {
    id: "template-native-push",
    name: "Push notification",
    inputs: `distinctId string *; channels integration_multi *; title string *; body string liquid; image string; data json; collapseKey string; ttlSeconds number;
      android_priority choice; android_channelId string; android_sound string; android_tag string; android_icon string; android_color string; android_clickAction string;
      ios_sound string; ios_badge number; ios_subtitle string; ios_category string; ios_threadId string; ios_interruptionLevel choice; ios_mutableContent boolean`,
    defaults: {
      distinctId: "{event.distinct_id}",
      title: "About {event.event}",
      body: "",
      data: {},
      ios_mutableContent: false,
    },
    choices: {
      android_priority: ["normal", "high"],
      ios_interruptionLevel: ["passive", "active", "time-sensitive", "critical"],
    },
    integrations: { channels: "firebase,apns" },
  },
  {
    id: "template-slack",
    name: "Slack",
    inputs:
      "slack_workspace integration *; channel integration_field *; icon_emoji string; username string; blocks json; text string; thread_ts string; debug boolean",
    defaults: { icon_emoji: ":hedgehog:", username: "PostHog", text: "{person.name} did {event.event}", debug: false },
    integrations: { slack_workspace: "slack" },
  },
  {
    id: "template-source-webhook",
    name: "Incoming webhook",
    type: "source_webhook",
    inputs: "event string *; distinct_id string *; properties json; auth_header string !; method choice; debug boolean",
    defaults: {
      event: "{request.body.event}",
      distinct_id: "{request.body.distinct_id}",
      properties: SOURCE_PROPERTIES,
      method: "POST",
      debug: false,
    },
    choices: { method: METHODS },
  },
  {
    id: "template-source-webhook-pixel",
    name: "Tracking pixel",
    type: "source_webhook",
    inputs: "event string *; distinct_id string *; properties json; debug boolean",
    defaults: {
      event: "{request.query.ph_event}",
      distinct_id: "{request.query.ph_distinct_id}",
      properties: SOURCE_PROPERTIES,
      debug: false,
    },
  },
];

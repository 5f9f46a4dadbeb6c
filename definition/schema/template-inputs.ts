// The inputs of the templates that the API reference describes (API §3.3, §2.3.3): what they are called, what they hold, and which must be given.
import { table } from "./table";
import type { KnownTemplate } from "./templates";

export type InputKind =
  | "text"
  | "true or false"
  | "an object"
  | "JSON"
  | "a choice"
  | "a number"
  | "an integration id"
  | "a list of integration ids"
  | "a field of an integration"
  | "an e-mail";

export interface InputRow {
  kind: InputKind;
  /** Must be given: there is no default. */
  required?: true;
  /** Stored encrypted, never returned. */
  secret?: true;
  /** The template's own choice of language: Liquid whatever `templating` says, or one or the other by version (API §9, point 8). Default: the step's choice. */
  language?: "liquid" | "unsure";
}

export interface TemplateRow {
  inputs: Readonly<Record<string, InputRow>>;
  /** Versions of the template have further inputs (API §9, point 8). */
  open?: true;
}

const debug: InputRow = { kind: "true or false" };
const text: InputRow = { kind: "text" };
const unsure: InputRow = { kind: "text", language: "unsure" };
const liquid: InputRow = { kind: "text", language: "liquid" };
const choice: InputRow = { kind: "a choice" };

export const TEMPLATE_INPUTS = table<TemplateRow>({
  "template-webhook": {
    inputs: {
      url: { kind: "text", required: true },
      method: { kind: "a choice" },
      body: { kind: "JSON" },
      headers: { kind: "an object" },
      signing_secret: { kind: "text", secret: true },
      debug,
    },
  },
  "template-email": { inputs: { email: { kind: "an e-mail", required: true, language: "liquid" } } },
  "template-twilio": {
    open: true,
    inputs: {
      twilio_account: { kind: "an integration id", required: true },
      from_number: { kind: "a field of an integration", required: true },
      to_number: liquid,
      message: liquid,
      debug,
    },
  },
  "template-native-push": {
    open: true,
    inputs: {
      distinctId: { kind: "text", language: "unsure" },
      channels: { kind: "a list of integration ids", required: true },
      title: { kind: "text", language: "unsure" },
      body: liquid,
      image: unsure,
      data: { kind: "JSON", language: "unsure" },
      debug,
      ttlSeconds: { kind: "a number" },
      ios_badge: { kind: "a number" },
      android_priority: choice,
      ios_interruptionLevel: choice,
    },
  },
  "template-slack": {
    open: true,
    inputs: {
      slack_workspace: { kind: "an integration id", required: true },
      channel: { kind: "a field of an integration", required: true },
      text,
      debug,
    },
  },
  "template-source-webhook": {
    inputs: {
      event: text,
      distinct_id: text,
      properties: { kind: "JSON" },
      auth_header: { kind: "text", secret: true },
      method: { kind: "a choice" },
      debug,
    },
  },
  "template-source-webhook-pixel": { inputs: { event: text, distinct_id: text, properties: { kind: "JSON" }, debug } },
} satisfies Readonly<Record<KnownTemplate, TemplateRow>>);

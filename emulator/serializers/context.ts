/** What a validation needs to know in addition to the payload. */
import type { JsonObject } from "../json";
import type { Secrets } from "../secrets";
import type { Templates } from "../templates";

/** A saved e-mail template of a project. */
export interface MessageTemplate {
  id: string;
  subject?: string;
  text?: string;
  html?: string;
  design?: unknown;
}

export interface Context {
  /** PATCH: missing nested keys are neither asked for nor filled in. */
  partial: boolean;
  /** A flow that exists is changed. */
  updating: boolean;
  /** Full validation; only a draft of the web editor is saved without. */
  strict: boolean;
  /** The flow will be active: its trigger must be able to fire. */
  active: boolean;
  /** Generation of the compiler (see compiler.ts). */
  generation: number;
  /** The stored steps, for what is allowed because it is stored already. */
  stored: readonly JsonObject[];
  /** The stored secrets of each step. */
  secrets: Secrets;
  /** The secrets of each step after this write; validation fills it. */
  nextSecrets: Secrets;
  templates: Templates;
  /** A project secret API key writes: there is nobody whom an AI task could run as. */
  nobody: boolean;
  /** Logs for the emulator's user what an error of the API does not say. */
  note?: (line: string) => void;
  /** Saved email templates of the project. */
  messageTemplates: readonly MessageTemplate[];
  /** New email steps take over the project's UTM defaults. */
  utmDefaults: boolean;
}

export const storedStep = (context: Context, id: unknown): JsonObject | undefined =>
  context.stored.find((step) => step.id === id);

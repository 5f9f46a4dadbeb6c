// What is fixed about PostHog's templates: which ids belong to which kind, and which inputs are secrets (API §2.3, §3).
import { STEP_KINDS } from "./step-kinds";
import { table } from "./table";
import { TRIGGER_KINDS } from "./trigger-kinds";

type TemplateOf<Kinds extends Readonly<Record<string, { template: unknown }>>> = Extract<
  Kinds[keyof Kinds]["template"],
  `template-${string}`
>;
/** Templates that a kind of step or trigger always has, or takes when it names none. */
type OwnTemplate = TemplateOf<typeof STEP_KINDS> | TemplateOf<typeof TRIGGER_KINDS>;
/** Those, and the ones of function steps that are known here. */
export type KnownTemplate = OwnTemplate | "template-webhook" | "template-slack";

const templatesOf = (kinds: Readonly<Record<string, { template: string | undefined }>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(kinds).flatMap(([type, { template }]) =>
      template?.startsWith("template-") ? [[type, template]] : [],
    ),
  );

/** The one template of a message step (API §2.3, row 12). */
export const MESSAGE_TEMPLATES = table(templatesOf(STEP_KINDS));

/** The template that a trigger takes when it names none. */
export const TRIGGER_TEMPLATES = table(templatesOf(TRIGGER_KINDS));

/** Inputs that PostHog stores encrypted and never returns (API §2.3.3). */
export const SECRET_INPUTS = table<readonly string[]>({
  "template-webhook": ["signing_secret"],
  "template-source-webhook": ["auth_header"],
});

/** Templates that PostHog has for everybody, and that are known here. */
export const KNOWN_TEMPLATES: ReadonlySet<string> = new Set<string>([
  ...Object.values(MESSAGE_TEMPLATES),
  ...Object.values(TRIGGER_TEMPLATES),
  "template-webhook",
  "template-slack",
]);

// What a step sends, in the parts that can be compared: one row a template, with what the worker's mocked call says, and what the rendered inputs come to here.
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { STEP_KINDS } from "../../definition/schema/step-kinds";
import { table } from "../../definition/schema/table";
import { PROGRAMS } from "../../simulator/steps/programs";
import type { MockedCall } from "./worker-answer";

/** Parts by name, such as `subject`. A part that is absent, null or empty is the same. */
export type Parts = Dict;

interface CallRow {
  /** The function that the template's program calls. */
  call: string;
  /** From the arguments of that call. */
  theirs(args: readonly unknown[]): Parts;
  /** From the rendered inputs. */
  ours(inputs: Dict): Parts;
}

const dict = (value: unknown): Dict => (isDict(value) ? value : {});

const EMAIL_PARTS = ["to", "from", "subject", "html", "text", "preheader", "replyTo", "cc", "bcc"] as const;
const emailParts = (email: unknown): Parts => Object.fromEntries(EMAIL_PARTS.map((part) => [part, own(email, part)]));

const PUSH_PARTS = ["title", "body", "image", "data"] as const;
const pushParts = (push: unknown): Parts => Object.fromEntries(PUSH_PARTS.map((part) => [part, own(push, part)]));

/** A form as Twilio takes it; its own address and credentials are left out. */
function formParts(body: unknown): Parts {
  const form = new URLSearchParams(typeof body === "string" ? body.replace(/\+/g, "%2B") : "");
  return { to: form.get("To"), from: form.get("From"), message: form.get("Body") };
}

/** What the worker makes of a request before it sends it, on both sides. */
const requestParts = (inputs: Dict): Parts => ({ ...PROGRAMS["template-webhook"]!.request(inputs) });

const WEBHOOK: CallRow = {
  call: "fetch",
  theirs: ([url, options]) => requestParts({ ...dict(options), url }),
  ours: requestParts,
};

const CALLS = table<CallRow>({
  [STEP_KINDS.function_email.template]: {
    call: "sendEmail",
    theirs: ([email]) => emailParts(email),
    ours: emailParts,
  },
  [STEP_KINDS.function_sms.template]: {
    call: "fetch",
    theirs: ([, options]) => formParts(own(options, "body")),
    ours: ({ to_number, from_number, message }) => ({ to: to_number, from: from_number, message }),
  },
  [STEP_KINDS.function_push.template]: {
    call: "sendPushNotification",
    theirs: ([push]) => pushParts(own(push, "payload") ?? push),
    ours: pushParts,
  },
  "template-webhook": WEBHOOK,
  "template-slack": {
    call: "fetch",
    theirs: ([, options]) => ({ body: own(options, "body") }),
    ours: (inputs) => ({ body: PROGRAMS["template-slack"]!.request(inputs).body }),
  },
});

/** Whether it is known here what this template's program makes of its inputs. */
export const isKnownProgram = (template: string): boolean => CALLS[template] !== undefined;

/** What the step sends, as it is here. */
export const ourParts = (template: string, inputs: Dict): Parts => CALLS[template]!.ours(inputs);

/** The call that is the step's own; undefined where the worker made none. */
export const callOf = (template: string, calls: readonly MockedCall[]): MockedCall | undefined =>
  calls.find(({ name }) => name === CALLS[template]?.call);

/** What the step sends, as the worker says. */
export const theirParts = (template: string, args: readonly unknown[]): Parts => CALLS[template]!.theirs(args);

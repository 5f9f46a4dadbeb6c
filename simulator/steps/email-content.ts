// What an e-mail says: every leaf of its value is rendered on its own, the recipient first, since links to unsubscribe name it (run time §3.9, §6.2).
import { createHash } from "node:crypto";
import { isDict, type Dict } from "../../definition/canonical/values";
import { STEP_KINDS } from "../../definition/schema/step-kinds";
import { failure, value, type Evaluation } from "../evaluation";
import { iso } from "../input/moment";
import type { Message, Unfilled } from "../result/sent";
import { log } from "../world/record";
import { renderValue, templateGlobals } from "./inputs";
import type { StepRun } from "./step";
import { languageOf } from "./templates";

export const EMAIL = STEP_KINDS.function_email.template;

/** The rendered value of the step's e-mail. `unfilled`: where it is written down what has nothing to show. */
export function renderEmail(context: StepRun<"function_email">, unfilled: Unfilled[]): Evaluation<Dict> {
  const { world, step, id } = context;
  const input = step.config.inputs?.["email"] ?? {};
  if (!isDict(input.value)) return value({});
  const language = languageOf(EMAIL, "email", input);
  const globals = templateGlobals(context, EMAIL);
  const { to, ...others } = input.value;
  const recipient = renderValue(context, to, { language, globals, part: "to", unfilled });
  if (!recipient.ok) return failure(`Could not render to: ${recipient.error}`);
  const address = isDict(recipient.value) ? recipient.value["email"] : undefined;
  if (address) {
    // Where they lead is PostHog's; the recipient is part of both.
    globals["unsubscribe_url"] = `https://unsubscribe.invalid/?to=${encodeURIComponent(String(address))}`;
    globals["unsubscribe_url_one_click"] =
      `https://unsubscribe.invalid/one-click?to=${encodeURIComponent(String(address))}`;
  }
  const rendered: Dict = to === undefined ? {} : { to: recipient.value };
  for (const [name, part] of Object.entries(others)) {
    const leaf = renderValue(context, part, { language, globals, part: name, unfilled });
    if (!leaf.ok) return failure(`Could not render ${name}: ${leaf.error}`);
    rendered[name] = leaf.value;
  }
  if (step.config.templateUuid !== undefined && !rendered["html"] && !rendered["text"]) {
    world.notes.add({ kind: "saved_template", step: id });
    // PostHog's server writes the saved template's parts into the step.
    for (const name of ["subject", "html"]) rendered[name] ??= "";
  }
  return value(rendered);
}

/** The e-mail as it is sent, from a value that the worker takes. */
export function messageOf(context: StepRun<"function_email">, rendered: Dict, unfilled: Unfilled[]): Message {
  const { world, run, step, id } = context;
  const text = (name: string): string | undefined =>
    rendered[name] === undefined || rendered[name] === "" ? undefined : String(rendered[name]);
  const { email, name } = rendered["to"] as Dict;
  const subject = subjectOf(text("subject") ?? "");
  return {
    run: run.result.number,
    step: id,
    stepName: step.name,
    channel: "email",
    at: iso(world.now),
    after: world.now - run.startedAt,
    to: String(email),
    subject,
    ...optional({
      toName: name === undefined || name === "" ? undefined : String(name),
      html: text("html"),
      text: text("text"),
      preheader: text("preheader"),
      replyTo: text("replyTo"),
      cc: text("cc"),
      bcc: text("bcc"),
      category: step.config.messageCategoryId,
      unfilled:
        unfilled.length === 0 ? undefined : unfilled.map((gap) => placedIn(subject, text("subject") ?? "", gap)),
    }),
    body: text("html") ?? text("text") ?? "",
    sender: senderOf(context, rendered["from"] as Dict),
    categoryType: step.config.messageCategoryType ?? "marketing",
    tracked:
      step.config.trackingEnabled !== false &&
      !(world.scenario.preferences?.untracked === true && step.config.messageCategoryType !== "transactional"),
  };
}

/** One line: a break becomes a space, a tab stays, every other control character is removed. */
const subjectOf = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
    .replace(/[\r\n]+/g, " ")
    .trim();

/** Indexes are those of the subject as it was rendered: where its beginning became another, they are not known. */
function placedIn(subject: string, rendered: string, gap: Unfilled): Unfilled {
  if (gap.part !== "subject" || rendered.startsWith(subject)) return gap;
  const { at: _, ...rest } = gap;
  return rest;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const optional = <T extends Dict>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;

const ADDRESS = /^[^\s@"<>,;]+@[^\s@"<>,;]+\.[^\s@"<>,;]+$/;

/** Of several senders, a run always takes the same one. For an invalid address, or one on another domain, the sender's own is used. */
function senderOf(context: StepRun<"function_email">, from: Dict): Message["sender"] {
  const listed =
    Array.isArray(from["integrationIds"]) && from["integrationIds"].length > 0
      ? (from["integrationIds"] as number[])
      : [from["integrationId"] as number];
  const integrationIds = [...new Set(listed)].sort((a, b) => a - b);
  const integrationId = integrationIds[turnOf(context.run.result.id, integrationIds)]!;
  const name = String(from["name"] ?? "")
    .replace(/[\u0000-\u001f\u007f"<>\\]/g, "")
    .trim();
  return optional({
    integrationIds,
    integrationId,
    email: addressOf(context, String(from["email"] ?? "").trim(), integrationId),
    name: name === "" ? undefined : name,
  });
}

/** The sender's address; undefined where it is the integration's own and the scenario does not say it. */
function addressOf(
  { world, run, step, id }: StepRun<"function_email">,
  custom: string,
  integrationId: number,
): string | undefined {
  const { senders } = world.scenario;
  const sender = isDict(senders) ? String(senders[integrationId]) : undefined;
  if (custom === "") return sender;
  const ignored = (why: string): string | undefined => {
    log({ world, run }, "warn", `Ignoring the custom sender address ${JSON.stringify(custom)}: ${why}`);
    return sender;
  };
  if (!ADDRESS.test(custom)) return ignored("it is not a valid email address");
  if (sender !== undefined)
    return domainOf(sender) === domainOf(custom) ? custom : ignored(`it is not on the domain of ${sender}`);
  const value = step.config.inputs?.["email"]?.value;
  const written = isDict(value) && isDict(value["from"]) ? value["from"]["email"] : undefined;
  if (/\{[{%]/.test(String(written))) world.notes.add({ kind: "sender_domain", step: id, address: custom });
  return custom;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

const turnOf = (run: string, ids: readonly number[]): number =>
  ids.length < 2
    ? 0
    : createHash("sha256")
        .update(`${run}:${ids.join(",")}`)
        .digest()
        .readUInt32BE(0) % ids.length;

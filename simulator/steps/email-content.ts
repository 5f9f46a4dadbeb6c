// What an e-mail says: every leaf is rendered on its own, recipient first, since links to unsubscribe name it (run time §3.9, §6.2).
import { createHash } from "node:crypto";
import { isDict, type Dict } from "../../provider/canonical/values";
import { failure, type Evaluation } from "../evaluation";
import { iso } from "../input/moment";
import type { Message } from "../result/sent";
import { log } from "../world/record";
import { languageOf, plain, renderValue, templateGlobals } from "./inputs";
import type { StepRun } from "./step";

const TEMPLATE = "template-email";
const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;

export function renderEmail(context: StepRun<"function_email">): Evaluation<Message> {
  const { world, run, step, id } = context;
  const input = step.config.inputs?.["email"] ?? {};
  const value = isDict(input.value) ? input.value : {};
  const language = languageOf(TEMPLATE, "email", input);
  const globals = templateGlobals(context);
  const leaf = (name: string): Evaluation => (value[name] === undefined || value[name] === null ? { ok: true, value: undefined } : renderValue(context, value[name], language, globals));
  const to = leaf("to");
  if (!to.ok) return failure(to.error);
  const recipient = addressOf(plain(to.value));
  // Where they lead is PostHog's; the recipient is part of both.
  globals["unsubscribe_url"] = `https://unsubscribe.invalid/?to=${encodeURIComponent(recipient)}`;
  globals["unsubscribe_url_one_click"] = `https://unsubscribe.invalid/one-click?to=${encodeURIComponent(recipient)}`;
  const parts: Dict = {};
  for (const name of ["from", "subject", "preheader", "text", "html", "replyTo", "cc", "bcc"]) {
    const part = leaf(name);
    if (!part.ok) return failure(`Could not render ${name}: ${part.error}`);
    if (part.value !== undefined) parts[name] = plain(part.value);
  }
  const text = (name: string): string | undefined => (parts[name] === undefined ? undefined : String(parts[name]));
  if (step.config.templateUuid !== undefined && text("html") === undefined && text("text") === undefined) world.notes.add(`the saved template whose body ${id} takes; the body is empty here`);
  return {
    ok: true,
    value: {
      run: run.result.number, step: id, stepName: step.name, channel: "email", at: iso(world.now), after: world.now - run.startedAt, to: recipient, subject: (text("subject") ?? "").replace(/[\u0000-\u001f\u007f]/g, ""),
      ...optional({ html: text("html"), text: text("text"), replyTo: text("replyTo"), cc: text("cc"), bcc: text("bcc"), category: step.config.messageCategoryId }),
      body: text("html") ?? text("text") ?? "",
      sender: senderOf(context, isDict(parts["from"]) ? parts["from"] : {}, value["from"]),
      categoryType: step.config.messageCategoryType ?? "marketing",
      tracked: step.config.trackingEnabled !== false && !(world.scenario.preferences?.untracked === true && step.config.messageCategoryType !== "transactional"),
    },
  };
}

const addressOf = (to: unknown): string => String((isDict(to) ? to["email"] : to) ?? "").trim();
const optional = <T extends Dict>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;

/** Of several senders a run takes always the same one; an address of one's own that is none is left out. */
function senderOf({ world, run, id }: StepRun<"function_email">, from: Dict, written: unknown): Message["sender"] {
  const listed = [...(Array.isArray(from["integrationIds"]) ? (from["integrationIds"] as number[]) : []), ...(typeof from["integrationId"] === "number" ? [from["integrationId"]] : [])];
  const integrationIds = [...new Set(listed)].sort((a, b) => a - b);
  let email = from["email"] as string | undefined;
  if (email !== undefined && !ADDRESS.test(email)) {
    log(world, run, "warn", `The custom From address ${JSON.stringify(email)} is ignored: it is malformed`);
    email = undefined;
  }
  if (email !== undefined && isDict(written) && /\{[{%]/.test(String(written["email"]))) world.notes.add(`whether ${email} lies on the sender's domain (${id}); off it, PostHog ignores the address`);
  return optional({ integrationIds, integrationId: integrationIds[turnOf(run.result.id, integrationIds)], email, name: from["name"] as string | undefined });
}

const turnOf = (run: string, ids: readonly number[]): number => (ids.length < 2 ? 0 : createHash("sha256").update(`${run}:${ids.join(",")}`).digest().readUInt32BE(0) % ids.length);

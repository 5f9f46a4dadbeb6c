// The programs of the promises, and their flows as PostHog has them.
import {
  batchTrigger,
  delay,
  editorsMail,
  email,
  eventTrigger,
  exit,
  flow,
  inOrder,
  program,
} from "../../support/flows";
import type { Live } from "../posthog";
import type { World } from "../world";

export { flow, program };

type Json = Record<string, unknown>;

/** Trigger, a wait, a mail, exit. */
export const journey = (subject = "Welcome", wait = "1h"): Json => ({
  trigger_node: eventTrigger("pause", "hogflow acceptance"),
  pause: delay("mail", wait),
  mail: email("exit_node", subject),
  exit_node: exit,
});

/** A statement for such a flow, titled for this run; the resource has the name. */
export const journeyFlow = (world: World, name: string, { subject, wait, ...more }: Json = {}, code = ""): string =>
  flow(
    name,
    { name: world.title(name), actions: journey(subject as string | undefined, wait as string | undefined), ...more },
    code,
  );

/** A statement for a flow that a schedule can start. */
export const digestFlow = (world: World, name: string): string =>
  flow(name, {
    name: world.title(name),
    actions: { trigger_node: batchTrigger("mail", "XX"), mail: email("exit_node"), exit_node: exit },
  });

/** The flow of `journey` as somebody makes it in PostHog. */
export const builtByHand = (title: string, subject = "Welcome"): Json => ({
  name: title,
  status: "draft",
  actions: [
    {
      id: "trigger_node",
      name: "Trigger",
      type: "trigger",
      config: { type: "event", filters: { events: [{ id: "hogflow acceptance", type: "events" }] } },
    },
    { id: "pause", name: "Wait 1h", type: "delay", config: { delay_duration: "1h" } },
    editorsMail(subject),
    { id: "exit_node", name: "Exit", type: "exit", config: {} },
  ],
  edges: inOrder("trigger_node", "pause", "mail", "exit_node"),
});

/** Makes it, and returns its id. */
export async function madeByHand(world: World, name: string, subject?: string): Promise<string> {
  const title = world.title(name);
  const named = async () => (await world.posthog.list()).find((row) => row["name"] === title);
  return (await world.posthog.create("", builtByHand(title, subject), named))["id"];
}

/** A step of a live flow. */
export const stepOf = (live: Live, id: string): Live => live["actions"].find((step: Live) => step["id"] === id);
export const subjectOf = (live: Live): string => stepOf(live, "mail")["config"].inputs.email.value.subject;

const CONTENT = ["name", "actions", "edges", "conversion", "exit_condition", "trigger_masking", "variables"];
/** What PostHog makes of a flow by itself, at any time. */
const SERVERS_OWN = /^(bytecode|transpiled|.*_at|order)$/;

/** The content of a live flow as text, without stamps and what PostHog compiles. Which key comes first means nothing. */
export const contentOf = (live: Live): string =>
  JSON.stringify(Object.fromEntries(CONTENT.map((field) => [field, live[field] ?? null])), (key, value) =>
    SERVERS_OWN.test(key) ? undefined : sorted(value),
  );

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

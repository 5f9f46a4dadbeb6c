// The simulator against PostHog's worker. What is expected here comes from PostHog's worker logic, not from this project (28 Nov 2026): its executor, step
// handlers, rendering, e-mail, push, SMS, Slack and HTTP templates, masking and event matching, restated by hand from its source and run on each flow with
// PostHog's own Hog machine and parser, the same Liquid and the same dates; queues, databases and providers were stand-ins. The rules, the SDK and the
// simulator read one table of facts, so a mistake in it would be theirs together: these cases are the third party.
//
// `unsure`: a part of the outcome rests on an older copy of the source, or two sources disagree; why is said. `differs`: the simulator follows the newer
// reference there. `orElse`: right as well; whether a step without `on_error` stops the run when it fails could not be settled.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simulate } from "../../simulator";
import type { Message, Scenario, SentRequest, Simulation } from "../../testing";
import type { Json } from "../support/reference-flows";

interface WorkerCase {
  label: string;
  unsure?: string;
  differs?: string;
  /** What every draw by chance gives; 0 when it is absent. */
  chance?: number;
  /** By how many seconds times may differ; 1 when it is absent. */
  within?: number;
  scenario: Scenario;
  expected: Json;
  orElse?: Json;
}

const folder = new URL("worker-cases/", import.meta.url);
const GROUPS = readdirSync(folder).map((file) => ({
  group: file.replace(".json", ""),
  flows: JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { name: string; flow: Json; cases: WorkerCase[] }[],
}));
const EVERY_SCENARIO: Scenario = { until: "+59d 12h", testAccounts: [] };

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);
const filled = (record: Json): Json =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => !isEmpty(value)));
const listed = (addresses: string | undefined): string | undefined =>
  addresses
    ?.split(",")
    .map((address) => address.trim())
    .join(", ");
/** Links into PostHog and ids are different in every world. */
const masked = (outcome: Json): Json =>
  JSON.parse(
    JSON.stringify(outcome)
      .replace(/https?:\/\/[a-z0-9.-]+\.invalid[^\s"'<>\\]*/gi, "<link>")
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "<id>"),
  ) as Json;

/** A simulation in the form in which outcomes are written; what is empty is left out. */
function outcomeOf({ started, attempts, messages, requests, runs }: Simulation): Json {
  const seconds = (time: string): number => Math.round((Date.parse(time) - Date.parse(started)) / 1000);
  const sent = ({
    channel,
    run,
    at,
    step,
    to,
    subject,
    body,
    html,
    text,
    cc,
    bcc,
    replyTo,
    sender,
    tracked,
  }: Message): Json => {
    const head = { run, at: seconds(at), channel, step };
    if (channel === "sms") return filled({ ...head, to, text: body });
    if (channel === "push") return filled({ ...head, title: subject, body, channels: sender.channels });
    return filled({
      ...head,
      to,
      subject,
      html,
      text,
      cc: listed(cc),
      bcc: listed(bcc),
      replyTo: listed(replyTo),
      from: sender.email ?? `sender ${sender.integrationId}`,
      tracked,
    });
  };
  const asked = ({ run, at, step, attempts: tries, ...more }: SentRequest): Json => ({
    run,
    at: seconds(at),
    step,
    tries,
    ...(more.template === "template-slack"
      ? filled({ text: more.inputs["text"], channel: more.inputs["channel"] })
      : called(more)),
  });
  const called = ({ url, method, body, headers = {} }: Partial<SentRequest>): Json => ({
    url,
    method,
    ...(body === undefined ? {} : { body: parsed(body) }),
    ...filled({
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => !["content-type", "accept"].includes(name.toLowerCase())),
      ),
    }),
  });
  const byTemplate = (template: string): Json[] =>
    inOrder(requests.filter((request) => request.template === template).map(asked));
  return masked(
    filled({
      answers: attempts.flatMap(({ answer }) => (answer ? [answer.status] : [])),
      messages: inOrder(messages.map(sent)),
      requests: byTemplate("template-webhook"),
      slack: byTemplate("template-slack"),
      runs: runs.map(({ end, steps, variables }) =>
        filled({
          end: end.how === "trigger_not_matched" ? "trigger" : end.how,
          ...(end.how === "still_running" ? {} : { at: seconds(end.at) }),
          path: steps.map(({ id }) => id).filter((id, i, all) => id !== all[i - 1]),
          failed: [...new Set(steps.filter(({ outcome }) => outcome === "failed").map(({ id }) => id))],
          variables: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null)),
        }),
      ),
    }),
  );
}

function parsed(body: unknown): unknown {
  try {
    return typeof body === "string" ? (JSON.parse(body) as unknown) : body;
  } catch {
    return body;
  }
}

/** What happens at one instant has no order of its own. */
const inOrder = (list: Json[]): Json[] =>
  [...list].sort(
    (a, b) =>
      Number(a["run"]) - Number(b["run"]) ||
      String(a["step"]).localeCompare(String(b["step"])) ||
      Number(a["at"]) - Number(b["at"]),
  );

/** The outcome with what is expected in the place of what comes near enough: times within the tolerance, and whatever may be anything. */
function settled(expected: unknown, got: unknown, within: number, key = ""): unknown {
  if (expected === "<any>" && got !== undefined) return expected;
  if (key === "at" && typeof expected === "number" && typeof got === "number")
    return Math.abs(expected - got) <= within ? expected : got;
  if (Array.isArray(expected) && Array.isArray(got)) return got.map((item, i) => settled(expected[i], item, within));
  if (typeof expected !== "object" || typeof got !== "object" || expected === null || got === null) return got;
  return Object.fromEntries(
    Object.entries(got).map(([name, value]) => [name, settled((expected as Json)[name], value, within, name)]),
  );
}

function hold(flow: Json, { scenario, expected, orElse, chance = 0, within = 1 }: WorkerCase): void {
  const simulation = simulate(flow, { ...EVERY_SCENARIO, ...scenario, random: () => chance });
  const got = outcomeOf(simulation);
  const sorted = (form: Json): Json => ({
    ...form,
    ...Object.fromEntries(
      ["messages", "requests", "slack"].flatMap((name) =>
        Array.isArray(form[name]) ? [[name, inOrder(form[name] as Json[])]] : [],
      ),
    ),
  });
  const [first, second] = [expected, orElse].flatMap((form) =>
    form === undefined ? [] : [{ form: sorted(form), got: settled(sorted(form), got, within) }],
  );
  try {
    expect(first!.got, simulation.timeline()).toEqual(first!.form);
  } catch (error) {
    if (second === undefined) throw error;
    try {
      expect(second.got).toEqual(second.form);
    } catch {
      throw error;
    }
  }
}

describe.each(GROUPS.map(({ group, flows }) => [group, flows] as const))("PostHog's worker: %s", (_, flows) => {
  const cases = flows.flatMap(({ name, flow, cases: all }) =>
    all.map(
      (one) =>
        [`${name}, ${one.label}${one.unsure === undefined ? "" : ` (unsure: ${one.unsure})`}`, flow, one] as const,
    ),
  );
  it.each(cases)("%s", (__, flow, one) => {
    if (one.differs === undefined) hold(flow, one);
    else expect(() => hold(flow, one), `no longer: ${one.differs}`).toThrow();
  });
});

// Checks of a schedule's inputs: what the server would refuse, and what it would read in another way than people mean.
import { MAX_TIMEZONE_LENGTH, MIN_SCHEDULE_DISTANCE_MS } from "../../definition/schema/limits";
import { credentialTexts } from "../../definition/graph/credential-texts";
import { credentialFound } from "../../rules/credentials";
import { checkZone } from "../../definition/schema/zones";
import { parsePath, startsWith } from "../../definition/canonical/paths";
import { nextOccurrences, ruleFault, skippedOccurrence } from "../../definition/canonical/recurrence";
import { containsUnknown, isDict, isUnknown, same, type Dict } from "../../definition/canonical/values";
import { localText, utcText } from "../../definition/canonical/local-time";
import { Findings, valueKind } from "../../rules/findings";
import type { Checked } from "../calls";
import { askNewTarget } from "../flow/move-check";
import { takeProgramFindings } from "../../rules/program-findings";
import { checkKeyKind, checkTarget } from "../target-check";
import { PostHogApiError } from "../../api";
import { heldByAnother, errorText } from "../errors";
import { adoptionRefusal } from "./write";
import { acknowledgedIn } from "../ownership/managed";
import { unmanagedRefusal } from "./owner";
import {
  adoptedId,
  canonicalSchedule,
  encodeScheduleInputs,
  scheduleResourceId,
  hasRule,
  parseScheduleInputs,
  SCHEDULE_CONTENT,
  splitScheduleId,
  zoneOf,
  type ScheduleContent,
  type ScheduleInputs,
  type ScheduleState,
} from "./state";
import type { Session } from "../session";
import { secretPathsOf } from "../../definition/canonical/secrets";
import { SCHEDULE_FLAGS } from "../../definition/flags";

const TIMING = ["rrule", "startsAt", "timezone"] as const;
const KNOWN = new Set<string>([...SCHEDULE_CONTENT, ...Object.keys(SCHEDULE_FLAGS), "__provider"]);

/** `given` are the inputs as they came: what is wrong with their forms is a finding. */
export async function checkSchedule(session: Session, olds: ScheduleState, given: Dict): Promise<Checked> {
  const findings = new Findings({ secretPaths: secretPathsOf(given), sources: given["sources"] });
  takeProgramFindings(given["findings"], findings);
  const news = parseScheduleInputs(given);
  const content = canonicalSchedule(news.content);
  for (const key of Object.keys(given))
    if (!KNOWN.has(key))
      findings.report("schedule-field", [key], `\`${key}\` is not a known key here`, {
        fix: `Known keys are flow, ${SCHEDULE_CONTENT.join(", ")}`,
      });
  checkTexts(given, content, findings);
  // Every write has the server test the whole rule again, a change of variables alone, too (API §5.4).
  const touched = SCHEDULE_CONTENT.some((key) => !same(olds.content[key], content[key]));
  // A rule that ran out is quiet for as long as nobody touches it (design L10).
  if (!findings.hasErrors && touched) checkOccurrences(session, content, findings);
  const target = checkTarget(given, olds, findings);
  await askNewTarget(session, olds, { ...target, replaceOnMove: news.replaceOnMove }, findings);
  const { adopt } = news;
  const inputs: ScheduleInputs = {
    ...news,
    content,
    ...target,
    adopt: hasRule(olds) ? undefined : adopt,
    paused: undefined,
  };
  if (adopt?.includes("/") && !splitScheduleId(adopt))
    findings.report("adopt", ["adopt"], "must be <flow id>/<schedule id>, or the schedule's id");
  checkKeyKind(session, target.host, findings, { path: [], need: "a schedule is read and written" });
  session.checked.add(news.owner);
  session.managed.scheduleChecked(olds, news);
  checkAcknowledged(given["acknowledge"], findings);
  if (!hasRule(olds) && inputs.flowId !== undefined) {
    const refusal = unmanagedRefusal(session, inputs.flowId, inputs);
    if (refusal !== undefined) findings.report("unmanaged-schedule", ["flow"], refusal);
  }
  claimAdoption(session, inputs, findings);
  if (!findings.hasErrors) await previewAdoption(session, inputs, findings);
  return {
    inputs: { ...encodeScheduleInputs(inputs), ...(inputs.adopt === undefined ? {} : { adopt: inputs.adopt }) },
    failures: findings.failures(),
    findings: findings.reported("Schedule"),
    warnings: findings.warningTexts("Schedule"),
  };
}

/** Holds for one schedule that somebody has looked at, and for no other. */
function checkAcknowledged(entries: unknown, findings: Findings): void {
  if (entries === undefined || entries === null || isUnknown(entries)) return;
  const list = Array.isArray(entries) ? entries : [entries];
  for (const [i, entry] of list.entries()) {
    if (isUnknown(entry) || (Array.isArray(entries) && acknowledgedIn([entry]).length > 0)) continue;
    findings.report(
      "acknowledge-unknown",
      Array.isArray(entries) ? ["acknowledge", i] : ["acknowledge"],
      "must name a live schedule of the flow that no resource manages",
      { fix: 'Copy it from the message, as in acknowledge: ["unmanaged-schedule@<schedule id>"]' },
    );
  }
}

/** Two resources of one program with one schedule would undo each other's changes. An id without its flow waits until the flow is known. */
function claimAdoption(
  { held, adopting }: Session,
  { adopt, flowId, owner }: ScheduleInputs,
  findings: Findings,
): void {
  if (adopt === undefined || isUnknown(adopt) || (!adopt.includes("/") && (flowId === undefined || isUnknown(flowId))))
    return;
  const id = adoptedId(adopt, String(flowId));
  if ([held, adopting].some((holders) => holders.has(id) && holders.get(id) !== owner))
    findings.report("adopt", ["adopt"], heldByAnother("schedule", id));
  else adopting.set(id, owner);
}

/** Shows in preview what adopting would change (design L12). An id without its flow waits until the flow is known. */
async function previewAdoption(session: Session, inputs: ScheduleInputs, findings: Findings): Promise<void> {
  const id = inputs.adopt === undefined ? undefined : splitScheduleId(inputs.adopt);
  if (
    !id ||
    containsUnknown([inputs.content, inputs.host, inputs.projectId, inputs.overwriteDrift]) ||
    !session.hasKey(inputs.host)
  )
    return;
  try {
    const problem = await adoptionRefusal(session.connection(inputs), inputs, id);
    if (problem !== undefined) findings.report("adopt", ["adopt"], problem);
    else if (!findings.hasErrors)
      session.ports.note(
        `schedule ${scheduleResourceId(id.flowId, id.scheduleId)}: taken over, although preview shows a creation. ${inputs.overwriteDrift === undefined ? "Nothing is written." : "What differs is overwritten with the program's."}`,
      );
  } catch (error) {
    if (error instanceof PostHogApiError)
      findings.report(
        "adopt-unseen",
        ["adopt"],
        `schedule ${id.scheduleId} could not be looked up: ${errorText(error)}`,
      );
    else findings.report("adopt", ["adopt"], errorText(error));
  }
}

function checkTexts(news: Dict, content: ScheduleContent, findings: Findings): void {
  const text = (key: string, required: boolean): string | undefined => {
    const value = news[key];
    if (value === undefined || value === null) {
      if (required) findings.report("schedule-field", [key === "flowId" ? "flow" : key], "is required");
      return undefined;
    }
    if (typeof value !== "string") findings.report("schedule-field", [key], `expected text, got ${valueKind(value)}`);
    return typeof value === "string" && !isUnknown(value) ? value : undefined;
  };
  text("flowId", true);
  const rrule = text("rrule", true);
  const problem = rrule === undefined ? undefined : ruleFault(rrule);
  if (problem)
    findings.report("schedule-rule", ["rrule"], problem, { fix: "Write only the rule, such as FREQ=WEEKLY;BYDAY=MO" });
  const zone = text("timezone", false);
  if (zone !== undefined) {
    const { ok, suggestion } = checkZone(zone.trim());
    if (!ok || zone.length > MAX_TIMEZONE_LENGTH)
      findings.report(
        "schedule-zone",
        ["timezone"],
        `"${zone}" is not a time zone of the IANA database`,
        suggestion
          ? { suggestion: `"${suggestion}"`, fix: "Case matters" }
          : { fix: "Use a name such as Europe/Berlin" },
      );
  }
  const startsAt = text("startsAt", true);
  if (startsAt !== undefined && zoneIsGood(content) && utcText(startsAt.trim(), zoneOf(content)) === undefined) {
    findings.report("schedule-start", ["startsAt"], `"${startsAt}" is not a date and time`, {
      fix: "Write 2026-12-07T09:00:00, which is local time of `timezone`, or with an offset, such as 2026-12-07T09:00:00+01:00",
    });
  }
  const variables = news["variables"];
  for (const { path, credentials } of credentialTexts({ variables }))
    if (!secretPathsOf(news).some((secret) => startsWith(path, parsePath(secret) ?? ["?"])))
      findings.add("credential-in-text", credentialFound(path, credentials, undefined));
  if (variables !== undefined && variables !== null && !isDict(variables) && !isUnknown(variables))
    findings.report("schedule-field", ["variables"], `expected values by variable, got ${valueKind(variables)}`);
}

const zoneIsGood = (content: ScheduleContent): boolean => !isUnknown(content.timezone) && checkZone(zoneOf(content)).ok;

const occurrencesOf = (content: ScheduleContent): { rule: string; startsAt: string; zone: string } => ({
  rule: String(content.rrule),
  startsAt: String(content.startsAt),
  zone: zoneOf(content),
});

/** The server's own tests (API §5.3), asked of the next two occurrences from now. */
function checkOccurrences(session: Session, content: ScheduleContent, findings: Findings): void {
  if (containsUnknown(TIMING.map((key) => content[key]))) return;
  const [first, second] = nextOccurrences(occurrencesOf(content), { after: session.clock.now(), count: 2 });
  if (first === undefined)
    findings.report("schedule-future", ["rrule"], "this schedule has no occurrence in the future", {
      why: `Counted from startsAt ${String(content.startsAt)} in ${zoneOf(content)}`,
      fix: "Choose a later startsAt, or another COUNT or UNTIL",
    });
  else if (second !== undefined && second - first < MIN_SCHEDULE_DISTANCE_MS)
    findings.report("schedule-distance", ["rrule"], "the next two occurrences are less than an hour apart", {
      fix: "Use FREQ=HOURLY or a longer time, or fewer values in BYHOUR, BYMINUTE and BYSECOND",
    });
  else checkSkipped(session, content, findings);
}

/** Rules that run all day long: an hour that is skipped is no surprise there. */
const ALL_DAY = /FREQ=(?:HOURLY|MINUTELY|SECONDLY)/i;

function checkSkipped(session: Session, content: ScheduleContent, findings: Findings): void {
  const rule = String(content.rrule);
  const zone = zoneOf(content);
  if (ALL_DAY.test(rule)) return;
  const found = skippedOccurrence(rule, String(content.startsAt), zone, session.clock.now());
  if (found === undefined) return;
  const [day, time] = localText(found.local).split(" ");
  findings.report(
    "schedule-skipped",
    ["rrule"],
    `on ${day}, the clocks of ${zone} skip ${time}: that run starts at ${localText(found.instead).split(" ")[1]}`,
    { fix: "Choose a time that exists on every day, such as one after 04:00, if the hour matters" },
  );
}

/** Whether the rule will ever run again. */
export function hasFuture(session: Session, content: ScheduleContent): boolean {
  if (containsUnknown(TIMING.map((key) => content[key]))) return true;
  try {
    return nextOccurrences(occurrencesOf(content), { after: session.clock.now(), count: 1 }).length > 0;
  } catch {
    return false;
  }
}

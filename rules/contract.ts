// Rules made from the table of the worker's contract: what a step passes on and the worker cannot take, as far as it is known before it is rendered.
import { isDict, isUnknown, own } from "../definition/canonical/values";
import { MAX_SENDERS } from "../definition/schema/limits";
import { MESSAGE_TEMPLATES } from "../definition/schema/templates";
import { WORKER_CONTRACT, type Demand, type Otherwise } from "../definition/schema/worker-contract";
import { inputItems, languageOf, templatedSteps, type InputItem, type StepInputs } from "../definition/graph/inputs";
import { mayHold, rendered } from "../definition/graph/rendered";
import { rulesOf, type RuleFinding } from "./rule";
import { oncePerFlow } from "../definition/graph/view";
import { email, flowOf, onWebhook, push, startedBy, webhook } from "./examples";
import { holdsItsKind, isEmpty } from "./inputs";

interface Broken extends RuleFinding {
  otherwise: Otherwise;
}

/** Demands that no run can keep, each once. What PostHog refuses already, and another rule reports, is left out. */
const broken = oncePerFlow<Broken>(function* (flow) {
  const byStep = new Map<string, InputItem[]>();
  for (const item of inputItems(flow)) byStep.set(item.id, [...(byStep.get(item.id) ?? []), item]);
  for (const step of templatedSteps(flow)) {
    const demands = WORKER_CONTRACT[MESSAGE_TEMPLATES[step.type] ?? step.templateId ?? ""];
    if (!demands || !step.inputs) continue;
    const items = new Map((byStep.get(step.id) ?? []).map((item) => [item.key, item]));
    for (const demand of demands) yield* judge(demand, step, items.get(demand.at[0]));
  }
});

function* judge(demand: Demand, step: StepInputs, item: InputItem | undefined): Generator<Broken> {
  const {
    at: [input, ...members],
    takes,
    why,
    fix,
    otherwise,
  } = demand;
  const row = step.template && Object.hasOwn(step.template.inputs, input) ? step.template.inputs[input] : undefined;
  const written = item && isDict(item.item) ? item.item["value"] : undefined;
  if (item && (isUnknown(item.item) || !isDict(item.item) || item.item["secret"] === true)) return;
  // An input that is not wrapped has another finding.
  if (item && isDict(item.item) && written === undefined && Object.keys(item.item).length > 0) return;
  if (row?.kind === "an e-mail" && isDict(written) && Object.keys(written).length === 0) return;
  if (row?.required && (members.length === 0 || row.kind === "an e-mail") && isEmpty(written)) return;
  if (row && !isEmpty(written) && !isUnknown(written) && !holdsItsKind(row, written)) return;
  const whole = item && written !== undefined ? rendered(written, languageOf(item)) : undefined;
  const around = members.slice(0, -1).reduce<unknown>((value, member) => own(value, member), whole);
  if (members.length > 0 && !isDict(around)) return;
  const last = members[members.length - 1];
  const value = last === undefined ? whole : own(around, last);
  // Too many senders have a separate rule: PostHog refuses them.
  if (last === "integrationIds" && Array.isArray(value) && value.length > MAX_SENDERS) return;
  const path = [...step.at, input, ...(written === undefined || written === null ? [] : ["value", ...members])];
  if (value === undefined || (value === null && members.length === 0)) {
    if (demand.optional || isFromSavedMessage(step, members)) return;
    yield { path, what: "is missing", why, fix, otherwise };
  } else if (takes === "a map of texts" && isDict(value)) {
    for (const [key, member] of Object.entries(value))
      if (!mayHold("a text", member)) yield { path: [...path, key], what: "is not a text", why, fix, otherwise };
  } else if (!mayHold(takes, value)) yield { path, what: `must be ${takes}`, why, fix, otherwise };
}

/** A saved message may give the subject and the bodies of an e-mail. */
const isFromSavedMessage = ({ step }: StepInputs, [member]: readonly string[]): boolean =>
  own(step["config"], "templateUuid") !== undefined && (member === "subject" || member === "html");

const found = (demands: readonly Broken[], wanted: readonly Otherwise[]): RuleFinding[] =>
  demands.filter(({ otherwise }) => wanted.includes(otherwise)).map(({ otherwise: _, ...rest }) => rest);

export const contractRules = rulesOf({
  "cannot-run": {
    severity: "error",
    refusedBy: "run-time",
    text: "A step has what PostHog's worker needs to run it, and a trigger what it needs to start a run.",
    why: "PostHog accepts it, but the step fails for everybody, or no run ever starts",
    cites: "API §3.2, §3.3, run time §1.4, §3.8, §3.9",
    fails: flowOf({ mail: email({ to: "{{ person.properties.email }}" }) }),
    passes: startedBy(onWebhook(), { mail: email(), notify: webhook() }),
    find: (flow) => found(broken(flow), ["fails", "refused", "rejected"]),
  },
  "left-out": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A step has nothing that PostHog's worker leaves out.",
    why: "The worker silently leaves it out, and sends the rest",
    cites: "run time §3.8, §3.9",
    fails: flowOf({ notify: webhook({ headers: { value: { "X-Seats": 12 } } }) }),
    passes: flowOf({ notify: webhook({ headers: { value: { "X-Seats": "12" } } }), ping: push() }),
    find: (flow) => found(broken(flow), ["dropped"]),
  },
});

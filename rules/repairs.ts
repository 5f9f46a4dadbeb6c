// Rules about what a change makes run that never ran: flows that earlier versions of this package wrote, or that somebody wrote by hand, can be such that
// PostHog's worker refuses a step for everybody. Whoever repairs one should know that nothing has happened there so far.
import { stepTemplate } from "../definition/canonical/step-template";
import { isDict, isUnknown, own, type Dict } from "../definition/canonical/values";
import { TEMPLATE_DEFAULTS } from "../definition/schema/template-defaults";
import { table } from "../definition/schema/table";
import type { KnownTemplate } from "../definition/schema/templates";
import { keeps, valueAt, WORKER_CONTRACT, type Demand } from "../definition/schema/worker-contract";
import { rulesOf } from "./rule";
import { textOf, type FlowView } from "../definition/graph/view";
import { startedBy } from "./examples";

/** What has not happened so far, by template: of one step, and of several. */
const NEVER = table<{ one: string; many: string }>({
  "template-email": { one: "this e-mail was never sent", many: "these e-mails were never sent" },
  "template-native-push": { one: "this push was never sent", many: "these pushes were never sent" },
  "template-twilio": { one: "this SMS was never sent", many: "these SMS were never sent" },
  "template-webhook": { one: "this webhook was never called", many: "these webhooks were never called" },
  "template-source-webhook": {
    one: "this trigger has refused every request",
    many: "these triggers have refused every request",
  },
  "template-source-webhook-pixel": {
    one: "this trigger has started no run",
    many: "these triggers have started no run",
  },
} satisfies Readonly<Record<Exclude<KnownTemplate, "template-slack">, { one: string; many: string }>>);

interface Repaired {
  id: string;
  demand: Demand;
}

/** The values of a step's inputs as they are without templates: with what is filled in, and undefined where anything is unknown. */
function valuesOf(template: string, step: unknown): Dict | undefined {
  const inputs = own(own(step, "config"), "inputs") ?? {};
  // A saved message brings its own words.
  if (!isDict(inputs) || own(own(step, "config"), "templateUuid") !== undefined) return undefined;
  const values: Dict = Object.fromEntries(
    Object.entries(TEMPLATE_DEFAULTS[template] ?? {}).map(([key, [value]]) => [key, value]),
  );
  for (const [key, item] of Object.entries(inputs)) {
    if (isUnknown(item)) return undefined;
    values[key] = own(item, "value");
  }
  return values;
}

const templateOf = (step: unknown): string | undefined => textOf(stepTemplate(step));

const isDecisive = ({ otherwise }: Demand): boolean => otherwise !== "dropped";
/** Whether the value is what the worker gets. What Hog makes of a text nobody knows here; an e-mail is Liquid, of which a text stays one. */
const isWritten = (template: string, demand: Demand, values: Dict): boolean => {
  const value = valueAt(demand, values);
  return !isUnknown(value) && (template === "template-email" || typeof value !== "string" || !value.includes("{"));
};

/** Steps that kept a demand of the worker in no run so far, and do from now on, by template. */
function repaired(flow: FlowView): Map<string, Repaired[]> {
  const found = new Map<string, Repaired[]>();
  for (const [id, step] of flow.steps) {
    const was = own(flow.before["actions"], id);
    const template = templateOf(step);
    const demands = template === undefined ? undefined : WORKER_CONTRACT[template]?.filter(isDecisive);
    if (
      template === undefined ||
      demands === undefined ||
      NEVER[template] === undefined ||
      templateOf(was) !== template
    )
      continue;
    const before = valuesOf(template, was);
    const now = valuesOf(template, step);
    if (!before || !now) continue;
    const broken = demands.find((demand) => !keeps(demand, before) && isWritten(template, demand, before));
    const isStillBroken = demands.some((demand) => !keeps(demand, now) && isWritten(template, demand, now));
    if (broken && !isStillBroken) found.set(template, [...(found.get(template) ?? []), { id, demand: broken }]);
  }
  return found;
}

export const repairRules = rulesOf({
  repaired: {
    severity: "warning",
    refusedBy: "run-time",
    text: "A change that makes a broken step or trigger work for the first time is announced.",
    why: "PostHog stores far more than its worker can run",
    cites: "run time §1.4, §3.9",
    fails: {
      ...startedBy({ type: "webhook", inputs: { method: { value: "POST" } } }),
      before: startedBy({ type: "webhook" }).flow ?? {},
    },
    passes: {
      ...startedBy({ type: "webhook", inputs: { method: { value: "POST" } } }),
      before: startedBy({ type: "webhook", inputs: { method: { value: "POST" } } }).flow ?? {},
    },
    *find(flow) {
      for (const [template, steps] of repaired(flow)) {
        const [{ id, demand }] = steps as [Repaired, ...Repaired[]];
        const { one, many } = NEVER[template]!;
        const what = steps.length === 1 ? one : `${many}: ${steps.map((step) => step.id).join(", ")}`;
        yield {
          path: ["actions", id, "config", "inputs", demand.at[0], "value", ...demand.at.slice(1)],
          what: `${what}; this update fixes that`,
          why: demand.why,
          fix: "Check who is affected before you apply it; there is nothing else to do",
        };
      }
    },
  },
});

// What a verification may tell strangers: kinds of steps and what differed, for an issue. No names, texts, people, addresses or ids.
import { own } from "../../definition/canonical/values";
import { KNOWN_TEMPLATES } from "../../definition/schema/templates";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { TRIGGER_KINDS } from "../../definition/schema/trigger-kinds";
import { stepTemplate } from "../../definition/canonical/step-template";
import type { Difference, Outcome } from "./compare";
import type { Verification, VerifiedFlow, VerifiedStep } from "./verify";

export interface ReportFile {
  /** Version of pulumi-hogflow. */
  hogflow: string;
  node: string;
  /** `us`, `eu`, or `other` for a host of one's own. */
  host: "us" | "eu" | "other";
  /** Of all flows. */
  counts: { agrees: number; differs: number; untested: number; unreached: number };
  flows: ReportedFlow[];
}

interface ReportedFlow {
  /** Kind of its trigger; `other` for one that is not known. */
  trigger: string;
  steps: {
    /** Kind of step; `other` for one that is not known. */
    type: string;
    /** Template, of those that PostHog has for everybody. */
    template?: string;
    verdict: VerifiedStep["verdict"];
    differs: ReportedDifference[];
    /** Why it was not tested, in one word each. */
    untested: string[];
  }[];
}

/** What differed, without its content. */
interface ReportedDifference {
  /** First name of its path, such as `subject` or `body`. */
  part: string;
  hogflow: string;
  posthog: string;
}

const HOSTS = { "https://us.posthog.com": "us", "https://eu.posthog.com": "eu" } as const;

/** The report on a verification. */
export function reportFile(
  { flows, agrees, differs, untested, unreached }: Verification,
  { version, host }: { version: string; host: string },
): ReportFile {
  return {
    hogflow: version,
    node: process.versions.node,
    host: Object.hasOwn(HOSTS, host) ? HOSTS[host as keyof typeof HOSTS] : "other",
    counts: { agrees, differs, untested, unreached },
    flows: flows.map(reportedFlow),
  };
}

function reportedFlow({ definition, steps }: VerifiedFlow): ReportedFlow {
  const actions = definition["actions"];
  const trigger = Object.values(actions ?? {}).find((step) => own(step, "type") === "trigger");
  const kind = String(own(own(trigger, "config"), "type"));
  return {
    trigger: Object.hasOwn(TRIGGER_KINDS, kind) ? kind : "other",
    steps: steps.map(({ id, type, verdict, differences, untested }) => {
      const template = stepTemplate(own(actions, id));
      return {
        type: stepKindOf(type) ? type : "other",
        ...(KNOWN_TEMPLATES.has(String(template)) ? { template: String(template) } : {}),
        verdict,
        differs: differences.map(reportedDifference),
        untested: untested.map(({ why }) => why),
      };
    }),
  };
}

const reportedDifference = ({ part, ours, posthog }: Difference): ReportedDifference => ({
  part: part.split(/[.[]/, 1)[0]!,
  hogflow: part === "outcome" ? (ours as Outcome).how : shapeOf(ours),
  posthog: part === "outcome" ? (posthog as Outcome).how : shapeOf(posthog),
});

/** What a value is, without what it says. */
const shapeOf = (value: unknown): string =>
  value === null || value === undefined
    ? "nothing"
    : typeof value === "string"
      ? `text of ${value.length}`
      : typeof value;

// The facts of a flow on one side of a change, in words: what starts it, for whom, when people leave it, when it runs, and what each step does.
import path from "node:path";
import { FlowGraph } from "../../definition/graph/flow-graph";
import { formatPath, parsePath } from "../../definition/canonical/paths";
import { triggerOf } from "../../definition/canonical/canonical";
import { isDict, isUnknown, own, type Dict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import type { FlowVersion, Location, ShownFinding, ShownSchedule, ShownStep } from "../../show/data";
import { FLOW_FACETS } from "../change/facets";
import type { SideMarks } from "../graph/change-marks";
import type { Position } from "../program/failures";
import { positionOf } from "../program/position";
import type { NamedSchedule } from "../review/stack-flows";
import type { LocatedFinding } from "../program/validate-program";
import { layoutFlow } from "./layout";
import { present } from "./present";
import { audienceWords } from "../words/filters";
import { nextInstants, recurrenceWords } from "../words/recurrence";
import { doesWords, kindWords, titleOf, triggerWords } from "../words/steps";

/** Where a program makes a resource. */
export interface Written {
  /** Locations by property path, the nearest first, as the SDK sends them along: relative to the program's folder. */
  sources?: Readonly<Record<string, readonly string[]>>;
  /** Of the resource itself. */
  position?: Position;
}

/** Folders that locations are about. */
export interface Folders {
  /** What `sources` are relative to. */
  program: string;
  /** What the page's locations are relative to. */
  root: string;
}

export interface VersionInput {
  definition: Dict;
  status?: string | undefined;
  schedules: readonly NamedSchedule[];
  findings: readonly LocatedFinding[];
  marks?: SideMarks | undefined;
  written?: Written | undefined;
  folders?: Folders | undefined;
  /** Address of a step in PostHog. */
  urlOf(stepId: string): string | undefined;
  now: number;
}

const MOST_DATES = 5;

export function flowVersion(input: VersionInput): FlowVersion {
  const { definition, status, schedules, findings, marks, now } = input;
  const config = triggerOf(definition["actions"])?.step["config"];
  const fact = (field: string): string | undefined =>
    definition[field] === undefined
      ? undefined
      : textOf(FLOW_FACETS.find(({ paths }) => paths[0]![0] === field)!.says(definition[field], definition));
  const goal = fact("conversion");
  return {
    ...present({
      status,
      description: knownText(definition["description"]),
      audience: own(config, "type") === "batch" ? audienceWords(own(config, "filters")) : undefined,
      // Without a goal, the default is nothing that can happen.
      exit: fact("exitCondition") ?? (goal === undefined ? undefined : "when the person converts"),
      goal,
    }),
    trigger: triggerWords(config),
    schedules: schedules.map((schedule) => shownSchedule(schedule, now)),
    steps: stepsOf(input),
    drawing: layoutFlow(definition, marks),
    findings: findings.map((finding) => shownFinding(finding, input)),
  };
}

function stepsOf({ definition, marks, written, folders, urlOf }: VersionInput): ShownStep[] {
  const actions = isDict(definition["actions"]) ? definition["actions"] : {};
  return new FlowGraph({ actions }).runningOrder
    .filter((id) => isDict(actions[id]))
    .map((id) => {
      const step = actions[id];
      const source = written?.sources?.[formatPath(["actions", id])]?.[0];
      return {
        id,
        title: titleOf(actions, id),
        kind: kindWords(step),
        sends:
          stepKindOf(own(step, "type"))?.channel !== undefined ||
          own(own(step, "config"), "templateId") === "template-slack",
        ...present({
          does: doesWords(step),
          location: folders && locationOf(positionOf(source, folders.program), folders),
          url: urlOf(id),
          mark: marks?.steps.get(id),
        }),
      };
    });
}

function shownSchedule({ name, inputs }: NamedSchedule, now: number): ShownSchedule {
  const { timezone } = inputs;
  const isPaused = inputs["paused"] !== undefined;
  return {
    name,
    words: recurrenceWords(inputs),
    timezone: typeof timezone === "string" && !isUnknown(timezone) ? timezone : "UTC",
    isPaused,
    // Of one that cannot be read, the words say it as it is written; a finding says why it does not run.
    next: isPaused ? [] : nextInstants(inputs, now, MOST_DATES).map((instant) => new Date(instant).toISOString()),
  };
}

function shownFinding(
  { rule, severity, path: at, what, why, fix, kind, resource, position }: LocatedFinding,
  { folders }: VersionInput,
): ShownFinding {
  const [first, step] = kind === "schedule" ? [] : (parsePath(at) ?? []);
  return {
    rule,
    severity,
    path: kind === "schedule" ? `schedule ${resource ?? ""}: ${at}` : at,
    what,
    ...present({
      why,
      fix,
      step: first === "actions" && typeof step === "string" ? step : undefined,
      location: folders && locationOf(position, folders),
    }),
  };
}

/** From the page's root, with slashes; what is not below it is somewhere in the user's home, and nobody's business. */
export function locationOf(position: Position | undefined, { root }: Folders): Location | undefined {
  if (position?.line === undefined) return undefined;
  const relative = path.relative(root, position.file);
  if (relative.startsWith("..") || path.isAbsolute(relative)) return undefined;
  const { line, column } = position;
  return { file: relative.split(path.sep).join("/"), line, ...(column === undefined ? {} : { column }) };
}

const textOf = (says: string | string[] | undefined): string | undefined =>
  Array.isArray(says) ? says.join(" ") : says;
const knownText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;

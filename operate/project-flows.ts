// All flows of a project, with their status and the schedules that start them: as its program makes them, or as its stack deployed them last.
import { nearest } from "../definition/schema/names";
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, isUnknown, type Dict } from "../definition/canonical/values";
import type { CalendarFlow } from "./calendar";
import { OperateError } from "./errors";
import { firstLines, SHOWN } from "./find-flow";
import { flowFromStack } from "./flow-source";
import { withKnownTexts, type FlowSide } from "./people/flow-side";
import type { CheckedProgram } from "./program/validate-program";
import type { Preview } from "./review/preview";
import { stackFlows } from "./review/stack-flows";
import { programPreview } from "./show/program-preview";
import type { StackState } from "./stack-state";
import { listWords } from "./words/values";

/** A flow of a project. */
export interface ProjectFlow extends CalendarFlow {
  /** What it is: its definition, its status and its schedules. */
  side: FlowSide;
}

/** The flows that a program makes, and why some of them cannot be read, in words. */
export const flowsOfProgram = (program: Pick<CheckedProgram, "resources">): ReturnType<typeof flowsOfPreview> =>
  flowsOfPreview(programPreview(program));

/**
 * The flows that there are once a preview is applied, and why some of them cannot be read, in words.
 *
 * @example
 * ```ts
 * const { flows } = flowsOfPreview(parsePreview(readFileSync("preview.json", "utf8")));
 * flows.map(({ title }) => title);
 * ```
 */
export function flowsOfPreview(preview: Preview): {
  flows: ProjectFlow[];
  unread: { title: string; why: string }[];
} {
  const found = stackFlows(preview, new Map());
  return {
    flows: found.flatMap(({ urn, name, title, after }) => (after ? [{ key: urn, name, title, side: after }] : [])),
    unread: found.flatMap(({ title, unread }) => (unread === undefined ? [] : [{ title, why: unread }])),
  };
}

/** The flows that a stack deployed last. A status that its program does not state may be another one by now, so nobody knows it. */
export function flowsOfState({ resources }: StackState): ProjectFlow[] {
  return resources
    .filter(({ kind }) => kind === "flow")
    .map((resource) => {
      const { urn, name, id, inputs, outputs } = resource;
      const { title, definition } = flowFromStack(resource);
      const { status } = inputs;
      const isSettled = typeof status === "string" && (outputs["liveStatus"] ?? status) === status;
      const schedules = resources.flatMap(({ kind, inputs: its }): Dict[] =>
        kind === "schedule" && its["flowId"] === id && its["paused"] === undefined ? [its] : [],
      );
      return { key: urn, name, title, side: { definition, schedules, ...(isSettled ? { status } : {}) } };
    });
}

/**
 * The flow of a project that has this logical name or this title; undefined where it has none.
 *
 * @throws OperateError when several have it.
 */
export function projectFlow(flows: readonly ProjectFlow[], text: string): ProjectFlow | undefined {
  const given = text.trim();
  const [first, ...more] = flows.filter(({ name, title }) => name === given || title === given);
  if (first === undefined || more.length === 0) return first;
  throw new OperateError({
    what: `"${given}" may mean ${more.length + 1} flows of the program:\n${[first, ...more].map(line).join("\n")}\n`,
    fix: "Name it by its resource's name where its title has several, and by its title where its name has",
  });
}

const line = ({ name, title }: ProjectFlow): string => `  ${name}${title === name ? "" : `  “${title}”`}`;

/**
 * The definition of a flow, with a stand-in for each text that is known only during an update.
 *
 * @returns `doubts`: what is not known of it, in words.
 * @throws OperateError when something else of it is not known: nobody can say then which way people go.
 */
export function definitionOf({ title, side: { definition } }: ProjectFlow): { definition: Dict; doubts: string[] } {
  const { known, doubts } = withKnownTexts(definition);
  if (known !== undefined) return { definition: known, doubts };
  const paths = unknownPaths(definition["actions"], ["actions"]).map(formatPath);
  throw new OperateError({
    what: `“${title}” cannot be simulated: what decides which way people go is known only during pulumi up`,
    why: `These values are not known yet: ${listWords(paths.slice(0, SHOWN), "and")}`,
    fix: "Name the stack with --stack if they are in its configuration, or simulate the flow as deployed, by its id in PostHog",
  });
}

function unknownPaths(value: unknown, path: Path): Path[] {
  if (isUnknown(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => unknownPaths(item, [...path, i]));
  return isDict(value) ? Object.entries(value).flatMap(([key, item]) => unknownPaths(item, [...path, key])) : [];
}

/** The error for a name that nobody has. `elsewhere`: why it is not found outside of the program either. */
export function unknownProjectFlow(flows: readonly ProjectFlow[], text: string, elsewhere: string): OperateError {
  const near = nearest(
    text,
    flows.flatMap(({ name, title }) => [name, title]),
  );
  const why = [
    flows.length === 0 ? "The program makes no flows." : `Flows of the program:\n${firstLines(flows.map(line))}`,
    `Outside of the program: ${elsewhere}`,
  ];
  return new OperateError({
    what: `There is no flow named "${text}" in the program`,
    why: `${why.join("\n")}\n`,
    fix: near === undefined ? "Name one of these flows, or a JSON file with a flow" : `Did you mean "${near}"?`,
  });
}

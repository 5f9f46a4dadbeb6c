// Whose a flow is, by the fuzz's own book: the last marker of its description, who has it in state, and what a program was allowed to take over.
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.resolve(import.meta.dirname, "../../package.json"));
const marker: any = require("./dist/definition/canonical/marker.js");

/** A Pulumi project and a stack of it. */
export interface Identity {
  project: string;
  stack: string;
}

/** The two tokens of a marker. */
export interface Mark {
  stack: string;
  own: string;
}

export const SCHEDULE = "pulumi-nodejs:dynamic/posthog:HogFlowSchedule";
const FLOW = "pulumi-nodejs:dynamic/posthog:HogFlow";
const MARK = /\[hogflow ([0-9a-f]{12}) ([0-9a-f]{12})\]/g;

export const identityText = ({ project, stack }: Identity): string => `${project}/${stack}`;
/** What all URNs of a stack begin with. */
export const stackUrn = ({ project, stack }: Identity): string => `urn:pulumi:${stack}::${project}::`;
export const urnOf = (identity: Identity, name: string, type = FLOW): string => `${stackUrn(identity)}${type}::${name}`;

export function lastMark(description: unknown): Mark | undefined {
  const found = typeof description === "string" ? [...description.matchAll(MARK)].at(-1) : undefined;
  return found && { stack: found[1]!, own: found[2]! };
}

/** The line that the provider writes for this resource. */
export const markerLine = (identity: Identity, name: string): string =>
  marker.markOf({ ...identity, name, urn: urnOf(identity, name) });

const known = new Map<string, Mark>();

export function markOf(identity: Identity, name: string): Mark {
  const urn = urnOf(identity, name);
  let found = known.get(urn);
  if (!found) known.set(urn, (found = lastMark(markerLine(identity, name))!));
  return found;
}

export const sameMark = (a: Mark | undefined, b: Mark | undefined): boolean =>
  a?.stack === b?.stack && a?.own === b?.own;

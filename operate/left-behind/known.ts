// What is known of a stack, from its state or from a preview, for the search for what is in neither.
import type { Preview } from "../review/preview";
import type { StackState } from "../stack-state";
import type { Workspace } from "../workspace";
import { acknowledgedBy, type KnownStack } from "./find";

/** `acme/shop/production` -> `production`. */
const shortName = (stack: string): string => stack.split("/").at(-1)!;

/**
 * What the state knows. A state that is empty knows nothing of its stack, which is the workspace's then.
 *
 * @returns Undefined where neither names a stack.
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * knownFromState(await readStack(workspace, { env: process.env }), workspace);
 * ```
 */
export function knownFromState(
  { resources, owner, condemned }: StackState,
  { project, stack }: Pick<Workspace, "project" | "stack">,
): KnownStack | undefined {
  const of = owner ?? (project === undefined || stack === undefined ? undefined : { project, stack: shortName(stack) });
  if (of === undefined) return undefined;
  const known = resources.map(({ kind, name, urn, id, inputs, outputs }) => ({
    kind,
    name,
    urn,
    id,
    host: outputs["host"],
    projectId: outputs["projectId"],
    acknowledged: acknowledgedBy(inputs, outputs),
    ...(typeof outputs["markerTokens"] === "string" ? { marker: outputs["markerTokens"] } : {}),
  }));
  return { ...of, resources: known, ...(condemned === undefined ? {} : { condemned }) };
}

/**
 * What a preview knows: what is in the state, and what the next `up` makes.
 *
 * @returns Undefined where the preview leaves out what stays, so that nobody can tell what is in the state.
 * @example
 * ```ts
 * knownFromPreview(parsePreview(await runPreview(openWorkspace(), { env: process.env })));
 * ```
 */
export function knownFromPreview({ stack, isWhole, resources }: Preview): KnownStack | undefined {
  const [, project, name] = /^([^/]+)\/(.+)$/.exec(stack ?? "") ?? [];
  if (!isWhole || project === undefined || name === undefined) return undefined;
  const known = resources.map(({ kind, name: resource, urn, id, before, after }) => ({
    kind,
    name: resource,
    urn,
    ...(id === undefined ? {} : { id }),
    host: (after ?? before)?.["host"],
    projectId: (after ?? before)?.["projectId"],
    acknowledged: acknowledgedBy(before, after),
  }));
  return { project, stack: name, resources: known };
}

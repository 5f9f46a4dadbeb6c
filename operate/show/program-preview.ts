// What a change of the program does, without an engine and a state: two runs of it as a preview. Where there is one run alone, everything stays as it is.
import { getAt, parsePath } from "../../definition/canonical/paths";
import { secretPathsOf } from "../../definition/canonical/secrets";
import { same, type Dict } from "../../definition/canonical/values";
import { archivesOnDelete } from "../../provider/flow/outputs";
import { masked } from "../mask";
import type { CheckedProgram, ProgramResource } from "../program/validate-program";
import type { Preview, PreviewedResource } from "../review/preview";
import { reasonOf } from "../review/undescribed";

type Made = Pick<CheckedProgram, "resources">;

/** What two runs need not have in common for a resource to stay: it says where things are, not what they are. */
const NOTES: ReadonlySet<string> = new Set(["secretPaths", "owner", "marker"]);

/**
 * What `after` makes, as a preview shows it.
 *
 * @param before The same program at another time. Absent: nothing is compared, and each resource stays.
 */
export function programPreview(after: Made, before?: Made): Preview {
  const old = new Map((before?.resources ?? []).map((resource) => [keyOf(resource), resource]));
  const fresh = new Map(after.resources.map((resource) => [keyOf(resource), resource]));
  // A flow keeps its URN where the project or the stack has another name.
  const urns = new Map([...old].map(([key, { urn }]) => [urn, fresh.get(key)?.urn ?? urn]));
  const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(after.resources[0]?.urn ?? "") ?? [];
  return {
    ...(stack === undefined ? {} : { stack: `${project}/${stack}` }),
    isWhole: true,
    resources: [
      ...after.resources.map((resource) =>
        previewed(resource, before === undefined ? resource : old.get(keyOf(resource)), resource),
      ),
      ...[...old]
        .filter(([key]) => !fresh.has(key))
        .map(([, resource]) => ({
          ...previewed(resource, resource, undefined),
          ...(resource.flowUrn === undefined ? {} : { flowUrn: urns.get(resource.flowUrn) ?? resource.flowUrn }),
        })),
    ],
    problems: [],
    warnings: [],
    otherChanges: 0,
  };
}

/** Kind, parents and name: what a resource is known by in its stack. */
const keyOf = ({ urn }: ProgramResource): string => urn.split("::").slice(2).join("::");

function previewed(
  { kind, name, urn, flowUrn }: ProgramResource,
  before: ProgramResource | undefined,
  after: ProgramResource | undefined,
): PreviewedResource {
  const about = { kind, name, urn, ...(flowUrn === undefined ? {} : { flowUrn }) };
  try {
    return {
      ...about,
      fate:
        before === undefined
          ? "create"
          : after === undefined
            ? "delete"
            : same(content(before), content(after))
              ? "same"
              : "update",
      ...(before === undefined ? {} : { before: masked(before.inputs) }),
      ...(after === undefined ? {} : { after: masked(after.inputs) }),
      ...(after === undefined ? { end: archivesOnDelete(before?.inputs ?? {}) ? "archived" : "deleted" } : {}),
      changedSecrets: before && after ? changedSecrets(before.inputs, after.inputs) : [],
    };
  } catch (error) {
    return { ...about, fate: after === undefined ? "delete" : "update", changedSecrets: [], error: reasonOf(error) };
  }
}

const content = ({ inputs }: ProgramResource): Dict =>
  Object.fromEntries(Object.entries(inputs).filter(([key]) => !NOTES.has(key)));

const changedSecrets = (before: Dict, after: Dict): string[] =>
  secretPathsOf(after).filter((text) => {
    const path = parsePath(text);
    return path !== undefined && !same(getAt(before, path), getAt(after, path));
  });

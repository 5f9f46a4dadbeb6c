// The flows and schedules of a stack, from what `pulumi stack export` prints. With --show-secrets its secrets are readable, and are known as secrets
// here all the same; without, they are `[secret]`, and nobody can compare them.
import { nameIn, RESOURCE_KINDS } from "../definition/resource-types";
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, isMarked, own, put, type Dict } from "../definition/canonical/values";
import { OperateError } from "./errors";
import { refuseTooDeep } from "./flow-file";
import { runPulumi, type PulumiOptions } from "./pulumi";
import { SECRET } from "../definition/canonical/secrets";
import type { Workspace } from "./workspace";

/** A flow or schedule in the state of a stack. */
export interface StackResource {
  kind: "flow" | "schedule";
  /** Logical name in the program. */
  name: string;
  urn: string;
  /** Id in PostHog; `<flow id>/<schedule id>` of a schedule. */
  id: string;
  inputs: Dict;
  outputs: Dict;
  /** How the program writes a flow: as `steps`, or as `actions` or `definition`; absent where the state does not say. */
  form?: "steps" | "keyed";
  /** Paths in the outputs that hold secrets. */
  secretPaths: string[];
  /** Those of them that are encrypted in this export, and are `[secret]` here. */
  encrypted: string[];
}

/** What a stack's state says of flows and schedules. */
export interface StackState {
  resources: StackResource[];
  /** Project and stack, without an organisation; absent in a state that holds nothing at all. */
  owner?: { project: string; stack: string };
  /** Ids of what an interrupted replacement still has to delete. */
  condemned?: string[];
}

/**
 * Reads the output of `pulumi stack export`, with or without `--show-secrets`.
 *
 * @throws OperateError when it is something else.
 * @example
 * ```ts
 * parseStackExport('{ "version": 3, "deployment": { "resources": [] } }').resources; // []
 * ```
 */
export function parseStackExport(text: string): StackState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  refuseTooDeep(value, "The state of the stack");
  const deployment = own(value, "deployment");
  if (!isDict(deployment))
    throw new OperateError({
      what: "This is not the state of a stack",
      why: "A JSON object with `deployment` was expected",
      fix: "Make it with: pulumi stack export --show-secrets",
    });
  const resources = Array.isArray(deployment["resources"]) ? deployment["resources"] : [];
  const owner = resources.map(ownerIn).find((found) => found !== undefined);
  const condemned = resources.flatMap((resource) =>
    isDict(resource) &&
    resourceKind(resource["type"]) &&
    resource["delete"] === true &&
    typeof resource["id"] === "string"
      ? [resource["id"]]
      : [],
  );
  return {
    resources: resources.flatMap((resource) => (isDict(resource) ? managed(resource) : [])),
    ...(owner ? { owner } : {}),
    ...(condemned.length > 0 ? { condemned } : {}),
  };
}

const resourceKind = (type: unknown): StackResource["kind"] | undefined =>
  typeof type === "string" ? RESOURCE_KINDS[type] : undefined;

/** Every name in a state begins with stack and project. */
function ownerIn(resource: unknown): StackState["owner"] {
  const [, stack, project] = /^urn:pulumi:((?:(?!::).)+)::((?:(?!::).)+)::/s.exec(String(own(resource, "urn"))) ?? [];
  return stack === undefined || project === undefined ? undefined : { project, stack };
}

/** What is deleted only on paper, as an interrupted replacement leaves it, is not a resource of the program. */
function managed({
  type,
  urn,
  id,
  inputs,
  outputs,
  delete: isCondemned,
  external,
  propertyDependencies,
}: Dict): StackResource[] {
  const kind = resourceKind(type);
  if (!kind || typeof urn !== "string" || typeof id !== "string" || isCondemned === true || external === true)
    return [];
  const notes = { secretPaths: new Set<string>(), encrypted: new Set<string>() };
  const shown = (side: unknown): Dict => {
    const { __provider: _, __schedules: _names, ...rest } = isDict(side) ? side : {};
    return revealed(rest, [], notes) as Dict;
  };
  const sides = { inputs: shown(inputs), outputs: shown(outputs) };
  // Only steps have places in the program, and the state keeps the names of all arguments that were sent.
  const form =
    kind === "flow" && isDict(propertyDependencies)
      ? { form: Object.hasOwn(propertyDependencies, "sources") ? ("steps" as const) : ("keyed" as const) }
      : {};
  return [
    {
      kind,
      ...form,
      name: nameIn(urn),
      urn,
      id,
      ...sides,
      secretPaths: [...notes.secretPaths],
      encrypted: [...notes.encrypted],
    },
  ];
}

function revealed(value: unknown, path: Path, notes: { secretPaths: Set<string>; encrypted: Set<string> }): unknown {
  if (isMarked(value)) {
    notes.secretPaths.add(formatPath(path));
    const plaintext = own(value, "plaintext");
    if (typeof plaintext === "string") return JSON.parse(plaintext);
    notes.encrypted.add(formatPath(path));
    return SECRET;
  }
  if (Array.isArray(value)) return value.map((item, i) => revealed(item, [...path, i], notes));
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, revealed(item, [...path, key], notes));
  return out;
}

/**
 * The state of the workspace's stack, by asking `pulumi`.
 *
 * @param options `secrets`: read their values, too, which needs what the stack's secrets provider needs (a passphrase, for example). Default false.
 * @throws OperateError without a project or a stack, or when `pulumi` fails.
 * @example
 * ```ts
 * const state = await readStack(openWorkspace(), { env: process.env });
 * ```
 */
export async function readStack(
  { dir, project, stack }: Workspace,
  { secrets = false, env, signal }: { secrets?: boolean } & Pick<PulumiOptions, "env" | "signal">,
): Promise<StackState> {
  if (project === undefined)
    throw new OperateError({
      what: "There is no Pulumi project here",
      why: `Neither ${dir} nor a folder above it has a Pulumi.yaml`,
      fix: "Run this in the folder of the project, or name it with --cwd",
    });
  if (stack === undefined)
    throw new OperateError({ what: "No stack is selected", fix: "Name one with --stack, or run: pulumi stack select" });
  const args = ["stack", "export", "--stack", stack, "--non-interactive", ...(secrets ? ["--show-secrets"] : [])];
  const { stdout } = await runPulumi(args, {
    cwd: dir,
    env,
    signal,
    why: `The state of stack ${stack} says what was deployed`,
  });
  return parseStackExport(stdout);
}

/** The flows of a stack with this logical name, title, or id in PostHog. */
export const flowsNamed = ({ resources }: StackState, text: string): StackResource[] =>
  resources.filter(
    ({ kind, name, id, outputs }) => kind === "flow" && (name === text || id === text || outputs["name"] === text),
  );

/**
 * The flow with this logical name, this title, or this id in PostHog.
 *
 * @throws OperateError when the stack has no such flow, or more than one; it names those that there are.
 * @example
 * ```ts
 * const state = await readStack(openWorkspace(), { env: process.env });
 * flowIn(state, "onboarding").id;
 * ```
 */
export function flowIn(state: StackState, text: string): StackResource {
  const [found, ...more] = flowsNamed(state, text);
  if (found && more.length === 0) return found;
  if (found)
    throw new OperateError({
      what: `"${text}" may mean ${more.length + 1} flows of the stack: ${[found, ...more].map(({ name, id }) => `${name} (${id})`).join(", ")}`,
      fix: "Give the id of the one you mean",
    });
  const known = state.resources.flatMap(({ kind, name }) => (kind === "flow" ? [name] : []));
  throw new OperateError({
    what: `The stack has no flow "${text}"`,
    fix: known.length === 0 ? "It has no flows at all; was `pulumi up` run?" : `Its flows are ${known.join(", ")}`,
  });
}

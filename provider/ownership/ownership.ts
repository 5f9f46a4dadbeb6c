// Who owns a live flow: the last marker in its description decides, and without one whoever has the flow in a state. Nobody but its owner changes or
// deletes a flow, unless the program names whom it takes the flow over from.
import {
  markerOf,
  parseOwner,
  stackToken,
  tokensOf,
  tokensOfOwner,
  type Marker,
  type Owner,
} from "../../definition/canonical/marker";
import type { FlowFlags } from "../../definition/flags";
import { adoptError, heldByAnother, plainError } from "../errors";
import type { FlowInputs, FlowState } from "../flow/state";
import type { Session } from "../session";
import { settingName } from "../../definition/setting-names";
import type { TargetSettings } from "../../definition/target";

/** What a resource says of a flow: whom it takes for the owner, and from whom it may take the flow over. */
export interface Claim {
  owners: Owner[];
  /** `<project>/<stack>` each. */
  from: string[];
  /** What `adoptFrom` says in the state: it has been used. */
  used?: unknown;
}

/** Why a flow is left alone, and what can be done about it. */
export interface Refusal {
  what: string;
  why: string;
  fix: string;
}

/** The stack configuration that permits taking over for a whole stack, as `adoptFrom` does for one resource. */
const ADOPT_FROM = "posthog:adoptFrom";

const given = (texts: readonly unknown[]): string[] =>
  texts.filter((text): text is string => typeof text === "string" && text.trim() !== "").map((text) => text.trim());
const ownersOf = (texts: readonly unknown[]): Owner[] => texts.map(parseOwner).filter((owner) => owner !== undefined);
const stackOf = ({ project, stack }: Owner): string => `${project}/${stack}`;

/** The owner that a resource states. */
type Named = Pick<FlowFlags, "owner" | "adoptFrom">;
type Owned = Pick<FlowState, "owner" | "adoptFrom" | "pendingWrite">;

/** Of a resource that adopts a flow, or has one. */
export const claimOf = (inputs: Named, { config }: Pick<TargetSettings, "config"> = { config: {} }): Claim => ({
  owners: ownersOf([inputs.owner]),
  from: given([inputs.adoptFrom, config[ADOPT_FROM]]),
});

/** The owners that a state knows of: a write with an unknown outcome may have made the flow the program's already. */
export const claimOfState = ({ owner, pendingWrite }: Owned): Claim => ({
  owners: ownersOf([owner, pendingWrite?.owner]),
  from: [],
});

/** Whether somebody permits only now to take a flow over: the permission holds for the update in which it is new, and until that has come to an end. */
const isNewlyPermitted = (olds: Owned, news: Named): boolean =>
  news.adoptFrom !== undefined && (news.adoptFrom !== olds.adoptFrom || olds.pendingWrite !== undefined);

/** Of a resource that exists. The stack's configuration counts for it only while its state still belongs to the stack that is named there. */
export function claimOfUpdate(olds: Owned, news: Named, { config }: Pick<TargetSettings, "config">): Claim {
  const before = parseOwner(olds.owner);
  const from = given([
    isNewlyPermitted(olds, news) ? news.adoptFrom : undefined,
    ...given([news.adoptFrom, config[ADOPT_FROM]]).filter((text) => before && text === stackOf(before)),
  ]);
  return { owners: [...claimOfState(olds).owners, ...ownersOf([news.owner])], from, used: olds.adoptFrom };
}

/** What to set `adoptFrom` to. It holds once: where the stack was named before, the resource is named, too, which means the same. */
const permissionWords = (stack: string, name: string | undefined, used: unknown): string =>
  `adoptFrom: ${JSON.stringify(used === stack && name !== undefined ? `${stack}/${name}` : stack)}${used === undefined ? "" : ` (the current value has been used: it works for one update)`}`;

/** Whether the flow is to be looked at before it is changed: its owner changes, or is not certain. */
export function isOwnerInDoubt(olds: FlowState, news: Named, { owners }: Claim): boolean {
  const marked = olds.answer.markerTokens;
  return (
    olds.owner !== news.owner ||
    isNewlyPermitted(olds, news) ||
    (marked !== undefined && !owners.some((owner) => tokensOfOwner(owner) === marked))
  );
}

/** The marker of somebody else. */
export function foreignMarker(description: unknown, { owners }: Pick<Claim, "owners">): Marker | undefined {
  const marker = markerOf(description);
  return marker && !owners.some((owner) => tokensOfOwner(owner) === tokensOf(marker)) ? marker : undefined;
}

/** Project and stack that a marker names, where its sentence still fits its tokens. */
function stackNamed({ stack, says }: Marker, owners: readonly Owner[]): string | undefined {
  const [project = "", name = ""] = says?.split("/") ?? [];
  if (stackToken({ project, stack: name }) === stack) return `${project}/${name}`;
  const own = owners.find((owner) => stackToken(owner) === stack);
  return own && stackOf(own);
}

/** The owner in words. */
export function ownerWords(marker: Marker, owners: readonly Owner[] = []): string {
  const stack = stackNamed(marker, owners);
  if (stack === undefined) return "an owner that was removed from the marker";
  return marker.says?.startsWith(`${stack}/`) ? marker.says : `another resource of ${stack}`;
}

/** The token of the stack that a permission names. */
function tokenNamed(text: string): string {
  const [project = "", stack = ""] = text.split("/");
  return stackToken({ project, stack });
}

/** The resource under the names of the stacks that it may take flows over from: a stack that was renamed had them under its old one. */
export function formerOwners(owner: Owner, { from }: Claim): Owner[] {
  const resource = owner.urn.slice(`urn:pulumi:${owner.stack}::${owner.project}`.length);
  const urns = from.map((text) => {
    const [project, stack] = text.split("/");
    return `urn:pulumi:${stack}::${project}${resource}`;
  });
  return ownersOf(urns);
}

const permits = ({ from }: Claim, marker: Marker): boolean => from.some((text) => tokenNamed(text) === marker.stack);

/** Why the flow with this description may not be changed, or nothing. `adopts`: the resource does not have it yet. */
export function ownerRefusal(
  id: string,
  description: unknown,
  claim: Claim,
  { adopts = false } = {},
): Refusal | undefined {
  const marker = foreignMarker(description, claim);
  if (!marker || permits(claim, marker)) return undefined;
  const stack = stackNamed(marker, claim.owners);
  const isOwnStack = claim.owners.some((owner) => stackToken(owner) === marker.stack);
  const name =
    stack !== undefined && marker.says?.startsWith(`${stack}/`) ? marker.says.slice(stack.length + 1) : undefined;
  return {
    what: `flow ${id} is managed by ${ownerWords(marker, claim.owners)}, as the marker in its description says`,
    why: "Two owners would undo each other's changes, and each could delete the other's flow",
    fix: [
      stack === undefined
        ? ""
        : `To take it over on purpose, set ${permissionWords(stack, name, claim.used)}${adopts && !isOwnStack ? `, or for all flows of this stack: pulumi config set ${settingName("adoptFrom")} ${stack}` : ""}. `,
      isOwnStack && adopts && name !== undefined
        ? `If the resource was renamed, remove \`adopt\` and keep its flow with the resource option aliases: [{ name: ${JSON.stringify(name)} }]. `
        : "",
      "If the flow is a copy made in PostHog's editor, remove the last line of its description there",
    ].join(""),
  };
}

/** A refusal in sentences. */
export const refusalText = ({ what, why, fix }: Refusal): string =>
  `${what[0]!.toUpperCase()}${what.slice(1)}. ${why}. ${fix}.`;
/** A refusal before anything was written. */
export const ownerError = (refusal: Refusal): Error => plainError(`${refusalText(refusal)} Nothing was written.`);

/** Throws when the flow is somebody else's. */
export function refuseForeign(
  flow: { id: string; description?: unknown },
  claim: Claim,
  options: { adopts?: boolean } = {},
): void {
  const refusal = ownerRefusal(flow.id, flow.description, claim, options);
  if (refusal) throw ownerError(refusal);
}

/** What is said once a flow was taken over from another owner; not of a resource that was renamed within its stack. */
export function takeoverNote(id: string, description: unknown, claim: Claim): string | undefined {
  const now = claim.owners.at(-1);
  const marker = foreignMarker(description, { owners: now ? [now] : [] });
  if (!marker || (now && stackToken(now) === marker.stack && !foreignMarker(description, claim))) return undefined;
  return `Took over flow ${id} from ${ownerWords(marker, claim.owners)}. Remove adoptFrom, or ${settingName("adoptFrom")} from the stack's configuration, once everything has moved.`;
}

/** A state that belongs to another project or stack than the program: they were renamed, or the state was moved or imported here. */
export function stateRefusal(olds: Owned, news: Named, settings: Pick<TargetSettings, "config">): Refusal | undefined {
  const before = parseOwner(olds.owner);
  const now = parseOwner(news.owner);
  if (
    !before ||
    !now ||
    stackOf(before) === stackOf(now) ||
    claimOfUpdate(olds, news, settings).from.includes(stackOf(before))
  )
    return undefined;
  return {
    what: `the state of this resource belongs to ${stackOf(before)}/${before.name}, but the program runs as ${stackOf(now)}`,
    why: `The project or the stack was renamed, or the state was moved or imported here. While ${stackOf(before)} manages the flow, a second stack would undo its changes, and could delete the flow`,
    fix: `If ${stackOf(now)} should manage it from now on, set adoptFrom: "${stackOf(before)}", or for the whole stack: pulumi config set ${settingName("adoptFrom")} ${stackOf(before)}; and remove it after the next up. If the state is a copy, remove the resource from it with pulumi state delete`,
  };
}

/** A flow that the last refresh found in other hands. */
export function takenRefusal(
  olds: FlowState,
  news: Named,
  settings: Pick<TargetSettings, "config">,
): Refusal | undefined {
  const by = olds.takenBy;
  if (typeof by !== "string") return undefined;
  const stack = /^[^/\s]+\/[^/\s]+(?=\/)/.exec(by)?.[0];
  if (
    stack !== undefined &&
    claimOfUpdate(olds, news, settings).from.some((text) => text === stack || text.startsWith(`${stack}/`))
  )
    return undefined;
  return {
    what: `this flow is managed by ${by} now, as the last refresh found`,
    why: "Two owners would undo each other's changes, and each could delete the other's flow",
    fix: `${stack === undefined ? "" : `To take it back, set ${permissionWords(stack, by.slice(stack.length + 1), olds.adoptFrom)}. `}If the other owner is right, remove the resource from this program: the flow is left alone. If its marker is a mistake, remove the last line of its description in PostHog's editor and run pulumi refresh`,
  };
}

/** Whether the marker is of the stack that this run is of, as far as a program has said it. */
export const isOfRun = (marker: Marker | undefined, { program }: Session): boolean =>
  marker !== undefined && program !== undefined && marker.stack === stackToken(program);

/** Why a schedule's state is another stack's, although its names are this one's: they were rewritten for an import. Its token stays what it was. */
export function rewrittenState(
  props: Named & { stackToken?: string },
  { config }: Pick<TargetSettings, "config">,
): string | undefined {
  const owner = parseOwner(props.owner);
  const made = props.stackToken;
  if (!owner || typeof made !== "string" || made === stackToken(owner)) return undefined;
  if (given([config[ADOPT_FROM]]).some((text) => tokenNamed(text) === made)) return undefined;
  return `its state was imported from another stack, which manages it. If that stack has become ${stackOf(owner)}, run pulumi config set ${settingName("adoptFrom")} <project>/<stack> with its old name; otherwise remove the resource from the state with pulumi state delete, which changes nothing in PostHog.`;
}

/**
 * Why a deletion is none of this run's: its project or stack is another one than that of the state. Neither is known for certain where no program runs. The
 * stack may have been renamed, or the state copied, so the resource stays in the state until somebody says which.
 */
export function strangeRun(props: Named, { settings, program, named, ports }: Session): string | undefined {
  const owner = parseOwner(props.owner);
  if (!owner || given([props.adoptFrom, settings.config[ADOPT_FROM]]).includes(stackOf(owner))) return undefined;
  const command = ports.runningStack?.();
  const project =
    program?.project ??
    command?.project ??
    ports.env["PULUMI_PROJECT"] ??
    ports.env["PULUMI_NODEJS_PROJECT"] ??
    named?.project ??
    owner.project;
  const stack = program?.stack ?? command?.stack ?? named?.stack;
  if (project === owner.project && (stack ?? owner.stack).toLowerCase() === owner.stack.toLowerCase()) return undefined;
  return (
    `it belongs to ${stackOf(owner)}, and this run is of ${project}/${stack ?? "another stack"}. If that is the new name of the stack, run pulumi config set ${settingName("adoptFrom")} ${stackOf(owner)} and pulumi up, then delete it. ` +
    "If this state is a copy of the other stack's, remove the resource from it with pulumi state delete, which changes nothing in PostHog."
  );
}

/** The resource that has a flow. Without a marker, its title has to do. */
export const holderOf = ({ owner, content }: FlowInputs): unknown => owner ?? content["name"];

/** Whether another resource of this program has the flow, or adopts it. */
export function isHeldByAnother({ held, adopting }: Session, id: string, inputs: FlowInputs): boolean {
  return [held, adopting].some((holders) => holders.has(id) && holders.get(id) !== holderOf(inputs));
}

/** Notes that a resource of the program has this flow. One that adopts it may have been checked before. A refresh asks about others, too. */
export function hold({ held, adopting, checked }: Session, id: string, olds: FlowInputs, news: FlowInputs): void {
  if (!checked.has(holderOf(news))) return;
  const own = [holderOf(olds), holderOf(news)];
  if ([held, adopting].some((holders) => holders.has(id) && !own.includes(holders.get(id))))
    throw adoptError(heldByAnother("flow", id));
  held.set(id, holderOf(olds));
}

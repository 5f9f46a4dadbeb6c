// The layout of a flow's inputs and outputs. Outputs repeat all inputs at the same paths, because diff and read get nothing else (PDP §3).
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { SETTING_KEYS } from "../../definition/flags";
import type { WireFlow, WireFlowRow } from "../../api";
import { additionsOf, type Additions } from "../../definition/canonical/additions";
import { DEFINITION_KEYS, definitionOf, triggerTypeOf } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { deleteAt, getAt, parsePath, setAt } from "../../definition/canonical/paths";
import { markerOf, tokensOf } from "../../definition/canonical/marker";
import { withKnownSecrets } from "../../definition/canonical/secrets";
import { copy, isDict, listedTexts, type Dict } from "../../definition/canonical/values";

/** Version of this layout, in every state (design L15). */
export const STATE_VERSION = 1;

export const FLOW_INPUT_KEYS: readonly string[] = [...DEFINITION_KEYS, ...SETTING_KEYS];

export function pick(properties: Dict, keys: readonly string[]): Dict {
  const out: Dict = {};
  for (const key of keys) if (properties[key] !== undefined && properties[key] !== null) out[key] = properties[key];
  return out;
}

export const inputsOf = (properties: Dict): Dict => pick(properties, FLOW_INPUT_KEYS);

/** The part of the definition that a write of content sends; the status has its own request. */
export function contentOf(properties: Dict): Dict {
  const { status: _, ...content } = definitionOf(properties);
  return content;
}

export const additionsIn = (properties: Dict): Additions =>
  isDict(properties["serverAdditions"]) ? (properties["serverAdditions"] as Additions) : {};

/** The live content of an answer, with our own value wherever PostHog only says that it keeps a secret. */
export function liveContent(flow: WireFlow | WireFlowRow, ours: Dict): Dict {
  return withKnownSecrets(decode(flow as unknown as Dict, ours), ours);
}

/** The target with the source's values at these paths (design L17). */
export function withPathsFrom(target: Dict, source: Dict, paths: readonly string[]): Dict {
  if (paths.length === 0) return target;
  const out = copy(target);
  for (const text of paths) {
    const path = parsePath(text);
    if (!path) continue;
    const value = getAt(source, path);
    if (value === undefined) deleteAt(out, path);
    else setAt(out, path, copy(value), { create: true });
  }
  return out;
}

const HTML_OF_EMAIL = /^(.+\.inputs\.\w+\.value)\.html$/;

/** Paths that belong to PostHog's editor. Whoever has an e-mail's `html` has its `design`, too: the editor writes the first from the second. */
export const ownedPaths = (properties: Dict): string[] =>
  listedTexts(properties["editorOwns"]).flatMap((path) => {
    const value = HTML_OF_EMAIL.exec(path)?.[1];
    return value === undefined ? [path] : [path, `${value}.design`];
  });

/** The inputs for a flow that exists already: with its own values where the editor owns them and has any (design L17). */
export function withEditorsValues(inputs: Dict, flow: WireFlow | WireFlowRow): Dict {
  return withOwned(inputs, liveContent(flow, contentOf(inputs)), { news: inputs, olds: inputs });
}

/** The target with the source's values of what the editor owns. What was handed over only now, and is nowhere yet, keeps the program's first value. */
export function withOwned(target: Dict, source: Dict, { news, olds }: { news: Dict; olds: Dict }): Dict {
  const already = new Set(ownedPaths(olds));
  const paths = ownedPaths(news).filter((text) => {
    const path = parsePath(text) ?? [];
    return getAt(source, path) !== undefined || (already.has(text) && getAt(source, path.slice(0, -1)) !== undefined);
  });
  return withPathsFrom(target, source, paths);
}

/** Where people edit this flow. PostHog's own frontend builds the address so; the API does not return it. */
export const editorUrl = (host: string, projectId: string, id: string): string =>
  `${host}/project/${projectId}/workflows/${id}/workflow`;

/** Where a webhook, manual or pixel flow is called (run time §1.4): on a host of its own in PostHog Cloud, otherwise on the host itself. */
export function webhookUrl(host: string, id: string): string {
  const url = new URL(host);
  const cloud = /^(us|eu)\.posthog\.com$/.exec(url.hostname);
  return `${cloud ? `https://webhooks.${url.hostname}` : url.origin}/public/webhooks/${id}`;
}

/**
 * The status that PostHog has as far as a state can vouch for it: what a program leaves to the editor may be any by now. Whether a status is sent, and
 * what is an edit of it that nobody has seen, is decided by this one.
 */
export const knownStatus = (outs: Dict): unknown => (outs["status"] === undefined ? undefined : outs["liveStatus"]);

/** Whether a deletion archives: where that is asked for, and, unless told otherwise, where the flow was adopted, because somebody made it in PostHog. */
export const archivesOnDelete = ({ onDelete, adopted }: Dict): boolean =>
  onDelete === "archive" || (adopted === true && onDelete !== "delete");

/** Whether somebody agrees only now to overwrite an edit in PostHog, which the state knows nothing of. */
export const overwritesUnseen = (olds: Dict, news: Dict): boolean =>
  news["overwriteDrift"] !== undefined && news["overwriteDrift"] !== olds["overwriteDrift"];

export interface Attempt {
  /** Hash of what a write with an unknown outcome would have made. */
  hash: string;
  /** Version of the flow before it. */
  version: number;
  /** Whose the flow is after it, where that is another owner than the state's. */
  owner?: unknown;
}

export interface OutputsOptions {
  additions: Additions;
  attempt?: Attempt;
}

/** The outputs for these inputs, after this answer. Secrets are marked where they leave the lifecycle: flow.ts. */
export function flowOutputs(inputs: Dict, flow: WireFlow | WireFlowRow, { additions, attempt }: OutputsOptions): Dict {
  const host = String(inputs["host"]);
  const projectId = String(inputs["projectId"]);
  const staged =
    flow.draft === null || flow.draft === undefined
      ? undefined
      : { updatedAt: ("draft_updated_at" in flow ? flow.draft_updated_at : null) ?? "" };
  const trigger = triggerTypeOf(inputs["actions"]);
  const markerTokens = tokensOf(markerOf(flow.description));
  const outputs: Dict = {
    ...inputsOf(inputs),
    stateVersion: STATE_VERSION,
    liveStatus: flow.status,
    version: flow.version,
    url: editorUrl(host, projectId, flow.id),
    createdAt: flow.created_at,
    updatedAt: flow.updated_at,
    billableActionTypes: flow.billable_action_types,
    serverAdditions: additions,
    ...(markerTokens === undefined ? {} : { markerTokens }),
    ...(triggerKindOf(trigger)?.startedBy === "request" ? { webhookUrl: webhookUrl(host, flow.id) } : {}),
    ...(staged ? { stagedDraft: staged } : {}),
    ...(attempt ? { attempt } : {}),
  };
  return outputs;
}

/** The outputs after our own write: what the answer adds to it is the server's (design L2). */
export function outputsAfterWrite(inputs: Dict, sent: Dict, flow: WireFlow, more: { attempt?: Attempt } = {}): Dict {
  return flowOutputs(inputs, flow, { additions: additionsOf(sent, liveContent(flow, sent)), ...more });
}

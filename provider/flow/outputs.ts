// The outputs of a flow after an answer of PostHog's, and what they say.
import type { WireFlow, WireFlowRow } from "../../api";
import { additionsOf, type Additions } from "../../definition/canonical/additions";
import { triggerTypeOf } from "../../definition/canonical/canonical";
import { markerOf, tokensOf } from "../../definition/canonical/marker";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { liveContent } from "./content";
import { STATE_VERSION, type FlowInputs, type FlowState, type PendingWrite } from "./state";

/** Where people edit this flow. PostHog's own frontend builds the address so; the API does not return it. */
export const editorUrl = (host: string, projectId: string, id: string): string =>
  `${host}/project/${projectId}/workflows/${id}/workflow`;

/** Where a webhook, manual or pixel flow is called (run time §1.4): on a separate host in PostHog Cloud, otherwise on the host itself. */
function webhookUrl(host: string, id: string): string {
  const url = new URL(host);
  const cloud = /^(us|eu)\.posthog\.com$/.exec(url.hostname);
  return `${cloud ? `https://webhooks.${url.hostname}` : url.origin}/public/webhooks/${id}`;
}

/**
 * The status that PostHog has as far as a state can vouch for it: what a program leaves to the editor may be any by now. Whether a status is sent, and
 * what is an edit of it that nobody has seen, is decided by this one.
 */
export const knownStatus = ({ status, answer }: Pick<FlowState, "status" | "answer">): string | undefined =>
  status === undefined ? undefined : answer.liveStatus;

/** Whether a deletion archives: where that is asked for, and, unless told otherwise, where the flow was adopted, because somebody made it in PostHog. */
export const archivesOnDelete = ({ onDelete, adopted }: { onDelete?: unknown; adopted?: unknown }): boolean =>
  onDelete === "archive" || (adopted === true && onDelete !== "delete");

/** Whether somebody agrees only now to overwrite an edit in PostHog, which the state knows nothing of. */
export const overwritesUnseen = (olds: FlowInputs, news: FlowInputs): boolean =>
  news.overwriteDrift !== undefined && news.overwriteDrift !== olds.overwriteDrift;

export interface OutputsOptions {
  additions: Additions;
  pendingWrite?: PendingWrite;
}

/** The outputs for these inputs, after this answer. Secrets are marked where they leave the lifecycle: boundary.ts. */
export function flowOutputs(
  inputs: FlowInputs,
  flow: WireFlow | WireFlowRow,
  { additions, pendingWrite }: OutputsOptions,
): FlowState {
  const host = String(inputs.host);
  const staged =
    flow.draft === null || flow.draft === undefined
      ? undefined
      : { updatedAt: ("draft_updated_at" in flow ? flow.draft_updated_at : null) ?? "" };
  const trigger = triggerTypeOf(inputs.content["actions"]);
  const markerTokens = tokensOf(markerOf(flow.description));
  return {
    ...inputs,
    answer: {
      stateVersion: STATE_VERSION,
      liveStatus: flow.status,
      version: flow.version,
      url: editorUrl(host, String(inputs.projectId), flow.id),
      createdAt: flow.created_at,
      updatedAt: flow.updated_at,
      billableActionTypes: flow.billable_action_types,
      serverAdditions: additions,
      ...(markerTokens === undefined ? {} : { markerTokens }),
      ...(triggerKindOf(trigger)?.startedBy === "request" ? { webhookUrl: webhookUrl(host, flow.id) } : {}),
      ...(staged ? { stagedDraft: staged } : {}),
    },
    pendingWrite,
  };
}

/** The outputs after our own write: what the answer adds to it is the server's (design L2). */
export const outputsAfterWrite = (inputs: FlowInputs, flow: WireFlow, pendingWrite?: PendingWrite): FlowState =>
  flowOutputs(inputs, flow, {
    additions: additionsOf(inputs.content, liveContent(flow, inputs.content)),
    pendingWrite,
  });

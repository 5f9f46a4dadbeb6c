// How many people a batch would reach, before it does.
import type { PostHogClient, WireBlastRadius } from "../api";
import { isDict, type Dict } from "../definition/canonical/values";
import { stepKindOf } from "../definition/schema/step-kinds";
import { OperateError } from "./errors";

/** The size of an audience. */
export interface Audience {
  /** People (or groups) that the filters match. */
  affected: number;
  /** People (or groups) of the project. */
  total: number;
  /** Largest audience that the project may have; null where PostHog names none. */
  limit: number | null;
  /** Whether a batch would leave people out. */
  overLimit: boolean;
}

/** How an audience is counted. */
export interface AudienceOptions {
  /** Counts people who share an address once. */
  dedupe?: "email";
  /** Whether the flow sends e-mail. Default false. */
  sendsEmail?: boolean;
}

/**
 * Counts the audience of filters. Needs the scope `person:read`. Changes nothing.
 *
 * @param filters Of a batch trigger, such as `{ properties: [{ key: "plan", value: ["free"], operator: "exact", type: "person" }] }`.
 * @example
 * const { affected, total } = await countAudience(client, { properties: [{ key: "plan", value: ["free"], operator: "exact", type: "person" }] });
 */
export async function countAudience(
  client: PostHogClient,
  filters: Dict,
  { dedupe, sendsEmail }: AudienceOptions = {},
): Promise<Audience> {
  const group = filters["audience_type"] === "accounts" ? filters["group_type_index"] : undefined;
  const { affected, total, limit }: WireBlastRadius = await client.userBlastRadius({
    filters,
    ...(typeof group === "number" ? { group_type_index: group } : {}),
    ...(dedupe === undefined ? {} : { dedupe_key: dedupe }),
    ...(sendsEmail ? { sends_email: true } : {}),
  });
  return { affected, total, limit, overLimit: limit !== null && affected > limit };
}

/**
 * The audience filters of a flow, and whether it sends e-mail.
 *
 * @throws OperateError when the flow has no batch trigger.
 *
 * @example
 * const { filters, sendsEmail } = audienceOf(await client.getFlow(flowId));
 */
export function audienceOf(flow: { name?: unknown; actions?: unknown }): { filters: Dict; sendsEmail: boolean } {
  const steps = Array.isArray(flow.actions) ? flow.actions.filter(isDict) : [];
  const trigger = steps.find((step) => step["type"] === "trigger");
  const config = isDict(trigger?.["config"]) ? trigger["config"] : {};
  if (config["type"] !== "batch") {
    throw new OperateError({
      what: `The flow "${String(flow.name ?? "")}" has no audience`,
      why: `Its trigger is of type ${String(config["type"] ?? "unknown")}, and only a batch trigger has one`,
    });
  }
  return {
    filters: isDict(config["filters"]) ? config["filters"] : {},
    sendsEmail: steps.some((step) => stepKindOf(step["type"])?.channel === "email"),
  };
}

// What only PostHog knows and a reviewer wants to: how many people came by the steps that change, and how many a batch audience has. Read only.
import { encode } from "../../definition/canonical/encode";
import { triggerOf } from "../../definition/canonical/canonical";
import { containsUnknown, isDict, own, same, type Dict } from "../../definition/canonical/values";
import type { PostHogClient } from "../../api";
import { SECRET } from "../../definition/canonical/secrets";
import type { Review } from "./review";
import { reasonOf } from "./undescribed";

/** Days that the counts are about. */
export const TRAFFIC_DAYS = 7;
/** Most requests of one review, so that a large change leaves the key's hourly limit (API §6.4) to others. */
const MOST_REQUESTS = 60;

export interface Traffic {
  /** Runs that came through the step in the last days. */
  passed: number;
  /** Of these, the ones in which it failed. */
  failed: number;
}

/** Size of a batch audience before and after. */
export interface AudienceSize {
  before?: number;
  after?: number;
  /** All people, or accounts, of the project. */
  total?: number;
  /** Most that the project may send to at once; above it PostHog refuses the batch. */
  limit?: number;
}

/** What PostHog knows about what changes. */
export interface Facts {
  /** By URN of the flow, then by id of the step. */
  traffic: Map<string, Map<string, Traffic>>;
  /** By URN of the flow. */
  audiences: Map<string, AudienceSize>;
  /** What could not be read, in words. */
  missing: string[];
}

export type FactsClient = Pick<PostHogClient, "getMetricTotals" | "userBlastRadius">;

/**
 * Reads the facts for a review. Never throws: what cannot be read is named in `missing`, and the review goes without.
 *
 * @example
 * ```ts
 * const review = reviewOf(parsePreview(readFileSync("preview.json", "utf8")), { now: Date.now() });
 * const facts = await factsFor(review, client);
 * renderReview(review, { facts });
 * facts.missing; // []
 * ```
 */
export async function factsFor(review: Review, client: FactsClient): Promise<Facts> {
  const facts: Facts = { traffic: new Map(), audiences: new Map(), missing: [] };
  let requests = 0;
  const read = async <T>(request: () => Promise<T>): Promise<T | undefined> => {
    requests += 1;
    if (requests > MOST_REQUESTS) return undefined;
    try {
      return await request();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!facts.missing.includes(why)) facts.missing.push(why);
      return undefined;
    }
  };
  for (const { resource, fate, change } of review.flows) {
    if (resource.id !== undefined && fate !== "create") {
      const touched = change.steps.filter(({ kind }) => kind !== "added");
      const counts = new Map<string, Traffic>();
      for (const { id } of touched) {
        const answer = await read(() =>
          client.getMetricTotals(resource.id!, { after: `-${TRAFFIC_DAYS}d`, instance_id: id }),
        );
        if (answer) counts.set(id, trafficOf(answer.totals));
      }
      facts.traffic.set(resource.urn, counts);
    }
    const size = await audienceOf(resource.before, resource.after, (filters) =>
      read(() => client.userBlastRadius({ filters })),
    ).catch((error: unknown) => void facts.missing.push(`${resource.name}: ${reasonOf(error)}`));
    if (size) facts.audiences.set(resource.urn, size);
  }
  if (requests > MOST_REQUESTS)
    facts.missing.push(`Only the first ${MOST_REQUESTS} counts were read, to save the rate limit.`);
  return facts;
}

/** A step counts what it let through, what failed and whom its filter skipped (run time §8). */
function trafficOf(totals: Record<string, number>): Traffic {
  const count = (name: string): number => totals[name] ?? 0;
  const failed = count("failed") + count("inputs_failed");
  return { passed: count("succeeded") + count("filtered") + failed, failed };
}

type Counted = { affected: number; total: number; limit: number | null } | undefined;

async function audienceOf(
  before: Dict | undefined,
  after: Dict | undefined,
  count: (filters: Dict) => Promise<Counted>,
): Promise<AudienceSize | undefined> {
  const [was, is] = [batchFilters(before), batchFilters(after)];
  if (is === undefined || same(was, is)) return undefined;
  const fresh = await count(is);
  const old = was === undefined ? undefined : await count(was);
  if (fresh === undefined) return undefined;
  return {
    after: fresh.affected,
    total: fresh.total,
    ...(fresh.limit === null ? {} : { limit: fresh.limit }),
    ...(old ? { before: old.affected } : {}),
  };
}

/** The filters as they are sent; none when the trigger is another, or they are not known or hidden. */
function batchFilters(definition: Dict | undefined): Dict | undefined {
  const trigger = triggerOf(definition?.["actions"]);
  if (definition === undefined || own(trigger?.step["config"], "type") !== "batch") return undefined;
  const wire = (encode({ actions: { [trigger!.id]: { ...trigger!.step, next: undefined } } })["actions"] as Dict[])[0];
  const filters = own(own(wire, "config"), "filters");
  return isDict(filters) && !containsUnknown(filters) && !JSON.stringify(filters).includes(SECRET)
    ? filters
    : undefined;
}

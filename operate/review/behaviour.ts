// What a change means for the people that a project keeps: both versions of each flow are simulated for them.
import { containsUnknown } from "../../definition/canonical/values";
import type { FlowReview, Review } from "./review";
import type { KeptPerson } from "../simulate";
import { differencesText, linesByText } from "../../simulator/report/difference";

/** Sentences by the resource's URN; flows whose people notice nothing say so. */
export type Behaviour = ReadonlyMap<string, readonly string[]>;

/**
 * Compares the flows that change.
 *
 * @example
 * ```ts
 * const review = reviewOf(parsePreview(readFileSync("preview.json", "utf8")), { now: Date.now() });
 * const behaviour = await behaviourOf(review, readPeople("people"));
 * behaviour.get(review.flows[0]!.resource.urn); // ["free plan: no longer gets *Pro tips*; gets *Upgrade* on day 3"]
 * ```
 */
export async function behaviourOf(review: Review, people: readonly KeptPerson[]): Promise<Behaviour> {
  const found = new Map<string, readonly string[]>();
  for (const flow of review.flows) {
    const mine = people.filter(
      ({ flows }) => flows === undefined || flows.includes(flow.resource.name) || flows.includes(flow.title),
    );
    if (flow.fate === "update" && mine.length > 0) found.set(flow.resource.urn, await sentences(flow, mine));
  }
  return found;
}

async function sentences(
  { resource: { before, after } }: FlowReview,
  people: readonly KeptPerson[],
): Promise<string[]> {
  if (before === undefined || after === undefined) return [];
  if (containsUnknown(before["actions"]) || containsUnknown(after["actions"]))
    return ["Not simulated: some values are known only during `pulumi up`."];
  const [{ differencesBetween }, { DoesNotStart }] = await Promise.all([
    import("../../testing/many.js"),
    import("../../simulator/world/trigger.js"),
  ]);
  const noticed = people.flatMap(({ name, scenario, flows }) => {
    try {
      return [{ name, text: differencesText(differencesBetween(before, after, scenario)) }];
    } catch (error) {
      // A person who is kept for another flow does not start this one.
      if (error instanceof DoesNotStart && flows === undefined) return [];
      return [{ name, text: `cannot be simulated: ${error instanceof Error ? error.message : String(error)}` }];
    }
  });
  const lines = linesByText(noticed);
  return lines.length > 0 ? lines : ["The change makes no difference for the people in this project."];
}

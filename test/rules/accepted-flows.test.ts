// What PostHog has, passes: the flows of the API reference, and random ones with everything that its editor makes. Warnings are another matter.
import { describe, expect, it } from "vitest";
import { keyed } from "../../definition/canonical/decode";
import type { Dict } from "../../definition/canonical/values";
import { examineFlow } from "../../rules/examine-flow";
import { randomFlow } from "../support/random-flow";
import { REFERENCE_FLOWS } from "../support/reference-flows";

const ROW_SCOPED = ["data-warehouse-table", "data-warehouse-view", "internal-event"];

function errorsOf(sent: Dict): string[] {
  const trigger = (sent["actions"] as { type: string; config: { type: string } }[]).find(
    ({ type }) => type === "trigger",
  );
  // As PostHog returns it (API §2.3 row 4).
  const wire = ROW_SCOPED.includes(String(trigger?.config.type))
    ? { ...sent, exit_condition: "exit_only_at_end" }
    : sent;
  const { definition, findings } = examineFlow(keyed(wire));
  return findings
    .all(definition)
    .filter(({ severity }) => severity === "error")
    .map(({ rule, path, what }) => `${rule} at ${path}: ${what}`);
}

describe("no error in", () => {
  it.each(Object.entries(REFERENCE_FLOWS))("%s", (_name, { flow }) => expect(errorsOf(flow)).toEqual([]));

  it("500 random flows, odd ids, odd edges and unknown keys included", () => {
    for (let seed = 0; seed < 500; seed += 1)
      expect({ seed, errors: errorsOf(randomFlow(seed)) }).toEqual({ seed, errors: [] });
  });
});

// Every flow of every example is one that PostHog's worker can run, and that preview has no error against.
import { beforeAll, describe, expect, it } from "vitest";
import { definitionOf } from "../../definition/canonical/canonical";
import { build } from "../../tools/build.mjs";
import { validate, type HogFlowArgs } from "../../sdk";
import { contractBreaks, wireOf } from "../support/contract";
import { exampleFlows, FLOW_EXAMPLES } from "../support/example-flows";

const EXAMPLES = FLOW_EXAMPLES.flatMap((name) =>
  name === "environments" ? [`${name} staging`, `${name} production`] : [name],
);

beforeAll(() => build(), 180_000);

it("are all there", () => expect(EXAMPLES.length).toBeGreaterThan(8));

describe.each(EXAMPLES)("%s", (example) => {
  it("has flows that run", () => {
    const flows = Object.entries(exampleFlows(example));
    expect(flows.length).toBeGreaterThan(0);
    for (const [name, inputs] of flows) {
      expect(contractBreaks(wireOf(inputs)), name).toEqual([]);
      expect(
        validate(definitionOf(inputs) as object as HogFlowArgs, name).filter(({ severity }) => severity === "error"),
        name,
      ).toEqual([]);
    }
  }, 60_000);
});

// The examples in the docstrings of the steps are what users read on hover: each must be a valid step.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonical } from "../../../definition/canonical/canonical";
import { Findings } from "../../../rules/findings";
import { reportUnknownKey, validateShapes } from "../../../rules/validate-shape";
import { actionConfigs, triggerConfigs } from "../../../definition/schema/schemas";

const source = readFileSync(new URL("../../../definition/schema/types.ts", import.meta.url), "utf8");
const examples = [...source.matchAll(/@example\n \* ```ts\n \* (.+)\n \* ```/g)].map((match) => match[1]!);
const config = { requireSecret: (key: string) => `secret ${key}` };
const parsed = examples.map(
  (text) =>
    new Function("config", `return { ${text} }`)(config) as Record<
      string,
      { type: string; config?: { type?: string } }
    >,
);

describe("docstring examples", () => {
  test.each(parsed.map((actions) => [Object.keys(actions)[0]!, actions] as const))(
    "%s is a valid step",
    (_id, actions) => {
      const findings = new Findings();
      validateShapes(
        canonical({ name: "example", actions }, { unknownKey: (report) => reportUnknownKey(report, findings) }),
        findings,
      );
      expect(findings.all()).toEqual([]);
    },
  );

  test("every type of step and of trigger has one", () => {
    const steps = parsed.flatMap((actions) => Object.values(actions));
    expect(new Set(steps.map((step) => step.type))).toEqual(new Set(Object.keys(actionConfigs)));
    // Tables and views of the warehouse share their type, and its example.
    const triggers = new Set(steps.filter((step) => step.type === "trigger").map((step) => step.config?.type));
    expect(triggers).toEqual(new Set(Object.keys(triggerConfigs).filter((type) => type !== "data-warehouse-view")));
  });
});

// The rules in words: each is explained whole, and a misspelt name leads to the right one.
import { describe, expect, it } from "vitest";
import { pageOf } from "../../definition/package";
import { listRules, ruleNamed, ruleText } from "../../operate/rules";
import { ruleNames } from "../../rules";

describe("a rule in words", () => {
  it.each(ruleNames)("%s is explained", (name) => {
    const rule = ruleNamed(name);
    const text = ruleText(rule);
    expect(text).toContain(`${name} (${rule.severity})\n  ${rule.text}`);
    expect(text).toContain("  Enforced by: ");
    expect(text).toContain(`  More: ${pageOf("docs/rules.md")}`);
    expect(text).not.toContain("Why: undefined");
    expect(text.includes(`acknowledge: ["${name}"]`)).toBe(rule.severity === "warning");
  });

  it("says what, why, fix, who enforces it, and shows both examples", () => {
    expect(ruleText(ruleNamed("wait-clamped"))).toMatch(
      /^wait-clamped \(warning\)\n {2}A wait is at most 60s, .*\n {2}Why: PostHog cuts .*\.\n {2}Fix: Use a larger unit, or two waits\.\n {2}Enforced by: pulumi-hogflow; PostHog accepts it, .*\n {2}Intended\? .*\n {2}More: .*\n {2}Breaks it:\n {4}.*"?90m[^]*Keeps it:\n/,
    );
  });

  it("are listed all, once", () => {
    expect(listRules().map(({ name }) => name)).toEqual(ruleNames);
  });

  it("has its name suggested where it is misspelt", () => {
    expect(() => ruleNamed("wait-clampd")).toThrow(
      'There is no rule "wait-clampd". Did you mean wait-clamped? List all with: hogflow rules.',
    );
    expect(() => ruleNamed("something else")).toThrow("List them with: hogflow rules.");
  });
});

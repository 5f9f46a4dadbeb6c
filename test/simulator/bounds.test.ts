// Texts that would never end, patterns that take for ever, and values that fill the memory: each ends within seconds, with an error that names the step.
import { describe, expect, it } from "vitest";
import { applyOperator } from "../../simulator/filters/operators";
import { compileHogTemplate, evaluate } from "../../simulator/hog/evaluate";
import { renderLiquid } from "../../simulator/liquid";
import { ADA, BODY, branch, properties, run, told, webhook } from "./flows";

const AROUND = { now: 0, random: () => 0.5 };
const CONTEXT = { savedAt: 0, projectZone: "UTC", savedAtGiven: true, notSimulated: () => undefined };
const hog = (text: string) => () => evaluate(compileHogTemplate(text), {}, AROUND);
const LONG = 60_000;

describe("filters", () => {
  it.each([
    ["%a".repeat(300) + "%b", false],
    ["%A%".repeat(300), true],
    ["a_a".repeat(100) + "%_b", false],
    ["%_%a", true],
    ["%", true],
  ])("icontains looks at a text once for each piece between its signs: %#", (pattern, found) => {
    expect(applyOperator({ operator: "icontains", found: "a".repeat(20_000), value: pattern }, CONTEXT)).toBe(found);
    expect(applyOperator({ operator: "not_icontains", found: "a".repeat(20_000), value: pattern }, CONTEXT)).toBe(
      !found,
    );
  });

  it.each(["(?:a|b|ab|ba|aa|bb){0,200}[^ab]$", "((a{0,30}){0,30})c?[^ab]", "a?".repeat(50_000)])(
    "a regular expression that takes for ever is not run: %#",
    (pattern) => {
      expect(() => applyOperator({ operator: "regex", found: "ab".repeat(50_000), value: pattern }, CONTEXT)).toThrow(
        /^not simulated: a regular expression/,
      );
      expect(hog(`{'${"ab".repeat(50_000)}' =~ '${pattern}'}`)).toThrow(/^not simulated: a regular expression/);
    },
  );

  it("are named by their step", () => {
    const result = run(
      {
        steps: [
          branch("B", [
            properties({ key: "p", value: "(?:a|b|ab|ba|aa|bb){0,200}[^ab]$", operator: "regex", type: "person" }),
          ]),
        ],
      },
      { person: { properties: { p: "ab".repeat(50_000) } } },
    );
    expect(result.end).toMatchObject({
      how: "not_simulated",
      reason: expect.stringMatching(/regular expression.*, at B$/s),
    });
  });
});

describe("Hog", () => {
  it("does not make a list that no machine holds", () => {
    expect(hog("{length(range(1000000000))}")).toThrow("not simulated: `range`");
    expect(hog("{range(1, 4)}")()).toEqual({ ok: true, value: [1, 2, 3] });
  });

  it.each([
    "1+".repeat(20_000) + "1",
    "not ".repeat(5_000) + "true",
    "(".repeat(5_000) + "1" + ")".repeat(5_000),
    "if(true,".repeat(3_000) + "1" + ",2)".repeat(3_000),
  ])("says that an expression is too deep: %#", (text) => {
    expect(hog(`{${text}}`)).toThrow(/^not simulated: the Hog text/);
  });

  it("that loops in a lambda of a condition ends, and its step is named", { timeout: LONG }, () => {
    const endless =
      "arrayExists(x -> arrayExists(y -> arrayExists(z -> false, range(3000)), range(3000)), range(3000))";
    const result = run({ steps: [branch("B", [properties({ key: endless, type: "hogql" })])] }, { person: ADA });
    expect(result.end).toMatchObject({
      how: "not_simulated",
      reason: expect.stringMatching(/Hog text that runs for seconds, at B$/),
    });
  });
});

describe("Liquid", () => {
  it.each([
    "{% for i in (1..1000000000) %}x{% endfor %}",
    "{% assign a = 'x' %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}",
    "{% assign a = 'a,b' | split: ',' %}{% for i in (1..60) %}{% assign a = a | concat: a %}{% endfor %}",
  ])("does not fill the memory: %#", { timeout: LONG }, (text) => {
    expect(() => renderLiquid(text, {}, AROUND)).toThrow("not simulated: a Liquid text");
  });

  it("that loops inside a capture in an input ends, and its step is named", { timeout: LONG }, () => {
    const endless =
      "{% capture a %}{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}{% endfor %}{% endfor %}{% endfor %}{% endcapture %}";
    const result = run(
      { steps: [webhook("W", {}, { ...BODY(endless), body: { value: endless, templating: "liquid" } })] },
      { person: ADA },
    );
    expect(told(result)).toContain("a Liquid text that runs for seconds");
    expect(result.end.reason).toMatch(/, at W$/);
  });
});

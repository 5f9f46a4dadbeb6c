// Liquid as the simulator renders it (run time §6.2).
import { describe, expect, it } from "vitest";
import { renderLiquid } from "../../simulator/liquid";
import { NotSimulated } from "../../simulator/not-simulated";
import { renderLiquidValue } from "../../simulator/render";

const now = Date.parse("2025-03-09T23:30:00Z");
const surroundings = { now, random: () => 0.5 };
const globals = {
  person: { properties: { name: "Ada <3", items: [1, 2, 3] } },
  event: { event: "signup", timestamp: "2025-03-09 22:00:00" },
  variables: { n: 3 },
};
const rendered = (text: string) => {
  const found = renderLiquid(text, globals, surroundings);
  return found.ok ? found.value : `error: ${found.error}`;
};

it.each([
  ["plain", "plain"],
  ["Hi {{ person.properties.name }}", "Hi Ada &lt;3"],
  ["Hi {{ person.properties.name | raw }}", "Hi Ada <3"],
  ["<b>&lt;</b>{{ 'a' | append: &quot;b&quot; }}{% if variables.n &gt; 2 %}yes{% endif %}", "<b>&lt;</b>abyes"],
  ["[{{ person.properties.missing.deep }}]", "[]"],
  ["{{ person.properties.missing | default: 'there' }}", "there"],
  ["{{ groups.company.properties.x }}", ""],
  ["{% for item in person.properties.items %}{{ item }}{% unless forloop.last %},{% endunless %}{% endfor %}", "1,2,3"],
  ["{{ 'x' | no_such_filter }}", "x"],
])("%s", (text, expected) => expect(rendered(text)).toBe(expected));

describe("the clock is the simulation's, in UTC", () => {
  it.each([
    ["{{ now | date: '%Y-%m-%d %H:%M' }}", "2025-03-09 23:30"],
    ["{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "2025-03-09 23:30"],
    ["{{ 'today' | date: '%d' }}", "09"],
    ["{{ event.timestamp | date: '%H:%M' }}", "22:00"],
    ["{{ '2025-03-09T22:00:00' | date: '%H:%M' }}", "22:00"],
    ["{{ '2025-03-09T22:00:00+02:00' | date: '%H:%M' }}", "20:00"],
    ["{{ '2025-03-09' | date: '%d %B %H:%M' }}", "09 March 00:00"],
    ["{{ 1735689600 | date: '%Y' }}", "2025"],
    ["{{ 'no date' | date: '%Y' }}", "no date"],
    ["{{ now | date_to_string }}", "09 Mar 2025"],
  ])("%s", (text, expected) => {
    const zone = process.env["TZ"];
    process.env["TZ"] = "Asia/Tokyo";
    try {
      expect(rendered(text)).toBe(expected);
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });
});

it("sample follows the simulation's chance", () => {
  expect(rendered("{{ person.properties.items | sample }}")).toBe("2");
  expect(rendered("{{ person.properties.items | sample: 2 | join: ' ' }}")).toBe("2 3");
});

describe("errors of the step", () => {
  it.each([
    ["a syntax error", "{{ a"],
    ["too long a source", "{{ a }}".padEnd(100_001, "x")],
    ["too long an output", "{% for i in (1..100000) %}0123456789{% endfor %}x"],
  ])("%s", (_, text) => expect(rendered(text)).toMatch(/^error: Liquid: /));

  it("the longest output that PostHog takes is none", () => {
    expect(rendered("{% for i in (1..100000) %}0123456789{% endfor %}")).toHaveLength(1_000_000);
  });
});

describe("not simulated", () => {
  it.each([
    "{% include 'x' %}",
    "{% render 'x' %}",
    "{% layout 'x' %}",
    "{{ a | where_exp: 'x', 'x' }}",
    "{{ a | group_by_exp: 'x', 'x' }}",
  ])("%s", (text) => expect(() => rendered(text)).toThrow(NotSimulated));

  it("a text that would run on and on", () => {
    expect(() => rendered("{% for i in (1..1000000000) %}x{% endfor %}")).toThrow(NotSimulated);
  });
});

it("each leaf of a value is rendered on its own; keys are not", () => {
  expect(
    renderLiquidValue(
      { to: { email: "{{ variables.n }}@example.com" }, cc: ["{{ event.event }}"], "{{ event.event }}": 1 },
      globals,
      surroundings,
    ),
  ).toEqual({
    ok: true,
    value: { to: { email: "3@example.com" }, cc: ["signup"], "{{ event.event }}": 1 },
  });
  expect(renderLiquidValue({ text: "{{ a", html: "x" }, globals, surroundings)).toMatchObject({ ok: false });
});

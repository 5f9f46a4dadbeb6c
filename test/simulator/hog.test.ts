// Hog as the simulator evaluates it: values by run time §6.1 and §5.4, the simulation's clock and chance, and what is not simulated.
import { operations } from "@posthog/hogvm";
import { describe, expect, it } from "vitest";
import { OP } from "../../simulator/hog/bytecode";
import { compileHog, compileHogTemplate, evaluate, HogRefused } from "../../simulator/hog/evaluate";
import { NotSimulated } from "../../simulator/not-simulated";
import { renderHogValue } from "../../simulator/render";

const now = Date.parse("2025-03-09T12:30:45.250Z");
const surroundings = { now, random: () => 0.5 };
const globals = {
  event: {
    event: "signup",
    properties: {
      plan: "pro",
      items: [{ name: "a" }, { name: "b" }],
      seats: 5,
      text5: "5",
      empty: "",
      "odd key": 1,
      nothing: null,
    },
  },
  person: { id: "p1", properties: { name: "Ada", email: "ada@example.com", age: 36, vip: true } },
  variables: { score: 9 },
};

const outcome = (text: string) => evaluate(compileHog(text), globals, surroundings);
const result = (text: string): unknown => {
  const found = outcome(text);
  return found.ok ? found.value : `error: ${found.error}`;
};
const template = (text: string) => evaluate(compileHogTemplate(text), globals, surroundings);

it("the operations are those of PostHog's virtual machine", () => {
  for (const [name, code] of Object.entries(OP)) expect(operations[code]).toBe(name);
});

describe("templates (run time §6.1)", () => {
  it.each([
    ["{true}", true],
    ["{person.properties.age}", 36],
    ["{person.properties}", globals.person.properties],
    ["{person.properties.age} ", "36 "],
    ["Hi {person.properties.name}, {1 + 1}", "Hi Ada, 2"],
    ["a{person.properties.missing}b", "ab"],
    ["{person.properties.missing.deeper.still}", null],
    ["\\{person.id}", "{person.id}"],
    ["no braces", "no braces"],
    ["", ""],
    ["on {toDateTime('2025-01-02T03:04:05Z')}", "on 2025-01-02T03:04:05.000Z"],
    ["{[1, 'x', null]}", [1, "x", null]],
    ["{{'a': 1, 'b': {'c': null}}}", { a: 1, b: { c: null } }],
    ["{f'{person.id}!'}", "p1!"],
    ["{person.properties['name']}{event.properties.`odd key`}", "Ada1"],
  ])("%s", (text, expected) => expect(template(text)).toEqual({ ok: true, value: expected }));

  it("an unknown root is an error of the step, a missing property is none", () => {
    expect(template("{distinct_id}")).toEqual({ ok: false, error: "Global variable not found: distinct_id" });
    expect(template("{event.nope.at.all}")).toEqual({ ok: true, value: null });
  });

  it("maps and lists are rendered leaf by leaf, and keys stay as written", () => {
    expect(
      renderHogValue(
        { "{person.id}": ["{person.properties.age}", 7, true, null], plain: { deep: "x {variables.score}" } },
        globals,
        surroundings,
      ),
    ).toEqual({
      ok: true,
      value: { "{person.id}": [36, 7, true, null], plain: { deep: "x 9" } },
    });
    expect(renderHogValue({ a: { b: ["{nope}"] } }, globals, surroundings)).toMatchObject({ ok: false });
    expect(renderHogValue("{a", globals, surroundings)).toMatchObject({
      ok: false,
      error: expect.stringContaining("refuses") as string,
    });
  });
});

describe("functions (run time §6.1)", () => {
  it.each([
    ["concat('a', null, 1, true)", "a1true"],
    ["lower(null)", null],
    ["upper('x')", "X"],
    ["replaceAll('a-b-c', '-', '+')", "a+b+c"],
    ["splitByString(',', 'a,b')", ["a", "b"]],
    ["substring('hello', 1, 2)", "he"],
    ["length([1, 2])", 2],
    ["empty('')", true],
    ["notEmpty(event.properties.plan)", true],
    ["[10, 20][1]", 10],
    ["('x', 'y').2", "y"],
    ["if(event.properties.empty, 'full', 'empty')", "empty"],
    ["multiIf(1 = 2, 'a', 2 = 2, 'b', 'c')", "b"],
    ["multiIf(1 = 2, 'a', 2 = 3, 'b', 'c')", "c"],
    ["ifNull(event.properties.empty, 'fallback')", ""],
    ["coalesce(null, event.properties.nothing, 'x')", "x"],
    ["event.properties.nothing ?? 'x'", "x"],
    ["toString(null)", "null"],
    ["toInt('x')", null],
    ["toInt('7.9')", 7],
    ["toFloat('1.5')", 1.5],
    ["toUnixTimestamp('2025-01-01T00:00:00Z')", 1735689600],
    ["formatDateTime(toDateTime('2025-01-02T03:04:05Z'), '%Y-%m-%d %H:%i:%S')", "2025-01-02 03:04:05"],
    ["formatDateTime(toDateTime('2025-01-02T03:04:05Z'), '%H:%i', 'Europe/Berlin')", "04:04"],
    ["toString(dateAdd('month', 1, toDateTime('2025-01-31')))", "2025-02-28T00:00:00.000Z"],
    ["dateDiff('day', toDateTime('2025-01-01T12:00:00Z'), toDateTime('2025-01-03T11:00:00Z'))", 1],
    ["toString(dateTrunc('month', toDateTime('2025-03-09T12:00:00Z')))", "2025-03-01T00:00:00.000Z"],
    ["jsonParse('{\"a\": [1]}').a[1]", 1],
    ["jsonStringify({'a': 1})", '{"a":1}'],
    ["JSONExtractString({'a': 'x'}, 'b')", null],
    ["match('abc', 'B')", false],
    ["match('abc', '(?i)B')", true],
    ["match('', 'a')", false],
    ["extractRegex('order 42', '\\\\d+')", "42"],
    ["extractRegex('order 42', 'order (\\\\d)')", "4"],
    ["extractRegex('x', '\\\\d+')", ""],
    ["sha256Hex('a')", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],
    ["md5Hex('a')", "0cc175b9c0f1b6a831c399e269772661"],
    ["base64Decode(base64Encode('ä'))", "ä"],
    ["encodeURLComponent('a b')", "a%20b"],
    ["keys({'a': 1, 'b': 2})", ["a", "b"]],
    ["arrayMap(item -> item.name, event.properties.items)", ["a", "b"]],
    ["arrayFilter(n -> n > 1, [1, 2, 3])", [2, 3]],
    ["arrayMap(x -> arrayMap(y -> x * y + variables.score, [1, 2]), [10])", [[19, 29]]],
    ["arrayMap(x -> arrayMap(y -> arrayMap(z -> x + y + z, [1]), [10]), [100])", [[[111]]]],
    ["(x -> x + 1)(2)", 3],
    ["print('x')", null],
  ])("%s", (text, expected) => expect(result(text)).toEqual(expected));

  it("upper of null is an error", () => expect(outcome("upper(null)").ok).toBe(false));
});

describe("operators (run time §5.4)", () => {
  it.each([
    ["event.properties.seats = '5'", true],
    ["event.properties.text5 = 5", true],
    ["person.properties.vip = 'true'", true],
    ["person.properties.vip = 1", true],
    ["'Pro' = event.properties.plan", false],
    ["event.properties.seats in ['5', '6']", false],
    ["event.properties.seats in [5, 6]", true],
    ["event.properties.text5 in ('5', '6')", true],
    ["event.properties.seats not in ['5']", true],
    ["event.properties.missing = 'x'", false],
    ["event.properties.missing = null", true],
    ["event.properties.missing is null", true],
    ["event.properties.empty is not null", true],
    ["event.properties.missing < 5", true],
    ["event.properties.missing >= 0", true],
    ["event.properties.missing > 0", false],
    ["'abc' < 5", false],
    ["'b' > 'abc'", true],
    ["toString(event.properties.plan) ilike '%PR_%'", true],
    ["toString(event.properties.missing) ilike '%ul%'", true],
    ["'abc' like 'A%'", false],
    ["'abc' not like 'A%'", true],
    ["'pro plan' =~ 'pl'", true],
    ["'pro plan' !~ 'PL'", true],
    ["'pro plan' =~* 'PL'", true],
    ["'' =~ 'a'", false],
    ["'a' =~ ''", false],
    ["5 between 5 and 7", true],
    ["8 not between 5 and 7", true],
    ["1 + 2 * 3 - 4 / 2 % 5", 5],
    ["-event.properties.seats", -5],
    ["not 1 = 2 and (1 = 1 or 1 = 2)", true],
    ["toDateTime('2025-01-01') < toDateTime('2025-01-01T00:00:01Z')", true],
    ["toDateTime('2025-01-01T01:00:00+01:00') = toDateTime('2025-01-01T00:00:00Z')", true],
  ])("%s is %s", (text, expected) => expect(result(text)).toBe(expected));

  it("`and` and `or` look at every operand, so an error in one fails the whole (run time §5.1)", () => {
    expect(outcome("1 = 1 or upper(null) = 'x'").ok).toBe(false);
    expect(outcome("1 = 2 and upper(null) = 'x'").ok).toBe(false);
    expect(outcome("if(1 = 1, 'a', upper(null))")).toEqual({ ok: true, value: "a" });
    expect(outcome("'a' ?? upper(null)")).toEqual({ ok: true, value: "a" });
  });

  it("a pattern that RE2 does not know is an error, not a match", () => {
    expect(outcome("'ab' =~ '(?<=a)b'").ok).toBe(false);
  });
});

describe("clock and chance are the simulation's", () => {
  it("now and today", () => {
    expect(result("toUnixTimestamp(now())")).toBe(now / 1000);
    expect(result("formatDateTime(now('Europe/Berlin'), '%H:%i')")).toBe("13:30");
    expect(result("toString(today())")).toBe("2025-03-09");
    expect(result("toString(toDate(1735689599))")).toBe("2024-12-31");
    expect(result("toString(toDate('2025-01-01'))")).toBe("2025-01-01");
    expect(result("dateDiff('day', today(), now())")).toBe(0);
  });

  it("uuids and random numbers", () => {
    expect(result("generateUUIDv4()")).toBe("88888888-8888-4888-8888-888888888888");
    expect(result("randomFloat()")).toBe(0.5);
    const rolls = [0.1, 0.9];
    expect(evaluate(compileHog("randomFloat() + randomFloat()"), {}, { now, random: () => rolls.shift()! })).toEqual({
      ok: true,
      value: 1,
    });
  });
});

describe("not simulated", () => {
  it.each([
    ["an unknown function", "fetch('https://example.com')"],
    ["SQL", "case when 1 = 1 then 2 end"],
    ["a replaced function as a value", "arrayMap(toDate, [1])"],
    ["sleeping", "sleep(1)"],
  ])("%s", (_, text) => {
    expect(() => evaluate(compileHog(text), globals, surroundings)).toThrow(NotSimulated);
    expect(() => evaluate(compileHog(text), globals, surroundings)).toThrow(/^not simulated: /);
  });

  it("`person` in a run without one is null, and where there is no such name an error", () => {
    expect(
      evaluate(compileHogTemplate("{person.properties.email}"), { event: {}, person: null }, surroundings),
    ).toEqual({ ok: true, value: null });
    expect(evaluate(compileHogTemplate("{person.properties.email}"), { event: {} }, surroundings)).toMatchObject({
      ok: false,
    });
  });

  it("a text that PostHog refuses to save is told so", () => {
    expect(() => compileHogTemplate("Hi {{ person.name }}")).toThrow(HogRefused);
  });
});

it("compiled texts are kept", () => {
  expect(compileHog("1 + 41")).toBe(compileHog("1 + 41"));
  expect(compileHogTemplate("1 + 41")).not.toBe(compileHog("1 + 41"));
});

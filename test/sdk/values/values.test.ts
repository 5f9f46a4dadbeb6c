// Values of composition in keyed form: each reference written for its place, outputs left where they are, and everything that the types refuse refused
// once more for programs that nobody checks.
import * as fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { htmlOf, type Mjml } from "../../../sdk/values/mjml";
import type { Writer } from "../../../sdk/values/location";
import type { Expression } from "../../../sdk/values";
import {
  branch,
  delay,
  delayUntil,
  destination,
  email,
  exit,
  on,
  validate,
  webhook,
  when,
  type LiveCondition,
  type Operators,
  type Trigger,
} from "../../../sdk";
import {
  anyEvent,
  audienceFilters,
  checkedLeaf,
  cohort,
  conditionFilters,
  daily,
  destinationInput,
  event,
  eventFilters,
  eventProperty,
  expressionText,
  file,
  group,
  hog,
  hogql,
  isVariables,
  keyedVariables,
  liquid,
  liquidValue,
  mjml,
  monthly,
  monthlyOn,
  once,
  outputVariables,
  person,
  jsonValue,
  postHogAction,
  Property,
  propertyFilter,
  values,
  variables,
  weekdays,
  weekly,
} from "../../../sdk/values";

// The package has no types of its own.
const mjml2html: Mjml = createRequire(import.meta.url)("mjml");

interface Noted {
  problems: { path: string; what: string; fix?: string; rule?: string }[];
  sources: Record<string, string>;
}

function place(noted: Noted, parts: readonly (string | number)[] = []): Writer {
  return {
    at: (...more) => place(noted, [...parts, ...more]),
    report: (what, more) => void noted.problems.push({ path: parts.join("."), what, ...more }),
    source: (from) => void (from !== undefined && (noted.sources[parts.join(".")] = from)),
  };
}

/** What is written, and what was said about it. */
function written<T>(write: (at: Writer) => T): { value: T } & Noted {
  const noted: Noted = { problems: [], sources: {} };
  return { value: write(place(noted)), ...noted };
}
const fine = <T>(write: (at: Writer) => T): T => {
  const { value, problems } = written(write);
  expect(problems).toEqual([]);
  return value;
};
const resolved = (value: unknown): Promise<unknown> =>
  new Promise((resolve) => pulumi.output(value as string).apply(resolve));

describe("texts", () => {
  it.each([
    [liquid`Hi ${person("name")}`, "Hi {{ person.properties.name }}"],
    [liquid`Hi ${person("first_name").or("there")}`, 'Hi {{ person.properties.first_name | default: "there" }}'],
    [liquid`${eventProperty("$browser")}`, "{{ event.properties.$browser }}"],
    [liquid`${eventProperty("a.b")}`, '{{ event.properties["a.b"] }}'],
    [liquid`${variables({ coupon: "string" }).coupon}`, "{{ variables.coupon }}"],
    [liquid`${group({ index: 0, name: "company" }, "name")}`, "{{ groups.company.properties.name }}"],
    [liquid`{% if person %}as it is{% endif %}`, "{% if person %}as it is{% endif %}"],
    [liquid`${"{ not code }"} costs ${5}`, "{ not code } costs 5"],
    ["plain {{ text }}", "plain {{ text }}"],
  ])("in Liquid %#", (text, expected) => {
    expect(fine((at) => liquidValue(text, at))).toBe(expected);
  });

  it.each([
    [hog`${person("email")}`, "{person.properties.email}"],
    [hog`${eventProperty("it's")}!`, "{event.properties['it\\'s']}!"],
    [hog`${person("name").or("you")}`, "{if(empty(person.properties.name), 'you', person.properties.name)}"],
    [hog`${variables({ n: "number" }).n.or(0)}`, "{if(empty(variables.n), 0, variables.n)}"],
    [hog`${"{braces}"}`, "\\{braces}"],
    [hog`${"back\\"}${person("x")}`, "back{'\\\\'}{person.properties.x}"],
  ])("in Hog %#", (text, expected) => {
    expect(fine((at) => destinationInput(text, at))).toEqual({ value: expected });
  });

  it("are outputs where a hole is one, with what it holds escaped, and nothing else is", async () => {
    const bucket = pulumi.output("https://example.com/{{x}}");
    const { value } = written((at) => liquidValue(liquid`See ${bucket} for ${person("name")}`, at));
    expect(pulumi.Output.isInstance(value)).toBe(true);
    expect(await resolved(value)).toBe('See https://example.com/{{ "{" }}{x}} for {{ person.properties.name }}');
  });

  it("keep a secret hole secret", async () => {
    const value = fine((at) => destinationInput({ a: hog`Bearer ${pulumi.secret("t0ken")}`, b: "open" }, at))[
      "value"
    ] as Record<string, unknown>;
    expect(await pulumi.isSecret(value["a"] as pulumi.Output<unknown>)).toBe(true);
    expect(value["b"]).toBe("open");
  });

  it("set the language of an input, which has one", () => {
    expect(fine((at) => destinationInput({ text: liquid`Hi ${person("name")}` }, at))).toEqual({
      value: { text: "Hi {{ person.properties.name }}" },
      templating: "liquid",
    });
    expect(fine((at) => destinationInput({ a: person("x"), b: liquid`b` }, at))).toEqual({
      value: { a: "{{ person.properties.x }}", b: "b" },
      templating: "liquid",
    });
    expect(fine((at) => destinationInput({ list: [1, true, null, { deep: "text" }], left: undefined }, at))).toEqual({
      value: { list: [1, true, null, { deep: "text" }] },
    });
    expect(written((at) => destinationInput({ a: hog`a`, b: liquid`b` }, at)).problems).toMatchObject([
      { rule: "text-language" },
    ]);
  });

  it("refuse what does not fit", () => {
    expect(written((at) => liquidValue(hog`x` as never, at)).problems).toMatchObject([
      { rule: "text-language", fix: "Write liquid`…`" },
    ]);
    expect(written((at) => destinationInput(hog`${group(0, "name")}`, at)).problems).toMatchObject([
      { rule: "group-name", fix: expect.stringContaining('group({ index: 0, name: "company" }, "name")') },
    ]);
    expect(written((at) => checkedLeaf(person("name"), at)).problems).toMatchObject([{ rule: "text-place" }]);
  });
});

describe("texts that would say something else than was meant", () => {
  /** What check says about an e-mail with this subject, as it is sent. */
  const found = async (subject: unknown): Promise<unknown[]> => {
    const value = await resolved(fine((at) => liquidValue(subject as string, at)));
    const args = {
      trigger: on.event("x"),
      steps: [email("mail", { from: { integrationId: 7 }, subject: value as string, text: "t" })],
    };
    return validate(args).map(({ rule, path }) => `${rule} at ${path}`);
  };
  const subject = "actions.mail.config.inputs.email.value.subject";

  it.each<[string, unknown]>([
    ["a reference in a plain text", `Hi ${person("name")}`],
    ["a reference in pulumi.interpolate", pulumi.interpolate`Hi ${person("name")}`],
    ["a variable in pulumi.interpolate", pulumi.interpolate`Hi ${variables({ n: "number" }).n}`],
    ["a reference in pulumi.concat", pulumi.concat("Hi ", person("name") as never)],
    ["a text in pulumi.interpolate", pulumi.interpolate`Hi ${liquid`x`}`],
    ["a file in pulumi.interpolate", pulumi.interpolate`Hi ${file("mails/x.html")}`],
    ["a condition in a plain text", `Hi ${person("name").isSet()}`],
    ["an event in a plain text", `Hi ${event("x")}`],
    ["an output variable in a plain text", `Hi ${variables({ n: "number" }).n.from("body")}`],
    ["a text in JSON", JSON.stringify([hog`${person("name")}`])],
    ["a reference in JSON", JSON.stringify([person("name")])],
    ["a file in JSON", JSON.stringify([file("mails/x.html")])],
    ["a text in pulumi.jsonStringify", pulumi.jsonStringify([hog`${person("name")}`])],
  ])("%s is found, once", async (_, text) => {
    expect(await found(text)).toEqual([`reference-as-text at ${subject}`]);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an object", { a: 1 }],
    ["no number", NaN],
    ["a reference", person("name")],
  ])("a hole with an output of %s is found", async (_, value) => {
    expect(await found(liquid`Hi ${pulumi.output(value) as never}`)).toEqual([`hole-value at ${subject}`]);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /undefined/],
    [null, /null/],
    [NaN, /NaN/],
    [{ a: 1 }, /type object/],
    [person("name").isSet(), /type object/],
    [() => "x", /type function/],
  ])("a hole without a text is found %#", (value, what) => {
    for (const text of [liquid`Hi ${value as never}`, hog`Hi ${value as never}`]) {
      expect(written((at) => destinationInput(text, at)).problems).toMatchObject([
        { rule: "hole-value", what: expect.stringMatching(what) },
      ]);
    }
    expect(written((at) => expressionText(hog`toInt(${value as never})`, at)).problems).toMatchObject([
      { rule: "hole-value" },
    ]);
  });

  it("loses no backslash unseen", () => {
    expect(written((at) => liquidValue(liquid`C:\users`, at)).problems).toMatchObject([
      { rule: "text-escape", fix: "Write \\\\ for a backslash" },
    ]);
    expect(written((at) => destinationInput(hog`\{person.id}`, at)).problems).toMatchObject([
      { rule: "text-escape", fix: expect.stringContaining("Write \\\\{") },
    ]);
    expect(written((at) => expressionText(hog`concat('\{', ${person("x")})`, at)).problems).toMatchObject([
      { rule: "text-escape" },
    ]);
    expect(fine((at) => destinationInput(hog`\\{person.id} \\\\ \n`, at))).toEqual({ value: "\\{person.id} \\\\ \n" });
  });

  it("data never opens a tag together with what follows", () => {
    expect(fine((at) => liquidValue(liquid`${"{"}${person("name")}`, at))).toBe(
      '{{ "{" }}{{ person.properties.name }}',
    );
  });

  it("our values are refused where plain ones must stand", () => {
    const problems = validate({
      trigger: on.event("x"),
      steps: [branch("b", [when(person("a").is(person("c") as never), [exit("e")])])],
    });
    expect(problems).toMatchObject([
      { rule: "text-place", path: "actions.b.config.conditions[0].filters.properties[0].value[0]" },
    ]);
  });
});

describe("secrets", () => {
  it.each<[string, object, string]>([
    [
      "a webhook",
      {
        trigger: on.event("x"),
        steps: [webhook("w", { url: "https://example.com", signingSecret: "s3cr3t" as never })],
      },
      "actions.w.config.inputs.signing_secret",
    ],
    [
      "a destination",
      {
        trigger: on.event("x"),
        steps: [
          destination("template-webhook")("w", { inputs: { url: "https://example.com", signing_secret: "s3cr3t" } }),
        ],
      },
      "actions.w.config.inputs.signing_secret",
    ],
    [
      "a trigger",
      { trigger: on.webhook({ event: "e", distinctId: "d", authHeader: "s3cr3t" as never }), steps: [exit("e")] },
      "actions.trigger_node.config.inputs.auth_header",
    ],
  ])("of %s are no texts of the program, and are not shown", (_, args, path) => {
    const problems = validate(args as never);
    expect(problems).toMatchObject([{ rule: "secret-in-source", severity: "error", path }]);
    expect(JSON.stringify(problems)).not.toContain("s3cr3t");
  });

  it("are outputs", () => {
    expect(
      validate({
        trigger: on.event("x"),
        steps: [webhook("w", { url: "https://example.com", signingSecret: pulumi.secret("s3cr3t") })],
      }),
    ).toEqual([]);
  });
});

describe("expressions", () => {
  it.each([
    [person("renewal"), "person.properties.renewal"],
    [eventProperty("due date"), "properties['due date']"],
    [group(2, "end"), "group_2.properties.end"],
    [variables({ at: "string" }).at, "variables.at"],
    [person("renewal").or("2030-01-01"), "ifNull(person.properties.renewal, '2030-01-01')"],
    [hog`dateAdd('day', 1, ${eventProperty("due")})`, "dateAdd('day', 1, properties.due)"],
    [hog`dateAdd('day', ${3}, ${"2030-01-01"})`, "dateAdd('day', 3, '2030-01-01')"],
    [hog`ifNull(${person("x")}, ${"it's"})`, "ifNull(person.properties.x, 'it\\'s')"],
    ["toDateTime('2030-01-01 00:00:00')", "toDateTime('2030-01-01 00:00:00')"],
  ])("have the names of filters %#", (expression, expected) => {
    expect(fine((at) => expressionText(expression, at))).toBe(expected);
  });

  it("take the value of an output as data", async () => {
    expect(await resolved(fine((at) => expressionText(hog`toDateTime(${pulumi.output("2030-01-01")})`, at)))).toBe(
      "toDateTime('2030-01-01')",
    );
    expect(
      await resolved(fine((at) => expressionText(hog`dateAdd('day', ${pulumi.output(3)}, ${person("x")})`, at))),
    ).toBe("dateAdd('day', 3, person.properties.x)");
  });

  it("with quotes around a hole are no expressions any more", () => {
    const until = (expression: Expression) =>
      validate({ trigger: on.event("x"), steps: [delayUntil("d", { expression }), exit("e")] }).map(
        ({ rule, severity }) => `${severity} ${rule}`,
      );
    expect(until(hog`toDateTime('${"2030-01-01"}')`)).toEqual(["error delay-expression"]);
    expect(until(hog`toDateTime(${"2030-01-01"})`)).toEqual([]);
  });
});

describe("conditions", () => {
  const p = person("x");
  it.each<[unknown, object]>([
    [p.is("a"), { operator: "exact", value: ["a"] }],
    [p.is("a", "b"), { operator: "exact", value: ["a", "b"] }],
    [p.is(true), { operator: "exact", value: ["true"] }],
    [p.is(5), { operator: "exact", value: [5] }],
    [p.isNot("a"), { operator: "is_not", value: ["a"] }],
    [p.contains("a"), { operator: "icontains", value: "a" }],
    [p.contains("a", "b"), { operator: "icontains", value: ["a", "b"] }],
    [p.doesNotContain("a"), { operator: "not_icontains", value: "a" }],
    [p.matches("^a"), { operator: "regex", value: "^a" }],
    [p.doesNotMatch("^a"), { operator: "not_regex", value: "^a" }],
    [p.gt(1), { operator: "gt", value: 1 }],
    [p.gte(1), { operator: "gte", value: 1 }],
    [p.lt(1), { operator: "lt", value: 1 }],
    [p.lte(1), { operator: "lte", value: 1 }],
    [p.between(1, 2), { operator: "between", value: [1, 2] }],
    [p.notBetween(1, 2), { operator: "not_between", value: [1, 2] }],
    [p.isSet(), { operator: "is_set" }],
    [p.isNotSet(), { operator: "is_not_set" }],
    [p.before("2026-06-01"), { operator: "is_date_before", value: "2026-06-01" }],
    [p.after("2026-06-01"), { operator: "is_date_after", value: "2026-06-01" }],
    [p.isDate("2026-06-01"), { operator: "is_date_exact", value: "2026-06-01" }],
    [p.isVersion("1.2.3"), { operator: "semver_eq", value: "1.2.3" }],
    [p.isNotVersion("1.2.3"), { operator: "semver_neq", value: "1.2.3" }],
    [p.afterVersion("1.2.3"), { operator: "semver_gt", value: "1.2.3" }],
    [p.fromVersion("1.2.3"), { operator: "semver_gte", value: "1.2.3" }],
    [p.beforeVersion("1.2.3"), { operator: "semver_lt", value: "1.2.3" }],
    [p.upToVersion("1.2.3"), { operator: "semver_lte", value: "1.2.3" }],
  ])("have one method for each operator %#", (given, expected) => {
    expect(fine((at) => conditionFilters(given as never, at))).toEqual({
      properties: [{ key: "x", type: "person", ...expected }],
    });
  });

  it("are all named by what the compiler says to one that is missing", () => {
    const says: Operators =
      "operators: is, isNot, contains, doesNotContain, matches, doesNotMatch, gt, gte, lt, lte, between, notBetween, isSet, isNotSet, before, after, isDate, isVersion, isNotVersion, afterVersion, fromVersion, beforeVersion, upToVersion";
    const methods = Object.getOwnPropertyNames(Property.prototype).filter(
      (name) => !["constructor", "test"].includes(name),
    );
    expect(says).toBe(`operators: ${methods.join(", ")}`);
  });

  it.each([
    ["equals", "is"],
    ["startsWith", "matches"],
    ["isNull", "isNotSet"],
  ])("say what to write instead of %s", (wrong, right) => {
    const call = (): unknown => (p as unknown as Record<string, (value: string) => unknown>)[wrong]!("a");
    expect(call).toThrow(
      `A property has no operator \`${wrong}\`: person "x". Write .${right}(…). All operators: is, isNot, contains,`,
    );
  });

  it("take a relative date in an audience, and warn where it would be fixed", () => {
    const found = (trigger: Trigger, filters: LiveCondition) =>
      validate({ trigger, steps: [delay("pause", "1d", { filters }), exit("e")] }).map(
        ({ rule, path, severity }) => `${severity} ${rule} ${path}`,
      );
    const lately = p.after("-7d");
    expect(found(on.batch([p.before("-30d"), lately]), p.isSet())).toEqual([]);
    expect(found(on.event("x"), lately as object as LiveCondition)).toEqual([
      "warning relative-date actions.pause.filters.properties[0].value",
    ]);
  });

  it("say where a property lives", () => {
    const vars = variables({ score: "number" });
    expect(
      fine((at) =>
        conditionFilters([eventProperty("a").isSet(), group(3, "b").isSet(), vars.score.gte(9), hogql("1 = 1")], at),
      ),
    ).toEqual({
      properties: [
        { key: "a", operator: "is_set", type: "event" },
        { key: "b", operator: "is_set", type: "group", groupTypeIndex: 3 },
        { key: "score", value: 9, operator: "gte", type: "workflow_variable" },
        { key: "1 = 1", type: "hogql" },
      ],
    });
    expect(fine((at) => audienceFilters([person("a").isSet(), cohort(42)], at))).toEqual({
      properties: [
        { key: "a", operator: "is_set", type: "person" },
        { key: "id", value: 42, operator: "in", type: "cohort" },
      ],
    });
  });

  it("go as the API has them where no method says them", () => {
    const odd = { key: "email", type: "person", operator: "is_set", value: "is_set" };
    expect(fine((at) => conditionFilters(propertyFilter(odd), at))).toEqual({ properties: [odd] });
    expect(
      fine((at) => audienceFilters([propertyFilter({ key: "id", type: "cohort", operator: "not_in", value: 5 })], at)),
    ).toEqual({ properties: [{ key: "id", type: "cohort", operator: "not_in", value: 5 }] });
  });

  it.each<[string, (at: Writer) => unknown, string]>([
    [
      "a cohort as the API has it in a branch",
      (at) => conditionFilters(propertyFilter({ key: "id", type: "cohort", operator: "not_in", value: 5 }), at),
      "condition-scope",
    ],
    [
      "a property of the event as the API has it in an audience",
      (at) => audienceFilters(propertyFilter({ key: "a", type: "event_metadata" }), at),
      "condition-scope",
    ],
    [
      "a variable as the API has it in a trigger",
      (at) =>
        conditionFilters(propertyFilter({ key: "a", type: "workflow_variable", operator: "is_set" }), at, "trigger"),
      "condition-scope",
    ],
    ["a cohort in a branch", (at) => conditionFilters(cohort(5) as never, at), "condition-scope"],
    [
      "an event property in an audience",
      (at) => audienceFilters(eventProperty("a").isSet() as never, at),
      "condition-scope",
    ],
    [
      "a variable in a trigger",
      (at) => conditionFilters(variables({ a: "string" }).a.isSet(), at, "trigger"),
      "condition-scope",
    ],
    ["an event in a branch", (at) => conditionFilters(event("x") as never, at), "condition-kind"],
    ["a property that is no condition yet", (at) => conditionFilters(person("x") as never, at), "condition-kind"],
    ["anything else", (at) => conditionFilters(true as never, at), "condition-kind"],
    [
      "a condition where an event must stand",
      (at) => eventFilters([person("x").isSet() as never], at),
      "condition-kind",
    ],
  ])("refuse %s, with the place", (_, write, rule) => {
    const { problems } = written(write);
    expect(problems).toMatchObject([{ rule, fix: expect.stringMatching(/./) }]);
  });
});

describe("events", () => {
  it("stand in lists by their kind, with conditions of their own", () => {
    expect(
      fine((at) =>
        eventFilters(
          [
            "a",
            event("b", eventProperty("n").gt(0)),
            anyEvent(eventProperty("u").contains("/p")),
            postHogAction(12, "Signed up"),
          ],
          at,
        ),
      ),
    ).toEqual({
      events: [
        { id: "a" },
        { id: "b", properties: [{ key: "n", value: 0, operator: "gt", type: "event" }] },
        { id: null, properties: [{ key: "u", value: "/p", operator: "icontains", type: "event" }] },
      ],
      actions: [{ id: 12, name: "Signed up" }],
    });
  });

  it("have the label that PostHog's editor shows, before their conditions", () => {
    const seats = person("seats").gt(0);
    const test = { key: "seats", value: 0, operator: "gt", type: "person" };
    expect(
      fine((at) =>
        eventFilters(
          [
            event("$pageview", { label: "Pageview" }),
            event("b", { label: "B" }, seats),
            anyEvent({ label: "All events" }),
            postHogAction("12", "Signed up", seats),
            postHogAction(13, undefined, seats),
          ],
          at,
        ),
      ),
    ).toEqual({
      events: [
        { id: "$pageview", name: "Pageview" },
        { id: "b", name: "B", properties: [test] },
        { id: null, name: "All events" },
      ],
      actions: [
        { id: "12", name: "Signed up", properties: [test] },
        { id: 13, properties: [test] },
      ],
    });
    // @ts-expect-error a label is a text
    event("b", { label: 5 });
    // @ts-expect-error an event has no other options
    event("b", { title: "B" });
    // @ts-expect-error any event at all is too many
    anyEvent();
    // @ts-expect-error conditions come after the label
    event("b", seats, { label: "B" });
  });
});

describe("variables", () => {
  const vars = variables({ score: "number", coupon: { type: "string", default: "X", label: "Coupon" } });

  it("are declared once", () => {
    expect(isVariables(vars)).toBe(true);
    expect(keyedVariables(vars)).toEqual({
      score: { type: "number" },
      coupon: { type: "string", default: "X", label: "Coupon" },
    });
    expect(keyedVariables({ plain: { type: "string" } })).toEqual({ plain: { type: "string" } });
    expect(values(vars, { coupon: "Y" })).toEqual({ coupon: "Y" });
  });

  it("take the results of steps", () => {
    expect(fine((at) => outputVariables(vars.score.from("body.score"), at))).toEqual({
      key: "score",
      resultPath: "body.score",
    });
    expect(
      fine((at) => outputVariables([vars.score as never, vars.coupon.from("body", { spread: true })], at)),
    ).toEqual([{ key: "score" }, { key: "coupon", resultPath: "body", spread: true }]);
    expect(written((at) => outputVariables("score" as never, at)).problems).toMatchObject([
      { rule: "output-variable" },
    ]);
  });
});

describe("files", () => {
  const before = process.cwd();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hogflow-files-"));
  afterEach(() => process.chdir(before));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  it("are read from the project's folder, and named", () => {
    fs.writeFileSync(path.join(folder, "a.html"), "<p>{{ person.properties.name }}</p>");
    process.chdir(folder);
    const { value, sources, problems } = written((at) => liquidValue(file("a.html"), at.at("html")));
    expect(problems).toEqual([]);
    expect(value).toBe("<p>{{ person.properties.name }}</p>");
    expect(sources).toEqual({ html: "a.html" });
    expect(written((at) => liquidValue(file("b.html"), at)).problems).toMatchObject([
      { rule: "file-missing", what: expect.stringContaining("b.html") },
    ]);
    expect(written((at) => liquidValue(file("aa.html"), at)).problems).toMatchObject([
      { suggestion: expect.stringContaining("a.html") },
    ]);
  });

  it("hold the data of an e-mail's design, and say where they hold none", () => {
    fs.writeFileSync(path.join(folder, "a.design.json"), '{ "body": { "rows": [] } }');
    process.chdir(folder);
    const { value, sources, problems } = written((at) => jsonValue(file("a.design.json"), at.at("design")));
    expect([value, sources, problems]).toEqual([{ body: { rows: [] } }, { design: "a.design.json" }, []]);
    expect(fine((at) => jsonValue({ body: {} }, at))).toEqual({ body: {} });
    fs.writeFileSync(path.join(folder, "b.design.json"), "{");
    expect(written((at) => jsonValue(file("b.design.json"), at)).problems).toMatchObject([
      { rule: "file-json", what: expect.stringMatching(/^the file b\.design\.json is not JSON/) },
    ]);
    expect(written((at) => jsonValue(file("c.design.json"), at)).problems).toMatchObject([{ rule: "file-missing" }]);
    // As an option of the step.
    const args = {
      trigger: on.manual(),
      steps: [
        email("hello", { from: { integrationId: 7 }, subject: "Hi", html: "<p>Hi</p>", design: file("a.design.json") }),
      ],
    };
    expect(validate(args, "x").filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("need the project's own mjml", () => {
    fs.writeFileSync(path.join(folder, "a.mjml"), "<mjml></mjml>");
    process.chdir(folder);
    expect(written((at) => liquidValue(mjml("a.mjml"), at)).problems).toMatchObject([
      { rule: "mjml-missing", fix: "Run: npm install mjml" },
    ]);
  });

  it("are made of MJML, with Liquid as it is, and errors with their line", async () => {
    // A project that has the package, as this repository does.
    const relative = path.relative(before, path.join(folder, "mail.mjml"));
    const mail = (text: string): string =>
      `<mjml><mj-body><mj-section><mj-column>\n${text}\n</mj-column></mj-section></mj-body></mjml>`;
    fs.writeFileSync(path.join(folder, "mail.mjml"), mail("<mj-text>Hi {{ person.properties.name }}</mj-text>"));
    expect(await resolved(fine((at) => liquidValue(mjml(relative), at)))).toContain("Hi {{ person.properties.name }}");
    await expect(htmlOf(mjml2html, relative, mail("<mj-txt>Hi</mj-txt>"))).rejects.toThrow(/mail\.mjml:2: .*mj-txt/);
    await expect(htmlOf(mjml2html, relative, "<mjml><mj-bod>")).rejects.toThrow(/mail\.mjml is not MJML: ./);
  });
});

describe("schedules", () => {
  it.each([
    [weekly("monday", "09:00"), "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0"],
    [
      weekly(["monday", "friday"], "17:30", { every: 2 }),
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=17;BYMINUTE=30;BYSECOND=0",
    ],
    [daily("00:05"), "FREQ=DAILY;BYHOUR=0;BYMINUTE=5;BYSECOND=0"],
    [weekdays("08:00"), "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=0;BYSECOND=0"],
    [monthly(-1, "09:00"), "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=9;BYMINUTE=0;BYSECOND=0"],
    [monthlyOn("first", "monday", "09:00"), "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0"],
    [monthlyOn("last", "friday", "09:00"), "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0"],
    [once(), "FREQ=DAILY;COUNT=1"],
  ])("in words %#", (rule, expected) => {
    expect(rule).toBe(expected);
  });
});

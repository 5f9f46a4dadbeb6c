// Reading Hog expressions and template texts (run time §5, §6.1): what they refer to, what they call, and what is wrong with them.
import { STL } from "@posthog/hogvm";
import { describe, expect, it } from "vitest";
import { HOG_FUNCTIONS, parseHogExpression, parseHogTemplate } from "../../../definition/language";

const references = (text: string) =>
  parseHogTemplate(text).references.map(({ root, path }) => [root, ...path].join("."));
const problems = (text: string) =>
  parseHogTemplate(text).findings.map(({ kind, severity, what, fix }) => ({ kind, severity, what, fix }));

describe("references", () => {
  it.each([
    ["Hi {person.properties.name ?? 'there'}", ["person.properties.name"]],
    ["{event.properties['$current url'].x[1]}", ["event.properties.$current url.x.1"]],
    ["{person?.properties?.x}", ["person.properties.x"]],
    ["{person.properties[event.event].x}", ["person.properties", "event.event"]],
    ['{`odd name`."b c"}', ["odd name.b c"]],
    ["{arrayMap(x -> x.name ?? person.id, variables.items)}", ["person.id", "variables.items"]],
    ["{(x, y) -> x + y + z}", ["z"]],
    ["{f'Hi {person.id} and {f'{event.uuid}'}'}", ["person.id", "event.uuid"]],
    ["{{'key': inputs.url}}", ["inputs.url"]],
    ["{person.properties.first-name}", ["person.properties.first"]],
    ["{person.properties.first - name}", ["person.properties.first", "name"]],
    ["\\{person.id} 'person.id' no braces", []],
  ])("of %s", (text, expected) => expect(references(text)).toEqual(expected));

  it("stand at their place", () => {
    const text = "one\ntwo {person.id}\n{event.x}";
    expect(parseHogTemplate(text).references).toEqual([
      { root: "person", path: ["id"], offset: text.indexOf("person"), line: 2 },
      { root: "event", path: ["x"], offset: text.indexOf("event"), line: 3 },
    ]);
  });
});

describe("templates", () => {
  it.each([
    ["plain", ["plain"]],
    ["", []],
    ["a \\{b} c", ["a {b} c"]],
    ["a\\nb\\\\c\\q", ["a\nb\\c\\q"]],
    ["a\\\\{b} c", ["a\\{b} c"]],
    ["it's ''", ["it's ''"]],
    [
      "{1}{'}'}",
      [
        { kind: "constant", value: 1 },
        { kind: "constant", value: "}" },
      ],
    ],
    ["{'it''s \\'so\\''}", [{ kind: "constant", value: "it's 'so'" }]],
  ])("parts of %s", (text, parts) => expect(parseHogTemplate(text).parts).toEqual(parts));
});

describe("problems of templates", () => {
  it.each([
    ["a brace that is not closed", "a { b", "syntax", expect.stringContaining("\\{") as string],
    ["CSS", "<style>a{color:red}</style>", "syntax", expect.stringContaining("\\{") as string],
    ["empty braces", "x {} y", "syntax", expect.stringContaining("\\{") as string],
    ["a quote that is not closed", "{'a}", "syntax", "close it with '"],
    ["a parenthesis that is not closed", "{upper(person.id}", "syntax", undefined],
    ["typographic quotes", "{person.id ?? “x”}", "syntax", expect.stringContaining("straight quotes") as string],
    ["a pipe", "{person.id | upper}", "syntax", expect.stringContaining("functions") as string],
    ["&&", "{a && b}", "syntax", "write `and`"],
    ["!", "{!a}", "syntax", expect.stringContaining("`not`") as string],
    ["position 0", "{a[0]}", "syntax", "write [1] for the first"],
    ["a dangling dot", "{person.}", "syntax", expect.any(String) as string],
    ["two values in a row", "{person.id event}", "syntax", expect.any(String) as string],
    ["a statement", "{let x := 1}", "syntax", undefined],
    ["a word of the language as key", "{a.null}", "syntax", expect.stringContaining("['null']") as string],
    [
      "Liquid output",
      "Hi {{ person.properties.name }}",
      "otherLanguage",
      expect.stringContaining("single braces") as string,
    ],
    ["a Liquid tag", "{% if a %}", "otherLanguage", expect.stringContaining("liquid") as string],
  ])("%s", (_, text, kind, fix) =>
    expect(problems(text)).toContainEqual(expect.objectContaining({ kind, severity: "error", fix })),
  );

  it.each([
    "{{}}",
    "{{'a': 1}}",
    "{{a: 1, 'b': {}}}",
    "{[1, 2][1]}",
    "{not (a) and b is not null or c not in ['x']}",
    "{a ? b : c ? d : e}",
    "{1 /* } */ -- }\n + 2}",
    "{'\\n'}",
    "{a between 1 and 2}",
  ])("none in %s", (text) => expect(problems(text)).toEqual([]));

  it("a key with a hyphen is a subtraction, which is seldom meant", () => {
    expect(problems("{person.properties.first-name}")).toEqual([
      expect.objectContaining({ severity: "warning", fix: "person.properties['first-name']" }),
    ]);
    for (const text of ["{event.properties.a - b}", "{event.properties.a-1}", "{variables.a-variables.b}", "{a-b}"])
      expect(problems(text)).toEqual([]);
  });

  it("a map as the whole value is no Liquid", () => {
    expect(problems("{{upper('a'): 1, person.id: 2}}")).toEqual([]);
    expect(problems("{{ date | upcase }}")).toEqual([expect.objectContaining({ kind: "notRead" })]);
  });

  it("a backslash before a closing brace is printed, which is seldom meant", () => {
    expect(problems("\\{a\\}")).toEqual([expect.objectContaining({ severity: "warning", fix: "write } alone" })]);
    expect(problems("C:\\dir\\}")).toEqual([]);
    expect(problems("\\{a}")).toEqual([]);
  });
});

describe("functions", () => {
  it("are told with their arguments", () => {
    expect(parseHogExpression("concat(a, upper(b))").functions).toEqual([
      { name: "upper", arguments: 1, offset: 10, line: 1 },
      { name: "concat", arguments: 2, offset: 0, line: 1 },
    ]);
  });

  it("that are not known are a warning, with the nearest name", () => {
    expect(problems("{UPPER(a)} {fetch(b)}")).toEqual([
      expect.objectContaining({ kind: "unknownFunction", severity: "warning", fix: "did you mean `upper`?" }),
      expect.objectContaining({ kind: "unknownFunction", severity: "warning", fix: undefined }),
    ]);
  });

  it("with a wrong number of arguments are a warning", () => {
    expect(problems("{upper()}")).toEqual([
      expect.objectContaining({ kind: "argumentCount", what: "`upper` takes 1 argument and is given 0" }),
    ]);
    expect(problems("{substring('a')}")).toEqual([
      expect.objectContaining({ what: "`substring` takes 2 to 3 arguments and is given 1" }),
    ]);
    expect(problems("{f(x -> x(1))}")).toHaveLength(1);
  });

  it("are those of PostHog's virtual machine", () => {
    for (const [name, { minArgs, maxArgs }] of Object.entries(STL)) {
      // Compiled to jumps, which take other numbers of arguments.
      if (["if", "multiIf", "not"].includes(name)) continue;
      expect([name, ...(HOG_FUNCTIONS[name] ?? [])]).toEqual([name, minArgs, maxArgs ?? Infinity]);
    }
  });
});

describe("what is beyond this reader is not judged", () => {
  it.each([
    "{case when a then 1 end}",
    "{cast(a as int)}",
    "{(select 1)}",
    "{interval 1 day}",
    "{a::int}",
    "{date '2026-01-01'}",
    "{a is distinct from b}",
    "{f(a)(b)}",
    `{${"(".repeat(5_000)}`,
  ])("%s", (text) => {
    expect(problems(text)).toEqual([expect.objectContaining({ kind: "notRead", severity: "warning" })]);
  });

  it("endless texts end", () => {
    for (const piece of [
      "f'{",
      "not ",
      "- ",
      "x -> ",
      "a ? b : ",
      "a || ",
      "a, ",
      "/*",
      "{{",
      "a(",
      "(a, ",
      "\\{",
      "'",
    ]) {
      const text = piece.repeat(100_000 / piece.length);
      expect(() => [parseHogTemplate(text), parseHogTemplate(`{${text}`), parseHogExpression(text)]).not.toThrow();
    }
  });
});

it("curly quotes are named as such", () =>
  expect(problems("{person.id ?? “x”}")[0]).toMatchObject({ what: "Hog: curly quotes in an expression" }));

it("an expression is one expression and nothing else", () => {
  expect(parseHogExpression("person.properties.renewal").findings).toEqual([]);
  expect(parseHogExpression("{person.properties.renewal}").findings).toEqual([
    expect.objectContaining({
      what: "Hog: {person.properties.renewal} is not allowed here",
      fix: expect.stringContaining("write the expression without braces") as string,
    }),
  ]);
  expect(parseHogExpression("").findings).toEqual([expect.objectContaining({ what: "Hog: the expression is empty" })]);
});

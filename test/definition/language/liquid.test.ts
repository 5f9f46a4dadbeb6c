// Reading Liquid texts (run time §6.2): what they refer to, and what is wrong with them.
import { describe, expect, it } from "vitest";
import { parseLiquid } from "../../../definition/language";

const problem = (text: string) =>
  parseLiquid(text).findings.map(({ kind, severity, line, offset, what, fix }) => ({
    kind,
    severity,
    line,
    offset,
    what,
    fix,
  }));
const references = (text: string) => parseLiquid(text).references.map(({ root, path }) => [root, ...path].join("."));

describe("references", () => {
  it.each([
    ["Hi {{ person.properties.first_name | default: 'there' }}", ["person.properties.first_name"]],
    ['{{ event.properties["$current url"].x[0] }}', ["event.properties.$current url.x.0"]],
    [
      "{% if variables.score > 3 and event.event == 'x' %}{{ unsubscribe_url }}{% endif %}",
      ["variables.score", "event.event", "unsubscribe_url"],
    ],
    [
      "{% assign mine = person.id %}{{ mine }}{% for item in variables.items %}{{ item.name }}{{ forloop.index }}{% endfor %}",
      ["person.id", "variables.items"],
    ],
    ["{% capture a %}{{ event.url }}{% endcapture %}{{ a }}", ["event.url"]],
    ["{{ person[event.event].x }}", ["person", "event.event"]],
    ["{{ 'text' }} {{ 3 }} {{ nil }} { person } no tag", []],
    ["{% raw %}{{ person.id }}{% endraw %}{% comment %}{{ event.id }}{% endcomment %}", []],
  ])("of %s", (text, expected) => expect(references(text)).toEqual(expected));

  it("stand at the place of the text that was given, entities and HTML notwithstanding", () => {
    const text =
      "<p>1 &lt; 2 'quoted' %}</p>\n{{ person.id | default: &quot;x&quot; }}\n<b>&amp;</b>{% if 1 &lt; event.x %}{{ variables.y }}{% endif %}";
    const { references: found, findings: problems, filters } = parseLiquid(text);
    expect(problems).toEqual([]);
    expect(found.map(({ root, offset }) => text.slice(offset, offset + root.length) === root)).toEqual([
      true,
      true,
      true,
    ]);
    expect(found.map(({ line }) => line)).toEqual([2, 3, 3]);
    expect(filters.map(({ name, offset }) => text.slice(offset, offset + 7) === name)).toEqual([true]);
  });
});

describe("problems", () => {
  it.each([
    ["an output that is not closed", "Hi\n{{ person.id", "syntax", 2, "close it with }}"],
    ["an output closed with one brace", "{{ person.id }", "syntax", 1, "close it with }}"],
    ["a quote that is not closed", "{{ 'a }}", "syntax", 1, "close it with }}"],
    ["a block that is not closed", "{% if person %}x", "syntax", 1, "add {% endif %}"],
    ["a tag that is not closed", "{% if person }x", "syntax", 1, "close it with %}"],
    ["an end without its block", "x {% endfor %}", "syntax", 1, undefined],
    ["an empty output", "{{ }}", "syntax", 1, undefined],
    ["= for ==", "{% if a = b %}x{% endif %}", "syntax", 1, expect.stringContaining("==") as string],
    [
      "a key that needs brackets",
      "{{ person.properties.$geo }}",
      "syntax",
      1,
      expect.stringContaining('["$key"]') as string,
    ],
    ["an unknown tag", "\n{% foreach x %}", "unknownTag", 2, undefined],
    ["a tag named like a member of every object", "{% constructor %}", "unknownTag", 1, undefined],
    ["a misspelt tag", "{% asign a = 1 %}", "unknownTag", 1, "did you mean `assign`?"],
    ["an unknown filter", "{{ a | money }}", "unknownFilter", 1, undefined],
    ["a misspelt filter", "{{ a\n| upcas }}", "unknownFilter", 2, "did you mean `upcase`?"],
    ["a filter named like a member of every object", "{{ a | toString }}", "unknownFilter", 1, undefined],
    ["a filter in a tag", "{% assign a = b | upcas %}", "unknownFilter", 1, "did you mean `upcase`?"],
    ["a filter that PostHog switched off", "{{ a | where_exp: 'x', 'x' }}", "unknownFilter", 1, "use `where`"],
    ["an include", "{% include 'footer' %}", "unknownTag", 1, expect.any(String) as string],
    ["a render", "{% render 'footer' %}", "unknownTag", 1, expect.any(String) as string],
    ["a layout", "{% layout 'mail' %}", "unknownTag", 1, expect.any(String) as string],
  ])("%s", (_, text, kind, line, fix) => {
    expect(problem(text)).toEqual([expect.objectContaining({ kind, line, fix, severity: "error" })]);
    for (const { why } of parseLiquid(text).findings) expect(why).toBeTruthy();
  });

  it("come all at once, and what follows from another is not told again", () => {
    const found = problem("{{ a | upcas }}\n{% if a = b %}x{% endif %}\n{{ c | strp }}");
    expect(found.map(({ kind, line }) => [kind, line])).toEqual([
      ["syntax", 2],
      ["unknownFilter", 1],
      ["unknownFilter", 3],
    ]);
  });

  it("Hog in a Liquid text is a warning: it is sent as it stands", () => {
    expect(problem("Hi {person.properties.name}")).toEqual([
      expect.objectContaining({
        kind: "otherLanguage",
        severity: "warning",
        offset: 3,
        fix: "write {{ person.properties.name }}",
      }),
    ]);
    expect(problem("<style>p {color: red} .person{top:0}</style>{{ person.id }}")).toEqual([]);
  });

  it("a text beyond PostHog's limit is told, and not read", () => {
    expect(problem("x".repeat(100_000))).toEqual([]);
    expect(problem("x".repeat(100_001))).toEqual([expect.objectContaining({ kind: "tooLong" })]);
  });

  it("is undecided about a text that is nested too deeply", () => {
    expect(problem("{% if a %}".repeat(9_000))).toEqual([
      expect.objectContaining({ kind: "notRead", severity: "warning" }),
    ]);
  });
});

it("entities are decoded inside tags only, and only where PostHog does", () => {
  expect(problem("{{ a | default: &quot;x&quot; }}")).toEqual([]);
  expect(problem("{% if a &gt; 1 and b &amp;lt; 2 %}{% endif %}")).not.toEqual([]);
  // PostHog reads a tag that is written on one line, and not every entity.
  expect(problem("{{ a\n | default: &quot;x&quot; }}")).not.toEqual([]);
  expect(problem("{{ a | default: &#39;x&#39; }}")).not.toEqual([]);
  expect(references("&#123;&#123; person.id }}")).toEqual([]);
});

it("is remembered by text", () => {
  expect(parseLiquid("{{ a.b }} once")).toBe(parseLiquid("{{ a.b }} once"));
});

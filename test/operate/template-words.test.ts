// Texts with Liquid or Hog in them, in words; and texts that are too long for their place.
import { describe, expect, it } from "vitest";
import { templateWords } from "../../operate/words/template-text";
import { shortened } from "../../operate/words/shorten";

describe("Liquid in words", () => {
  it.each([
    ['Welcome, {{ person.properties.first_name | default: "there" }}!', 'Welcome, [first_name or "there"]!'],
    ["Hi {{person.properties.first_name|default:'you'}}", 'Hi [first_name or "you"]'],
    ["Hi {{- person.properties.first_name -}} !", "Hi [first_name] !"],
    [
      '{{ person.properties["$first name"] | default: event.properties.name | capitalize }}',
      "[$first name or name, capitalize]",
    ],
    ["{{ event.properties.project.name }}", "[project.name]"],
    ["{{ groups.company.properties.name }}", "[name]"],
    [
      "{{ variables.code }} until {{ person.properties.trial_end | date: '%B %-d' }}",
      "[code] until [trial_end as a date]",
    ],
    ["{{ event.properties.total | times: 100 | round }} €", "[total, times 100, round] €"],
    ["{{ person.properties.name | escape }}", "[name]"],
    ["{{ person.properties.name | default: '' }}", "[name]"],
    ["{{ 'a | b' | upcase }}", '["a | b", upcase]'],
    ["{{ unsubscribe_url }}", "[unsubscribe_url]"],
    ["{{ event.timestamp }}", "[event.timestamp]"],
    [
      '{% if person.properties.plan == "pro" and event.properties.seats != 1 %}Your team{% elsif x contains "y" %}Yes{% else %}You{% endif %} won',
      '[if plan is "pro" and seats is not 1]Your team[or if x contains "y"]Yes[otherwise]You[end] won',
    ],
    [
      "{% for item in event.properties.items %}{{ item.name }}, {% endfor %}",
      "[for each item in items][item.name], [end]",
    ],
    ["{% unless person.properties.vip %}a{% endunless %}", "[unless vip]a[end]"],
    ["{% case person.properties.plan %}{% when 'pro' %}a{% endcase %}", '[case plan][when "pro"]a[end]'],
    ["{% assign x = 1 %}a{% comment %}not {{ this }}{% endcomment %}b", "ab"],
    ["{% raw %}{{ as it is }}{% endraw %}!", "{{ as it is }}!"],
    ["{{ person.properties.a\n | default:\n 'b' }}", '[a or "b"]'],
    // What cannot be read stays.
    ["Hi {{ person.properties.first_name", "Hi {{ person.properties.first_name"],
    ["No tags, {just} braces", "No tags, {just} braces"],
  ])("%s", (text, words) => expect(templateWords(text, "liquid")).toBe(words));
});

describe("Hog in words", () => {
  it.each([
    ["Hi {person.properties.first_name}!", "Hi [first_name]!"],
    ["Hi {person.properties.first_name ?? 'there'}!", 'Hi [first_name or "there"]!'],
    ["{ifNull(event.properties.name, variables.name)}", "[name or name]"],
    [
      "https://example.com/{variables.id}?a={encodeURLComponent(person.properties.a)}",
      "https://example.com/[id]?a=[encodeURLComponent(a)]",
    ],
    ["{if(person.properties.plan == 'pro', 'a', 'b')}", '["a" if plan is "pro", otherwise "b"]'],
    ["{person.properties.plan == 'pro' ? 'a' : 'b'}", '["a" if plan is "pro", otherwise "b"]'],
    ["{event.event} of {person.properties['$name']}", "[event.event] of [$name]"],
    ["{groups.company.properties.seats + 1}", "[seats + 1]"],
    ["{f'Hi {person.properties.name}'}", '["Hi " name]'],
    ["\\{as it is}", "{as it is}"],
    // What cannot be read stays, and is said by a finding.
    ["{person.properties.}", "{person.properties.}"],
  ])("%s", (text, words) => expect(templateWords(text, "hog")).toBe(words));

  it("is told from Liquid by its look where a template decides, and left alone where nothing is rendered", () => {
    expect(templateWords("{{ person.properties.a }}", "unsure")).toBe("[a]");
    expect(templateWords("{person.properties.a}", "unsure")).toBe("[a]");
    expect(templateWords("{person.properties.a}", "none")).toBe("{person.properties.a}");
  });
});

describe("a text that is too long", () => {
  const text = 'Welcome, [first_name or "there"]! How are you today?';
  it.each([
    [60, text],
    [48, 'Welcome, [first_name or "there"]! How are you…'],
    [36, 'Welcome, [first_name or "there"]!…'],
    // The bracket just fits, and the cut comes after it.
    [34, 'Welcome, [first_name or "there"]!…'],
    [33, 'Welcome, [first_name or "there"]…'],
    [32, "Welcome, […]"],
    [20, "Welcome, […]"],
    [12, "Welcome, […]"],
    [11, "Welcome,…"],
    [8, "Welcome…"],
  ])("has at most %d characters", (most, short) => {
    expect(shortened(text, most)).toBe(short);
    expect([...short].length).toBeLessThanOrEqual(most);
  });

  it("is cut inside of a word only where that is long, and at brackets that do not close as at others", () => {
    expect(shortened(`a ${"x".repeat(60)}`, 40)).toBe(`a ${"x".repeat(37)}…`);
    expect(shortened("one [two three four", 14)).toBe("one [two…");
    expect(shortened("[one [two] three four] five six", 20)).toBe("[…]");
    expect(shortened("👍👍👍👍", 3)).toBe("👍👍…");
  });
});

// What a message has nothing to show for is written down, and what is rendered stays as it is.
import { describe, expect, it } from "vitest";
import { renderHogValue, renderLiquidValue } from "../../simulator/render";
import { simulate } from "../../simulator";

const globals = {
  person: { properties: { name: "Ada", empty: "", items: [{ title: "One" }, {}, {}], off: false } },
  event: {},
};

function unfilled(render: typeof renderLiquidValue, text: string) {
  const found: [string, string][] = [];
  const around = { now: 0, random: () => 0.5 };
  const watched = render(text, globals, {
    ...around,
    unfilled: (expression, shows) => void found.push([expression, shows]),
  });
  expect(watched).toEqual(render(text, globals, around));
  return found;
}

describe("Liquid", () => {
  it.each([
    ["Hi {{ person.properties.name }}", []],
    ["Hi {{ person.properties.first_name }}", [["{{ person.properties.first_name }}", ""]]],
    ["Hi {{- person.properties.empty -}} you", [["{{- person.properties.empty -}}", ""]]],
    [
      "Hi {{ person.properties.first_name | default: 'there' }}",
      [["{{ person.properties.first_name | default: 'there' }}", "there"]],
    ],
    ["{{ x | default: 'there' | upcase }}", [["{{ x | default: 'there' | upcase }}", "THERE"]]],
    ["{{ person.properties.name | default: 'there' }}", []],
    ["{{ x | default: '' }}", [["{{ x | default: '' }}", ""]]],
    ["{{ person.properties.off }}", []],
    ["{{ x | raw }}", [["{{ x | raw }}", ""]]],
    ["{% if x %}{{ y }}{% else %}{{ z }}{% endif %}", [["{{ z }}", ""]]],
    [
      "{% for item in person.properties.items %}{{ item.title }}{% endfor %}",
      [
        ["{{ item.title }}", ""],
        ["{{ item.title }}", ""],
      ],
    ],
    ["{% assign who = x | default: 'you' %}{{ who }}", [["{{ x | default: 'you' }}", "you"]]],
    ["{% assign who = x %}{{ who }}", [["{{ who }}", ""]]],
    ["{% echo x %}", [["{{ x }}", ""]]],
    [
      "{% capture c %}{{ x }}{% endcapture %}{% case 1 %}{% when 1 %}{{ c }}{% endcase %}",
      [
        ["{{ x }}", ""],
        ["{{ c }}", ""],
      ],
    ],
  ] as const)("%s", (text, gaps) => expect(unfilled(renderLiquidValue, text)).toEqual(gaps));

  it("tells a text that is rendered twice each time anew", () => {
    expect(unfilled(renderLiquidValue, "{{ once }}")).toHaveLength(1);
    expect(unfilled(renderLiquidValue, "{{ once }}")).toHaveLength(1);
  });
});

describe("where Liquid has nothing to show", () => {
  const marked = (text: string): string => {
    const places: number[] = [];
    const unfilled = (_: string, __: string, at?: number) => void (at !== undefined && places.push(at));
    const rendered = renderLiquidValue(text, globals, { now: 0, random: () => 0.5, unfilled });
    let shown = String(rendered.ok && rendered.value);
    for (const at of places.toReversed()) shown = `${shown.slice(0, at)}^${shown.slice(at)}`;
    return shown;
  };

  it.each([
    ["Hi {{ x }}, {{ x }}!", "Hi ^, ^!"],
    ["Hi {{ x | default: 'there & here' }}!", "Hi ^there &amp; here!"],
    ["{{ person.properties.name }}{{- x -}} !", "Ada^!"],
    ["{% for item in person.properties.items %}<{{ item.title }}>{% endfor %}", "<One><^><^>"],
    ["{% if true %}a{% echo x %}b{% endif %}", "a^b"],
    // What is kept is shown elsewhere, or never.
    ["a {% capture c %}b{{ x }}{% endcapture %}{{ c }}", "a b"],
    ["a {% assign y = x | default: 'b' %}{{ y }}", "a b"],
  ])("%s", (text, expected) => expect(marked(text)).toBe(expected));
});

describe("Hog", () => {
  it.each([
    ["Hi {person.properties.name}", []],
    ["Hi {person.properties.first_name}", [["{person.properties.first_name}", ""]]],
    ["{person.properties.empty}", [["{person.properties.empty}", ""]]],
    ["Hi {person.properties.x ?? 'there'}", [['{person.properties.x ?? "there"}', "there"]]],
    ["Hi {person.properties.empty ?? 'there'}", [['{person.properties.empty ?? "there"}', ""]]],
    ["Hi {person.properties.x ?? event.y}", [["{person.properties.x ?? …}", "…"]]],
    ["{upper(person.properties.x ?? 'a')}", []],
  ] as const)("%s", (text, gaps) => expect(unfilled(renderHogValue, text)).toEqual(gaps));
});

it("is part of each message and request, by part, once", () => {
  const message = { messageCategoryType: "transactional" };
  const { messages, requests } = simulate(
    {
      name: "Flow",
      actions: {
        trigger_node: {
          type: "trigger",
          name: "T",
          config: { type: "event", filters: { events: [{ id: "e" }] } },
          next: "mail",
        },
        mail: {
          type: "function_email",
          name: "Mail",
          config: {
            ...message,
            inputs: {
              email: {
                templating: "liquid",
                value: {
                  from: { integrationId: 1 },
                  to: { email: "{{ person.properties.email }}", name: "" },
                  subject: "Hi {{ person.properties.first_name }}",
                  preheader: "For {{ person.properties.email }}",
                  html: "<p>{{ person.properties.first_name }}, {{ person.properties.first_name }}</p>",
                },
              },
            },
          },
          next: "sms",
        },
        sms: {
          type: "function_sms",
          name: "SMS",
          config: {
            ...message,
            inputs: {
              twilio_account: { value: 1 },
              from_number: { value: "+1" },
              to_number: { value: "+2" },
              message: { value: "Hi {{ person.properties.first_name | default: 'you' }}" },
            },
          },
          next: "call",
        },
        call: {
          type: "function",
          name: "Call",
          config: {
            templateId: "template-webhook",
            inputs: { url: { value: "https://example.com/" }, body: { value: { plan: "{person.properties.plan}" } } },
          },
          next: "push",
        },
        push: {
          type: "function_push",
          name: "Push",
          config: {
            ...message,
            inputs: { channels: { value: [1] }, title: { value: "All filled" }, body: { value: "Yes" } },
          },
          next: "exit_node",
        },
        exit_node: { type: "exit", name: "Exit" },
      },
    },
    { person: { properties: { email: "ada@example.com" } }, pushChannels: [1] },
  );
  expect(messages.map(({ channel, preheader, unfilled: found }) => [channel, preheader, found])).toEqual([
    [
      "email",
      "For ada@example.com",
      [
        { part: "subject", expression: "{{ person.properties.first_name }}", shows: "", at: [3] },
        { part: "html", expression: "{{ person.properties.first_name }}", shows: "", at: [3, 5] },
      ],
    ],
    [
      "sms",
      undefined,
      [{ part: "message", expression: "{{ person.properties.first_name | default: 'you' }}", shows: "you", at: [3] }],
    ],
    ["push", undefined, undefined],
  ]);
  expect(requests.map(({ unfilled: found }) => found)).toEqual([
    [{ part: "body", expression: "{person.properties.plan}", shows: "" }],
  ]);
});

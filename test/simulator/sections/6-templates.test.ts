// What templates make of inputs (run time §6).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import { ADA, BODY, email, flow, run, webhook } from "../flows";

describe("§6 templates", () => {
  it("6.1: one expression keeps its type, leaf by leaf; text around it is concatenated; keys stay as written", () => {
    const body = {
      age: "{person.properties.age}",
      text: "age {person.properties.age}, {person.properties.none}",
      "{person.properties.key}": ["{true}", "\\{x}"],
    };
    expect(
      run({ steps: [webhook("W", {}, BODY(body))] }, { person: { properties: { age: 7, key: "k" } } }).requests[0]!
        .body,
    ).toEqual({ age: 7, text: "age 7, ", "{person.properties.key}": [true, "{x}"] });
    // A date that stands alone leaves as Hog's own object.
    const dates = run({ steps: [webhook("W", {}, BODY({ alone: "{now()}", day: "{today()}", text: "at {now()}" }))] })
      .requests[0]!.body;
    expect(dates).toEqual({
      alone: { __hogDateTime__: true, dt: Date.UTC(2026, 0, 5, 9) / 1000, zone: "UTC" },
      day: { __hogDate__: true, year: 2026, month: 1, day: 5 },
      text: "at 2026-01-05T09:00:00.000Z",
    });
    // The next input reads it as a date again.
    expect(
      run({
        steps: [
          webhook(
            "W",
            {},
            { headers: { value: { when: "{now()}" } }, ...BODY("{formatDateTime(inputs.headers.when, '%Y')}") },
          ),
        ],
      }).requests[0]!.body,
    ).toBe("2026");
  });

  it("6.3: what templates see", () => {
    const shown = (expression: string, scenario: Scenario = {}): unknown =>
      run({ steps: [webhook("W", {}, BODY(expression))] }, scenario).requests[0]?.body;
    expect(
      shown("{event.event} {event.distinct_id} {event.properties.plan}", {
        trigger: { event: "signup", properties: { plan: "pro" } },
      }),
    ).toBe("signup person-1 pro");
    expect(shown("{person.name} {person.distinct_id}", { person: ADA })).toBe("ada@example.com person-1");
    expect(
      shown("{groups.company.id} {groups.company.index}", { groups: { company: { index: 2, key: "acme" } } }),
    ).toBe("acme 2");
    expect(shown("{source.name}")).toBe("Flow - HTTP Webhook");
    expect(run({ steps: [email("M", { subject: "{{ source.name }}" })] }, { person: ADA }).messages[0]!.subject).toBe(
      "Flow - Email",
    );
    expect(shown("{request.body}")).toBeUndefined();
  });

  it("6.3: without a person `person` is null", () => {
    const result = simulate(
      flow({
        trigger: { type: "schedule" },
        steps: [webhook("W", {}, BODY({ email: "{person.properties.email}", text: "for {person.name}" }))],
      }),
    );
    expect(result.requests[0]!.body).toEqual({ email: null, text: "for " });
    expect(result.notSimulated).toEqual([]);
  });

  it("6.1: choices and integrations are never compiled, and Liquid in them is rendered where it says so", () => {
    const slack = (channel: Json): unknown =>
      run(
        {
          steps: [
            { id: "S", name: "S", type: "function", config: { template_id: "template-slack", inputs: { channel } } },
          ],
        },
        { person: { properties: { channel: "C7" } } },
      ).requests[0]!.inputs["channel"];
    expect(slack({ value: "{person.properties.channel}" })).toBe("{person.properties.channel}");
    expect(slack({ value: "{{ person.properties.channel }}" })).toBe("{{ person.properties.channel }}");
    expect(slack({ value: "{{ person.properties.channel }}", templating: "liquid" })).toBe("C7");
  });

  it("6.2: entities are read in tags of one line alone, and not every one", () => {
    const shown = (html: string): string | undefined =>
      run({ steps: [email("M", { html })] }, { person: { properties: { email: "ada@example.com", seats: 12 } } })
        .messages[0]?.html;
    expect(shown("{% if person.properties.seats &gt; 3 %}big{% endif %} &gt;")).toBe("big &gt;");
    expect(shown("{% if person.properties.seats\n &gt; 3 %}big{% endif %}")).toBeUndefined();
    expect(
      shown(
        "{{ person.properties.none | default: &quot;x&quot; }}{{ person.properties.none | default: &#x27;y&#x27; }}",
      ),
    ).toBe("xy");
    expect(shown("{{ person.properties.none | default: &#39;y&#39; }}")).not.toBe("y");
  });

  it("6.2: every part of an e-mail is a text of its own, escaped unless it is raw; nothing is missing loudly", () => {
    const result = run(
      {
        steps: [
          email("M", {
            subject: "{{ person.properties.name | raw }}",
            text: "{{ person.properties.name }}{{ person.properties.none }}{{ nothing.at.all | default: '!' }}",
          }),
        ],
      },
      { person: { properties: { email: "ada@example.com", name: "A & B" } } },
    );
    expect(result.messages[0]).toMatchObject({ subject: "A & B", text: "A &amp; B!" });
  });

  it("6.3: links into PostHog are stand-ins, which no reader takes for real", () => {
    const [request] = run({ steps: [webhook("W", {}, BODY("{person.url} {event.url} {source.url}"))] }).requests;
    expect(String(request!.body).split(" ")).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^https:\/\/posthog\.invalid\//)),
    );
  });

  it("6.3: results of earlier steps are reached by variables alone, and the request by nobody", () => {
    expect(run({ steps: [webhook("W", {}, BODY("{actions.W}"))] }).steps[0]!.outcome).toBe("failed");
    expect(run({ steps: [webhook("W", {}, BODY("{request.body}"))] }).steps[0]!.outcome).toBe("failed");
  });
});

// What templates make of inputs (run time §6).
import { describe, expect, it } from "vitest";
import { simulate, type Scenario } from "../../../simulator";
import { ADA, BODY, email, flow, run, webhook } from "../flows";

describe("§6 templates", () => {
  it("6.1: one expression keeps its type, leaf by leaf; text around it is concatenated", () => {
    const body = { age: "{person.properties.age}", text: "age {person.properties.age}, {person.properties.none}", "{person.properties.key}": ["{true}", "\\{x}"] };
    expect(run({ steps: [webhook("W", {}, BODY(body))] }, { person: { properties: { age: 7, key: "k" } } }).requests[0]!.body).toEqual({ age: 7, text: "age 7, ", k: [true, "{x}"] });
  });

  it("6.3: what templates see", () => {
    const shown = (expression: string, scenario: Scenario = {}): unknown => run({ steps: [webhook("W", {}, BODY(expression))] }, scenario).requests[0]?.body;
    expect(shown("{event.event} {event.distinct_id} {event.properties.plan}", { trigger: { event: "signup", properties: { plan: "pro" } } })).toBe("signup person-1 pro");
    expect(shown("{person.name} {person.distinct_id}", { person: ADA })).toBe("ada@example.com person-1");
    expect(shown("{groups.company.id} {groups.company.index}", { groups: { company: { index: 2, key: "acme" } } })).toBe("acme 2");
    expect(shown("{source.name}")).toBe("Flow");
    expect(shown("{request.body}")).toBeUndefined();
  });

  it("6.3: a Hog text that reads a person where there is none is not simulated", () => {
    const result = simulate(flow({ trigger: { type: "schedule" }, steps: [webhook("W", {}, BODY("{person.properties.email}"))] }));
    expect(result.end.how).toBe("not_simulated");
    expect(result.notSimulated.join()).toContain("person");
    expect(result.timeline()).toContain("not simulated");
  });

  it("6.2: every part of an e-mail is a text of its own, escaped unless it is raw; nothing is missing loudly", () => {
    const result = run({ steps: [email("M", { subject: "{{ person.properties.name | raw }}", text: "{{ person.properties.name }}{{ person.properties.none }}{{ nothing.at.all | default: '!' }}" })] }, { person: { properties: { email: "ada@example.com", name: "A & B" } } });
    expect(result.messages[0]).toMatchObject({ subject: "A & B", text: "A &amp; B!" });
  });

  it("6.3: links into PostHog are stand-ins, which no reader takes for real", () => {
    const [request] = run({ steps: [webhook("W", {}, BODY("{person.url} {event.url} {source.url}"))] }).requests;
    expect(String(request!.body).split(" ")).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^https:\/\/posthog\.invalid\//)));
  });

  it("6.3: results of earlier steps are reached by variables alone, and the request by nobody", () => {
    expect(run({ steps: [webhook("W", {}, BODY("{actions.W}"))] }).steps[0]!.outcome).toBe("failed");
    expect(run({ steps: [webhook("W", {}, BODY("{request.body}"))] }).steps[0]!.outcome).toBe("failed");
  });
});

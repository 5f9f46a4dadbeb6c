// E-mail, text messages and pushes (run time §3.9).
import { describe, expect, it } from "vitest";
import type { Scenario, Simulation } from "../../../simulator";
import type { Json } from "../../support/reference-flows";
import { ADA, email, metrics, run, webhook } from "../flows";

describe("§3.9 messages", () => {
  const mail = (value: Json = {}, scenario: Scenario = {}, config: Json = {}): Simulation => run({ steps: [email("M", value, {}, config), webhook("W")] }, { person: ADA, ...scenario });
  it("3.9: what stops an e-mail, and what comes of it", () => {
    const skipped = (scenario: Scenario, config: Json = {}, value: Json = {}): [string | undefined, string[]] => {
      const result = mail(value, scenario, config);
      expect(result.requests, "the run goes on").toHaveLength(1);
      return [result.skipped[0]?.reason, metrics(result).filter((name) => name.endsWith("(M)"))];
    };
    expect(skipped({ preferences: { suppressed: ["ADA@example.com"] } })).toEqual([expect.stringContaining("suppression"), ["email_suppressed(M)", "succeeded(M)"]]);
    expect(skipped({ preferences: { optedOut: "all" } })).toEqual([expect.stringContaining("opted out"), ["succeeded(M)"]]);
    expect(skipped({ preferences: { optedOut: ["other"] } }, { message_category_id: "news" })).toEqual([undefined, ["email_queued(M)", "email_sent(M)", "billable_invocation(M)", "succeeded(M)"]]);
    expect(skipped({ preferences: { undeliverable: ["ada@example.com"] } })[1]).toEqual(["email_bounce_prevented(M)", "succeeded(M)"]);
    expect(skipped({ preferences: { suppressed: ["boss@example.com"] } }, {}, { cc: "boss@example.com" })[1]).toContain("email_suppressed(M)");
    expect(mail({}, { senders: [8] }).steps[0]).toMatchObject({ outcome: "failed", error: expect.stringContaining("not verified") });
    expect(mail({ from: {} }).steps[0]!.outcome).toBe("failed");
    expect(metrics(mail({}, {}, { tracking_enabled: false }))).toContain("email_untracked(M)");
  });

  it("3.9: what is sent", () => {
    const [message] = mail({ from: { integrationId: 7, name: "Team {{ variables.x }}" }, to: { email: "{{ person.properties.email }}", name: "A" }, subject: "Line\nbreak", html: "<a href='{{ unsubscribe_url }}'>{{ person.properties.name }}</a>", text: "T", replyTo: "r@example.com" }, { person: { properties: { email: "ada@example.com", name: "<Ada>" } }, variables: { x: "1" } }, { message_category_type: "transactional", message_category_id: "c" }).messages;
    expect(message).toMatchObject({ to: "ada@example.com", subject: "Linebreak", replyTo: "r@example.com", sender: { integrationIds: [7], name: "Team 1" }, categoryType: "transactional", category: "c", channel: "email", tracked: true });
    expect(message!.html).toContain("&lt;Ada&gt;");
    expect(message!.html).toContain("to=ada%40example.com");
    expect(mail({ subject: "{% include 'x' %}" }).end.how).toBe("not_simulated");
    expect(mail({ subject: "{{ broken" }).steps[0]!.outcome).toBe("failed");
  });

  it("3.9: the rate limit delays, and drops nothing; what was rendered is sent", () => {
    const result = run({ steps: [email("M", { subject: "{{ person.properties.plan }}" })], settings: { email_sending_rate_limit: { count: 60, period: "minute" } } }, {
      person: { properties: { email: "a@example.com", plan: "free" } }, events: [{ event: "signup", at: "+0s" }, { event: "signup", at: "+0s" }], personUpdates: [{ at: "+500ms", set: { plan: "pro" } }].map(() => ({ at: Date.UTC(2026, 0, 5, 9, 0, 0, 500), set: { plan: "pro" } })),
    });
    expect(result.messages.map(({ after, subject }) => [after, subject])).toEqual([[0, "free"], [1_000, "free"], [2_000, "free"]]);
  });

  it("3.9: texts and pushes", () => {
    const sms = { id: "S", name: "S", type: "function_sms", config: { template_id: "template-twilio", inputs: { twilio_account: { value: 4 }, from_number: { value: "+1" }, to_number: { value: "{person.properties.phone}" }, message: { value: "Hi {person.properties.name}" } } } };
    const texted = run({ steps: [sms] }, { person: { properties: { phone: "+49", name: "Ada" } } });
    expect(texted.messages[0]).toMatchObject({ channel: "sms", to: "+49", body: "Hi Ada", sender: { number: "+1" } });
    expect(run({ steps: [sms] }).steps[0]!.outcome).toBe("failed");
    expect(run({ steps: [sms] }, { person: { properties: { phone: "+49" } }, preferences: { optedOut: "all" } }).messages).toEqual([]);
    const push = { id: "P", name: "P", type: "function_push", config: { template_id: "template-native-push", inputs: { distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" }, channels: { value: [3, 4] }, title: { value: "Hello" }, body: { value: "{{ person.properties.name }}" } } } };
    const pushed = run({ steps: [push] }, { person: { properties: { name: "Ada" } }, pushChannels: [4] });
    expect(pushed.messages[0]).toMatchObject({ channel: "push", subject: "Hello", body: "Ada", sender: { channels: [4] }, to: "person-1" });
    expect(metrics(pushed).slice(0, 2)).toEqual(["push_skipped(P)", "push_sent(P)"]);
    expect(run({ steps: [push] }, { pushChannels: [] })).toMatchObject({ messages: [], steps: [{ outcome: "skipped" }, {}] });
  });
});

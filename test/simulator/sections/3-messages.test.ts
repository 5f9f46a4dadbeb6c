// E-mail, text messages and pushes (run time §3.9).
import { describe, expect, it } from "vitest";
import type { Scenario, Simulation } from "../../../testing";
import type { Json } from "../../support/reference-flows";
import { ADA, delay, email, events, HOUR, metrics, MINUTE, run, told, wait, webhook } from "../flows";

describe("§3.9 messages", () => {
  const mail = (value: Json = {}, scenario: Scenario = {}, config: Json = {}): Simulation =>
    run({ steps: [email("M", value, {}, config), webhook("W")] }, { person: ADA, ...scenario });
  it("a secret that is not shown counts as right: what it is, nobody knows here", () => {
    const result = run({ steps: [webhook("W", {}, { url: { value: "[secret]" } }), email("M")] }, { person: ADA });
    expect(result.end.how).toBe("exit");
    expect(metrics(result)).not.toContain("failed(W)");
  });

  it("3.9: what stops an e-mail, and what comes of it", () => {
    const skipped = (scenario: Scenario, config: Json = {}, value: Json = {}): [string | undefined, string[]] => {
      const result = mail(value, scenario, config);
      expect(result.requests, "the run goes on").toHaveLength(1);
      return [result.skipped[0]?.reason, metrics(result).filter((name) => name.endsWith("(M)"))];
    };
    expect(skipped({ preferences: { suppressed: ["ADA@example.com"] } })).toEqual([
      expect.stringContaining("suppression"),
      ["email_suppressed(M)", "succeeded(M)"],
    ]);
    expect(skipped({ preferences: { optedOut: "all" } })).toEqual([
      expect.stringContaining("opted out"),
      ["succeeded(M)"],
    ]);
    expect(skipped({ preferences: { optedOut: ["other"] } }, { message_category_id: "news" })).toEqual([
      undefined,
      ["email_queued(M)", "email_sent(M)", "billable_invocation(M)", "succeeded(M)"],
    ]);
    expect(skipped({ preferences: { undeliverable: ["ada@example.com"] } })[1]).toEqual([
      "email_bounce_prevented(M)",
      "succeeded(M)",
    ]);
    // Any recipient, before the e-mail is queued; of a name with its address the address alone.
    const boss = { preferences: { suppressed: ["boss@example.com"] } };
    for (const value of [
      { cc: "a@example.com, Boss <BOSS@example.com>" },
      { bcc: "boss@example.com" },
      { to: { email: " boss@example.com " } },
    ])
      expect(skipped(boss, {}, value)[1]).toEqual(["email_suppressed(M)", "succeeded(M)"]);
    expect(skipped(boss, {}, { cc: "Boss <b@example.com>, boss@example.com.au" })[0]).toBeUndefined();
    const unverified = mail({}, { senders: [8] });
    expect(unverified.steps[0]).toMatchObject({ outcome: "failed", error: expect.stringContaining("not verified") });
    expect(metrics(unverified).slice(0, 3)).toEqual(["email_queued(M)", "email_failed(M)", "billable_invocation(M)"]);
    expect(metrics(mail({}, {}, { tracking_enabled: false }))).toContain("email_untracked(M)");
  });

  it("3.9: what the queue refuses fails the step for everybody, and is billed", () => {
    const ofM = (value: Json, config: Json = {}): string[] =>
      metrics(mail(value, {}, config)).filter((name) => name.endsWith("(M)"));
    const from = { integrationId: 7 };
    const refused: Json[] = [
      { from: {} },
      { from: { integrationIds: [7] } },
      { from: { integrationId: "7" } },
      { from: { ...from, integrationIds: Array.from({ length: 11 }, (_, i) => i) } },
      { from: { ...from, integrationIds: ["7"] } },
      { from: "a@example.com" },
      { from: { ...from, name: null } },
      { html: undefined },
      { html: null },
      { subject: undefined },
      { cc: ["c@example.com"] },
      { bcc: null },
      { replyTo: null },
      { preheader: null },
      { text: null },
      { to: { email: "ada@example.com", name: null } },
    ];
    for (const value of refused)
      expect([value, ofM(value)]).toEqual([value, ["billable_invocation(M)", "failed(M)", "succeeded(M)"]]);
    // A recipient that is a text is none: marketing fails before anything is billed.
    expect(ofM({ to: "ada@example.com" })).toEqual(["failed(M)", "succeeded(M)"]);
    expect(ofM({ to: "ada@example.com" }, { message_category_type: "transactional" })).toEqual([
      "billable_invocation(M)",
      "failed(M)",
      "succeeded(M)",
    ]);
    expect(
      mail({ html: "", text: "T", cc: "", preheader: "", from: { ...from, email: "", name: "" } }).messages[0],
    ).toMatchObject({ text: "T", body: "T", sender: { integrationId: 7 } });
  });

  it("3.9: what is sent", () => {
    const [message] = mail(
      {
        from: { integrationId: 7, name: "Team {{ variables.x }}" },
        to: { email: "{{ person.properties.email }}", name: "A" },
        subject: " Line\r\n\nbreak\u0007\tand tab ",
        html: "<a href='{{ unsubscribe_url }}'>{{ person.properties.name }}</a>",
        text: "T",
        replyTo: "r@example.com",
      },
      { person: { properties: { email: "ada@example.com", name: "<Ada>" } }, variables: { x: "1" } },
      { message_category_type: "transactional", message_category_id: "c" },
    ).messages;
    expect(message).toMatchObject({
      to: "ada@example.com",
      toName: "A",
      subject: "Line break\tand tab",
      replyTo: "r@example.com",
      sender: { integrationIds: [7], name: "Team 1" },
      categoryType: "transactional",
      category: "c",
      channel: "email",
      tracked: true,
    });
    expect(message!.html).toContain("&lt;Ada&gt;");
    expect(message!.html).toContain("to=ada%40example.com");
    expect(mail({ subject: "{% include 'x' %}" }).end.how).toBe("not_simulated");
    expect(mail({ subject: "{{ broken" }).steps[0]!.outcome).toBe("failed");
  });

  it("3.9: the rate limit delays, and drops nothing; what was rendered is sent", () => {
    const result = run(
      {
        steps: [email("M", { subject: "{{ person.properties.plan }}" })],
        settings: { email_sending_rate_limit: { count: 60, period: "minute" } },
      },
      {
        random: () => 0,
        person: { properties: { email: "a@example.com", plan: "free" } },
        events: [
          { event: "signup", at: "+0s" },
          { event: "signup", at: "+0s" },
        ],
        personUpdates: [{ at: "+500ms", set: { plan: "pro" } }].map(() => ({
          at: Date.UTC(2026, 0, 5, 9, 0, 0, 500),
          set: { plan: "pro" },
        })),
      },
    );
    expect(result.messages.map(({ after, subject }) => [after, subject])).toEqual([
      [0, "free"],
      [1_000, "free"],
      [2_000, "free"],
    ]);
  });

  it("3.9: the limit has room for whole tokens; who finds none comes back after one to two intervals, by chance", () => {
    const sent = (email_sending_rate_limit: Json, count: number, random: Scenario["random"]): number[] =>
      run(
        { steps: [email("M")], settings: { email_sending_rate_limit } },
        { person: ADA, random, events: Array.from({ length: count - 1 }, () => ({ event: "signup", at: "+0s" })) },
      ).messages.map(({ after: at }) => at);
    // 90 a minute are one and a half a second, and there is room for two.
    expect(sent({ count: 90, period: "minute" }, 3, () => 0)).toEqual([0, 0, 1_000]);
    expect(sent({ count: 60, period: "minute" }, 2, () => 0.5)).toEqual([0, 1_500]);
    // An interval of less than a second is one; of an hour it is five minutes, and asked again until there is a token.
    expect(sent({ count: 6_000, period: "minute" }, 101, () => 0.999)).toEqual([
      ...Array.from({ length: 100 }, () => 0),
      1_999,
    ]);
    expect(sent({ count: 1, period: "hour" }, 2, () => 0.5)).toEqual([0, 60 * MINUTE]);
    expect(sent({ count: 1, period: "hour" }, 2, () => 0.9)).toEqual([0, 7 * 9.5 * MINUTE]);
    // So the order is not kept: the second comes back later than the third.
    const returns = [0.9, 0];
    let isSent = false;
    const order = run(
      {
        steps: [delay("D", "1m"), email("M", { subject: "{{ event.properties.n }}" })],
        settings: { email_sending_rate_limit: { count: 60, period: "minute" } },
      },
      {
        person: ADA,
        random: () => (isSent ? (returns.shift() ?? 0) : 0.5),
        trigger: { event: "signup", properties: { n: 1 } },
        events: [2, 3].map((n) => ({ event: "signup", at: "+0s", properties: { n } })),
        http: () => {
          isSent = true;
          return undefined;
        },
      },
    );
    expect(order.messages.map(({ subject }) => subject)).toEqual(["1", "3", "2"]);
  });

  it("3.9: texts and pushes", () => {
    const sms = {
      id: "S",
      name: "S",
      type: "function_sms",
      config: {
        template_id: "template-twilio",
        inputs: {
          twilio_account: { value: 4 },
          from_number: { value: "{person.properties.name}" },
          to_number: { value: "{{ person.properties.phone }}" },
          message: { value: "Hi {{ person.properties.name }} {person.properties.name}" },
        },
      },
    };
    const texted = run({ steps: [sms] }, { person: { properties: { phone: "+49", name: "Ada" } } });
    expect(texted.messages[0]).toMatchObject({
      channel: "sms",
      to: "+49",
      body: "Hi Ada {person.properties.name}",
      sender: { number: "{person.properties.name}" },
    });
    expect(run({ steps: [sms] }).steps[0]!.outcome).toBe("failed");
    expect(
      run({ steps: [sms] }, { person: { properties: { phone: "+49" } }, preferences: { optedOut: "all" } }).messages,
    ).toEqual([]);
    // What the server fills in, and what is empty.
    const bare = {
      ...sms,
      config: {
        template_id: "template-twilio",
        message_category_type: "transactional",
        inputs: { from_number: { value: "+1" } },
      },
    };
    expect(run({ steps: [bare] }, { person: { properties: { phone: "+49" } } })).toMatchObject({
      messages: [{ to: "+49", body: "PostHog event signup was triggered" }],
      notSimulated: [],
    });
    expect(metrics(run({ steps: [bare] }, {})).slice(0, 2)).toEqual(["billable_invocation(S)", "failed(S)"]);
    const push = {
      id: "P",
      name: "P",
      type: "function_push",
      config: {
        template_id: "template-native-push",
        inputs: {
          distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
          channels: { value: [3, 4] },
          title: { value: "Hello" },
          body: { value: "{{ person.properties.name }}" },
        },
      },
    };
    const pushed = run({ steps: [push] }, { person: { properties: { name: "Ada" } }, pushChannels: [4] });
    expect(pushed.messages[0]).toMatchObject({
      channel: "push",
      subject: "Hello",
      body: "Ada",
      sender: { channels: [4] },
      to: "person-1",
    });
    expect(metrics(pushed).slice(0, 3)).toEqual(["push_skipped(P)", "push_sent(P)", "billable_invocation(P)"]);
    expect(run({ steps: [push] }, { pushChannels: [] })).toMatchObject({
      messages: [],
      steps: [{ outcome: "skipped" }, {}],
    });
    // Nobody has a device where there is nobody.
    const nobody = run({ steps: [push] }, { pushChannels: [3, 4], person: null });
    expect(nobody).toMatchObject({ messages: [], steps: [{ outcome: "skipped" }, {}] });
    expect(metrics(nobody).slice(0, 3)).toEqual(["push_skipped(P)", "push_skipped(P)", "billable_invocation(P)"]);
  });

  it("3.9: a project or flow whose e-mail stands still skips; what holds e-mails back delays, and drops nothing", () => {
    const names = (sending: Scenario["sending"]): string[] =>
      metrics(mail({}, { sending })).filter((name) => name.endsWith("(M)"));
    expect(names({ suspended: true })).toEqual([
      "email_queued(M)",
      "email_suspended(M)",
      "billable_invocation(M)",
      "succeeded(M)",
    ]);
    expect(names({ paused: true })).toEqual([
      "email_queued(M)",
      "email_paused(M)",
      "billable_invocation(M)",
      "succeeded(M)",
    ]);
    const held = mail(
      { subject: "{{ person.properties.plan }}" },
      {
        sending: { heldBack: "10m" },
        person: { properties: { email: "ada@example.com", plan: "free" } },
        personUpdates: [{ at: "+1m", set: { plan: "pro" } }],
      },
    );
    expect(held.messages.map(({ after: at, subject }) => [at, subject])).toEqual([[10 * MINUTE, "free"]]);
    expect(() => mail({}, { sending: { heldBack: "a while" } })).toThrow("sending.heldBack");
  });

  it("3.9: the rate limit and what holds back add up, one message after the other", () => {
    const result = run(
      { steps: [email("M")], settings: { email_sending_rate_limit: { count: 60, period: "minute" } } },
      { person: ADA, random: () => 0, sending: { heldBack: "1m" }, events: [{ event: "signup", at: "+0s" }] },
    );
    expect(result.messages.map(({ after: at }) => at)).toEqual([MINUTE, MINUTE + 1_000]);
  });

  it("3.9: marketing without consent is not tracked, transactional mail is", () => {
    expect(mail({}, { preferences: { untracked: true } }).messages[0]!.tracked).toBe(false);
    expect(metrics(mail({}, { preferences: { untracked: true } }))).toContain("email_untracked(M)");
    expect(
      mail({}, { preferences: { untracked: true } }, { message_category_type: "transactional" }).messages[0]!.tracked,
    ).toBe(true);
  });

  it("3.9: a provider that refuses is an error; opt-outs are each person's own", () => {
    const refused = mail({}, { http: { M: 500 } });
    expect(refused.steps[0]).toMatchObject({ outcome: "failed", error: expect.stringContaining("could not be sent") });
    expect(metrics(refused).slice(0, 4)).toEqual([
      "email_queued(M)",
      "email_failed(M)",
      "billable_invocation(M)",
      "failed(M)",
    ]);
    expect(mail({}, { http: { M: 0 } }).steps[0]!.outcome).toBe("failed");
    const others = [
      { distinctId: "b", properties: { email: "b@example.com" } },
      { distinctId: "c", properties: { email: "c@example.com" }, optedOut: ["news"] },
    ];
    const all = run(
      { steps: [email("M", {}, {}, { message_category_id: "news" })] },
      {
        person: ADA,
        preferences: { optedOut: "all" },
        others,
        events: ["b", "c"].map((distinctId) => ({ event: "signup", at: "+1m", distinctId })),
      },
    );
    expect(all.messages.map(({ to }) => to)).toEqual(["b@example.com"]);
  });

  it("3.9: UTM tags, saved templates, and events that PostHog captures itself are named", () => {
    expect(told(mail({}, {}, { utm_tags_enabled: true }))).toContain("UTM tags in the links of M");
    expect(told(mail({ text: undefined, html: undefined, subject: undefined }, {}, { template_uuid: "u" }))).toContain(
      "the saved template",
    );
    const opened = { events: [{ filters: events("$workflows_email_opened") }], max_wait_duration: "1d" };
    const waiting = { steps: [email("M"), wait("W", opened)], edges: [["W", "X", 0]] as [string, string, number][] };
    expect(told(run(waiting, { person: ADA }))).toContain("`$workflows_email_opened`, which PostHog captures itself");
    expect(run(waiting, { person: ADA, events: [{ event: "$workflows_email_opened", at: "+1h" }] })).toMatchObject({
      notSimulated: [],
      end: { after: HOUR },
    });
    const goal = { conversion: { filters: [], events: [{ filters: events("$workflows_email_link_clicked") }] } };
    expect(told(run({ steps: [email("M")], settings: goal }, { person: ADA }))).toContain(
      "$workflows_email_link_clicked",
    );
    expect(told(mail())).toBe("");
  });

  it("3.9: of several senders a run takes one, always the same; an address that is none, or off the sender's domain, gives way to the sender's own", () => {
    const from = { integrationIds: [9, 7, 8, 7], integrationId: 9 };
    const taken = Array.from({ length: 60 }, (_, random) => mail({ from }, { random }).messages[0]!.sender);
    expect(taken[0]!.integrationIds).toEqual([7, 8, 9]);
    expect(new Set(taken.map(({ integrationId }) => integrationId))).toEqual(new Set([7, 8, 9]));
    expect(mail({ from: { integrationId: 7, email: "nobody" } }).messages[0]!.sender).toEqual({
      integrationIds: [7],
      integrationId: 7,
    });
    const own = mail(
      { from: { integrationId: 7, email: "{{ person.properties.name }}@example.com" } },
      { person: { properties: { email: "ada@example.com", name: "ada" } } },
    );
    expect(own.messages[0]!.sender.email).toBe("ada@example.com");
    expect(told(own)).toContain("whether ada@example.com is on the sender's domain");
    const known = (value: Json): [string | undefined, string] => {
      const result = mail(
        { from: { integrationId: 7, ...value } },
        { senders: { 7: "team@example.com" }, person: { properties: { email: "ada@example.com", name: "ada" } } },
      );
      return [result.messages[0]?.sender.email, told(result)];
    };
    expect(
      ["{{ person.properties.name }}@EXAMPLE.com", "news@other.com", "a@example.com, b@example.com", ""].map(
        (address) => known({ email: address }),
      ),
    ).toEqual([
      ["ada@EXAMPLE.com", ""],
      ["team@example.com", ""],
      ["team@example.com", ""],
      ["team@example.com", ""],
    ]);
    expect(mail({}, { senders: { 8: "team@example.com" } }).steps[0]!.outcome).toBe("failed");
    expect(mail({ from: { integrationId: 7, name: ' "Ann" <a@\\b> ' } }).messages[0]!.sender.name).toBe("Ann a@b");
  });

  it("3.9: a text message is tried again, as every request; a push fails when no channel takes it", () => {
    const sms = {
      id: "S",
      name: "S",
      type: "function_sms",
      config: {
        template_id: "template-twilio",
        inputs: {
          from_number: { value: "+1" },
          to_number: { value: "+49" },
          message: { value: "{{ person.properties.plan }}" },
        },
      },
    };
    const later = run(
      { steps: [sms] },
      {
        http: { S: [500, 201] },
        person: { properties: { plan: "free" } },
        personUpdates: [{ at: "+0s", set: { plan: "free" } }],
      },
    );
    expect(later.messages.map(({ after: at, body }) => [at, body])).toEqual([[1_000, "free"]]);
    const plan = { person: { properties: { plan: "free" } } };
    expect(run({ steps: [sms] }, { ...plan, http: { S: 400 } })).toMatchObject({
      messages: [],
      steps: [{ outcome: "failed" }, {}],
    });
    expect(run({ steps: [sms] }, { ...plan, http: { S: 302 } })).toMatchObject({
      messages: [{}],
      steps: [{ outcome: "failed" }, {}],
    });
    const push = {
      id: "P",
      name: "P",
      type: "function_push",
      config: {
        template_id: "template-native-push",
        inputs: { channels: { value: [3, 3, 4] }, title: { value: "Hello" }, body: { value: "" } },
      },
    };
    expect(
      metrics(run({ steps: [push] }, { pushChannels: [3, 4] })).filter((name) => name === "push_sent(P)"),
    ).toHaveLength(2);
    const failing = run({ steps: [push] }, { pushChannels: [3], http: { P: 500 } });
    expect(failing).toMatchObject({ messages: [], steps: [{ outcome: "failed" }, {}] });
    expect(metrics(failing).slice(0, 3)).toEqual(["push_failed(P)", "push_skipped(P)", "billable_invocation(P)"]);
    const sent = (P: number | number[]): number =>
      run({ steps: [push] }, { pushChannels: [3], http: { P } }).messages.length;
    expect([sent([503, 429, 0, 200]), sent([400, 200]), sent([503, 503, 503, 503, 200])]).toEqual([1, 0, 0]);
  });

  it("3.9: what the queue refuses of a push fails the step; of its channels the first ten are taken", () => {
    const inputs = { channels: { value: [3] }, title: { value: "Hello" }, body: { value: "" } };
    const pushed = (more: Json): Simulation =>
      run(
        {
          steps: [
            {
              id: "P",
              name: "P",
              type: "function_push",
              config: { template_id: "template-native-push", inputs: { ...inputs, ...more } },
            },
          ],
        },
        { pushChannels: Array.from({ length: 20 }, (_, i) => i), person: { properties: { image: null, seats: 12 } } },
      );
    const refused: Json[] = [
      { body: undefined },
      { title: { value: "{7}" } },
      { distinctId: { value: "{7}" } },
      { channels: { value: [] } },
      { image: { value: "picture.png" } },
      { data: { value: { n: 5 } } },
      { data: { value: { n: "{person.properties.seats}" } } },
    ];
    for (const more of refused)
      expect([more, metrics(pushed(more)).slice(0, 2), pushed(more).messages]).toEqual([
        more,
        ["billable_invocation(P)", "failed(P)"],
        [],
      ]);
    // Null is what Hog came to, not an input that was left out.
    for (const more of [
      { title: { value: "{person.properties.image}", templating: "hog" } },
      { distinctId: { value: "{person.properties.image}", templating: "hog" } },
    ])
      expect([more, pushed(more).messages]).toEqual([more, []]);
    for (const more of [
      {},
      { image: { value: "" } },
      { image: { value: "{person.properties.image}" } },
      { data: { value: { n: "{{ person.properties.seats }}" }, templating: "liquid" } },
    ])
      expect(pushed(more).messages).toHaveLength(1);
    const many = pushed({ channels: { value: [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] } });
    expect(many.messages[0]!.sender.channels).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(many.runs[0]!.log).toContainEqual(
      expect.objectContaining({ level: "warn", message: expect.stringContaining("first 10") }),
    );
  });
});

// Each setting of each rule, both ways, in both transports; and what is not known yet.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { hogflowPolicies } from "../../policy";
import type { PolicyName } from "../../policy/rules";
import { branch, delay, email, flowOf, onEvent, push, sms, startedBy, wait, webhook } from "../../rules/examples";
import { exampleResources, servePack, TRANSPORTS, UNKNOWN, type Diagnostic, type Pack } from "./support";

let pack: Pack;
beforeAll(async () => {
  pack = await servePack(hogflowPolicies());
});
afterAll(() => pack.stop());

interface Case {
  settings?: Dict;
  flows: Record<string, Dict>;
  schedules?: ({ flow: string } & Dict)[];
  protected?: string[];
}

const flow = (steps: Record<string, Dict>, settings: Dict = { status: "active" }): Dict =>
  flowOf(steps, settings).flow!;
const window = (time: string[] | "any", more: Dict = {}): Dict => ({
  type: "wait_until_time_window",
  config: { day: "any", time, timezone: "Europe/Berlin", ...more },
});
const call = (url: unknown): Dict => webhook({ url: { value: url } });
const categorised = (config: Dict, value: Dict = {}): Dict => {
  const mail = email(value);
  return { ...mail, config: { ...(mail["config"] as Dict), ...config } };
};

describe.each(TRANSPORTS)("%s", (transport) => {
  async function diagnostics(name: PolicyName, { settings = {}, ...example }: Case): Promise<Diagnostic[]> {
    await pack.configure({ [name]: settings });
    const resources = await exampleResources(transport, { settings, ...example });
    const found: Diagnostic[] = [];
    for (const resource of resources) found.push(...(await pack.resource(resource)));
    found.push(...(await pack.stack(resources)));
    return found;
  }
  /** The messages up to their reason, each after the name of its flow. */
  const found = async (name: PolicyName, example: Case): Promise<string[]> =>
    (await diagnostics(name, example)).map(({ message, level }) => `${level === "advisory" ? "note: " : ""}${message}`);

  describe("quietHours", () => {
    const settings = { from: "21:00", to: "08:00", timezone: "Europe/Berlin" };
    const checked = (steps: Record<string, Dict>, more: Dict = {}) =>
      found("quietHours", { settings: { ...settings, ...more }, flows: { welcome: flow(steps) } });

    it("says where, when, why and what to do", async () => {
      expect(await checked({ mail: email() })).toEqual([
        'actions.mail: can send its e-mail within quiet hours (21:00 to 08:00, Europe/Berlin), for example on Monday at 21:00 (step "Step"). ' +
          "Nothing on the way to this step holds a run back until they are over. Put a step of type wait_until_time_window before it that is " +
          'open outside of them only: in TypeScript, timeWindow("awake", { time: ["08:00", "21:00"], timezone: "Europe/Berlin" }).',
      ]);
    });

    it("follows waits from a window to the step", async () => {
      expect(await checked({ awake: window(["09:00", "12:00"]), pause: delay("8h"), mail: email() })).toEqual([]);
      expect(await checked({ awake: window(["09:00", "12:00"]), pause: delay("10h"), mail: email() })).toHaveLength(1);
      expect(await checked({ awake: window(["09:00", "12:00"]), pause: delay("2d"), mail: email() })).toEqual([]);
      const bought = { filters: { events: [{ id: "order completed" }] } };
      const waits = (maxWaitDuration: string) => ({
        awake: window(["09:00", "12:00"]),
        bought: wait({ events: [bought], maxWaitDuration }, { branches: ["mail"], next: "mail" }),
        mail: email(),
      });
      expect(await checked(waits("8h"))).toEqual([]);
      expect(await checked(waits("1d"))).toHaveLength(1);
    });

    it("takes a window in another zone as it is there in summer and in winter", async () => {
      const inLondon = (time: string[]) => ({ awake: window(time, { timezone: "Europe/London" }), mail: email() });
      expect(await checked(inLondon(["07:00", "20:00"]))).toEqual([]);
      expect(await checked(inLondon(["07:00", "20:01"]))).toHaveLength(1);
      const inNewYork = (time: string[]) => ({ awake: window(time, { timezone: "America/New_York" }), mail: email() });
      // For some weeks of March the two are an hour closer.
      expect(await checked(inNewYork(["03:00", "15:00"]))).toEqual([]);
      expect(await checked(inNewYork(["02:00", "15:00"]))).toHaveLength(1);
    });

    it("compares a window in the recipient's own zone with the recipient's hours", async () => {
      const personal = (fallback: string) => ({
        awake: window(["08:00", "21:00"], { usePersonTimezone: true, fallbackTimezone: fallback }),
        mail: email(),
      });
      expect(await checked(personal("Europe/Berlin"))).toEqual([]);
      expect(await checked(personal("Asia/Tokyo"))).toHaveLength(1);
    });

    it("counts who is past the window by the step's own filters", async () => {
      const filters = { properties: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }] };
      expect(await checked({ awake: { ...window(["08:00", "21:00"]), filters }, mail: email() })).toHaveLength(1);
    });

    it("looks at every way to the step", async () => {
      const pro = { properties: [{ key: "plan", value: ["pro"], operator: "exact", type: "person" }] };
      expect(
        await checked({ plan: branch([pro], ["mail"]), awake: window(["08:00", "21:00"]), mail: email() }),
      ).toHaveLength(1);
    });

    it("is about the days and the kinds of message that are set", async () => {
      const sunday = { days: ["sunday"], from: "00:00", to: "00:00" };
      const workdays = { awake: window(["00:00", "23:59"], { day: "weekday" }), mail: email() };
      expect(await checked(workdays, sunday)).toEqual([]);
      expect(await checked(workdays, { ...sunday, days: ["monday"] })).toHaveLength(1);
      expect(await checked({ text: sms(), nudge: push() }, { channels: ["email"] })).toEqual([]);
      expect(await checked({ text: sms(), nudge: push() }, { channels: ["push"] })).toHaveLength(1);
      expect(await checked({ call: webhook() })).toEqual([]);
    });

    it("takes the start of a scheduled flow from its schedules", async () => {
      const scheduled = (rrule: string, more: Dict = {}): Case => ({
        settings,
        flows: {
          digest: startedBy({ type: "batch", filters: { properties: [] } }, { mail: email() }, { status: "active" })
            .flow!,
        },
        schedules: [{ flow: "digest", rrule, startsAt: "2027-01-04T09:00:00Z", timezone: "Europe/Berlin", ...more }],
      });
      expect(await found("quietHours", scheduled("FREQ=DAILY"))).toEqual([]);
      expect(await found("quietHours", scheduled("FREQ=DAILY;BYHOUR=22"))).toEqual([
        expect.stringMatching(/^actions\.mail: .* for example on Monday at 22:00/),
      ]);
      expect(await found("quietHours", scheduled("FREQ=DAILY;BYHOUR=22", { paused: "the audience changed" }))).toEqual(
        [],
      );
      expect(await found("quietHours", scheduled(UNKNOWN))).toEqual([
        expect.stringMatching(/^note: can't run policy 'quietHours' .* during preview: string value at \.rrule/),
      ]);
    });

    it("says of a wait that is not known yet that it cannot tell", async () => {
      expect(await checked({ pause: delay(UNKNOWN), mail: email() })).toEqual([
        expect.stringMatching(/^note: can't run .*actions\.pause\.config\.delayDuration can't be known/),
      ]);
      // A text decides nothing.
      expect(await checked({ awake: window(["08:00", "21:00"]), mail: email({ subject: UNKNOWN }) })).toEqual([]);
    });

    it("says what is wrong with a time zone", async () => {
      expect(await checked({ mail: email() }, { timezone: "Europe/Berln" })).toEqual([
        "the setting timezone of this policy is no IANA time zone: did you mean Europe/Berlin? Correct it in the configuration of the policy pack.",
      ]);
    });
  });

  describe("weeklyEmails", () => {
    const many = (count: number): Dict =>
      flow(
        Object.fromEntries(
          Array.from({ length: count }, (_, i) => [
            [`wait_${i}`, delay("1d")],
            [`mail_${i}`, email()],
          ]).flat(),
        ),
      );

    it("adds up what comes from several flows", async () => {
      const [message, ...more] = await found("weeklyEmails", {
        settings: { most: 2 },
        flows: { tips: many(2), welcome: many(1) },
      });
      expect(more).toEqual([]);
      expect(message).toMatch(
        /^actions\.mail_\d: Made-up person 1 and Made-up person 2 get 3 e-mails in seven days, more than 2: Step \(Example, day 1\)/,
      );
      expect(
        await found("weeklyEmails", { settings: { most: 3 }, flows: { tips: many(2), welcome: many(1) } }),
      ).toEqual([]);
    });

    it("counts every run of a schedule", async () => {
      const daily = (rrule: string): Case => ({
        settings: { most: 3 },
        flows: {
          news: startedBy({ type: "batch", filters: { properties: [] } }, { mail: email() }, { status: "active" })
            .flow!,
        },
        schedules: [{ flow: "news", rrule, startsAt: "2026-01-05T09:00:00Z" }],
      });
      expect(await found("weeklyEmails", daily("FREQ=DAILY"))).toEqual([
        expect.stringContaining("gets 7 e-mails in seven days"),
      ]);
      expect(await found("weeklyEmails", daily("FREQ=WEEKLY;BYDAY=MO"))).toEqual([]);
    });

    it("looks at a schedule that begins later from its beginning", async () => {
      const startsAt = new Date(Date.now() + 200 * 24 * 3_600_000).toISOString();
      const news = startedBy(
        { type: "batch", filters: { properties: [] } },
        { mail: email() },
        { status: "active" },
      ).flow!;
      const schedules = [{ flow: "news", rrule: "FREQ=DAILY", startsAt }];
      expect(await found("weeklyEmails", { flows: { news }, schedules })).toEqual([
        expect.stringContaining("gets 7 e-mails in seven days"),
      ]);
    });

    it("takes people who are given in place of made-up ones", async () => {
      const people = [{ name: "Ada", trigger: "user signed up", person: { properties: { email: "ada@example.com" } } }];
      expect(await found("weeklyEmails", { settings: { most: 1, people }, flows: { tips: many(2) } })).toEqual([
        expect.stringContaining("Ada gets 2 e-mails in seven days, more than 1"),
      ]);
      const other = [{ ...people[0], trigger: "nothing of this kind" }];
      expect(await found("weeklyEmails", { settings: { most: 1, people: other }, flows: { tips: many(2) } })).toEqual(
        [],
      );
      expect(await found("weeklyEmails", { settings: { people: [{ persn: {} }] }, flows: { tips: many(1) } })).toEqual([
        expect.stringMatching(/^the setting people of this policy has at index 0: .*persn/),
      ]);
    });

    it("leaves out flows that do not run", async () => {
      const drafts = { tips: { ...many(3), status: "draft" }, old: { ...many(3), status: "archived" } };
      expect(await found("weeklyEmails", { settings: { most: 2 }, flows: drafts })).toEqual([]);
    });

    it("says of a flow whose way is not known yet that it cannot tell", async () => {
      const unclear = flow({ pause: delay(UNKNOWN), mail: email() });
      expect(await found("weeklyEmails", { settings: { most: 0 }, flows: { unclear } })).toEqual([
        expect.stringMatching(/^note: can't run policy 'weeklyEmails'/),
      ]);
      const text = flow({ mail: email({ subject: UNKNOWN }) });
      expect(await found("weeklyEmails", { settings: { most: 0 }, flows: { text } })).toEqual([
        expect.stringContaining("gets 1 e-mail in seven days, more than 0"),
      ]);
    });
  });

  describe("emailCategory", () => {
    const checked = (config: Dict, settings: Dict = {}, value: Dict = {}) =>
      found("emailCategory", { settings, flows: { welcome: flow({ mail: categorised(config, value) }) } });
    const link = { html: '<a href="{{ unsubscribe_url }}">Unsubscribe</a>' };
    const ID = "0198c0de-0000-7000-8000-000000000001";

    it("takes a category, a link, either or both, as is set", async () => {
      expect(await checked({})).toEqual([
        expect.stringMatching(/^actions\.mail: the e-mail has neither a message category nor an unsubscribe link/),
      ]);
      expect(await checked({ messageCategoryId: ID })).toEqual([]);
      expect(await checked({}, {}, link)).toEqual([]);
      expect(await checked({}, { require: "category" }, link)).toEqual([
        expect.stringContaining("has no message category"),
      ]);
      expect(await checked({ messageCategoryId: ID }, { require: "link" })).toEqual([
        expect.stringContaining("has no unsubscribe link"),
      ]);
      expect(await checked({ messageCategoryId: ID }, { require: "both" })).toHaveLength(1);
      expect(await checked({ messageCategoryId: ID }, { require: "both" }, link)).toEqual([]);
    });

    it("allows the categories that are set", async () => {
      expect(await checked({ messageCategoryId: ID }, { categories: [ID] })).toEqual([]);
      expect(await checked({ messageCategoryId: ID }, { categories: ["other"] })).toEqual([
        expect.stringMatching(
          /^actions\.mail\.config\.messageCategoryId: the message category is not one of those that are allowed/,
        ),
      ]);
    });

    it("leaves transactional e-mails alone unless it is told otherwise", async () => {
      expect(await checked({ messageCategoryType: "transactional" })).toEqual([]);
      expect(await checked({ messageCategoryType: "transactional" }, { sparesTransactional: false })).toHaveLength(1);
    });

    it("says of a text that is saved in PostHog that it cannot be seen", async () => {
      const saved = { type: "function_email", config: { templateUuid: ID, inputs: {} } };
      expect(await found("emailCategory", { flows: { welcome: flow({ mail: saved }) } })).toEqual([
        expect.stringContaining("Its text is saved in PostHog"),
      ]);
    });

    it("holds nothing against an e-mail while what decides is not known", async () => {
      expect(await checked({}, {}, { html: UNKNOWN })).toEqual([
        expect.stringMatching(/^note: can't run .*value\.html/),
      ]);
      expect(await checked({ messageCategoryId: UNKNOWN })).toEqual([
        expect.stringMatching(/^note: can't run .*messageCategoryId/),
      ]);
      expect(await checked({ messageCategoryId: UNKNOWN }, { require: "link" }, link)).toEqual([]);
      expect(await checked({}, { require: "category" }, { html: UNKNOWN })).toEqual([
        expect.stringContaining("has no message category"),
      ]);
    });
  });

  describe("senders", () => {
    const checked = (from: unknown, settings: Dict) =>
      found("senders", { settings, flows: { welcome: flow({ mail: email({ from }) }) } });
    const AT = "actions.mail.config.inputs.email.value.from";

    it("allows integrations by their ids, each of several", async () => {
      expect(await checked({ integrationId: 7 }, { integrations: [7] })).toEqual([]);
      expect(await checked({ integrationId: 8 }, { integrations: [7] })).toEqual([
        expect.stringMatching(
          /^actions\.mail\.config\.inputs\.email\.value\.from\.integrationId: the sender's integration is not allowed/,
        ),
      ]);
      expect(await checked({ integrationId: 7, integrationIds: [7, 9] }, { integrations: [7] })).toEqual([
        expect.stringContaining(`${AT}.integrationIds[1]: `),
      ]);
    });

    it("allows addresses and domains", async () => {
      const from = (address: string) => ({ integrationId: 7, email: address });
      const settings = { addresses: ["Team@example.com"], domains: ["shop.example"] };
      expect(await checked(from("team@Example.com"), settings)).toEqual([]);
      expect(await checked(from("news@shop.example"), settings)).toEqual([]);
      expect(await checked(from("news@mail.shop.example"), settings)).toEqual([
        expect.stringContaining(`${AT}.email: the address of the sender is not allowed`),
      ]);
      expect(await checked(from("news@shop.example.evil.example"), settings)).toHaveLength(1);
    });

    it("refuses what cannot be seen, with a reason", async () => {
      const settings = { domains: ["shop.example"] };
      expect(
        await checked({ integrationId: 7, email: "{{ person.properties.agent }}@shop.example" }, settings),
      ).toEqual([expect.stringContaining("the address of the sender is computed at run time")]);
      expect(await checked({ integrationId: 7 }, settings)).toEqual([
        expect.stringContaining("the address of the sender cannot be seen: it is that of the integration"),
      ]);
      // An integration that is allowed by its id has an address that is.
      expect(await checked({ integrationId: 7 }, { ...settings, integrations: [7] })).toEqual([]);
      const saved = {
        type: "function_email",
        config: { templateUuid: "0198c0de-0000-7000-8000-000000000001", inputs: {} },
      };
      expect(await found("senders", { settings, flows: { welcome: flow({ mail: saved }) } })).toEqual([
        expect.stringMatching(/^actions\.mail: the sender cannot be seen/),
      ]);
    });

    it("does nothing until a sender is allowed, and says so", async () => {
      expect(await checked({ integrationId: 8 }, {})).toEqual([]);
      await pack.resource(
        (await exampleResources(transport, { flows: { a: flow({ mail: email() }) }, settings: {} }))[1]!,
      );
      expect(pack.notApplicable()["senders"]).toMatch(/no sender is allowed yet/);
    });

    it("holds nothing against a sender that is not known yet", async () => {
      for (const from of [{ integrationId: UNKNOWN }, UNKNOWN])
        expect(await checked(from, { integrations: [7] })).toEqual([
          expect.stringMatching(/^note: can't run policy 'senders'/),
        ]);
      expect(await checked({ integrationId: 7, email: UNKNOWN }, { domains: ["a.example"] })).toEqual([
        expect.stringMatching(/^note: /),
      ]);
    });
  });

  describe("webhookHosts", () => {
    const checked = (step: Dict, hosts: string[] = ["hooks.example.com", "*.crm.example"]) =>
      found("webhookHosts", { settings: { hosts }, flows: { lead: flow({ call: step }) } });

    it("allows hosts, and subdomains of a domain", async () => {
      for (const url of [
        "https://hooks.example.com/a",
        "https://HOOKS.example.com:8443/a?b=https://evil.example",
        "https://eu.crm.example/{person.id}",
        "https://hooks.example.com/{event.properties.host}",
      ])
        expect(await checked(call(url)), url).toEqual([]);
      for (const url of [
        "https://evil.example/hooks.example.com",
        "https://hooks.example.com.evil.example/",
        "https://hooks.example.com@evil.example/",
        "https://evil.example\\@hooks.example.com/",
        "https://crm.example/",
        "https://notcrm.example/",
      ])
        expect(await checked(call(url)), url).toEqual([
          expect.stringContaining("actions.call.config.inputs.url.value: calls a host that is not allowed"),
        ]);
    });

    it("refuses a host that a template makes, with a reason", async () => {
      for (const url of [
        "{event.properties.url}",
        "https://{event.properties.region}.crm.example/",
        "https://hooks.example.com{event.properties.rest}",
        "{{ event.properties.url }}",
      ])
        expect(await checked(call(url)), url).toEqual([
          expect.stringMatching(/calls a host that is computed at run time .*what it will be cannot be seen here/),
        ]);
    });

    it("looks at addresses of other destinations, and at no other texts", async () => {
      const other = (inputs: Dict): Dict => ({ type: "function", config: { templateId: "template-discord", inputs } });
      expect(
        await checked(
          other({ webhookUrl: { value: "https://evil.example/a" }, content: { value: "See {event.url}" } }),
        ),
      ).toEqual([expect.stringContaining("actions.call.config.inputs.webhookUrl.value")]);
      expect(await checked(other({ webhookUrl: { value: "{event.properties.url}" } }))).toHaveLength(1);
      expect(await checked(other({ host: { value: "eu.crm.example" }, endpoint: { value: "/v1/leads" } }))).toEqual([]);
      expect(
        await checked(
          webhook({ url: { value: "https://hooks.example.com/" }, body: { value: { link: "https://evil.example" } } }),
        ),
      ).toEqual([]);
    });

    it("does not know what PostHog keeps as a secret", async () => {
      expect(await checked(webhook({ url: { secret: true } }))).toEqual([
        expect.stringContaining("calls an address that cannot be seen"),
      ]);
    });

    it("never shows the address", async () => {
      const [message] = await checked(call("https://evil.example/s3cr3t-token"));
      expect(message).not.toContain("s3cr3t");
      expect(message).not.toContain("evil.example");
    });

    it("does nothing until a host is allowed", async () => {
      expect(await checked(call("https://evil.example/"), [])).toEqual([]);
    });

    it("holds nothing against an address that is not known yet", async () => {
      expect(await checked(call(UNKNOWN))).toEqual([
        expect.stringMatching(
          /^note: can't run policy 'webhookHosts' .*string value at \.actions\.call\.config\.inputs\.url\.value/,
        ),
      ]);
    });
  });

  describe("conversion", () => {
    const checked = (settings: Dict, policy: Dict = {}) =>
      found("conversion", { settings: policy, flows: { welcome: flow({ mail: email() }, settings) } });

    it("asks active flows for a goal of any kind", async () => {
      const goal = { key: "plan", value: ["pro"], operator: "exact", type: "person" };
      expect(await checked({ status: "active", conversion: { filters: [goal] } })).toEqual([]);
      expect(await checked({ status: "active", conversion: { window: "14d" } })).toHaveLength(1);
      for (const status of ["draft", "archived"]) expect(await checked({ status })).toEqual([]);
    });

    it("takes a status that is left to PostHog as is set", async () => {
      expect(await checked({})).toHaveLength(1);
      expect(await checked({}, { unstated: "draft" })).toEqual([]);
    });

    it("leaves alone what has no people, and flows by their names", async () => {
      const rows = startedBy(
        { type: "data-warehouse-table", tableName: "stripe.invoice" },
        { mail: email() },
        { status: "active" },
      ).flow!;
      expect(await found("conversion", { flows: { rows } })).toEqual([]);
      expect(await checked({ status: "active" }, { except: ["wel*"] })).toEqual([]);
      expect(await checked({ status: "active" }, { except: ["el*", "welcome-2", "wel.ome"] })).toHaveLength(1);
    });

    it("holds nothing against a flow while its status or its goal is not known", async () => {
      expect(await checked({ status: UNKNOWN })).toEqual([expect.stringMatching(/^note: can't run .*\.status/)]);
      expect(await checked({ status: "active", conversion: { window: UNKNOWN } })).toEqual([
        expect.stringMatching(/^note: /),
      ]);
    });
  });

  describe("owner", () => {
    const checked = (settings: Dict, policy: Dict = {}) =>
      found("owner", {
        settings: policy,
        flows: { welcome: flow({ mail: email() }, { status: "active", owner: "urn", ...settings }) },
      });

    it("asks for a line of the description", async () => {
      expect(await checked({})).toEqual([expect.stringMatching(/^description: does not name the flow's owner/)]);
      expect(await checked({ description: "Greets.\nOwner: growth" })).toEqual([]);
      expect(await checked({ description: "Ask the Owner: growth" })).toHaveLength(1);
      expect(await checked({ description: "team=growth" }, { pattern: "^team=(growth|sales)$" })).toEqual([]);
      expect(await checked({ description: "team=other" }, { pattern: "^team=(growth|sales)$" })).toHaveLength(1);
    });

    it("asks for the marker, unless it is told otherwise", async () => {
      const unmarked = { owner: undefined, description: "Owner: growth" };
      expect(await checked(unmarked)).toEqual([expect.stringMatching(/^marker: the flow carries no marker/)]);
      expect(await checked(unmarked, { marker: false })).toEqual([]);
    });

    it("says what is wrong with a pattern, and nothing about a description that is not known", async () => {
      expect(await checked({}, { pattern: "(" })).toEqual([
        expect.stringMatching(/^the setting pattern of this policy is no regular expression/),
      ]);
      expect(await checked({ description: UNKNOWN })).toEqual([
        expect.stringMatching(/^note: can't run .*\.description/),
      ]);
    });
  });

  describe("protectedFlows", () => {
    const welcome = flow({ mail: email() }, { status: "active", onDelete: "archive" });
    const checked = (settings: Dict, example: Partial<Case> = {}) =>
      found("protectedFlows", { settings, flows: { welcome }, protected: ["welcome"], ...example });

    it("asks for each flow of the list to be there, in the stacks that it is for", async () => {
      expect(
        await checked({ flows: ["welcome", "shop/prod/welcome", "*/prod/welcome", "shop/staging/other"] }),
      ).toEqual([]);
      expect(await checked({ flows: ["shop/prod/other"] })).toEqual([
        "the protected flow other is not in the stack shop/prod. The setting flows of this policy names it. Put it back into the program, or have it taken off the list.",
      ]);
      expect(await checked({ flows: ["welcome"] }, { flows: {} })).toHaveLength(1);
    });

    it("asks for its status, its end and Pulumi's protection", async () => {
      const loose = { flows: { welcome: flow({ mail: email() }, { status: "draft" }) }, protected: [] };
      const settings = { flows: ["welcome"] };
      expect(await checked(settings, loose)).toEqual([
        expect.stringContaining("does not have the resource option `protect`"),
        expect.stringMatching(/^status: the protected flow must be stated as active/),
        expect.stringMatching(/^onDelete: the protected flow would be deleted from PostHog/),
      ]);
      expect(await checked({ ...settings, protect: false, status: "any", onDelete: "any" }, loose)).toEqual([]);
      expect(
        await checked({ ...settings, status: "draft", onDelete: "delete" }, { ...loose, protected: ["welcome"] }),
      ).toEqual([]);
      expect(await checked(settings, { flows: { welcome: flow({ mail: email() }, { onDelete: "archive" }) } })).toEqual(
        [expect.stringMatching(/^status: /)],
      );
    });

    it("says nothing of other flows, and of a status that is not known yet that it cannot tell", async () => {
      expect(await checked({ flows: ["welcome"] }, { flows: { welcome, other: flow({ mail: email() }) } })).toEqual([]);
      expect(await checked({ flows: ["welcome"] }, { flows: { welcome: { ...welcome, status: UNKNOWN } } })).toEqual([
        expect.stringMatching(/^note: can't run .*\.status/),
      ]);
    });
  });

  it("never shows a secret, wherever it is", async () => {
    const secretTitle = flow(
      { mail: { ...email(), name: "s3cr3t-title" } },
      { status: "active", secretPaths: ["actions.mail.name"] },
    );
    const [message] = await found("quietHours", { flows: { welcome: secretTitle } });
    expect(message).toContain('(step "[secret]")');
    expect(message).not.toContain("s3cr3t-title");
  });

  it("never ends in an error, whatever is not known", async () => {
    const everything: PolicyName[] = [
      "quietHours",
      "weeklyEmails",
      "emailCategory",
      "senders",
      "webhookHosts",
      "conversion",
      "owner",
      "protectedFlows",
    ];
    const config = {
      ...Object.fromEntries(everything.map((name) => [name, {}])),
      senders: { integrations: [7] },
      webhookHosts: { hosts: ["a.example"] },
      protectedFlows: { flows: ["welcome"] },
    };
    const whole = flow(
      {
        awake: window(["08:00", "21:00"]),
        call: call("https://a.example"),
        mail: email(),
        trigger_node: { type: "trigger", name: "T", config: onEvent() },
      },
      { status: "active", description: "Owner: x" },
    );
    const paths = leaves(whole);
    expect(paths.length).toBeGreaterThan(20);
    for (const path of paths) {
      const [root, resource] = await exampleResources(transport, { flows: { welcome: whole }, settings: {} });
      // As it comes out of `check` with an output in this place.
      setUnknown(resource!.properties, path);
      await pack.configure(config);
      await pack.resource(resource!);
      await pack.stack([root!, resource!]);
    }
  });
});

const isMap = (value: unknown): value is Dict => typeof value === "object" && value !== null;
const leaves = (value: unknown, path: string[] = []): string[][] =>
  isMap(value)
    ? [path, ...Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))].filter(
        ({ length }) => length > 0,
      )
    : [path];
function setUnknown(root: Dict, path: readonly string[]): void {
  let value: unknown = root;
  for (const part of path.slice(0, -1)) value = isMap(value) ? value[part] : undefined;
  if (isMap(value) && path.at(-1)! in value) value[path.at(-1)!] = UNKNOWN;
}

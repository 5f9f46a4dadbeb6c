// What a review says first: what goes live or stops, twins, flows that were switched off by hand, and what sample people get. It reassures only where nothing
// is in doubt.
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Dict } from "../../definition/canonical/values";
import { behaviourOf, type Behaviour } from "../../operate/review/behaviour";
import { parsePreview } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import { stackFlows } from "../../operate/review/stack-flows";
import type { KeptPerson } from "../../operate/people/kept";

const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";
const SCHEDULE = "pulumi-nodejs:dynamic/posthog:HogFlowSchedule";
const urn = (name: string, type = TYPE): string => `urn:pulumi:dev::shop::${type}::${name}`;

const mail = (title: string, next: string, more: Dict = {}): Dict => ({
  type: "function_email",
  name: title,
  next,
  config: {
    inputs: {
      email: {
        templating: "liquid",
        value: {
          from: { integrationId: 7 },
          to: { email: "{{ person.properties.email }}", name: "" },
          subject: title,
          text: `About ${title}`,
          html: "",
        },
      },
    },
  },
  ...more,
});
const onSignup: Dict = { type: "event", filters: { events: [{ id: "signup" }] } };
const everybody: Dict = { type: "batch", filters: { properties: [] } };

/** A trigger, these mails, the exit. */
function flow(title: string, status: string | undefined, mails: string[], config: Dict = onSignup): Dict {
  const id = (i: number): string => (i < mails.length ? `mail_${i}` : "exit_node");
  return {
    name: title,
    ...(status === undefined ? {} : { status }),
    actions: {
      trigger_node: { type: "trigger", name: "Start", config, next: id(0) },
      ...Object.fromEntries(mails.map((each, i) => [id(i), mail(each, id(i + 1))])),
      exit_node: { type: "exit", name: "Exit" },
    },
  };
}

const state = (name: string, inputs: Dict, type = TYPE): Dict => ({
  type,
  custom: true,
  id: `id-${name}`,
  inputs,
  outputs: { ...inputs, ...(type === TYPE ? { liveStatus: inputs["status"] ?? "draft" } : {}) },
});
const step = (op: string, name: string, before?: Dict, after?: Dict, type = TYPE): Dict => ({
  op,
  urn: urn(name, type),
  ...(before ? { oldState: state(name, before, type) } : {}),
  ...(after ? { newState: { type, custom: true, inputs: after } } : {}),
});
const same = (name: string, inputs: Dict, type = TYPE): Dict => step("same", name, inputs, inputs, type);

const person = (name: string, more: KeptPerson["scenario"] = {}): KeptPerson => ({
  name,
  scenario: { trigger: "signup", person: { properties: { email: `${name.toLowerCase()}@example.com` } }, ...more },
});
const ADA = person("Ada");
const BOB = person("Bob");

interface Reviewed {
  text: string;
  /** Up to the first flow: what a reviewer reads first. */
  first: string;
  behaviour: Behaviour;
}
function reviewed(
  steps: Dict[],
  {
    people = [ADA, BOB],
    statuses = {},
    most,
  }: { people?: KeptPerson[]; statuses?: Record<string, string>; most?: number } = {},
): Reviewed {
  const preview = parsePreview(JSON.stringify({ steps, changeSummary: {} }));
  const live = new Map(Object.entries(statuses).map(([name, status]) => [`id-${name}`, status]));
  const review = reviewOf(preview, { now: Date.parse("2026-12-01T00:00:00Z"), statuses: live });
  const behaviour = behaviourOf(review, { flows: stackFlows(preview, live), people, ...(most ? { most } : {}) });
  const text = renderReview(review, { behaviour });
  return { text, first: text.slice(0, text.indexOf("\n#### ")), behaviour };
}

const welcome = flow("Onboarding", "active", ["Welcome"]);
const greeting = (tag: string): Dict => flow("Onboarding", "active", [`Welcome, {{ person.properties.${tag} }}!`]);

describe("a message that fills something in", () => {
  const ann = person("Ann", { person: { properties: { email: "ann@example.com", first_name: "Ann", nick: "A._*" } } });

  it("has an example for a sample person beside its text, in the list of steps and in the drawing", () => {
    const steps = [step("update", "onboarding", greeting("name"), greeting('first_name | default: "there"'))];
    const { text } = reviewed(steps, { people: [ann, BOB] });
    expect(text).toContain('(e-mail), e.g. "Welcome, Ann!" for Ann');
    expect(text).toContain('  - subject: "Welcome, \\[name\\]!" → **"Welcome, \\[first\\_name or "there"\\]!"**');
    expect(text).toMatch(
      /s1\["[^\n]*<br\/>e-mail: #34;Welcome, #91;first#95;name or #34;there#34;#93;!#34;<br\/>e.g. #34;Welcome, Ann!#34;"\]/,
    );
    expect(reviewed(steps, { people: [] }).text).not.toContain("e.g.");
  });

  it("has it where the whole flow is new, too, with nothing of it as Markdown", () => {
    const { text } = reviewed([step("create", "onboarding", undefined, greeting("nick"))], { people: [ann] });
    expect(text).toContain('(e-mail), e.g. "Welcome, A.\\_\\*!" for Ann');
  });

  it("has none where the text says it all, or nobody gets it", () => {
    const other = flow("Onboarding", "active", ["Welcome!"]);
    expect(reviewed([step("update", "onboarding", welcome, other)]).text).not.toContain("e.g.");
    const nobody = [step("update", "onboarding", greeting("a"), greeting("b"))];
    expect(reviewed(nobody, { people: [person("Eve", { trigger: "other" })] }).text).not.toContain("e.g.");
  });
});

describe("the first lines of a review", () => {
  it("name a draft that goes live, with who gets what; it is drawn in full, with its texts, under a warning sign", () => {
    const { text, first } = reviewed([
      same("onboarding", welcome),
      step(
        "update",
        "sale",
        flow("Sale", "draft", ["Offer", "Last call"]),
        flow("Sale", "active", ["Offer", "Last call"]),
      ),
    ]);
    expect(first).toMatch(/^### ⚠️ 1 workflow changed\. “Sale” goes live\./);
    expect(first).toContain('- ⚠️ “Sale” goes live. It starts on "signup". It is drawn below, with its texts.');
    expect(first).toContain(
      "- Ada, Bob: 3 e-mails on day 0, was 1: Offer (from Sale, new), Last call (from Sale, new), Welcome (from Onboarding)",
    );
    expect(first).toContain("- ⚠️ Ada and Bob get messages from 2 flows on day 0, was 1: “Sale” and “Onboarding”.");
    expect(first).not.toMatch(/none of|notices/i);
    const section = text.slice(text.indexOf("\n#### Sale"));
    expect(section).toContain("Draft: no one enters · ⚠️ goes live · changed");
    expect(section).toContain('⚠️ **This flow goes live.** 4 steps; it starts on "signup".');
    // Nothing of it has to be opened first.
    expect(section).not.toContain("<details>");
    expect(section).toContain("About Offer");
    expect(section).toContain("About Last call");
    expect(section).toMatch(/```mermaid\nflowchart TD[^`]*Offer[^`]*Last call/);
  });

  const ASKED = { host: "https://us.posthog.com", projectId: "1" };
  const deployed = { ...welcome, ...ASKED };
  const preview = (...steps: Dict[]) => parsePreview(JSON.stringify({ steps, changeSummary: {} }));

  it("say that PostHog was not asked, and are no all-clear then", () => {
    const now = Date.parse("2026-12-01T00:00:00Z");
    const text = renderReview(reviewOf(preview(same("onboarding", deployed)), { now, unasked: "no key" }));
    expect(text).toMatch(/^### ℹ️ No workflow changes\./);
    expect(text).toContain(
      "PostHog was not asked (no key), so flows that were switched off, edited or deleted there are not known.",
    );
    expect(renderReview(reviewOf(preview(same("onboarding", deployed)), { now }))).toMatch(/^### ✅/);
  });

  it("name a flow that somebody deleted in PostHog, and none of another project", () => {
    const now = Date.parse("2026-12-01T00:00:00Z");
    const steps = [
      same("onboarding", deployed),
      same("other", { ...flow("Other", "active", ["Hi"]), ...ASKED, projectId: "2" }),
    ];
    const text = renderReview(reviewOf(preview(...steps), { now, asked: ASKED }));
    expect(text).toMatch(/^### ⚠️/);
    expect(text).toContain("- ⚠️ “Onboarding” is no longer in PostHog: somebody deleted it there.");
    expect(text).not.toContain("“Other”");
    const statuses = new Map([["id-onboarding", "active"]]);
    expect(renderReview(reviewOf(preview(...steps), { now, statuses, asked: ASKED }))).toMatch(/^### ✅/);
  });

  it("do not reassure about a flow that stops, and say when there are no sample people", () => {
    const stops = step("delete", "onboarding", welcome);
    expect(reviewed([stops], { people: [person("Ada", { trigger: "other" })] }).first).not.toMatch(/notices/);
    expect(
      reviewed([step("update", "onboarding", welcome, flow("Onboarding", "active", ["Hello"]))], { people: [] }).first,
    ).toContain("There are no sample people, so what people will get was not simulated.");
  });

  it("name a new active flow, whose messages are not hidden either", () => {
    const { text, first } = reviewed([step("create", "sale", undefined, flow("Sale", "active", ["Offer"]))]);
    expect(first).toMatch(/^### ⚠️ 1 workflow added\. “Sale” goes live\./);
    expect(first).toContain("- Ada, Bob: 1 e-mail on day 0, was none: Offer (new)");
    expect(text).toContain("New · ⚠️ goes live as soon as it is created");
    expect(text.slice(text.indexOf("\n#### "))).not.toContain("<details>");
    expect(text).toContain(
      "**What your sample people will notice**\n\n- Ada, Bob: the flow now starts; gets “Offer” at once",
    );
  });

  it("name an active flow that stops, and what people no longer get", () => {
    const { first } = reviewed([
      step("update", "old", flow("Old", "active", ["Bye"]), flow("Old", "archived", ["Bye"])),
      step("delete", "gone", flow("Gone", "active", ["Later"])),
    ]);
    expect(first).toMatch(/^### ⚠️ .*“Gone” and “Old” stop\./);
    expect(first).toContain(
      "- ⚠️ “Old” stops: it is archived. No one enters it any more, and everyone who is in it leaves.",
    );
    expect(first).toContain("- ⚠️ “Gone” stops: it is deleted.");
    expect(first).toContain("- Ada, Bob: nothing on day 0, was 2 e-mails: ");
  });

  it("name twins, also under other ids and with other waits, and who gets everything twice", () => {
    const twin = flow("Hello again", "active", []);
    twin["actions"] = {
      trigger_node: { type: "trigger", name: "Start", config: onSignup, next: "pause" },
      pause: { type: "delay", name: "Pause", config: { delayDuration: "2h" }, next: "hello" },
      hello: mail("Welcome", "exit_node"),
      exit_node: { type: "exit", name: "Exit" },
    };
    const { first } = reviewed([same("onboarding", welcome), step("create", "again", undefined, twin)]);
    expect(first).toContain(
      "- ⚠️ “Onboarding” and “Hello again” send the same to the same people: whoever enters one also enters the other, and gets everything twice.",
    );
    expect(first).toContain("- ⚠️ Ada and Bob get “Welcome” twice on one day: from “Hello again” and “Onboarding”.");
    // Twins that are there already, and flows for other people, are no matter of this change.
    const standing = [same("onboarding", welcome), same("again", twin)];
    expect(
      reviewed([...standing, step("create", "sale", undefined, flow("Sale", "active", ["Offer"]))]).first,
    ).not.toContain("send the same");
    const elsewhere = flow("Elsewhere", "active", ["Welcome"], { ...onSignup, filters: { events: [{ id: "login" }] } });
    expect(
      reviewed([same("onboarding", welcome), step("create", "elsewhere", undefined, elsewhere)]).first,
    ).not.toContain("send the same");
    const draft = flow("Draft", "draft", ["Welcome"]);
    expect(reviewed([same("onboarding", welcome), step("create", "draft", undefined, draft)]).first).not.toContain(
      "send the same",
    );
  });

  it("name a flow that was switched off by hand: what this change would do, and what a refresh would", () => {
    const paused = { statuses: { onboarding: "draft" } };
    // It stays as it is.
    const stays = reviewed(
      [same("onboarding", welcome), step("create", "new", undefined, flow("New", "draft", ["X"]))],
      paused,
    );
    expect(stays.first).toMatch(/^### ⚠️/);
    expect(stays.first).toContain(
      "“Onboarding” was switched off in PostHog (it is a draft there), and the program says active. This change leaves it off; an up with --refresh would switch it on again.",
    );
    // It is changed, and the state knows nothing of it.
    const changed = reviewed([step("update", "onboarding", welcome, flow("Onboarding", "active", ["Hello"]))], paused);
    expect(changed.first).toMatch(
      /^### ⚠️ 1 workflow changed\. “Onboarding” was switched off in PostHog and would run again\./,
    );
    expect(changed.first).toContain(
      "An up without --refresh stops at that edit, one with it switches the flow on again.",
    );
    expect(changed.first).not.toContain("goes live");
    // A refresh has found it: the one of this preview, or one before.
    const off = { ...welcome, status: "draft", switchedOff: "2026-11-28T10:00:00Z" };
    const noted = [step("update", "onboarding", off, welcome)];
    const refreshed = [step("refresh", "onboarding", welcome, off), ...noted];
    for (const { first, text } of [refreshed, noted].map((steps) => reviewed(steps))) {
      expect(first).toContain("- ⚠️ “Onboarding” was switched off in PostHog. This change switches it on again.");
      expect(first).toContain("- Ada, Bob: 1 e-mail on day 0, was none: Welcome (new)");
      expect(text).toContain("Draft: no one enters · ⚠️ switched off in PostHog, would run again · changed");
    }
  });
});

describe("the all-clear", () => {
  const renamed = { ...welcome, description: "New words for the team" };

  it("is given where everybody gets the same and nothing is in doubt", () => {
    const { first, behaviour } = reviewed([step("update", "onboarding", welcome, renamed)]);
    expect(behaviour).toMatchObject({ isClear: true, doubts: [] });
    expect(first).toMatch(/^### ✅ 1 workflow changed\./);
    expect(first).toContain("- None of your 2 sample people notices anything: each gets the same as before.");
  });

  it("is given for a draft that stays one, which sends nothing", () => {
    const { first } = reviewed([step("create", "sale", undefined, flow("Sale", "draft", ["Offer"]))]);
    expect(first).toMatch(/^### ✅ 1 workflow added\./);
    expect(first).not.toContain("Offer");
  });

  it("is not given without sample people, who are asked for", () => {
    const preview = parsePreview(JSON.stringify({ steps: [step("update", "onboarding", welcome, renamed)] }));
    const text = renderReview(reviewOf(preview, { now: 0 }));
    expect(text).toMatch(/^### ℹ️ /);
    expect(text).toContain("- What people will get was not simulated: give --people a folder with sample people.");
    expect(reviewed([step("update", "onboarding", welcome, renamed)], { people: [] }).first).toMatch(/^### ℹ️ /);
  });

  const doubtful: [string, Dict[], string, { people?: KeptPerson[] }?][] = [
    [
      "where nobody knows the status",
      [step("update", "onboarding", flow("Onboarding", undefined, ["Welcome"]), { ...renamed, status: undefined })],
      "“Onboarding”: its status is set in PostHog, and nobody knows whether it is active",
    ],
    [
      "where none of the people enters the flow",
      [step("update", "onboarding", welcome, flow("Onboarding", "active", ["Hello"]))],
      "“Onboarding”: none of the sample people enters it",
      { people: [person("Ada", { trigger: "login" })] },
    ],
    [
      "where none of the people comes to the step that changes",
      [
        step(
          "update",
          "onboarding",
          { ...welcome, actions: withGoldMail("Thanks") },
          { ...welcome, actions: withGoldMail("Thank you") },
        ),
      ],
      "“Onboarding”: none of the sample people reaches “Gold”",
    ],
    [
      "where a value is known only during the update",
      [
        step("update", "onboarding", welcome, {
          ...welcome,
          actions: { ...(welcome["actions"] as Dict), exit_node: UNKNOWN },
        }),
      ],
      "“Onboarding”: some of its values are known only during `pulumi up`",
    ],
    [
      "where a text is known only during the update",
      [step("update", "onboarding", welcome, withText(UNKNOWN))],
      "“Onboarding”: some of its texts are known only during `pulumi up`",
    ],
    [
      "where something cannot be simulated",
      [
        step(
          "update",
          "onboarding",
          flow("Onboarding", "active", ["Welcome"], {
            ...onSignup,
            filters: { events: [{ id: "signup" }], filterTestAccounts: true },
          }),
          {
            ...flow("Onboarding", "active", ["Welcome"], {
              ...onSignup,
              filters: { events: [{ id: "signup" }], filterTestAccounts: true },
            }),
            description: "x",
          },
        ),
      ],
      "the project's test-account filters",
    ],
    [
      "where a person cannot be simulated",
      [step("update", "onboarding", welcome, renamed)],
      "“Onboarding”: Ada cannot be simulated: clock:",
      { people: [person("Ada", { clock: "some day" }), BOB] },
    ],
    ["where the preview failed", [step("update", "onboarding", welcome, renamed)], "the preview failed"],
  ];

  it.each(doubtful)("is not given %s", (_, steps, doubt, { people = [ADA, BOB] } = {}) => {
    const preview = parsePreview(
      JSON.stringify({
        steps,
        ...(doubt === "the preview failed" ? { diagnostics: [{ severity: "error", message: "error: no" }] } : {}),
      }),
    );
    const review = reviewOf(preview, { now: 0 });
    const behaviour = behaviourOf(review, { flows: stackFlows(preview, new Map()), people });
    expect(behaviour.doubts.join("\n")).toContain(doubt);
    expect(behaviour.isClear).toBe(false);
    const text = renderReview(review, { behaviour });
    expect(text).not.toMatch(/^### ✅/);
    expect(text).not.toContain("notices");
  });

  it("is not given where a schedule gets other times: only its first run is simulated", () => {
    const weekly = { flowId: "id-news", rrule: "FREQ=WEEKLY", startsAt: "2030-01-07T09:00:00Z", timezone: "UTC" };
    const { behaviour, first } = reviewed([
      same("news", flow("News", "active", ["Issue"], everybody)),
      step("update", "mondays", weekly, { ...weekly, rrule: "FREQ=DAILY" }, SCHEDULE),
    ]);
    expect(behaviour.doubts).toEqual([
      "“News”: its schedule gets other times, and only the first run of a schedule is simulated",
    ]);
    expect(first).toMatch(/^### ℹ️ 1 schedule changed\./);
  });
});

/** The welcome of the others, with this text. */
function withText(text: string): Dict {
  const changed = structuredClone(welcome) as any;
  changed.actions.mail_0.config.inputs.email.value.text = text;
  return changed;
}

/** Gold customers get a mail of their own; nobody here is one. */
function withGoldMail(title: string): Dict {
  return {
    trigger_node: { type: "trigger", name: "Start", config: onSignup, next: "plan" },
    plan: {
      type: "conditional_branch",
      name: "Plan",
      config: {
        conditions: [
          { filters: { properties: [{ key: "plan", value: ["gold"], operator: "exact", type: "person" }] } },
        ],
      },
      branches: ["gold"],
      next: "exit_node",
    },
    gold: { ...mail(title, "exit_node"), name: "Gold" },
    exit_node: { type: "exit", name: "Exit" },
  };
}

describe("what sample people get", () => {
  it("is said in both ways where nobody knows whether a flow that changes is active", () => {
    const { first } = reviewed([
      step("update", "sale", flow("Sale", undefined, ["Offer"]), flow("Sale", undefined, ["Offer", "Last call"])),
    ]);
    expect(first).toContain("- If “Sale” is active now: Ada, Bob: 2 e-mails on day 0, was 1: Offer, Last call (new)");
    const stops = reviewed([
      step("update", "sale", flow("Sale", undefined, ["Offer"]), flow("Sale", "draft", ["Offer"])),
    ]);
    expect(stops.first).toContain("“Sale” stops, if it is active now: it goes back to draft.");
    expect(stops.first).toContain("- If “Sale” is active now: Ada, Bob: nothing on day 0, was 1 e-mail: Offer");
    expect(stops.first).toContain("- If “Sale” is not active now: nothing changes for your sample people.");
  });

  it("names days, other content, and what goes", () => {
    const later = (wait: string, subject: string): Dict => ({
      ...welcome,
      actions: {
        trigger_node: { type: "trigger", name: "Start", config: onSignup, next: "hello" },
        hello: { ...mail(subject, "pause"), name: "Hello" },
        pause: { type: "delay", name: "Pause", config: { delayDuration: wait }, next: "tips" },
        tips: mail("Tips", "exit_node"),
        exit_node: { type: "exit", name: "Exit" },
      },
    });
    const { behaviour } = reviewed([step("update", "onboarding", later("3d", "Hi"), later("1d", "Hello"))]);
    expect(behaviour.people).toEqual([
      "Ada, Bob: 1 e-mail on day 0, as many as before: Hello (other content); 1 e-mail on day 1, was none: Tips (new); nothing on day 3, was 1 e-mail: Tips",
    ]);
  });

  it("comes of batches as often as the stack has schedules for them, also new ones, and of webhooks for those who call them", () => {
    const news = flow("News", "active", ["Issue"], everybody);
    const schedule = { flowId: UNKNOWN, rrule: "FREQ=WEEKLY", startsAt: "2030-01-07T09:00:00Z", timezone: "UTC" };
    const created = step("create", "mondays", undefined, schedule, SCHEDULE);
    (created["newState"] as Dict)["propertyDependencies"] = { flowId: [urn("news")] };
    const hook = flow("Hook", "active", ["Called"], {
      type: "webhook",
      inputs: { event: { value: "called" }, distinct_id: { value: "{request.body.id}" }, method: { value: "POST" } },
    });
    const caller = person("Caller", {
      trigger: { request: { body: { id: "person-1" } } },
    });
    const { behaviour } = reviewed(
      [
        step("create", "news", undefined, news),
        created,
        same("tuesdays", { ...schedule, flowId: "id-other" }, SCHEDULE),
        step("create", "hook", undefined, hook),
      ],
      { people: [ADA, caller] },
    );
    expect(behaviour.people).toEqual([
      "Ada: 1 e-mail on day 0, was none: Issue (new)",
      "Caller: 2 e-mails on day 0, was none: Issue (from News, new), Called (from Hook, new)",
    ]);
    expect(behaviour.assumptions.join(" ")).toContain("Each schedule runs once, on day 0.");
    // Two schedules send it twice.
    const second = { ...created, urn: urn("fridays", SCHEDULE) };
    const twice = reviewed([step("create", "news", undefined, news), created, second], { people: [ADA] });
    expect(twice.first).toContain("⚠️ Ada gets “Issue” twice on one day, because 2 starts of “News” fall on it.");
    // Without any, one start is assumed, and said.
    const alone = reviewed([step("create", "news", undefined, news)], { people: [ADA] });
    expect(alone.text).toContain("No schedule of this stack starts “News”, so one start on day 0 is assumed.");
  });

  it("is all of the stack's, where a file names no trigger or some flows, and the comment says so", () => {
    const sale = flow("Sale", "active", ["Offer"], { ...onSignup, filters: { events: [{ id: "login" }] } });
    const anyone = person("Anyone", { trigger: undefined });
    const only: KeptPerson = { ...ADA, flows: ["Onboarding"] };
    const { behaviour } = reviewed([step("create", "sale", undefined, sale), same("onboarding", welcome)], {
      people: [anyone, only],
    });
    expect(behaviour.people).toEqual([
      "Anyone: 2 e-mails on day 0, was 1: Offer (from Sale, new), Welcome (from Onboarding)",
    ]);
    expect(behaviour.assumptions.join(" ")).toMatch(
      /files of Anyone name no trigger.*files of Ada say for which flows/,
    );
    // What is only assumed is no overlap.
    expect(behaviour.overlaps).toEqual([]);
  });

  it("has the runs of schedules, which are about nobody", () => {
    const report = flow("Report", "active", ["Numbers"], { type: "schedule" });
    ((report["actions"] as any).mail_0.config.inputs.email.value.to as Dict)["email"] = "team@example.com";
    const { behaviour } = reviewed([step("create", "report", undefined, report)]);
    expect(behaviour.people).toEqual(["On schedule, without a person: 1 e-mail on day 0, was none: Numbers (new)"]);
  });

  it("stops at a number of simulations, and says which flows are left out; what changes comes first", () => {
    const sale = flow("Sale", "active", ["Offer"]);
    const steps = [same("onboarding", welcome), step("create", "sale", undefined, sale)];
    // Two people on two sides of the new flow; the flow that stays would be two more.
    const { behaviour } = reviewed(steps, { most: 4 });
    expect(behaviour.people).toEqual(["Ada, Bob: 1 e-mail on day 0, was none: Offer (new)"]);
    expect(behaviour.doubts).toEqual(["“Onboarding”: not simulated, because the stack is too large"]);
    expect(reviewed(steps, { most: 6 }).behaviour.doubts).toEqual([]);
  });
});

describe("a schedule at a time that the clocks skip", () => {
  const nightly = (startsAt: string): Dict => ({
    flowId: "id-news",
    rrule: "FREQ=DAILY",
    startsAt,
    timezone: "Europe/Berlin",
  });

  it("says on which day, and when it runs instead, also where that day is among the next", () => {
    const news = same("news", flow("News", "active", ["Issue"], everybody));
    const { text } = reviewed([news, step("create", "nightly", undefined, nightly("2027-03-27T01:30:00Z"), SCHEDULE)]);
    expect(text).toContain("next: Sat 2027-03-27 02:30, Sun 2027-03-28 03:30, Mon 2027-03-29 02:30");
    expect(text).toContain("⚠️ 02:30 is skipped on 28 March 2027, when the clocks go forward; runs at 03:30");
    const far = reviewed([news, step("create", "nightly", undefined, nightly("2026-12-01T01:30:00Z"), SCHEDULE)]);
    expect(far.text).toContain("02:30 is skipped on 28 March 2027");
    const noon = reviewed([news, step("create", "noon", undefined, nightly("2026-12-01T11:00:00Z"), SCHEDULE)]);
    expect(noon.text).not.toContain("is skipped");
  });
});

// The data of a page: the facts of flows, and what sample people get of them, before and after a change.
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Dict } from "../../../definition/canonical/values";
import { NOBODY, type KeptPerson } from "../../../operate/people/kept";
import type { ResourceDrift } from "../../../operate/drift/drift";
import { masked } from "../../../operate/mask";
import type { LocatedFinding } from "../../../operate/program/validate-program";
import type { Preview } from "../../../operate/review/preview";
import { showData, type ShowInput } from "../../../operate/show/show-data";
import type { FlowVersion, ShowData } from "../../../show/data";
import { call, EVERYBODY, flowOf, mail, MONDAY, resource, schedule, stack, stays, wait } from "./stacks";

const ADA: KeptPerson = {
  name: "ada",
  scenario: { trigger: "user signed up", person: { properties: { email: "ada@acme.com", first_name: "Ada" } } },
};
const BOB: KeptPerson = {
  name: "bob",
  scenario: { trigger: "user signed up", person: { properties: { email: "bob@acme.com" } } },
};
const CHANGE = { before: "main", after: "your program" };
const URL = "https://eu.posthog.com/project/2/workflows/0198/workflow";

const shown = (preview: Preview, more: Partial<ShowInput> = {}): ShowData =>
  showData({ title: "acme/prod", version: "1.0.0", now: MONDAY, preview, people: [ADA], ...more });

const sentTo = ({ deliveries, people, contents }: ShowData, name: string, side = "after") =>
  deliveries
    .filter((each) => each.side === side && people[each.person]!.name === name)
    .map(({ title, at, content }) => [title, at.slice(0, 16), contents[content]!.subject]);

describe("a page", () => {
  const data = shown(stack(stays("welcome", flowOf("Welcome", [mail("Hello"), wait("3d"), mail("Tips")]))), {
    target: { host: "https://eu.posthog.com", projectId: "2" },
  });

  it("says what it is of, and when it was made", () => {
    expect(data).toMatchObject({
      title: "acme/prod",
      version: "1.0.0",
      madeAt: "2026-12-07T09:00:00.000Z",
      target: { host: "https://eu.posthog.com", projectId: "2" },
      hasDrift: false,
      scheduleDays: 31,
      notes: [],
    });
  });

  it("has one side where nothing is compared", () => {
    expect(data.change).toBeUndefined();
    expect(data.flows[0]).toMatchObject({ fate: "same", changes: [] });
    expect(data.flows[0]!.before).toBeUndefined();
    expect(new Set(data.deliveries.map(({ side, mark }) => `${side} ${mark}`))).toEqual(new Set(["after undefined"]));
  });

  it("has what a person gets, on real dates from the day it was made", () => {
    expect(sentTo(data, "ada")).toEqual([
      ["Hello", "2026-12-07T09:00", "Hello"],
      ["Tips", "2026-12-10T09:00", "Tips"],
    ]);
    expect(data.deliveries.map(({ day, to, flow, step }) => [day, to, flow, step])).toEqual([
      [0, "ada@acme.com", "welcome", "step_0"],
      [3, "ada@acme.com", "welcome", "step_2"],
    ]);
  });

  it("has times of the full hour, so that a page that is made again has the same", () => {
    const preview = stack(stays("welcome", flowOf("Welcome", [mail("Hello")])));
    expect(sentTo(shown(preview, { now: MONDAY + 1_234_567 }), "ada")).toEqual(sentTo(shown(preview), "ada"));
  });

  it("tells the story of each run, with what it sends", () => {
    const [run] = data.runs;
    expect(run).toMatchObject({ flow: "welcome", startedBy: 'event "user signed up"', end: "reaches the end" });
    expect(run!.lines.map(({ title, words, day, deliveries }) => [day, title, words, deliveries])).toEqual([
      [0, "Hello", 'sends e-mail "Hello" to ada@acme.com', [0]],
      [0, "Wait", "waits 3 days, until Thu 10 December 2026, 09:00 UTC", []],
      [3, "Wait", "the wait is over", []],
      [3, "Tips", 'sends e-mail "Tips" to ada@acme.com', [1]],
    ]);
    expect(data.deliveries.map((delivery) => delivery.run)).toEqual([0, 0]);
  });

  it("has people with what is known of them", () => {
    expect(data.people).toEqual([
      {
        name: "ada",
        origin: "kept",
        properties: [
          { name: "email", value: "ada@acme.com" },
          { name: "first_name", value: "Ada" },
        ],
      },
    ]);
  });

  it("is JSON: what is read back is the same", () => {
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });
});

describe("a flow", () => {
  const definition = flowOf(
    "Welcome",
    { hello: mail("Hello"), pause: wait("3d"), tell: call("Tell", { url: "https://acme.com/x" }) },
    {
      description: "The first week.",
      exitCondition: "exit_on_conversion",
      conversion: { window: "7d", events: [{ filters: { events: [{ id: "project created" }] } }] },
    },
  );

  it("is said in words, with its steps in the order of running and a drawing of them", () => {
    const [flow] = shown(stack(stays("welcome", definition, { url: URL }))).flows;
    expect(flow).toMatchObject({ name: "welcome", title: "Welcome", url: URL });
    expect(flow!.after).toMatchObject({
      status: "active",
      description: "The first week.",
      trigger: 'on "user signed up"',
      exit: "when the person converts",
      goal: '"project created" within 7 days',
      schedules: [],
      findings: [],
    });
    expect(flow!.after!.audience).toBeUndefined();
    expect(
      flow!.after!.steps.map(({ id, title, kind, does, sends, url }) => [id, title, kind, does, sends, url]),
    ).toEqual([
      ["trigger_node", "Start", "trigger", 'on "user signed up"', false, `${URL}?node=trigger_node`],
      ["hello", "Hello", "e-mail", '"Hello"', true, `${URL}?node=hello`],
      ["pause", "Wait", "wait", "3 days", false, `${URL}?node=pause`],
      ["tell", "Tell", "webhook", "https://acme.com/x", false, `${URL}?node=tell`],
      ["exit_node", "Exit", "exit", undefined, false, `${URL}?node=exit_node`],
    ]);
    expect(flow!.after!.drawing.nodes.map(({ id }) => id)).toEqual([
      "trigger_node",
      "hello",
      "pause",
      "tell",
      "exit_node",
    ]);
    expect(flow!.after!.drawing.edges.map(({ id }) => id)).toEqual([
      "trigger_node.next",
      "hello.next",
      "pause.next",
      "tell.next",
    ]);
  });

  it("has no exit where nobody can leave early", () => {
    const { conversion: _, exitCondition: __, ...endless } = definition;
    expect(shown(stack(stays("welcome", endless))).flows[0]!.after!.exit).toBeUndefined();
  });

  it("has its audience, and schedules with their next dates", () => {
    const news = flowOf("News", [mail("News")], { trigger: EVERYBODY });
    const mondays = { rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-11-02T08:00:00Z", timezone: "Europe/Berlin" };
    const [flow] = shown(
      stack(
        stays("news", news),
        schedule("mondays", "news", mondays),
        schedule("off", "news", { ...mondays, paused: "by the server" }),
      ),
    ).flows;
    expect(flow!.after!.audience).toBe("everyone where the person's email is known");
    expect(flow!.after!.schedules).toEqual([
      {
        name: "mondays",
        words: "every week on Monday at 09:00 (Europe/Berlin), from 2026-11-02",
        timezone: "Europe/Berlin",
        isPaused: false,
        next: ["2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04", "2027-01-11"].map(
          (day) => `${day}T08:00:00.000Z`,
        ),
      },
      expect.objectContaining({ name: "off", isPaused: true, next: [] }),
    ]);
  });

  it.each([["rrule"], ["startsAt"]])("has no dates where its schedule's %s is not known yet", (key) => {
    const mondays = { rrule: "FREQ=DAILY", startsAt: "2026-11-02T08:00:00Z", [key]: UNKNOWN };
    const news = flowOf("News", [mail("News")], { trigger: EVERYBODY });
    const data = shown(stack(stays("news", news), schedule("daily", "news", mondays)));
    expect(data.flows[0]!.after!.schedules).toMatchObject([{ words: "(known after the update)", next: [] }]);
    expect(data.notes).toContain(
      "“News”: ada cannot be simulated: when its schedule runs is known only during `pulumi up`.",
    );
  });

  it("has its findings at their steps, and the places in the code below the project's folder", () => {
    const position = { file: "/repo/flows/welcome.ts", line: 12, column: 3 };
    const findings: LocatedFinding[] = [
      {
        rule: "unsubscribe-link",
        severity: "warning",
        path: "actions.hello.config.inputs.email.value",
        what: "no link",
        resource: "welcome",
        kind: "flow",
        position,
      },
      {
        rule: "size",
        severity: "error",
        path: "",
        what: "too large",
        why: "because",
        fix: "less",
        resource: "welcome",
        kind: "flow",
      },
      {
        rule: "schedule-future",
        severity: "error",
        path: "rrule",
        what: "never runs",
        resource: "mondays",
        kind: "schedule",
      },
      { rule: "other", severity: "error", path: "", what: "of another flow", resource: "other", kind: "flow" },
      { rule: "program", severity: "error", path: "", what: "The program stopped" },
    ];
    const data = shown(
      stack(
        stays("welcome", definition),
        schedule("mondays", "welcome", { rrule: "FREQ=DAILY", startsAt: "2026-11-02T08:00:00Z" }),
      ),
      {
        findings,
        folders: { program: "/repo/flows", root: "/repo" },
        written: new Map([
          [
            stays("welcome", {}).urn,
            {
              position,
              sources: {
                "actions.hello": ["welcome.ts:20:5"],
                "actions.pause": ["../../elsewhere.ts:1"],
                "actions.tell": ["lib/tell.ts"],
              },
            },
          ],
        ]),
      },
    );
    const [flow] = data.flows;
    expect(flow!.location).toEqual({ file: "flows/welcome.ts", line: 12, column: 3 });
    expect(flow!.after!.findings).toEqual([
      {
        rule: "unsubscribe-link",
        severity: "warning",
        path: "actions.hello.config.inputs.email.value",
        what: "no link",
        step: "hello",
        location: { file: "flows/welcome.ts", line: 12, column: 3 },
      },
      { rule: "size", severity: "error", path: "", what: "too large", why: "because", fix: "less" },
      { rule: "schedule-future", severity: "error", path: "schedule mondays: rrule", what: "never runs" },
    ]);
    expect(flow!.after!.steps.map(({ location }) => location)).toEqual([
      undefined,
      { file: "flows/welcome.ts", line: 20, column: 5 },
      undefined,
      undefined,
      undefined,
    ]);
    expect(data.notes).toEqual(["The program stopped."]);
  });

  it("shows no address that a browser would run", () => {
    const [flow] = shown(stack(stays("welcome", definition, { url: "javascript:alert(1)" }))).flows;
    expect(flow!.url).toBeUndefined();
    expect(flow!.after!.steps[0]!.url).toBeUndefined();
  });

  it("has a name of its own, also where two parents have one of this name", () => {
    const twin = {
      ...stays("welcome", definition),
      urn: "urn:pulumi:prod::acme::my:Parent$pulumi-nodejs:dynamic/posthog:HogFlow::welcome",
    };
    const data = shown(stack(stays("welcome", definition), twin));
    expect(data.flows.map(({ name }) => name)).toEqual(["welcome", "welcome 2"]);
    expect([...new Set(data.deliveries.map(({ flow }) => flow))]).toEqual(["welcome", "welcome 2"]);
  });

  it("says what somebody changed in PostHog, where that was asked", () => {
    const none = {
      kind: "flow",
      name: "welcome",
      id: "1",
      title: "Welcome",
      fields: [],
      change: { flow: [], steps: [] },
      saves: [],
      uncompared: [],
      deployed: {},
      live: {},
    } as const;
    const shownDrift = (drift: Partial<ResourceDrift>): ShowData["flows"][number] =>
      shown(stack(stays("welcome", definition)), {
        drift: [
          {
            ...none,
            fields: [],
            saves: [],
            uncompared: [],
            change: { flow: [], steps: [] },
            verdict: "drifted",
            ...drift,
          },
        ],
      }).flows[0]!;
    const driftOf = (drift: Partial<ResourceDrift>): string[] | undefined => shownDrift(drift).drift;
    expect(shown(stack(stays("welcome", definition))).flows[0]!.drift).toBeUndefined();
    // What PostHog does not have is not compared.
    expect(driftOf({ name: "other" })).toBeUndefined();
    expect(
      [
        {},
        { verdict: "gone" as const },
        { verdict: "same" as const, stagedDraft: "2026-12-06" },
        { verdict: "same" as const, takenBy: "a/b/c" },
        { verdict: "same" as const, uncompared: ["variables.key"] },
        { verdict: "unknown" as const },
      ].map((drift) => shownDrift(drift).isEdited),
    ).toEqual([true, true, true, true, undefined, undefined]);
    expect(driftOf({ verdict: "same" })).toEqual([]);
    expect(driftOf({ verdict: "gone" })).toEqual([
      "It is no longer in PostHog; the next `pulumi up --refresh` creates it again.",
    ]);
    expect(driftOf({ verdict: "unknown", error: "401" })).toEqual(["It could not be read: 401."]);
    expect(
      driftOf({
        saves: [{ version: 4, by: "grace@acme.com", at: "2026-12-05T10:00:00Z" }],
        change: {
          flow: [],
          steps: [
            {
              id: "pause",
              title: "Wait",
              kind: "changed",
              is: "wait",
              changes: [{ aspect: "timing", label: "wait", before: "3 days", after: "1 day" }],
            },
          ],
        },
        stagedDraft: "2026-12-06",
        takenBy: "a/b/c",
      }),
    ).toEqual([
      "Saved in PostHog: version 4 by grace@acme.com, 2026-12-05T10:00:00Z.",
      "“Wait”, wait: 3 days → 1 day",
      "It was taken over by a/b/c: its marker says so.",
      "Somebody staged changes in the editor (2026-12-06), which are not live; publishing them replaces what the program manages.",
    ]);
    expect(shown(stack(stays("welcome", definition)), { drift: [] })).toMatchObject({ hasDrift: true });
  });
});

describe("a change", () => {
  const before = flowOf("Welcome", { hello: mail("Hello"), pause: wait("3d"), tips: mail("Tips") });
  const after = flowOf("Welcome", {
    hello: mail("Hello", { subject: "Hello!" }),
    pause: wait("2d"),
    offer: mail("Offer"),
  });
  const same = flowOf("Same", [mail("Same")]);
  const data = shown(
    stack(
      resource("welcome", { before, after, url: URL }),
      stays("same", same),
      resource("old", { before: flowOf("Old", [mail("Old")]) }),
      resource("new", { after: flowOf("New", [mail("New")], { status: "draft" }) }),
    ),
    { change: CHANGE },
  );
  const [welcome, stayed, old, fresh] = data.flows;

  it("says what happens to each flow", () => {
    expect(data.change).toEqual(CHANGE);
    expect(data.flows.map(({ name, fate }) => [name, fate])).toEqual([
      ["welcome", "changed"],
      ["same", "same"],
      ["old", "removed"],
      ["new", "added"],
    ]);
    expect([old!.before?.status, old!.after, fresh!.before, fresh!.after?.status]).toEqual([
      "active",
      undefined,
      undefined,
      "draft",
    ]);
    // Not once more that it is deleted.
    expect(old!.changes).toEqual(["Will be deleted (currently active).", "Everyone in the flow leaves it."]);
    expect(fresh!.changes).toEqual(["New, will be created as a draft; no one enters."]);
    expect(stayed!.changes).toEqual([]);
    expect(welcome!.changes).toEqual([
      '“Hello”, subject: "Hello" → "Hello!"',
      "“Wait”, wait: 3 days → 2 days",
      "“Wait”, leads to: Tips → Offer",
      'Added: “Offer” (e-mail: "Offer"), after “Wait”',
      'Removed: “Tips” (e-mail: "Tips"), after “Wait”',
      "People who wait in “Wait” continue at “Offer” when their wait ends.",
      "People in “Wait” wake at another time. Those whose new time is already over continue within minutes.",
      "People in “Tips” move to “Exit”: their step was removed.",
    ]);
  });

  it("marks steps and edges on both sides", () => {
    const marks = (version: FlowVersion | undefined) =>
      version!.steps.flatMap(({ id, mark }) => (mark ? [[id, mark]] : []));
    expect(marks(welcome!.before)).toEqual([
      ["hello", "changed"],
      ["pause", "changed"],
      ["tips", "removed"],
    ]);
    expect(marks(welcome!.after)).toEqual([
      ["hello", "changed"],
      ["pause", "changed"],
      ["offer", "added"],
    ]);
    expect(welcome!.after!.drawing.nodes.find(({ id }) => id === "offer")!.mark).toBe("added");
    expect(welcome!.after!.drawing.edges.flatMap(({ id, mark }) => (mark ? [id] : []))).toEqual([
      "pause.next",
      "offer.next",
    ]);
    expect(welcome!.before!.drawing.edges.flatMap(({ id, mark }) => (mark ? [id] : []))).toEqual([
      "pause.next",
      "tips.next",
    ]);
    expect(marks(stayed!.after)).toEqual([]);
  });

  it("links the steps that PostHog has", () => {
    expect(welcome!.after!.steps.map(({ id, url }) => [id, url !== undefined])).toEqual([
      ["trigger_node", true],
      ["hello", true],
      ["pause", true],
      ["offer", false],
      ["exit_node", true],
    ]);
  });

  it("has what a person gets on both sides, and marks what differs", () => {
    const marked = (side: string) =>
      data.deliveries.filter((each) => each.side === side).map(({ title, at, mark }) => [title, at.slice(0, 10), mark]);
    expect(marked("before")).toEqual([
      ["Hello", "2026-12-07", "changed"],
      ["Same", "2026-12-07", undefined],
      ["Old", "2026-12-07", "removed"],
      ["Tips", "2026-12-10", "removed"],
    ]);
    expect(marked("after")).toEqual([
      ["Hello", "2026-12-07", "changed"],
      ["Same", "2026-12-07", undefined],
      ["New", "2026-12-07", "added"],
      ["Offer", "2026-12-09", "added"],
    ]);
  });

  it("takes another time of the same message for a change", () => {
    const moved = shown(
      stack(
        resource("welcome", {
          before,
          after: flowOf("Welcome", { hello: mail("Hello"), pause: wait("1d"), tips: mail("Tips") }),
        }),
      ),
      {
        change: CHANGE,
      },
    );
    expect(moved.deliveries.map(({ side, title, mark }) => [side, title, mark])).toEqual([
      ["before", "Hello", undefined],
      ["before", "Tips", "changed"],
      ["after", "Hello", undefined],
      ["after", "Tips", "changed"],
    ]);
  });

  it("has each content once", () => {
    expect(data.contents.map(({ subject }) => subject)).toEqual([
      "Hello",
      "Same",
      "Old",
      "Tips",
      "Hello!",
      "New",
      "Offer",
    ]);
    const twice = shown(stack(stays("same", same)), { people: [ADA, BOB] });
    expect([twice.contents.length, twice.deliveries.length]).toEqual([1, 2]);
  });

  it("is one for everybody, although each has a link of their own to unsubscribe", () => {
    const html = '<a href="{{ unsubscribe_url }}">Stop</a><a href="{{ unsubscribe_url_one_click }}">Now</a>';
    const { contents } = shown(
      stack(stays("same", flowOf("Same", [mail("Same", { html, text: "{{ unsubscribe_url }} ." })]))),
      {
        people: [ADA, BOB],
      },
    );
    expect(contents).toMatchObject([
      {
        html: '<a href="https://unsubscribe.invalid/">Stop</a><a href="https://unsubscribe.invalid/one-click">Now</a>',
        text: "https://unsubscribe.invalid/ .",
      },
    ]);
  });

  it("has the places of what is not filled in the texts as they are shown, and is one for everybody all the same", () => {
    const html = '<a href="{{ unsubscribe_url }}">Stop</a>, {{ person.properties.nickname }}!';
    const { contents } = shown(stack(stays("same", flowOf("Same", [mail("Same", { html })]))), { people: [ADA, BOB] });
    expect(contents).toHaveLength(1);
    const [gap] = contents[0]!.gaps;
    expect(gap).toMatchObject({ where: "html", expression: "nickname", shows: "" });
    expect(gap!.at!.map((at) => contents[0]!.html!.slice(at))).toEqual(["!"]);
  });

  it("says of a change of a schedule alone what it is", () => {
    const news = flowOf("News", [mail("News")], { trigger: EVERYBODY });
    const inputs = (rrule: string): Dict => ({ rrule, startsAt: "2026-11-02T08:00:00Z", timezone: "UTC" });
    const [flow] = shown(
      stack(stays("news", news), {
        ...schedule("when", "news", inputs("FREQ=WEEKLY")),
        fate: "replace",
        after: inputs("FREQ=DAILY"),
      }),
      { change: CHANGE },
    ).flows;
    expect(flow!.fate).toBe("changed");
    expect(flow!.changes).toEqual([
      "Schedule when is replaced.",
      "Schedule when, runs: every week at 08:00 (UTC), from 2026-11-02 → every day at 08:00 (UTC), from 2026-11-02",
    ]);
    expect([flow!.before!.schedules[0]!.words, flow!.after!.schedules[0]!.words]).toEqual([
      "every week at 08:00 (UTC), from 2026-11-02",
      "every day at 08:00 (UTC), from 2026-11-02",
    ]);
  });
});

describe("a content", () => {
  const contentOf = (step: ReturnType<typeof mail>, people: readonly KeptPerson[] = [ADA]) =>
    shown(stack(stays("flow", flowOf("Flow", [step]))), { people }).contents;

  it("is an e-mail as it is received", () => {
    const html =
      '<p style="display:none">Soon</p><p>Hi {{ person.properties.first_name | default: "there" }}</p><a href="https://acme.com">Go</a> <a href="">Nowhere</a><a href="{{ unsubscribe_url }}">Unsubscribe</a>';
    expect(
      contentOf(
        mail("Hi {{ person.properties.last_name }}", {
          html,
          text: "Text",
          replyTo: "re@acme.com",
          cc: "cc@acme.com",
          bcc: "bcc@acme.com",
        }),
        [BOB],
      ),
    ).toEqual([
      {
        channel: "email",
        from: "Acme <hello@acme.com>",
        replyTo: "re@acme.com",
        cc: "cc@acme.com",
        bcc: "bcc@acme.com",
        subject: "Hi",
        preheader: "Soon",
        preheaderFrom: "hidden",
        html: expect.stringContaining("<p>Hi there</p>"),
        text: "Text",
        category: { type: "marketing" },
        hasUnsubscribe: true,
        unsubscribeMissingIn: "text",
        links: [
          { url: "https://acme.com", text: "Go" },
          { url: "", text: "Nowhere", dead: "it is empty" },
          { url: "https://unsubscribe.invalid/", text: "Unsubscribe" },
        ],
        gaps: [
          { where: "subject", expression: "last_name", shows: "", at: [3] },
          { where: "html", expression: "first_name", shows: "there", at: [38] },
        ],
      },
    ]);
  });

  it.each([
    ["neither", "<p>Hi</p>", "Hi", { hasUnsubscribe: false, unsubscribeMissingIn: undefined }],
    [
      "both",
      '<a href="{{ unsubscribe_url }}">Stop</a>',
      "{{ unsubscribe_url }}",
      { hasUnsubscribe: true, unsubscribeMissingIn: undefined },
    ],
    ["the text", "<p>Hi</p>", "{{ unsubscribe_url }}", { hasUnsubscribe: true, unsubscribeMissingIn: "html" }],
    [
      "the HTML",
      '<a href="{{ unsubscribe_url }}">Stop</a>',
      "Hi",
      { hasUnsubscribe: true, unsubscribeMissingIn: "text" },
    ],
  ])("says where its unsubscribe link is missing: there is one in %s", (_, html, text, expected) => {
    const { hasUnsubscribe, unsubscribeMissingIn } = contentOf(mail("Hi", { html, text }))[0]!;
    expect({ hasUnsubscribe, unsubscribeMissingIn }).toEqual(expected);
  });

  it.each([
    ["its own field", { preheader: "Field", html: '<p style="display:none">Hidden</p>Text' }, "Field", "field"],
    ["the beginning of what is seen", { html: "<p>Text</p> here" }, "Text here", "text"],
    ["the beginning of the text", { text: "Line\nbreak" }, "Line break", "text"],
  ])("has beside its subject %s", (_, value, preheader, preheaderFrom) => {
    expect(contentOf(mail("Hi", value))).toMatchObject([{ preheader, preheaderFrom }]);
  });

  it("says who sends it as far as it is known, and that nobody can unsubscribe", () => {
    const from = { integrationId: 7 };
    expect(contentOf(mail("Hi", { from }))).toMatchObject([{ sender: "sender 7", hasUnsubscribe: false }]);
    expect(contentOf(mail("Hi", { from: { ...from, integrationIds: [8, 9] } }))).toMatchObject([
      { sender: "one of the senders 8, 9" },
    ]);
    expect(contentOf(mail("Hi", {}, { messageCategoryType: "transactional", messageCategoryId: "c1" }))).toMatchObject([
      { category: { type: "transactional", id: "c1" } },
    ]);
  });

  it("is a text message, a push notification, a Slack message or a request", () => {
    const steps = {
      sms: (next: string) => ({
        type: "function_sms",
        name: "SMS",
        next,
        config: {
          inputs: {
            twilio_account: { value: 3 },
            from_number: { value: "+49301" },
            to_number: { value: "+49172" },
            message: { value: "Hi {{ person.properties.first_name }}: https://acme.com/x." },
          },
        },
      }),
      push: (next: string) => ({
        type: "function_push",
        name: "Push",
        next,
        config: {
          messageCategoryType: "transactional",
          inputs: { channels: { value: [4] }, title: { value: "Ding" }, body: { value: "Dong" } },
        },
      }),
      slack: call(
        "Slack",
        { channel: "#growth", username: "Bot", text: "{person.properties.first_name} <https://acme.com|is here>" },
        "template-slack",
      ),
      hook: call("Hook", {
        url: "https://crm.acme.com/api?key=1",
        method: "put",
        body: { who: "{person.properties.email}" },
      }),
      get: call("Get", { url: "https://acme.com/", method: "GET" }),
      other: call("Other", { list: "l1", email: "{person.properties.email}" }, "template-mailchimp"),
    };
    const data = shown(stack(stays("flow", flowOf("Flow", steps))), { people: [BOB] });
    expect(data.deliveries.map(({ title, to, content }) => [title, to, data.contents[content]])).toEqual([
      [
        "SMS",
        "+49172",
        {
          channel: "sms",
          from: "+49301",
          text: "Hi : https://acme.com/x.",
          category: { type: "marketing" },
          links: [{ url: "https://acme.com/x", text: "https://acme.com/x" }],
          gaps: [{ where: "text", expression: "first_name", shows: "", at: [3] }],
          sender: "sender 3",
        },
      ],
      [
        "Push",
        "person-1",
        {
          channel: "push",
          sender: "push channel 4",
          subject: "Ding",
          text: "Dong",
          category: { type: "transactional" },
          links: [],
          gaps: [],
        },
      ],
      [
        "Slack",
        "#growth",
        {
          channel: "slack",
          from: "Bot",
          text: " <https://acme.com|is here>",
          links: [{ url: "https://acme.com", text: "is here" }],
          gaps: [{ where: "text", expression: "first_name", shows: "" }],
        },
      ],
      [
        "Hook",
        "crm.acme.com",
        {
          channel: "request",
          request: "PUT https://crm.acme.com/api?key=1",
          text: '{\n  "who": "bob@acme.com"\n}',
          links: [],
          gaps: [],
        },
      ],
      ["Get", "acme.com", { channel: "request", request: "GET https://acme.com/", links: [], gaps: [] }],
      [
        "Other",
        "template-mailchimp",
        {
          channel: "request",
          request: "template-mailchimp",
          text: '{\n  "list": "l1",\n  "email": "bob@acme.com"\n}',
          links: [],
          gaps: [],
        },
      ],
    ]);
  });

  it("has no secret of a masked preview, and says that there is one", () => {
    const step = call("Hook", { url: "https://acme.com/", signing_secret: "s3cr3t", body: { token: "abc" } });
    const definition = flowOf("Flow", [step], { secretPaths: ["actions.step_0.config.inputs.body.value.token"] });
    const text = JSON.stringify(shown(stack(stays("flow", masked(definition)))));
    expect(text).not.toMatch(/s3cr3t|"abc"|\\"abc\\"/);
    expect(text).toContain("[secret]");
  });
});

describe("people", () => {
  const preview = stack(stays("welcome", flowOf("Welcome", [mail("Hello")])));

  it("are made up where the project keeps none, and named by what they are", () => {
    const data = shown(preview, { people: [] });
    expect(data.people.length).toBeGreaterThan(0);
    expect(data.people.every(({ origin, name }) => origin === "made" && name.startsWith("Made-up person"))).toBe(true);
    expect(data.deliveries.length).toBeGreaterThan(0);
  });

  it("are made up for what is gone, too", () => {
    const data = shown(stack(resource("old", { before: flowOf("Old", [mail("Old")]) })), {
      people: [],
      change: CHANGE,
    });
    expect(data.deliveries.map(({ side, title }) => [side, title])).toContainEqual(["before", "Old"]);
  });

  it("are nobody on a schedule without a person", () => {
    const report = flowOf("Report", [call("Tell", { channel: "#x", text: "Report" }, "template-slack")], {
      trigger: { type: "schedule" },
    });
    const daily = { rrule: "FREQ=WEEKLY", startsAt: "2026-12-01T08:00:00Z", timezone: "UTC" };
    const data = shown(stack(stays("report", report), schedule("daily", "report", daily)));
    expect(data.people.map(({ name, origin }) => [name, origin])).toEqual([
      ["ada", "kept"],
      [NOBODY, "nobody"],
    ]);
    expect(data.deliveries.map(({ at, to }) => [at.slice(0, 10), to])).toEqual([
      ["2026-12-08", "#x"],
      ["2026-12-15", "#x"],
      ["2026-12-22", "#x"],
      ["2026-12-29", "#x"],
      ["2027-01-05", "#x"],
    ]);
  });

  it("with a clock of their own are moved by whole weeks", () => {
    const clocked = { ...ADA, scenario: { ...ADA.scenario, clock: "2026-01-07T07:00:00Z" } };
    const data = shown(preview, { people: [clocked] });
    // Both are Wednesdays.
    expect(data.deliveries.map(({ at, day }) => [at, day])).toEqual([["2026-12-09T07:00:00.000Z", 2]]);
    expect(data.runs[0]!.started).toBe("2026-12-09T07:00:00.000Z");
  });
});

describe("what is not certain", () => {
  it("is said at the message: a draft, a status that nobody knows, a start that is assumed", () => {
    const { status: _, ...open } = flowOf("Open", [mail("Open")]);
    const data = shown(
      stack(
        stays("draft", flowOf("Draft", [mail("Draft")], { status: "draft" })),
        stays("open", open),
        stays("news", flowOf("News", [mail("News")], { trigger: EVERYBODY })),
      ),
    );
    expect(data.deliveries.map(({ title, maybe }) => [title, maybe])).toEqual([
      ["Draft", "its flow is a draft, which sends nothing until somebody activates it"],
      ["Open", "if its flow is active: its status is set in PostHog"],
      ["News", "no schedule of the stack starts its flow, so a start on day 0 is assumed"],
    ]);
    expect(data.notes).toContain("No schedule of this stack starts “News”, so one start on day 0 is assumed.");
  });

  it("is nothing of a flow that is archived, which nobody enters", () => {
    const data = shown(stack(stays("gone", flowOf("Gone", [mail("Gone")], { status: "archived" }))));
    expect(data.deliveries).toEqual([]);
    expect(data.flows).toHaveLength(1);
  });

  it("is noted: people without a trigger, flows that nobody enters", () => {
    const { trigger: _, ...rest } = ADA.scenario;
    const data = shown(
      stack(
        stays("welcome", flowOf("Welcome", [mail("Hello")])),
        stays(
          "hook",
          flowOf("Hook", [mail("Hook")], {
            trigger: { type: "webhook", templateId: "template-source-webhook", inputs: {} },
          }),
        ),
      ),
      { people: [{ ...ADA, scenario: rest }] },
    );
    expect(data.notes).toEqual([
      "The files of ada name no trigger, so these people start every flow that waits for an event, on day 0.",
      "None of the sample people enters “Hook”.",
    ]);
    expect(data.deliveries.map(({ maybe }) => maybe)).toEqual([
      "the person's file names no trigger, so a start on day 0 is assumed",
    ]);
  });
});

describe("collisions", () => {
  const at = (title: string, delay: string): Dict => flowOf(title, [wait(delay), mail(title)]);

  it("are named, with the messages and a sentence", () => {
    const data = shown(stack(stays("one", at("One", "1h")), stays("two", at("Two", "90m"))));
    expect(data.collisions).toEqual([
      {
        side: "after",
        person: 0,
        kind: "within-an-hour",
        deliveries: [0, 1],
        words: "ada gets 2 e-mails within an hour, Mon 7 December 2026, 10:00 UTC: “One” (One) and “Two” (Two).",
      },
    ]);
  });

  it("are more than n in a week, by the project's own number", () => {
    const preview = stack(...["1d", "2d", "3d", "4d"].map((delay) => stays(delay, at(`After ${delay}`, delay))));
    expect(shown(preview).collisions.map(({ kind, words }) => [kind, words])).toEqual([
      [
        "too-many-in-a-week",
        "ada gets 4 e-mails within seven days, from Tue 8 December 2026, 09:00 UTC; the limit is 3: “After 1d” (After 1d), “After 2d” (After 2d), “After 3d” (After 3d) and “After 4d” (After 4d).",
      ],
    ]);
    expect(shown(preview, { perWeek: 4 }).collisions).toEqual([]);
  });

  it("say where they hang on what is not certain", () => {
    const draft = { ...at("Two", "90m"), status: "draft" };
    const [collision] = shown(stack(stays("one", at("One", "1h")), stays("two", draft))).collisions;
    expect(collision!.words).toMatch(
      /^ada would get 2 e-mails .*: “One” \(One\) and “Two” \(Two, draft: not sent\)\.$/,
    );
    const open = { ...at("Two", "90m"), status: undefined };
    const [other] = shown(stack(stays("one", at("One", "1h")), stays("two", open))).collisions;
    expect(other!.words).toMatch(/^ada gets 2 .* Not all of them are certain\.$/);
  });
});

describe("what cannot be read", () => {
  it("is a note, and the other flows are shown", () => {
    const data = shown(
      stack(
        resource("broken", { before: { name: "Broken", actions: "none" }, after: { name: "Broken", actions: "none" } }),
        { ...resource("error", { after: {} }), error: "its inputs are too deep" },
        stays("nothing", {}),
        stays("lists", {
          name: ["x"],
          status: 7,
          actions: { a: null, b: [], c: { type: 5, next: {} } },
          conversion: "x",
          exitCondition: [],
        }),
        stays("welcome", flowOf("Welcome", [mail("Hello")])),
      ),
      { change: CHANGE },
    );
    expect(data.flows.map(({ name }) => name)).toEqual(["broken", "error", "nothing", "lists", "welcome"]);
    expect(sentTo(data, "ada")).toEqual([["Hello", "2026-12-07T09:00", "Hello"]]);
    expect(data.notes.join("\n")).toMatch(/“error”: its inputs are too deep\./);
    expect(data.notes.join("\n")).toMatch(/“Broken”.*: The flow has no steps/);
  });

  it("is data, whatever it says", () => {
    const title = "</script><img src=x onerror=alert(1)> \u202E{{ 7 | times: 7 }}";
    const data = shown(stack(stays(title, flowOf(title, [mail(title, { html: "<script>alert(1)</script>" })]))), {
      people: [{ ...ADA, name: "__proto__" }],
    });
    expect(data.flows[0]).toMatchObject({ name: title, title });
    expect(data.people[0]!.name).toBe("__proto__");
    expect(data.contents[0]!.html).toBe("<script>alert(1)</script>");
  });

  it("is long: values of people and texts of requests are cut", () => {
    const long = "x".repeat(50_000);
    const data = shown(
      stack(stays("flow", flowOf("Flow", [call("Hook", { url: "https://acme.com/", body: { long } })]))),
      {
        people: [{ ...ADA, scenario: { ...ADA.scenario, person: { properties: { email: "a@acme.com", bio: long } } } }],
      },
    );
    expect(data.people[0]!.properties[1]!.value).toBe(`${"x".repeat(500)}…`);
    expect(data.contents[0]!.text).toHaveLength(20_001);
  });
});

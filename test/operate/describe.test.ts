// Changes of a flow in words: every field says something, what is the same says nothing, and texts show as lines.
import { describe, expect, it } from "vitest";
import { describeChange } from "../../operate/change/describe";
import { lineDiff } from "../../operate/change/line-diff";
import { changeLines } from "../../operate/change/change-text";
import { canonical } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { differences } from "../../definition/canonical/compare";
import { copy, isDict, type Dict } from "../../definition/canonical/values";
import { setAt } from "../../definition/canonical/paths";
import { randomFlow } from "../support/random-flow";
import { REFERENCE_FLOWS } from "../support/reference-flows";

const email = (value: Dict, more: Dict = {}): Dict => ({
  type: "function_email",
  name: "Mail",
  config: { inputs: { email: { templating: "liquid", value } } },
  ...more,
});
const one = (step: Dict): Dict => ({ actions: { step } });
const changes = (before: Dict, after: Dict) =>
  describeChange(one(before), one(after)).steps.flatMap((step) => step.changes);

describe("a change", () => {
  it("of a short text shows both; of a long one, lines", () => {
    expect(changes(email({ subject: "a" }), email({ subject: "b" }))).toEqual([
      { aspect: "text", label: "subject", before: '"a"', after: '"b"' },
    ]);
    expect(changes(email({ text: "one\ntwo" }), email({ text: "one\nthree" }))).toEqual([
      { aspect: "text", label: "text", lines: { before: ["one", "two"], after: ["one", "three"] } },
    ]);
  });

  it("says what is filled in in words, and exactly where the words are the same for different things", () => {
    expect(
      changes(
        email({ subject: 'Hi {{ person.properties.first_name | default: "you" }}' }),
        email({ subject: 'Welcome, {{ person.properties.first_name | default: "there" }}!' }),
      ),
    ).toEqual([
      {
        aspect: "text",
        label: "subject",
        before: '"Hi [first_name or "you"]"',
        after: '"Welcome, [first_name or "there"]!"',
      },
    ]);
    // Without its owner, the name of the person's plan would be that of the event's.
    expect(
      changes(
        email({ text: "{{ person.properties.plan }}\nfor {{ person.properties.name }}" }),
        email({ text: "{{ event.properties.plan }}\nfor you, {{ person.properties.name }}" }),
      ),
    ).toEqual([
      {
        aspect: "text",
        label: "text",
        lines: {
          before: ["[person.properties.plan]", "for [name]"],
          after: ["[event.properties.plan]", "for you, [name]"],
        },
      },
    ]);
    const slack = (text: string): Dict => ({
      type: "function",
      name: "Tell the team",
      config: { templateId: "template-slack", inputs: { text: { value: text } } },
    });
    expect(changes(slack("New: {event.properties.name}"), slack("New: {event.properties.name ?? 'somebody'}"))).toEqual(
      [{ aspect: "text", label: "text", before: '"New: [name]"', after: '"New: [name or "somebody"]"' }],
    );
  });

  it("of what no words show is shown as it is written", () => {
    expect(changes(email({ subject: "{{ a }}" }), email({ subject: "{{a}}" }))).toEqual([
      { aspect: "text", label: "email subject", before: '"{{ a }}"', after: '"{{a}}"' },
    ]);
  });

  it("never shows the editor's design, only that it changes", () => {
    expect(changes(email({ design: { body: 1 } }), email({ design: { body: 2 } }))).toEqual([
      { aspect: "text", label: "layout in PostHog's e-mail editor", before: "as it is", after: "changed" },
    ]);
  });

  it("of the kind of message says whether opted-out people get it", () => {
    const mail = (messageCategoryType: string): Dict => ({ ...email({}), config: { messageCategoryType } });
    const [change] = changes(mail("marketing"), mail("transactional"));
    expect(change).toMatchObject({ aspect: "audience", after: "transactional: also sent to people who opted out" });
  });

  it("of the wiring names titles, and what takes people there", () => {
    const flow = (to: string): Dict => ({
      actions: {
        plan: {
          type: "conditional_branch",
          name: "Plan?",
          config: { conditions: [{ name: "Pro", filters: {} }] },
          branches: [to],
          next: "b",
        },
        a: { type: "exit", name: "First exit" },
        b: { type: "exit", name: "Second exit" },
      },
    });
    expect(describeChange(flow("a"), flow("b")).steps).toMatchObject([
      {
        id: "plan",
        kind: "changed",
        changes: [{ aspect: "wiring", label: "leads to (Pro)", before: "First exit", after: "Second exit" }],
      },
    ]);
  });

  it("of the wiring between two steps with one title tells them apart", () => {
    const flow = (to: string): Dict => ({
      actions: {
        a: { type: "delay", name: "Wait", config: { delayDuration: "1d" }, next: to },
        b: { type: "exit", name: "Exit" },
        c: { type: "exit", name: "Exit" },
      },
    });
    expect(describeChange(flow("b"), flow("c")).steps).toMatchObject([
      { changes: [{ before: "Exit (b)", after: "Exit (c)" }] },
    ]);
  });

  it("of the kind of trigger tells what belongs to the new kind, one by one", () => {
    const trigger = (config: Dict): Dict => ({ type: "trigger", name: "Start", config });
    expect(
      changes(
        trigger({ type: "schedule" }),
        trigger({
          type: "webhook",
          templateId: "template-source-webhook",
          inputs: { event: { value: "order" }, debug: { value: true }, auth_header: { value: "[secret]" } },
        }),
      ),
    ).toEqual([
      {
        aspect: "audience",
        label: "starts",
        before: "on schedule, without a person",
        after: "when its webhook is called",
      },
      { aspect: "secret", label: "auth header", after: "[secret]" },
      { aspect: "settings", label: "debug", after: "yes" },
      { aspect: "text", label: "event", after: '"order"' },
    ]);
  });

  it("of conditions shows which one is new, and in what order they are asked", () => {
    const branch = (...names: string[]): Dict => ({
      type: "conditional_branch",
      name: "Plan?",
      config: {
        conditions: names.map((name) => ({
          name,
          filters: { properties: [{ key: "plan", value: [name], operator: "exact", type: "person" }] },
        })),
      },
    });
    const [change] = changes(branch("pro"), branch("pro", "team"));
    expect(lineDiff(change!.lines!.before, change!.lines!.after)).toEqual([
      '  "pro": the person\'s plan is "pro"',
      '+ "team": the person\'s plan is "team"',
    ]);
  });

  it("of how a flow is managed says what it means, and nothing of the provider's bookkeeping", () => {
    const actions = { welcome: { type: "exit", name: "Welcome mail" } };
    const { flow } = describeChange(
      { actions, owner: { stack: "a" }, secretPaths: [] },
      {
        actions,
        owner: { stack: "b" },
        secretPaths: ["actions.x"],
        onDelete: "archive",
        protectInFlight: true,
        editorOwns: ["actions.welcome.config.inputs.email.value.subject"],
      },
    );
    expect(flow.map(({ label, before, after }) => [label, before, after])).toEqual([
      ["when it leaves the program", "it is deleted", "it is archived"],
      ["left to PostHog's editor", "nothing", "“Welcome mail” subject"],
      ["changes that move people, or make them leave", "are applied at once", "wait until nobody is in the flow"],
    ]);
  });

  it("of a step that comes or goes says what it does and where it stands", () => {
    const flow = (...ids: string[]): Dict => ({
      actions: Object.fromEntries(
        ids.map((id, i) => [
          id,
          {
            type: "delay",
            name: id.toUpperCase(),
            config: { delayDuration: "2d" },
            ...(ids[i + 1] ? { next: ids[i + 1] } : {}),
          },
        ]),
      ),
    });
    const { steps } = describeChange(flow("a", "b", "c"), flow("a", "x", "c"));
    expect(steps).toMatchObject([
      { id: "a", kind: "changed" },
      { id: "x", kind: "added", is: "wait", does: "2 days", between: { before: ["A"], after: ["C"] } },
      { id: "b", kind: "removed", between: { before: ["A"], after: ["C"] } },
    ]);
  });

  it("of another type says so", () => {
    expect(changes({ type: "delay", name: "X", config: { delayDuration: "1d" } }, { type: "exit", name: "X" })).toEqual(
      [{ aspect: "settings", label: "kind of step", before: "wait: 1 day", after: "exit" }],
    );
    expect(
      changes(
        { type: "delay", name: "X", config: { delayDuration: "1d" } },
        email({ subject: "Hello", text: "You" }, { name: "X" }),
      ),
    ).toEqual([
      { aspect: "settings", label: "kind of step", before: "wait: 1 day", after: 'e-mail: "Hello"' },
      { aspect: "text", label: "subject", after: '"Hello"' },
      { aspect: "text", label: "text", after: '"You"' },
    ]);
  });

  it("of a secret shows that there is another, when the preview says so", () => {
    const step = {
      type: "function",
      name: "Call",
      config: { templateId: "template-webhook", inputs: { signing_secret: { value: "[secret]" } } },
    };
    const path = "actions.step.config.inputs.signing_secret.value";
    expect(describeChange(one(step), one(copy(step)), { changedSecrets: [path] }).steps[0]!.changes).toEqual([
      { aspect: "secret", label: "signing secret", before: "[secret]", after: "a new [secret]" },
    ]);
    expect(describeChange(one(step), one(copy(step))).steps).toEqual([]);
  });

  it("of the flow itself is told in words", () => {
    const { flow } = describeChange(
      { status: "active", actions: {} },
      {
        status: "draft",
        exitCondition: "exit_only_at_end",
        triggerMasking: { hash: "{person.id}", ttl: 86_400, threshold: 3 },
        emailSendingRateLimit: { count: 100, period: "minute" },
        actions: {},
      },
    );
    expect(flow.map(({ label, before, after }) => [label, before, after])).toEqual([
      ["status", "active", "draft: no one enters"],
      ["people leave early", "when the person converts", "only at its end"],
      ["the same person starts", "every time", "every 3rd time in 1 day for each `{person.id}`"],
      ["e-mails are sent", "without a limit", "at most 100 a minute"],
    ]);
  });
});

describe("every difference", () => {
  const mutate = (definition: Dict, path: readonly (string | number)[], value: unknown): Dict => {
    const out = copy(definition);
    setAt(
      out,
      path,
      typeof value === "string"
        ? `${value}!`
        : typeof value === "number"
          ? value + 1
          : typeof value === "boolean"
            ? !value
            : "x",
    );
    return out;
  };
  const leaves = (value: unknown, path: (string | number)[] = []): { path: (string | number)[]; value: unknown }[] => {
    if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, [...path, i]));
    if (isDict(value)) return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
    return [{ path, value }];
  };

  it("in any leaf of the documented flows and of random ones is told, and nothing is told without one", () => {
    const flows = [
      ...Object.values(REFERENCE_FLOWS).map(({ flow }) => flow),
      ...Array.from({ length: 40 }, (_, seed) => randomFlow(seed + 1)),
    ];
    let told = 0;
    for (const wire of flows) {
      const definition = canonical(decode(wire));
      expect(describeChange(definition, copy(definition))).toEqual({ flow: [], steps: [] });
      for (const { path, value } of leaves(definition)) {
        const after = mutate(definition, path, value);
        if (differences(definition, after).length === 0) continue;
        const change = describeChange(definition, after);
        const lines = changeLines(change, (text) => text);
        expect(lines.length, `${path.join(".")} of ${JSON.stringify(definition["name"])}`).toBeGreaterThan(0);
        expect(lines.join("\n"), path.join(".")).not.toMatch(/\bundefined\b|\[object Object\]/);
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(1000);
  });
});

describe("a line diff", () => {
  it("shows one line around each change, and where lines are left out", () => {
    expect(lineDiff(["1", "2", "3", "4", "5"], ["1", "2", "3", "four", "5"])).toEqual([
      "  …",
      "  3",
      "- 4",
      "+ four",
      "  5",
    ]);
    expect(lineDiff([], ["new"])).toEqual(["+ new"]);
    expect(lineDiff(["old"], [])).toEqual(["- old"]);
    expect(lineDiff(["same"], ["same"])).toEqual([]);
  });

  it("breaks a mail that is one long line, so that only what changes shows", () => {
    const mail = (offer: string) => [
      `<html><body>${"<p>Some words that stay as they are.</p>".repeat(20)}<p>${offer}</p></body></html>`,
    ];
    const lines = lineDiff(mail("One"), mail("Two"));
    expect(lines.filter((line) => /^[-+]/.test(line))).toEqual(["- <p>One</p>", "+ <p>Two</p>"]);
  });
});

// How findings are told: once, with their places and nearest names, in the order of the definition, warnings silenced by name.
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Dict } from "../../definition/canonical/values";
import type { Finding } from "../../rules/finding";
import { delay, email, flowOf, webhook } from "../../rules/examples";
import { examineFlow } from "../../rules/examine-flow";

function findings(flow: Dict | undefined, more: Dict = {}): Finding[] {
  const { definition, findings: found } = examineFlow({ ...flow, ...more });
  return found.all(definition);
}
const rulesOf = (list: readonly Finding[]): string[] => list.map(({ rule, path }) => `${rule} ${path}`);

describe("order", () => {
  it("is that of the definition: settings, then the steps along the graph, whatever the order of keys", () => {
    const { flow } = flowOf(
      {
        zebra: delay("90m", { next: "ape" }),
        ape: delay("61s", { next: "horse" }),
        horse: delay("48h", { next: "exit_node" }),
      },
      { conversion: {}, triggerMasking: { hash: "{person.id}", threshold: 1 } },
    );
    const sorted = {
      ...flow,
      actions: Object.fromEntries(Object.entries(flow!["actions"] as Dict).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
    expect(rulesOf(findings(sorted))).toEqual([
      "masking-threshold triggerMasking.threshold",
      "empty-goal conversion",
      "wait-clamped actions.zebra.config.delayDuration",
      "wait-clamped actions.ape.config.delayDuration",
      "wait-clamped actions.horse.config.delayDuration",
    ]);
  });

  it("puts what concerns the whole before what concerns a part, and the members of a step in their order", () => {
    const { flow } = flowOf({ pause: delay("soon", { name: " ", onError: "stop", next: "gone" }) });
    expect(rulesOf(findings(flow))).toEqual([
      "title actions.pause.name",
      "newer-value actions.pause.onError",
      "duration actions.pause.config.delayDuration",
      "missing-step actions.pause.next",
    ]);
  });
});

describe("places", () => {
  const sources = {
    "actions.mail": ["flows/onboarding.ts:23"],
    "actions.mail.config.inputs.email.value.html": ["mails/welcome.html"],
    actions: ["flows/onboarding.ts:20"],
  };

  it("are those of the path and of what is above it, the nearest first, with the line inside the text", () => {
    const { flow } = flowOf({ mail: email({ html: "<p>\n{{ person.properties.name | capitalise }}</p>" }) });
    expect(findings(flow, { sources })[0]).toMatchObject({
      path: "actions.mail.config.inputs.email.value.html",
      locations: ["mails/welcome.html:2", "flows/onboarding.ts:23", "flows/onboarding.ts:20"],
    });
  });

  it("keep the line that the program gave", () => {
    const { flow } = flowOf({ mail: email({ html: "{{ x | capitalise }}" }) });
    expect(
      findings(flow, { sources: { "actions.mail.config.inputs.email.value.html": ["mails/parts.ts:7"] } })[0]!
        .locations,
    ).toEqual(["mails/parts.ts:7"]);
  });

  it("stand behind the path in what the engine prints", () => {
    const { flow } = flowOf({ mail: email({ html: "{{ x | capitalise }}" }) });
    const { definition, findings: found } = examineFlow({ ...flow, sources });
    expect(found.failures(definition)[0]!.property).toBe(
      "actions.mail.config.inputs.email.value.html, mails/welcome.html:1, flows/onboarding.ts:23, flows/onboarding.ts:20",
    );
  });

  it("are left out where nobody knows them", () => {
    expect(findings(flowOf({ pause: delay("90m") }).flow)[0]).not.toHaveProperty("places");
  });
});

describe("wording", () => {
  it("says what, why, how to fix, the step's title and the rule", () => {
    const { definition, findings: found } = examineFlow(flowOf({ pause: delay("90m", { name: "Pause" }) }).flow!);
    expect(found.warningTexts('Flow "x"', definition)).toEqual([
      'Flow "x": actions.pause.config.delayDuration: 90m lasts only 60m (step "Pause"). PostHog cuts a wait at 60s, 60m, 24h or 30d, and does not carry the rest into the next unit. Use a larger unit, or two waits. [wait-clamped]',
    ]);
  });

  it("has a suggestion right beside the mistake", () => {
    const { definition, findings: found } = examineFlow(flowOf({ pause: delay("1d", { next: "exit_nod" }) }).flow!);
    expect(found.failures(definition)[0]!.reason).toContain(
      'there is no step "exit_nod" (step "Step"). Did you mean "exit_node"? PostHog',
    );
  });

  it.each<[string, Dict, string]>([
    ["a key", flowOf({ pause: delay("1d", { onErorr: "abort" }) }).flow!, "Did you mean `onError`?"],
    [
      "an operator",
      flowOf({
        mail: email(
          {},
          { filters: { properties: [{ key: "plan", value: "x", operator: "icontian", type: "person" }] } },
        ),
      }).flow!,
      'Did you mean "icontains"?',
    ],
    ["a step's id", flowOf({ pause: delay("1d", { next: "exitnode" }) }).flow!, 'Did you mean "exit_node"?'],
    ["an enum value", flowOf({}, { status: "actvie" }).flow!, 'Did you mean "active"?'],
    [
      "a variable",
      flowOf({ mail: email({ subject: "{{ variables.scroe }}" }) }, { variables: { score: { default: "1" } } }).flow!,
      'Did you mean "score"?',
    ],
    ["an input", flowOf({ notify: webhook({ heders: { value: {} } }) }).flow!, "Did you mean `headers`?"],
    [
      "a rule",
      { ...flowOf({ pause: delay("90m") }).flow, acknowledge: ["wait-clampd"] },
      'Did you mean "wait-clamped"?',
    ],
  ])("suggests the nearest name of %s", (_what, flow, fix) => {
    expect(findings(flow).map((finding) => finding.fix)).toContain(fix);
  });

  it.each<[string, Dict, RegExp]>([
    ["without a subject", { subject: "" }, /^Write a subject/],
    ["without text and html", { text: "", html: "" }, /^Write `text`, `html` or both/],
  ])("says what to write in an e-mail %s", (_what, parts, fix) => {
    const found = findings(flowOf({ mail: email(parts) }).flow!).filter(({ rule }) => rule === "email-parts");
    expect(found).toEqual([expect.objectContaining({ fix: expect.stringMatching(fix) })]);
  });

  it("shows no part of a secret", () => {
    const secret = "Bearer {hunter2";
    const flow = flowOf({ notify: webhook({ signing_secret: { value: secret }, url: { value: secret } }) }).flow!;
    const text = JSON.stringify(
      findings(flow, {
        secretPaths: ["actions.notify.config.inputs.signing_secret.value", "actions.notify.config.inputs.url.value"],
      }),
    );
    expect(text).toContain("hog-syntax");
    expect(text).not.toContain("hunter");
  });
});

describe("acknowledge", () => {
  const { flow } = flowOf({ first: delay("90m"), second: delay("90m") });
  const left = (...acknowledge: string[]): string[] => rulesOf(findings(flow, { acknowledge }));

  it("silences a rule everywhere, or at a path and below", () => {
    expect(left("wait-clamped")).toEqual([]);
    expect(left("wait-clamped@actions.first")).toEqual(["wait-clamped actions.second.config.delayDuration"]);
    expect(left("wait-clamped@actions.first.config.delayDuration", "wait-clamped@actions.second")).toEqual([]);
  });

  it("does not silence a step whose id only begins so", () => {
    const { flow: other } = flowOf({ first: delay("90m"), first_2: delay("90m") });
    expect(rulesOf(findings(other, { acknowledge: ["wait-clamped@actions.first"] }))).toEqual([
      "wait-clamped actions.first_2.config.delayDuration",
    ]);
  });

  it("is told when it is misspelt, an error, no path, or idle", () => {
    expect(left("wait-clamped", "lop", "missing-step", "loop@[", "loop")).toEqual(
      [
        "acknowledge-unknown acknowledge[0]",
        "acknowledge-error acknowledge[0]",
        "acknowledge-unknown acknowledge[0]",
        "acknowledge-idle acknowledge[0]",
      ].map((text, i) => text.replace("[0]", `[${i + 1}]`)),
    );
  });

  it("is not called idle while a value is unknown", () => {
    const { flow: unsure } = flowOf({ first: delay(UNKNOWN) });
    expect(findings(unsure, { acknowledge: ["wait-clamped"] })).toEqual([]);
  });
});

describe("unknown values", () => {
  it("suspend what depends on them, and nothing else", () => {
    const { flow } = flowOf({ pause: delay("90m", { next: UNKNOWN }), lost: delay("soon") });
    // Where `next` leads is unknown, so nothing is called unreachable.
    expect(rulesOf(findings(flow))).toEqual([
      "wait-clamped actions.pause.config.delayDuration",
      "duration actions.lost.config.delayDuration",
    ]);
  });

  it("leave a misspelt step from being called a reason for others", () => {
    const { flow } = flowOf({ pause: delay("1d", { next: "lst" }), last: delay("1d") });
    expect(rulesOf(findings(flow))).toEqual(["missing-step actions.pause.next"]);
  });
});

describe("speed", () => {
  const steps = Object.fromEntries(
    Array.from({ length: 98 }, (_, i) => [
      `step_${i}`,
      i % 4 === 0
        ? email({
            subject: `Hello {{ person.properties.name_${i} | default: "you" }}`,
            html: `<p>Text ${i} for {{ person.properties.plan }}</p>`,
          })
        : i % 4 === 1
          ? delay("1d")
          : i % 4 === 2
            ? webhook(
                { body: { value: { who: `{person.properties.email_${i}}` } } },
                { outputVariable: { key: "answer" }, onError: "abort" },
              )
            : {
                type: "conditional_branch",
                config: {
                  conditions: [
                    { filters: { properties: [{ key: "answer", value: "yes", type: "workflow_variable" }] } },
                  ],
                },
                branches: ["exit_node"],
              },
    ]),
  );
  const { flow } = flowOf(steps, { variables: { answer: { type: "string" } } });

  // How long it takes, the bench says (`check`).
  it("of a flow of 100 steps finds nothing wrong", () => {
    expect(Object.keys(flow!["actions"] as Dict)).toHaveLength(100);
    expect(findings(flow)).toEqual([]);
  });
});

// What the compiler would have said, said in preview: programs may run unchecked. Each with its rule, the nearest keyed path, and what to do.
import { describe, expect, it } from "vitest";
import {
  branch,
  delay,
  email,
  exit,
  goTo,
  hog as hogTag,
  nothing,
  on,
  otherwise,
  person,
  share,
  slack,
  sms,
  split,
  webhook,
  when,
} from "../../../sdk";
import { compile } from "../../../sdk/steps/compile";
import { isRuleName } from "../../../rules";

const start = on.event("user signed up");
const pro = person("plan").is("pro");
// What nobody has checked.
const any = (value: unknown): never => value as never;
const sender = { integrationId: 7 };

function problems(steps: unknown, trigger: unknown = start): string[] {
  const found = compile(trigger, steps).findings;
  for (const { rule } of found) expect(isRuleName(rule), String(rule)).toBe(true);
  return found.map(({ rule, path, what }) => `${rule} at ${path.join(".")}: ${what.replace(/ \(.*\)$/, "")}`);
}
const fixes = (steps: unknown): (string | undefined)[] =>
  compile(start, steps).findings.map(({ fix, suggestion }) => fix ?? suggestion);

describe("ids", () => {
  it.each([
    [[delay(any("Wait 3 days"), "3d")], 'step-key at actions.Wait 3 days: "Wait 3 days" is not an id'],
    [[delay(any(""), "3d")], "step-key at actions: the first argument of delay is the step's id, but is empty"],
    [
      [email(any({ from: sender }), any(undefined))],
      "step-key at actions: the first argument of email is the step's id, but is an object",
    ],
  ])("%#", (steps, expected) => {
    expect(problems(steps)).toEqual([expected]);
  });

  it("are there once, in lists and paths, pinned or not", () => {
    expect(problems([delay("a", "1d"), delay("b", "1d"), delay(any("a"), "2d")])).toEqual([
      'duplicate-step-id at actions.a: two steps have the id "a"',
    ]);
    expect(problems([delay("a", "1d"), branch("who", [when(pro, [delay(any("a"), "1d")])])])).toEqual([
      'duplicate-step-id at actions.a: two steps have the id "a"',
    ]);
    expect(problems([delay("a", "1d"), delay("b", "1d", { id: "a" })])).toEqual([
      'duplicate-step-id at actions.a: two steps have the id "a"',
    ]);
    expect(problems([delay("a", "1d", { id: "x" }), delay(any("a"), "1d")])).toEqual([
      'duplicate-step-id at actions.a: two steps have the id "a"',
    ]);
    expect(problems([delay("exit_node", "1d")])).toEqual([
      'duplicate-step-id at actions.exit_node: the id "exit_node" is reserved for the flow\'s end',
    ]);
    expect(problems([delay("trigger_node", "1d")])).toEqual([
      'duplicate-step-id at actions.trigger_node: two steps have the id "trigger_node"',
    ]);
  });

  it("of one value in two places offer goTo", () => {
    const step = delay("a", "1d");
    expect(fixes([step, any(step)])).toEqual([expect.stringContaining('goTo("a")')]);
  });

  it("name both lines", () => {
    const what = compile(start, [delay("a", "1d"), delay(any("a"), "1d")]).findings[0]!.what;
    expect(what).toMatch(/two steps have the id "a" \(test\/sdk\/steps\/problems\.test\.ts:\d+\)$/);
  });
});

describe("lists", () => {
  it.each([
    [[any("welcome")], 'step-entry at actions: expected a step, got the text "welcome"'],
    [[any(delay)], "step-entry at actions: expected a step, got a function; call it"],
    [[any({ type: "delay" })], "step-entry at actions: expected a step, got an object"],
    [[any(when(pro, nothing))], "step-entry at actions: expected a step, got a branch"],
    [[any(start)], "step-entry at actions: expected a step, got a trigger"],
    [[any(Promise.resolve())], "step-entry at actions: expected a step, got an output"],
    [[], "empty-path at actions: a flow without steps does nothing"],
  ])("%#", (steps, expected) => {
    expect(problems(steps)[0]).toBe(expected);
  });

  it("are lists, and there is a trigger", () => {
    expect(problems(delay("a", "1d"))).toEqual(["step-entry at actions: `steps` must be a list, got a step"]);
    expect(compile(undefined, [delay("a", "1d")]).findings.map(({ what }) => what)).toEqual([
      "a flow needs its `trigger`",
    ]);
    expect(problems([delay("a", "1d")], "event")).toEqual([
      'step-entry at actions.trigger_node: expected a trigger, got the text "event"',
    ]);
  });

  it("end with exit and goTo; what stands behind is not sent", () => {
    const { findings: found, actions } = compile(start, [delay("a", "1d"), exit(), any(delay("b", "1d"))]);
    expect(found).toMatchObject([
      { rule: "step-after-end", path: ["actions", "b"], what: "a step after exit() or goTo() is never reached" },
    ]);
    expect(Object.keys(actions)).toEqual(["trigger_node", "a", "exit_node"]);
    expect(problems([delay("a", "1d"), goTo("a"), any(exit())])).toEqual([
      "step-after-end at actions: a step after exit() or goTo() is never reached",
    ]);
  });
});

describe("paths", () => {
  it("are not empty by accident", () => {
    expect(problems([branch("who", [when(pro, any([]))])])).toEqual([
      "empty-path at actions.who: a branch of this step is empty",
    ]);
  });

  it("are lists", () => {
    expect(problems([branch("who", [when(pro, any(delay("a", "1d")))])])).toContain(
      "step-entry at actions.who: a branch must be a list of steps, got a step",
    );
  });

  it.each([
    [branch("who", any([])), "branch-paths at actions.who: a branch step without branches chooses nothing"],
    [
      branch("who", any([otherwise([delay("a", "1d")])])),
      "branch-paths at actions.who: a branch step without branches chooses nothing",
    ],
    [
      branch("who", any([otherwise(nothing), when(pro, [delay("a", "1d")])])),
      "branch-paths at actions.who: `otherwise` is not the last branch",
    ],
    [
      branch("who", any([when(pro, nothing), share("a", 1, nothing)])),
      "branch-paths at actions.who: share(…) does not belong in branch",
    ],
    [branch("who", any(undefined)), "branch-paths at actions.who: branch takes a list of branches, got undefined"],
    [
      split("who", any([share("a", 1, nothing), share("a", 1, nothing)])),
      'share-name at actions.who: two shares have the name "a"',
    ],
    [split("who", any([share(any(""), 1, nothing)])), "share-name at actions.who: a share has no name"],
  ])("%#", (step, expected) => {
    expect(problems([step])).toEqual([expected]);
  });
});

it("jumps lead to a step, and the nearest is named", () => {
  expect(problems([delay("welcome", "1d"), any(goTo("welcom"))])).toEqual([
    'dead-jump at actions: goTo: no step has the id "welcom"',
  ]);
  expect(fixes([delay("welcome", "1d"), any(goTo("welcom"))])).toEqual(['"welcome"']);
  expect(fixes([delay("welcome", "1d"), any(goTo("exit_node"))])).toEqual(["Write exit()"]);
  expect(problems([branch("who", [when(pro, [goTo(any(delay("elsewhere", "1d")))])])])).toEqual([
    'dead-jump at actions.who: goTo: the step "elsewhere" is not in this flow',
  ]);
  expect(problems([delay("a", "1d"), goTo(any(undefined))])).toEqual([
    "dead-jump at actions: goTo takes a step or its first argument, not missing",
  ]);
});

describe("options", () => {
  it("are the step's own, and the nearest is named", () => {
    const step = email("a", any({ from: sender, subjct: "x", subject: "x", text: "y" }));
    expect(problems([step])).toEqual(["step-option at actions.a: `subjct` is not an option of email"]);
    expect(fixes([step])).toEqual(["`subject`"]);
  });

  it("are an object", () => {
    expect(problems([email("a", any("text"))])).toEqual([
      'step-option at actions.a: email takes its options as an object, got the text "text"',
    ]);
  });

  it("that the editor owns are fields of the step", () => {
    const step = delay("a", "1d", { editorOwns: any(["duraton"]) });
    expect(problems([step])).toEqual([
      'step-option at actions.a: editorOwns: "duraton" is not a field of delay that the editor can own',
    ]);
    expect(fixes([step])).toEqual(['"duration"']);
  });
});

describe("places that take no Hog", () => {
  const hog = any(hogTag`${person("x")}`);
  it.each<[string, unknown, string]>([
    [
      "the message of an SMS",
      sms("a", { twilioAccount: 4, fromNumber: "+1", message: hog }),
      "text-language at actions.a.config.inputs.message.value",
    ],
    [
      "its recipient",
      sms("a", { twilioAccount: 4, fromNumber: "+1", toNumber: hog, message: "x" }),
      "text-language at actions.a.config.inputs.to_number.value",
    ],
    [
      "its sender",
      sms("a", { twilioAccount: 4, fromNumber: hog, message: "x" }),
      "text-language at actions.a.config.inputs.from_number.value",
    ],
    [
      "the channel of Slack",
      slack("a", { slackWorkspace: 11, channel: hog, text: "x" }),
      "text-language at actions.a.config.inputs.channel.value",
    ],
    [
      "a method",
      webhook("a", { url: "https://example.com", method: hog }),
      "text-place at actions.a.config.inputs.method",
    ],
    [
      "an account",
      slack("a", { slackWorkspace: hog, channel: "C1", text: "x" }),
      "text-place at actions.a.config.inputs.slack_workspace",
    ],
  ])("%s", (_, step, expected) => {
    const [problem] = compile(start, [step]).findings;
    expect(`${problem!.rule} at ${problem!.path.join(".")}`).toBe(expected);
    expect(problem!.fix).toMatch(/^(Write liquid`…`|Give a plain value or an output)$/);
  });
});

// The code that accepts drift of a flow that is written as steps: what is printed makes, of the program as it was deployed, a program of what is live.
import { applyPatch } from "diff";
import { describe, expect, it } from "vitest";
import { acceptCode } from "../../operate/drift/accept";
import type { ResourceDrift } from "../../operate/drift/drift";
import { callOf, sidesOf, type Side } from "../../operate/drift/sides";
import { Body, Call, isPlain, Method, Name, print, StoredSecret, Tagged } from "../../operate/pull/expression";
import { definitionProgram, programText } from "../../operate/pull/program";
import { NO_SCHEDULES } from "../../operate/pull/schedules";
import { canonical } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { copy, isDict, type Dict } from "../../definition/canonical/values";
import { meaning, runText } from "../support/pulled";
import { randomComposition } from "../support/random-composition";
import { random } from "../support/random-flow";

const ID = "01985b7c-0000-7000-8000-000000000001";
const drift = (deployed: Dict, live: Dict, more: Partial<ResourceDrift> = {}): ResourceDrift => ({
  kind: "flow",
  name: "journey",
  id: ID,
  title: "journey",
  verdict: "drifted",
  form: "steps",
  fields: [],
  change: { flow: [], steps: [] },
  saves: [],
  uncompared: [],
  deployed,
  live,
  ...more,
});

const MAIL = "action_function_email_01985b7c-6a0e-7d1c-9b1e-000000000001";
const flow = (change: (flow: any) => void = () => {}): Dict => {
  const made: any = {
    name: "journey",
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Event",
        config: { type: "event", filters: { events: [{ id: "signed up" }] } },
        next: MAIL,
      },
      [MAIL]: {
        type: "function_email",
        name: "Nudge",
        config: {
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}", name: "" },
                subject: "Welcome!",
                html: `<p>${"Hello. ".repeat(20)}</p>`,
              },
            },
          },
        },
        next: "wait",
      },
      wait: { type: "delay", name: "Wait", config: { delayDuration: "3d" }, next: "plan" },
      plan: {
        type: "conditional_branch",
        name: "Plan",
        config: {
          conditions: [
            { filters: { properties: [{ key: "plan", type: "person", operator: "exact", value: ["pro"] }] } },
            { filters: { properties: [{ key: "seats", type: "person", operator: "gte", value: 10 }] } },
          ],
        },
        next: "exit_node",
        branches: ["call", "exit_node"],
      },
      call: {
        type: "function",
        name: "Call",
        config: {
          templateId: "template-webhook",
          inputs: {
            url: { value: "https://hooks.example.com/a" },
            headers: { value: { "X-Key": "[secret]" } },
            signing_secret: { value: "[secret]" },
          },
        },
        next: "exit_node",
      },
      exit_node: { type: "exit", name: "Exit" },
    },
  };
  change(made);
  return canonical(made);
};
const accepted = (change: (flow: any) => void, more: Partial<ResourceDrift> = {}): string[] =>
  acceptCode(drift(flow(), flow(change), more)).split("\n");

describe("what changed in a step", () => {
  it("is said by its function and the options that differ", () => {
    expect(
      accepted((made) => {
        made.exitCondition = "exit_only_at_end";
        made.actions[MAIL].config.inputs.email.value.subject = "A warm welcome";
        made.actions[MAIL].name = "Somebody's title";
        made.actions.wait.config.delayDuration = "1d";
        made.actions.wait.onError = "abort";
        made.actions.plan.config.conditions[1].filters.properties[0].value = 25;
        made.actions.call.config.inputs.headers.value["X-More"] = "a";
      }),
    ).toEqual([
      '// HogFlow "journey": write this into its program. What is not here stays as it is.',
      "{",
      '  exitCondition: "exit_only_at_end", // new',
      "  steps: [",
      `    email("nudge", { // id: "${MAIL}"`,
      '      name: "Somebody\'s title", // new',
      '      subject: "A warm welcome", // was "Welcome!"',
      "    }),",
      '    delay("wait", "1d", { // was "3d"',
      '      onError: "abort", // new',
      "    }),",
      '    branch("plan", [',
      '      when(person("plan").is("pro"), […]),',
      '      when(person("seats").gte(25), […]), // was when(person("seats").gte(10), […])',
      "    ]),",
      '    webhook("call", {',
      "      headers: {",
      '        "X-More": "a", // new',
      "      },",
      "    }),",
      "  ],",
      "}",
      "",
    ]);
    expect(accepted((made) => (made.actions.wait.config.delayDuration = "1d"))).toContain(
      '    delay("wait", "1d"), // was "3d"',
    );
  });

  it("is a line diff where a body is another one, with the command that writes it whole", () => {
    const code = accepted(
      (made) => (made.actions[MAIL].config.inputs.email.value.html = `<p>${"Hello. ".repeat(20)}</p><p>Bye.</p>`),
    );
    expect(code).toContain("      // html: another text, see below");
    expect(code.join("\n")).toContain(
      `// html of nudge, which belongs where the program reads it from. \`hogflow pull ${ID} --out pulled\` writes it whole.`,
    );
    expect(code.filter((line) => /^\/\/ {3}[-+] /.test(line))).toHaveLength(2);
  });

  it("is named where the editor's design is another one, and nothing of it is shown", () => {
    const design = { body: { rows: [{ id: "drawn by lot" }] }, schemaVersion: 16 };
    const code = accepted((made) => (made.actions[MAIL].config.inputs.email.value.design = design)).join("\n");
    expect(code).toContain("      // design: a text, see below");
    expect(code).toMatch(
      /\n\/\/ design of nudge, which belongs where the program reads it from\. .* writes it whole\.\n$/,
    );
    expect(code).not.toContain("drawn by lot");
  });

  it("is the whole call where another function makes the step now", () => {
    const code = accepted((made) => (made.actions.wait.config.somethingNew = true)).join("\n");
    expect(code).toContain(
      'action("wait", { type: "delay", config: { delayDuration: "3d", somethingNew: true } }), // was delay',
    );
  });

  it("tells a recipient that is a text, to whom nothing is sent, from an address", () => {
    const code = accepted(
      (made) => (made.actions[MAIL].config.inputs.email.value.to = "{{ person.properties.email }}"),
    ).join("\n");
    expect(code).toMatch(/action\("nudge", \{[^]*to: "\{\{ person\.properties\.email \}\}"[^]*\}\), \/\/ was email/);
    expect(
      accepted(
        (made) => (made.actions[MAIL].config.inputs.email.value.to = { email: "sales@example.com", name: "Sales" }),
      ).join("\n"),
    ).toContain('to: { email: "sales@example.com", name: "Sales" }, // new');
  });
});

describe("steps that were added, removed or rewired", () => {
  const added = (made: any): void => {
    made.actions.wait.next = "tips";
    made.actions.tips = { type: "delay", name: "Tips", config: { delayDuration: "2d" }, next: "plan" };
  };

  it("are the difference of the program", () => {
    const code = accepted(added);
    expect(code[0]).toBe(
      '// HogFlow "journey": steps were added, removed or rewired. This turns the program as it was deployed into what is live.',
    );
    expect(code.filter((line) => line.startsWith("+"))).toEqual(["+++ as it is live", '+    delay("tips", "2d"),']);
    expect(code.filter((line) => line.startsWith("-"))).toEqual(["--- as deployed"]);
    expect(code.join("\n")).not.toContain("trigger_node");
  });
});

describe("the words", () => {
  it("are those of the program's form; both where the state does not say", () => {
    const change = (made: any): void => void (made.actions.wait.config.delayDuration = "1d");
    expect(accepted(change, { form: "keyed" }).join("\n")).toMatch(/in their keyed form\.\n\{\n {2}actions: \{\n/);
    const { form: _, ...unsaid } = drift(flow(), flow(change));
    const both = acceptCode(unsaid);
    expect(both).toMatch(/delay\("wait", "1d"\)[\s\S]*the same for a program in the keyed form\.\n\{\n {2}actions: \{/);
  });

  it("are keyed where steps cannot say what is live, with the reason", () => {
    const code = accepted(
      (made) => (made.conversion = { filters: [], events: [{ filters: { events: [{ id: "a" }, { id: "b" }] } }] }),
    ).join("\n");
    expect(code).toMatch(
      /^\/\/ HogFlow "journey": steps cannot say what is live \(an event of the goal is several\)\. This is it in the keyed form/,
    );
    expect(code).toContain("conversion: ");
  });

  it("never hold a secret, and say where one is another", () => {
    const path = "actions.call.config.inputs.signing_secret.value";
    const code = accepted((made) => (made.actions.call.config.inputs.url.value = "https://hooks.example.com/b"), {
      fields: [{ path, kind: "changed", deployed: "[secret]", live: "[secret]" }],
    }).join("\n");
    expect(code).toContain('url: "https://hooks.example.com/b", // was "https://hooks.example.com/a"');
    expect(code).toContain(`// HogFlow "journey": ${path} has another secret in PostHog; its value is not shown.`);
    const taken = acceptCode(
      drift(
        flow((made) => delete made.actions.call.config.inputs.signing_secret),
        flow(),
      ),
    );
    expect(taken).toContain("// signingSecret: a secret; PostHog does not show its value");
  });
});

/** Runs code with every name as a part of an expression, so that it can be compared and printed. */
function expressionOf(code: string): unknown {
  const wrap = (made: object): unknown =>
    new Proxy(made, {
      get: (target, name) =>
        typeof name === "symbol" || name in target
          ? Reflect.get(target, name)
          : (...args: unknown[]) => wrap(new Method(target, name, args)),
    });
  const special: Record<string, unknown> = {
    nothing: new Name("nothing"),
    vars: new Proxy({}, { get: (_, name) => wrap(new Name(`vars.${String(name)}`)) }),
    stored: () => new StoredSecret(),
    liquid: (parts: readonly string[]) => new Tagged("liquid", parts[0]!),
    on: new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...args: unknown[]) =>
            new Call(`on.${String(name)}`, args),
      },
    ),
  };
  const scope = new Proxy(
    {},
    {
      has: (_, name) => typeof name === "string",
      get: (_, name) =>
        typeof name === "symbol" ? undefined : (special[name] ?? ((...args: unknown[]) => wrap(new Call(name, args)))),
    },
  );
  return new Function("scope", `with (scope) { return (${code}); }`)(scope);
}

/** Members of the patch over those that are there; what is to be removed is a comment, and done by hand. */
function merged(before: Dict, patch: Dict, wanted: Dict): Dict {
  const out: Dict = {};
  for (const key of Object.keys(wanted)) {
    const [was, is] = [before[key], patch[key]];
    out[key] =
      is === undefined
        ? wanted[key] instanceof Body
          ? wanted[key]
          : was
        : isPlain(is) && isPlain(was) && isPlain(wanted[key])
          ? merged(was, is, wanted[key])
          : is;
  }
  return out;
}

const optionsOf = ({ args }: Call): Dict => (isDict(args[args.length - 1]) ? (args[args.length - 1] as Dict) : {});
const middleOf = ({ args }: Call): unknown[] => args.slice(1).filter((argument) => !isDict(argument));

function expectAccepted(code: string, was: Side, is: Side): void {
  const body = code
    .split("\n\n")[0]!
    .split("\n")
    .filter((line) => !line.startsWith("//"))
    .join("\n")
    .replaceAll("[…]", "[__rest]");
  const patch = (body.trim() === "" ? {} : expressionOf(body.replaceAll("__rest", "vars.__rest"))) as Dict;
  const { steps: _, ...settings } = is.composition.args;
  const { steps: patched = [], ...given } = patch;
  expect(print(merged(was.composition.args, given, settings))).toBe(print(settings));
  const calls = new Map((patched as Call[]).map((call) => [call.args[0], call]));
  const shown = (value: unknown): string => print(value).replaceAll("vars.__rest", "…");
  for (const id of Object.keys(is.steps)) {
    if (is.steps[id]!.type === "trigger") continue;
    const [before, after] = [callOf(was, id), callOf(is, id)];
    const call = calls.get(after.args[0]);
    if (call === undefined) expect(shown(before)).toBe(shown(after));
    else {
      expect(shown(middleOf(call))).toBe(shown(middleOf(after)));
      expect(shown(merged(optionsOf(before), optionsOf(call), optionsOf(after)))).toBe(shown(optionsOf(after)));
    }
  }
}

/** An edit that leaves every step where it is. */
function edited(definition: Dict, seed: number): Dict {
  const r = random(seed * 31 + 7);
  const out: any = copy(definition);
  if (r.chance(0.3)) out.description = `Edited ${seed}`;
  if (r.chance(0.3)) out.exitCondition = "exit_only_at_end";
  if (r.chance(0.3)) delete out.conversion;
  if (r.chance(0.3)) out.variables = { ...out.variables, more: { type: "boolean" } };
  for (const step of Object.values<any>(out.actions)) {
    if (step.type === "exit" || step.type === "trigger" || r.chance(0.4)) continue;
    if (r.chance(0.4)) step.name = `Named ${seed}`;
    if (r.chance(0.3)) delete step.description;
    if (r.chance(0.3)) step.onError = "abort";
    if (r.chance(0.3))
      step.filters = { properties: [{ key: "plan", type: "person", operator: "exact", value: ["a", "b"] }] };
    if (step.type === "delay" && step.config.delayDuration) step.config.delayDuration = "7d";
    if (step.type === "function_email") {
      step.config.inputs.email.value.subject = `Subject "${seed}"`;
      if (r.chance(0.5)) step.config.inputs.email.value.html = `<p>\n${"Another. ".repeat(12)}</p>`;
    }
    if (step.config.templateId === "template-webhook") step.config.inputs.body = { value: { a: { b: seed } } };
    if (step.type === "conditional_branch")
      step.config.conditions[0].filters.properties = [{ key: "seats", type: "person", operator: "gte", value: seed }];
    if (step.type === "random_cohort_branch") step.config.cohorts[0].percentage = 40;
    if (step.type === "wait_until_condition") step.config.maxWaitDuration = "5d";
  }
  return canonical(out);
}

describe("any flow", () => {
  const definition = (seed: number): Dict => canonical(decode(randomComposition(seed)));

  it("says what is live, after an edit of fields", () => {
    let compared = 0;
    for (let seed = 1; seed <= 120; seed += 1) {
      const [deployed, live] = [definition(seed), edited(definition(seed), seed)];
      const sides = sidesOf("journey", deployed, live);
      if ("why" in sides) continue;
      compared += 1;
      try {
        expectAccepted(acceptCode(drift(deployed, live)), sides.was, sides.is);
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).message}\n${acceptCode(drift(deployed, live))}`);
      }
    }
    expect(compared).toBeGreaterThan(100);
  });

  it("says what is live, when it has become another one", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const [deployed, live] = [definition(seed), definition(seed + 1000)];
      const sides = sidesOf("journey", deployed, live);
      if ("why" in sides) continue;
      const code = acceptCode(drift(deployed, live));
      if (!code.includes("rewired")) continue;
      const text = (side: Side): string => programText(undefined, "journey", side.composition, NO_SCHEDULES);
      const block = code.slice(code.indexOf("--- as deployed")).split(/\n\n\/\/ (?:html|design) of /)[0]!;
      expect(applyPatch(text(sides.was), block)).toBe(text(sides.is));
      // And that is a program of it.
      const files = [{ path: "journey.ts", text: definitionProgram(live, { name: "journey" }) }];
      const { status: _, ...content } = live;
      expect(meaning(runText({ files })[0]!)).toEqual(content);
    }
  });
});

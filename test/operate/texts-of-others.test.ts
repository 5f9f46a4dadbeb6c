// Names, ids and texts are somebody else's words: in comments, code, commands, Markdown and messages they stay words.
import MarkdownIt from "markdown-it";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { startEmulator } from "../../emulator";
import { lineDiff } from "../../operate/change/line-diff";
import { acceptCode } from "../../operate/drift/accept";
import type { ResourceDrift } from "../../operate/drift/drift";
import { drawFlow } from "../../operate/graph/draw";
import { pulledFlow } from "../../operate/pull";
import { resourceName } from "../../operate/program-text";
import { codeSpan, escapeText, fenced } from "../../operate/review/markdown";
import { parsePreview } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf } from "../../operate/review/review";
import { docComment } from "../../operate/template-words";
import { valueLines } from "../../operate/words/values";
import { engineText, plainError } from "../../provider/errors";
import { guarded, Secrets } from "../../provider/boundary";
import { flow as served } from "../../provider/dynamic";
import { jsonText, oneLine, shellWord } from "../../definition/plain-text";
import { expectFaithful, runText } from "../support/pulled";

const LINE_ENDS = ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"];
const exit = { id: "exit_node", name: "Exit", type: "exit", config: {} };

/** As PostHog returns it, with the ids that are asked for. */
async function live(json: any): Promise<any> {
  const emulator = await startEmulator();
  try {
    return emulator.seed({ name: "Words", variables: [], edges: [], ...json });
  } finally {
    await emulator.stop();
  }
}

const called = (body: unknown, more: object = {}): any => ({
  actions: [
    {
      id: "trigger_node",
      name: "T",
      type: "trigger",
      config: { type: "event", filters: { events: [{ id: "a", name: "a", type: "events", order: 0 }] } },
    },
    {
      id: "call",
      name: "Call",
      type: "function",
      config: {
        template_id: "template-webhook",
        inputs: { url: { value: "https://example.com" }, body: { value: body, ...more } },
      },
    },
    exit,
  ],
  edges: [
    { from: "trigger_node", to: "call", type: "continue" },
    { from: "call", to: "exit_node", type: "continue" },
  ],
});
const scheduled = (id: string): any => ({
  actions: [{ id: "trigger_node", name: "T", type: "trigger", config: { type: "schedule" } }, exit],
  edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
  schedules: ["active", "paused"].map((status) => ({
    id,
    rrule: "FREQ=DAILY",
    starts_at: "2030-01-07T09:00:00Z",
    timezone: "UTC",
    status,
  })),
});

describe("a review", () => {
  it.each(LINE_ENDS)("keeps its fence, whatever ends a line in a key of a webhook's body: %j", (end) => {
    const key = `a${end}\`\`\`${end}${end}# Approved${end}${end}@team <img src=x>`;
    const flow = (body: unknown): any => ({
      name: "Words",
      actions: {
        call: {
          type: "function",
          name: "Call",
          config: { templateId: "template-webhook", inputs: { body: { value: body } } },
        },
      },
    });
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/posthog:HogFlow::words";
    const type = "pulumi-nodejs:dynamic/posthog:HogFlow";
    const states = [flow({ [key]: "x".repeat(100) }), flow({ [key]: "y".repeat(100), b: "c" })].map((inputs) => ({
      type,
      custom: true,
      id: "1",
      inputs,
      outputs: inputs,
    }));
    const text = renderReview(
      reviewOf(
        parsePreview(JSON.stringify({ steps: [{ op: "update", urn, oldState: states[0], newState: states[1] }] })),
        { now: 0 },
      ),
    );
    const tokens = new MarkdownIt({ html: true }).parse(text, {});
    expect(tokens.filter(({ type: kind }) => kind === "heading_open").map(({ markup }) => markup)).toEqual([
      "###",
      "####",
    ]);
    expect(
      tokens
        .filter(({ type: kind }) => kind === "fence")
        .map(({ info }) => info)
        .sort(),
    ).toEqual(["diff", "mermaid"]);
    expect(text).toContain("# Approved");
    expect(text).not.toMatch(/[\r\v\f\u0085\u2028\u2029]/);
  });

  it("links nothing, calls nobody and begins no list", () => {
    expect(escapeText("1. a")).toBe("1\\. a");
    expect(escapeText("- a")).toBe("\\- a");
    expect(escapeText("=== a")).toBe("\\=== a");
    expect(escapeText("xhttps://a.example a@b.example #1 :tada: GH-2 mailto:x")).toBe(
      "xhttps://<!-- -->a.example a@<!-- -->b.example \\#<!-- -->1 :<!-- -->tada: GH<!-- -->-2 mailto:<!-- -->x",
    );
    expect(codeSpan("a\u2028b\u0085`c\u202e")).toBe("``a b `c``");
    expect(fenced("text", "::error::x\n##[group]")).toBe("```text\n: :error::x\n# #[group]\n```");
  });
});

describe("lines", () => {
  it.each(LINE_ENDS)("end at %j, in diffs, lists of values, comments and drawings", (end) => {
    expect(oneLine(`a ${end} b`)).toBe("a b");
    expect(lineDiff([`a${end}b`], [`a${end}c`])).toEqual(["  a", "- b", "+ c"]);
    expect(valueLines({ [`a${end}b`]: `c${end}d` })).toEqual(["a b:", "  c", "  d"]);
    expect(docComment([`a${end}*/ b`], "")).toEqual(["/**", " * a", " * *\\/ b", " */"]);
    expect(drawFlow({ actions: { a: { type: "exit", name: `a${end}b` } } })).toContain('"a b"');
  });
});

describe("a pulled program", () => {
  it.each(LINE_ENDS)("quotes the id of a schedule that ends its line: %j", async (end) => {
    const flow = await live(scheduled(`x${end}globalThis.escaped = 1;//`));
    const pulled = pulledFlow(flow);
    expect(pulled.files[0]!.text).toContain(`// Schedule ${jsonText(flow.schedules[1].id)} is not here`);
    expect(runText(pulled).map(({ kind }) => kind)).toEqual(["flow", "schedule"]);
    expect(globalThis).not.toHaveProperty("escaped");
    expect(
      pulledFlow({ ...flow, schedules: [{ ...flow.schedules[1], id: "0198c0de-0000-7000-8000-000000000001" }] })
        .files[0]!.text,
    ).toContain("// Schedule 0198c0de-0000-7000-8000-000000000001 is not here");
  });

  it("says a text with any line ends exactly, also where it has a language of its own", async () => {
    for (const end of LINE_ENDS) {
      const text = `{{ person.properties.a }}${end}b \\{ \${c} \`d\` \u202e`;
      const flow = await live(called(text, { templating: "liquid" }));
      const pulled = pulledFlow(flow);
      expectFaithful(flow, pulled);
      expect(pulled.files[0]!.text).toContain("liquid`");
      expect(pulled.files[0]!.text).not.toMatch(/[\r\v\f\u0085\u2028\u2029\u202e]/);
    }
  });

  it("has no line that a CI runner would carry out", async () => {
    const flow = await live(called({ a: "x\n::error::y\n  ::stop-commands::z", b: "x\n##[group]y" }));
    const { text } = pulledFlow(flow).files[0]!;
    expect(text).not.toMatch(/^\s*::|##\[/m);
    expectFaithful(flow, pulledFlow(flow));
    const inLiquid = await live(called("x\n::error::y\n##vso[z]", { templating: "liquid" }));
    expect(pulledFlow(inLiquid).files[0]!.text).not.toMatch(/^\s*::|##\w*\[/m);
    expectFaithful(inLiquid, pulledFlow(inLiquid));
  });

  it("asks for no secret that stands in a text, which would be part of a command", async () => {
    const { secrets } = pulledFlow(await live(called(`"""" config.requireSecret("x; touch y")`)));
    expect(secrets).toEqual([]);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "takes a name of every object of JavaScript for a name like any other: %s",
    async (name) => {
      const json = called(`{{ ${name}.a }}`, { templating: "liquid" });
      json.actions[0].config.filters.properties = [{ key: name, value: name, operator: name, type: name }];
      const pulled = pulledFlow(await live({ ...json, name }));
      for (const remark of pulled.remarks) expect(remark).not.toMatch(/function|native code|undefined/);
      expect(pulled.files[0]!.path).toMatch(/^flows\/[a-z]+\.ts$/);
    },
  );

  it("has its remarks above the flow, not in a text that looks like it", async () => {
    const flow = await live({
      ...called("{{ variables.nobody"),
      variables: [{ key: "v", type: "string", label: "v", default: "x\nexport const words = new HogFlow(\n" }],
    });
    flow.actions[1].config.inputs.url = { value: "{nothing(" };
    const pulled = pulledFlow(flow);
    expect(pulled.remarks).not.toEqual([]);
    expect(pulled.files[0]!.text).toMatch(/^\/\/ - .*\n(?:\/\/.*\n)*export const words = new HogFlow\(\s*"words"/m);
    expectFaithful(flow, pulled);
  });

  it("is in no file that Windows has for a device", async () => {
    expect(["con", "NUL", "Com1", "console"].map(resourceName)).toEqual([
      "con-flow",
      "nul-flow",
      "com1-flow",
      "console",
    ]);
    const email = {
      from: { integrationId: 7 },
      to: { email: "a@example.com" },
      subject: "Hi",
      html: `<p>${"x".repeat(100)}</p>`,
    };
    const json = called("");
    json.actions[1] = {
      id: "aux",
      name: "Aux",
      type: "function_email",
      config: { inputs: { email: { value: email, templating: "liquid" } } },
    };
    json.edges = json.edges.map(({ from, to, type }: any) => ({
      from: from === "call" ? "aux" : from,
      to: to === "call" ? "aux" : to,
      type,
    }));
    expect(pulledFlow(await live(json)).files.map(({ path }) => path)).toEqual([
      "flows/words.ts",
      "flows/mails/words/aux_.html",
    ]);
  });
});

describe("code that accepts drift", () => {
  it("keeps names, titles, ids and paths in its comments", () => {
    for (const end of LINE_ENDS) {
      const out = `x${end}globalThis.escaped = 1;//`;
      const step = (name: string): any => ({
        actions: {
          trigger_node: { type: "trigger", name: "T", config: { type: "schedule" }, next: out },
          [out]: { type: "delay", name, config: { delayDuration: "1d" }, next: "nowhere" },
        },
      });
      const drift = {
        kind: "flow",
        name: out,
        title: out,
        id: "1; touch y",
        form: "steps",
        verdict: "drifted",
        deployed: step("a"),
        live: step(out),
        saves: [],
        uncompared: [],
        fields: [{ path: `actions[${JSON.stringify(out)}].x` }],
        change: { flow: [], steps: [] },
      } as unknown as ResourceDrift;
      for (const verdict of ["drifted", "gone", "unknown"] as const) {
        const source = ts.createSourceFile(
          "a.ts",
          acceptCode({ ...drift, verdict, error: out }),
          ts.ScriptTarget.ES2022,
          true,
        );
        const names: string[] = [];
        const visit = (node: ts.Node): void => {
          if (ts.isIdentifier(node)) names.push(node.text);
          ts.forEachChild(node, visit);
        };
        visit(source);
        expect(names).not.toContain("escaped");
      }
    }
  });
});

it("a word of a command is in quotes where a shell would read more than a word", () => {
  expect(["a-b.c/d:1", "a b", "a'b", "$(x)", "-rf", "", "a\nb"].map(shellWord)).toEqual([
    "a-b.c/d:1",
    "'a b'",
    "'a'\\''b'",
    "'$(x)'",
    "'-rf'",
    "''",
    "'a b'",
  ]);
});

describe("messages of the provider", () => {
  it("have no colours, colours of the engine, or lines but their own", async () => {
    expect(engineText("a\u001b[31m\u202e<{%fg 1%}>b\n::error::c")).toBe("a[31m< {%fg 1%}>b\n: :error::c");
    await expect(
      guarded(new Secrets([]), () => Promise.reject(plainError("a\u001b[2J\u009b<{%red%}>"))),
    ).rejects.toThrow("a[2J< {%red%}>");
  });

  it("tell each finding in one line, with the step's title in it", async () => {
    const name = "x\r\nerror: all is well\u2028<{%fg 1%}>\u001b[31m";
    const { failures } = (await served.check(
      {},
      {
        name: "Words",
        host: "http://127.0.0.1:1",
        projectId: "1",
        actions: {
          trigger_node: { type: "trigger", name: "T", config: { type: "schedule" }, next: "wait" },
          wait: { type: "delay", name, config: { delayDuration: "soon" }, next: "exit_node" },
          exit_node: { type: "exit", name: "Exit", config: {} },
        },
      },
    )) as { failures: { reason: string }[] };
    expect(failures.map(({ reason }) => reason).join("\n")).toContain('(step "x error: all is well < {%fg 1%}>[31m")');
    for (const { reason } of failures) expect(reason).not.toMatch(/[\n\r\u2028\u001b]|<\{%/);
  });
});

it("the emulator's log shows what is not seen as an escape, in one line a request", async () => {
  const lines: string[] = [];
  const emulator = await startEmulator({ log: (line) => lines.push(line) });
  const json = called("");
  json.actions[1].config.template_id = "template-x\u001b[2J\u202e\r::error::";
  await fetch(`${emulator.url}/api/projects/1/hog_flows/`, {
    method: "POST",
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    body: JSON.stringify({ name: "Words", ...json }),
  });
  await emulator.stop();
  expect(lines.join("\n")).toContain("template-x\\u{1b}[2J\\u{202e}\\u{d}::error::");
  for (const line of lines) expect(line).not.toMatch(/[\u001b\u202e\r\n]/);
});

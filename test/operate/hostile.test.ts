// Flows whose texts try to leave their place (test/support/hostile-flow.ts), through every command that shows them: nothing is written outside of its folder,
// programs compile and say the flow and nothing else, no output works on a terminal or a CI runner, and a review stays the comment that it is.
// HOGFLOW_HOSTILE says how many flows; 1,000 take some minutes.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import MarkdownIt, { type Token } from "markdown-it";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS, GROUPS } from "../../cli/commands";
import { runProgram } from "../../cli/program";
import { startEmulator, type Emulator } from "../../emulator";
import { acceptCode } from "../../operate/drift/accept";
import { findDrift } from "../../operate/drift/drift";
import { pullFlows, type PulledFlow } from "../../operate/pull";
import { parseStackExport } from "../../operate/stack-state";
import { templateTypes } from "../../operate/template-types";
import { createClient, systemClock } from "../../api";
import { decode } from "../../definition/canonical/decode";
import { errorsIn, ROOT } from "../support/compile-modules";
import { ESCAPED, FORGED, hostileFlow, hostileRecords, hostileTemplate } from "../support/hostile-flow";
import { expectFaithful } from "../support/pulled";

const FLOWS = Number(process.env["HOGFLOW_HOSTILE"] ?? 40);
const FIRST = Number(process.env["HOGFLOW_SEED"] ?? 1);
const MINUTES = 60_000;
const PATIENCE = 3 * MINUTES + FLOWS * 3_000;
/** Of commands that are run once for each flow. */
const ALONE = Math.min(FLOWS, 200);

/** Many, because each has a rate limit, which clients keep. */
const KEYS = Array.from({ length: 500 }, (_, i) => `phx_test${i}`);

let emulator: Emulator;
let dir: string;
let flows: any[];

beforeAll(async () => {
  emulator = await startEmulator({ keys: KEYS.map((key) => ({ key })) });
  dir = mkdtempSync(path.join(os.tmpdir(), "hogflow-hostile-"));
  mkdirSync(path.join(dir, "project"));
  const at = new Date(Date.now() - 5 * MINUTES).toISOString();
  for (let seed = FIRST; seed < FIRST + FLOWS; seed += 1) {
    const { id } = stored(seed);
    emulator.record(id, hostileRecords(seed, at));
    // A second version.
    emulator.ui.storeRaw(id, (flow) => (flow.description = hostileFlow(seed + FLOWS)["description"] ?? ""));
  }
  flows = emulator.flows();
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await emulator?.stop();
});

/** As hostile as PostHog takes it. */
function stored(seed: number): any {
  for (const share of [0.6, 0.3, 0.15, 0.07]) {
    try {
      return emulator.seed(hostileFlow(seed, share));
    } catch (error) {
      if (!(error as Error).message.includes("cannot be stored")) throw error;
    }
  }
  return emulator.seed(hostileFlow(seed, 0));
}

let uses = 0;
const env = (): Record<string, string> => ({
  POSTHOG_HOST: emulator.url,
  POSTHOG_PROJECT_ID: "1",
  POSTHOG_API_KEY: KEYS[(uses += 1) % KEYS.length]!,
  FORCE_COLOR: "1",
});

/** What a command prints on a terminal, in colours. */
async function printed(args: string[], input = ""): Promise<string> {
  let text = "";
  const stream = { isTTY: false, columns: 100, write: (part: string) => ((text += part), true) };
  const stdin = Object.assign(
    (async function* () {
      yield Buffer.from(input);
    })(),
    { isTTY: false },
  ) as never;
  await runProgram(args, {
    streams: { stdin, stdout: stream, stderr: stream, env: env() },
    commands: COMMANDS,
    groups: GROUPS,
    signal: new AbortController().signal,
  });
  expect(text, args.join(" ")).not.toContain("went wrong inside");
  return text;
}

/** What a terminal, a CI runner or a reader takes for more than text. Our own colours are plain codes of one number. */
const WORKS =
  /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\u115f\ufeff\u00ad\ud800-\udfff\u{e0000}-\u{e007f}]|\u001b(?!\[\d{1,2}m)|^[^\S\n]*::|##\w*\[/mu;
const OUR_COLOURS = new Set([1, 2, 22, 31, 32, 33, 36, 39]);

function expectHarmless(text: string, what = ""): void {
  const at = WORKS.exec(text)?.index;
  expect(at === undefined ? "" : JSON.stringify(text.slice(Math.max(0, at - 60), at + 40)), what).toBe("");
  for (const [, code] of text.matchAll(/\u001b\[(\d+)m/g)) expect(OUR_COLOURS, what).toContain(Number(code));
}

/** No text of a flow begins a line of ours. */
function expectOwnLines(text: string, what = ""): void {
  expectHarmless(text, what);
  expect(
    text.split("\n").filter((line) => line.replace(/\u001b\[\d+m/g, "").startsWith(FORGED)),
    what,
  ).toEqual([]);
}

/** Nothing that stood in a text is a name in this code. */
function expectNoEscape(code: string, what: string): void {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isIdentifier(node) &&
      (node.text === ESCAPED || node.text === FORGED) &&
      !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)
    )
      found.push(node.parent?.getText() ?? node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.ES2022, true));
  expect(found, what).toEqual([]);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();

describe("pull", () => {
  let pulled: PulledFlow[];

  it(
    "writes what it says into its folder, and says the commands that a shell takes",
    async () => {
      const project = path.join(dir, "project");
      const text = await printed(["pull", "--all", "--archived", "--cwd", project, "--yes"]);
      expectOwnLines(text);
      const client = createClient({ host: emulator.url, apiKey: KEYS[0]!, projectId: "1" });
      pulled = await pullFlows(client, { archived: true });
      expect(pulled).toHaveLength(FLOWS);
      expect(filesIn(dir)).toEqual(
        // Files that several flows share are one file, and an index imports the programs.
        [...new Set(["flows/index.ts", ...pulled.flatMap(({ files }) => files.map((file) => file.path))])]
          .map((file) => path.join(project, file))
          .sort(),
      );
      for (const { files } of pulled)
        for (const file of files)
          expect(file.path).toMatch(/^flows\/(?:mails\/[a-z0-9-]+\/)?[a-z0-9_-]+(?:\.ts|\.html|\.design\.json)$/);
      for (const { files } of pulled)
        for (const { path: file } of files)
          for (const part of file.split("/")) expect(part).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
      const commands = [...text.matchAll(/^ {2}pulumi config set --secret (.*)$/gm)].map(([, key]) => key!);
      for (const key of commands) expect(key).toMatch(/^[A-Za-z0-9]+$/);
    },
    PATIENCE,
  );

  it(
    "writes programs that mean the live flow, and run nothing",
    () => {
      const live = new Map(flows.map((flow) => [flow.id, flow]));
      for (const flow of pulled) {
        expectHarmless(flow.files[0]!.text, flow.files[0]!.text);
        expectNoEscape(flow.files[0]!.text, flow.files[0]!.text);
        try {
          expectFaithful(live.get(flow.id), flow);
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${flow.form} ${flow.why}\n${flow.files[0]!.text}`);
        }
        expect(globalThis).not.toHaveProperty(ESCAPED);
      }
    },
    PATIENCE,
  );

  it(
    "writes programs that compile, all of them in one go",
    () => {
      expect(
        errorsIn(
          new Map(
            pulled.flatMap(({ files: [program, ...others] }, i) => [
              [path.join(ROOT, "test/operate", `hostile-${i}.ts`), program!.text] as const,
              // What several programs share.
              ...others
                .filter((file) => file.path.endsWith(".ts"))
                .map((file) => [path.join(ROOT, "test/operate", path.basename(file.path)), file.text] as const),
            ]),
          ),
        ),
      ).toEqual([]);
    },
    PATIENCE,
  );
});

describe("types of templates", () => {
  it(
    "compile, and run nothing",
    () => {
      const text = templateTypes(Array.from({ length: FLOWS }, (_, i) => hostileTemplate(FIRST + i)));
      expectHarmless(text);
      expectNoEscape(text, text);
      expect(errorsIn(new Map([[path.join(ROOT, "test/operate", "hostile-templates.ts"), text]]))).toEqual([]);
    },
    PATIENCE,
  );
});

const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";
const urn = (i: number): string => `urn:pulumi:dev::shop::${TYPE}::${flows[i]!.name}-${i}`;

/** Deployed was another flow under the same id, so everything has changed. */
function stateOf(): string {
  const resources = flows.map((flow, i) => {
    const inputs = {
      ...decode(flows[(i + 1) % flows.length]),
      status: flow.status,
      host: emulator.url,
      projectId: "1",
    };
    return {
      type: TYPE,
      urn: urn(i),
      id: flow.id,
      custom: true,
      inputs,
      outputs: { ...inputs, version: 1, updatedAt: flow.updated_at, liveStatus: flow.status },
      ...(i % 2 === 0 ? { propertyDependencies: { sources: [] } } : {}),
    };
  });
  return JSON.stringify({ version: 3, deployment: { resources } });
}

describe("drift", () => {
  it(
    "is told in lines of our own",
    async () => {
      const file = path.join(dir, "state.json");
      writeFileSync(file, stateOf());
      expectOwnLines(await printed(["drift", "--state", file]));
      expectHarmless(await printed(["drift", "--state", file, "--json"]));
      rmSync(file);
    },
    PATIENCE,
  );

  it(
    "is accepted by code that runs nothing",
    async () => {
      const drifts = await findDrift(parseStackExport(stateOf()), {
        settings: { config: {}, env: env() },
        clock: systemClock,
        warn: () => {},
        note: () => {},
      });
      for (const found of drifts) {
        const code = acceptCode(found);
        expectHarmless(code);
        // What is not code is a line diff.
        expectNoEscape(code.replace(/^--- as deployed[\s\S]*/m, ""), code);
      }
    },
    PATIENCE,
  );
});

describe("a review", () => {
  const markdown = new MarkdownIt({ html: true, linkify: true });
  const base = (i: number): any => ({ ...decode(flows[i % flows.length]), status: "active" });
  const step = (op: string, i: number, before: any, after: any): any => ({
    op,
    urn: urn(i),
    ...(before
      ? {
          oldState: {
            type: TYPE,
            custom: true,
            id: flows[i]!.id,
            inputs: before,
            outputs: { ...before, url: `https://us.posthog.com/x) ${flows[i]!.name}` },
          },
        }
      : {}),
    ...(after ? { newState: { type: TYPE, custom: true, inputs: after } } : {}),
  });

  it(
    "is the comment that it is, whatever texts say",
    async () => {
      for (let i = 0; i < flows.length; i += 4) {
        const steps = [
          step("update", i, base(i), base(i + 1)),
          ...(i + 1 < flows.length ? [step("create", i + 1, undefined, base(i + 1))] : []),
          ...(i + 2 < flows.length ? [step("delete", i + 2, base(i + 2), undefined)] : []),
        ];
        const schedule = {
          op: "create",
          urn: `urn:pulumi:dev::shop::${TYPE}Schedule::${flows[i]!.name}`,
          newState: {
            type: `${TYPE}Schedule`,
            custom: true,
            inputs: {
              flowId: flows[i]!.id,
              rrule: flows[i]!.name,
              startsAt: flows[i]!.name,
              variables: { [flows[i]!.name]: flows[i]!.name },
            },
          },
        };
        const diagnostics = [
          { severity: "error", message: flows[i]!.name },
          { severity: "warning", message: flows[i]!.name },
          { severity: "warning", message: `warning: ${flows[i]!.name}` },
        ];
        const text = await printed(
          ["review", "-", "--offline", "--whole"],
          JSON.stringify({
            steps: [...steps, schedule],
            diagnostics: diagnostics.filter(({ message }) => message.trim() !== ""),
          }),
        );
        expectHarmless(text, text);
        expectOwnStructure(markdown.parse(text, {}), text);
      }
    },
    PATIENCE,
  );
});

const BLOCKS: ReadonlySet<string> = new Set([
  "heading_open",
  "heading_close",
  "paragraph_open",
  "paragraph_close",
  "bullet_list_open",
  "bullet_list_close",
  "list_item_open",
  "list_item_close",
  "fence",
  "html_block",
  "inline",
]);
const INLINES: ReadonlySet<string> = new Set([
  "text",
  "text_special",
  "code_inline",
  "strong_open",
  "strong_close",
  "html_inline",
  "softbreak",
]);
const OUR_HTML =
  /^(?:<\/?details>|<\/?summary>|<!-- -->|<!-- hogflow review shop\/dev -->|<summary>[\w ()]+<\/summary>|\s)*$/;

/** Of texts of others there is nothing but text and code. */
function expectOwnStructure(tokens: readonly Token[], text: string): void {
  const headings: string[] = [];
  for (const [i, token] of tokens.entries()) {
    expect(BLOCKS, text).toContain(token.type);
    if (token.type === "heading_open") headings.push(tokens[i + 1]!.content);
    if (token.type === "html_block")
      expect(token.content.replace(/<summary>[\w ()]+<\/summary>/g, "")).toMatch(OUR_HTML);
    if (token.type === "fence") expect(["text", "diff", "mermaid"], text).toContain(token.info);
    if (token.type === "fence" && token.info === "mermaid")
      for (const line of token.content.trimEnd().split("\n")) expect(line).toMatch(MERMAID);
    for (const child of token.children ?? []) {
      expect(INLINES, `${child.type} ${child.content}\n${token.content}`).toContain(child.type);
      if (child.type === "html_inline") expect(child.content).toMatch(OUR_HTML);
      // GitHub looks at each piece of text alone.
      if (child.type === "text") expect(child.content).not.toMatch(/@\w|#\d|\bGH-\d|:\w+:|https?:\/\/\w|www\.\w/);
    }
  }
  expect(headings.filter((heading) => heading.startsWith(FORGED))).toEqual([]);
  expect(tokens.filter(({ type, level }) => type === "heading_open" && level > 0)).toEqual([]);
}

const LABEL = String.raw`"[^"]*"`;
/** Every line of a drawing: what stands in quotes is text. */
const MERMAID = new RegExp(
  `^(?:flowchart TD| {2}[sm]\\d+(?:\\(\\[|\\[\\[|\\[|\\{\\{|\\{)${LABEL}(?:\\]\\)|\\]\\]|\\]|\\}\\}|\\})| {2}[sm]\\d+ (?:-->|-\\.->|==>)(?:\\|${LABEL}\\|)? [sm]\\d+| {2}(?:classDef|class|linkStyle) [\\w,:# -]+)$`,
);

describe("other commands", () => {
  const perFlow: Readonly<Record<string, (id: string) => string[]>> = {
    graph: (id) => ["graph", id],
    history: (id) => ["history", id],
    "history --diff": (id) => ["history", id, "--diff", "1..1"],
    logs: (id) => ["logs", id],
    runs: (id) => ["runs", id],
    metrics: (id) => ["metrics", id],
    "metrics totals": (id) => ["metrics", "totals", id],
  };

  it.each(Object.keys(perFlow))(
    "%s prints lines of its own",
    async (name) => {
      for (const { id } of flows.slice(0, ALONE)) {
        const text = await printed(perFlow[name]!(id));
        expectOwnLines(text, text);
        expectHarmless(await printed([...perFlow[name]!(id), "--json"]));
      }
    },
    PATIENCE,
  );

  it(
    "history --code prints code that runs nothing",
    async () => {
      for (const { id } of flows.slice(0, ALONE)) {
        const text = await printed(["history", id, "--code", "1"]);
        expectHarmless(text, text);
        expectNoEscape(text, text);
      }
    },
    PATIENCE,
  );

  it("graph draws one line for each step and each edge, in Markdown, too", async () => {
    const text = await printed(["graph", "--markdown", ...flows.slice(0, ALONE).map(({ id }) => id)]);
    expectHarmless(text);
    expectOwnStructure(new MarkdownIt({ html: true, linkify: true }).parse(text, {}), text);
  });

  it(
    "validate and simulate print lines of their own",
    async () => {
      for (const flow of flows.slice(0, ALONE))
        for (const args of [
          ["validate", "flow.json"],
          ["simulate", "-"],
          ["simulate", "-", "--many", "3"],
        ]) {
          const file = path.join(dir, "flow.json");
          writeFileSync(file, JSON.stringify(flow));
          const text = await printed(
            args.map((arg) => (arg === "flow.json" ? file : arg)),
            JSON.stringify(flow),
          );
          expectOwnLines(text, text);
        }
      rmSync(path.join(dir, "flow.json"), { force: true });
    },
    PATIENCE,
  );

  it("names that are searched for are shown in one line", async () => {
    const twice = flows.slice(0, 3);
    for (const { name } of twice) emulator.ui.create("1", { ...hostileFlow(FIRST, 0), name });
    for (const { name } of twice) expectOwnLines(await printed(["logs", name]));
    for (const { name } of twice) expectOwnLines(await printed(["bulk-delete", "--all"]), name);
  });
});

// `hogflow validate` on whole programs: all findings of all flows in one run, whatever else is wrong with the program, without an engine, a key or a network.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { COMMAND, hogflow, type Ran } from "../support/command";
import { programFolders, type ProgramFolder, type ProgramFolders } from "../support/program-folders";

/** A token that only an encrypted value of the configuration has. */
const CIPHER = "v1:cipherOf4711:xyz";

// Each program is compiled and run in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let folders: ProgramFolders;
let root: string;
beforeAll(async () => {
  folders = await programFolders();
  root = folders.root;
}, 180_000);
afterAll(() => folders.remove());

const project = (folder: ProgramFolder): Promise<string> => folders.add(folder);

const validate = (dir: string, ...args: string[]): Promise<Ran> =>
  hogflow(["validate", "--stack", "dev", ...args], { cwd: dir, env: { HOME: root, NO_COLOR: "1" } });
/** Its findings, one short line each: `file:line flow rule`. */
async function found(dir: string, ...args: string[]): Promise<{ code: number; findings: string[]; all: any[] }> {
  const { code, stdout, stderr } = await validate(dir, "--json", ...args);
  if (stdout === "") throw new Error(`no findings were printed, but: ${stderr}`);
  const all: any[] = JSON.parse(stdout);
  return {
    code,
    all,
    findings: all.map(({ file, line, flow, rule }) =>
      [[file, line].filter((part) => part !== undefined).join(":"), flow, rule].filter(Boolean).join(" "),
    ),
  };
}

const IMPORTS = `const pulumi = require("@pulumi/pulumi");
const { delay, email, goTo, HogFlow, HogFlowSchedule, on, webhook } = require("pulumi-hogflow");
`;
/** A flow with the one warning wait-clamped. */
const slow = (name: string): string =>
  `new HogFlow("${name}", { trigger: on.event("${name}"), steps: [delay("d", "90m")] });\n`;

describe("six broken flows of different kinds", () => {
  const SIX = `import * as pulumi from "@pulumi/pulumi";
import { branch, delay, email, goTo, HogFlow, HogFlowSchedule, on, type HogFlowArgs } from "pulumi-hogflow";
const from = { integrationId: 7 };
new HogFlow("liquid", { trigger: on.event("a"), steps: [email("m", { from, subject: "{{ oops", text: "x {{ unsubscribe_url }}" })] });
new HogFlow("duration", { trigger: on.event("b"), steps: [delay("d", "2 days" as any), delay("e", "90m" as any)] });
new HogFlow("ids", { trigger: on.event("c"), steps: [delay("d", "1d"), delay("d", "2d")] } as any);
new HogFlow("jump", { trigger: on.event("d"), steps: [delay("d", "1d"), goTo("nowhere" as any)] } as any);
new HogFlow("wiring", { actions: { trigger_node: { type: "trigger", name: "Start", config: { type: "manual" }, next: "gone" } } } as any);
new HogFlow("argument", { trigger: on.event("e"), steps: [delay("d", "1d")], sttatus: "active" } as any);
const digest = new HogFlow("digest", { trigger: on.schedule(), steps: [delay("d", "1d")] });
new HogFlowSchedule("mondays", { flow: digest, rrule: "FREQ=WEEKLY", startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berln" });
`;
  let dir: string;
  beforeAll(async () => {
    dir = await project({
      files: {
        "index.ts": 'import "./flows/six";\n',
        "flows/six.ts": SIX,
        "tsconfig.json": JSON.stringify({
          compilerOptions: { module: "node16", target: "ES2022", strict: true, rootDir: "." },
        }),
      },
      packageJson: { main: "index.ts" },
    });
  });

  it("come in one run in the terminal, each with file, line, what, why and how to fix it", async () => {
    const { code, stdout, stderr } = await validate(dir);
    expect(code, stderr).toBe(2);
    expect(stdout).toContain(`flows/six.ts:4: error: Liquid: output "{{ oops" not closed (step "M"). [liquid-syntax]
    liquid: actions.m.config.inputs.email.value.subject
    PostHog accepts it, and the step fails when the text is rendered.
    Close it with }}.
`);
    expect(
      stdout.match(/^\S+:\d+(?::\d+)?: \w+: .*$/gm)!.map((line) => line.replace(/^(\S+?:\d+).* \[(.*)\]$/, "$1 $2")),
    ).toEqual([
      "flows/six.ts:4 liquid-syntax",
      "flows/six.ts:5 duration",
      "flows/six.ts:5 wait-clamped",
      "flows/six.ts:6 duplicate-step-id",
      "flows/six.ts:7 dead-jump",
      "flows/six.ts:8 cannot-run",
      "flows/six.ts:8 missing-step",
      "flows/six.ts:9 unknown-argument",
      "flows/six.ts:11 schedule-zone",
    ]);
    expect(stdout).toMatch(/\n8 errors, 1 warning in 7 flows and 1 schedule of stack dev\.\n$/);
  });

  it("are annotations of GitHub, with paths from the root of the repository", async () => {
    const { code, stdout } = await validate(dir, "--format", "github");
    expect(code).toBe(2);
    const name = path.basename(dir);
    expect(stdout.match(/^::(error|warning) file=[^,]*,line=\d+/gm)).toEqual(
      [4, 5, 5, 6, 7, 8, 8, 9, 11].map(
        (line, i) => `::${i === 2 ? "warning" : "error"} file=${name}/flows/six.ts,line=${line}`,
      ),
    );
    expect(stdout).toMatch(
      /^::error file=\w+\/flows\/six\.ts,line=8,col=1,title=wiring%3A missing-step::there is no step "gone" .*%0Aactions\.trigger_node\.next$/m,
    );
  });

  it("are results of a SARIF log, whose rules they point to", async () => {
    const { code, stdout } = await validate(dir, "--format", "sarif");
    expect(code).toBe(2);
    const log = JSON.parse(stdout);
    expect(log).toMatchObject({ $schema: expect.stringMatching(/sarif-2\.1\.0\.json$/), version: "2.1.0" });
    const [{ tool, results }] = log.runs;
    expect(tool.driver).toMatchObject({ name: "hogflow", semanticVersion: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(results).toHaveLength(9);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex]).toMatchObject({
        id: ruleId,
        shortDescription: { text: expect.any(String) },
      });
      expect(["error", "warning"]).toContain(level);
      expect(message.text).not.toBe("");
      expect(locations).toEqual([
        {
          physicalLocation: {
            artifactLocation: { uri: `${path.basename(dir)}/flows/six.ts`, uriBaseId: "%SRCROOT%" },
            region: expect.objectContaining({ startLine: expect.any(Number) }),
          },
          logicalLocations: [{ name: expect.any(String), fullyQualifiedName: expect.any(String) }],
        },
      ]);
    }
  });

  it("with a type error, which ends a preview before its first flow, come all the same", async () => {
    const typed = await project({
      files: { "index.ts": `${SIX}const wrong: number = "text";\nvoid pulumi;\n` },
      packageJson: { main: "index.ts" },
    });
    const { code, findings, all } = await found(typed);
    expect(code).toBe(2);
    expect(findings[0]).toBe("index.ts:12 program");
    expect(all[0]).toMatchObject({
      what: expect.stringContaining("TS2322"),
      fix: expect.stringContaining("without types"),
    });
    expect(findings).toHaveLength(10);
  });

  it("are all checked, too, where a later file does not compile, and no secret of it is printed", async () => {
    const dir = await project({
      files: {
        "index.ts": 'import "./first";\nimport "./second";\nimport "./third";\n',
        "first.ts":
          'import { delay, HogFlow, on } from "pulumi-hogflow";\nnew HogFlow("first", { trigger: on.event("a"), steps: [delay("d", "1d")] });\n',
        "second.ts":
          'import { delay, HogFlow, on } from "pulumi-hogflow";\nnew HogFlow("second", { trigger: on.webhook({ event: "e", distinctId: "{request.body.id}", authHeader: "Bearer hunter2leak" }), steps: [delay("d", "1d")] });\n',
        "third.ts":
          'import { delay, HogFlow, on } from "pulumi-hogflow";\nnew HogFlow("third", { trigger: on.event("c"), steps: [delay("d", "90m")] });\n',
      },
      packageJson: { main: "index.ts" },
    });
    const { findings, all } = await found(dir);
    expect(findings).toContain("second.ts:2 program");
    expect(findings).toContain("third.ts:2 third wait-clamped");
    expect(JSON.stringify(all)).not.toContain("hunter2leak");
  });
});

describe("what only a deployment knows is unknown", () => {
  it("encrypted configuration, outputs of other stacks and resources, and results of invokes", async () => {
    const dir = await project({
      files: {
        "Pulumi.dev.yaml": `config:
  posthog:projectId: "1"
  mails:key:
    secure: ${CIPHER}
  mails:delay:
    secure: ${CIPHER}
  mails:count:
    secure: ${CIPHER}
  mails:hook:
    url: https://example.com
    token:
      secure: ${CIPHER}
`,
        "index.js": `${IMPORTS}
const config = new pulumi.Config();
const other = new pulumi.StackReference("acme/other/dev");
class Bucket extends pulumi.CustomResource { constructor(name) { super("aws:s3:Bucket", name, { arn: undefined, acl: "private" }); } }
const bucket = new Bucket("b");
const zones = pulumi.runtime.invokeOutput("aws:index:getZones", {});
const hook = config.requireObject("hook");
class Team extends pulumi.ComponentResource {
  constructor(name) {
    super("acme:Team", name);
    new HogFlow("inner", { trigger: on.event("x"), steps: [delay("d", config.require("delay")), delay("e", "90m")] }, { parent: this });
  }
}
new Team("team");
new HogFlow("outer", {
  description: pulumi.interpolate\`\${other.requireOutput("title")} \${bucket.arn} \${zones.names[0]} \${config.requireSecretNumber("count").apply((n) => n.toFixed(2))}\`,
  trigger: on.event("x"),
  steps: [webhook("call", { url: hook.url, signingSecret: config.requireSecret("key") }), delay("e", "90m")],
});
module.exports = (async () => {
  const { names } = await pulumi.runtime.invoke("aws:index:getZones", {});
  new HogFlow("plain", { description: names[0], trigger: on.event("y"), steps: [webhook("call", { url: hook.url, headers: { name: names[0].toUpperCase?.() ?? names[0] } })] });
  return { arn: bucket.arn, token: hook.token };
})();
`,
      },
    });
    const { code, findings } = await found(dir);
    expect(findings).toEqual(["index.js:13 inner wait-clamped", "index.js:20 outer wait-clamped"]);
    expect(code).toBe(0);
    expect((await found(dir, "--strict")).code).toBe(2);
  });

  it("and no secret is shown, neither of the program nor in a failure", async () => {
    const dir = await project({
      files: {
        "Pulumi.dev.yaml": `config:\n  posthog:projectId: "1"\n  mails:key:\n    secure: ${CIPHER}\n`,
        "index.js": `${IMPORTS}
new HogFlow("a", { trigger: on.event("x"), steps: [delay("d", pulumi.secret("hush-4711"))] });
throw new Error("cannot use " + new pulumi.Config().require("key") + " with token sk_live_4242424242424242abcd");
`,
      },
    });
    for (const args of [[], ["--json"], ["--format", "github"], ["--format", "sarif"]]) {
      const { code, stdout, stderr } = await validate(dir, ...args);
      expect(code).toBe(2);
      expect(stdout).toContain("cannot use [secret] with token [secret]");
      for (const secret of ["hush", "sk_live", CIPHER, "hogflow_unknown"])
        expect(stdout + stderr).not.toContain(secret);
    }
  });

  it("transforms of the program are applied, as a deployment does", async () => {
    const dir = await project({
      files: {
        "index.js": `${IMPORTS}
pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props: { ...props, acknowledge: ["wait-clamped"] }, opts }));
${slow("quiet")}`,
      },
    });
    expect(await found(dir)).toMatchObject({ code: 0, findings: [] });
  });
});

describe("a program that does not run to its end is a finding, and the flows up to there are checked", () => {
  it.each<[string, string, { what: string; line?: number }]>([
    ["throws", 'function later() { throw new Error("no template"); }\nlater();', { what: "no template", line: 4 }],
    ["rejects", 'Promise.reject(new TypeError("too late"));', { what: "TypeError: too late", line: 4 }],
    ["calls process.exit", "process.exit(0);", { what: "the program calls process.exit(0)", line: 4 }],
    ["imports what is not there", 'module.exports = import("./nowhere.js");', { what: "Cannot find module" }],
    ["requires what is not there", 'require("./nowhere");', { what: "Cannot find module './nowhere'", line: 4 }],
    [
      "reads configuration that is no number",
      'new pulumi.Config("posthog").requireNumber("host");',
      { what: "Configuration 'posthog:host' value 'x' is not a valid number", line: 4 },
    ],
  ])("%s", async (_, code, { what, line }) => {
    const dir = await project({
      files: {
        "Pulumi.dev.yaml": 'config:\n  posthog:projectId: "1"\n  posthog:host: x\n',
        "index.js": `${IMPORTS}${slow("before").replace("{ trigger", '{ host: "https://eu.posthog.com", trigger')}${code}\n`,
      },
    });
    const { code: exit, all, findings } = await found(dir);
    expect(exit).toBe(2);
    expect(all[0]).toMatchObject({
      rule: "program",
      severity: "error",
      what: expect.stringContaining(what),
      file: "index.js",
      why: expect.any(String),
      fix: expect.any(String),
    });
    expect(all[0].what).not.toMatch(/\n| at |node:internal/);
    if (line !== undefined) expect(all[0].line).toBe(line);
    expect(findings.slice(1)).toEqual(["index.js:3 before wait-clamped"]);
  });

  it("is ended by a signal of its own, or does not start", async () => {
    const ended = await found(
      await project({ files: { "index.js": `${IMPORTS}process.kill(process.pid, "SIGKILL");` } }),
    );
    expect(ended.all).toMatchObject([{ what: "the program ended before it was through, by the signal SIGKILL" }]);
    const broken = await found(await project({ files: { "index.js": "const a = ;\n" } }));
    expect(broken.all).toMatchObject([{ what: "SyntaxError: Unexpected token ';'", file: "index.js", line: 1 }]);
    const options = await project({
      files: { "index.js": "" },
      pulumi: 'runtime:\n  name: nodejs\n  options:\n    nodeargs: "--no-such-option"',
    });
    expect((await found(options)).all).toMatchObject([
      {
        what: "the program did not start: Node ended with exit code 9",
        why: expect.stringContaining("--no-such-option"),
      },
    ]);
  });

  it("Ctrl-C ends one that hangs, shows what was found so far, and says so", async () => {
    const dir = await project({
      files: {
        "index.js": `${IMPORTS}${slow("before")}setTimeout(() => require("fs").writeFileSync("hangs", ""), 1000); setInterval(() => {}, 1000);`,
      },
    });
    const child = spawn(process.execPath, [COMMAND, "validate", "--stack", "dev"], {
      cwd: dir,
      env: { PATH: process.env["PATH"], HOME: root },
    });
    const output: string[] = [];
    child.stdout.on("data", (text) => output.push(String(text)));
    child.stderr.on("data", (text) => output.push(String(text)));
    await vi.waitFor(() => expect(existsSync(path.join(dir, "hangs"))).toBe(true), { timeout: 60_000 });
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
    expect(output.join("")).toContain("[wait-clamped]");
    expect(output.join("")).toContain("Interrupted: the program had not ended");
  });
});

describe("configuration that is missing", () => {
  const PROGRAM = `${IMPORTS}const config = new pulumi.Config();
config.require("a");
new HogFlow("f", { trigger: on.event(config.require("event")), steps: [delay("d", "90m")] });
config.requireSecretObject("b");
`;
  it("is all reported at once, with the lines that require it, and the flows are checked", async () => {
    const { findings, all } = await found(await project({ files: { "index.js": PROGRAM } }));
    expect(findings).toEqual([
      "index.js:4 program",
      "index.js:5 program",
      "index.js:6 program",
      "index.js:5 f wait-clamped",
    ]);
    expect(all[0]).toMatchObject({
      what: "Missing required configuration variable 'mails:a'",
      why: "Stack dev does not set it",
      fix: expect.stringContaining("pulumi config set mails:a"),
    });
  });

  it("without a stack names the stacks there are, and which PostHog project it is about is not asked", async () => {
    const dir = await project({ files: { "index.js": PROGRAM } });
    const { code, stdout, stderr } = await hogflow(["validate"], { cwd: dir, env: { HOME: root, NO_COLOR: "1" } });
    expect(code).toBe(2);
    expect(stderr).toContain("No stack is selected");
    expect(stdout).toContain("Name a stack with --stack: dev.");
    expect(stdout).not.toContain("[place]");
    expect(stdout).toMatch(/3 errors, 1 warning in 1 flow\.\n$/);
  });

  it("may be in an environment of Pulumi Cloud, and is not reported then", async () => {
    const dir = await project({
      files: { "index.js": PROGRAM, "Pulumi.dev.yaml": 'environment:\n  - mails\nconfig:\n  posthog:projectId: "1"\n' },
    });
    expect(await found(dir)).toMatchObject({ code: 0, findings: ["index.js:5 f wait-clamped"] });
  });
});

describe("the program is the one of the project", () => {
  it("an ES module, a subfolder as main, another folder to run the command in, and arguments of Node", async () => {
    const module = `import { delay, HogFlow, on } from "pulumi-hogflow";
new HogFlow("f", { trigger: on.event("x"), steps: [delay("d", "90m" as any)], typo: 1 } as any);
`;
    const dir = await project({
      files: {
        "infra/src/index.ts": module,
        "infra/src/package.json": '{"type": "module", "main": "index.ts"}',
        "infra/Pulumi.yaml":
          'name: mails\nmain: src\nruntime:\n  name: nodejs\n  options:\n    nodeargs: "--import=tsx"\n',
        "infra/Pulumi.dev.yaml": 'config:\n  posthog:projectId: "1"\n',
      },
    });
    const { findings } = await found(dir, "--cwd", "infra");
    // The types are gone when Pulumi looks for them.
    const errors = ["program", "program"];
    const flow = ["infra/src/index.ts:2 f wait-clamped", "infra/src/index.ts:2 f unknown-argument"];
    expect(findings).toEqual([...errors, ...flow]);
    const options = 'nodeargs: "--import=tsx"\n    typescript: false';
    await writeFile(
      path.join(dir, "infra/Pulumi.yaml"),
      `name: mails\nmain: src\nruntime:\n  name: nodejs\n  options:\n    ${options}\n`,
    );
    expect((await found(dir, "--cwd", "infra")).findings).toEqual(flow);
  });

  it("two resources of one name, and two flows that do the same, are found", async () => {
    const same = (name: string) =>
      `new HogFlow("${name}", { status: "active", trigger: on.event("x"), steps: [delay("d", "1d")] });\n`;
    const { findings, all } = await found(
      await project({ files: { "index.js": `${IMPORTS}${same("a")}${same("a")}${same("b")}` } }),
    );
    expect(findings).toEqual(["index.js:4 a program", "index.js:5 b twin"]);
    expect(all[0].what).toBe('two resources of the program have the name "a"');
  });

  it("on the plugin: where a resource lives is the plugin's to find out, from its own settings and from the program's", async () => {
    const files = {
      "index.js": `${IMPORTS}${slow("a")}new HogFlow("unmarked", { marker: false, projectId: 7, trigger: on.event("y"), steps: [delay("d", "90m")] });
const batch = new HogFlow("b", { trigger: on.schedule(), steps: [delay("d", "1d")] });
new HogFlowSchedule("weekly", { flow: batch, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2040-01-02T09:00:00" });`,
    };
    const slowOnes = ["index.js:3 a wait-clamped", "index.js:4 unmarked wait-clamped"];
    for (const key of ["posthog:projectId", "hogflow:projectId"]) {
      const config = `config:\n  posthog:provider: plugin\n  ${key}: "1"\n`;
      const { findings } = await found(await project({ files: { ...files, "Pulumi.dev.yaml": config } }));
      expect(findings.sort()).toEqual(slowOnes);
    }
    const nowhere = await project({ files: { ...files, "Pulumi.dev.yaml": "config:\n  posthog:provider: plugin\n" } });
    const { findings, all } = await found(nowhere);
    expect(findings).toEqual(expect.arrayContaining(["index.js:3 a place", ...slowOnes]));
    expect(all.find(({ rule }) => rule === "place").fix).toContain("pulumi config set hogflow:projectId <number>");
    const dynamic = await found(await project({ files: { ...files, "Pulumi.dev.yaml": "config: {}\n" } }));
    expect(dynamic.all.find(({ rule }) => rule === "place").fix).toContain("pulumi config set posthog:projectId");
  });

  it("of a stack that has no settings, where others have: says that another one may be meant", async () => {
    const files = {
      "index.js": `${IMPORTS}${slow("a")}new pulumi.Config().require("x");\n`,
    };
    const at = async (stack: string, dir: string): Promise<any[]> =>
      JSON.parse((await hogflow(["validate", "--stack", stack, "--json"], { cwd: dir, env: { HOME: root } })).stdout);
    const why = "There is no Pulumi.prod.yaml, and there is one for dev";
    const dir = await project({ files });
    const prod = await at("prod", dir);
    expect(prod.map((finding) => [finding.rule, finding.why])).toEqual(
      expect.arrayContaining([
        ["program", why],
        ["place", why],
      ]),
    );
    for (const { rule, fix } of prod)
      if (rule === "place" || rule === "program") expect(fix).toMatch(/^Name another stack with --stack\. (Or s|S)et/);
    expect(JSON.stringify(await at("dev", dir))).not.toContain("another stack");
  });

  it("of another language, without packages, or none: says what to do", async () => {
    const python = await validate(await project({ files: {}, pulumi: "runtime: python" }));
    expect([python.code, python.stderr]).toEqual([1, expect.stringContaining("its runtime is python")]);
    const none = await hogflow(["validate"], { cwd: root });
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining("There is no Pulumi project")]);
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), "hogflow-bare-"));
    await cp(await project({ files: {} }), elsewhere, { recursive: true });
    const bare = await validate(elsewhere);
    expect([bare.code, bare.stderr]).toEqual([1, expect.stringContaining("are not installed")]);
    await rm(elsewhere, { recursive: true });
  });

  it("what depends on the state is left to preview: a kept secret is no finding, and a schedule without dates a warning", async () => {
    const dir = await project({
      files: {
        "index.js": `${IMPORTS}const { stored } = require("pulumi-hogflow");
new HogFlow("f", { trigger: on.event("x"), steps: [webhook("call", { url: "https://example.com", signingSecret: stored() })] });
const batch = new HogFlow("b", { trigger: on.schedule(), steps: [delay("d", "1d")] });
new HogFlowSchedule("once", { flow: batch, rrule: "FREQ=DAILY;COUNT=1", startsAt: "2024-01-01T09:00:00" });
`,
      },
    });
    expect(await found(dir)).toMatchObject({ code: 0, findings: ["index.js:6 once schedule-future"] });
  });
});

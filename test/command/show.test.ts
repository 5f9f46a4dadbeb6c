// `hogflow show` as a user runs it: the page of a program, of a commit beside it, of a preview and of files, what goes wrong, and the page that is served while files change.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { LiveState, ShowData } from "../../show/data";
import { dataIn } from "../../show/app/unpack";
import { COMMAND, hogflow, type Ran } from "../support/command";
import { programFolders, type ProgramFolders } from "../support/program-folders";
import { EMAIL_FLOW } from "./support";

// Each program runs in a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let folders: ProgramFolders;
beforeAll(async () => {
  folders = await programFolders();
});
afterAll(() => folders.remove());

const env = (): Record<string, string> => ({ HOME: folders.root, TMPDIR: os.tmpdir(), NO_COLOR: "1" });
const show = (dir: string, ...args: string[]): Promise<Ran> =>
  hogflow(["show", "--stack", "dev", ...args], { cwd: dir, env: env() });
const shown = async (dir: string, ...args: string[]): Promise<ShowData> => {
  const { code, stdout, stderr } = await show(dir, "--json", ...args);
  if (code !== 0) throw new Error(`code ${code}: ${stderr}`);
  return JSON.parse(stdout);
};
/** The data in the page of a file. */
const pageIn = (file: string): Promise<ShowData> => dataIn(/id="data">([^<]*)</.exec(readFileSync(file, "utf8"))![1]!);

const FLOWS = `const { delay, email, file, HogFlow, HogFlowSchedule, on } = require("pulumi-hogflow");
const from = { integrationId: 7 };
const welcome = (name, more) => new HogFlow(name, { trigger: on.event("user signed up"), status: "active", steps: [
  email("hello", { from, subject: "Hello", html: file("mails/hello.html") }), ...more ] });
`;
const PROGRAM = `${FLOWS}
welcome("welcome", [delay("pause", "90m")]);
const digest = new HogFlow("digest", { name: "Weekly digest", trigger: on.schedule(), status: "active", steps: [delay("d", "1d")] });
new HogFlowSchedule("mondays", { flow: digest, rrule: "FREQ=WEEKLY;BYDAY=MO", startsAt: "2026-12-07T09:00:00", timezone: "Europe/Berlin" });
`;
const project = (files: Record<string, string> = {}): Promise<string> =>
  folders.add({
    files: {
      "index.js": PROGRAM,
      "mails/hello.html": "<p>Hi {{ person.properties.first_name }}</p><p>{{ unsubscribe_url }}</p>",
      ...files,
    },
  });
const ADA = JSON.stringify({
  person: { properties: { email: "ada@example.com", first_name: "Ada" } },
  trigger: "user signed up",
});
const write = (dir: string, file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  writeFileSync(path.join(dir, file), text);
};
const titles = ({ flows }: ShowData): string[] => flows.map(({ name, fate }) => `${name} ${fate}`);
const html = ({ contents }: ShowData): string => contents.map((content) => content.html).join();

describe("the page of a program", () => {
  it("is one file with flows, schedules, findings and their lines, and what the project's people get", async () => {
    const dir = await project({ "people/ada.json": ADA });
    const { code, stdout, stderr } = await show(dir);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^Wrote hogflow\.html \(0\.\d MB\): 2 flows, 1 message, 2 people\.\nOpen it in a browser\. It needs nothing else, so you can attach it anywhere\.\n$/,
    );
    const page = readFileSync(path.join(dir, "hogflow.html"), "utf8");
    // A page in a file asks nobody.
    expect(page.includes("connect-src")).toBe(false);
    expect(page.includes('<meta name="hogflow-version"')).toBe(false);
    const data = await pageIn(path.join(dir, "hogflow.html"));
    expect(data).toMatchObject({ title: "mails/dev", target: { projectId: "1" }, hasDrift: false });
    expect(data).not.toHaveProperty("change");
    expect(titles(data)).toEqual(["welcome same", "digest same"]);
    const [welcome, digest] = data.flows;
    expect(welcome!.location).toMatchObject({ file: "index.js", line: 3 });
    expect(welcome!.after!.findings).toMatchObject([
      { rule: "wait-clamped", severity: "warning", step: "pause", location: { file: "index.js", line: 6 } },
    ]);
    expect(digest!.after!.schedules).toMatchObject([{ name: "mondays", timezone: "Europe/Berlin" }]);
    expect(data.people.map(({ name, origin }) => `${name} ${origin}`)).toContain("ada kept");
    expect(html(data)).toContain("<p>Hi Ada</p>");
  });

  it("is data with --json, of the flows that were named, with people of another folder and other limits", async () => {
    const dir = await project({ "people/ada.json": ADA, "others/grace.json": ADA.replaceAll("Ada", "Grace") });
    const data = await shown(dir, "Weekly digest", "--people", "others", "--per-week", "1");
    expect(titles(data)).toEqual(["digest same"]);
    expect(data.flows[0]!.after!.schedules).toHaveLength(1);
    expect(data.people.map(({ name }) => name)).not.toContain("ada");
    expect(existsSync(path.join(dir, "hogflow.html"))).toBe(false);
  });

  it("shows what a program with errors makes, and says so", async () => {
    const dir = await project({ "index.js": `${PROGRAM}throw new Error("out of mails");\n` });
    const { code, stderr } = await show(dir, "--out", "page.html");
    expect(code).toBe(2);
    expect(stderr).toMatch(/^index\.js:\d+:\d+: error: out of mails\. \[program\]$/m);
    const data = await pageIn(path.join(dir, "page.html"));
    expect(data.flows).toHaveLength(2);
    expect(data.notes.join(" ")).toContain("out of mails");
  });

  it("holds no credential", async () => {
    const key = "phx_" + "s3cr3t".repeat(6);
    const dir = await project({
      "index.js": `${FLOWS}
const { webhook } = require("pulumi-hogflow");
new HogFlow("calls", { trigger: on.event("a"), description: "Key ${key}", steps: [
  webhook("call", { url: "https://example.com/?api_key=${key}" }),
  email("mail", { from, subject: "{{ person.properties.key }}", text: "{{ unsubscribe_url }}" }) ] });
`,
      "people/ada.json": JSON.stringify({ person: { properties: { email: "ada@example.com", key } }, trigger: "a" }),
    });
    expect((await show(dir)).code).toBe(0);
    expect(JSON.stringify(await pageIn(path.join(dir, "hogflow.html")))).not.toContain(key);
  });
});

describe("the page of files", () => {
  it("needs no project, and takes lists, the keyed form and standard input", async () => {
    const dir = path.join(folders.root, "files");
    write(dir, "two.json", JSON.stringify([EMAIL_FLOW, { ...EMAIL_FLOW, name: "Second" }]));
    write(
      dir,
      "keyed.json",
      JSON.stringify({
        name: "Keyed",
        actions: {
          trigger_node: { type: "trigger", name: "T", config: { type: "manual" }, next: "exit_node" },
          exit_node: { type: "exit", name: "E" },
        },
      }),
    );
    const two = await hogflow(["show", "two.json", "keyed.json", "--json"], { cwd: dir, env: env() });
    expect(two.code, two.stderr).toBe(0);
    const data: ShowData = JSON.parse(two.stdout);
    expect(data.title).toBe("two.json, keyed.json");
    expect(data.flows.map(({ title }) => title)).toEqual([EMAIL_FLOW["name"], "Second", "Keyed"]);
    expect(data.flows.every(({ fate }) => fate === "same")).toBe(true);
    const piped = await hogflow(["show", "-"], {
      cwd: dir,
      env: env(),
      input: JSON.stringify({ ...EMAIL_FLOW, name: "Piped" }),
    });
    expect(piped.code, piped.stderr).toBe(0);
    expect((await pageIn(path.join(dir, "hogflow.html"))).flows[0]!.title).toBe("Piped");
  });
});

const gitEnv = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
};
const git = (cwd: string, ...args: string[]): string =>
  execFileSync("git", args, { cwd, env: gitEnv, stdio: "pipe" }).toString().trim();
const commitAll = (cwd: string): void => {
  git(cwd, "init", "--quiet", "--initial-branch", "main");
  git(cwd, "add", "--all");
  git(cwd, "commit", "--quiet", "--message", "First");
};
const temporary = (): string[] => readdirSync(os.tmpdir()).filter((name) => name.startsWith("hogflow-base-"));

describe("the page of a change since a commit", () => {
  it("has what is added, removed, changed and stays, and leaves nothing behind", async () => {
    const dir = await project({ "people/ada.json": ADA });
    commitAll(dir);
    write(dir, "mails/hello.html", "<p>Good day {{ person.properties.first_name }}</p><p>{{ unsubscribe_url }}</p>");
    write(
      dir,
      "index.js",
      `// One line more.\n${PROGRAM.replace(/const digest[^]*/, "")}new HogFlow("new", { trigger: on.event("b"), steps: [delay("d", "1d")] });\n`,
    );
    const before = temporary();
    const data = await shown(dir, "--base", "main");
    expect(temporary()).toEqual(before);
    expect(git(dir, "status", "--porcelain")).toBe("M index.js\n M mails/hello.html");
    expect(data.change).toEqual({ before: "main", after: "your program" });
    expect(titles(data).sort()).toEqual(["digest removed", "new added", "welcome changed"]);
    const mails = data.deliveries.map(({ side, content }) => `${side}: ${data.contents[content]!.html}`);
    expect(mails.some((mail) => mail.startsWith("before: ") && mail.includes("Hi Ada"))).toBe(true);
    expect(mails.some((mail) => mail.startsWith("after: ") && mail.includes("Good day Ada"))).toBe(true);
    expect(data.notes.join(" ")).not.toContain("main");
  });

  it("says that the base has no such program, or one that does not run, and counts everything as added", async () => {
    const dir = await project();
    write(dir, "other/Pulumi.yaml", "name: mails\nruntime: nodejs\n");
    write(dir, "other/package.json", '{"main": "index.js"}');
    write(dir, "other/index.js", 'throw new Error("not yet");\n');
    git(dir, "init", "--quiet", "--initial-branch", "main");
    git(dir, "add", "other");
    git(dir, "commit", "--quiet", "--message", "First");
    const none = await show(dir, "--base", "main", "--json");
    expect(none.code, none.stderr).toBe(0);
    expect(none.stderr).toMatch(
      /^main \(\w{7}\) has no Pulumi project in this folder, so every flow counts as added\.$/m,
    );
    const data: ShowData = JSON.parse(none.stdout);
    expect(titles(data)).toEqual(["welcome added", "digest added"]);
    expect(data.notes.join(" ")).toContain("has no Pulumi project in this folder");

    write(dir, "other/index.js", PROGRAM.replaceAll("mails/hello.html", "../mails/hello.html"));
    const broken = await show(path.join(dir, "other"), "--base", "main", "--json");
    expect(broken.code, broken.stderr).toBe(0);
    expect(broken.stderr).toMatch(/The program of main \(\w{7}\) could not be run, .*: not yet/);
    expect(titles(JSON.parse(broken.stdout))).toEqual(["welcome added", "digest added"]);
  });

  it("takes its checkout along when it is ended", async () => {
    const dir = await project({ "index.js": "setInterval(() => {}, 1000);\n" });
    commitAll(dir);
    const child = spawn(process.execPath, [COMMAND, "show", "--stack", "dev", "--base", "main"], {
      cwd: dir,
      env: { ...env(), PATH: process.env["PATH"] },
    });
    const mine = (): string[] => temporary().filter((name) => name.startsWith(`hogflow-base-${child.pid}-`));
    await vi.waitUntil(
      () => mine().some((name) => existsSync(path.join(os.tmpdir(), name, "tree", "Pulumi.dev.yaml"))),
      {
        timeout: 60_000,
      },
    );
    child.kill("SIGTERM");
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(130);
    expect(mine()).toEqual([]);
  });
});

describe("the page of a preview", () => {
  const URN = "urn:pulumi:dev::mails::pulumi-nodejs:dynamic/posthog:HogFlow::welcome";
  const definition = (subject: string): object => ({
    name: "Welcome",
    status: "active",
    actions: {
      trigger_node: {
        type: "trigger",
        name: "Start",
        config: { type: "event", filters: { events: [{ id: "user signed up", type: "events" }] } },
        next: "hello",
      },
      hello: {
        type: "function_email",
        name: "Hello",
        config: {
          templateId: "template-email",
          inputs: {
            email: {
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}" },
                subject,
                html: "<p>Hi</p><p>{{ unsubscribe_url }}</p>",
              },
            },
          },
        },
        next: "exit_node",
      },
      exit_node: { type: "exit", name: "Exit" },
    },
  });
  const preview = (after: string): string =>
    JSON.stringify({
      steps: [
        {
          op: "update",
          urn: URN,
          oldState: { urn: URN, id: "01985b7c-0000-4000-8000-000000000009", inputs: definition("Hello"), outputs: {} },
          newState: { urn: URN, inputs: definition(after) },
        },
      ],
      changeSummary: { update: 1 },
    });

  it("has both sides, and the findings and lines of the program where it is that of the preview", async () => {
    const dir = await project();
    write(dir, "preview.json", preview("Good day"));
    const data = await shown(dir, "--preview", "preview.json");
    expect(data.change).toEqual({ before: "deployed", after: "your program" });
    expect(titles(data)).toEqual(["welcome changed"]);
    expect(data.flows[0]!.changes.join(" ")).toContain("Good day");
    expect(data.flows[0]!.location).toMatchObject({ file: "index.js", line: 3 });
    expect(data.flows[0]!.after!.findings).toMatchObject([{ rule: "wait-clamped" }]);
  });

  it("comes from standard input, without a project", async () => {
    const dir = path.join(folders.root, "preview");
    mkdirSync(dir);
    const ran = await hogflow(["show", "--preview", "-", "--json"], {
      cwd: dir,
      env: env(),
      input: preview("Good day"),
    });
    expect(ran.code, ran.stderr).toBe(0);
    expect(titles(JSON.parse(ran.stdout))).toEqual(["welcome changed"]);
  });
});

describe("what cannot be shown", () => {
  const refused = async (dir: string, args: string[], code: number, ...says: string[]): Promise<void> => {
    const ran = await show(dir, ...args);
    expect(ran.code, ran.stderr).toBe(code);
    expect(ran.stdout).toBe("");
    for (const words of says) expect(ran.stderr).toContain(words);
  };

  it("is said with what to do about it", async () => {
    const dir = await project({ "preview.json": "{}" });
    const empty = path.join(folders.root, "empty");
    mkdirSync(empty);
    const none = await hogflow(["show"], { cwd: empty, env: env() });
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain("There is no Pulumi project in");
    await Promise.all([
      refused(dir, ["welcme"], 1, 'There is no flow "welcme"', "Did you mean welcome?"),
      refused(dir, ["--base", "main"], 1, "is not in a Git repository", "--preview"),
      refused(dir, ["--people", "nobody"], 1, "nobody does not exist."),
      refused(dir, ["--out", "no/such/folder.html"], 1, "no/such/folder.html does not exist."),
    ]);
    await Promise.all([
      refused(dir, ["--out", "."], 1, "is a folder."),
      refused(dir, ["--preview", "preview.json"], 1, "This is not the output of `pulumi preview --json`"),
      refused(dir, ["--preview", "no.json"], 1, "no.json does not exist."),
      refused(dir, ["no.json"], 1, "no.json does not exist."),
    ]);
    commitAll(dir);
    await refused(dir, ["--base", "mian"], 1, 'Git does not know "mian" here', "Did you mean main?");
  });

  it("is wrong usage where two options do not go together", async () => {
    const dir = await project();
    for (const [says, ...args] of [
      ["each say what to compare with", "--preview", "a.json", "--base", "main"],
      ["Name files alone, or flows alone", "a.json", "welcome"],
      ["no program to compare with", "a.json", "--base", "main"],
      ["no program to compare with", "a.json", "--drift"],
      ["Add --drift", "--state", "state.json"],
      ["Add --serve", "--port", "0"],
      ["Add --serve", "--open"],
      ["Give one of them", "--serve", "--out", "a.html"],
      ["Give one of them", "--serve", "--shots", "pictures"],
      ["Add --shots <folder>", "--phone"],
      ["Give a file with --serve", "--serve", "--preview", "-"],
      ["must be a whole number from 0 to 65535", "--serve", "--port", "70000"],
    ] as const)
      await refused(dir, args as unknown as string[], 3, says);
  });
});

describe("a page that is served", () => {
  const running: ChildProcess[] = [];
  afterEach(async () => {
    await Promise.all(
      running.splice(0).map((child) => {
        if (child.exitCode !== null) return undefined;
        child.kill("SIGKILL");
        return new Promise((resolve) => child.on("close", resolve));
      }),
    );
  });

  interface Served {
    url: string;
    child: ChildProcess;
    /** The next state that is like this. */
    until(isIt: (state: LiveState) => boolean): Promise<LiveState>;
    /** The data once they are like this. */
    untilData(isIt: (data: ShowData) => boolean): Promise<ShowData>;
  }
  async function serve(dir: string, ...args: string[]): Promise<Served> {
    const child = spawn(process.execPath, [COMMAND, "show", "--stack", "dev", "--serve", "--json", ...args], {
      cwd: dir,
      env: { ...env(), PATH: process.env["PATH"] },
    });
    running.push(child);
    let said = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (said += text));
    const url = await new Promise<string>((resolve, reject) => {
      let text = "";
      child.stdout!.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        const found = /"url": "(.*)"/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.on("close", (code) => reject(new Error(`ended with ${code}: ${said}`)));
    });
    const states = statesOf(url);
    const until: Served["until"] = async (isIt) => {
      for (;;) {
        const { value, done } = await states.next();
        if (done) throw new Error(`the server ended: ${said}`);
        if (isIt(value)) return value;
      }
    };
    return {
      url,
      child,
      until,
      async untilData(isIt) {
        for (;;) {
          const data = await dataIn(await (await fetch(new URL("data", url))).text());
          if (isIt(data)) return data;
          await until(() => true);
        }
      },
    };
  }
  async function* statesOf(url: string): AsyncGenerator<LiveState, void> {
    const answer = await fetch(new URL("events", url));
    let text = "";
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += piece;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const [, state] = /event: state\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (state !== undefined) yield JSON.parse(state);
      }
    }
  }

  it("follows the program, and every file that it reads, wherever it is", async () => {
    write(folders.root, "common/footer.html", "<p>Example Ltd</p>");
    const dir = await project({ "people/ada.json": ADA });
    write(
      dir,
      "index.js",
      PROGRAM.replace(
        'file("mails/hello.html")',
        'require("fs").readFileSync("mails/hello.html", "utf8") + require("fs").readFileSync("../common/footer.html", "utf8")',
      ),
    );
    const { url, untilData } = await serve(dir);
    expect(await (await fetch(url)).text()).toContain('<meta name="hogflow-version"');
    await untilData((data) => html(data).includes("<p>Hi Ada</p>"));
    write(dir, "mails/hello.html", "<p>Good day {{ person.properties.first_name }}</p><p>{{ unsubscribe_url }}</p>");
    await untilData((data) => html(data).includes("<p>Good day Ada</p>"));
    write(folders.root, "common/footer.html", "<p>Example Inc</p>");
    await untilData((data) => html(data).includes("<p>Example Inc</p>"));
    write(dir, "people/grace.json", ADA.replaceAll("Ada", "Grace"));
    await untilData((data) => html(data).includes("<p>Good day Grace</p>"));
    write(dir, "index.js", PROGRAM.replace("Weekly digest", "Digest of the week"));
    await untilData((data) => data.flows.some(({ title }) => title === "Digest of the week"));
  });

  it("keeps what it showed while the program does not run, says why, and goes on when it does", async () => {
    const dir = await project();
    const { until, untilData } = await serve(dir);
    await until(({ trouble }) => trouble === undefined);
    write(dir, "index.js", `${FLOWS}welcome("first", []);\nthrow new Error("out of mails");\n`);
    const { trouble } = await until(({ trouble: told }) => told !== undefined);
    expect(trouble).toMatchObject({
      what: "It stops before it has made all of its flows.",
      findings: [{ rule: "program", severity: "error", what: "out of mails", location: { file: "index.js", line: 6 } }],
    });
    expect(titles(await untilData(() => true))).toEqual(["welcome same", "digest same"]);
    write(dir, "index.js", `${FLOWS}welcome("first", require("./later"));\n`);
    await until(({ trouble: told }) => told?.findings[0]!.what.includes("later") === true);
    // A file that nothing has read so far, because it was not there.
    write(dir, "later.js", "module.exports = [];\n");
    await until(({ trouble: told }) => told === undefined);
    expect(titles(await untilData(() => true))).toEqual(["first same"]);
    write(dir, "Pulumi.yaml", "name: [\n");
    expect((await until(({ trouble: told }) => told !== undefined)).trouble!.what).toContain(
      "Pulumi.yaml cannot be read",
    );
  });

  it("shows a program in TypeScript before its types are checked, and says then what is wrong with them", async () => {
    const typed = (subject: string): string => `import { email, HogFlow, on } from "pulumi-hogflow";
new HogFlow("typed", { trigger: on.event("a"), steps: [email("hello", { from: { integrationId: 7 }, subject: ${subject}, text: "{{ unsubscribe_url }}" })] });
`;
    const dir = await folders.add({
      files: {
        "index.ts": typed('"Hello"'),
        "tsconfig.json": JSON.stringify({ compilerOptions: { module: "node16", target: "ES2022", strict: true } }),
      },
      packageJson: { main: "index.ts" },
    });
    const { until, untilData } = await serve(dir);
    const subjects = ({ contents }: ShowData): string => contents.map(({ subject }) => subject).join();
    await untilData((data) => subjects(data) === "Hello");
    write(dir, "index.ts", `${typed('"Good day"')}const wrong: number = "text";\n`);
    const { trouble, version } = await until(({ trouble: told }) => told !== undefined);
    expect(trouble).toMatchObject({
      what: "Its flows are shown all the same.",
      findings: [{ what: expect.stringContaining("TS2322"), location: { file: "index.ts", line: 3 } }],
    });
    expect(version).toBeGreaterThan(1);
    expect(subjects(await untilData(() => true))).toBe("Good day");
  });

  it("ends at once on Ctrl-C, also while the program runs and somebody listens", async () => {
    const dir = await project();
    const { child, until, url } = await serve(dir);
    await until(() => true);
    write(dir, "index.js", "setInterval(() => {}, 1000); require('fs').writeFileSync('begun', '');\n");
    await vi.waitUntil(() => existsSync(path.join(dir, "begun")), { timeout: 60_000 });
    const ended = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it("says that its port is taken", async () => {
    const dir = await project();
    const { url } = await serve(dir);
    const { port } = new URL(url);
    const second = await show(dir, "--serve", "--port", port);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(
      `Port ${port} cannot be used. Another program listens there. Name another one with --port`,
    );
    rmSync(dir, { recursive: true });
  });
});

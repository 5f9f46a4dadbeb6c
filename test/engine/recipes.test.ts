// The recipes for GitHub Actions, run from their files on the real engine with a staging and a production stack: what is commented, stopped,
// reported and promoted.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { COMMENT_MARK } from "../../operate/review/render";
import { COMMAND } from "../support/command";
import { shellCommand } from "../support/shell-command";
import type { Stack } from "../support/engine";
import { stackFor } from "../support/flows";
import { readWorkflow, runWorkflow, type WorkflowRun } from "../support/workflow-file";

const RECIPES = path.resolve(import.meta.dirname, "../../examples/github-actions");
const FAKE_GH = path.resolve(import.meta.dirname, "../support/fake-gh.mjs");
/** By the commit, so that nobody can move what runs with the keys. */
const KNOWN_ACTIONS = [
  "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1", // v7.0.1
  "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020", // v7.0.0
  "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d", // v7.0.0
];
const UPLOAD = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f"; // v7.0.0
const ARTIFACTS = "https://github.com/acme/shop/actions/runs/42/artifacts";
const FILES = ["contract.yml", "deploy.yml", "drift.yml", "preview.yml", "promote.yml"];
const PROJECTS = { staging: "1", production: "2" };
/** Keys with the scopes that the README of the recipes tells to give them, and no other. */
const KEY = "phx_recipes_write";
const READ_KEY = "phx_recipes_read";
const SCOPES: Readonly<Record<string, string[]>> = {
  [KEY]: ["hog_flow:read", "hog_flow:write"],
  [READ_KEY]: ["hog_flow:read"],
};
/** One for PostHog's own worker. */
const VERIFY_KEY = "phx_recipes_verify";
/** One that may read nothing of flows. */
const OTHER_KEY = "phx_recipes_other";
const NUMBER = "7";

let emulator: Emulator;
let stack: Stack;
let folder: string;
let program: string;
let source: string;
let runs = 0;

beforeAll(async () => {
  const keys = [
    ...Object.entries(SCOPES).map(([key, scopes]) => ({ key, scopes })),
    { key: VERIFY_KEY, scopes: ["hog_flow:write", "group:read"] },
    { key: OTHER_KEY, scopes: ["person:read"] },
  ];
  emulator = await startEmulator({ projects: Object.values(PROJECTS).map((id) => ({ id })), keys });
  stack = await stackFor(emulator, { copyOf: "examples/environments", stack: "staging", key: null });
  await must(["stack", "init", "production", "--non-interactive"]);
  for (const [name, id] of Object.entries(PROJECTS))
    await must([
      "config",
      "set-all",
      "--stack",
      name,
      "--plaintext",
      `posthog:host=${emulator.url}`,
      "--plaintext",
      `posthog:projectId=${id}`,
    ]);
  program = path.join(stack.dir, "index.ts");
  source = await readFile(program, "utf8");
  folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-recipes-"));
  await mkdir(path.join(folder, "artifacts"));
  await writeFile(github(), JSON.stringify({ calls: [], comments: [], issues: [], labels: [] }));
  await shellCommand(path.join(folder, "bin"), "gh", `exec "${process.execPath}" "${FAKE_GH}" "$@"`);
  // The packages of the program are there already.
  await shellCommand(path.join(folder, "bin"), "npm", '[ "$*" = ci ]');
  // Where `npm ci` puts it, and nowhere else.
  await shellCommand(
    path.join(stack.dir, "node_modules", ".bin"),
    "hogflow",
    `exec "${process.execPath}" "${COMMAND}" "$@"`,
  );
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe("the files", () => {
  it("are those that are run here, with known actions and few permissions", async () => {
    expect((await readdir(RECIPES)).filter((file) => file.endsWith(".yml")).sort()).toEqual(FILES);
    const readme = await readFile(path.join(RECIPES, "README.md"), "utf8");
    const writes: Record<string, string[]> = {};
    for (const file of FILES) {
      const workflow = await readWorkflow(path.join(RECIPES, file));
      const uses = Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap((step) => step.uses ?? []));
      expect([...new Set(uses)].sort(), file).toEqual(
        [
          ...KNOWN_ACTIONS.filter((action) => file !== "contract.yml" || !action.startsWith("pulumi/")),
          ...(file === "preview.yml" ? [UPLOAD] : []),
        ].sort(),
      );
      writes[file] = Object.entries(workflow.permissions).flatMap(([what, level]) => (level === "write" ? [what] : []));
      const text = await readFile(path.join(RECIPES, file), "utf8");
      for (const [, secret] of text.matchAll(/secrets\.(\w+)/g)) expect(readme, `${file}: ${secret}`).toContain(secret);
      expect(readme).toContain(file);
    }
    expect(writes).toEqual({
      "contract.yml": ["issues"],
      "deploy.yml": [],
      "drift.yml": ["issues"],
      "preview.yml": ["pull-requests"],
      "promote.yml": [],
    });
  });

  it("ask for approval before anything is written, and never refresh into an update", async () => {
    for (const file of FILES) {
      const { jobs } = await readWorkflow(path.join(RECIPES, file));
      for (const { environment, steps } of Object.values(jobs)) {
        const script = steps.map((step) => step.run ?? "").join("\n");
        // At the start of a line: elsewhere it is a text for people.
        const ups = script.match(/^\s*pulumi up.*/gm) ?? [];
        if (ups.length > 0) expect(environment, file).toMatch(/^(staging|production)$/);
        for (const up of ups) expect(up).not.toContain("--refresh");
        for (const refresh of script.match(/pulumi refresh.*/g) ?? []) expect(refresh).toContain("--preview-only");
      }
    }
  });
});

describe("the state", () => {
  it("is for jobs of an environment alone, and for the code of a pull request only after approval", async () => {
    for (const file of FILES) {
      const { jobs, on } = await readWorkflow(path.join(RECIPES, file));
      for (const { environment, env, steps } of Object.values(jobs)) {
        if (!JSON.stringify([env, steps]).includes("secrets.PULUMI_")) continue;
        expect(environment, file).toMatch(
          JSON.stringify(on).includes("pull_request") ? /^preview$/ : /^(staging|production|checks)$/,
        );
      }
    }
    const readme = await readFile(path.join(RECIPES, "README.md"), "utf8");
    expect(readme).toMatch(/`preview`, each with required reviewers/);
    expect(readme).toMatch(
      /Never use a credential that can write production's state: a pull request runs its own code/,
    );
  });
});

describe("the keys", () => {
  it("are told with their scopes", async () => {
    const readme = await readFile(path.join(RECIPES, "README.md"), "utf8");
    const told = (name: string): string[] =>
      [...readme.matchAll(/^\| `(\w+)` \|.*\| ([^|;]*);[^|]*\|$/gm)]
        .filter(([, key]) => key === name)
        .flatMap(([, , scopes]) => scopes!.match(/[\w]+:[\w]+/g) ?? []);
    expect(told("POSTHOG_READ_KEY")).toEqual(SCOPES[READ_KEY]);
    expect(told("POSTHOG_API_KEY")).toEqual(SCOPES[KEY]);
  });
});

describe("preview.yml", () => {
  it("posts the review, and replaces it at the next push, beside the comments of others", async () => {
    const quoted = { id: 1, on: NUMBER, by: "ada", body: `> ${COMMENT_MARK} -->` };
    await writeFile(github(), JSON.stringify({ ...(await gh()), comments: [quoted] }));
    succeeds(await run("preview.yml"));
    const [, first] = (await gh()).comments;
    expect(first.body).toContain("added");
    expect(first.body).toContain(`${COMMENT_MARK} environments/staging -->`);
    // The page is there, and the comment links to it and to each flow on it.
    expect(first.body).toContain(`[See what people will get](${ARTIFACTS}/workflows.html#/change)`);
    expect(first.body).toMatch(/\[before and after\]\(.*workflows\.html#\/change\/[\w-]+\)/);
    expect(await readFile(path.join(folder, "artifacts", "workflows.html"), "utf8")).toMatch(/^<!doctype html>/);

    await edit("liquid`Your invoice", "liquid`The invoice");
    succeeds(await run("preview.yml"));
    const { comments } = await gh();
    expect(comments).toHaveLength(2);
    expect(comments[0]).toEqual(quoted);
    expect(comments[1].id).toBe(first.id);
    expect(comments[1].body).toContain("The invoice");
    expect(comments[1].body).not.toContain("Your invoice");
    expect(emulator.flows()).toEqual([]);
    await writeFile(program, source);
  });

  it("says what PostHog's own worker finds, where there is a key for it, and writes nothing", async () => {
    emulator.clearRequests();
    const keys = { ...secrets(), POSTHOG_VERIFY_KEY: VERIFY_KEY, POSTHOG_VERIFY_PROJECT: PROJECTS.production };
    succeeds(await run("preview.yml", { secrets: keys }));
    expect((await gh()).comments[1].body).toContain("**Checked by PostHog's own worker:**");
    const writes = emulator.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, path: at }) => `${method} ${at}`);
    expect(new Set(writes)).toEqual(new Set(["POST /api/projects/2/hog_flows/new/invocations/"]));
    expect(emulator.flows()).toEqual([]);
  });

  it("posts why a preview fails, and fails", async () => {
    await edit('"1m"', '"1x"');
    const { failed, output } = await run("preview.yml");
    await writeFile(program, source);
    expect(failed, output).toBe("preview/Result");
    expect((await gh()).comments[1].body).toContain("1x");
  });

  it("reviews without any secret, and comments nothing", async () => {
    const before = (await gh()).calls.length;
    // Settings that only the passphrase opens: the recipe does without them, in its own checkout.
    await stack.setConfig("environments:unused", "never-shown", { secret: true });
    const settings = path.join(stack.dir, "Pulumi.staging.yaml");
    const committed = await readFile(settings, "utf8");
    expect(committed).toMatch(/encryptionsalt:[\s\S]*secure:|secure:[\s\S]*encryptionsalt:/);
    const ran = await run("preview.yml", { secrets: {} });
    await writeFile(settings, committed);
    succeeds(ran);
    expect(ran.summary).toContain("added");
    expect((await gh()).calls).toHaveLength(before);
  });
});

describe("deploy.yml", () => {
  it("needs a key that may write", async () => {
    const { failed, output } = await run("deploy.yml", { secrets: { ...secrets(), POSTHOG_API_KEY: READ_KEY } });
    expect(failed, output).toBe("deploy/Deploy");
    expect(output).toContain("hog_flow:write");
    expect(emulator.flows()).toEqual([]);
  });

  it("writes what was merged, to staging alone", async () => {
    succeeds(await run("deploy.yml"));
    expect(emulator.flows("1")).toHaveLength(1);
    expect(emulator.flows("2")).toEqual([]);
  });

  it("stops at an edit that nobody has seen, and leaves it", async () => {
    const [flow] = emulator.flows("1");
    const before = subjectOf("1");
    editSubject("1", "Edited by hand");
    await edit("liquid`Your invoice", "liquid`The invoice");
    const { failed, output } = await run("deploy.yml");
    expect(failed, output).toBe("deploy/Deploy");
    expect(output).toContain("Somebody changed the flow in PostHog");
    expect(output).toContain("actions.reminder.config.inputs.email.value.subject");
    expect(subjectOf("1")).toBe("Edited by hand");
    expect(emulator.flow(flow.id).status).toBe("draft");
    // Taken back by whoever made it, it stops nothing.
    editSubject("1", before);
    succeeds(await run("deploy.yml"));
    expect(subjectOf("1")).toContain("The invoice");
  });
});

describe("promote.yml", () => {
  it("goes nowhere with a commit that staging does not have", async () => {
    const deployed = await readFile(program, "utf8");
    await edit("liquid`The invoice", "liquid`Another invoice");
    const { failed, ran, output } = await run("promote.yml");
    await writeFile(program, deployed);
    expect(failed, output).toBe("staging/Staging has this commit");
    expect(ran.filter((step) => step.startsWith("production/"))).toEqual([]);
    expect(emulator.flows("2")).toEqual([]);
  });

  it("goes nowhere when somebody edited staging", async () => {
    const before = subjectOf("1");
    editSubject("1", "Tried by hand");
    const { failed, output } = await run("promote.yml");
    editSubject("1", before);
    expect(failed, output).toBe("staging/Nobody edited it there");
    expect(emulator.flows("2")).toEqual([]);
  });

  it("looks at staging, then writes production", async () => {
    emulator.clearRequests();
    const ran = await run("promote.yml");
    succeeds(ran);
    expect(ran.ran.map((step) => step.split("/")[0])).toEqual([
      ...["staging", "staging", "staging"],
      ...["review", "review", "review", "review"],
      ...["production", "production"],
    ]);
    expect(ran.summary).toContain("added");
    expect(emulator.flows("2")).toMatchObject([{ status: "active" }]);
    expect(subjectOf("2")).toContain("The invoice");
    const writes = emulator.requests.filter(({ method }) => method !== "GET").map(({ path: at }) => at);
    expect(writes.length).toBeGreaterThan(0);
    for (const at of writes) expect(at).toContain("/projects/2/");
  });
});

describe("promote.yml, once production is up", () => {
  it("reviews production before anybody is asked for approval", async () => {
    const { jobs } = await readWorkflow(path.join(RECIPES, "promote.yml"));
    expect(jobs["production"]!.needs).toBe("review");
    expect(jobs["production"]!.environment).toBe("production");
    expect(jobs["review"]!.environment).toBe("checks");
    expect(JSON.stringify(jobs["review"])).not.toContain("POSTHOG_API_KEY }}");
  });

  it("stops before a flow that somebody switched off in production runs again, and leaves it off", async () => {
    const deployed = await readFile(program, "utf8");
    await edit("liquid`The invoice", "liquid`Our invoice");
    succeeds(await run("deploy.yml"));
    const [flow] = emulator.flows("2");
    emulator.ui.setStatus(flow.id, "draft");
    const { failed, ran, output } = await run("promote.yml");
    expect(failed, output).toBe("review/Review");
    expect(output).toContain("resumes (");
    expect(ran.filter((step) => step.startsWith("production/"))).toEqual([]);
    expect(emulator.flow(flow.id).status).toBe("draft");
    // Switched on again by whoever did it, and back to what was deployed.
    emulator.ui.setStatus(flow.id, "active");
    await writeFile(program, deployed);
    succeeds(await run("deploy.yml"));
  });
});

describe("drift.yml", () => {
  it("says nothing when all is as deployed", async () => {
    succeeds(await run("drift.yml"));
    expect((await gh()).issues).toEqual([]);
  });

  it("opens one issue that names step and field, keeps it up to date, and closes it", async () => {
    const before = subjectOf("2");
    editSubject("2", "Pay now");
    succeeds(await run("drift.yml"));
    const [opened] = (await gh()).issues;
    expect(opened).toMatchObject({ open: true, title: "Workflows of production were changed in PostHog" });
    expect(opened.body).toMatch(/reminder/i);
    expect(opened.body).toMatch(/subject: .*"Pay now"/);

    editSubject("2", "Pay today");
    succeeds(await run("drift.yml"));
    expect((await gh()).issues).toMatchObject([
      { number: opened.number, open: true, body: expect.stringContaining("Pay today") },
    ]);
    expect(subjectOf("2")).toBe("Pay today");

    editSubject("2", before);
    succeeds(await run("drift.yml"));
    expect((await gh()).issues).toMatchObject([{ number: opened.number, open: false }]);
  });

  it("fails when nobody knows, instead of saying that all is well: a wrong key, a scope that is missing", async () => {
    const before = (await gh()).calls.length;
    for (const [key, said] of [
      ["phx_recipes_wrong", /key/],
      [OTHER_KEY, /hog_flow:read/],
    ] as const) {
      const { failed, output } = await run("drift.yml", { secrets: { ...secrets(), POSTHOG_READ_KEY: key } });
      expect(failed, output).toBe("drift/Refresh");
      expect(output).toMatch(said);
    }
    expect((await gh()).calls).toHaveLength(before);
  });
});

describe("contract.yml", () => {
  const night = () => run("contract.yml", { secrets: {} });
  const issues = async (): Promise<any[]> =>
    (await gh()).issues.filter(({ label }: { label: string }) => label === "hogflow-contract");
  const publish = (kind: string): void =>
    emulator.schema((document) => {
      document.components.schemas.HogFlow.properties[kind] = { type: "string" };
      delete document.components.schemas.HogFlow.properties.exit_condition;
      return document;
    });

  it("opens no issue where nothing differs, and needs no secret", async () => {
    succeeds(await night());
    expect(await issues()).toEqual([]);
  });

  it("opens one issue that says what breaks first, keeps it up to date at the next night, and closes it", async () => {
    publish("goal");
    succeeds(await night());
    const [opened, ...more] = await issues();
    expect(more).toEqual([]);
    expect(opened).toMatchObject({ open: true, title: "PostHog's API has changed" });
    expect(opened.body).toMatch(/^ {4}breaks {3}flow\.exit_condition is not in the schema\n[^]*^ {4}new .*flow\.goal/m);

    publish("target");
    succeeds(await night());
    expect(await issues()).toMatchObject([
      { number: opened.number, open: true, body: expect.stringContaining("flow.target") },
    ]);

    emulator.schema(null);
    succeeds(await night());
    expect(await issues()).toMatchObject([{ number: opened.number, open: false }]);
  });

  it("fails when nobody knows, instead of saying that all is well: there is no schema to read", async () => {
    const before = (await gh()).calls.length;
    emulator.switches.schemaPage = false;
    const { failed, output } = await night();
    emulator.switches.schemaPage = true;
    expect(failed, output).toBe("contract/Compare");
    expect(output).toContain("cannot be read");
    expect((await gh()).calls).toHaveLength(before);
  });
});

/** What the settings of a repository and of its environments would hold. */
const secrets = (): Record<string, string> => ({
  PULUMI_BACKEND_URL: stack.env["PULUMI_BACKEND_URL"]!,
  PULUMI_CONFIG_PASSPHRASE: stack.env["PULUMI_CONFIG_PASSPHRASE"]!,
  POSTHOG_API_KEY: KEY,
  POSTHOG_READ_KEY: READ_KEY,
});

async function run(
  file: string,
  { secrets: given = secrets() }: { secrets?: Record<string, string> } = {},
): Promise<WorkflowRun> {
  const {
    PULUMI_BACKEND_URL: _url,
    PULUMI_CONFIG_PASSPHRASE: _passphrase,
    POSTHOG_HOST: _host,
    POSTHOG_PROJECT_ID: _project,
    ...env
  } = stack.env;
  const ran = await runWorkflow(await readWorkflow(path.join(RECIPES, file)), {
    secrets: given,
    github: { token: "ghs_test", repository: "acme/shop", "event.pull_request.number": NUMBER },
    cwd: stack.dir,
    env: {
      ...env,
      PATH: [path.join(folder, "bin"), env["PATH"]].join(path.delimiter),
      FAKE_GH: github(),
      GITHUB_REPOSITORY: "acme/shop",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "42",
    },
    artifacts: { folder: path.join(folder, "artifacts"), url: ARTIFACTS },
    temporary: path.join(folder, `run-${++runs}`),
  });
  for (const secret of [KEY, READ_KEY, given["PULUMI_CONFIG_PASSPHRASE"]])
    if (secret) expect(ran.output + ran.summary + (await readFile(github(), "utf8"))).not.toContain(secret);
  return ran;
}

const github = (): string => path.join(folder, "github.json");
const gh = async (): Promise<any> => JSON.parse(await readFile(github(), "utf8"));

async function must(args: string[]): Promise<void> {
  const { code, output } = await stack.run(args);
  if (code !== 0) throw new Error(output);
}

async function edit(from: string, to: string): Promise<void> {
  const before = await readFile(program, "utf8");
  expect(before).toContain(from);
  await writeFile(program, before.replace(from, to));
}

const emailOf = (flow: any): any => flow.actions.find(({ id }: any) => id === "reminder").config.inputs.email.value;
const subjectOf = (project: string): string => emailOf(emulator.flows(project)[0]).subject;
const editSubject = (project: string, subject: string): void =>
  void emulator.ui.edit(emulator.flows(project)[0].id, (flow) => void (emailOf(flow).subject = subject));

function succeeds({ failed, output }: WorkflowRun): void {
  expect(failed, output).toBeUndefined();
}

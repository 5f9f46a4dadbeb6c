// The recipe for GitLab CI, its jobs run from the file on the real engine with a staging and a production stack: what is commented, stopped, promoted and
// reported. GitLab's side of the comment is a server of this test.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { COMMENT_MARK } from "../../operate/review/render";
import { COMMAND } from "../support/command";
import { shellCommand } from "../support/shell-command";
import type { Stack } from "../support/engine";
import { stackFor } from "../support/flows";
import { readPipeline, runJob, type GitlabJob, type GitlabRun, type Source } from "../support/gitlab-file";

const FILE = path.resolve(import.meta.dirname, "../../examples/gitlab-ci/.gitlab-ci.yml");
const PROJECTS = { staging: "1", production: "2" };
const JOB = "https://gitlab.example.com/acme/shop/-/jobs/99";
const KEY = "phx_gitlab_write";
const READ_KEY = "phx_gitlab_read";
const VERIFY_KEY = "phx_gitlab_verify";
const TOKEN = "glpat-test";
/** The user of the token, and somebody else. */
const ME = 7;
const ADA = 8;
const NOTES = "/api/v4/projects/4711/merge_requests/12/notes";
/** One page of GitLab's answer here, so that there are several. */
const PAGE = 2;

let emulator: Emulator;
let stack: Stack;
let folder: string;
let program: string;
let gitlab: Server;
let runs = 0;
const jobs = new Map<string, GitlabJob>();
interface Note {
  id: number;
  author: { id: number };
  body: string;
}
let notes: Note[] = [];

/** What GitLab answers to the requests of the comment. */
function answer(
  method: string,
  url: URL,
  token: unknown,
  text: string,
): { status: number; json?: unknown; next?: string } {
  if (token !== TOKEN) return { status: 401 };
  if (url.pathname === "/api/v4/user") return { status: 200, json: { id: ME } };
  const [, id] = new RegExp(`^${NOTES}(?:/(\\d+))?$`).exec(url.pathname) ?? [];
  if (method === "GET" && url.pathname === NOTES) {
    const page = Number(url.searchParams.get("page") ?? 1);
    return {
      status: 200,
      json: notes.slice((page - 1) * PAGE, page * PAGE),
      next: notes.length > page * PAGE ? String(page + 1) : "",
    };
  }
  const { body } = JSON.parse(text);
  if (method === "POST" && url.pathname === NOTES) {
    notes.push({ id: 100 + notes.length, author: { id: ME }, body });
    return { status: 201, json: notes.at(-1) };
  }
  const note = notes.find((other) => String(other.id) === id);
  if (method !== "PUT" || note?.author.id !== ME) return { status: 404 };
  note.body = body;
  return { status: 200, json: note };
}

beforeAll(async () => {
  gitlab = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      const url = new URL(request.url!, "http://gitlab.example.com");
      const { status, json, next = "" } = answer(request.method!, url, request.headers["private-token"], text);
      response.writeHead(status, { "content-type": "application/json", "x-next-page": next });
      response.end(JSON.stringify(json ?? {}));
    });
  });
  await new Promise<void>((listening) => gitlab.listen(0, "127.0.0.1", listening));
  emulator = await startEmulator({
    projects: Object.values(PROJECTS).map((id) => ({ id })),
    keys: [
      { key: KEY, scopes: ["hog_flow:read", "hog_flow:write"] },
      { key: READ_KEY, scopes: ["hog_flow:read"] },
      { key: VERIFY_KEY, scopes: ["hog_flow:write", "group:read"] },
    ],
  });
  stack = await stackFor(emulator, { copyOf: "examples/environments", stack: "staging", key: null });
  await must(["stack", "init", "production", "--non-interactive"]);
  for (const [name, id] of Object.entries(PROJECTS))
    await must([
      ...["config", "set-all", "--stack", name],
      ...["--plaintext", `posthog:host=${emulator.url}`, "--plaintext", `posthog:projectId=${id}`],
    ]);
  program = path.join(stack.dir, "index.ts");
  folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-gitlab-run-"));
  // The packages of the program are there already.
  await shellCommand(path.join(folder, "bin"), "npm", '[ "$*" = ci ]');
  await shellCommand(
    path.join(stack.dir, "node_modules/.bin"),
    "hogflow",
    `exec "${process.execPath}" "${COMMAND}" "$@"`,
  );
  for (const source of ["merge_request_event", "push", "schedule"] as const satisfies readonly Source[])
    for (const job of await readPipeline(FILE, source)) if (job.when !== "never") jobs.set(job.name, job);
});
afterAll(async () => {
  await stack?.dispose();
  await emulator?.stop();
  gitlab?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe("preview", () => {
  it("posts the review, and replaces it at the next run, beside the comments of others", async () => {
    const quoted = [1, 2, 3].map((id) => ({ id, author: { id: ADA }, body: `> ${COMMENT_MARK} -->` }));
    notes = structuredClone(quoted);
    succeeds(await run("preview"));
    expect(notes).toHaveLength(4);
    expect(notes[3]!.body).toContain("added");
    // The page is among the artifacts, and the comment links to it.
    expect(notes[3]!.body).toContain(`[See what people will get](${JOB}/artifacts/file/workflows.html#/change)`);
    expect(await readFile(path.join(stack.dir, "workflows.html"), "utf8")).toMatch(/^<!doctype html>/);
    await edit("liquid`Your invoice", "liquid`The invoice");
    succeeds(await run("preview"));
    expect(notes).toHaveLength(4);
    expect(notes.slice(0, 3)).toEqual(quoted);
    expect(notes[3]!.body).toContain("The invoice");
    expect(emulator.flows()).toEqual([]);
  });

  it("says what PostHog's own worker finds, where there is a key for it, and writes nothing", async () => {
    const keys = { POSTHOG_VERIFY_KEY: VERIFY_KEY, POSTHOG_VERIFY_PROJECT: PROJECTS.production };
    succeeds(await run("preview", keys));
    expect(notes[3]!.body).toContain("**Checked by PostHog's own worker:**");
    expect(emulator.flows()).toEqual([]);
  });

  it("posts why a preview fails, and fails", async () => {
    await edit('"1m"', '"1x"');
    const { code, output } = await run("preview");
    await edit('"1x"', '"1m"');
    expect(code, output).toBe(1);
    expect(notes[3]!.body).toContain("1x");
  });

  it("fails where the comment cannot be posted", async () => {
    const { code, output } = await run("preview", { GITLAB_TOKEN: "glpat-wrong" });
    expect(code).not.toBe(0);
    expect(output).toContain("401");
  });
});

describe("the promotion", () => {
  it("reviews nothing that staging does not have", async () => {
    const { code, output } = await run("promote-review");
    expect(code).not.toBe(0);
    expect(output).toContain("no changes were expected");
  });

  it("goes from staging over the review to production, and nothing but the two deployments writes", async () => {
    succeeds(await run("deploy"));
    expect(emulator.flows("1")).toHaveLength(1);
    emulator.clearRequests();
    const review = await run("promote-review");
    succeeds(review);
    expect(review.output).toContain("added");
    expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    succeeds(await run("promote"));
    expect(emulator.flows("2")).toMatchObject([{ status: "active" }]);
  });

  it("stops at an edit of staging that nobody has seen", async () => {
    const [flow] = emulator.flows("1");
    const title = flow.name;
    emulator.ui.edit(flow.id, (live) => void (live.name = "Tried by hand"));
    const { code, output } = await run("promote-review");
    emulator.ui.edit(flow.id, (live) => void (live.name = title));
    expect(code, output).toBe(2);
    expect(output).toContain("Tried by hand");
  });

  it("stops before a flow that somebody switched off in production runs again, and a deployment leaves it off, too", async () => {
    await edit("liquid`The invoice", "liquid`Our invoice");
    succeeds(await run("deploy"));
    const [flow] = emulator.flows("2");
    emulator.ui.setStatus(flow.id, "draft");
    const review = await run("promote-review");
    expect(review.code, review.output).toBe(2);
    expect(review.output).toContain("resumes (");
    const production = await run("promote");
    expect(production.code).not.toBe(0);
    expect(production.output.replace(/\s+/g, " ")).toContain("Somebody switched the flow off");
    expect(emulator.flow(flow.id).status).toBe("draft");
    emulator.ui.setStatus(flow.id, "active");
    succeeds(await run("promote"));
  });
});

describe("drift", () => {
  it("passes when all is as deployed, and fails with what somebody did in PostHog, which it leaves", async () => {
    succeeds(await run("drift"));
    const [flow] = emulator.flows("2");
    emulator.ui.setStatus(flow.id, "draft");
    emulator.clearRequests();
    const { code, output } = await run("drift");
    expect(code, output).toBe(2);
    expect(output).toContain("was switched off in PostHog");
    expect(output).toMatch(/status: active → draft/i);
    expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("fails when nobody knows", async () => {
    const { code, output } = await run("drift", { POSTHOG_API_KEY: "phx_gitlab_wrong" });
    expect([0, 2, 7], output).not.toContain(code);
  });
});

/** The job, with the variables that the README tells to set for its environment. */
async function run(name: string, more: Record<string, string> = {}): Promise<GitlabRun> {
  const job = jobs.get(name)!;
  const { POSTHOG_HOST: _host, POSTHOG_PROJECT_ID: _project, ...env } = stack.env;
  const writes = ["staging", "production"].includes(job.environment.name);
  const ran = await runJob(job, {
    cwd: stack.dir,
    env: {
      ...env,
      PATH: [path.join(folder, "bin"), env["PATH"]].join(path.delimiter),
      POSTHOG_API_KEY: writes ? KEY : READ_KEY,
      CI_API_V4_URL: `http://127.0.0.1:${(gitlab.address() as AddressInfo).port}/api/v4`,
      CI_PROJECT_ID: "4711",
      CI_PROJECT_DIR: stack.dir,
      CI_JOB_URL: JOB,
      CI_MERGE_REQUEST_IID: "12",
      ...(name === "preview" ? { GITLAB_TOKEN: TOKEN } : {}),
      ...more,
    },
    temporary: path.join(folder, `run-${++runs}`),
  });
  const secrets = [KEY, READ_KEY, TOKEN, stack.env["PULUMI_CONFIG_PASSPHRASE"]!];
  for (const secret of secrets) expect(ran.output + JSON.stringify(notes)).not.toContain(secret);
  return ran;
}

async function must(args: string[]): Promise<void> {
  const { code, output } = await stack.run(args);
  if (code !== 0) throw new Error(output);
}

async function edit(from: string, to: string): Promise<void> {
  const before = await readFile(program, "utf8");
  expect(before).toContain(from);
  await writeFile(program, before.replace(from, to));
}

function succeeds({ code, output }: GitlabRun): void {
  expect(code, output).toBe(0);
}

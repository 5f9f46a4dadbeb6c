// Runs a GitHub Actions workflow from its file, as far as the recipes use the format: every job after those that it needs, every `run` step in
// order, until one fails. What is not known here (if, matrix, other shells, other expressions) throws, so that no recipe can be more than is run.
import { spawn } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";

export interface WorkflowContext {
  /** An unknown secret is empty, as on GitHub. */
  secrets: Readonly<Record<string, string>>;
  /** By path: `event.pull_request.number`. An unknown one throws. */
  github: Readonly<Record<string, string>>;
  cwd: string;
  /** What the runner has before any `env` of the file. */
  env: Readonly<Record<string, string>>;
  /** Where uploaded files go, and the address that they then have. */
  artifacts: { folder: string; url: string };
  /** An empty folder for RUNNER_TEMP and the files of outputs. */
  temporary: string;
}

export interface WorkflowRun {
  /** `job/step` of every step that ran, in order. */
  ran: string[];
  /** The step that failed; the jobs that need its job did not start. */
  failed?: string;
  /** Of all steps. */
  output: string;
  summary: string;
}

type Strings = Record<string, string>;
interface Step {
  id?: string;
  name?: string;
  uses?: string;
  with?: Strings;
  run?: string;
  env?: Strings;
}
export interface Job {
  "runs-on": string;
  "timeout-minutes": number;
  environment?: string;
  needs?: string;
  env?: Strings;
  steps: Step[];
}
export interface Workflow {
  name: string;
  on: unknown;
  permissions: Strings;
  concurrency: unknown;
  defaults: { run: { shell: string } };
  env?: Strings;
  jobs: Record<string, Job>;
}

const UPLOAD = "actions/upload-artifact@";
const KNOWN = {
  workflow: ["name", "on", "permissions", "concurrency", "defaults", "env", "jobs"],
  job: ["runs-on", "timeout-minutes", "environment", "needs", "env", "steps"],
  step: ["id", "name", "uses", "with", "run", "env"],
} as const;

export async function readWorkflow(file: string): Promise<Workflow> {
  const workflow: Workflow = parse(await readFile(file, "utf8"));
  known("workflow", workflow);
  if (workflow.defaults.run.shell !== "bash") throw new Error(`${file}: only bash is run here`);
  for (const job of Object.values(workflow.jobs)) {
    known("job", job);
    for (const step of job.steps) known("step", step);
  }
  return workflow;
}

export async function runWorkflow(workflow: Workflow, context: WorkflowContext): Promise<WorkflowRun> {
  const run: WorkflowRun = { ran: [], output: "", summary: "" };
  const done = new Set<string>();
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (job.needs !== undefined && !done.has(job.needs))
      throw new Error(`${name} needs ${job.needs}, which must stand before it and be there`);
    await runJob(workflow, name, job, context, run);
    // All jobs of the recipes stand in one line, so nothing else could go on.
    if (run.failed !== undefined) break;
    done.add(name);
  }
  return run;
}

async function runJob(
  workflow: Workflow,
  name: string,
  job: Job,
  context: WorkflowContext,
  run: WorkflowRun,
): Promise<void> {
  const folder = path.join(context.temporary, name);
  const files = {
    GITHUB_OUTPUT: path.join(folder, "output"),
    GITHUB_PATH: path.join(folder, "path"),
    GITHUB_STEP_SUMMARY: path.join(folder, "summary"),
  };
  const runnerTemp = path.join(folder, "temp");
  await mkdir(runnerTemp, { recursive: true });
  const outputs: Record<string, Strings> = {};
  let found = context.env["PATH"] ?? "";
  for (const [index, step] of job.steps.entries()) {
    const title = `${name}/${step.name ?? index}`;
    const resolved = (env: Strings = {}) =>
      Object.fromEntries(
        Object.entries(env).map(([key, text]) => [key, resolve(String(text), { ...context, runnerTemp }, outputs)]),
      );
    if (step.uses?.startsWith(UPLOAD)) {
      outputs[step.id ?? ""] = upload(resolved(step.with), context.artifacts);
      continue;
    }
    if (step.run === undefined) continue;
    await Promise.all(Object.values(files).map((file) => writeFile(file, "")));
    const env = {
      ...context.env,
      ...resolved(workflow.env),
      ...resolved(job.env),
      ...resolved(step.env),
      ...files,
      RUNNER_TEMP: runnerTemp,
      PATH: found,
    };
    const { code, output } = await bash(
      resolve(step.run, { ...context, runnerTemp }, outputs),
      path.join(folder, `${index}.sh`),
      context.cwd,
      env,
    );
    run.ran.push(title);
    run.output += output;
    run.summary += await readFile(files.GITHUB_STEP_SUMMARY, "utf8");
    if (code !== 0) {
      run.failed = title;
      return;
    }
    if (step.id !== undefined) outputs[step.id] = assignments(await readFile(files.GITHUB_OUTPUT, "utf8"));
    for (const line of lines(await readFile(files.GITHUB_PATH, "utf8"))) found = `${line}${path.delimiter}${found}`;
  }
}

/** A single file, as it is. Without the file, as with `if-no-files-found: ignore`, there is no address. */
function upload({ path: file, archive, ...rest }: Strings, artifacts: Strings): Strings {
  if (archive !== "false" || rest["if-no-files-found"] !== "ignore") throw new Error("this upload is not run here");
  if (!existsSync(file!)) return { "artifact-url": "" };
  copyFileSync(file!, path.join(artifacts["folder"]!, path.basename(file!)));
  return { "artifact-url": `${artifacts["url"]}/${path.basename(file!)}` };
}

/** Replaces `${{ secrets.X }}`, `${{ github.X }}`, `${{ runner.temp }}` and `${{ steps.X.outputs.Y }}`. */
function resolve(
  text: string,
  { secrets, github, runnerTemp }: WorkflowContext & { runnerTemp: string },
  outputs: Record<string, Strings>,
): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const [, scope, rest] = /^(secrets|github|steps|runner)\.([\w.-]+)$/.exec(expression) ?? [];
    if (scope === "secrets") return secrets[rest!] ?? "";
    if (scope === "github" && github[rest!] !== undefined) return github[rest!]!;
    if (expression === "runner.temp") return runnerTemp;
    const [, id, output] = /^(\w+)\.outputs\.([\w-]+)$/.exec(scope === "steps" ? rest! : "") ?? [];
    const value = outputs[id ?? ""]?.[output ?? ""];
    if (value === undefined) throw new Error(`\${{ ${expression} }} is not known here`);
    return value;
  });
}

/** As GitHub runs `shell: bash`. */
export async function bash(
  script: string,
  file: string,
  cwd: string,
  env: Strings,
): Promise<{ code: number; output: string }> {
  await writeFile(file, script);
  return new Promise((settle, reject) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", file], {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => settle({ code: code ?? -1, output }));
  });
}

function known(kind: keyof typeof KNOWN, value: object): void {
  const foreign = Object.keys(value).filter((key) => !(KNOWN[kind] as readonly string[]).includes(key));
  if (foreign.length > 0) throw new Error(`a ${kind} has ${foreign.join(", ")}, which is not run here`);
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
const assignments = (text: string): Strings =>
  Object.fromEntries(lines(text).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));

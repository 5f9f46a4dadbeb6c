// Reads a GitLab pipeline with gitlab-ci-local, which checks it against GitLab's schema, expands it and decides by its rules which jobs run, and runs the
// script of a job as GitLab's runner does. What is not known here (services, artifacts of other jobs, includes) throws, so that no recipe can be more than is run.
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { bash } from "./workflow-file";

const execute = promisify(execFile);
const require = createRequire(import.meta.url);

type Strings = Readonly<Record<string, string>>;

/** A job of a pipeline, with the defaults written out. */
export interface GitlabJob {
  name: string;
  /** `never` where the rules leave it out. */
  when: string;
  needs: string[];
  environment: { name: string; action?: string };
  resourceGroup?: string;
  variables: Strings;
  /** Of `before_script` and `script`. */
  lines: string[];
}

/** Where a pipeline comes from: `CI_PIPELINE_SOURCE`. */
export type Source = "merge_request_event" | "push" | "schedule";

const KNOWN = [
  ...["stage", "rules", "environment", "variables", "script", "before_script", "artifacts", "needs", "image"],
  ...["resource_group", "interruptible"],
];
/** gitlab-ci-local is written for Node 22, and this is what Node 20 lacks of it. */
const FOR_NODE_20 = "Set.prototype.union ??= function (other) { return new Set([...this, ...other]); };";

/** All jobs of the file, as a pipeline from this source has them. Throws what GitLab's schema says against it. */
export async function readPipeline(file: string, source: Source): Promise<GitlabJob[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-gitlab-"));
  try {
    await copyFile(file, path.join(folder, ".gitlab-ci.yml"));
    await writeFile(path.join(folder, "node-20.mjs"), FOR_NODE_20);
    // It looks at the repository: its branch and remote.
    for (const args of [
      ["init", "--quiet", "--initial-branch", "main"],
      ["remote", "add", "origin", "https://gitlab.example.com/acme/shop.git"],
      ["add", ".gitlab-ci.yml"],
      ["-c", "user.email=dev@example.com", "-c", "user.name=dev", "commit", "--quiet", "--message", "Pipeline"],
      ["update-ref", "refs/remotes/origin/main", "HEAD"],
      ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"],
    ])
      await execute("git", args, { cwd: folder });
    const [listed, expanded] = await Promise.all([
      local(folder, source, "--list-json"),
      local(folder, source, "--preview"),
    ]);
    const jobs: Record<string, any> = parse(expanded);
    return JSON.parse(listed).map(({ name, when, needs = [] }: any) =>
      jobOf(jobs[name], { name, when, needs, variables: jobs["variables"] }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function local(folder: string, source: Source, what: string): Promise<string> {
  const entry = require.resolve("gitlab-ci-local/dist/index.js");
  const options = ["--variable", `CI_PIPELINE_SOURCE=${source}`, "--ignore-predefined-vars", "CI_PIPELINE_SOURCE"];
  const { stdout } = await execute(
    process.execPath,
    ["--import", "./node-20.mjs", entry, what, "--no-color", "--home", folder, ...options],
    { cwd: folder },
  );
  return stdout;
}

interface Listed {
  name: string;
  when: string;
  needs: { job: string }[];
  /** Of the whole pipeline. */
  variables?: Strings;
}

function jobOf(job: any, { name, when, needs, variables }: Listed): GitlabJob {
  const foreign = Object.keys(job).filter((key) => !KNOWN.includes(key));
  if (foreign.length > 0) throw new Error(`${name} has ${foreign.join(", ")}, which is not run here`);
  return {
    name,
    when,
    needs: needs.map((need) => need.job),
    environment: job.environment,
    ...(job.resource_group === undefined ? {} : { resourceGroup: job.resource_group }),
    variables: { ...variables, ...job.variables },
    lines: [...(job.before_script ?? []), ...job.script],
  };
}

export interface GitlabRun {
  code: number;
  output: string;
}

/** Runs the script of a job: all lines in one shell, until one fails. `env` is what the runner and the settings of the project have for it. */
export async function runJob(
  job: GitlabJob,
  { cwd, env, temporary }: { cwd: string; env: Strings; temporary: string },
): Promise<GitlabRun> {
  await mkdir(temporary, { recursive: true });
  return bash(job.lines.join("\n"), path.join(temporary, `${job.name}.sh`), cwd, { ...env, ...job.variables });
}

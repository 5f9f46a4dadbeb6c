// The recipe for GitLab CI as a file: GitLab's schema has nothing against it, each kind of pipeline has its jobs, and nothing is written without an approval
// or a review. What its jobs do, test/engine/gitlab-recipe.test.ts runs.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readPipeline, type GitlabJob, type Source } from "../support/gitlab-file";

const FOLDER = path.resolve(import.meta.dirname, "../../examples/gitlab-ci");
const FILE = path.join(FOLDER, ".gitlab-ci.yml");
const LIMIT_MS = 120_000;

const SOURCES = ["merge_request_event", "push", "schedule"] as const;
const pipelines = new Map<Source, GitlabJob[]>();
const jobsOf = (source: Source): GitlabJob[] => pipelines.get(source)!;

beforeAll(async () => {
  for (const source of SOURCES)
    pipelines.set(
      source,
      (await readPipeline(FILE, source)).filter(({ when }) => when !== "never"),
    );
}, LIMIT_MS);

it("has a review for merge requests, a promotion for the default branch, and a check for schedules", () => {
  const named = (source: Source): string[] => jobsOf(source).map(({ name, when }) => `${name} ${when}`);
  expect(named("merge_request_event")).toEqual(["preview manual"]);
  expect(named("push")).toEqual(["deploy manual", "promote-review on_success", "promote manual"]);
  expect(named("schedule")).toEqual(["drift on_success"]);
});

it("writes only by hand and one at a time, to production only after its review, and never refreshes into an update", () => {
  const all = SOURCES.flatMap(jobsOf);
  for (const { name, when, environment, resourceGroup, lines } of all) {
    const script = lines.join("\n");
    const ups = script.match(/^pulumi up.*/gm) ?? [];
    for (const up of ups) expect(up).not.toContain("--refresh");
    for (const refresh of script.match(/pulumi refresh.*/g) ?? []) expect(refresh).toContain("--preview-only");
    if (ups.length > 0)
      expect([when, environment.action, resourceGroup], name).toEqual(["manual", undefined, environment.name]);
    else expect(environment.action, name).toBe("access");
  }
  const byName = new Map(all.map((job) => [job.name, job]));
  expect(byName.get("promote")!.needs).toEqual(["promote-review"]);
  expect(byName.get("promote-review")!.needs).toEqual(["deploy"]);
  expect(byName.get("promote-review")!.environment.name).toBe("checks");
});

it("is explained: each job, environment and variable", async () => {
  const readme = await readFile(path.join(FOLDER, "README.md"), "utf8");
  for (const source of SOURCES)
    for (const { name, environment } of jobsOf(source)) {
      expect(readme).toContain(`| \`${name}\` |`);
      expect(readme).toContain(`\`${environment.name}\``);
    }
  for (const variable of [
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE",
    "POSTHOG_API_KEY",
    "GITLAB_TOKEN",
  ])
    expect(readme).toContain(`\`${variable}\``);
});

it(
  "is checked by a schema that sees what is wrong",
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "hogflow-wrong-"));
    const wrong = path.join(folder, "wrong.yml");
    await writeFile(wrong, (await readFile(FILE, "utf8")).replace("when: manual", "when: by-hand"));
    await expect(readPipeline(wrong, "push")).rejects.toThrow(/when/);
    await rm(folder, { recursive: true });
  },
  LIMIT_MS,
);

// tools/package-links.mjs: what it writes into package.json and README.md before a package is packed. test/workflows/steps.test.ts packs with it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

const SCRIPT = path.resolve(import.meta.dirname, "../../tools/package-links.mjs");
const ACTIONS = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "acme/hogflow" };
const README =
  'See [the guide](docs/guide.md#flows), [docs](docs/), [PostHog](https://posthog.com) and [below](#below).\n\n```md\n[a](docs/guide.md)\n```\n\n<img src="docs/flow.png">\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "hogflow-links-"));
  mkdirSync(path.join(folder, "docs"));
  for (const file of ["docs/guide.md", "docs/flow.png"]) writeFileSync(path.join(folder, file), "");
  writeFileSync(path.join(folder, "README.md"), README);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(manifest: object, env: object): { status: number | null; stderr: string; manifest: any; readme: string } {
  const file = path.join(folder, "package.json");
  writeFileSync(file, JSON.stringify({ version: "1.2.3", ...manifest }));
  const { PATH } = process.env;
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, folder], { env: { PATH, ...env }, encoding: "utf8" });
  return {
    status,
    stderr,
    manifest: JSON.parse(readFileSync(file, "utf8")),
    readme: readFileSync(path.join(folder, "README.md"), "utf8"),
  };
}

it("leads to the repository that the workflow runs in, at the tag of the version", () => {
  const { status, manifest, readme } = run({}, ACTIONS);
  expect(status).toBe(0);
  expect(manifest).toEqual({
    version: "1.2.3",
    repository: { type: "git", url: "git+https://github.com/acme/hogflow.git" },
    bugs: { url: "https://github.com/acme/hogflow/issues" },
    homepage: "https://github.com/acme/hogflow#readme",
  });
  expect(readme).toBe(
    README.replace("docs/guide.md#flows", "https://github.com/acme/hogflow/blob/v1.2.3/docs/guide.md#flows")
      .replace("(docs/)", "(https://github.com/acme/hogflow/tree/v1.2.3/docs)")
      .replace("docs/flow.png", "https://github.com/acme/hogflow/raw/v1.2.3/docs/flow.png"),
  );
});

it("keeps what package.json says, which comes before the workflow", () => {
  const own = { repository: "https://git.example.org/flows/hogflow.git", homepage: "https://example.org" };
  const { manifest, readme } = run(own, ACTIONS);
  expect(manifest).toMatchObject({ ...own, bugs: { url: "https://git.example.org/flows/hogflow/issues" } });
  expect(readme).toContain("(https://git.example.org/flows/hogflow/blob/v1.2.3/docs/guide.md#flows)");
});

it("changes nothing where nobody knows the address, or a link leads nowhere", () => {
  const unknown = run({}, {});
  expect(unknown).toMatchObject({ status: 1, manifest: { version: "1.2.3" }, readme: README });
  expect(unknown.stderr).toContain("GITHUB_REPOSITORY");
  const odd = run({ repository: "github:acme/hogflow" }, ACTIONS);
  expect(odd).toMatchObject({ status: 1, readme: README });
  rmSync(path.join(folder, "docs/guide.md"));
  expect(run({}, ACTIONS)).toMatchObject({ status: 1, manifest: { version: "1.2.3" }, readme: README });
});

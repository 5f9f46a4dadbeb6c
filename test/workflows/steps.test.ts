// Every `run` step of the workflows in .github that can run outside GitHub, run from its file. What cannot is listed below
// with the reason, so that a new step is either run here or explained. test/workflows/files.test.ts checks the files.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { build } from "../../tools/build.mjs";
import { PLATFORMS } from "../../tools/plugin-archive.mjs";
import { bash } from "../support/workflow-file";

const REPOSITORY = path.resolve(import.meta.dirname, "../..");
const WORKFLOWS = path.join(REPOSITORY, ".github/workflows");
const LIMIT_MS = 300_000;
/** What tools/try-package.mjs ends with where npm cannot install, and how npm says that it has no network. */
const NOT_INSTALLED = 3;
const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED/;

/** By `file/job/step`. Every other step runs in a test below. */
const NOT_RUN: Record<string, string> = {
  "test.yml/suites/Install packages": "`npm ci`: it is how this checkout came to its packages",
  "test.yml/suites/All suites": "`npm test`: it is what runs this test",
  "test.yml/suites/Suites that run on Windows": "part of the same; files.test.ts checks its names",
  "test.yml/pack/Install packages": "`npm ci`",
  "acceptance.yml/acceptance/Install packages": "`npm ci`",
  "fuzz.yml/fuzz/Install packages": "`npm ci`",
  "site.yml/site/Install packages": "`npm ci`",
};
const RUN = new Set<string>();
/** What a checkout has that the package is made from or leads to; the build is in it, too. */
const CHECKED_OUT = [
  ...["package.json", "package-lock.json", "dist", "docs", "examples", "tools"],
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "LICENSE"],
];

interface Step {
  name?: string;
  run?: string;
  env?: Record<string, string>;
}
interface Context {
  cwd: string;
  env?: Record<string, string>;
  /** The values of expressions, by their text. Any other throws. */
  expressions?: Record<string, string>;
}
interface Ended {
  code: number;
  output: string;
  summary: string;
}

let root: string;
let bin: string;
let temporary: string;

function stepsOf(file: string): [string, any, Step][] {
  const { jobs } = parse(readFileSync(path.join(WORKFLOWS, file), "utf8"));
  return Object.entries<any>(jobs).flatMap(([job, value]) =>
    (value.steps ?? []).flatMap((step: Step) => (step.run ? [[`${file}/${job}/${step.name}`, value, step]] : [])),
  );
}

/** Runs a step as GitHub does: with the environment of its job, and files for what it reports. */
async function run(
  file: string,
  job: string,
  name: string,
  { cwd, env = {}, expressions = {} }: Context,
): Promise<Ended> {
  const id = `${file}/${job}/${name}`;
  const [, definition, step] = stepsOf(file).find(([found]) => found === id)!;
  RUN.add(id);
  const resolve = (text: string): string =>
    text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
      if (expressions[expression] === undefined) throw new Error(`${id}: \${{ ${expression} }} is not known here`);
      return expressions[expression];
    });
  const given = Object.entries<string>({ ...definition.env, ...step.env }).map(([key, text]) => [key, resolve(text)]);
  const summary = path.join(temporary, "summary.md");
  writeFileSync(summary, "");
  const own = Object.entries(process.env).filter(
    ([key]) => !/^(npm_|NODE_|VITEST|INIT_CWD|GITHUB_|POSTHOG_)/i.test(key),
  );
  const ended = await bash(step.run!, path.join(temporary, "step.sh"), cwd, {
    ...Object.fromEntries(own),
    PATH: [bin, process.env["PATH"]].join(path.delimiter),
    HOME: temporary,
    RUNNER_TEMP: temporary,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/hogflow",
    GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
    ...Object.fromEntries(given),
    ...env,
  });
  return { ...ended, summary: readFileSync(summary, "utf8") };
}

/** Replaces a command that would reach the network: it records its arguments. */
function standIn(name: string, script = ""): void {
  const note = `printf '%s\\n' "$*" >> "${path.join(temporary, `${name}.calls`)}"`;
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${note}\n${script}\n`, { mode: 0o755 });
}
const calls = (name: string): string[] => {
  const file = path.join(temporary, `${name}.calls`);
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
};
const real = (command: string): string => spawnSync("which", [command], { encoding: "utf8" }).stdout.trim();

beforeAll(async () => {
  await build();
  root = mkdtempSync(path.join(os.tmpdir(), "hogflow-workflows-"));
}, LIMIT_MS);
afterAll(() => rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }), LIMIT_MS);
beforeEach(() => {
  temporary = mkdtempSync(path.join(root, "run-"));
  bin = path.join(temporary, "bin");
  mkdirSync(bin);
});

describe("test.yml", () => {
  it(
    "packs the build with the address of the repository and its bill of materials, and tries the package with the oldest TypeScript",
    async () => {
      // A checkout with the build in it: `npm run build` is what the set-up of this file does.
      const checkout = path.join(temporary, "checkout");
      mkdirSync(checkout);
      for (const name of CHECKED_OUT) {
        cpSync(path.join(REPOSITORY, name), path.join(checkout, name), {
          recursive: true,
          filter: (file) => path.basename(file) !== "node_modules",
        });
      }
      standIn("npm", `[ "$*" = "run build" ] || exec "${real("npm")}" "$@"`);
      for (const step of ["Build", "Pack"]) {
        const { code, output } = await run("test.yml", "pack", step, { cwd: checkout });
        expect(code, output).toBe(0);
      }
      // The build has the address, too: the plugin's schema says it.
      expect(calls("npm").slice(0, 2)).toEqual([expect.stringMatching(/^pkg set repository\.type=git /), "run build"]);
      const archives = readdirSync(path.join(checkout, "package"));
      const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
      expect(archives).toEqual([`pulumi-hogflow-${version}.tgz`, "sbom.cdx.json"]);
      const unpacked = (file: string): string =>
        spawnSync("tar", ["xzOf", path.join(checkout, "package", archives[0]!), `package/${file}`], {
          encoding: "utf8",
        }).stdout;
      expect(JSON.parse(unpacked("package.json"))).toMatchObject({
        repository: { type: "git", url: "git+https://github.com/acme/hogflow.git" },
        bugs: { url: "https://github.com/acme/hogflow/issues" },
        homepage: "https://github.com/acme/hogflow#readme",
      });
      const readme = unpacked("README.md");
      expect(readme).toContain(`](https://github.com/acme/hogflow/blob/v${version}/docs/guide.md)`);
      // Nothing leads to a file that is not in the package.
      expect(readme.match(/\]\((?!https?:|#)[^)]*\)|src="(?!https:)[^"]*"/g)).toBeNull();
      const bill = JSON.parse(readFileSync(path.join(checkout, "package/sbom.cdx.json"), "utf8"));
      expect(bill.metadata.component).toMatchObject({ name: "pulumi-hogflow", version });

      // The newest is in test/engine/package.test.ts, with the engine.
      const { typescript } = parse(readFileSync(path.join(WORKFLOWS, "test.yml"), "utf8")).jobs.package.strategy.matrix;
      const oldest: string = typescript[0];
      rmSync(path.join(bin, "npm"));
      const tried = await run("test.yml", "package", "Install it, compile with it, run it", {
        cwd: checkout,
        expressions: { "matrix.typescript": oldest },
      });
      if (tried.code === NOT_INSTALLED && NO_NETWORK.test(tried.output)) {
        console.log(`npm cannot install here, so the package is not tried: ${tried.output.slice(-300)}`);
        return;
      }
      expect(tried.code, tried.output).toBe(0);
      expect(tried.output).toContain(`TypeScript ${oldest}.`);
      expect(tried.output.trimEnd().split("\n").at(-1)).toBe("it simulates");
    },
    LIMIT_MS,
  );

  it.each([
    ["success success success", 0],
    ["success failure success", 1],
    ["success success cancelled", 1],
    ["failure skipped success", 1],
  ])("says of %s whether all passed", async (results, expected) => {
    const expressions = { "join(needs.*.result, ' ')": results };
    const { code } = await run("test.yml", "passed", "Results", { cwd: temporary, expressions });
    expect(code).toBe(expected);
  });
});

describe("fuzz.yml", () => {
  const inputs = (seed: string, cycles: string, transport = "dynamic"): Record<string, string> => ({
    "inputs.seed || github.run_id": seed,
    "inputs.cycles || '20000'": cycles,
    "matrix.transport": transport,
  });

  it.each(["dynamic", "plugin"])(
    "fuzzes on the transport %s, with the number of the run as its seed, and prints it",
    async (transport) => {
      const expressions = inputs("20123456789", "3", transport);
      const { code, output, summary } = await run("fuzz.yml", "fuzz", "Fuzz", { cwd: REPOSITORY, expressions });
      expect(code, output).toBe(0);
      expect(summary).toContain(`npm run fuzz -- --seed 20123456789 --cycles 3 --transport ${transport}`);
      expect(output.includes("--seed 20123456790 --cycles 3 --transport plugin")).toBe(transport === "plugin");
      expect(readFileSync(path.join(temporary, "fuzz.log"), "utf8")).toMatch(/seed 20123456789: \d+ cycles/);
    },
    LIMIT_MS,
  );

  it("fails with the fuzz, keeps its log, and lists the replays", async () => {
    const replay = 'npm run fuzz -- --seed 7 --replay "p.abc,u.def"';
    standIn("npm", `echo '  ${replay}'; exit 1`);
    const expressions = inputs("7", "10");
    const fuzzed = await run("fuzz.yml", "fuzz", "Fuzz", { cwd: temporary, expressions });
    expect(fuzzed.code).toBe(1);
    expect(readFileSync(path.join(temporary, "fuzz.log"), "utf8")).toContain(replay);
    const replays = await run("fuzz.yml", "fuzz", "Replays", { cwd: temporary, expressions });
    expect(replays.code, replays.output).toBe(0);
    expect(replays.summary).toContain(`\`\`\`\n${replay}\n\`\`\``);
  });

  it("says so where there is no replay, or no log", async () => {
    const { code, output, summary } = await run("fuzz.yml", "fuzz", "Replays", {
      cwd: temporary,
      expressions: inputs("7", "10"),
    });
    expect(code, output).toBe(0);
    expect(summary).toContain("none: the log says why");
  });
});

describe("acceptance.yml", () => {
  const given = (key: string): Record<string, string> => ({
    "secrets.POSTHOG_ACCEPTANCE_KEY": key,
    "vars.POSTHOG_ACCEPTANCE_HOST": "https://eu.posthog.com",
    "vars.POSTHOG_ACCEPTANCE_PROJECT": "12345",
  });
  const accept = (key: string) =>
    run("acceptance.yml", "acceptance", "Accept", { cwd: temporary, expressions: given(key) });

  it("tries nothing without a key, and says so", async () => {
    standIn("npm", "exit 9");
    const { code, summary } = await accept("");
    expect([code, summary]).toEqual([0, "The secret POSTHOG_ACCEPTANCE_KEY is not set: nothing was tried.\n"]);
  });

  it("fails where something differs, and shows the report", async () => {
    standIn(
      "npm",
      `[ "$*" = "run acceptance -- --report $RUNNER_TEMP/acceptance" ] || exit 9
mkdir "$RUNNER_TEMP/acceptance" && echo "$POSTHOG_HOST $POSTHOG_PROJECT_ID" > "$RUNNER_TEMP/acceptance/report.md"
exit 2`,
    );
    const { code, output, summary } = await accept("phx_key");
    expect([code, summary], output).toEqual([2, "https://eu.posthog.com 12345\n"]);
    expect(output).not.toContain("phx_key");
  });

  it("fails where nothing could be tried, without a report", async () => {
    standIn("npm", "exit 1");
    expect(await accept("phx_key")).toMatchObject({ code: 1, summary: "" });
  });
});

describe("release.yml", () => {
  const CHANGELOG = "# Changelog\n\n## 1.2.3\n\n- One.\n- Two: `## not a heading`.\n\n## 1.2.2\n\n- Old.\n";
  const notes = (
    tag: string,
    { version = "1.2.3", changelog = CHANGELOG, template = "", pending = "" } = {},
  ): Promise<Ended> => {
    cpSync(path.join(REPOSITORY, "tools/release-notes.mjs"), path.join(temporary, "tools/release-notes.mjs"));
    for (const folder of ["template", ".changeset"]) mkdirSync(path.join(temporary, folder));
    writeFileSync(
      path.join(temporary, "template/package.json"),
      JSON.stringify({ dependencies: { a: template || `^${version}` } }),
    );
    if (pending !== "") writeFileSync(path.join(temporary, ".changeset", pending), "");
    writeFileSync(path.join(temporary, "package.json"), JSON.stringify({ name: "a", version }));
    writeFileSync(
      path.join(temporary, "package-lock.json"),
      JSON.stringify({ version, packages: { "": { version } } }),
    );
    writeFileSync(path.join(temporary, "CHANGELOG.md"), changelog);
    return run("release.yml", "check", "Notes", { cwd: temporary, env: { GITHUB_REF_NAME: tag } });
  };

  it("takes the notes of the tag's version out of the changelog", async () => {
    const { code, output } = await notes("v1.2.3");
    expect(code, output).toBe(0);
    expect(readFileSync(path.join(temporary, "notes.md"), "utf8")).toBe("- One.\n- Two: `## not a heading`.\n");
  });

  it.each([
    ["another version in package.json", "v1.2.4", {}, "package.json has version 1.2.3, and the tag is v1.2.4"],
    ["a tag that is no version", "v1.2", {}, "v1.2 is not a tag of a release"],
    ["a version that the changelog does not have", "v1.3.0", { version: "1.3.0" }, 'no heading "## 1.3.0"'],
    [
      "one that is only the beginning of another",
      "v1.2.0",
      { version: "1.2.0", changelog: "## 1.2.0-rc.1\n- One.\n" },
      "no heading",
    ],
    ["a change that no version has yet", "v1.2.3", { pending: "one.md" }, "in no version yet: one.md"],
    ["another version in the template", "v1.2.3", { template: "^1.2.2" }, "template/package.json has version 1.2.2"],
    [
      "one that it says nothing about",
      "v1.2.3",
      { changelog: "## 1.2.3\n\n## 1.2.2\n- Old.\n" },
      "says nothing about 1.2.3",
    ],
  ])("stops at %s", async (_, tag, given, message) => {
    const { code, output } = await notes(tag, given);
    expect(output).toContain(message);
    expect(code).toBe(1);
  });

  it("has something to say about the version of this checkout", async () => {
    const version: string = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8")).version;
    const changelog = readFileSync(path.join(REPOSITORY, "CHANGELOG.md"), "utf8");
    const { code, output } = await notes(`v${version}`, { version, changelog });
    expect(code, output).toBe(0);
    expect(output.trim().length).toBeGreaterThan(100);
  });

  const publish = async (tag: string, token: string): Promise<Ended> => {
    mkdirSync(path.join(temporary, "package"));
    writeFileSync(path.join(temporary, "package/pulumi-hogflow-1.2.3.tgz"), "");
    standIn("npm");
    const expressions = { "secrets.NPM_TOKEN": token };
    return run("release.yml", "publish", "Publish", { cwd: temporary, env: { GITHUB_REF_NAME: tag }, expressions });
  };

  it("publishes with provenance, without any token", async () => {
    const { code, output } = await publish("v1.2.3", "");
    expect(code, output).toBe(0);
    expect(calls("npm")).toEqual([
      "publish ./package/pulumi-hogflow-1.2.3.tgz --provenance --access public --tag latest",
    ]);
    expect(existsSync(path.join(temporary, ".npmrc"))).toBe(false);
  });

  it("publishes the first version with a token, which is written nowhere, and a pre-release under next", async () => {
    const { code, output } = await publish("v1.2.3-rc.1", "npm_made_up");
    expect(code, output).toBe(0);
    expect(calls("npm")[0]).toMatch(/--tag next$/);
    expect(readFileSync(path.join(temporary, ".npmrc"), "utf8")).toBe(
      "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n",
    );
    expect(output).not.toContain("npm_made_up");
  });

  it(
    "makes the plugin of the package that the tests tried, with Node inside, and starts it",
    async () => {
      const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, "package.json"), "utf8"));
      const packed = spawnSync("npm", ["pack", "--ignore-scripts", "--silent"], { cwd: REPOSITORY, encoding: "utf8" });
      mkdirSync(path.join(temporary, "package"));
      const file = packed.stdout.trim();
      renameSync(path.join(REPOSITORY, file), path.join(temporary, "package", file));
      for (const name of ["plugin-archive", "try-archive"])
        cpSync(path.join(REPOSITORY, `tools/${name}.mjs`), path.join(temporary, `tools/${name}.mjs`));
      // This machine's Node may have come without its licence.
      const license = path.join(REPOSITORY, "LICENSE");
      standIn(
        "node",
        `case $1 in *plugin-archive*) set -- "$@" --license "${license}" ;; esac; exec "${process.execPath}" "$@"`,
      );
      const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
      const { code, output } = await run(
        "release.yml",
        "archives",
        "Make it of the package that the tests tried, and start it",
        {
          cwd: temporary,
          expressions: { "matrix.platform": platform },
        },
      );
      expect(code, output).toBe(0);
      const archive = `pulumi-resource-hogflow-v${version}-${platform}.tar.gz`;
      expect(readdirSync(path.join(temporary, "archives"))).toEqual([archive]);
      expect(output).toMatch(
        new RegExp(`^${archive} starts without Node on PATH, in \\d+ ms, and says that it is ${version}\\.$`, "m"),
      );
    },
    LIMIT_MS,
  );

  it("sums up all archives, as sha256sum and shasum read it", async () => {
    for (const platform of PLATFORMS) {
      mkdirSync(path.join(temporary, `archive-${platform}`));
      writeFileSync(path.join(temporary, `archive-${platform}`, `${platform}.tar.gz`), platform);
    }
    const { code, output } = await run("release.yml", "release", "Checksums", { cwd: temporary });
    expect(code, output).toBe(0);
    const sums = PLATFORMS.map((platform) => {
      const name = `${platform}.tar.gz`;
      return `${createHash("sha256").update(platform).digest("hex")}  ${name}`;
    });
    const written = readFileSync(path.join(temporary, "archives/SHA256SUMS"), "utf8").trim().split("\n");
    expect(written.sort()).toEqual(sums.sort());
  });

  it.each([
    ["v1.2.3", ""],
    ["v1.2.3-rc.1", " --prerelease"],
  ])(
    "makes a release of %s with the notes, the package and its bill of materials, and the plugin with its checksums",
    async (tag, more) => {
      for (const [folder, file] of [
        ["package", "a.tgz"],
        ["package", "sbom.cdx.json"],
        ["notes", "notes.md"],
        ["archives", "b.tar.gz"],
        ["archives", "SHA256SUMS"],
      ] as const) {
        mkdirSync(path.join(temporary, folder), { recursive: true });
        writeFileSync(path.join(temporary, folder, file), "");
      }
      standIn("gh");
      const expressions = { "github.token": "ghs_test", "github.repository": "acme/hogflow" };
      const { code, output } = await run("release.yml", "release", "Release", {
        cwd: temporary,
        env: { GITHUB_REF_NAME: tag },
        expressions,
      });
      expect(code, output).toBe(0);
      expect(calls("gh")).toEqual([
        `release create ${tag} package/a.tgz package/sbom.cdx.json archives/SHA256SUMS archives/b.tar.gz --verify-tag --title ${tag} --notes-file notes/notes.md${more}`,
      ]);
    },
  );
});

describe("site.yml", () => {
  const git = (cwd: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync("git", args, { cwd, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout;
  };

  /** A checkout with a remote, whose site is built by a stand-in: test/browser/site.test.ts builds the real one. */
  function makeCheckout(): { checkout: string; remote: string } {
    const [checkout, remote] = [path.join(temporary, "checkout"), path.join(temporary, "remote.git")];
    git(temporary, "init", "--quiet", "--bare", remote);
    git(temporary, "init", "--quiet", checkout);
    git(checkout, "remote", "add", "origin", remote);
    return { checkout, remote };
  }

  const publish = async (tag: string, cwd: string, address: string): Promise<Ended> => {
    rmSync(path.join(temporary, "pages"), { recursive: true, force: true });
    standIn("gh", address === "" ? `case "$1" in api) exit 1;; esac` : `case "$1" in api) echo ${address};; esac`);
    standIn("npm", `mkdir -p "$5/${tag}" && echo "$7" > "$5/${tag}/index.html"`);
    const expressions = { "github.token": "ghs_test", "inputs.tag || github.ref_name": tag };
    let ended: Ended | undefined;
    for (const step of ["Published versions", "Build", "Publish"]) {
      ended = await run("site.yml", "site", step, { cwd, expressions });
      expect(ended.code, `${step}: ${ended.output}`).toBe(0);
    }
    return ended!;
  };

  it("begins the branch, and puts each version beside those before it", async () => {
    const { checkout, remote } = makeCheckout();
    await publish("v1.0.0", checkout, "https://docs.example.org/");
    expect(git(remote, "show", "gh-pages:v1.0.0/index.html")).toBe("https://docs.example.org/\n");
    expect(calls("gh")).toContain("auth setup-git");
    // Where GitHub does not know yet: the address that a project has.
    await publish("v1.1.0", checkout, "");
    expect(git(remote, "ls-tree", "-r", "--name-only", "gh-pages").trim().split("\n")).toEqual([
      "v1.0.0/index.html",
      "v1.1.0/index.html",
    ]);
    expect(git(remote, "show", "gh-pages:v1.1.0/index.html")).toBe("https://acme.github.io/hogflow/\n");
    expect(git(remote, "log", "--format=%s", "gh-pages").trim().split("\n")).toEqual([
      "Site of v1.1.0",
      "Site of v1.0.0",
    ]);
    // A second run changes nothing, and says so.
    const again = await publish("v1.1.0", checkout, "");
    expect(again.output).toContain("Nothing has changed.");
    expect(git(remote, "rev-list", "--count", "gh-pages").trim()).toBe("2");
  });
});

it("is every step that can run here", () => {
  const all = readdirSync(WORKFLOWS).flatMap((file) => stepsOf(file).map(([id]) => id));
  expect(all.filter((id) => !RUN.has(id)).sort()).toEqual(Object.keys(NOT_RUN).sort());
});

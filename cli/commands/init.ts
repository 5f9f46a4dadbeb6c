// `hogflow init`: from an empty folder, or a Pulumi project, to a first preview.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { configuredHost, configuredProject, DEFAULT_HOST, filled, normalHost } from "../../definition/target";
import { oneLine } from "../../definition/plain-text";
import { shownOfProgram, type ShownFinding } from "../../operate/findings/shown";
import { initProject, refuseOther, type InitReport } from "../../operate/init/init";
import {
  PACKAGE_MANAGERS,
  packageManagerOf,
  runsHogflow,
  type PackageManager,
} from "../../operate/init/package-managers";
import { readProjectFiles } from "../../operate/init/project-files";
import { CI_SYSTEMS, type CiSystem } from "../../operate/init/recipes";
import { managerVersion } from "../../operate/init/run";
import { nearest, projectAbove, readProgram } from "../../operate/project/program";
import { openWorkspace } from "../../operate/workspace";
import { choice, defineCommand, flag, optionalArgument, parsed, type Context } from "../define";
import { DONE, FOUND } from "../exit-codes";
import { findingLines, programVerdict } from "../findings-text";
import { Misuse } from "../failure";
import type { Io } from "../io";
import { counted } from "../texts";

const DEFAULT_STACK = "dev";

const number = (text: string): string => {
  if (!/^\d+$/.test(text)) throw new Error(`must be a number, not "${text}"`);
  return text;
};

/** As Pulumi takes them. */
const name = (text: string): string => {
  if (!/^[\w.-]{1,100}$/.test(text))
    throw new Error(`may hold letters, digits, hyphens, underscores and periods, and "${text}" holds something else`);
  return text;
};

/** A stack, with its organisation where one is named. */
const stackName = (text: string): string => {
  for (const part of text.split("/")) name(part);
  return text;
};

const host = (text: string): string => {
  const normal = normalHost(text);
  if ("why" in normal) throw new Error(`cannot be used: ${normal.why}`);
  return normal.host;
};

export const init = defineCommand({
  name: "init",
  summary: "set up a project for workflows, in an empty folder or in a Pulumi project",
  description:
    "Writes what a Pulumi project for workflows needs and does not have: Pulumi.yaml, package.json, tsconfig.json, the program with an example flow or with the flows that PostHog has (--pull), sample people for reviews, the settings of the stack, and pipelines (--ci). " +
    "Then it installs the packages, selects the stack, checks everything as `hogflow doctor` does, and runs the program as `hogflow validate` does. In a terminal it asks for what it does not know. No file is overwritten: package.json, tsconfig.json, the main file and the settings only get what they lack, and a second run finds nothing to do. " +
    "The example needs neither key nor network; it is created as a draft, which no one enters.",
  arguments: {
    dir: optionalArgument("folder of the project; made where it does not exist (default: the current one)"),
  },
  options: {
    name: parsed("<name>", "name of a new Pulumi project (default: that of the folder)", name),
    stack: parsed(
      "<name>",
      `stack to select, and to create if there is none (default: the selected one, or ${DEFAULT_STACK})`,
      stackName,
    ),
    projectId: parsed(
      "<id>",
      "PostHog project: the number in the address of its pages (default: POSTHOG_PROJECT_ID)",
      number,
    ),
    host: parsed("<url>", `PostHog's address (default: POSTHOG_HOST, or ${DEFAULT_HOST})`, host),
    sender: parsed("<id>", "e-mail integration in PostHog that sends the example's e-mails", number),
    pull: flag("begin with the flows that PostHog has; needs a key"),
    example: flag("begin with an example flow (default)"),
    ci: choice("<system>", "write pipelines that preview, review, deploy and look for drift", CI_SYSTEMS),
    packageManager: choice(
      "<name>",
      "package manager (default: that of the lock file, or the one that runs this command)",
      PACKAGE_MANAGERS,
    ),
    skipInstall: flag("do not install packages"),
  },
  needs: ["consent"],
  json: "{dir, files: [{path, action, changes}], installed, missing, stack, checks, findings, toDo: [{what, why, fix, until}], next}; action is created, changed or kept; until is preview or live",
  exitCodes: {
    0: "the project is ready for a preview",
    2: "something is left to do before a preview, a check failed, or the program has errors",
  },
  examples: [
    {
      command: "hogflow init my-flows --project-id 12345",
      does: "makes a project with an example in the folder my-flows",
    },
    {
      command: "hogflow init --pull --ci github",
      does: "adds the flows that PostHog has, and workflows for GitHub, to the project in this folder",
    },
    {
      command: "hogflow init . --yes --skip-install --json",
      does: "asks nothing, writes files only, and says what was written",
    },
  ],
  async run(context, { dir: given, pull, example, skipInstall, ...values }) {
    const { io, signal, print } = context;
    if (pull && example)
      throw new Misuse({ what: "--pull and --example were given", fix: "Give one: what does the project begin with?" });
    const dir = path.resolve(context.cwd, given ?? ".");
    if (given === undefined) refuseFolderInside(dir);
    refuseOther(dir);
    const answers = await answersFor(context, { dir, pull, example, ...values });
    const report = await initProject({
      ...answers,
      dir,
      files: readProjectFiles(),
      install: !skipInstall,
      env: io.env,
      signal,
      terminal: io.interactive && !context.confirmed,
      progress: (text) => io.progress(text),
    });
    const { cwd } = context;
    const { packageManager, stack } = answers;
    const next = nextSteps(report, { cwd, packageManager, stackName: stack });
    const files = report.files.map((file) => ({ ...file, path: shown(file.path, cwd) }));
    const { program, ...done } = report;
    const findings = program === undefined ? [] : shownOfProgram(program, readProgram(dir).programDir, cwd);
    const data = { ...done, files, findings, next };
    print(data, () => text(report, { findings, next, cwd, io, packageManager }));
    const isReady =
      data.toDo.every(({ until }) => until !== "preview") &&
      data.checks.every(({ verdict }) => verdict !== "failed") &&
      findings.every(({ severity }) => severity !== "error");
    return isReady ? DONE : FOUND;
  },
});

const shown = (file: string, cwd: string): string => path.relative(cwd, file) || ".";

/** In a folder of a project, such as its `flows`, the project itself is meant. */
function refuseFolderInside(dir: string): void {
  const above = projectAbove(dir);
  if (above === undefined || above === dir) return;
  throw new Misuse({
    what: `This folder is inside the Pulumi project ${above}`,
    why: "Pulumi would find two projects here",
    fix: `Run this in ${above}, or name this folder to make a project of its own: hogflow init .`,
  });
}

interface Given {
  dir: string;
  name?: string;
  stack?: string;
  projectId?: string;
  host?: string;
  sender?: string;
  pull: boolean;
  example: boolean;
  ci?: CiSystem;
  packageManager?: PackageManager;
}

interface Answers {
  name: string;
  stack: string;
  projectId?: string;
  host?: string;
  sender?: string;
  begin: "pull" | "example";
  ci: CiSystem;
  packageManager: PackageManager;
  managerVersion?: string;
}

/** What was given, what the project and the environment say, and the answers to what neither says. */
async function answersFor({ io, signal, confirmed }: Context, given: Given): Promise<Answers> {
  const { dir } = given;
  const program = existsSync(dir) ? readProgram(dir) : undefined;
  const workspace = program?.projectFile === undefined ? undefined : openWorkspace({ cwd: dir, env: io.env, signal });
  const ask = async (question: string, fallback: string, check?: (text: string) => unknown): Promise<string> =>
    confirmed ? fallback : io.ask(question, { fallback, check, signal });

  const packageManager =
    given.packageManager ?? packageManagerOf({ dir, package: program?.package ?? {}, env: io.env });
  const projectName = workspace?.project ?? given.name ?? (await ask("Name of the Pulumi project", nameOf(dir), name));
  const stack =
    given.stack ??
    (workspace?.stack && ownStack(workspace.stack)) ??
    (await ask("Name of the stack", DEFAULT_STACK, stackName));
  const settings =
    workspace === undefined
      ? { config: {}, env: io.env }
      : await openWorkspace({ cwd: dir, env: io.env, signal, stack }).settings();
  const configured = configuredProject(settings);
  const projectId =
    given.projectId ??
    configured ??
    (await ask("PostHog project: the number in the address of its pages (empty: set it later)", "", number));
  const knownHost = given.host ?? filled(settings.config["posthog:host"]) ?? filled(io.env["POSTHOG_HOST"]);
  const hostName =
    knownHost ??
    (configured === undefined ? await ask("Address of PostHog", configuredHost(settings), host) : undefined);
  const managed = await managerVersion(packageManager, {
    cwd: existsSync(dir) ? dir : path.dirname(dir),
    env: io.env,
    signal,
  });
  const hasKey = filled(io.env["POSTHOG_API_KEY"]) !== undefined && projectId !== "";
  const isNew = program?.projectFile === undefined;
  const begin =
    given.pull ||
    (!given.example &&
      isNew &&
      hasKey &&
      /^p/i.test(
        await ask("Begin with the flows that PostHog has (pull), or with an example", "example", pullOrExample),
      ))
      ? "pull"
      : "example";
  const ci =
    given.ci ??
    (isNew
      ? ((await ask(
          `Pipelines: ${CI_SYSTEMS.join(", ")}`,
          confirmed || !io.interactive ? "none" : ciOf(dir),
          ciSystem,
        )) as CiSystem)
      : "none");
  const sender =
    given.sender ??
    (begin === "example" && isNew
      ? await ask("E-mail integration in PostHog that sends: its id (empty: set it later)", "", number)
      : "");
  return {
    name: projectName,
    stack,
    begin,
    ci,
    packageManager,
    ...(projectId === "" ? {} : { projectId }),
    ...(hostName === undefined ? {} : { host: host(hostName) }),
    ...(sender === "" ? {} : { sender }),
    ...(managed === undefined ? {} : { managerVersion: managed }),
  };
}

const pullOrExample = (text: string): void => {
  if (!/^(p(ull)?|e(xample)?)$/i.test(text)) throw new Error(`must be pull or example, not "${text}"`);
};

const ciSystem = (text: string): void => {
  if (!CI_SYSTEMS.some((system) => system === text))
    throw new Error(`must be one of ${CI_SYSTEMS.join(", ")}, not "${text}"`);
};

/** Where Pulumi keeps state in storage of one's own, every stack has the same organisation, which nobody types. */
const ownStack = (stack: string): string => stack.replace(/^organization\/[^/]+\//, "");

/** Names of projects take fewer characters than those of folders. */
const nameOf = (dir: string): string =>
  path
    .basename(dir)
    .toLowerCase()
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-._]+|[-._]+$/g, "") || "workflows";

/** Where the repository's remote is. */
function ciOf(dir: string): CiSystem {
  const root = nearest(dir, (folder) => existsSync(path.join(folder, ".git", "config")));
  if (root === undefined) return "none";
  const config = readFileSync(path.join(root, ".git", "config"), "utf8");
  const remote = /^\s*url\s*=\s*(.+)$/m.exec(config)?.[1] ?? "";
  return remote.includes("gitlab") ? "gitlab" : remote.includes("github") ? "github" : "none";
}

/** Commands, in their order. */
function nextSteps(
  { dir, stack, missing }: InitReport,
  { cwd, packageManager, stackName: wanted }: { cwd: string; packageManager: PackageManager; stackName: string },
): string[] {
  return [
    ...(path.relative(cwd, dir) === "" ? [] : [`cd ${path.relative(cwd, dir)}`]),
    ...(missing.length > 0 ? [`${packageManager} install`] : []),
    ...(stack === undefined ? [`pulumi stack select ${wanted} --create`] : []),
    "pulumi preview",
  ];
}

const ACTIONS = { created: "Created", changed: "Changed" } as const;

function text(
  { files, installed, stack, checks, toDo, program }: InitReport,
  {
    findings,
    next,
    cwd,
    io,
    packageManager,
  }: {
    findings: readonly ShownFinding[];
    next: readonly string[];
    cwd: string;
    io: Io;
    packageManager: PackageManager;
  },
): string {
  const written = files.flatMap(({ path: file, action, changes }) =>
    action === "kept"
      ? []
      : [
          `${io.style(ACTIONS[action].padEnd(10), "green")}${shown(file, cwd)}${changes.length > 0 ? `: ${changes.join("; ")}` : ""}`,
        ],
  );
  const kept = files.length - written.length;
  const wrong = checks.filter(({ verdict }) => verdict === "failed" || verdict === "warning");
  const left = [
    ...toDo.map(({ what, why, fix, until }) => ({
      head: io.style(until === "preview" ? "to do" : "before it goes live", "yellow"),
      what,
      why,
      fix,
    })),
    ...wrong.map(({ name: check, verdict, what, fix }) => ({
      head: `${io.style(verdict, verdict === "failed" ? "red" : "yellow")} ${check}`,
      what,
      why: undefined,
      fix: fix ?? "",
    })),
  ];
  const hasPipelines = files.some(
    ({ path: file, action }) =>
      action === "created" && file.endsWith(".yml") && /hogflow-|gitlab/.test(path.basename(file)),
  );
  return [
    ...written,
    ...(written.length === 0 ? ["Nothing to write: the project has everything."] : []),
    ...(written.length > 0 && kept > 0
      ? [`${counted(kept, "file")} kept as ${kept === 1 ? "it is" : "they are"}.`]
      : []),
    ...(installed.length > 0 ? [`${io.style("Installed", "green")} ${installed.join(", ")}`] : []),
    ...(stack === undefined ? [] : [`${io.style("Stack".padEnd(10), "green")}${stack}`]),
    ...(program === undefined ? [] : [`${io.style("Checked".padEnd(10), "green")}${programVerdict(program)}`]),
    ...findingLines(findings, io).flatMap((lines) => ["", lines]),
    ...left.flatMap(({ head, what, why, fix }) => [
      "",
      `${head}: ${oneLine(what)}`,
      ...(why === undefined ? [] : why.split("\n").map((line) => `    ${oneLine(line)}`)),
      ...(fix === "" ? [] : [`    ${oneLine(fix)}`]),
    ]),
    ...(hasPipelines
      ? [
          "",
          "The pipelines need secrets and approvals: see the README of examples/github-actions or examples/gitlab-ci of pulumi-hogflow.",
        ]
      : []),
    "",
    "Next:",
    ...next.map((line) => `  ${line}`),
    ...(files.some(({ path: file }) => path.basename(path.dirname(file)) === "people")
      ? [
          "",
          `\`${runsHogflow(packageManager)} review --people people\` says what a change means for the sample people.`,
        ]
      : []),
  ].join("\n");
}

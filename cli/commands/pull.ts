// `hogflow pull`: writes the programs of flows that exist already.
import { realpathSync } from "node:fs";
import path from "node:path";
import type { PullFailure } from "../../operate/pull/pull";
import { importOf, type IndexResult } from "../../operate/pull/index-file";
import type { StackName } from "../../operate/pull/notes";
import type { PulledFlow } from "../../operate/pull/program";
import type { CheckedProgram } from "../../operate/program/validate-program";
import { OperateError } from "../../operate/errors";
import { shownOfProgram } from "../../operate/findings/shown";
import { maskData } from "../../operate/mask";
import { readProgram } from "../../operate/project/program";
import { defineCommand, flag, option, flowList, type Context } from "../define";
import { DONE, FAILED, type ExitCode } from "../exit-codes";
import { Misuse } from "../failure";
import { findingLines, programVerdict } from "../findings-text";
import { counted } from "../texts";
import { runAndCheck } from "../program-check";
import { oneLine } from "../../definition/plain-text";
import { PLUGIN_TYPES } from "../../definition/resource-types";

const DEFAULT_OUT = "flows";

export const pull = defineCommand({
  name: "pull",
  summary: "write the programs of existing flows",
  description:
    "Writes the TypeScript of existing flows and their schedules, as composition where the flow can be said so and in the keyed form where it cannot, with the bodies of e-mails in files beside " +
    "it. Secrets that PostHog has stored stay (`stored()`); what looks like a credential and is in clear becomes named configuration. Each program takes its flow over (`adopt`) and makes it as it is, so that the next `pulumi up` changes nothing but the line in its description that says who manages it. Flows are archived instead of deleted (`onDelete`) and protected from deletion (`protect`). A flow that another stack or resource manages already is named; preview refuses to adopt it. Where a flow cannot work as it is, a comment says what preview will stop at, and how to fix it. Paused and completed schedules " +
    "stay out, because a program would resume them. A project that uses prettier gets programs in its own format; others get lines of up to 140 characters, broken as prettier does. At its end it checks the program that the files are part of, as `hogflow validate` does, and prints the findings to standard error; they do not change the exit code. Pulling twice gives the same " +
    "files, whichever flows are pulled together, also under a new title. Senders that several flows share are in a file beside them. For a program in another language, run `pulumi import`, which prints code with the steps as a map, and needs the plugin (docs/plugin.md). Where the folder has several programs, its index.ts imports them, except those of flows that the stack manages already; an index that this command did not write is left alone. Pulled files with other content, such as your edits, are written over only after a question, or with --yes; files that this command did not write, never.",
  arguments: { flows: flowList() },
  options: {
    all: flag("all flows of the project that are not archived"),
    archived: flag("with --all, the archived ones, too"),
    out: option("<dir>", `folder of the programs (default: ${DEFAULT_OUT}, in the folder of the Pulumi program)`),
    dryRun: flag("show what would be written, and write nothing"),
  },
  needs: ["posthog", "consent"],
  json: "a list of {id, title, name, form, why, remarks, managedBy, files: [path], leftOut, secrets, credentials: [{key, path, what}]}",
  examples: [
    { command: "hogflow pull 0198c0de-0000-7000-8000-000000000001", does: "writes flows/<name>.ts" },
    { command: "hogflow pull --all --out flows", does: "writes a whole project as code" },
    { command: "hogflow pull --all --dry-run --json", does: "says which flows can be written as composition" },
  ],
  exitCodes: { 0: "all flows are written", 1: "a flow could not be written, and the others are" },
  async run(context, { flows: named, all, archived, out, dryRun }): Promise<ExitCode> {
    const { io, cwd } = context;
    if (all === named.length > 0)
      throw new Misuse({
        what: all ? "Flows and --all were given" : "No flow is named",
        fix: "Name flows, or give --all",
      });
    if (archived && !all)
      throw new Misuse({
        what: "--archived was given without --all",
        why: "A flow that is named is always written",
        fix: "Add --all, or remove --archived",
      });
    const { programDir, project, stack } = context.workspace();
    const folder = folderOf(context, out);
    const { client, ids } = await context.flows(named);
    // Not before it is needed: it brings Pulumi's SDK along, which every command would wait for.
    const { formatPulled, pulledNames, pullFlows, writePulled } = await import("../../operate/pull/index.js");
    const { isModule, runtime } = readProgram(context.workspace().dir);
    const stackName =
      project === undefined || stack === undefined ? undefined : { project, stack: stack.split("/").at(-1)! };
    const failures: PullFailure[] = [];
    const read = await pullFlows(client, {
      ...(all ? { archived } : { ids }),
      out: folder,
      names: pulledNames(path.resolve(programDir, folder)),
      isModule,
      stack: stackName,
      onFailure: (failure) => failures.push(failure),
      onFlow: (done, of) => io.progress(`${done} of ${of} flows read`),
    });
    const { flows, formatter, note } = await formatPulled(read, { cwd: programDir });
    if (note !== undefined) io.note(note);
    if (runtime !== undefined && runtime !== "nodejs")
      io.note(
        `These programs are in TypeScript, and the runtime of this project is ${runtime}. For code in its language, run: pulumi import ${PLUGIN_TYPES.flow} <name> <id>`,
      );
    const shown = (file: string): string => path.relative(cwd, path.resolve(programDir, file));
    if (!dryRun) await askToOverwrite(context, flows, shown);
    const written = dryRun ? undefined : await writePulled(flows, { cwd: programDir, overwrite: true });
    const index =
      written &&
      (await indexOf(path.resolve(programDir, folder), { isModule, isMain: folder === ".", stack: stackName }));
    const indexes = index?.state === "created" || index?.state === "changed" ? 1 : 0;
    context.print(
      flows.map(({ files, ...flow }) => ({ ...flow, files: files.map((file) => shown(file.path)) })),
      () =>
        [
          ...flows.map((flow) => line(flow, shown)),
          "",
          ...next(flows, {
            ...(written === undefined ? {} : { written: written.written.length + indexes }),
            formatter,
            imports: importsFor(flows, { folder, isModule, index }),
          }),
        ].join("\n"),
    );
    for (const { id, title, error } of failures)
      io.note(`${title} (${id}) could not be written as a program: ${error}`);
    if (written !== undefined && written.written.length > 0) await checkProgram(context, flows);
    return failures.length > 0 ? FAILED : DONE;
  },
});

/** Checks the program that the files are part of now: its findings are on standard error, and no failure of the command, which has written what it should. */
async function checkProgram(context: Context, pulled: readonly PulledFlow[]): Promise<void> {
  const { io, workspace } = context;
  const { project, stack, programDir, program } = workspace();
  if (project === undefined || program?.().runtime !== "nodejs") return;
  // The configuration of a stack is needed for what the program requires of it.
  if (stack === undefined)
    return io.note(
      "The program was not checked, because no stack is selected. Check it with: hogflow validate --stack <name>",
    );
  try {
    const report = await runAndCheck(context);
    const isImported = importedIn(report, programDir);
    const left = pulled.filter((flow) => !flow.managedBy?.isOwn && !isImported(flow));
    if (pulled.some(isImported)) {
      const shown = maskData(shownOfProgram(report, programDir, process.cwd()));
      for (const line of [...findingLines(shown, io), programVerdict(report)]) io.note(line);
    }
    if (left.length > 0)
      io.note(
        `The program does not import ${left.length === pulled.length ? "these files" : left.map(({ files: [file] }) => file!.path).join(", ")} yet. Once it does, check it with: hogflow validate`,
      );
  } catch (error) {
    if (context.signal.aborted || !(error instanceof OperateError)) throw error;
    io.note(`The program was not checked: ${error.message}`);
  }
}

/** Whether the program has loaded a pulled one. One that was compiled before it ran, or stopped early, is taken at its word. */
function importedIn(report: CheckedProgram, programDir: string): (flow: PulledFlow) => boolean {
  const isCompiled = ![...report.files].some((file) => file.endsWith(".ts"));
  const names = new Set(report.checked.map(({ name }) => name));
  return ({ name, files: [program] }) => {
    const file = path.resolve(programDir, program!.path);
    return (
      [file, realpathSync(file)].some((one) => report.files.has(one)) ||
      (names.has(name) && (isCompiled || !report.isFinished))
    );
  };
}

/** The folder of the programs, relative to the one in which they run: what they read lies below it. */
function folderOf({ cwd, workspace }: Context, out: string | undefined): string {
  const { programDir } = workspace();
  const folder = path
    .relative(
      path.resolve(programDir),
      out === undefined ? path.resolve(programDir, DEFAULT_OUT) : path.resolve(cwd, out),
    )
    .split(path.sep)
    .join("/");
  if (folder === ".." || folder.startsWith("../") || path.isAbsolute(folder))
    throw new Misuse({
      what: `--out ${out} is outside the Pulumi program`,
      why: `The program reads bodies of e-mails from files in ${programDir}`,
      fix: "Name a folder inside it",
    });
  return folder === "" ? "." : folder;
}

/** The index of a folder with several programs; a program's own folder has its main file there. */
async function indexOf(
  folder: string,
  { isModule, isMain, stack }: { isModule: boolean; isMain: boolean; stack: StackName | undefined },
): Promise<IndexResult | undefined> {
  const { importableNames, writeIndex } = await import("../../operate/pull/index.js");
  const names = importableNames(folder, stack);
  return isMain || names.length < 2 ? undefined : writeIndex(folder, { names, isModule });
}

/** What the program has to import: the index, or the programs that none imports. */
function importsFor(
  flows: readonly PulledFlow[],
  { folder, isModule, index }: { folder: string; isModule: boolean; index: IndexResult | undefined },
): string[] {
  if (flows.every(({ managedBy }) => managedBy?.isOwn)) return [];
  if (index !== undefined && index.state !== "foreign")
    return [importOf(`./${isModule ? `${folder}/index` : folder}`, isModule)];
  return flows
    .filter(({ managedBy }) => !managedBy?.isOwn)
    .map(({ files: [program] }) => program!.path.replace(/\.ts$/, ""))
    .filter((file) => index === undefined || index.missing.includes(path.posix.basename(file)))
    .map((file) => importOf(`./${file}`, isModule));
}

async function askToOverwrite(
  context: Context,
  flows: readonly PulledFlow[],
  shown: (file: string) => string,
): Promise<void> {
  const { filesToOverwrite } = await import("../../operate/pull/index.js");
  const files = await filesToOverwrite(flows, { cwd: context.workspace().programDir });
  if (files.length === 0) return;
  const one = files.length === 1;
  await context.confirm(
    `${one ? "A file is" : `${files.length} files are`} there already, with other content, and will be overwritten:`,
    ...files.map((file) => `  ${shown(file)}`),
  );
}

function line({ title, form, why, files, leftOut, managedBy }: PulledFlow, shown: (file: string) => string): string {
  const notes = [
    form === "composition" ? "" : `${form === "keyed" ? "keyed form" : "as PostHog's JSON"}: ${why}`,
    ...(managedBy === undefined ? [] : [`already managed by ${managedBy.owner}. ${managedBy.fix}`]),
    ...leftOut.map(({ id, why: reason }) => `schedule ${id} left out: ${reason}`),
  ].filter(Boolean);
  return [`${title}: ${files.map((file) => shown(file.path)).join(", ")}`, ...notes.map((note) => `  ${note}`)]
    .map(oneLine)
    .join("\n");
}

interface Done {
  /** Files; absent for a dry run. */
  written?: number;
  formatter: string | undefined;
  /** Lines for the program; none where everything is imported already. */
  imports: readonly string[];
}

function next(pulled: readonly PulledFlow[], { written, formatter, imports }: Done): string[] {
  if (pulled.length === 0) return ["There are no flows to write."];
  if (written === undefined) return ["Nothing was written."];
  const stopped = pulled.filter(({ remarks }) => remarks.length > 0);
  const credentials = pulled.flatMap((flow) => flow.credentials);
  const own = pulled.filter(({ managedBy }) => managedBy?.isOwn).length;
  const free = pulled.length - own;
  return [
    written === 0
      ? "All files are up to date."
      : `${counted(written, "file")} written${formatter === undefined ? "" : `, formatted by the project's ${formatter}`}.`,
    ...(credentials.length > 0
      ? [
          "Credentials that PostHog has in clear are in no file. Set them before the next preview; each command asks for the value, which PostHog's editor shows at the path behind it:",
          ...credentials.map(({ key, path: at }) => `  pulumi config set --secret ${key}   # ${at}`),
        ]
      : []),
    ...(stopped.length > 0
      ? [
          `${counted(stopped.length, "flow")} cannot work as PostHog has ${stopped.length === 1 ? "it" : "them"}, and preview says so until it is fixed. The comment above the flow in ${stopped.length === 1 ? "its program" : "each program"} says where and how:`,
          ...stopped.map(({ files: [program] }) => `  ${program!.path}`),
        ]
      : []),
    ...(own > 0
      ? [
          `This stack manages ${free === 0 ? (own === 1 ? "the flow" : "the flows") : `${own} of the flows`} already: do not import ${own === 1 ? "its program" : "their programs"}, unless no other program has ${own === 1 ? "it" : "them"}.`,
        ]
      : []),
    ...(free > 0
      ? [
          `Next: ${imports.length > 0 ? `import ${free === 1 ? "it" : "them"} in your program, and run` : "run"} pulumi up, which adds the line with the marker to ${free === 1 ? "its description" : "their descriptions"} and changes nothing else.`,
        ]
      : []),
    ...imports.map((line) => `  ${line}`),
  ];
}

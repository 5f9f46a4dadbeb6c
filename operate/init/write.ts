// Writes the files of a project that are missing, and adds to those that are there: package.json, tsconfig.json, the main file and the stack's settings.
// No file is overwritten, and a second run finds nothing to do.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";
import { isDict, type Dict } from "../../definition/canonical/values";
import { DEFAULT_HOST } from "../../definition/target";
import { readTextFile } from "../../definition/text-file";
import { nearest, readProgram, type Program } from "../project/program";
import { addToPackage, addToYaml, readJsonc, setInJson } from "./edits";
import type { PackageManager } from "./package-managers";
import type { ProjectFiles } from "./project-files";
import { recipesFor, type CiSystem } from "./recipes";

/** A file of the project, and what became of it. */
export interface WrittenFile {
  /** Absolute. */
  path: string;
  action: "created" | "changed" | "kept";
  /** What was added to it. */
  changes: string[];
}

/** Something that is left to the person: what, and how. */
export interface ToDo {
  what: string;
  why?: string;
  fix: string;
  /** What has to wait for it: the first preview, or only that people enter a flow. */
  until: "preview" | "live";
}

/** How a project is set up. */
export interface WriteOptions {
  /** Folder of the project, absolute. */
  dir: string;
  files: ProjectFiles;
  /** Name of the Pulumi project, where there is none yet. */
  name: string;
  stack: string;
  /** PostHog's project; absent where it is not known. */
  projectId?: string | undefined;
  host?: string | undefined;
  /** Id of the e-mail integration; absent where it is not known. */
  sender?: string | undefined;
  ci: CiSystem;
  packageManager: PackageManager;
  /** Its version on this machine; absent where it is not there. */
  managerVersion?: string | undefined;
  /** Whether the example is written where there are no flows. */
  example: boolean;
}

/** What was written, and what could not be. */
export interface WriteReport {
  files: WrittenFile[];
  toDo: ToDo[];
}

const DESCRIPTION = "PostHog workflows as code";
/** Of the template: what belongs to the example flow. */
const isOfExample = (file: string): boolean => /^(flows|people)\//.test(file);
const IMPORT = "./flows";
/** Stands in the settings until somebody puts the right one there. */
const UNKNOWN_SENDER = "1";

/** Writes and adds what the project lacks. */
export function writeProject(options: WriteOptions): WriteReport {
  const report: WriteReport = { files: [], toDo: [] };
  mkdirSync(options.dir, { recursive: true });
  // Before any file is written: whatever cannot be read is an error then.
  const before = readProgram(options.dir);
  const text = templateText(options);
  if (before.projectFile === undefined)
    create(path.join(options.dir, "Pulumi.yaml"), projectYaml(text("Pulumi.yaml"), options), report);
  else report.files.push({ path: before.projectFile, action: "kept", changes: [] });
  writePackage(before, text("package.json"), report);
  writeTsconfig(before, text("tsconfig.json"), report);
  create(path.join(options.dir, ".gitignore"), text(".gitignore"), report);
  if (options.example && !hasFlows(before)) writeExample(before, { files: options.files, text }, report);
  writeMain(before, text("index.ts"), report);
  writeSettings(options, report);
  writeManagerFiles(options, report);
  writeRecipes(options, report);
  return report;
}

function templateText({ files, name, dir }: WriteOptions): (file: string) => string {
  return (file) =>
    files.template[file]!.replaceAll("${PROJECT}", readProgram(dir).name ?? name).replaceAll(
      "${DESCRIPTION}",
      DESCRIPTION,
    );
}

function create(file: string, text: string, report: WriteReport): void {
  if (existsSync(file)) {
    report.files.push({ path: file, action: "kept", changes: [] });
    return;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  report.files.push({ path: file, action: "created", changes: [] });
}

/** Writes a text with additions over the one that is there. */
function change(file: string, { text, changes }: { text: string; changes: string[] }, report: WriteReport): void {
  if (changes.length > 0) writeFileSync(file, text);
  report.files.push({ path: file, action: changes.length > 0 ? "changed" : "kept", changes });
}

/** Without the questions of `pulumi new`, which were asked by then. */
function projectYaml(text: string, { packageManager }: WriteOptions): string {
  const document = parseDocument(text);
  document.delete("template");
  document.set("runtime", document.createNode({ name: "nodejs", options: { packagemanager: packageManager } }));
  return document.toString({ lineWidth: 0 });
}

function writePackage(
  { packageFile, programDir, package: manifest }: Program,
  wanted: string,
  report: WriteReport,
): void {
  const file = packageFile ?? path.join(programDir, "package.json");
  if (packageFile === undefined) return create(file, wanted, report);
  const { main } = manifest;
  const hasMain =
    typeof main === "string"
      ? existsSync(path.resolve(path.dirname(file), main))
      : existsSync(path.join(programDir, "index.ts")) || programDir !== path.dirname(file);
  change(file, addToPackage(readTextFile(file), JSON.parse(wanted) as Dict, { hasMain }), report);
}

/** Pulumi's loader needs `rootDir` for a main file in a folder, from TypeScript 6 on. */
function writeTsconfig({ tsconfigFile }: Program, wanted: string, report: WriteReport): void {
  if (!existsSync(tsconfigFile)) return create(tsconfigFile, wanted, report);
  const text = readTextFile(tsconfigFile);
  const content = readJsonc(text);
  const options = content?.["compilerOptions"];
  if (content === undefined || !isDict(options) || !isAlone(content) || options["rootDir"] !== undefined)
    return void report.files.push({ path: tsconfigFile, action: "kept", changes: [] });
  change(tsconfigFile, { text: setInJson(text, ["compilerOptions", "rootDir"], "."), changes: ["rootDir"] }, report);
}

/** Whether all that it compiles lies in its folder, and nothing else says where that is. */
function isAlone(content: Dict): boolean {
  const listed = [content["files"], content["include"]].flat().filter((entry) => entry !== undefined);
  return (
    content["extends"] === undefined &&
    content["references"] === undefined &&
    listed.every((entry) => typeof entry === "string" && !entry.startsWith("..") && !path.isAbsolute(entry))
  );
}

const flowsFolder = ({ entry, programDir }: Program): string =>
  path.join(entry === undefined ? programDir : path.dirname(entry), "flows");

const USES_PACKAGE = /["']pulumi-hogflow["']/;

/** Whether the program has flows already, so that an example would be in the way. */
function hasFlows(program: Program): boolean {
  const folder = flowsFolder(program);
  if (existsSync(folder) && readdirSync(folder).length > 0) return true;
  return program.entry !== undefined && USES_PACKAGE.test(readTextFile(program.entry));
}

function writeExample(
  program: Program,
  { files, text }: { files: ProjectFiles; text: (file: string) => string },
  report: WriteReport,
): void {
  const parent = path.dirname(flowsFolder(program));
  for (const file of Object.keys(files.template).filter(isOfExample))
    create(path.join(parent, file), importsAs(text(file), program), report);
}

/** An ES module names the files that it imports in full. */
const importsAs = (text: string, { isModule }: Pick<Program, "isModule">): string =>
  isModule
    ? text.replace(/(["'])(\.\/[\w/-]+)\1/g, (_whole, quote, file) => {
        const full = file === IMPORT ? `${file}/index.js` : `${file}.js`;
        return `${quote}${full}${quote}`;
      })
    : text;

function writeMain(program: Program, wanted: string, report: WriteReport): void {
  const { entry, programDir } = program;
  if (entry === undefined) return create(path.join(programDir, "index.ts"), importsAs(wanted, program), report);
  const text = readTextFile(entry);
  if (/["']\.\/flows(\/index)?(\.js)?["']/.test(text) || USES_PACKAGE.test(text))
    return void report.files.push({ path: entry, action: "kept", changes: [] });
  if (!/\.[cm]?ts$/.test(entry)) {
    report.files.push({ path: entry, action: "kept", changes: [] });
    report.toDo.push({
      what: `${path.basename(entry)} does not import the flows`,
      why: "It is JavaScript, and the flows are TypeScript",
      until: "preview",
      fix: `Rename it to ${path.basename(entry).replace(/js$/, "ts")}, and run this again`,
    });
    return;
  }
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const line = importsAs(`import "${IMPORT}";`, program);
  change(
    entry,
    { text: `${text}${text === "" || text.endsWith("\n") ? "" : end}${line}${end}`, changes: [line] },
    report,
  );
}

/** The stack's settings, in its file. */
function writeSettings({ dir, stack, projectId, host, sender }: WriteOptions, report: WriteReport): void {
  const program = readProgram(dir);
  const project = parseDocument(readTextFile(program.projectFile!)).toJS() as Dict;
  const ofProject = isDict(project["config"]) ? project["config"] : {};
  const folder = typeof project["stackConfigDir"] === "string" ? path.resolve(dir, project["stackConfigDir"]) : dir;
  const file = path.join(folder, `Pulumi.${stack.split("/").at(-1)!}.yaml`);
  const text = existsSync(file) ? readTextFile(file) : "";
  const senders = path.join(flowsFolder(program), "senders.ts");
  const asks = existsSync(senders) && readTextFile(senders).includes('"senderIntegration"');
  const values: Record<string, string | undefined> = {
    "posthog:projectId": projectId,
    "posthog:host": host === undefined || host === DEFAULT_HOST ? undefined : host,
    [`${program.name!}:senderIntegration`]: asks ? (sender ?? UNKNOWN_SENDER) : undefined,
  };
  const edited = addToYaml(
    text,
    Object.entries(values)
      .filter(([key, value]) => value !== undefined && ofProject[key] === undefined)
      .map(([key, value]) => ({ at: ["config", key], value })),
  );
  const settings = edited ?? { text, changes: [] };
  if (text === "" && settings.changes.length > 0) create(file, settings.text, report);
  else if (text !== "") change(file, settings, report);
  const stated = configOf(settings.text);
  if (ofProject["posthog:projectId"] === undefined && stated["posthog:projectId"] === undefined)
    report.toDo.push({
      what: "The stack has no PostHog project",
      until: "preview",
      fix: `Set it, the number in the address of PostHog's pages: pulumi config set --stack ${stack} posthog:projectId <number>`,
    });
  const known = stated["posthog:projectId"] ?? ofProject["posthog:projectId"];
  if (projectId !== undefined && known !== undefined && String(known) !== projectId)
    report.toDo.push({
      what: `The flows belong to PostHog project ${String(known)}, not to ${projectId}: that is what the stack's settings say`,
      why: "Settings that exist are not overwritten",
      until: "preview",
      fix: `To change it, run: pulumi config set --stack ${stack} posthog:projectId ${projectId}`,
    });
  if (stated[`${program.name!}:senderIntegration`] === UNKNOWN_SENDER && asks)
    report.toDo.push({
      what: "The example's e-mails have no sender yet",
      why: "Each PostHog project has its own",
      until: "live",
      fix: `Set the id of your e-mail integration: pulumi config set --stack ${stack} senderIntegration ${sender ?? "<id>"}`,
    });
}

function configOf(text: string): Dict {
  const content: unknown = parseDocument(text).toJS();
  return isDict(content) && isDict(content["config"]) ? content["config"] : {};
}

/** What a package manager needs in its own files, so that it can install Pulumi's packages where Pulumi finds them. */
function writeManagerFiles({ dir, packageManager, managerVersion }: WriteOptions, report: WriteReport): void {
  if (packageManager === "pnpm") {
    // From 11 on pnpm fails until somebody decides about a package's install script. This one only checks a version.
    const folder = nearest(dir, (above) => existsSync(path.join(above, "pnpm-workspace.yaml"))) ?? dir;
    addOrCreate(path.join(folder, "pnpm-workspace.yaml"), { at: ["allowBuilds", "protobufjs"], value: false }, report);
  }
  if (packageManager === "yarn" && managerVersion !== undefined && !managerVersion.startsWith("1.")) {
    // Pulumi looks for packages in node_modules.
    const folder = nearest(dir, (above) => existsSync(path.join(above, ".yarnrc.yml"))) ?? dir;
    addOrCreate(path.join(folder, ".yarnrc.yml"), { at: ["nodeLinker"], value: "node-modules" }, report);
  }
}

function addOrCreate(file: string, value: { at: string[]; value: unknown }, report: WriteReport): void {
  const exists = existsSync(file);
  const edited = addToYaml(exists ? readTextFile(file) : "", [value]);
  if (edited === undefined) {
    report.files.push({ path: file, action: "kept", changes: [] });
    report.toDo.push({
      what: `${path.basename(file)} cannot be read`,
      until: "preview",
      fix: `Correct it, and add ${value.at.join(".")}: ${String(value.value)}`,
    });
  } else if (exists) change(file, edited, report);
  else create(file, edited.text, report);
}

/** In the root of the repository, where CI looks for them. */
function writeRecipes({ dir, files, ci, ...target }: WriteOptions, report: WriteReport): void {
  if (ci === "none") return;
  const root = nearest(dir, (folder) => existsSync(path.join(folder, ".git"))) ?? dir;
  const folder = path.relative(root, dir).split(path.sep).join("/");
  for (const [file, text] of Object.entries(recipesFor(ci, files[ci], { ...target, folder }))) {
    const there = path.join(root, file);
    const isOther = existsSync(there) && !readTextFile(there).includes("hogflow");
    create(there, text, report);
    if (isOther)
      report.toDo.push({
        what: `${file} is there already, and the pipeline was not added to it`,
        until: "live",
        fix: "Move it, run this again, and put both together",
      });
  }
}

// Where a page gets its flows from: the program of the project, alone or beside the same at another commit; a preview; or files. Each comes to a preview, and to what the program knows of its own
// flows: findings, and where in the code they are.
import path from "node:path";
import type { Clock } from "../../api";
import { canonical } from "../../definition/canonical/canonical";
import { keyed } from "../../definition/canonical/decode";
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { nearest } from "../../definition/schema/names";
import { OperateError } from "../errors";
import { flowsOfText, parseJson, type FlowFile } from "../flow-file";
import { masked } from "../mask";
import { positionOf } from "../program/position";
import { checkProgram, type CheckedProgram, type LocatedFinding } from "../program/validate-program";
import type { WarmPrograms } from "../program/warm-programs";
import type { Preview, PreviewedResource } from "../review/preview";
import { reasonOf } from "../review/undescribed";
import { validateRead } from "../validate";
import type { Workspace } from "../workspace";
import { checkOutBase, type BaseCheckout } from "./base-checkout";
import { programPreview } from "./program-preview";

/** Flows and schedules, and what is known of them beside. */
export interface ShowSource {
  /** Of the page. */
  title: string;
  preview: Preview;
  /** What the sides are called. Absent: nothing is compared. */
  change?: { before: string; after: string };
  /** About flows and schedules, by the name of the resource. */
  findings: LocatedFinding[];
  /** By URN, what the program says of a resource. Empty where the program was not run. */
  resources: ReadonlyMap<string, Pick<CheckedProgram["resources"][number], "sources" | "position">>;
  /** About the program itself. */
  problems: LocatedFinding[];
  /** Whether the program ran to its end, so that nothing of it is missing. */
  isFinished: boolean;
  /** Files and folders that it was made of, as absolute paths. */
  files: ReadonlySet<string>;
  /** What the page cannot show, in sentences. */
  notes: string[];
}

export interface RunOptions {
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal;
  clock: Clock;
  /** Called after each flow and schedule that the program makes. */
  onResource?: ((made: number) => void) | undefined;
  /** Leaves out the type check. Default false. */
  transpileOnly?: boolean;
  /** Where the process of such a run comes from. */
  warm?: WarmPrograms | undefined;
}

/** What a base made, once for all runs of a page that is served. */
export interface Base {
  /** As it was given. */
  ref: string;
  /** Absent: it has no such program, or does not run. */
  program?: CheckedProgram;
  notes: string[];
}

/**
 * Runs the program of a commit.
 *
 * @throws OperateError without Git, outside of a repository, and for a ref that is not known. A program that fails there is a note.
 */
export async function readBase(
  workspace: Workspace,
  ref: string,
  open: (dir: string) => Workspace,
  options: RunOptions,
): Promise<Base> {
  const checkout = await checkOutBase(workspace, ref, options);
  try {
    return { ref, ...(await runBase(checkout, ref, open, options)) };
  } finally {
    await checkout.remove();
  }
}

async function runBase(
  { projectDir, root, commit, notes }: BaseCheckout,
  ref: string,
  open: (dir: string) => Workspace,
  options: RunOptions,
): Promise<Omit<Base, "ref">> {
  const name = `${ref} (${commit.slice(0, 7)})`;
  if (projectDir === undefined)
    return { notes: [...notes, `${name} has no Pulumi project in this folder, so every flow counts as added.`] };
  const without = (why: string): Omit<Base, "ref"> => ({
    notes: [...notes, `The program of ${name} could not be run, so every flow counts as added: ${here(why, root)}`],
  });
  try {
    // Whatever its types are: nobody is going to correct them there.
    const program = await checkProgram(open(projectDir), { ...options, transpileOnly: true });
    options.signal?.throwIfAborted();
    if (program.isFinished) return { program, notes };
    const why = program.findings.find(isAboutProgram)?.what ?? "it ended early";
    if (program.resources.length === 0) return without(why);
    return {
      program,
      notes: [
        ...notes,
        `The program of ${name} stopped early, so what it makes later counts as added: ${here(why, root)}`,
      ],
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    return without(reasonOf(error));
  }
}

/** The temporary folder is gone when somebody reads of it. */
const here = (text: string, root: string): string => text.replaceAll(`${path.join(root, "tree")}${path.sep}`, "");

const isAboutProgram = ({ resource }: LocatedFinding): boolean => resource === undefined;

/** What the program of a project makes. */
export interface ProgramSourceOptions extends RunOptions {
  base?: Base | undefined;
}

/**
 * The program of the project, without an engine and a key.
 *
 * @throws OperateError where there is no program for Node, or its packages are not installed.
 */
export async function programSource(
  workspace: Workspace,
  { base, ...options }: ProgramSourceOptions,
): Promise<ShowSource> {
  const program = await checkProgram(workspace, options);
  options.signal?.throwIfAborted();
  return {
    title: workspace.stack === undefined ? workspace.project! : `${workspace.project}/${shortName(workspace.stack)}`,
    preview: programPreview(program, base && (base.program ?? { resources: [] })),
    ...(base ? { change: { before: base.ref, after: "your program" } } : {}),
    ...knownOf(program),
    notes: base?.notes ?? [],
  };
}

/** A stack by its last name: the first is an organisation. */
const shortName = (stack: string): string => stack.split("/").at(-1)!;

const knownOf = (
  program: CheckedProgram,
): Pick<ShowSource, "findings" | "resources" | "problems" | "isFinished" | "files"> => ({
  findings: program.findings.filter((finding) => !isAboutProgram(finding)),
  resources: new Map(program.resources.map((resource) => [resource.urn, resource])),
  problems: program.findings.filter(isAboutProgram),
  isFinished: program.isFinished,
  files: program.files,
});

/**
 * A preview. Where it is of the project here, the program is run as well, for findings and locations, which a preview does not have.
 */
export async function previewSource(
  preview: Preview,
  workspace: Workspace,
  { file, ...options }: RunOptions & { file?: string },
): Promise<ShowSource> {
  const source: ShowSource = {
    title: preview.stack ?? "Preview",
    preview,
    change: { before: "deployed", after: "your program" },
    findings: [],
    resources: new Map(),
    problems: preview.problems.map((what) => ({ rule: "preview", severity: "error", path: "", what })),
    isFinished: true,
    files: new Set(file === undefined ? [] : [path.resolve(file)]),
    notes: [],
  };
  const [project, stack] = preview.stack?.split("/") ?? [];
  if (workspace.project === undefined || workspace.project !== project || workspace.stack !== stack) return source;
  try {
    const known = preview.resources.filter(({ fate, before }) => before !== undefined || fate === "create");
    const state = new Map(known.map(({ urn, before }): [string, Dict] => [urn, before ?? {}]));
    const program = await checkProgram(workspace, { ...options, state });
    options.signal?.throwIfAborted();
    const { findings, resources, files } = knownOf(program);
    return { ...source, findings, resources, files: new Set([...source.files, ...files]) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { ...source, notes: [`Findings and locations in the code are missing: ${reasonOf(error)}`] };
  }
}

/** A file with flows, or standard input, as text. */
export interface FlowText {
  /** As it was named. */
  name: string;
  text: string;
}

/**
 * Flows in files, as PostHog returns them or in keyed form.
 *
 * @throws OperateError for a text that is not JSON, or holds no flow.
 */
export async function fileSource(texts: readonly FlowText[]): Promise<ShowSource> {
  const files = texts.map(({ name, text }) => fileWithFlows(name === "-" ? "standard input" : name, text));
  const flows = files.flatMap(({ flows: found }) => found);
  const counts = new Map<string, number>();
  const names = flows.map(({ name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
  const found = await validateRead(files.filter(({ isKeyed }) => !isKeyed));
  return {
    title: texts.map(({ name }) => (name === "-" ? "standard input" : path.basename(name))).join(", "),
    preview: {
      isWhole: true,
      resources: flows.map(({ definition }, i): PreviewedResource => {
        const inputs = masked(canonical(Array.isArray(definition["actions"]) ? keyed(definition) : definition));
        const name = names[i]!;
        return { kind: "flow", name, urn: name, fate: "same", before: inputs, after: inputs, changedSecrets: [] };
      }),
      problems: [],
      warnings: [],
      otherChanges: 0,
    },
    findings: found.map(({ file: _, flow, ...finding }) => {
      const position = positionOf(finding.locations?.[0], process.cwd());
      return { ...finding, resource: flow, kind: "flow", ...(position ? { position } : {}) };
    }),
    resources: new Map(),
    problems: [],
    isFinished: true,
    files: new Set(texts.flatMap(({ name }) => (name === "-" ? [] : [path.resolve(name)]))),
    notes: [],
  };
}

function fileWithFlows(shown: string, text: string): FlowFile & { isKeyed: boolean } {
  const content = parseJson(text, shown);
  if (!isDict(content) || !isDict(content["actions"])) return { ...flowsOfText(text, shown), isKeyed: false };
  const title = own(content, "name");
  const name = typeof title === "string" && title !== "" ? title : shown;
  return { file: shown, flows: [{ name, definition: content, locationOf: () => shown }], isKeyed: true };
}

/**
 * The flows with these names or titles, with their schedules. Without names, all of them.
 *
 * @throws OperateError for a name that no flow has; a near one is suggested.
 */
export function withFlows(source: ShowSource, names: readonly string[]): ShowSource {
  if (names.length === 0) return source;
  const { resources } = source.preview;
  const flows = resources.filter(({ kind }) => kind === "flow");
  const titleOf = ({ before, after }: PreviewedResource): unknown => (after ?? before)?.["name"];
  const meant = new Set<string>();
  for (const name of names) {
    const found = flows.filter((flow) => flow.name === name || titleOf(flow) === name);
    if (found.length === 0)
      throw noFlow(
        name,
        flows.flatMap((flow) => [flow.name, String(titleOf(flow) ?? flow.name)]),
      );
    for (const { urn } of found) meant.add(urn);
  }
  return {
    ...source,
    preview: {
      ...source.preview,
      resources: resources.filter(
        ({ urn, flowUrn }) => meant.has(urn) || (flowUrn !== undefined && meant.has(flowUrn)),
      ),
    },
  };
}

function noFlow(name: string, known: readonly string[]): OperateError {
  const near = nearest(name, known);
  return new OperateError({
    what: `There is no flow "${name}"`,
    fix:
      near !== undefined
        ? `Did you mean ${near}?`
        : known.length === 0
          ? "There are no flows at all"
          : `The flows are ${[...new Set(known)].join(", ")}`,
  });
}

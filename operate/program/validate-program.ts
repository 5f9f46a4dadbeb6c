// Every finding of every flow and schedule of a Pulumi program at once, with the checks of preview and without an engine, a key or a network. A preview stops at
// the first resource that fails, and what comes after it is never checked.
import { systemClock, type Clock } from "../../api";
import { PLUGIN_PACKAGE, PLUGIN_TYPES, RESOURCE_KINDS, typeIn } from "../../definition/resource-types";
import { oneLine } from "../../definition/plain-text";
import { isDict, UNKNOWN, type Dict } from "../../definition/canonical/values";
import { pluginTarget, type TargetSettings } from "../../definition/target";
import { ProgramCheck, type ResourceKind } from "../../provider/check-program";
import type { Finding } from "../../rules/finding";
import { maskText } from "../mask";
import { stackNames, type Workspace } from "../workspace";
import { failuresIn, ownPosition, positionsIn, type Position } from "./failures";
import type { RegisteredResource } from "./monitor";
import { positionOf } from "./position";
import { hasOtherCompiler, runProgram, type ProgramRun } from "./run-program";
import type { WarmPrograms } from "./warm-programs";

/** A finding about a program: about one of its resources, or about the program itself. */
export interface LocatedFinding extends Finding {
  /** Logical name of the flow or schedule. Absent where the finding is about the program. */
  resource?: string;
  /** What it is. */
  kind?: ResourceKind;
  /** Where to look: the file of the most exact location, or of the resource. Absent where nobody knows. */
  position?: Position;
}

/** What running a program has shown. */
export interface ProgramReport {
  /** In the order of the program, those about the program itself first. */
  findings: LocatedFinding[];
  /** Flows and schedules that were checked, in the order in which the program makes them. */
  checked: { kind: ResourceKind; name: string }[];
  /** Name of the stack whose configuration was used. Absent where none is selected: then the project is not known either, and not asked for. */
  stack?: string;
  /** Whether the program was ended before its end, by the signal. */
  isInterrupted: boolean;
  /** What preview prints of each finding about a resource, in their order. @internal */
  texts: string[];
}

/** How a program is run and checked. */
export interface ValidateOptions {
  /** Environment of the program. */
  env: Readonly<Record<string, string | undefined>>;
  /** Ends the program; the report then holds what was found so far. */
  signal?: AbortSignal;
  /** For the next dates of schedules. Default: the system's. */
  clock?: Clock;
  /** Old inputs or outputs of the stack's resources by URN, empty for a new one, as far as they are known: what PostHog has already then counts as in preview. */
  state?: ReadonlyMap<string, Dict>;
  /** Called after each flow and schedule. */
  onResource?: (checked: number) => void;
}

/**
 * Runs the program of a Pulumi project in a process of its own, without an engine, and checks every flow and schedule that it makes with the rules of preview.
 * Configuration comes from the stack's file; encrypted values, outputs of other resources and results of invokes are unknown, and suspend just what depends on
 * them. Sends nothing to PostHog, and needs no key and no login.
 *
 * What needs the live flow or the state is left to preview: people in flight, adopting, kept secrets, other owners.
 *
 * @throws OperateError without a project for Node, or where its packages are not installed. A program that fails is a finding.
 * @example
 * ```ts
 * const { findings } = await validateProgram(openWorkspace({ stack: "staging" }), { env: process.env });
 * for (const { resource, path, what } of findings) console.error(resource, path, what);
 * ```
 */
export async function validateProgram(workspace: Workspace, options: ValidateOptions): Promise<ProgramReport> {
  const { resources: _, files: _read, isFinished: _finished, ...report } = await checkProgram(workspace, options);
  return report;
}

/** A flow or schedule of a program. */
export interface ProgramResource {
  kind: ResourceKind;
  name: string;
  urn: string;
  /** As preview takes it on; secrets are marked. */
  inputs: Dict;
  /** Locations in the program by property path, as far as the SDK knows them. */
  sources: Readonly<Record<string, readonly string[]>>;
  /** Where the program makes it. */
  position?: Position;
  /** Of a schedule: the URN of its flow. */
  flowUrn?: string;
  /** Whether it has the resource option `protect`. */
  isProtected?: boolean;
}

/** What a program makes, and what is wrong with it. */
export interface CheckedProgram extends ProgramReport {
  /** Each once, in the order of the program. */
  resources: ProgramResource[];
  /** The program's own modules and what it has read: files and folders, as absolute paths. */
  files: ReadonlySet<string>;
  /** Whether it ran to its end, so that nothing is missing. */
  isFinished: boolean;
}

/** How a program is run and checked, beside what scripts may say. */
export interface CheckOptions extends ValidateOptions {
  transpileOnly?: boolean;
  warm?: WarmPrograms;
}

/**
 * The same with the resources themselves.
 *
 * @param options `transpileOnly`: leaves the type check out, which takes most of the time. Default false. `warm`: takes the process of such a run from there.
 */
export async function checkProgram(
  workspace: Workspace,
  { env, signal, clock = systemClock, state, onResource, transpileOnly = false, warm }: CheckOptions,
): Promise<CheckedProgram> {
  const registered: (RegisteredResource & { kind: ResourceKind })[] = [];
  const note = (resource: RegisteredResource): void => {
    const kind = RESOURCE_KINDS[resource.type];
    if (kind === undefined) return;
    registered.push({ ...resource, kind });
    onResource?.(registered.length);
  };
  let run =
    warm && transpileOnly
      ? await (await warm.take(workspace)).run({ signal, onResource: note })
      : await runProgram(workspace, { env, signal, onResource: note, transpileOnly });
  const programFindings = findingsOfRun(run, workspace);
  if (programFindings.some(({ isTypeError }) => isTypeError) && !run.isInterrupted) {
    // The flows can be checked all the same, also those after the file that does not compile: what is missing of the types is said, and the code runs.
    registered.length = 0;
    const { files } = run;
    run = await runProgram(workspace, { env, signal, onResource: note, transpileOnly: true });
    for (const file of files) run.files.add(file);
    const known = new Set(programFindings.map(({ finding }) => finding.what));
    programFindings.push(...findingsOfRun(run, workspace).filter(({ finding }) => !known.has(finding.what)));
  }
  if (registered.length > 0)
    for (const { finding, isTypeError } of programFindings)
      if (isTypeError) finding.fix = "Correct the type. The flows were checked all the same, without types";
  const check = new ProgramCheck({ clock, knowsStack: workspace.stack !== undefined });
  const findings: { finding: LocatedFinding; text: string }[] = [];
  const resources = new Map<string, ProgramResource>();
  const settings = { config: providersOwn(workspace), env };
  for (const { kind, name, type, urn, inputs, frames, dependencies, isProtected } of registered) {
    const made = written(ownPosition(frames), workspace) ?? firstSource(inputs, workspace.programDir);
    const about = { resource: name, kind };
    if (resources.has(urn)) {
      findings.push({ finding: { ...about, ...doubled(kind, name), ...(made ? { position: made } : {}) }, text: "" });
      continue;
    }
    const given = asChecked(inputs, type, settings);
    const checked = await check.check({ kind, inputs: given, state: state?.get(urn) });
    const flowUrn = dependencies["flowId"]?.find((of) => RESOURCE_KINDS[typeIn(of)] === "flow");
    resources.set(urn, {
      kind,
      name,
      urn,
      inputs: checked.inputs,
      sources: isDict(given["sources"]) ? (given["sources"] as ProgramResource["sources"]) : {},
      ...(made ? { position: made } : {}),
      ...(flowUrn === undefined ? {} : { flowUrn }),
      ...(isProtected ? { isProtected } : {}),
    });
    for (const { finding, text } of checked.findings) {
      if (workspace.doubt !== undefined && finding.rule === "place" && given["projectId"] === undefined)
        Object.assign(finding, { why: workspace.doubt, fix: `${OTHER_STACK}. ${finding.fix}` });
      const position = positionOf(finding.locations?.[0], workspace.programDir) ?? made;
      findings.push({ finding: { ...finding, ...about, ...(position ? { position } : {}) }, text });
    }
  }
  return {
    findings: [...programFindings.map(({ finding }) => finding), ...findings.map(({ finding }) => finding)],
    checked: registered.map(({ kind, name }) => ({ kind, name })),
    ...(workspace.stack === undefined ? {} : { stack: workspace.stack }),
    isInterrupted: run.isInterrupted,
    resources: [...resources.values()],
    files: run.files,
    isFinished: run.isFinished && run.end === 0,
    texts: [...programFindings.map(() => ""), ...findings.map(({ text }) => text)],
  };
}

/** What a plugin knows of the stack's configuration beside what the program sends. */
function providersOwn({ program }: Workspace): TargetSettings["config"] {
  const config = program?.().config ?? {};
  return Object.fromEntries(
    ["host", "projectId"].flatMap((name) => {
      const value = config[`${PLUGIN_PACKAGE}:${name}`];
      if (value === undefined || value === null) return [];
      return [[`posthog:${name}`, isDict(value) ? UNKNOWN : String(value)]];
    }),
  );
}

/** The inputs as the lifecycle checks them: the SDK leaves a plugin to find out where a resource lives, and whether it has a marker. */
function asChecked(inputs: Dict, type: string, settings: TargetSettings): Dict {
  const { __provider: _, ...given } = inputs;
  if (type !== PLUGIN_TYPES[RESOURCE_KINDS[type]!]) return given;
  const { stackTarget, marker: _marker, ...rest } = given;
  return { ...rest, ...pluginTarget(rest, stackTarget, settings) };
}

/** The position in the file as it is written; nothing where its line is only that of the compiled code. */
const written = (position: Position | undefined, { program }: Workspace): Position | undefined =>
  position !== undefined && /\.[cm]?tsx?$/.test(position.file) && hasOtherCompiler(program?.().options ?? {})
    ? undefined
    : position;

/** The first location that the SDK knows of a flow. */
function firstSource({ sources }: Dict, programDir: string): Position | undefined {
  const [first] = isDict(sources) ? Object.values(sources) : [];
  return positionOf(Array.isArray(first) ? String(first[0]) : undefined, programDir);
}

const doubled = (kind: ResourceKind, name: string): Finding => ({
  rule: PROGRAM,
  severity: "error",
  path: "",
  what: `two resources of the program have the name "${name}"`,
  why: `Pulumi knows a ${kind} by its name, and up refuses the second one`,
  fix: "Give each its own name",
});

/** The rule of findings about the program itself. */
const PROGRAM = "program";

interface RunFinding {
  finding: LocatedFinding;
  isTypeError: boolean;
}

function findingsOfRun(run: ProgramRun, workspace: Workspace): RunFinding[] {
  const { programDir } = workspace;
  const found: RunFinding[] = [];
  const seen = new Set<string>();
  const add = (
    parts: { what: string; why?: string; fix?: string },
    { position, isTypeError = false }: { position?: Position; isTypeError?: boolean } = {},
  ): void => {
    const what = maskText(oneLine(parts.what));
    const key = `${what} ${position?.file}:${position?.line}`;
    if (seen.has(key)) return;
    seen.add(key);
    found.push({
      isTypeError,
      finding: { rule: PROGRAM, severity: "error", path: "", ...parts, what, ...(position ? { position } : {}) },
    });
  };
  const noted = new Map(
    run.notes.map(({ message, stack }) => [message, written(ownPosition(positionsIn(stack)), workspace)]),
  );
  for (const { note, message } of run.notes) {
    const position = noted.get(message);
    if (note === "missing") add(missingConfig(message, workspace), { position });
    if (note === "exit") add({ what: message, ...ENDS_ITSELF }, { position });
  }
  const exits = new Set(run.notes.filter(({ note }) => note === "exit").map(({ message }) => message));
  for (const text of run.errors)
    for (const { what, position, isTypeError } of failuresIn(text, programDir))
      if (!exits.has(what))
        add(
          { what, ...(isTypeError ? NOT_COMPILED : STOPPED) },
          { position: written(position ?? noted.get(what), workspace), isTypeError },
        );
  if (!run.isInterrupted && found.length === 0 && (run.end !== 0 || !run.isFinished)) add(endedEarly(run));
  return found;
}

const STOPPED = {
  why: "The program stopped here, so what it makes after this was not checked",
  fix: "Correct it, and run this again",
};
const NOT_COMPILED = { why: "Pulumi compiles the program before it runs it, and stops here", fix: "Correct it" };
const ENDS_ITSELF = {
  why: "A program that ends itself makes only what came before, and up deletes the rest of the stack",
  fix: "Remove the call, or throw an error",
};

/** Without a word of Pulumi's. */
function endedEarly({ end, lastLines, isStarted }: ProgramRun): { what: string; why: string; fix: string } {
  const how = typeof end === "number" ? `with exit code ${end}` : `by the signal ${end}`;
  return isStarted
    ? {
        what: `the program ended before it was through, ${how}`,
        why: ENDS_ITSELF.why,
        fix: "Run it with pulumi preview to see more",
      }
    : {
        what: `the program did not start: Node ended ${how}`,
        why: lastLines.split("\n").slice(0, 5).join(" ") || "It printed nothing",
        fix: "Correct runtime.options in Pulumi.yaml, or run the program with pulumi preview to see more",
      };
}

/** Pulumi's message, and what to do about it here. */
function missingConfig(message: string, { stack, dir, doubt }: Workspace): { what: string; why?: string; fix: string } {
  const [what = message, ...rest] = message.split("\n").map((line) => line.trim());
  const stacks = stackNames(dir);
  if (stack === undefined)
    return {
      what,
      why: "No stack is selected, so only the project's own configuration is known",
      fix:
        stacks.length > 0
          ? `Name a stack with --stack: ${stacks.join(", ")}`
          : "Select one with pulumi stack select, or name it with --stack",
    };
  const fix = rest.join(" ").replace(/^please /, "") || "Set it";
  return doubt === undefined
    ? { what, why: `Stack ${stack} does not set it`, fix }
    : { what, why: doubt, fix: `${OTHER_STACK}. Or ${fix.charAt(0).toLowerCase()}${fix.slice(1)}` };
}

const OTHER_STACK = "Name another stack with --stack";

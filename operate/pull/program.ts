// The program text of a live flow and its schedules: composition where the flow can be said so, else the keyed form, and where the flow holds what this
// version has no types for, the JSON of PostHog as it is.
import path from "node:path";
import { decode } from "../../definition/canonical/decode";
import { isDict, type Dict } from "../../definition/canonical/values";
import { stepKindOf } from "../../definition/schema/step-kinds";
import { configSchema, flow as flowSchema } from "../../definition/schema/schemas";
import { CODE_WIDTH } from "../code-layout";
import type { Action } from "../../definition/schema/types";
import { maskText } from "../mask";
import { adopting, constantName, programOf, PROTECTED, resourceName, usesConfig } from "../program-text";
import { compositionOf, differenceOf, type Composition } from "./composition";
import { misfit, unknownKeyIn } from "./fits";
import { bodiesIn, Body, Call, Name, namesIn, print } from "./expression";
import { commandLines, Credentials, type TakenOut } from "./credentials";
import { safeName } from "./names";
import { firstLine, managerOf, noteLines, type ManagedBy, type StackName } from "./notes";
import type { LiveFlow } from "./live-flow";
import { pastedProgram } from "./pasted";
import { remarkLines, remarksOn } from "./remarks";
import { keysOf } from "./words";
import { linesOf, NO_SCHEDULES, schedulesOf, type Schedules } from "./schedules";
import { SENDERS_FILE, withSenders, type NamedSenders, type SharedSenders } from "./senders";

/** A file of a pulled flow: its program, or something that the program reads. */
export interface PulledFile {
  /** Relative to the folder in which the program runs: that of the Pulumi project, or of its `main`. */
  path: string;
  text: string;
}

/** A live flow as a program. */
export interface PulledFlow {
  id: string;
  title: string;
  /** Logical name of the resource. */
  name: string;
  form: "composition" | "keyed" | "pasted";
  /** Why it is not composition. */
  why?: string;
  /** What cannot work as it is live, so that preview says it: its path, the reason and the way on. In the program as a comment, too. */
  remarks: string[];
  /** The program, and the bodies of e-mails. */
  files: PulledFile[];
  /** Whose the flow is already, as the marker in its description says. In the program as a comment, too. */
  managedBy?: ManagedBy;
  /** Schedules that are not in the program, and why. */
  leftOut: Schedules["leftOut"];
  /** Names in the stack's configuration that the program reads as secrets. */
  secrets: string[];
  /** What they are: credentials that PostHog has in clear, and where. Never their values. */
  credentials: TakenOut[];
}

/** What a pulled program is called, and where it goes. */
export interface ProgramOfFlow {
  /** Logical name, unique in the stack. Default: made from the title. */
  name?: string;
  /** Folder of the program, relative to the one in which it runs. Default `flows`. */
  out?: string;
  /** The Pulumi project and stack that the program is for, to say whether a flow is theirs already. Default: none is known. */
  stack?: StackName | undefined;
  /** Senders that several flows share. Default: none, and each program has its own. */
  senders?: SharedSenders | undefined;
  /** Whether the program is an ES module, which imports files by their full names. Default false. */
  isModule?: boolean | undefined;
}

/**
 * The files of one live flow. The program takes the flow over (`adopt`), and what it makes is the flow as it is: `pulumi up` writes nothing.
 *
 * @param flow What PostHog answers. Its staged draft takes no part.
 * @example
 * ```ts
 * const { files, form } = pulledFlow(await client.getFlow("0198c0de-0000-7000-8000-000000000001"));
 * ```
 */
export function pulledFlow(
  flow: LiveFlow,
  { stack, senders, isModule = false, name = safeName(resourceName(flow.name)), out = "flows" }: ProgramOfFlow = {},
): PulledFlow {
  const inClear = withStatus(decode(flow), flow.status);
  const credentials = credentialsOf(inClear, name);
  const definition = credentials.out(inClear);
  const schedules = schedulesOf(
    {
      ...flow,
      schedules: flow.schedules.map((schedule) => ({
        ...schedule,
        variables: credentials.out({ variables: schedule.variables }).variables,
      })),
    },
    name,
  );
  const bodies = path.posix.join(out, "mails", name);
  const composition = compositionOf(definition, { name, bodies });
  const remarks = remarksOn(definition);
  const managedBy = managerOf(flow.description, stack);
  // Known only once the program is written, which takes credentials out.
  const above = (): string[] =>
    [commandLines(credentials), remarkLines(remarks), noteLines(managedBy)]
      .filter((lines) => lines.length > 0)
      .flatMap((lines, i) => (i === 0 ? lines : ["//", ...lines]));
  const pulled = (form: PulledFlow["form"], program: string, others: readonly PulledFile[] = []): PulledFlow => ({
    id: flow.id,
    title: maskText(flow.name ?? name),
    name,
    form,
    files: [
      { path: path.posix.join(out, `${name}.ts`), text: [...firstLine(flow.id), program].join("\n") },
      ...others.map((body) => ({ path: body.path, text: body.text })),
    ],
    leftOut: schedules.leftOut,
    remarks,
    ...(managedBy === undefined ? {} : { managedBy }),
    ...namesOf(credentials),
  });
  if (!("why" in composition)) {
    const sent = provenSenders(definition, name, withSenders(composition.args, senders?.names, [constantName(name)]));
    return pulled(
      "composition",
      programText(flow.id, name, composition, schedules, { comment: above(), sent, isModule }),
      [
        ...bodiesIn(composition.args),
        ...(senders !== undefined && Object.keys(sent?.imported ?? {}).length > 0 ? [senders.file(out)] : []),
      ],
    );
  }
  const form = hasTypes(definition) ? "keyed" : "pasted";
  const program = withSchedules(
    form === "keyed" ? programOf(definition, { name, adopt: flow.id }) : pastedProgram(flow, name, credentials),
    schedules,
  );
  return { ...pulled(form, withComment(program, name, above())), why: composition.why };
}

/** The names, where what is written with them has been run, and is the flow. */
function provenSenders(definition: Dict, name: string, sent: NamedSenders): NamedSenders | undefined {
  const senders = { ...sent.constants, ...sent.imported };
  return Object.keys(senders).length > 0 && differenceOf(definition, name, { args: sent.args, senders }) === undefined
    ? sent
    : undefined;
}

/** The program with a comment above the flow, before which these forms have no texts of the flow. */
function withComment(program: string, name: string, lines: readonly string[]): string {
  const at = program.indexOf(`\nexport const ${constantName(name)} = new HogFlow(`) + 1;
  return `${program.slice(0, at)}${lines.map((line) => `${line}\n`).join("")}${program.slice(at)}`;
}

/** Names that every object of JavaScript has already: the compiler takes a map with one for something else. */
const OWN_NAMES: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether the types of the keyed form have a place for everything in it, and take what is there. */
function hasTypes(definition: Dict): boolean {
  const { leftover, actions, variables } = definition;
  if (
    misfit(flowSchema, definition) !== undefined ||
    !Object.values(actions as Record<string, Dict>).every(hasTypedConfig)
  )
    return false;
  return (
    unknownKeyIn(definition) === undefined &&
    leftover === undefined &&
    ![...Object.keys(actions ?? {}), ...Object.keys(variables ?? {})].some((key) => OWN_NAMES.has(key))
  );
}

function hasTypedConfig({ type, config }: Dict): boolean {
  const schema = configSchema(type, config);
  return (
    schema !== undefined &&
    (config === undefined ? stepKindOf(type)?.isConfigOptional === true : misfit(schema, config) === undefined)
  );
}

/** A draft belongs to whoever presses the button in PostHog; what runs, or has been put away, is said (design L3). */
const withStatus = (definition: Dict, status: string): Dict =>
  status === "draft" ? definition : { ...definition, status };

const namesOf = ({ taken }: Credentials): Pick<PulledFlow, "secrets" | "credentials"> => ({
  secrets: taken.map(({ key }) => key).sort(),
  credentials: taken,
});

/** Steps have the words that composition gives them. */
function credentialsOf(definition: Dict, name: string): Credentials {
  const steps = (isDict(definition["actions"]) ? definition["actions"] : {}) as Record<string, Action>;
  const keys = keysOf(steps);
  return new Credentials(name, (id) => keys.get(id) ?? id);
}

/**
 * The program text of a definition that is nowhere live, such as an older version: in one file, with the bodies of e-mails in it, and taking nothing over.
 *
 * @example
 * ```ts
 * definitionProgram({ name: "Welcome", actions: {} }, { name: "welcome" });
 * ```
 */
export function definitionProgram(
  definition: Dict,
  { name = resourceName(definition["name"]) }: { name?: string } = {},
): string {
  const inClear = { name, ...definition };
  const credentials = credentialsOf(inClear, name);
  const whole = credentials.out(inClear);
  const composition = compositionOf(whole, { name, bodies: "mails" });
  if ("why" in composition) return withComment(programOf(whole, { name }), name, commandLines(credentials));
  return programText(undefined, name, inline(composition), NO_SCHEDULES, { comment: commandLines(credentials) });
}

/** With the texts of files in their place. */
function inline(composition: Composition): Composition {
  const walk = (value: unknown): unknown => {
    if (value instanceof Body) return value.data;
    if (value instanceof Call) return new Call(value.name, value.args.map(walk));
    if (Array.isArray(value)) return value.map(walk);
    return isDict(value) && Object.getPrototypeOf(value) === Object.prototype
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item)]))
      : value;
  };
  return { args: walk(composition.args) as Dict };
}

/** What a program has besides its flow. */
interface ProgramParts {
  /** Lines above the flow. */
  comment?: readonly string[];
  /** The flow's arguments with names for its senders. */
  sent?: NamedSenders | undefined;
  isModule?: boolean;
}

/** The text of a program with one flow. */
export function programText(
  id: string | undefined,
  name: string,
  composition: Composition,
  schedules: Schedules,
  { comment = [], sent, isModule = false }: ProgramParts = {},
): string {
  const { args } = sent ?? composition;
  const { variables } = args;
  const constants = Object.entries(sent?.constants ?? {});
  const imported = Object.keys(sent?.imported ?? {});
  const shown: Dict = {
    ...(id === undefined ? {} : adopting(id)),
    ...args,
    ...(variables === undefined ? {} : { variables: new Name("vars") }),
  };
  const names = namesIn(args);
  const code = linesOf(schedules);
  const hasConfig = names.delete("config") || usesConfig(code);
  const start = `export const ${constantName(name)} = new `;
  for (const known of ["vars", ...imported, ...constants.map(([constant]) => constant)]) names.delete(known);
  names.add("HogFlow");
  if (schedules.code.length > 0) names.add("HogFlowSchedule");
  return [
    ...(hasConfig ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
    importLine([...names]),
    ...(imported.length > 0 ? [importLine(imported, `./${SENDERS_FILE}${isModule ? ".js" : ""}`)] : []),
    "",
    ...(hasConfig ? ["const config = new pulumi.Config();"] : []),
    ...constants.map(([constant, value]) => constantLine(constant, value)),
    ...(variables === undefined ? [] : [constantLine("vars", variables)]),
    ...(hasConfig || constants.length > 0 || variables !== undefined ? [""] : []),
    ...comment,
    `${start}${print(new Call("HogFlow", id === undefined ? [name, shown] : [name, shown, PROTECTED]), 0, start.length)};`,
    ...code,
    "",
  ].join("\n");
}

function constantLine(name: string, value: unknown): string {
  const start = `const ${name} = `;
  return `${start}${print(value, 0, start.length)};`;
}

function importLine(names: readonly string[], from = "pulumi-hogflow"): string {
  const sorted = [...names].sort((a, b) => a.localeCompare(b, "en", { sensitivity: "base" }));
  const line = `import { ${sorted.join(", ")} } from "${from}";`;
  return line.length <= CODE_WIDTH
    ? line
    : ["import {", ...sorted.map((name) => `  ${name},`), `} from "${from}";`].join("\n");
}

function withSchedules(program: string, schedules: Schedules): string {
  const named =
    schedules.code.length > 0 ? program.replace("import { HogFlow", "import { HogFlow, HogFlowSchedule") : program;
  const lines = linesOf(schedules);
  const configured =
    usesConfig(lines) && !usesConfig([named])
      ? named
          .replace(/^/, 'import * as pulumi from "@pulumi/pulumi";\n')
          .replace("\n\n", "\n\nconst config = new pulumi.Config();\n\n")
      : named;
  return [configured, ...lines.flatMap((line) => [line, "\n"])].join("");
}

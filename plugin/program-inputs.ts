// What a program gave for a resource, as the SDK of TypeScript sends it: programs in other languages give the arguments as they are, and have nothing that converts
// them. What the SDK has converted comes through unchanged.
import { getAt, parsePath } from "../definition/canonical/paths";
import { isKeptSecret } from "../definition/canonical/secrets";
import { isDict, isUnknown, listedTexts, type Dict } from "../definition/canonical/values";
import { argumentFlags, FLOW_FLAGS, keysWhere, SCHEDULE_FLAGS, type FlagRow } from "../definition/flags";
import { nearest } from "../definition/schema/names";
import { nameIn, ownerUrn } from "../definition/resource-types";
import { flow } from "../definition/schema/schemas";
import { pluginTarget, type TargetSettings } from "../definition/target";
import { formFinding, markTemplateSecrets, pastedForm, placeSecrets } from "../rules/pasted-form";
import type { ProgramFinding } from "../rules/program-findings";
import { Sealed, unsealed } from "./values";

type FlagTable = Readonly<Record<string, FlagRow>>;

export interface ProgramResource {
  urn: string;
  /** With secrets sealed. */
  news: Dict;
  /** Where the provider is configured to. */
  settings: TargetSettings;
}

const sealed = (value: unknown): unknown => (value instanceof Sealed ? value : new Sealed(value));
const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** The inputs of a flow for `check`. */
export function flowProgramInputs({ urn, news, settings }: ProgramResource): Dict {
  const given = present(news);
  const findings: ProgramFinding[] = [];
  const pasted = pastedObject(given["definition"]);
  const definition = definitionOf({ ...given, definition: pasted }, urn, findings);
  markTemplateSecrets(definition, sealed);
  const { properties, paths } = unsealed({ ...definition, ...flagsOf(given, FLOW_FLAGS) });
  const originProduct = properties["originProduct"] ?? (isDict(pasted) ? pasted["origin_product"] : undefined);
  findings.push(...unknownArguments(given, FLOW_ARGUMENTS, "HogFlow"));
  return withOwner(given, urn, {
    ...properties,
    ...pluginTarget(properties, given["stackTarget"], settings),
    ...(isAbsent(originProduct) ? {} : { originProduct }),
    ...secretPathsIn(given, paths, definition),
    ...findingsOf(given, findings),
  });
}

const argumentsIn = (table: FlagTable): string[] => keysWhere(table, ({ by }) => by === "program");
const CONTENT = Object.keys(flow.shape);
const FLOW_ARGUMENTS = [...CONTENT, "definition", "secrets", ...argumentsIn(FLOW_FLAGS)];

/** The definition in keyed form, with secrets sealed. */
function definitionOf(given: Dict, urn: string, findings: ProgramFinding[]): Dict {
  const forms = ["actions", "definition"].filter((key) => given[key] !== undefined);
  const formless = formFinding(forms, "Give `actions` (a map of steps by id), or `definition` (PostHog's JSON)");
  if (formless) findings.push(formless);
  const settings = Object.fromEntries(
    CONTENT.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]),
  );
  const base = given["definition"] === undefined || forms.length !== 1 ? {} : pastedBase(given["definition"], findings);
  const definition: Dict = { name: nameIn(urn), ...base, ...settings };
  if (isDict(given["secrets"]))
    placeSecrets(definition, given["secrets"], {
      findings,
      inputOf: (value) => (isKeptSecret(value) ? { secret: true } : { value: sealed(value) }),
    });
  return definition;
}

/** Pasted JSON is an object, or its text: languages read a file as text. */
function pastedObject(given: unknown): unknown {
  if (typeof given !== "string" || isUnknown(given)) return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

function pastedBase(pasted: unknown, findings: ProgramFinding[]): Dict {
  if (isDict(pasted)) return pastedForm(pasted, findings);
  findings.push({
    path: ["definition"],
    what: isUnknown(pasted)
      ? "is not known yet, but the steps of a flow must be"
      : "expected the JSON object that PostHog returns",
    fix: "Read it from a file in the program",
  });
  return {};
}

/** The inputs of a schedule for `check`. */
export function scheduleProgramInputs({ urn, news, settings }: ProgramResource): Dict {
  const given = present(news);
  const { properties, paths } = unsealed({ ...pick(given, SCHEDULE_CONTENT), ...flagsOf(given, SCHEDULE_FLAGS) });
  return withOwner(given, urn, {
    ...properties,
    ...pluginTarget(properties, given["stackTarget"], settings),
    ...secretPathsIn(given, paths, properties),
    ...findingsOf(given, unknownArguments(given, SCHEDULE_ARGUMENTS, "HogFlowSchedule")),
  });
}

const SCHEDULE_CONTENT = ["rrule", "startsAt", "timezone", "variables"];
const SCHEDULE_ARGUMENTS = ["flowId", ...SCHEDULE_CONTENT, ...argumentsIn(SCHEDULE_FLAGS)];

const pick = (from: Dict, keys: readonly string[]): Dict =>
  Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));

/** Without what is null: languages say so for nothing. */
export const present = (properties: Dict): Dict =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => !isAbsent(value)));

/** The flags that the program or the SDK gave; bookkeeping of the provider's own comes from the state alone. */
function flagsOf(given: Dict, table: FlagTable): Dict {
  return {
    ...argumentFlags(table, given),
    ...pick(
      given,
      keysWhere(table, ({ by, kept }) => by === "sdk" && kept !== "program"),
    ),
  };
}

/** Only the engine knows the URN for certain; without a marker, there is no owner. */
const withOwner = ({ marker }: Dict, urn: string, { owner: _, ...inputs }: Dict): Dict =>
  marker === false ? inputs : { ...inputs, owner: ownerUrn(urn) };

/** The argument that a finding is about: the SDK takes the flow of a schedule as a resource, programs in other languages its id. */
export const argumentOf = (path: string, inputs: Dict): string =>
  path === "flow" && inputs["siblings"] === undefined ? "flowId" : path;

/** Those of the SDK, which knows which whole was secret; else those of the secrets that came in. */
function secretPathsIn(given: Dict, found: readonly string[], definition: Dict): Dict {
  const sent = listedTexts(given["secretPaths"]);
  const paths = sent.length > 0 ? sent : found.filter((path) => isContent(path, definition)).sort();
  return paths.length > 0 ? { secretPaths: paths } : {};
}

const isContent = (text: string, definition: Dict): boolean => getAt(definition, parsePath(text) ?? []) !== undefined;

function findingsOf(given: Dict, found: readonly ProgramFinding[]): Dict {
  const findings = [...(Array.isArray(given["findings"]) ? given["findings"] : []), ...found];
  return findings.length > 0 ? { findings } : {};
}

function unknownArguments(given: Dict, known: readonly string[], resource: string): ProgramFinding[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key) && !SENT.has(key))
    .map((key) => {
      const near = nearest(key, known);
      return {
        rule: "unknown-argument",
        path: [key],
        what: `\`${key}\` is not an argument of ${resource}`,
        ...(near ? { suggestion: `\`${near}\`` } : { fix: `Arguments are ${known.join(", ")}` }),
      };
    });
}

/** What is no argument, and comes all the same: from the SDK, from a state of the dynamic provider, or from an import. */
const SENT: ReadonlySet<string> = new Set([
  ...[FLOW_FLAGS, SCHEDULE_FLAGS].flatMap((table: FlagTable) => keysWhere(table, ({ by }) => by !== "program")),
  "serverAdditions",
  "stackTarget",
  "__provider",
  "__defaults",
  "__internal",
]);

// A definition as the TypeScript of a program that makes it, in the keyed form.
import { SECRET_INPUTS } from "../definition/schema/templates";
import { secretName } from "../definition/schema/secret-name";
import { isDict, own, put, type Dict } from "../definition/canonical/values";
import { SECRET, inputItems, isKeptSecret } from "../definition/canonical/secrets";
import { stepTemplate } from "../definition/canonical/step-template";
import { orderOf } from "../definition/graph/flow-graph";
import { Code, valueCode } from "./code-text";
import { jsonText } from "../definition/plain-text";

/** What a written program calls its flow, and whether it takes one over. */
export interface ProgramOptions {
  /** Logical name of the resource in the program. Default: made from the title. */
  name?: string;
  /** Argument `adopt`: the id of the live flow that the program takes over. It is then archived instead of deleted, and protected. */
  adopt?: string;
}

/** Arguments of a flow that a program takes over: Pulumi did not make it, and must not be what deletes it. */
export const adopting = (id: string): Dict => ({ adopt: id, onDelete: "archive" });
/** Options of a resource that a program takes over. */
export const PROTECTED: Dict = { protect: true };

/**
 * The program text of one flow. Secrets that PostHog has are `stored()`; others become named configuration: `config.requireSecret("welcomeNotifySigningSecret")`.
 *
 * @param definition Keyed form, canonical. Members with the value undefined are left out.
 * @example
 * ```ts
 * programOf({ name: "Welcome", actions: { exit_node: { type: "exit", name: "Exit" } } });
 * // import { HogFlow } from "pulumi-hogflow";
 * //
 * // export const welcome = new HogFlow("welcome", {
 * //   name: "Welcome",
 * //   actions: { exit_node: { type: "exit", name: "Exit" } },
 * // });
 * ```
 */
export function programOf(definition: Dict, options: ProgramOptions = {}): string {
  const name = options.name ?? resourceName(definition["name"]);
  const shown = withoutSecrets(definition, name);
  const { name: title, actions, ...settings } = shown;
  const args: Dict = {
    ...(options.adopt === undefined ? {} : adopting(options.adopt)),
    // The logical name is the title where nothing else is said.
    ...(title === undefined || title === name ? {} : { name: title }),
    ...settings,
    actions: isDict(actions) ? Object.fromEntries(orderOf(actions).map((id) => [id, ordered(actions[id])])) : {},
  };
  const head = `export const ${constantName(name)} = new HogFlow(`;
  const body = (indent: number): string[] => Object.entries(args).map(([key, value]) => member(key, value, indent));
  return [
    ...programHead({ hasStored: holdsStored(shown), hasConfig: usesConfig(body(2)) }),
    ...(options.adopt === undefined
      ? [`${head}${jsonText(name)}, {`, ...body(2), "});"]
      : [head, `  ${jsonText(name)},`, "  {", ...body(4), "  },", `  ${valueCode(PROTECTED)},`, ");"]),
    "",
  ].join("\n");
}

/** Steps one below the other, as a reviewer reads them; everything else as it fits. */
function member(key: string, value: unknown, indent: number): string {
  const before = " ".repeat(indent);
  if (key !== "actions" || !isDict(value))
    return `${before}${key}: ${valueCode(value, indent, indent + key.length + 2)},`;
  const steps = Object.entries(value).map(([id, step]) => {
    const code = valueCode({ [id]: step }, indent, 1000).split("\n");
    return code.slice(1, -1).join("\n");
  });
  return [`${before}${key}: {`, ...steps, `${before}},`].join("\n");
}

const FIRST = ["type", "name", "description", "onError", "filters", "outputVariable", "config", "branches", "next"];

/** The members of a step in the order in which the documentation has them. */
function ordered(step: unknown): unknown {
  if (!isDict(step)) return step;
  const keys = [
    ...FIRST.filter((key) => step[key] !== undefined),
    ...Object.keys(step).filter((key) => !FIRST.includes(key)),
  ];
  return Object.fromEntries(keys.map((key) => [key, step[key]]));
}

/** The first lines of a program, down to the empty one before its resources. */
export const programHead = ({ hasStored, hasConfig }: { hasStored: boolean; hasConfig: boolean }): string[] => [
  ...(hasConfig ? ['import * as pulumi from "@pulumi/pulumi";'] : []),
  `import { HogFlow${hasStored ? ", stored" : ""} } from "pulumi-hogflow";`,
  "",
  ...(hasConfig ? ["const config = new pulumi.Config();", ""] : []),
];

/** Code, and no text: what reads the configuration is written by this package alone. */
export const usesConfig = (lines: readonly string[]): boolean =>
  lines.some((line) => line.includes("config.requireSecret("));

const STORED = new Code("stored()");
const holdsStored = (definition: Dict): boolean => [...inputItems(definition)].some(({ item }) => item === STORED);

function withoutSecrets(definition: Dict, name: string): Dict {
  const out = structuredClone(definition);
  for (const { id, key, item, inputs } of [...inputItems(out)]) {
    const template = stepTemplate(own(out["actions"], id));
    const isSecret = typeof template === "string" && SECRET_INPUTS[template]?.includes(key) === true;
    if (isKeptSecret(item)) put(inputs, key, STORED);
    else if ((isSecret && own(item, "value") !== undefined) || own(item, "value") === SECRET)
      put(inputs, key, { value: new Code(`config.requireSecret(${JSON.stringify(secretName(name, id, key))})`) });
  }
  return out;
}

/** Letters that are no plain ones with a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  þ: "th",
  ð: "d",
};

/** The words of a title in lower case, of plain letters and digits. */
export const titleWords = (title: unknown): string[] =>
  typeof title === "string"
    ? title
        .normalize("NFKD")
        .replace(/\p{M}/gu, "")
        .toLowerCase()
        .replace(/[ßæœøłđþð]/g, (letter) => LETTERS[letter]!)
        .split(/[^a-z0-9]+/)
        .filter((word) => word !== "")
    : [];

/** `Trial nurture` -> `trial-nurture`. */
export function resourceName(title: unknown): string {
  const text = titleWords(title).join("-").slice(0, 60).replace(/-+$/, "");
  return text === "" ? "flow" : isDevice(text) ? `${text}-flow` : text;
}

/** Names that Windows has for devices, and gives to no file, whatever stands behind a dot. */
export const isDevice = (name: string): boolean => /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(name);

/** Words of JavaScript, names that a written program gives, and everything that it may import. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield",
    "config pulumi vars",
    "action anyEvent branch cohort daily defineFlow delay delayUntil destination email event eventProperty exit file goTo group hog hogql liquid mjml monthly monthlyOn nothing on once otherwise person postHogAction propertyFilter push share slack sms split stored timeWindow timeZone validate values variables waitUntil webhook weekdays weekly when",
  ].flatMap((names) => names.split(" ")),
);

/** `trial-nurture` -> `trialNurture`. */
export function constantName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words
    .map((word, i) => (i === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join("");
  if (joined === "" || RESERVED.has(joined)) return joined === "" ? "flow" : `${joined}Flow`;
  return /^\d/.test(joined) ? `flow${joined}` : joined;
}

// Turns the inputs of PostHog's destination templates into TypeScript, so that a project can keep them in its repository and has the inputs of
// any destination typed and checked: `hogflow templates pull`.
import type { WireTemplate, WireTemplateInput } from "../api/wire-runs";
import { docComment, identifier, propertyName, stringLiteral } from "./template-words";

/** What the text of one template uses from elsewhere. */
type Import = "Input" | SdkType;
type SdkType = "Closed" | "DestinationData" | "DestinationText" | "HogText" | "LiquidText" | "Reference" | "Secret";

const SDK_TYPES: readonly SdkType[] = [
  "Closed",
  "DestinationData",
  "DestinationText",
  "HogText",
  "LiquidText",
  "Reference",
  "Secret",
];

interface Typed {
  text: string;
  imports: readonly Import[];
}

/** The part of a template that types are made from. */
export type TypedTemplate = Pick<WireTemplate, "id" | "name" | "inputs_schema"> &
  Partial<Pick<WireTemplate, "description">>;

/**
 * A TypeScript module with one interface and one step function for each template, in the order of their ids. The same templates give the same
 * text, so that a second pull without changes in PostHog changes no file.
 *
 * Required inputs without a default are required; choices are unions of their values; secrets take only outputs (`config.requireSecret`); texts
 * take the language that the template demands. Labels, descriptions and defaults become docstrings. Defaults of secrets are never shown.
 *
 * @example
 * templateTypes([await client.getTemplate("template-mailchimp")]);
 * // import type { Input } from "@pulumi/pulumi";
 * // import { destination, type Secret } from "pulumi-hogflow";
 * // export interface MailchimpInputs { … }
 * // export const mailchimpDestination = destination<MailchimpInputs>("template-mailchimp");
 */
export function templateTypes(templates: readonly TypedTemplate[]): string {
  const imports = new Set<Import>();
  const names = new Set<string>();
  const sorted = [...new Map(templates.map((template) => [template.id, template])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  const blocks = sorted.map((template) => {
    const name = unused(identifier(template.id.replace(/^template-/, "")), names);
    const { text, imports: used } = templateBlock(template, name);
    for (const one of used) imports.add(one);
    return text;
  });
  const ours = SDK_TYPES.filter((one) => imports.has(one)).map((one) => `type ${one}`);
  const head = [
    "// Inputs of PostHog's destination templates, written by `hogflow templates pull`.",
    ...(imports.has("Input") ? ['import type { Input } from "@pulumi/pulumi";'] : []),
    `import { ${["destination", ...ours].join(", ")} } from "pulumi-hogflow";`,
  ];
  return `${head.join("\n")}\n\n${blocks.join("\n\n")}\n`;
}

function templateBlock(template: TypedTemplate, name: string): Typed {
  const interfaceName = `${name}Inputs`;
  const functionName = `${name.charAt(0).toLowerCase()}${name.slice(1)}Destination`;
  const members = template.inputs_schema.map((input) => member(input));
  const text = [
    ...docComment([`Inputs of ${template.name || template.id} (\`${template.id}\`).`], ""),
    `export interface ${interfaceName} {`,
    ...members.map(({ text: line }) => line),
    "}",
    "",
    ...docComment([template.name || template.id, template.description ?? ""], ""),
    `export const ${functionName} = destination<${interfaceName}>(${stringLiteral(template.id)});`,
  ].join("\n");
  return { text, imports: members.flatMap(({ imports }) => imports) };
}

function member(input: WireTemplateInput): Typed {
  const { text, imports } = valueType(input);
  const fallback =
    input.secret || input.default === undefined || input.default === null
      ? ""
      : `Default: ${shownDefault(input.default)}.`;
  const known = Object.hasOwn(TYPES, input.type) ? "" : `PostHog's type \`${input.type}\`.`;
  const required = input.required === true && (input.default === undefined || input.default === null);
  const lines = [
    ...docComment([input.label ?? "", input.description ?? "", known, fallback], "  "),
    `  ${propertyName(input.key)}${required ? "" : "?"}: ${text};`,
  ];
  return { text: lines.join("\n"), imports };
}

const ANY_DATA: Typed = { text: "DestinationData", imports: ["DestinationData"] };

const plain =
  (type: string): ((input: WireTemplateInput) => Typed) =>
  () => ({ text: `Input<${type}>`, imports: ["Input"] });

/** By PostHog's types of inputs. */
const TYPES: Readonly<Record<string, (input: WireTemplateInput) => Typed>> = {
  string: textType,
  boolean: (input) =>
    input["templating"] === false
      ? plain("boolean")(input)
      : { text: "Input<boolean> | HogText", imports: ["Input", "HogText"] },
  number: plain("number"),
  choice: choiceType,
  dictionary: (input) => wrapped(textType(input), (text) => `{ readonly [key: string]: ${text} }`),
  json: () => ANY_DATA,
  integration: plain("number"),
  integration_field: plain("string"),
  integration_multi: () => ({ text: "readonly Input<number>[]", imports: ["Input"] }),
};

function valueType(input: WireTemplateInput): Typed {
  if (input.secret === true) return { text: "Secret", imports: ["Secret"] };
  const make = Object.hasOwn(TYPES, input.type) ? TYPES[input.type] : undefined;
  return make ? make(input) : ANY_DATA;
}

/** The language is the template's where it says one, and the text's own otherwise (API §2.3.1). */
function textType(input: WireTemplateInput): Typed {
  switch (input["templating"]) {
    case "liquid":
      // A reference alone is written as Hog in a destination, so it has to stand in a Liquid text.
      return { text: "Exclude<LiquidText, Reference>", imports: ["LiquidText", "Reference"] };
    case true:
    case "hog":
      return { text: "HogText", imports: ["HogText"] };
    case false:
      return { text: "Input<string>", imports: ["Input"] };
    default:
      return { text: "DestinationText", imports: ["DestinationText"] };
  }
}

function choiceType(input: WireTemplateInput): Typed {
  const values = (input.choices ?? []).map(({ value }: { value: unknown }) => value);
  if (values.length === 0 || values.some((value) => typeof value !== "string"))
    return { text: "Input<string> | Input<number> | Input<boolean>", imports: ["Input"] };
  return { text: `Closed<${[...new Set(values as string[])].map(stringLiteral).join(" | ")}>`, imports: ["Closed"] };
}

const wrapped = ({ text, imports }: Typed, wrap: (text: string) => string): Typed => ({ text: wrap(text), imports });

function shownDefault(value: unknown): string {
  const text = JSON.stringify(value);
  return `\`${text.length > 120 ? `${text.slice(0, 120)}…` : text}\``;
}

function unused(name: string, names: Set<string>): string {
  let free = name;
  for (let count = 2; names.has(free); count += 1) free = `${name}${count}`;
  names.add(free);
  return free;
}

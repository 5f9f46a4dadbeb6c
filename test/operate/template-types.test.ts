// The TypeScript made from templates: it compiles, accepts and refuses what it should, and is the same for the same templates.
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { templateTypes, type TypedTemplate } from "../../operate/template-types";

const root = join(import.meta.dirname, "../..");

const SDK = `
export * from "./sdk/values";
import type { DestinationData } from "./sdk/values";
export declare function destination<Inputs extends { [K in keyof Inputs]: DestinationData }>(templateId: string): (id: string, options: { inputs: Inputs }) => unknown;
`;

/** What the compiler says about programs, by file. */
function compile(files: Readonly<Record<string, string>>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    paths: { "pulumi-hogflow": [join(root, "pulumi-hogflow.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const virtual = (path: string): string | undefined =>
    path.startsWith(`${root}/`) ? files[path.slice(root.length + 1)] : undefined;
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (path) => virtual(path) !== undefined || fileExists(path);
  host.readFile = (path) => virtual(path) ?? readFile(path);
  host.getSourceFile = (path, version) => {
    const text = virtual(path);
    return text === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram(
    Object.keys(files).map((name) => join(root, name)),
    options,
    host,
  );
  return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
    const line = file && start !== undefined ? file.text.slice(0, start).split("\n").length : 0;
    return `${file?.fileName.split("/").pop() ?? ""}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

const mailer: TypedTemplate = {
  id: "template-mail-er2",
  name: "Mailer */ two",
  description: "Sends\nmail.",
  inputs_schema: [
    { key: "api_key", type: "string", label: "API key", required: true, secret: true },
    { key: "signing", type: "string", secret: true, required: true, default: "s3cr3t" },
    { key: "to", type: "string", label: "Recipient", description: "Ends a comment: */ see", required: true },
    { key: "subject", type: "string", label: "Subject", required: true, default: "Hello from {project.name}" },
    { key: "html", type: "string", templating: "liquid", required: true },
    { key: "note", type: "string", templating: true },
    { key: "fixed", type: "string", templating: false },
    {
      key: "size",
      type: "choice",
      required: true,
      choices: [
        { label: "Small", value: "s" },
        { label: "Large", value: 'l"x' },
      ],
    },
    { key: "level", type: "choice", choices: [{ label: "One", value: 1 as unknown as string }] },
    { key: "account", type: "integration", required: true },
    { key: "accounts", type: "integration_multi" },
    { key: "list", type: "integration_field" },
    { key: "headers", type: "dictionary", default: { "X-A": "b" } },
    { key: "body", type: "json" },
    { key: "limit", type: "number" },
    { key: "debug", type: "boolean", label: "Log", required: false, default: false },
    { key: 'odd-key \u2028"x"', type: "string" },
    { key: "novel", type: "posthog_novelty", label: "Something new" },
  ],
};

const other: TypedTemplate = { id: "template-mail_er2", name: "Other", inputs_schema: [] };
const number: TypedTemplate = { id: "0198f5c0-0000", name: "", inputs_schema: [] };

const good = `
import { output, type Output } from "@pulumi/pulumi";
import { hog as hogTag, liquid as liquidTag, person } from "pulumi-hogflow";
import { mailEr2Destination, type MailEr2Inputs } from "./templates";
declare const text: Output<string>;
const hog = hogTag\`\${person("email")}\`;
const liquid = liquidTag\`Hi\`;
const required = { api_key: output("x"), to: "a@example.com", html: liquid, size: "s", account: 5 } as const;
mailEr2Destination("mail", { inputs: required });
export const all: MailEr2Inputs = {
  ...required, to: hog, subject: liquid, html: text, note: person("email"), fixed: text, size: text, account: output(3), accounts: [1, output(2)], list: "C01", signing: text,
  headers: { Authorization: text, "X-B": hog }, body: { deep: [hog, { x: text }, 5] }, level: 1, limit: 3, debug: true, "odd-key \\u2028\\"x\\"": "x", novel: { any: 1 },
};
export const template: MailEr2Inputs = { ...required, debug: hog, size: 'l"x' };
`;

const REFUSED = [
  'api_key: "s3cr3t"',
  "html: hog",
  'html: person("email")',
  "note: liquid",
  'size: "m"',
  'account: "5"',
  'limit: "3"',
  "fixed: hog",
  "debug: liquid",
  'headers: "x"',
  "unknown: 1",
  "account: undefined",
];
const bad = [
  'import { output } from "@pulumi/pulumi"; import { hog as hogTag, liquid as liquidTag, person } from "pulumi-hogflow"; import { mailEr2Destination } from "./templates"; const hog = hogTag`x`; const liquid = liquidTag`x`;',
  'const required = { api_key: output("x"), to: "a", html: liquid, size: "s", account: 5 } as const;',
  ...REFUSED.map((line) => `mailEr2Destination("mail", { inputs: { ...required, ${line} } });`),
].join("\n");

describe("types of templates", () => {
  it("compile, accept what PostHog does, and refuse what it does not know", { timeout: 60_000 }, () => {
    const found = compile({
      "pulumi-hogflow.ts": SDK,
      "templates.ts": templateTypes([mailer, other, number]),
      "good.ts": good,
      "bad.ts": bad,
    });
    expect(found.map((said) => said.split(" ")[0])).toEqual(REFUSED.map((_, index) => `bad.ts:${index + 3}`));
  });

  it("say what a person should know, and never a secret's default", () => {
    const text = templateTypes([mailer]);
    expect(text).not.toContain("s3cr3t");
    expect(text).toContain("  /** API key */\n  api_key: Secret;\n  signing?: Secret;");
    expect(text).toContain('   * Subject\n   * Default: `"Hello from {project.name}"`.\n   */\n  subject?: ');
    expect(text).toContain("PostHog's type `posthog_novelty`.");
    expect(text).toContain(" * Mailer *\\/ two\n * Sends\n * mail.");
  });

  it("are the same for the same templates, whatever their order, and have one name each", () => {
    const text = templateTypes([mailer, other, number]);
    expect(templateTypes([number, other, mailer, other])).toBe(text);
    expect([...text.matchAll(/export (?:interface|const) (\w+)/g)].map((found) => found[1])).toEqual([
      "Template0198f5c00000Inputs",
      "template0198f5c00000Destination",
      "MailEr2Inputs",
      "mailEr2Destination",
      "MailEr22Inputs",
      "mailEr22Destination",
    ]);
  });

  it("import only what they use", () => {
    const text = templateTypes([{ id: "template-x", name: "X", inputs_schema: [] }]);
    expect(text).toContain('import { destination } from "pulumi-hogflow";');
    expect(text).not.toContain("@pulumi/pulumi");
  });
});

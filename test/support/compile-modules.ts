// Compiles programs that stand in pages and docstrings, all of them in one go, against the sources of the package.
import path from "node:path";
import ts from "typescript";

export const ROOT = path.resolve(import.meta.dirname, "../..");

/** What programs import, and where its sources are. */
export const ENTRIES = {
  "pulumi-hogflow": path.join(ROOT, "sdk/index.ts"),
  "pulumi-hogflow/testing": path.join(ROOT, "testing/index.ts"),
  "pulumi-hogflow/operate": path.join(ROOT, "operate/index.ts"),
  "pulumi-hogflow/policy": path.join(ROOT, "policy/index.ts"),
  "pulumi-hogflow/emulator": path.join(ROOT, "emulator/index.ts"),
} as const;

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
  paths: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, [file]])),
};

/** Parsed once for all programs. */
const sources = new Map<string, ts.SourceFile | undefined>();

/** A program of files that exist only here, by absolute path; what they import is read from the disk. */
export function programOf(modules: ReadonlyMap<string, string>): ts.Program {
  const host = ts.createCompilerHost(OPTIONS);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    if (modules.has(name)) return ts.createSourceFile(name, modules.get(name)!, ts.ScriptTarget.ES2022);
    if (!sources.has(name)) sources.set(name, getSourceFile(name, ...rest));
    return sources.get(name);
  };
  return ts.createProgram([...modules.keys()], OPTIONS, host);
}

/** What the compiler says about them, each with the line that it is about. */
export function errorsIn(modules: ReadonlyMap<string, string>): string[] {
  const program = programOf(modules);
  return [...modules.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ file, start, messageText }) => {
        const { line } = ts.getLineAndCharacterOfPosition(file!, start!);
        return `${path.basename(name)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}\n${modules.get(name)!.split("\n")[line]!.slice(0, 200)}`;
      },
    );
  });
}

/** The names that a text declares at its top. */
export function declaredIn(text: string): ReadonlySet<string> {
  const source = ts.createSourceFile("text.ts", text, ts.ScriptTarget.ES2022);
  const namesIn = (name: ts.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
  return new Set(
    source.statements.flatMap((statement) => {
      if (ts.isVariableStatement(statement))
        return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
      return ts.isFunctionDeclaration(statement) && statement.name ? [statement.name.text] : [];
    }),
  );
}

// A page of the reference: every export of an entry of the package with its docstring, from the declarations of the built package.
import path from "node:path";
import ts from "typescript";
import { REPOSITORY } from "../setup.mjs";
import { anchorMaker } from "./headings.mjs";

const DIST = path.join(REPOSITORY, "dist");

/** Of a type in characters; hundreds of time zones say no more than the first ones. */
const LONGEST = 300;

const cell = (text) =>
  text
    .replace(/\|/g, "\\|")
    .replace(/\s*\n\s*/g, " ")
    .trim();
/** A code span, also of code with backticks in it. */
const code = (text) => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);
const oneLine = (text) =>
  text
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();

/** Texts and files of the pages, from their table: one compilation for all. */
export function referencePages(pages) {
  const entries = pages.map(({ declarations }) => path.join(DIST, declarations));
  const program = ts.createProgram(entries, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  });
  return pages.map((page, i) => referencePage(page, program, entries[i]));
}

function referencePage({ file, title, text: introduction, groups: given, hides = [] }, program, entry) {
  const checker = program.getTypeChecker();
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  const isPublic = new Set(exported);
  const anchors = new Map();
  const anchor = anchorMaker();

  const docOf = (of) => plain(ts.displayPartsToString(of.getDocumentationComment(checker)));
  /** Of a value and a type of one name, what the value says: it stands for both. */
  const docOfEntry = (symbol) => {
    const value = symbol.declarations.find(ts.isVariableDeclaration);
    const comment =
      symbol.declarations.length > 1 &&
      value &&
      ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(value)[0]?.comment);
    return comment ? plain(comment) : docOf(symbol);
  };
  const plain = (text) => text.replace(/\{@link ([^}]+)\}/g, "`$1`").trim();
  const fileOf = (node) =>
    path
      .relative(DIST, node.getSourceFile().fileName)
      .replace(/\\/g, "/")
      .replace(/\.d\.ts$/, "");
  const isInternal = (symbol) =>
    symbol.getJsDocTags(checker).some(({ name }) => name === "internal") || symbol.name.startsWith("__@");

  /** Parameters and examples of a docstring. */
  function tagsOf(of, fence) {
    const tags = of.getJsDocTags(checker);
    const text = (tag) => plain(ts.displayPartsToString(tag.text ?? []));
    const lines = [];
    for (const tag of tags) {
      if (tag.name === "param") {
        const [, name, rest] = /^(\S+)\s*(.*)$/s.exec(text(tag)) ?? [];
        if (rest) lines.push(`- ${code(name)}: ${rest.replace(/\s*\n\s*/g, " ")}`);
      } else if (tag.name === "throws") lines.push(`- Throws: ${text(tag)}`);
    }
    const examples = tags
      .filter(({ name }) => name === "example")
      .map((tag) => {
        const given = ts.displayPartsToString(tag.text ?? []).trim();
        const fenced = /^```\w*\n(.*)\n```$/s.exec(given)?.[1];
        return ["", `\`\`\`${fence}`, fenced ?? given.replace(/^`(.*)`$/s, "$1"), "```"];
      });
    return [...(lines.length > 0 ? ["", ...lines] : []), ...examples.flat()];
  }

  /** How a function is called. */
  function signature(name, declaration) {
    const type = ts.isVariableDeclaration(declaration) ? declaration.type : declaration;
    // A constant whose value is its type.
    if (type === undefined) return oneLine(`${name}: ${checker.typeToString(checker.getTypeAtLocation(declaration))}`);
    if (type.parameters === undefined) return oneLine(`${name}: ${type.getText()}`);
    const generic = type.typeParameters ? `<${type.typeParameters.map((node) => node.getText()).join(", ")}>` : "";
    return oneLine(
      `${name}${generic}(${type.parameters.map((node) => oneLine(node.getText())).join(", ")})${type.type ? `: ${type.type.getText()}` : ""}`,
    );
  }

  /** Members of an object type; those of an exported type that it extends are named there. */
  function members(symbol, type) {
    const forms = type.isUnion() ? type.types : [type];
    const found = new Map();
    const bases = new Set();
    for (const form of forms) {
      for (const property of checker.getPropertiesOfType(form)) {
        const declaration = property.declarations?.[0];
        if (
          declaration === undefined ||
          isInternal(property) ||
          !declaration.getSourceFile().fileName.startsWith(`${DIST}/`)
        )
          continue;
        if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) continue;
        const parent = checker.getSymbolAtLocation(declaration.parent.name ?? declaration.parent);
        if (parent && parent !== symbol && isPublic.has(parent)) {
          bases.add(parent.name);
          continue;
        }
        const typeText = oneLine(
          ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration)
            ? signature("", declaration)
            : (declaration.type?.getText() ?? "unknown"),
        );
        const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
        const known = found.get(property.name);
        if (known === undefined)
          found.set(property.name, {
            typeText,
            doc: docOf(property),
            required: optional ? 0 : 1,
            method:
              /^[<(]/.test(typeText) && (ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration)),
          });
        else {
          if (!optional) known.required += 1;
          if (known.typeText === "undefined") known.typeText = typeText;
          known.doc ||= docOf(property);
        }
      }
    }
    const rows = [...found].filter(([, { typeText }]) => typeText !== "undefined");
    const need = ({ required, method }) => (method || required === forms.length ? "" : required === 0 ? "?" : "*");
    return [
      ...(bases.size > 0
        ? ["", `With everything of ${[...bases].map((name) => `[\`${name}\`](#${anchors.get(name)})`).join(", ")}.`]
        : []),
      ...(rows.length > 0
        ? [
            "",
            "| Member | Type | |",
            "|---|---|---|",
            ...rows.map(
              ([name, row]) => `| ${code(name + need(row))} | ${cell(code(row.typeText))} | ${cell(row.doc)} |`,
            ),
          ]
        : []),
      ...(rows.some(([, row]) => need(row) === "*") ? ["", "Of those with `*`, one at least."] : []),
    ];
  }

  function entryOf(symbol, fence) {
    const { name } = symbol;
    const declarations = symbol.declarations ?? [];
    const callable = declarations.filter((node) => ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node));
    const lines = ["", `### ${name}`];
    const body = [];
    const shape = declarations.find(
      (node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeAliasDeclaration(node),
    );
    for (const node of callable) {
      const made = checker.getTypeOfSymbolAtLocation(symbol, node).getConstructSignatures();
      if (made.length > 0) {
        body.push(...made.map(({ declaration }) => `new ${signature(name, declaration)}`));
        const statics = node.type && checker.getTypeFromTypeNode(node.type);
        for (const method of statics ? checker.getPropertiesOfType(statics) : [])
          if (method.declarations?.some(ts.isMethodSignature))
            body.push(signature(`${name}.${method.name}`, method.declarations[0]));
      } else if (!ts.isVariableDeclaration(node) || !node.type || !ts.isTypeLiteralNode(node.type))
        body.push(signature(name, node));
    }
    // An alias of other types says it all; one that spells out an object is a table.
    const isAlias = shape !== undefined && ts.isTypeAliasDeclaration(shape);
    const hasTable = shape !== undefined && (!isAlias || /\{/.test(shape.type.getText()));
    const type = shape && checker.getDeclaredTypeOfSymbol(symbol);
    const table =
      hasTable &&
      (type.isUnion() ? type.types : [type]).every(
        (part) => part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) && !checker.isArrayType(part),
      )
        ? members(symbol, type)
        : [];
    if (isAlias && table.length === 0) {
      const text = oneLine(shape.getText())
        .replace(/^export /, "")
        .replace(/^declare /, "");
      body.push(text.length > LONGEST ? `${text.slice(0, text.lastIndexOf(" |", LONGEST))} | …` : text);
    } else if (shape && ts.isClassDeclaration(shape)) {
      for (const member of shape.members)
        if (
          ts.isConstructorDeclaration(member) &&
          !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === "internal")
        )
          body.push(`new ${signature(name, member)}`);
    }
    if (body.length > 0) lines.push("", "```typescript", ...body, "```");
    const doc = docOfEntry(symbol);
    if (doc) lines.push("", doc);
    lines.push(...tagsOf(symbol, fence));
    lines.push(...table);
    return lines;
  }

  /** `on` holds its functions as members. */
  function functionsOf(symbol) {
    const node = symbol.declarations?.find(ts.isVariableDeclaration);
    if (!node?.type || !ts.isTypeLiteralNode(node.type)) return [];
    return checker
      .getTypeOfSymbolAtLocation(symbol, node)
      .getProperties()
      .flatMap((member) => {
        const [call] = checker.getTypeOfSymbolAtLocation(member, node).getCallSignatures();
        if (call?.declaration === undefined) return [];
        return [
          "",
          `#### ${symbol.name}.${member.name}`,
          "",
          "```typescript",
          signature(`${symbol.name}.${member.name}`, call.declaration),
          "```",
          "",
          docOf(call),
          ...tagsOf(call, "ts"),
        ];
      });
  }

  /** The group of an export, by the file that declares it. */
  const groupOf = (declaring) =>
    given.find(({ has }) => has?.(declaring)) ?? given.find(({ has }) => has === undefined);
  const isValue = (symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const shown = exported.filter(({ name }) => !hides.includes(name));
  const groups = given.map((group) => {
    const mine = shown.filter((symbol) => groupOf(fileOf(symbol.declarations[0])) === group);
    const byName = (a, b) =>
      a.name.toLowerCase() < b.name.toLowerCase()
        ? -1
        : a.name.toLowerCase() > b.name.toLowerCase()
          ? 1
          : a.name < b.name
            ? -1
            : 1;
    return {
      ...group,
      symbols: [...mine.filter(isValue).sort(byName), ...mine.filter((symbol) => !isValue(symbol)).sort(byName)],
    };
  });
  for (const { title, symbols } of groups) {
    anchors.set(`# ${title}`, anchor(title));
    for (const { name } of symbols) anchors.set(name, anchor(name));
  }
  const index = groups.map(
    ({ title, symbols }) =>
      `- [${title}](#${anchors.get(`# ${title}`)}): ${symbols
        .filter((symbol, _, all) => isValue(symbol) || !all.some(isValue))
        .map(({ name }) => `[\`${name}\`](#${anchors.get(name)})`)
        .join(", ")}`,
  );
  const lines = [
    `# ${title}`,
    "",
    `${introduction} \`?\` behind a name: may be left out. Made by \`npm run docs\`.`,
    "",
    ...index,
    ...groups.flatMap(({ title, text, symbols, fence = "ts" }) => [
      "",
      `## ${title}`,
      "",
      text,
      ...symbols.flatMap((symbol) => [...entryOf(symbol, fence), ...functionsOf(symbol)]),
    ]),
    "",
  ];
  return { file, text: lines.join("\n") };
}

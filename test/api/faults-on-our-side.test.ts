/**
 * Whatever breaks on our side, a request that has left is never taken for one that has not: an exception is thrown at every statement of the client, one after
 * the other, while a real server answers. Deep, long and endless answers are the exceptions that an answer itself can provoke.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import ts from "typescript";
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { allRows } from "../../api/paging";
import { redactDeep } from "../../api/redact";
import { clientOf, failure, fastClock, FLOW, KEY, serve, THROTTLED, type Answer } from "./helpers";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** The part of the package that the client needs. */
const FOLDERS = ["api", "definition", "definition/canonical", "definition/schema"];

/** Statements that were given a place to break at, by their number. */
const statements: string[] = [];
let copy: string;
let api: typeof import("../../api");

/** The client, compiled with a question before every statement inside a function: is it this one that breaks? */
beforeAll(() => {
  (globalThis as any).breakAt = () => undefined;
  copy = mkdtempSync(path.join(os.tmpdir(), "hogflow-breaking-"));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  writeFileSync(path.join(copy, "package.json"), readFileSync(path.join(ROOT, "package.json")));
  for (const folder of FOLDERS) {
    mkdirSync(path.join(copy, folder), { recursive: true });
    for (const name of readdirSync(path.join(ROOT, folder)).filter((file) => file.endsWith(".ts"))) {
      const text = readFileSync(path.join(ROOT, folder, name), "utf8");
      const breaks = folder === "api";
      const { outputText } = ts.transpileModule(text, {
        fileName: name,
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
        transformers: breaks ? { before: [breaking(name)] } : {},
      });
      writeFileSync(path.join(copy, folder, name.replace(/\.ts$/, ".js")), outputText);
    }
  }
  api = createRequire(path.join(copy, "package.json"))("./api/index.js");
}, 60_000);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What catches: were it broken, nothing could be known. It holds no more than that. */
const NETS = new Set(["unbroken", "brokenError", "guarded"]);
const isNet = (node: ts.Node): boolean =>
  (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) &&
  node.name !== undefined &&
  ts.isIdentifier(node.name) &&
  NETS.has(node.name.text);

function breaking(file: string): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (source) => {
    const { factory } = context;
    const question = (statement: ts.Node): ts.Statement => {
      const { line } = ts.getLineAndCharacterOfPosition(source, statement.getStart(source));
      const number = statements.push(`${file}:${line + 1}`) - 1;
      return factory.createExpressionStatement(
        factory.createCallExpression(
          factory.createPropertyAccessExpression(factory.createIdentifier("globalThis"), "breakAt"),
          undefined,
          [factory.createNumericLiteral(number)],
        ),
      );
    };
    const visit = (node: ts.Node): ts.Node => {
      if (isNet(node)) return node;
      // An arrow with an expression as its body is a statement, too.
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const body = ts.visitNode(node.body, visit) as ts.Expression;
        return factory.updateArrowFunction(
          node,
          node.modifiers,
          node.typeParameters,
          node.parameters,
          node.type,
          node.equalsGreaterThanToken,
          factory.createBlock([question(node.body), factory.createReturnStatement(body)]),
        );
      }
      if (ts.isBlock(node))
        return factory.updateBlock(
          node,
          node.statements.flatMap((statement) =>
            ts.isFunctionDeclaration(statement)
              ? [ts.visitNode(statement, visit) as ts.Statement]
              : [question(statement), ts.visitNode(statement, visit) as ts.Statement],
          ),
        );
      return ts.visitEachChild(node, visit, context);
    };
    return ts.visitNode(source, visit) as ts.SourceFile;
  };
}

/** One creation. Breaks at the given statement, the first time that it is reached; answers with the statements that were reached. */
async function create(
  answer: Answer,
  at: number | undefined,
): Promise<{ posts: number; reached: Set<number>; rejections: unknown[]; error?: any; value?: any }> {
  const server = await serve([answer]);
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  const clock = fastClock();
  const reached = new Set<number>();
  let armed: number | undefined;
  // What nobody waits for any more must not end the process.
  const rejections: unknown[] = [];
  const unhandled = (reason: unknown) => void rejections.push(reason);
  (globalThis as any).breakAt = (number: number) => {
    reached.add(number);
    if (number !== armed) return;
    armed = undefined;
    throw new RangeError("something broke on our side");
  };
  process.on("unhandledRejection", unhandled);
  try {
    // Making a client asks nothing of anybody: it breaks as it likes.
    const client = api.createClient({
      host: server.origin,
      projectId: "7",
      apiKey: KEY,
      dispatcher,
      clock,
      limiter: api.createLimiter({ clock }),
      requestTimeoutMs: 300,
    });
    reached.clear();
    armed = at;
    const call = client.createFlow({
      name: "Welcome",
      actions: [{ id: "mail", config: { inputs: { text: { value: "a secret text" } } } }],
    } as never);
    const value = await Promise.race([call, new Promise((resolve) => setTimeout(resolve, LONGEST_MS, HANGS))]);
    return { posts: server.log.length, reached, value, rejections };
  } catch (error) {
    return { posts: server.log.length, reached, error, rejections };
  } finally {
    process.off("unhandledRejection", unhandled);
    (globalThis as any).breakAt = () => undefined;
  }
}

const ANSWERS: Record<string, Answer> = {
  "that works": { status: 201, json: FLOW },
  "that is no JSON": { status: 201, text: "<html>", headers: { "content-type": "text/html" } },
  "that refuses": {
    status: 400,
    json: {
      type: "validation_error",
      code: "invalid_input",
      detail: 'Not "a secret text".',
      attr: "actions__0__inputs__text",
      extra: { deep: { list: ["a secret text"] } },
    },
  },
  "that fails": {
    status: 500,
    json: { type: "server_error", code: "error", detail: "A server error occurred.", attr: null },
  },
  "that is cut": { json: FLOW, cut: "within" },
};

/** Ten times what the client itself waits for an answer. */
const LONGEST_MS = 3_000;
const HANGS = "never ends";

describe("an exception on our side", () => {
  it.each(Object.entries(ANSWERS))(
    "never repeats a request that has left, nor calls it unsent: an answer %s",
    async (_, answer) => {
      const usual = await create(answer, undefined);
      expect(usual.posts).toBe(1);
      const places = [...usual.reached].filter((number) => number !== undefined);
      expect(places.length).toBeGreaterThan(50);
      const wrong: string[] = [];
      for (const number of places) {
        const { posts, error, value, rejections } = await create(answer, number);
        const where = statements[number]!;
        if (value === HANGS) wrong.push(`${where}: ${HANGS}`);
        if (rejections.length > 0) wrong.push(`${where}: ends the process`);
        if (posts > 1) wrong.push(`${where}: sent ${posts} times`);
        if (posts > 0 && error !== undefined && !(error instanceof api.PostHogApiError))
          wrong.push(`${where}: ${String(error)}`);
        if (posts > 0 && error?.outcome === "unsent") wrong.push(`${where}: sent, and called unsent`);
        // Where an answer was no success, or could not be read, nobody is told that it was one.
        if (value !== undefined && value !== HANGS && usual.error !== undefined)
          wrong.push(`${where}: a failure became a success`);
        if (/secret text|phx_test_key/.test(`${error?.message}${JSON.stringify(error ?? null)}`))
          wrong.push(`${where}: shows a secret`);
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );
});

describe("answers that break their readers", () => {
  const deep = (levels: number, inner = "1") => `${'{"a":'.repeat(levels)}${inner}${"}".repeat(levels)}`;
  const json = { "content-type": "application/json" };

  it("an error with a deeply nested `extra` is one request, and its error is told", async () => {
    const server = await serve([
      {
        status: 400,
        text: `{"type":"validation_error","code":"invalid_input","detail":"No.","attr":null,"extra":${deep(900)}}`,
        headers: json,
      },
    ]);
    const error = await failure(clientOf(server).client.createFlow({}));
    expect(error).toMatchObject({ status: 400, outcome: "refused", code: "invalid_input" });
    expect(server.log).toHaveLength(1);
  });

  it.each([201, 400, 500])("JSON that is nested 100,000 deep is unreadable, with status %i", async (status) => {
    const server = await serve([{ status, text: deep(100_000), headers: json }]);
    const error = await failure(clientOf(server).client.createFlow({}));
    expect(error).toMatchObject({ outcome: status === 400 ? "refused" : "unknown", code: "unreadable" });
    expect(server.log).toHaveLength(1);
  });

  it("a body that is nested without end is never sent, and says so", async () => {
    const server = await serve([{ json: FLOW }]);
    // One that is only nested deeply is written by Node 26, and by none before it.
    const body: Record<string, unknown> = {};
    body["a"] = body;
    expect(await failure(clientOf(server).client.createFlow(body as never))).toMatchObject({ outcome: "unsent" });
    expect(server.log).toEqual([]);
  });

  it("code, type and attr are as long as they need to be", async () => {
    const long = "x__".repeat(1_000_000);
    const server = await serve([{ status: 400, json: { type: long, code: long, detail: "No.", attr: long } }]);
    const error = await failure(clientOf(server).client.createFlow({}));
    for (const text of [error.type, error.code, error.attr]) expect(text!.length).toBeLessThan(2_000);
  });

  it("a block of headers without end is unknown, and one request", async () => {
    const server = await serve([{ json: FLOW, headers: { "x-long": "y".repeat(100_000) } }]);
    expect(await failure(clientOf(server).client.createFlow({}))).toMatchObject({ outcome: "unknown" });
    expect(server.log).toHaveLength(1);
  });

  it("an observer that throws changes nothing", async () => {
    const server = await serve([{ json: FLOW }]);
    const { client } = clientOf(server, {
      onRequest: () => {
        throw new Error("mine");
      },
    });
    expect(await client.createFlow({})).toEqual(FLOW);
  });

  it("a list whose `next` never ends is given up: with the same rows, and with ever new ones", async () => {
    const same = await serve(() => ({ json: { count: 3, next: "more", previous: null, results: [FLOW] } }));
    expect(await clientOf(same).client.allFlows()).toEqual([FLOW]);
    expect(same.log.length).toBeLessThan(10);
    let number = 0;
    const ever = allRows(async () => ({
      count: 1e9,
      next: "more",
      previous: null,
      results: Array.from({ length: 500 }, () => ({ id: String(number++) })),
    }));
    await expect(ever).rejects.toMatchObject({ code: "unreadable", message: expect.stringContaining("has not ended") });
  });

  it("redacts megabytes of secrets against a long text without waiting for them", async () => {
    const secrets = Array.from({ length: 1_000 }, (_, i) => `${i}:${"lorem ipsum dolor ".repeat(200)}${i}`);
    const quote = secrets[7]!.slice(-60);
    expect(redactDeep({ detail: `it says ${quote} here` }, secrets)).toEqual({ detail: "it says «hidden» here" });
  });

  it("keeps a throttled request apart: nothing was done, so it is repeated", async () => {
    const server = await serve([THROTTLED, { status: 201, json: FLOW }]);
    expect(await clientOf(server).client.createFlow({})).toEqual(FLOW);
    expect(server.log).toHaveLength(2);
  });
});

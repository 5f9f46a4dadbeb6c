// Flows in JSON files: what PostHog's API returns for a flow (also a list of them, or a page of the list), and where in the file a path of the keyed form is.
import { isNode, LineCounter, parseDocument, isMap, isSeq, type Document } from "yaml";
import { tooDeepText } from "../definition/canonical/depth";
import { parsePath } from "../definition/canonical/paths";
import { isDict, type Dict } from "../definition/canonical/values";
import { MAX_READ_NESTING } from "../definition/schema/limits";
import { snakeCase } from "../definition/schema/names";
import { readTextFile } from "../definition/text-file";
import { OperateError } from "./errors";

/** What a file holds. */
export interface FlowFile {
  /** As it was named. */
  file: string;
  flows: FlowInFile[];
}

/** One of its flows. */
interface FlowInFile {
  /** Title, or the file's name. */
  name: string;
  /** As it is in the file, in PostHog's names. */
  definition: Record<string, unknown>;
  /** `file:line` of a path of the keyed form, or of what is nearest around it. */
  locationOf(path: string): string;
}

/** The name that means standard input. */
const STANDARD_INPUT = "-";

/**
 * Reads the flows of a file.
 *
 * @throws OperateError when it is not JSON (with line and column), or holds no flow.
 *
 * @example
 * const { flows } = readFlowFile("flow.json");
 */
export function readFlowFile(file: string): FlowFile {
  const shown = file === STANDARD_INPUT ? "standard input" : file;
  return flowsOfText(fileText(file, shown), shown);
}

/** The flows of a text that was read already; `shown` is what errors call it. */
export function flowsOfText(text: string, shown: string): FlowFile {
  const content = parseJson(text, shown);
  const found = flowsIn(content);
  if (found.length === 0) {
    throw new OperateError({
      what: `${shown} holds no flow`,
      why: "A flow is a JSON object with a list `actions`, as PostHog's API returns it",
      fix: "Save the answer of GET /api/projects/<project>/hog_flows/<id>",
    });
  }
  const lines = new LineCounter();
  // JSON is YAML, and this parser knows the line of everything.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const flows = found.map(({ definition, at }) => ({
    name: typeof definition["name"] === "string" && definition["name"] !== "" ? definition["name"] : shown,
    definition,
    locationOf: (path: string) => `${shown}:${lineOf(path, { document, lines, at, definition })}`,
  }));
  return { file: shown, flows };
}

function fileText(file: string, shown: string): string {
  try {
    return readTextFile(file === STANDARD_INPUT ? 0 : file);
  } catch (error) {
    // Of the errors of reading, this one does not name the file.
    if ((error as NodeJS.ErrnoException).code !== "EISDIR") throw error;
    throw new OperateError({ what: `${shown} is a folder`, fix: "Name the files in it" });
  }
}

type Spot = readonly (string | number)[];

/** JSON that is nested deeper stops at the file: whoever walks it calls itself for each level. */
export function refuseTooDeep(content: unknown, shown: string): void {
  const text = tooDeepText(content, MAX_READ_NESTING);
  if (text !== undefined)
    throw new OperateError({
      what: `${shown} cannot be read: ${text}`,
      why: "PostHog itself reads no JSON that is nested deeper",
    });
}

/** JSON, or an error with line and column. */
export function parseJson(text: string, shown: string): unknown {
  const content = parsed(text, shown);
  refuseTooDeep(content, shown);
  return content;
}

function parsed(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Not every Node says where; JSON is YAML, and its parser does.
    const { line, col } = parseDocument(text).errors[0]?.linePos?.[0] ?? {};
    const where = line === undefined ? "" : `:${line}:${col}`;
    throw new OperateError({
      what: `${shown}${where} is not JSON: ${(error as Error).message.split(/, \.{3}"|, "| in JSON at| \(line/)[0]}`,
      ...(/\.[cm]?[jt]sx?$/.test(shown)
        ? { why: "This command reads JSON only", fix: "Name the flow, not its program" }
        : {}),
    });
  }
}

function flowsIn(content: unknown): Array<{ definition: Dict; at: Spot }> {
  if (Array.isArray(content))
    return content.flatMap((item, i) => (isFlow(item) ? [{ definition: item, at: [i] }] : []));
  if (isFlow(content)) return [{ definition: content, at: [] }];
  const results = isDict(content) ? content["results"] : undefined;
  return Array.isArray(results)
    ? results.flatMap((item, i) => (isFlow(item) ? [{ definition: item, at: ["results", i] }] : []))
    : [];
}

const isFlow = (value: unknown): value is Dict => isDict(value) && Array.isArray(value["actions"]);

/** Follows the path through the file as far as it goes: steps by id, keys in either spelling; wiring is in `edges`, so it ends at the step. */
function lineOf(
  path: string,
  { document, lines, at, definition }: { document: Document; lines: LineCounter; at: Spot; definition: Dict },
): number {
  let node: unknown = document.getIn(at, true) ?? document.contents;
  const parts = [...(parsePath(path) ?? [])];
  // What the keyed form keeps apart is among the rest in the file.
  if (parts[0] === "definition" || parts[0] === "leftover") parts.shift();
  if (parts[0] === "actions" && typeof parts[1] === "string") {
    const index = (definition["actions"] as unknown[]).findIndex((step) => isDict(step) && step["id"] === parts[1]);
    if (index >= 0) parts[1] = index;
  }
  for (const part of parts) {
    const next = isMap(node)
      ? (node.get(part, true) ?? node.get(snakeCase(String(part)), true))
      : isSeq(node)
        ? node.get(part, true)
        : undefined;
    if (next === undefined) break;
    node = next;
  }
  const start = isNode(node) ? node.range?.[0] : undefined;
  return start === undefined ? 1 : lines.linePos(start).line;
}

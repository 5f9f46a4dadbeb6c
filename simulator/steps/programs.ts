// What the programs of PostHog's own destination templates ask for, and which answers they take for a failure. Other templates' programs are not known here.
import { isDict, type Dict } from "../../definition/canonical/values";
import { table } from "../../definition/schema/table";
import type { OutgoingRequest } from "../input/http";
import type { Answer } from "./http";

export interface Program {
  request(inputs: Dict): Pick<OutgoingRequest, "url" | "method" | "headers" | "body">;
  fails(answer: Answer): boolean;
}

const WEBHOOK = "template-webhook";
const JSON_TYPE = { "Content-Type": "application/json" };
const sendsNoBody = (method: string): boolean => method === "GET" || method === "HEAD";

const isText = (value: unknown): value is string => typeof value === "string";
/** The JSON type is the default of the whole map, so whatever is given replaces it; what is not a text is dropped. */
const headersOf = (given: unknown): Record<string, string> =>
  given
    ? Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => isText(entry[1])))
    : JSON_TYPE;

const MAX_BLOCKS = 50;
const MAX_SECTION_TEXT = 3_000;
const MAX_BUTTON_TEXT = 75;

function clipped(node: unknown, limit: number): unknown {
  if (!isDict(node) || !isDict(node["text"])) return node;
  const { text } = node["text"];
  return isText(text) && text.length > limit
    ? { ...node, text: { ...node["text"], text: `${text.slice(0, limit - 1)}…` } }
    : node;
}

function clippedBlock(block: unknown): unknown {
  const shorter = clipped(block, MAX_SECTION_TEXT);
  return isDict(shorter) && Array.isArray(shorter["elements"])
    ? { ...shorter, elements: (shorter["elements"] as unknown[]).map((element) => clipped(element, MAX_BUTTON_TEXT)) }
    : shorter;
}

export const PROGRAMS = table<Program>({
  [WEBHOOK]: {
    request: ({ url, method: given, headers, body }) => {
      const method = String(given || "POST").toUpperCase();
      return {
        url: url as string,
        method,
        headers: headersOf(headers),
        ...(body && !sendsNoBody(method) ? { body } : {}),
      };
    },
    // A redirect is not followed.
    fails: ({ status }) => status >= 300,
  },
  "template-slack": {
    request: ({ channel = null, icon_emoji = null, username = null, blocks, text = null, thread_ts }) => ({
      url: "https://slack.com/api/chat.postMessage",
      method: "POST",
      headers: JSON_TYPE,
      body: {
        channel,
        icon_emoji,
        username,
        blocks: Array.isArray(blocks) ? (blocks as unknown[]).slice(0, MAX_BLOCKS).map(clippedBlock) : (blocks ?? null),
        text,
        ...(thread_ts ? { thread_ts } : {}),
      },
    }),
    fails: ({ status, body }) => status !== 200 || (isDict(body) && body["ok"] === false),
  },
});

/** Of a program that is not known: PostHog itself takes these answers for a failure, whatever the program makes of them. */
export const OTHER: Program = { request: () => ({}), fails: ({ status }) => status >= 400 };

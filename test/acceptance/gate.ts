// The only way from this run to PostHog. It counts what is asked, keeps to the budget, and lets no write through that is not about something that this run made: what the
// acceptance promises of itself holds whatever the programs under test do. It can also spoil an answer, as a network does.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { EnvHttpProxyAgent, request } from "undici";
import { serveLocally } from "../support/local-server";

/** A request that came, and what became of it. */
export interface Passed {
  method: string;
  /** Without the query. */
  path: string;
  /** 0: there was no answer. */
  status: number;
  /** Nothing was asked of PostHog: the gate answered. */
  stopped?: string;
  /** Why PostHog did not answer, such as `ECONNREFUSED`. */
  trouble?: string;
}

/** Something that goes wrong on the way, once. */
export interface Disturbance {
  method: string;
  path: RegExp;
  /** `lost`: PostHog does the work, and the connection breaks before its answer; `broken`: the connection breaks before PostHog hears of it; a number: answered with this status instead. */
  how: "lost" | "broken" | 429 | 503;
}

export interface GateOptions {
  /** PostHog's origin. */
  target: string;
  projectId: string;
  mark: string;
  /** The most requests that PostHog gets. */
  budget: number;
  /** Flows may be made active. */
  live: boolean;
}

export interface Gate {
  url: string;
  /** In the order of their arrival. */
  passed: readonly Passed[];
  /** Requests with these headers are no part of the budget: what the run made is removed in any case. */
  sweeping: Readonly<Record<string, string>>;
  /** Whether the budget is spent. */
  isSpent(): boolean;
  /** Ids of the flows that this run made. */
  own: ReadonlySet<string>;
  /** Lets a flow be written to: what an earlier run left, which is swept. */
  allow(id: string): void;
  /** Spoils the next request like this. */
  disturb(disturbance: Disturbance): void;
  stop(): Promise<void>;
}

const SWEEPING = "x-hogflow-sweep";
const HOP_BY_HOP = ["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer", "proxy-authorization"];
/** What reads, although it is a POST: how many people filters hold, and test runs, which store and send nothing. */
const READING_POSTS = /\/hog_flows\/(user_blast_radius|[^/]+\/invocations)\/?$/;
/** What makes people go through a flow. */
const STARTS = /\/hog_flows\/[^/]+\/(batch_jobs|run|rerun)\/?$/;
/** Where events go. */
export const CAPTURE = "/i/v0/e/";
const ANSWER_LIMIT_MS = 120_000;

export async function startGate({ target, projectId, mark, budget, live }: GateOptions): Promise<Gate> {
  const passed: Passed[] = [];
  const own = new Set<string>();
  const armed: Disturbance[] = [];
  const dispatcher = new EnvHttpProxyAgent();
  const flows = `/api/projects/${projectId}/hog_flows`;
  const sweeping = { [SWEEPING]: randomUUID() };
  let sent = 0;
  const isMarked = ({ name }: Record<string, unknown>): boolean => typeof name === "string" && name.includes(mark);
  /** A flow of this run is one by its title, also where the answer to its creation was lost. */
  const learn = (content: Record<string, unknown>): void => {
    const rows = Array.isArray(content["results"]) ? content["results"] : [content];
    for (const row of rows) if (isMarked(row) && typeof row.id === "string") own.add(row.id);
  };

  /** Why PostHog must not get this, or nothing. */
  const objection = (method: string, path: string, body: string, isSweep: boolean): string | undefined => {
    if (sent >= budget && !isSweep) return `the budget of ${budget} requests is spent; --budget sets another one`;
    const content = objectOf(body);
    if ((content["mock_async_functions"] ?? true) !== true) return "it would be a test run that sends for real";
    if (method === "GET" || (method === "POST" && READING_POSTS.test(path))) return undefined;
    if (live && path === CAPTURE) return undefined;
    if (!isBelow(path, flows)) return "it writes to something that is no workflow of the project";
    const [id = ""] = path.slice(flows.length).split("/").filter(Boolean);
    if (!live && content["status"] === "active") return "it would make a flow active, and --live was not given";
    if (!live && STARTS.test(path)) return "it would start a flow, and --live was not given";
    if (id !== "" && !own.has(id)) return "it writes to a flow that this run did not make";
    const untitled = id === "" || content["name"] !== undefined;
    return untitled && !isMarked(content)
      ? "it would leave a flow without the mark of this run in its title"
      : undefined;
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = "GET", url = "/", headers } = incoming;
    // Not relative to the target: "//elsewhere/" would be an address of its own.
    const address = new URL(`${target}${url}`);
    const path = address.pathname;
    const body = await bytesOf(incoming);
    const record: Passed = { method, path, status: 0 };
    passed.push(record);
    const isSweep = headers[SWEEPING] === sweeping[SWEEPING];
    const stopped = objection(method, path, body.toString("utf8"), isSweep);
    if (stopped !== undefined) {
      Object.assign(record, { status: 403, stopped });
      return json(outgoing, 403, { type: "acceptance", code: "stopped", detail: `Stopped by the gate: ${stopped}.` });
    }
    const spoiled = taken(armed, method, path);
    if (typeof spoiled === "number") {
      record.status = spoiled;
      return json(outgoing, spoiled, {
        type: "server_error",
        code: "error",
        detail: "Spoiled by the gate.",
        attr: null,
      });
    }
    if (spoiled === "broken") return void outgoing.destroy();
    if (!isSweep) sent += 1;
    const came = await request(address, {
      method: method as "GET",
      headers: onward(headers),
      ...(body.length > 0 ? { body } : {}),
      dispatcher,
      headersTimeout: ANSWER_LIMIT_MS,
      bodyTimeout: ANSWER_LIMIT_MS,
    }).catch((error: NodeJS.ErrnoException) => {
      record.trouble = error.code ?? error.message;
      throw error;
    });
    const content = Buffer.from(await came.body.arrayBuffer());
    record.status = came.statusCode;
    if (isBelow(path, flows)) learn(objectOf(content.toString("utf8")));
    if (spoiled === "lost") {
      record.status = 0;
      return void outgoing.destroy();
    }
    outgoing.writeHead(came.statusCode, { ...onward(came.headers), "content-length": content.length });
    outgoing.end(content);
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const { url, stop } = await serveLocally(server);
  return {
    url,
    passed,
    sweeping,
    isSpent: () => sent >= budget,
    own,
    allow: (id) => void own.add(id),
    disturb: (disturbance) => void armed.push(disturbance),
    async stop() {
      await stop();
      await dispatcher.destroy();
    },
  };
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function taken(armed: Disturbance[], method: string, path: string): Disturbance["how"] | undefined {
  const at = armed.findIndex((one) => one.method === method && one.path.test(path));
  return at < 0 ? undefined : armed.splice(at, 1)[0]!.how;
}

function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** Headers that mean the same on the other side; the host and the length follow from the request. Bodies arrive unpacked. */
function onward(
  headers: IncomingHttpHeaders | Record<string, string | string[] | undefined>,
): Record<string, string | string[]> {
  const left = new Set([...HOP_BY_HOP, SWEEPING, "host", "content-length", "accept-encoding"]);
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined && !left.has(entry[0]),
    ),
  );
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function json(outgoing: ServerResponse, status: number, content: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...(status === 429 ? { "retry-after": "1" } : {}) });
  outgoing.end(JSON.stringify(content));
}

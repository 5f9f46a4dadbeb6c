/** A real HTTP server that answers from a script and keeps a log, and a clock that runs as fast as the test. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "undici";
import { onTestFinished } from "vitest";
import {
  createClient,
  type ClientOptions,
  createLimiter,
  type PostHogClient,
  PostHogApiError,
  type Clock,
} from "../../api";

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

/** One scripted answer: JSON, raw text, or something that happens to the connection. */
export interface Answer {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** Never answers. */
  hang?: true;
  /** Cuts the connection before the answer, or in the middle of its body. */
  cut?: "before" | "within";
  raw?: (response: ServerResponse) => void;
}

export type Script = Answer[] | ((request: Received, index: number) => Answer);

export interface ScriptedServer {
  origin: string;
  port: number;
  log: Received[];
  /** The log as `METHOD path`. */
  lines(): string[];
}

export const fixture = (name: string) => join(__dirname, "fixtures", name);

/** Answers in order; the last one is repeated. Closed when the test ends. */
export async function serve(script: Script, { tls = false } = {}): Promise<ScriptedServer> {
  const log: Received[] = [];
  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const received = {
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: text ? JSON.parse(text) : undefined,
      };
      log.push(received);
      const answer =
        typeof script === "function"
          ? script(received, log.length - 1)
          : script[Math.min(log.length, script.length) - 1]!;
      reply(response, answer);
    });
  };
  const server = tls
    ? createTlsServer(
        { key: readFileSync(fixture("test-only-server.key")), cert: readFileSync(fixture("test-only-server.pem")) },
        listener,
      )
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    log,
    lines: () => log.map(({ method, url }) => `${method} ${url}`),
  };
}

function reply(response: ServerResponse, { status = 200, json, text, headers = {}, hang, cut, raw }: Answer) {
  if (raw) return raw(response);
  if (hang) return;
  if (cut === "before") return response.socket!.destroy();
  const body = text ?? (json === undefined ? "" : JSON.stringify(json));
  response.writeHead(status, {
    ...(json === undefined ? {} : { "content-type": "application/json" }),
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  if (cut === "within") {
    response.write(body.slice(0, body.length / 2), () => response.socket!.destroy());
    return;
  }
  response.end(body);
}

export interface TestClock extends Clock {
  time: number;
  /** Every wait that was asked for, in order. */
  sleeps: number[];
}

/** Time moves only when somebody sleeps, and then at once. `random` is constant: back-off is its full step times it. */
export function fastClock({ random = 1, start = Date.UTC(2026, 0, 1) } = {}): TestClock {
  const sleepers: Array<{ at: number; wake: () => void }> = [];
  const clock: TestClock = {
    time: start,
    sleeps: [],
    now: () => clock.time,
    random: () => random,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        clock.sleeps.push(ms);
        const sleeper = { at: clock.time + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener("abort", () => {
          const at = sleepers.indexOf(sleeper);
          if (at >= 0) sleepers.splice(at, 1);
          reject(signal.reason);
        });
        setImmediate(() => {
          sleepers.sort((a, b) => a.at - b.at);
          const next = sleepers.shift();
          if (!next) return;
          clock.time = Math.max(clock.time, next.at);
          next.wake();
        });
      }),
  };
  return clock;
}

export const KEY = "phx_test_key_0123456789";
export const FLOW = {
  id: "0190aaaa-0000-7000-8000-000000000001",
  name: "Welcome",
  updated_at: "2026-01-01T00:00:00.123456Z",
};

/** A client with its own sockets, limiter and clock. */
export function clientOf(
  server: { origin: string },
  options: Partial<ClientOptions> = {},
): { client: PostHogClient; clock: TestClock } {
  const clock = (options.clock as TestClock) ?? fastClock();
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  const client = createClient({
    host: server.origin,
    projectId: "7",
    apiKey: KEY,
    dispatcher,
    clock,
    limiter: createLimiter({ clock }),
    requestTimeoutMs: 2000,
    ...options,
  });
  return { client, clock };
}

/** The error that a call fails with. */
export async function failure(call: Promise<unknown>): Promise<PostHogApiError> {
  const result = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("value" in result) throw new Error(`expected a failure, got ${JSON.stringify(result.value)}`);
  if (!(result.error instanceof PostHogApiError)) throw result.error;
  return result.error;
}

export const envelope = (
  status: number,
  type: string,
  code: string,
  detail: string,
  attr: string | null = null,
): Answer => ({ status, json: { type, code, detail, attr } });
export const NOT_FOUND = envelope(404, "invalid_request", "not_found", "Not found.");
export const THROTTLED = envelope(
  429,
  "throttled_error",
  "throttled",
  "Request was throttled. Expected available in 3 seconds.",
);
export const SERVER_ERROR = envelope(500, "server_error", "error", "A server error occurred.");

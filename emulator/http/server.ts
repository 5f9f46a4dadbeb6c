/** The HTTP side: from a request to a route and back, with the records, faults and delays that tests ask for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, badRequest, FieldError, NeverAnswers, notFound, ServerCrash, toApiError } from "../errors";
import { authenticate, bearerOf, checkProject, checkScopes, type ApiKey } from "./auth";
import { maskLine } from "../log-mask";
import { parseBody, readBody, type RawBody } from "./body";
import { faultBody, Faults, type Fault } from "./faults";
import { hostProblem } from "./host";
import { flowRoutes } from "./flow-routes";
import { matchRoute, type Answer, type Route } from "./route";
import { runRoutes } from "./run-routes";
import { SCHEMA_PATH, schemaPage } from "./schema-page";
import { openApiDocument } from "../openapi/document";
import { clone, type JsonObject } from "../json";
import { Throttle } from "./throttle";
import type { Backend } from "../writes";
import type { Tokens } from "../tokens";

/** A request as it was answered. */
export interface RequestRecord {
  method: string;
  /** Without the query. */
  path: string;
  /** Without the question mark. */
  query: string;
  /** 0 until it is answered, and for good when the connection was cut. */
  status: number;
  /** The last four characters of the key, or null without one. */
  key: string | null;
  /** Parsed when it is JSON, else the text; undefined without a body. */
  body: unknown;
  /** Milliseconds since the epoch, by the server's clock. */
  at: number;
}

export interface HttpOptions {
  backend: Backend;
  tokens: Tokens;
  keys: ReadonlyMap<string, ApiKey>;
  /** Names under which it is served, beside the loopback names and its own. */
  allowHosts?: readonly string[];
  log?: (line: string) => void;
}

const ROUTES: readonly Route[] = [...flowRoutes, ...runRoutes];
/** Of all secret keys of a project together; one alone has no more. */
const SECRET_KEY_LIMIT = { perMinute: 480, perHour: 4800 };
const KEEP_ALIVE_MS = 60_000;
const SLOW_MS = 1000;
const NOTHING_THERE = "Endpoint not found.";

export class HttpServer {
  readonly requests: RequestRecord[] = [];
  readonly faults = new Faults();
  readonly throttle = new Throttle();
  private readonly projectThrottle = new Throttle(SECRET_KEY_LIMIT);
  latency = 0;
  /** What a test makes of the OpenAPI document. */
  schemaChange: ((document: JsonObject) => unknown) | null = null;
  private listening = "127.0.0.1";
  private readonly server: Server;

  private readonly options: HttpOptions;

  constructor({ log, ...options }: HttpOptions) {
    this.options = { ...options, ...(log ? { log: (line: string) => log(maskLine(line)) } : {}) };
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        this.options.log?.(`connection lost: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
    });
    // Node's five seconds are short enough for a client to send on a connection that is just being closed.
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  async listen(port: number, host: string): Promise<string> {
    this.listening = host;
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => {
        this.server.off("error", reject);
        resolve();
      });
    });
    const { port: actual } = this.server.address() as AddressInfo;
    return `http://${host.includes(":") ? `[${host}]` : host}:${actual}`;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const foreign = hostProblem(request.headers.host, this.listening, this.options.allowHosts ?? []);
    const url = new URL(
      request.url ?? "/",
      foreign === undefined ? `http://${request.headers.host}` : "http://localhost",
    );
    const record = this.record(method, url, request);
    const raw = await readBody(request);
    record.body = recordedBody(raw);
    if (foreign !== undefined)
      return this.send(record, response, {
        status: 403,
        body: { type: "authentication_error", code: "permission_denied", detail: foreign, attr: null },
      });
    await pause(this.latency);
    const taken = this.faults.take(method, url.pathname + url.search);
    const late = (when: Fault["when"]) =>
      pause(taken?.kind === "slow" && taken.when === when ? (taken.ms ?? SLOW_MS) : 0);
    const fault = taken?.kind === "slow" ? undefined : taken;
    if (fault?.when === "before") return this.spoil(fault, record, response);
    await late("before");
    const answer = await this.answer(request, url, raw);
    await late("after");
    if (fault) return this.spoil(fault, record, response);
    if (answer) this.send(record, response, answer);
    else this.log(record, "no answer");
  }

  private record(method: string, url: URL, request: IncomingMessage): RequestRecord {
    const key = bearerOf(request.headers.authorization)?.slice(-4) ?? null;
    const record = {
      method,
      path: url.pathname,
      query: url.search.slice(1),
      status: 0,
      key,
      body: undefined,
      at: this.options.backend.clock.now(),
    };
    this.requests.push(record);
    return record;
  }

  /** The answer, or undefined when there will never be one. */
  private async answer(request: IncomingMessage, url: URL, raw: RawBody): Promise<Answer | undefined> {
    try {
      return await this.dispatch(request, url, await parseBody(raw, request.headers["content-type"]));
    } catch (error) {
      if (error instanceof NeverAnswers) return undefined;
      if (!(error instanceof ApiError || error instanceof FieldError)) {
        this.options.log?.(
          error instanceof ServerCrash
            ? `500: ${error.message}`
            : `unexpected: ${error instanceof Error ? error.stack : String(error)}`,
        );
      }
      const { status, body, headers } = toApiError(error);
      return { status, body, headers };
    }
  }

  private dispatch(
    { method = "GET", headers }: IncomingMessage,
    url: URL,
    body: () => unknown,
  ): Answer | Promise<Answer> {
    if (url.pathname === SCHEMA_PATH && this.options.backend.switches.schemaPage)
      return this.schema(method, url.searchParams.get("format"), headers.accept);
    const [api, projects, projectId, ...segments] = url.pathname.split("/").filter(Boolean).map(decoded);
    const match =
      api === "api" && projects === "projects" && projectId !== undefined
        ? matchRoute(ROUTES, method, segments)
        : undefined;
    if (!match) throw notFound(NOTHING_THERE);
    const { backend, keys, tokens } = this.options;
    const key = authenticate(keys, headers.authorization);
    checkScopes(key, match.route);
    checkProject(key, backend.store.projects, projectId!);
    this.throttle.check(key.key, backend.clock.now());
    if (key.secret && backend.switches.secretKeyLimits) this.projectThrottle.check(projectId!, backend.clock.now());
    const user = key.secret ? null : key.user;
    const header = (name: string) => [headers[name]].flat()[0];
    return match.route!.handle({
      backend,
      tokens,
      projectId: projectId!,
      params: match.params,
      url,
      user,
      writer: { user, via: "api" },
      header,
      body,
    });
  }

  /** For everybody: no key is asked for. */
  private schema(method: string, format: string | null, accept: string | undefined): Answer {
    if (method !== "GET") throw badRequest("method_not_allowed", `Method "${method}" not allowed.`, 405);
    const document = clone(openApiDocument(ROUTES, this.options.backend.switches));
    return schemaPage(this.schemaChange ? this.schemaChange(document) : document, { format, accept });
  }

  private spoil(fault: Fault, record: RequestRecord, response: ServerResponse): void {
    if (fault.kind === "hang") return this.log(record, "fault: no answer");
    if (fault.kind === "cut") {
      this.log(record, "fault: cut");
      response.destroy();
      return;
    }
    const headers = fault.retryAfter === undefined ? undefined : { "Retry-After": fault.retryAfter };
    this.send(record, response, { status: fault.status ?? 500, body: faultBody(fault), headers, text: fault.text });
  }

  private send(
    record: RequestRecord,
    response: ServerResponse,
    { status, body, headers, text = body === undefined ? undefined : JSON.stringify(body) }: Answer,
  ): void {
    record.status = status;
    response.writeHead(status, {
      Date: new Date(this.options.backend.clock.now()).toUTCString(),
      ...(text === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }),
      ...headers,
    });
    response.end(text);
    this.log(record);
  }

  private log(record: RequestRecord, note?: string): void {
    const query = record.query ? `?${record.query}` : "";
    this.options.log?.(`${record.method} ${record.path}${query} ${note ?? record.status}`);
  }
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function recordedBody({ bytes }: RawBody): unknown {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

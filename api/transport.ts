/**
 * One HTTP exchange: bytes out, bytes in, nothing followed, nothing repeated. It uses undici's `dispatch`, because that
 * knows exactly when a request begins to be written to a connection: before that it is unsent, whatever goes wrong.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import type { LocalCode } from "./errors";

export interface Exchange {
  dispatcher: Dispatcher;
  origin: string;
  /** With query. */
  path: string;
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  headers: Record<string, string>;
  body?: string;
  /** Longest silence in milliseconds: until connected, until the answer's head, and between pieces of its body. */
  timeoutMs: number;
  /** Largest answer in bytes. */
  maxBytes: number;
  signal?: AbortSignal;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An exchange without a complete answer. `sent` is false when not one byte of the request was written. */
export class TransportFault extends Error {
  constructor(
    readonly code: LocalCode,
    readonly sent: boolean,
    detail: string,
  ) {
    super(detail);
    this.name = "TransportFault";
  }
}

/** A server that trickles must not hold a request for ever: the whole exchange may last this many silences. */
const TOTAL = 10;

export function exchange({ dispatcher, timeoutMs, maxBytes, signal, ...request }: Exchange): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let settled = false;
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    let bytes = 0;
    let phase = "a connection";
    let silence: NodeJS.Timeout | undefined;
    let total: NodeJS.Timeout | undefined;

    const settle = (finish: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(silence);
      clearTimeout(total);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const fail = (code: LocalCode, detail: string) => {
      settle(() => reject(new TransportFault(code, sent, detail)));
      controller?.abort(new Error(detail));
    };
    /** What is thrown in a callback would end the process, or be lost: the exchange ends with it instead. */
    const guarded =
      <Given extends unknown[]>(callback: (...given: Given) => void) =>
      (...given: Given): void => {
        try {
          callback(...given);
        } catch (thrown) {
          settled = true;
          clearTimeout(silence);
          clearTimeout(total);
          reject(thrown);
          controller?.abort(new Error("given up"));
        }
      };
    const onAbort = guarded(() => fail("aborted", "the caller stopped it"));
    silence = setTimeout(
      guarded(() => fail("timeout", `no ${phase} within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    total = setTimeout(
      guarded(() => fail("timeout", `no complete answer within ${(timeoutMs * TOTAL) / 1000} s`)),
      timeoutMs * TOTAL,
    );

    if (signal?.aborted) return onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: guarded((given: Dispatcher.DispatchController) => {
        // Given up while it waited for a connection: it must not be written now.
        if (settled) return given.abort(new Error("given up"));
        controller = given;
        sent = true;
        phase = "answer";
        silence?.refresh();
      }),
      onRequestUpgrade: guarded((_, __, ___, socket: Duplex) => {
        socket.destroy();
        fail("unreadable", "the server switched to another protocol");
      }),
      onResponseStart: guarded((_, statusCode: number, responseHeaders: IncomingHttpHeaders) => {
        if (statusCode < 200) return;
        status = statusCode;
        headers = responseHeaders;
        phase = "rest of the answer";
        silence?.refresh();
        if (Number(headers["content-length"]) > maxBytes) tooLarge();
      }),
      onResponseData: guarded((_, chunk: Buffer) => {
        if (settled) return;
        bytes += chunk.length;
        if (bytes > maxBytes) return tooLarge();
        chunks.push(chunk);
        silence?.refresh();
      }),
      onResponseEnd: guarded(() => {
        const answer = { status, headers, body: Buffer.concat(chunks) };
        settle(() => resolve(answer));
      }),
      onResponseError: guarded((_, error: unknown) => {
        const { code, detail } = faultOf(error, sent);
        fail(code, detail);
      }),
    };
    const tooLarge = () => fail("too_large", `the answer is larger than ${Math.floor(maxBytes / 1024 / 1024)} MiB`);

    try {
      // The time-outs of undici are switched off: ours cover the same phases, and more exactly.
      dispatcher.dispatch({ ...request, body: request.body ?? null, headersTimeout: 0, bodyTimeout: 0 }, handler);
    } catch (error) {
      const { code, detail } = faultOf(error, sent);
      fail(code, detail);
    }
  });
}

/** What an error's code says; first match wins. A connection that breaks before anything was written is unreachable. */
const FAULTS: Array<{ matches: (error: Described) => boolean; code: LocalCode }> = [
  { matches: ({ message }) => /^Proxy response \(\d+\)|Proxy Authentication Required/.test(message), code: "proxy" },
  {
    matches: ({ code }) =>
      /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|UND_ERR_PRX_TLS|EPROTO)|SELF_SIGNED|_CERT$|^(HOSTNAME_MISMATCH|INVALID_CA)/.test(
        code,
      ),
    code: "tls",
  },
  { matches: ({ code }) => /^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/.test(code), code: "timeout" },
];

interface Described {
  code: string;
  message: string;
}

function faultOf(thrown: unknown, sent: boolean): { code: LocalCode; detail: string } {
  const error = describe(thrown);
  const known = FAULTS.find((row) => row.matches(error))?.code;
  const code = known ?? (sent ? "cut" : "unreachable");
  const detail = [
    error.message || "the connection failed",
    error.code && !error.message.includes(error.code) && `(${error.code})`,
  ];
  return { code: code === "timeout" && !sent ? "unreachable" : code, detail: detail.filter(Boolean).join(" ") };
}

/** An error of several connection attempts (IPv4 and IPv6) has an empty message: its first part says more. */
function describe(thrown: unknown): Described {
  const error = thrown instanceof AggregateError && !thrown.message ? thrown.errors[0] : thrown;
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  const code = (error as NodeJS.ErrnoException).code;
  return { code: typeof code === "string" ? code : "", message: error.message };
}

// Serves a page on this machine alone, and says to whoever has it open that there is a new one. Its address holds a secret, and only requests under the names of this machine are answered: a web page that
// somebody visits must not come to read it.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LiveState, ShowData, Trouble } from "../../show/data";
import { OperateError } from "../errors";
import { packData } from "./pack-data";
import { pageHtml } from "./page-html";

export interface PageServer {
  /** Where the page is. */
  url: string;
  /** Replaces the page. Without data it stays; trouble is said beside it. What is the same is not told again. */
  show(now: { data?: ShowData | undefined; trouble?: Trouble | undefined }): void;
  /** Ends at once, also what is still open. */
  close(): Promise<void>;
}

const ADDRESS = "127.0.0.1";

/** @throws OperateError when the port is taken or not to be had. */
export async function servePage({ port, data: first }: { port: number; data: ShowData }): Promise<PageServer> {
  const root = `/${randomBytes(18).toString("base64url")}/`;
  let page = { data: first, packed: packData(first), version: 1 };
  let trouble: Trouble | undefined;
  const listeners = new Set<ServerResponse>();
  const names = new Set<string>();

  const state = (): string =>
    JSON.stringify({ version: page.version, ...(trouble ? { trouble } : {}) } satisfies LiveState);

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { "content-type": `${type}; charset=utf-8`, ...HEADERS });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (!names.has(request.headers.host ?? ""))
      return send(403, "text/plain", "This page is served under the address that hogflow show has printed.\n");
    if (request.method !== "GET" && request.method !== "HEAD")
      return send(405, "text/plain", "This page can only be read.\n");
    switch (request.url) {
      case root:
        return send(200, "text/html", pageHtml(page.data, { packed: page.packed, served: page }));
      case `${root}data`:
        return send(200, "text/plain", page.packed);
      case `${root}events`:
        response.writeHead(200, { "content-type": "text/event-stream", ...HEADERS });
        response.write("retry: 1000\n\n");
        listeners.add(response);
        response.on("close", () => listeners.delete(response));
        return tell(response, state());
      default:
        return send(404, "text/plain", "There is nothing here. Open the address that hogflow show has printed.\n");
    }
  };

  const server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    server.listen(port, ADDRESS, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  for (const name of [ADDRESS, "localhost"]) names.add(`${name}:${taken}`);
  return {
    url: `http://${ADDRESS}:${taken}${root}`,
    show({ data, trouble: told }) {
      const before = state();
      const packed = data && packData(data);
      if (data && packed !== undefined && packed !== page.packed) page = { data, packed, version: page.version + 1 };
      trouble = told;
      if (state() === before) return;
      for (const listener of listeners) tell(listener, state());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const tell = (response: ServerResponse, state: string): void => void response.write(`event: state\ndata: ${state}\n\n`);

function portError(error: NodeJS.ErrnoException, port: number): Error {
  const why = { EADDRINUSE: "Another program listens there", EACCES: "This user may not listen there" }[
    error.code ?? ""
  ];
  return why === undefined
    ? error
    : new OperateError({
        what: `Port ${port} cannot be used`,
        why,
        fix: "Name another one with --port, or leave --port out",
      });
}

// A page that is served on this machine: who may read it, and what those hear who have it open. Over real sockets.
import { request } from "node:http";
import { createRequire } from "node:module";
import net from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type * as serving from "../../operate/show/serve-page";
import { dataIn } from "../../show/app/unpack";
import { sampleShowData } from "../support/show-sample";

const { servePage } = createRequire(import.meta.url)("../../dist/operate/show/serve-page.js") as typeof serving;
type PageServer = serving.PageServer;

const data = sampleShowData();
const servers: PageServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
const serve = async (port = 0): Promise<PageServer> => {
  const server = await servePage({ port, data });
  servers.push(server);
  return server;
};

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}
/** A request as another program may send it: any Host. */
const ask = (url: string, { host, method = "GET" }: { host?: string; method?: string } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, ...(host === undefined ? {} : { headers: { host } }) }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => (body += text));
      answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });

/** What comes one after the other. */
async function* events(url: string): AsyncGenerator<{ event: string; data: unknown }> {
  const answer = await fetch(new URL("events", url));
  let text = "";
  for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const [, event, body] = /event: (.*)\ndata: (.*)/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (event !== undefined) yield { event, data: JSON.parse(body!) };
    }
  }
}

describe("a served page", () => {
  it("is read under its address, and its script may ask this server alone", async () => {
    const { url } = await serve();
    const { status, headers, body } = await ask(url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ "cache-control": "no-store", "x-frame-options": "DENY" });
    expect(body).toContain("connect-src 'self'");
    expect(body).toContain('<meta name="hogflow-version" content="1">');
    expect(await dataIn((await ask(`${url}data`)).body)).toEqual(data);
    expect((await ask(url, { method: "HEAD" })).body).toBe("");
  });

  it("has an address that nobody can guess, and no other", async () => {
    const [{ url }, { url: other }] = [await serve(), await serve()];
    const [path, otherPath] = [new URL(url).pathname, new URL(other).pathname];
    expect(path).toMatch(/^\/[\w-]{24}\/$/);
    expect(path).not.toBe(otherPath);
    for (const guess of ["/", "/data", "/events", otherPath, `${path}../`, `${path}x`])
      expect((await ask(new URL(url).origin + guess)).status, guess).toBe(404);
  });

  it("is not read under another name, nor written to", async () => {
    const { url } = await serve();
    const { port } = new URL(url);
    for (const host of [
      "example.com",
      `example.com:${port}`,
      `127.0.0.1.example.com:${port}`,
      "127.0.0.1",
      "127.0.0.1:1",
    ])
      expect((await ask(url, { host })).status, host).toBe(403);
    expect((await ask(url, { host: `localhost:${port}` })).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) expect((await ask(url, { method })).status).toBe(405);
  });

  it("listens on this machine alone", async () => {
    const { url } = await serve();
    expect(new URL(url).hostname).toBe("127.0.0.1");
    const refused = await new Promise((resolve) => {
      const socket = net.connect(Number(new URL(url).port), "127.0.0.2");
      socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
      socket.on("connect", () => resolve("connected"));
    });
    expect(refused).toBe("ECONNREFUSED");
  });

  it("says that there is another one, and what is wrong, to whoever has it open and whoever comes later", async () => {
    const server = await serve();
    const heard = events(server.url);
    const next = async () => (await heard.next()).value;
    expect(await next()).toEqual({ event: "state", data: { version: 1 } });
    const trouble = { what: "It does not compile.", findings: [] };
    server.show({ trouble });
    expect(await next()).toEqual({ event: "state", data: { version: 1, trouble } });
    server.show({ data: { ...data }, trouble });
    server.show({ trouble });
    server.show({ data: { ...data, title: "Another" } });
    expect(await next()).toEqual({ event: "state", data: { version: 2 } });
    expect((await dataIn((await ask(`${server.url}data`)).body)).title).toBe("Another");
    const later = events(server.url);
    expect((await later.next()).value).toEqual({ event: "state", data: { version: 2 } });
  });

  it("ends at once, with those who listen", async () => {
    const server = await serve();
    const heard = events(server.url);
    await heard.next();
    await server.close();
    await expect(ask(server.url)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("says that its port is taken", async () => {
    const { port } = new URL((await serve()).url);
    await expect(serve(Number(port))).rejects.toThrow(
      new RegExp(`Port ${port} cannot be used.*Another program listens there.*--port`, "s"),
    );
  });
});

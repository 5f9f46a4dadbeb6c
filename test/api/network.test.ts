/** Proxies, certificates, redirects and strange answers: the key goes only where it should, and errors say what is wrong. */
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDispatcher } from "../../api/dispatcher";
import { connectProxy } from "../support/connect-proxy";
import { clientOf, failure, fixture, FLOW, KEY, NOT_FOUND, serve } from "./helpers";
import { isGone } from "../../api";

/** Runs the child and gives what it printed; fails when it does not end by itself. */
function child(host: string, env: Record<string, string>): Promise<Record<string, string>> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/proxy|NODE_EXTRA_CA_CERTS|NODE_OPTIONS/i.test(name)),
  );
  const started = spawn(process.execPath, ["--import", "tsx", fixture("get-flow.ts"), host], {
    cwd: join(__dirname, "../.."),
    env: { ...clean, ...env },
  });
  return new Promise((resolve, reject) => {
    let out = "";
    let printed: NodeJS.Timeout | undefined;
    started.stdout.on("data", (chunk) => {
      out += chunk;
      // Well below the four seconds after which undici closes idle sockets.
      printed ??= setTimeout(() => started.kill() && reject(new Error("the process did not end")), 2000);
    });
    started.stderr.on("data", (chunk) => (out += chunk));
    started.on("close", () => {
      clearTimeout(printed);
      try {
        resolve(JSON.parse(out));
      } catch {
        reject(new Error(out));
      }
    });
  });
}

describe("certificates and proxies of the environment", () => {
  it("NODE_EXTRA_CA_CERTS counts directly and through HTTPS_PROXY; without it the error names it; processes end", async () => {
    const server = await serve([{ json: FLOW, headers: { "keep-alive": "timeout=60" } }], { tls: true });
    const proxy = await connectProxy();
    const ca = { NODE_EXTRA_CA_CERTS: fixture("test-only-ca.pem") };
    const [direct, proxied, untrusted] = await Promise.all([
      child(`https://localhost:${server.port}`, ca),
      child(`https://posthog.test:${server.port}`, { ...ca, https_proxy: proxy.url }),
      child(`https://posthog.test:${server.port}`, { HTTPS_PROXY: proxy.url }),
    ]);
    expect(direct).toEqual({ id: FLOW.id });
    expect(proxied).toEqual({ id: FLOW.id });
    expect(untrusted).toMatchObject({
      code: "tls",
      outcome: "unsent",
      message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(proxy.log).toEqual(Array(2).fill(`CONNECT posthog.test:${server.port}`));
    expect(server.log).toHaveLength(2);
  });

  it("an untrusted certificate is unsent and not tried again", async () => {
    const server = await serve([{ json: FLOW }], { tls: true });
    const attempts: unknown[] = [];
    const error = await failure(
      clientOf(server, { onRequest: (request) => attempts.push(request) }).client.createFlow({}),
    );
    expect(error).toMatchObject({ outcome: "unsent", code: "tls" });
    expect(attempts).toHaveLength(1);
  });

  it("so is one for another name", async () => {
    const server = await serve([{ json: FLOW }], { tls: true });
    const lookup = ((_: string, options: { all?: boolean }, done: (...result: unknown[]) => void) =>
      options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4)) as never;
    const dispatcher = new Agent({ connect: { ca: readFileSync(fixture("test-only-ca.pem")), lookup } });
    onTestFinished(() => dispatcher.destroy());
    expect(
      await clientOf({ origin: `https://posthog.test:${server.port}` }, { dispatcher }).client.getFlow("f"),
    ).toEqual(FLOW);
    expect(
      await failure(clientOf({ origin: `https://other.test:${server.port}` }, { dispatcher }).client.getFlow("f")),
    ).toMatchObject({ code: "tls", outcome: "unsent" });
  });

  const through = (origin: string, env: Record<string, string>) => {
    const dispatcher = createDispatcher(origin, env);
    onTestFinished(() => dispatcher.destroy());
    return clientOf({ origin }, { dispatcher }).client;
  };

  it.each(["http_proxy", "HTTP_PROXY"])(
    "%s carries http hosts through a tunnel, with the proxy's password",
    async (name) => {
      const server = await serve([{ json: FLOW }]);
      const proxy = await connectProxy();
      const client = through(`http://posthog.test:${server.port}`, { [name]: `user:p%40ss@127.0.0.1:${proxy.port}` });
      expect(await client.getFlow("f")).toEqual(FLOW);
      expect(proxy.log).toEqual([`CONNECT posthog.test:${server.port}`]);
      expect(proxy.auth).toEqual([`Basic ${Buffer.from("user:p@ss").toString("base64")}`]);
      expect(server.log[0]!.headers).not.toHaveProperty("proxy-authorization");
    },
  );

  it.each([
    ["no_proxy", "posthog.test"],
    ["NO_PROXY", "other.test, .posthog.test"],
    ["NO_PROXY", "*"],
  ])("%s=%s goes past the proxy", async (name, value) => {
    const proxy = await connectProxy();
    const client = through("http://posthog.test:1", { HTTP_PROXY: proxy.url, [name]: value });
    expect(await failure(client.getFlow("f"))).toMatchObject({ code: "unreachable" });
    expect(proxy.log).toEqual([]);
  });

  it("this machine never goes through a proxy", async () => {
    const server = await serve([{ json: FLOW }]);
    expect(await through(server.origin, { HTTP_PROXY: "http://127.0.0.1:1" }).getFlow("f")).toEqual(FLOW);
  });

  it.each([407, 403, 502])(
    "a proxy that says %i is unsent, not tried again, and the key stays here",
    async (answer) => {
      const proxy = await connectProxy({ answer });
      const error = await failure(
        through("https://posthog.test", { HTTPS_PROXY: `http://user:secret@127.0.0.1:${proxy.port}` }).createFlow({}),
      );
      expect(error).toMatchObject({ outcome: "unsent", code: "proxy" });
      expect(error.message).toMatch(/HTTPS_PROXY/);
      expect(error.message).not.toMatch(/secret/);
      expect(proxy.log).toEqual(["CONNECT posthog.test:443"]);
    },
  );

  it("a proxy that is not there is unsent", async () => {
    const error = await failure(through("https://posthog.test", { HTTPS_PROXY: "http://127.0.0.1:1" }).createFlow({}));
    expect(error).toMatchObject({ outcome: "unsent", code: "unreachable" });
  });

  it("a proxy address that is no URL is not repeated in the error", () => {
    expect(() => createDispatcher("https://posthog.test", { HTTPS_PROXY: "http://user:sec ret@:x" })).toThrow(
      /^HTTPS_PROXY is not a URL$/,
    );
  });
});

describe("unreachable and slow", () => {
  it("a name that does not exist is unsent and names host and proxy settings", async () => {
    const error = await failure(clientOf({ origin: "http://posthog.invalid" }).client.createFlow({}));
    expect(error).toMatchObject({ outcome: "unsent", code: "unreachable" });
    expect(error.message).toMatch(/ENOTFOUND|EAI_AGAIN/);
    for (const name of ["POSTHOG_HOST", "posthog:host", "HTTPS_PROXY"]) expect(error.message).toContain(name);
  });

  it("a server that accepts no connection in time is unsent", async () => {
    const dispatcher = new Agent({ connect: (_, __) => undefined });
    onTestFinished(() => dispatcher.destroy());
    const { client } = clientOf({ origin: "http://posthog.test" }, { dispatcher, requestTimeoutMs: 20 });
    const error = await failure(client.createFlow({}));
    expect(error).toMatchObject({ outcome: "unsent", code: "timeout" });
    expect(error.message).toContain("Tried 4 times");
  });

  it("a request that was given up while it waited for a connection is never written", async () => {
    const server = await serve([{ json: FLOW }]);
    const dispatcher = new Agent({
      connect: (_, callback) => void setTimeout(() => callback(null, connect(server.port, "127.0.0.1")), 60),
    });
    onTestFinished(() => dispatcher.destroy());
    const stop = new AbortController();
    const { client } = clientOf(server, { dispatcher, signal: stop.signal });
    setTimeout(() => stop.abort(), 10);
    expect(await failure(client.createFlow({}))).toMatchObject({ outcome: "unsent", code: "aborted" });
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(server.log).toEqual([]);
  });

  it("the time-out counts silence: a slow but steady answer is fine, a stalled one is unknown", async () => {
    const text = JSON.stringify(FLOW);
    const drip = (stall: boolean) => ({
      raw: (response: import("node:http").ServerResponse) => {
        response.writeHead(200, { "content-type": "application/json" });
        let at = 0;
        const timer = setInterval(() => {
          if (stall && at > 2) return clearInterval(timer);
          if (at < 5) return void response.write(text.slice(at * 10, ++at * 10));
          clearInterval(timer);
          response.end(text.slice(50));
        }, 100);
      },
    });
    const steady = await serve([drip(false)]);
    expect(await clientOf(steady, { requestTimeoutMs: 400 }).client.createFlow({})).toEqual(FLOW);
    const stalled = await serve([drip(true)]);
    expect(await failure(clientOf(stalled, { requestTimeoutMs: 400 }).client.createFlow({}))).toMatchObject({
      outcome: "unknown",
      code: "timeout",
    });
  });
});

describe("redirects", () => {
  it.each([301, 302, 303, 307, 308])("%i is not followed: the error names the other host", async (status) => {
    const other = await serve([{ json: FLOW }]);
    const server = await serve([{ status, headers: { location: `${other.origin}/api/secret-path?token=1` } }]);
    const error = await failure(clientOf(server).client.putFlow("f", {}, { retryUnknown: true }));
    expect(error).toMatchObject({ status, outcome: "refused", code: "redirect" });
    expect(error.message).toContain(other.origin);
    expect(error.message).not.toContain("secret-path");
    expect(error.message).toContain("POSTHOG_HOST");
    expect([server.log.length, other.log.length]).toEqual([1, 0]);
  });
});

describe("answers that are not the API's", () => {
  const html = { text: "<html><b>private page</b></html>", headers: { "content-type": "text/html; charset=utf-8" } };
  it.each([
    [{ ...html, status: 200 }, "unknown", "text/html"],
    [{ ...html, status: 403 }, "refused", "text/html"],
    [{ ...html, status: 404 }, "refused", "text/html"],
    [{ status: 200, text: "{broken", headers: { "content-type": "application/json" } }, "unknown", "broken JSON"],
    [{ status: 200, text: "plain" }, "unknown", "5 bytes without a content type"],
    [{ status: 200 }, "unknown", "nothing"],
    [{ status: 200, json: [] }, "unknown", "not an object with an id"],
    [{ status: 201, json: { name: "no id" } }, "unknown", "not an object with an id"],
  ] as const)("%j", async (answer, outcome, words) => {
    const server = await serve([answer]);
    const error = await failure(clientOf(server).client.createFlow({}));
    expect(error).toMatchObject({ outcome, code: "unreadable", status: answer.status });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain("private page");
    expect(isGone(error)).toBe(false);
  });

  it("a login page is no successful delete", async () => {
    const server = await serve([html]);
    expect(await failure(clientOf(server).client.deleteFlow("f"))).toMatchObject({
      code: "unreadable",
      outcome: "unknown",
    });
  });

  it("a list that is none, and a page without results", async () => {
    const server = await serve([{ json: { detail: "x" } }]);
    await expect(clientOf(server).client.listSchedules("f")).rejects.toThrow("not a list");
    await expect(clientOf(server).client.listFlows()).rejects.toThrow("not a page");
  });

  it("an answer above the limit is refused, announced or not", async () => {
    for (const raw of [
      undefined,
      (response: import("node:http").ServerResponse) =>
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify("x".repeat(5000))),
    ]) {
      const server = await serve([raw ? { raw } : { json: "x".repeat(5000) }]);
      expect(await failure(clientOf(server, { maxAnswerBytes: 4000 }).client.getFlow("f"))).toMatchObject({
        code: "too_large",
        outcome: "unknown",
      });
      expect(server.log).toHaveLength(1);
    }
  });

  it("only PostHog's own 404 means gone", async () => {
    const gone = async (answer: Parameters<typeof serve>[0]) =>
      isGone(await failure(clientOf(await serve(answer)).client.getFlow("f")));
    expect(await gone([NOT_FOUND])).toBe(true);
    expect(await gone([{ status: 404, json: { detail: "Not found." } }])).toBe(false);
    expect(await gone([{ status: 404, json: { code: "not_found", type: "other" } }])).toBe(false);
    expect(await gone([{ ...NOT_FOUND, status: 410 }])).toBe(false);
    expect(isGone(new Error("404"))).toBe(false);
  });

  it("never shows the key, whatever the server answers", async () => {
    const server = await serve([
      {
        status: 401,
        json: {
          type: "authentication_error",
          code: "authentication_failed",
          detail: `Key ${KEY} is invalid.`,
          attr: null,
          extra: { key: KEY },
        },
      },
    ]);
    const error = await failure(clientOf(server).client.getFlow(KEY));
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain(KEY);
    expect(error.detail).toBe("Key «hidden» is invalid.");
  });
});

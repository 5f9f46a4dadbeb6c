// A way through to an emulator on which an answer can be held, until a test has seen what it waits for.
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { serveLocally } from "./local-server";

export interface Held {
  /** Resolves when the server has done the work and answered, and nobody knows it yet. */
  readonly answered: Promise<void>;
  /** Lets the answer through. Nothing happens when nobody waits for it any more. */
  release(): void;
}

export interface Gate {
  readonly url: string;
  /** Holds the answer to the next request like this. */
  hold(method: string, path: RegExp): Held;
  stop(): Promise<void>;
}

export async function startGate(target: string): Promise<Gate> {
  let armed: { method: string; path: RegExp; answered: () => void; released: Promise<void> } | undefined;
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method, url = "/" } = incoming;
    const held = armed && armed.method === method && armed.path.test(url.split("?")[0]!) ? armed : undefined;
    if (held) armed = undefined;
    const host = new URL(target).host;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const onward = request(new URL(url, target), { method, headers: { ...incoming.headers, host } }, resolve);
      onward.on("error", reject);
      incoming.pipe(onward);
    });
    held?.answered();
    await held?.released;
    outgoing.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(outgoing);
  };
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing).catch(() => outgoing.destroy()));
  const { url, stop } = await serveLocally(server);
  return {
    url,
    stop,
    hold(method, path) {
      let release!: () => void;
      const released = new Promise<void>((resolve) => (release = resolve));
      const answered = new Promise<void>((resolve) => (armed = { method, path, answered: resolve, released }));
      return { answered, release };
    },
  };
}

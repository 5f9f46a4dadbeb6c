// A real CONNECT proxy, to which every name is this machine.
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { onTestFinished } from "vitest";

export interface ConnectProxy {
  url: string;
  port: number;
  /** What was asked of it, such as `CONNECT posthog.test:443`. */
  log: string[];
  /** With which `Proxy-Authorization`. */
  auth: (string | undefined)[];
}

/** Until the test has finished. `answer` is the status of what is no tunnel. */
export async function connectProxy({ answer = 200 } = {}): Promise<ConnectProxy> {
  const log: string[] = [];
  const auth: (string | undefined)[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const proxy = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  proxy.on("connect", (request, socket) => {
    log.push(`CONNECT ${request.url}`);
    auth.push(request.headers["proxy-authorization"]);
    sockets.add(socket);
    if (answer !== 200) return socket.end(`HTTP/1.1 ${answer} No\r\ncontent-length: 0\r\n\r\n`);
    const upstream = connect(Number(request.url!.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    for (const end of [upstream, socket]) end.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.closeAllConnections();
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, log, auth };
}

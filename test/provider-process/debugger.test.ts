// tools/debug-provider.cjs, as CONTRIBUTING.md uses it: the provider waits for a debugger, stops at a breakpoint in the
// built package, and answers when it goes on.
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "undici";
import { expect, it } from "vitest";
import { startProvider, type ProviderProcess } from "../support/provider-process";

const SCRIPT = path.resolve(import.meta.dirname, "../../tools/debug-provider.cjs");
const FLOW = {
  name: "Debugged",
  actions: {
    trigger_node: { type: "trigger", name: "T", config: { type: "event", filters: { events: [{ id: "x" }] } } },
  },
  host: "https://eu.posthog.com",
  projectId: "1",
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** The address of the debugger, once the process has opened it. */
async function debuggerAt(port: number): Promise<string> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
    if (answer) return ((await answer.json()) as { webSocketDebuggerUrl: string }[])[0]!.webSocketDebuggerUrl;
    await sleep(50);
  }
}

it("holds the provider until a debugger attaches, and stops it at a breakpoint", async () => {
  const port = await freePort();
  let started = false;
  const env = { NODE_OPTIONS: `--require="${SCRIPT}"`, HOGFLOW_DEBUG_PORT: String(port) };
  const starting: Promise<ProviderProcess> = startProvider({ env }).finally(() => (started = true));
  const socket = new WebSocket(await debuggerAt(port));
  const stopped: string[] = [];
  let asked = 0;
  const send = (method: string, params: object = {}): void =>
    socket.send(JSON.stringify({ id: (asked += 1), method, params }));
  socket.addEventListener("message", ({ data }) => {
    const { method, params } = JSON.parse(String(data));
    if (method !== "Debugger.paused") return;
    stopped.push(...params.hitBreakpoints);
    send("Debugger.resume");
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  expect(started).toBe(false);
  send("Debugger.enable");
  // The module that every state names, at its first line.
  send("Debugger.setBreakpointByUrl", { urlRegex: "dist/provider/dynamic\\.js$", lineNumber: 0 });
  send("Runtime.runIfWaitingForDebugger");
  const provider = await starting;
  try {
    const { failures } = await provider.check("flow", {}, FLOW);
    expect(failures).toEqual([]);
    expect(stopped).toEqual([expect.stringContaining("dist/provider/dynamic")]);
  } finally {
    await provider.kill();
    socket.close();
  }
});

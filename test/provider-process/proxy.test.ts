// A provider process makes its requests through the proxy of its environment.
import { expect, it } from "vitest";
import { startEmulator } from "../../emulator/index";
import { connectProxy } from "../support/connect-proxy";
import { startProvider } from "../support/provider-process";

const KEY = "phx_proxied";

it("reads a flow through HTTP_PROXY", async () => {
  const emulator = await startEmulator({ projects: [{ id: "1" }], keys: [{ key: KEY }], allowHosts: ["posthog.test"] });
  const proxy = await connectProxy();
  const { port } = new URL(emulator.url);
  const host = `http://posthog.test:${port}`;
  const provider = await startProvider({
    env: { POSTHOG_HOST: host, POSTHOG_API_KEY: KEY, POSTHOG_ALLOW_HTTP: "1", HTTP_PROXY: proxy.url },
  });
  try {
    await expect(provider.read("flow", "missing", { host, projectId: "1" })).rejects.toThrow(
      "There is no flow missing",
    );
    expect(new Set(proxy.log)).toEqual(new Set([`CONNECT posthog.test:${port}`]));
  } finally {
    await provider.stop();
    await emulator.stop();
  }
});

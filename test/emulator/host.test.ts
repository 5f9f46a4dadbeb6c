// DNS rebinding: a web page that points a name of its own at this machine reads nothing.
import { request } from "node:http";
import { expect, it } from "vitest";
import { startEmulator, type EmulatorOptions } from "../../emulator";

async function answer(
  host: string | undefined,
  options: EmulatorOptions = {},
): Promise<{ status: number; detail: string }> {
  const emulator = await startEmulator(options);
  const { port } = new URL(emulator.url);
  emulator.seed({
    name: "Private",
    actions: [
      {
        id: "trigger_node",
        name: "T",
        type: "trigger",
        config: { type: "manual", template_id: "template-source-webhook", inputs: {} },
      },
      { id: "exit_node", name: "X", type: "exit", config: {} },
    ],
    edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }],
  });
  try {
    return await new Promise((resolve, reject) => {
      const headers = {
        authorization: "Bearer phx_test",
        ...(host === undefined ? {} : { host: host.replace("<port>", port) }),
      };
      request({ host: "127.0.0.1", port, path: "/api/projects/1/hog_flows", headers, setHost: false }, (response) => {
        let text = "";
        response
          .on("data", (part) => (text += String(part)))
          .on("end", () =>
            resolve({ status: response.statusCode!, detail: text.startsWith("{") ? JSON.parse(text).detail : text }),
          );
      })
        .on("error", reject)
        .end();
    });
  } finally {
    await emulator.stop();
  }
}

it.each([
  "evil.example:<port>",
  "127.0.0.1.nip.io:<port>",
  "localhost.evil.example",
  "user@localhost",
  "evil.example/localhost",
  "10.0.0.7:<port>",
])("a foreign Host header is refused: %s", async (host) => {
  const { status, detail } = await answer(host);
  expect(status, detail).toBe(403);
  expect(detail).toMatch(/Host header is missing or malformed|--allow-host/);
});

it.each(["localhost:<port>", "LOCALHOST.", "127.0.0.1", "127.1.2.3:<port>", "[::1]:<port>", "app.localhost:<port>"])(
  "a loopback name is served: %s",
  async (host) => {
    expect((await answer(host)).status).toBe(200);
  },
);

it("further names are served on request, and addresses where it listens on all of them", async () => {
  expect((await answer("posthog.internal:<port>", { allowHosts: ["PostHog.internal"] })).status).toBe(200);
  expect((await answer("other.internal:<port>", { allowHosts: ["posthog.internal"] })).status).toBe(403);
  expect((await answer("10.0.0.7:<port>", { host: "0.0.0.0" })).status).toBe(200);
  expect((await answer("evil.example:<port>", { host: "0.0.0.0" })).status).toBe(403);
});

// What `hogflow doctor` says of markers: each flow of the stack still has the one that the state knows, or whose it is now.
import { afterAll, beforeAll, expect, it } from "vitest";
import { markOf, markerOf, tokensOf } from "../../definition/canonical/marker";
import { startEmulator, type Emulator } from "../../emulator";
import { connect } from "../../operate/connection";
import { readMarkers } from "../../operate/left-behind/markers";
import { flowJson } from "../command/live";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ port: 0, keys: [{ key: "phx_test" }] });
});
afterAll(() => emulator.stop());

const urn = (name: string, stack: string): string =>
  `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/posthog:HogFlow::${name}`;
const mark = (name: string, stack = "dev"): string => markOf({ project: "shop", stack, name, urn: urn(name, stack) });

it("tells flows with their marker, without one, and with that of another stack apart", async () => {
  const env = { POSTHOG_API_KEY: "phx_test", POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1" };
  const flow = (name: string, description: string, more: object = {}) => ({
    kind: "flow" as const,
    name,
    urn: urn(name, "dev"),
    id: emulator.seed(flowJson({ name, description })).id as string,
    host: emulator.url,
    projectId: "1",
    acknowledged: [],
    marker: tokensOf(markerOf(mark(name)))!,
    ...more,
  });
  const resources = [
    flow("kept", `Mine\n\n${mark("kept")}`),
    flow("lost", "Mine"),
    flow("taken", mark("taken", "production")),
    // Not looked at: it never had one, it lives elsewhere, it is gone.
    flow("bare", "", { marker: undefined }),
    flow("elsewhere", "", { projectId: "2" }),
    flow("gone", "", { id: "01985b7c-0000-4000-8000-00000000000f" }),
  ];
  emulator.clearRequests();
  const client = connect({ config: {}, env });
  expect(await readMarkers(client, { project: "shop", stack: "dev", resources })).toEqual({
    checked: 4,
    lost: ["lost"],
    taken: [{ flow: "taken", owner: "shop/production/taken" }],
  });
  // One search, and a read of each that it does not find.
  expect(emulator.requests).toHaveLength(4);
});

it("asks nothing for a stack without flows", async () => {
  emulator.clearRequests();
  const client = connect({
    config: {},
    env: { POSTHOG_API_KEY: "phx_test", POSTHOG_HOST: emulator.url, POSTHOG_PROJECT_ID: "1" },
  });
  expect(await readMarkers(client, { project: "shop", stack: "dev", resources: [] })).toMatchObject({ checked: 0 });
  expect(emulator.requests).toEqual([]);
});

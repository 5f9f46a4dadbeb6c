// A command that has to wait for PostHog's rate limit says so on standard error: minutes of silence look like a hang. Waiting moves the clock on at once.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { flowJson, useLive } from "./live";

const live = useLive();
const WAITING =
  "Waiting 43 s for PostHog's rate limit: it answered 429, so something else uses the same API key (480 requests a minute and 4,800 requests an hour for all together). It continues by itself.\n";
let clock: Record<string, string>;

beforeEach(() => {
  const file = path.join(live.dir, "now");
  writeFileSync(file, String(Date.now()));
  clock = {
    NODE_OPTIONS: `--require ${path.resolve(import.meta.dirname, "../bench/shared-clock.cjs")}`,
    HOGFLOW_BENCH_CLOCK: file,
  };
  live.emulator.fault({ when: "before", kind: "status", status: 429, retryAfter: "43" });
});

it("with a client of its own", async () => {
  const { id } = live.emulator.ui.create("1", flowJson({ status: "draft" }));
  const { code, stdout, stderr } = await live.run(["graph", id], clock);
  expect({ code, stderr }).toEqual({ code: 0, stderr: WAITING });
  expect(stdout).toContain("flowchart");
});

it("through the provider's own reading", async () => {
  const state = path.join(live.dir, "state.json");
  const outputs = { host: live.emulator.url, projectId: "1", actions: {}, name: "Gone" };
  writeFileSync(
    state,
    JSON.stringify({
      deployment: {
        resources: [
          {
            type: "pulumi-nodejs:dynamic/posthog:HogFlow",
            urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/posthog:HogFlow::gone",
            id: "0198c0de-0000-7000-8000-000000000001",
            inputs: outputs,
            outputs,
          },
        ],
      },
    }),
  );
  const { code, stdout, stderr } = await live.run(["drift", "--state", state, "--json"], clock);
  expect({ code, stderr }).toEqual({ code: 2, stderr: WAITING });
  expect(JSON.parse(stdout)).toMatchObject([{ verdict: "gone" }]);
});

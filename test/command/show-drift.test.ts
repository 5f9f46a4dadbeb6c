// `hogflow show --drift`: what was changed in PostHog is on the page, with a state from a file and PostHog's API over a real socket.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ShowData } from "../../show/data";
import { hogflow, type Ran } from "../support/command";
import { programFolders, type ProgramFolders } from "../support/program-folders";
import { deployedFlow, flowJson, useLive } from "./live";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });
const live = useLive();
let folders: ProgramFolders;
let dir: string;
let id: string;

beforeAll(async () => {
  folders = await programFolders();
  dir = await folders.add({
    files: {
      "index.js": `const { HogFlow, on, webhook } = require("pulumi-hogflow");
for (const name of ["edited", "new"]) new HogFlow(name, { trigger: on.event("a"), steps: [webhook("call", { url: "https://example.com/" })] });
`,
    },
  });
  const flow = live.emulator.seed(flowJson({ name: "Edited" }));
  id = flow.id;
  const resource = deployedFlow({ project: "mails", name: "edited", flow, host: live.emulator.url });
  writeFileSync(path.join(dir, "state.json"), JSON.stringify({ version: 3, deployment: { resources: [resource] } }));
  live.emulator.ui.edit(
    id,
    (edited: any) => void (edited.actions[1].config.inputs.url.value = "https://example.com/elsewhere"),
  );
});
afterAll(() => folders.remove());

const drift = (env: Record<string, string> = {}): Promise<Ran> =>
  hogflow(["show", "--stack", "dev", "--drift", "--state", "state.json", "--json"], {
    cwd: dir,
    env: { HOME: folders.root, POSTHOG_HOST: live.emulator.url, POSTHOG_API_KEY: "phx_test", ...env },
  });

describe("hogflow show --drift", () => {
  it("says for each flow what was changed in PostHog, with its address and its status there", async () => {
    const { code, stdout, stderr } = await drift();
    expect(code, stderr).toBe(0);
    const data: ShowData = JSON.parse(stdout);
    expect(data.hasDrift).toBe(true);
    const [edited, fresh] = data.flows;
    expect(edited!.drift!.join(" ")).toContain("https://example.com/elsewhere");
    expect(edited!.url).toBe(`${live.emulator.url}/project/1/workflows/${id}/workflow`);
    expect(edited!.after!.status).toBe(live.emulator.flows().find((flow: any) => flow.id === id).status);
    expect(fresh!.name).toBe("new");
    // It is not in PostHog yet, so nobody can have changed it there.
    expect(fresh).not.toHaveProperty("drift");
    expect(fresh).not.toHaveProperty("url");
  });

  it("needs a key", async () => {
    const { code, stdout, stderr } = await drift({ POSTHOG_API_KEY: "" });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("POSTHOG_API_KEY");
  });
});

// The text of the providers is in every state of every user, and every later version must answer to it (PDP §1). So it is pinned.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";
import { runProgram } from "../support/program";
import { programFolder, providerTexts, type Kind } from "../support/provider-process";

/** It is in the state of every resource twice. */
const MAX_BYTES = 200;
const PINNED: Record<Kind, string> = {
  flow: "b0792d709c6e296511132e2185552a421bd4a1727bca5c533fdb078e3a3199b8",
  schedule: "cf2afd4aade01c074773202c8c3666791a601438cb848831401d01050fa34cad",
};

let texts: Record<Kind, string>;
beforeAll(async () => {
  await build();
  texts = providerTexts();
}, 120_000);

describe.each(["flow", "schedule"] as const)("the stub of a %s", (kind) => {
  it("is short", () => {
    expect(Buffer.byteLength(texts[kind])).toBeLessThanOrEqual(MAX_BYTES);
  });

  it("is the text that every state holds; change the hash only with a test that states with the old text still work", () => {
    expect(createHash("sha256").update(texts[kind]).digest("hex")).toBe(PINNED[kind]);
  });

  it("captures nothing of the machine or the program", () => {
    expect(texts[kind]).not.toMatch(/\/(home|root|work|Users|tmp)\b|node_modules|sourceMapping/);
  });

  it("says what to install where the package is missing, in one line without a stack", () => {
    const folder = programFolder({ withPackage: false });
    try {
      const call = `const m = { exports: {} }; new Function("exports", "require", ${JSON.stringify(texts[kind])})(m.exports, require);
        try { m.exports.handler(); } catch (e) { console.log(JSON.stringify([e.message, e.stack])); }`;
      const { stdout, stderr } = spawnSync(process.execPath, ["-e", call], { cwd: folder, encoding: "utf8" });
      expect(stderr).toBe("");
      const [message, stack] = JSON.parse(stdout) as [string, string];
      expect(message).toMatch(/^Run: npm install pulumi-hogflow\. Cannot find module 'pulumi-hogflow\/provider'$/);
      expect(stack).toBe("");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it("is the same text for every resource of a kind, and is no secret", async () => {
  const actions = { t: { type: "trigger" as const, name: "T", config: { type: "event" as const } } };
  const resources = await runProgram(
    ({ HogFlow, HogFlowSchedule }, pulumi) => {
      const one = new HogFlow("one", { actions });
      new HogFlow("two", { actions, description: pulumi.secret("sealed") });
      new HogFlowSchedule("a", { flow: one, rrule: "FREQ=DAILY", startsAt: "2030-01-01T09:00:00" });
      new HogFlowSchedule("b", { flow: "id", rrule: pulumi.secret("FREQ=DAILY"), startsAt: "2030-01-01T09:00:00" });
    },
    { config: { "posthog:projectId": "1" } },
  );
  expect(resources.map(({ name, inputs }) => [name, inputs["__provider"]]).sort()).toEqual([
    ["a", texts.schedule],
    ["b", texts.schedule],
    ["one", texts.flow],
    ["two", texts.flow],
  ]);
});

// The text of the providers is in every state of every user: another text is an update of every resource (PDP §1). So it is pinned.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { build } from "../../tools/build.mjs";
import { runProgram } from "../support/program";
import { programFolder, providerTexts, type Kind } from "../support/provider-process";

/** It is in the state of every resource twice. */
const MAX_BYTES = 2_200;
const PINNED: Record<Kind, string> = {
  flow: "396b8e3e99db9c04a71afe4a8ec19d407d143f05928f208caf690b0eca4251ad",
  schedule: "9f6c5e99ecccf7bcefb66790e736ab385d691906c7c3981ff687ee59ae314e62",
};

let texts: Record<Kind, string>;
beforeAll(async () => {
  await build();
  texts = await providerTexts();
}, 120_000);

describe.each(["flow", "schedule"] as const)("the stub of a %s", (kind) => {
  it("is short", () => {
    expect(Buffer.byteLength(texts[kind])).toBeLessThanOrEqual(MAX_BYTES);
  });

  it("is the text that every state holds; change the hash only knowing that all resources of all users will show an update", () => {
    expect(createHash("sha256").update(texts[kind]).digest("hex")).toBe(PINNED[kind]);
  });

  it("captures nothing of the machine or the program", () => {
    expect(texts[kind]).not.toMatch(/\/(home|root|work|Users|tmp)\b|node_modules|sourceMapping/);
  });

  it("says what to install where the package is missing, in one line without a stack", () => {
    const folder = programFolder({ withPackage: false });
    try {
      const call = `const p = (() => { const m = { exports: {} }; new Function("exports", "require", ${JSON.stringify(texts[kind])})(m.exports, require); return m.exports.handler(); })();
        try { p.check({}, {}); } catch (e) { console.log(JSON.stringify([e.message, e.stack])); }`;
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

// What the pack says about a program: `npm test`. The program runs without an engine, and nothing is sent.
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { violationsOf, type Violation } from "pulumi-hogflow/policy";
import { policies, settings } from "./policies.js";

const EXAMPLES = path.resolve(__dirname, "..");
const POSTHOG = { POSTHOG_HOST: "https://eu.posthog.com", POSTHOG_PROJECT_ID: "1" };

const violations = (dir: string, stack?: string, config: object = settings): Promise<Violation[]> =>
  violationsOf(policies, {
    dir: path.join(EXAMPLES, dir),
    config: config as Record<string, unknown>,
    env: { ...process.env, ...POSTHOG },
    ...(stack === undefined ? {} : { stack }),
  });

describe("the onboarding", () => {
  let found: Violation[];
  beforeAll(async () => {
    found = await violations("onboarding");
  }, 120_000);

  it("sends whenever somebody signs up, and names no owner", () => {
    const policiesAndPaths = found.map(({ policy, message }) => [policy, message.split(":")[0]]);
    expect(policiesAndPaths).toEqual([
      ["quietHours", "actions.welcome"],
      ["quietHours", "actions.tips"],
      ["quietHours", "actions.upgrade"],
      ["owner", "description"],
    ]);
    expect(found[0]?.message).toContain("within quiet hours (21:00 to 08:00, Europe/Berlin)");
  });

  it("calls no other host than the CRM", async () => {
    const elsewhere = await violations("onboarding", undefined, {
      ...settings,
      webhookHosts: { hosts: ["sales.example.com"] },
    });
    expect(elsewhere.filter(({ policy }) => policy === "webhookHosts")).toEqual([
      {
        policy: "webhookHosts",
        flow: "onboarding",
        message: expect.stringMatching(
          /^actions\.tell_sales\.config\.inputs\.url\.value: calls a host that is not allowed/,
        ),
      },
    ]);
  }, 120_000);

  it("is protected in production", async () => {
    const inProduction = await violations("onboarding", "production");
    expect(inProduction.filter(({ policy }) => policy === "protectedFlows").map(({ message }) => message)).toEqual([
      expect.stringContaining("does not have the resource option `protect`"),
      expect.stringMatching(/^onDelete: the protected flow would be deleted/),
    ]);
  }, 120_000);
});

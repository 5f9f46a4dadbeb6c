// What a review says of PostHog's own worker: about the flows that change, with what differs first, and from the file that `hogflow verify --json` wrote.
import { describe, expect, it } from "vitest";
import { parsePreview } from "../../../operate/review/preview";
import { renderReview } from "../../../operate/review/render";
import { reviewOf } from "../../../operate/review/review";
import { parseVerified, verifiedOf } from "../../../operate/review/verified";
import { verify, type Verification } from "../../../operate/verify/verify";
import { systemClock } from "../../../api";
import { clientOf } from "../../api/helpers";
import { answer, flowOf, pauses, serveWorker, type Step } from "./worker";

const FLOW = flowOf({
  rest: { type: "delay", config: { delayDuration: "3d" } },
  pro: {
    type: "conditional_branch",
    config: {
      conditions: [{ filters: { properties: [{ key: "plan", type: "person", operator: "exact", value: ["pro"] }] } }],
    },
    branches: ["later"],
    next: "exit_node",
  },
  later: { type: "delay", config: { delayDuration: "1d" } },
});
const WORKER: Readonly<Record<string, Step>> = {
  trigger_node: () => answer("rest"),
  rest: () => pauses("rest", 3 * 86_400_000),
  pro: () => answer("exit_node"),
  exit_node: () => answer("exit_node"),
};
const verified = async (more: Readonly<Record<string, Step>> = {}): Promise<Verification> =>
  verify({
    flows: [FLOW],
    people: [{ name: "ada", scenario: { person: { properties: { plan: "free" } }, trigger: "signed up" } }],
    client: clientOf(await serveWorker({ ...WORKER, ...more })).client,
    clock: systemClock,
  });
const comment = (verified: Parameters<typeof verifiedOf>[0]): string =>
  renderReview(reviewOf(parsePreview('{ "steps": [] }'), { now: 0 }), {
    verified: verifiedOf(verified, new Set([FLOW.key])),
  });

describe("the comment", () => {
  it("says how many steps agree, and which were not asked", async () => {
    const text = comment(await verified());
    expect(text).toContain("✅ **Checked by PostHog's own worker:** 4 of 4 steps agree; no sample person comes to 1.");
    expect(text).toContain("- Onboarding: later: no sample person comes to it");
  });

  it("names what differs, with both stories below", async () => {
    const text = comment(await verified({ rest: () => pauses("rest", 86_400_000) }));
    expect(text).toContain("⚠️ **Checked by PostHog's own worker:** 3 of 4 steps agree, 1 differs;");
    expect(text).toContain("- Onboarding: rest: how long it waits");
    expect(text).toMatch(/hogflow {2}waits until 20/);
  });

  it("is about the flows that change alone, and has nothing to say without any", async () => {
    const found = await verified();
    expect(verifiedOf(found, new Set(["urn:other"]))).toMatchObject({ flows: [], agrees: 0 });
    expect(
      renderReview(reviewOf(parsePreview('{ "steps": [] }'), { now: 0 }), {
        verified: verifiedOf(found, new Set(["urn:other"])),
      }),
    ).not.toContain("own worker");
  });

  it("is the same from a file, and a file of another kind is refused", async () => {
    const found = await verified();
    expect(comment(parseVerified(JSON.stringify(found), "verified.json"))).toBe(comment(found));
    expect(() => parseVerified('{"flows": [{"title": "x"}]}', "verified.json")).toThrow(
      /verified\.json is no answer of hogflow verify.*--preview preview\.json --json > verified\.json/s,
    );
    expect(() => parseVerified("", "verified.json")).toThrow(/verified\.json is not JSON/);
  });
});

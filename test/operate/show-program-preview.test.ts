// Two runs of a program as a preview: what is added, changed, removed and stays.
import { describe, expect, it } from "vitest";
import { asSecret } from "../../definition/canonical/values";
import type { ProgramResource } from "../../operate/program/validate-program";
import { stackFlows } from "../../operate/review/stack-flows";
import { programPreview } from "../../operate/show/program-preview";

const flow = (name: string, inputs: object = {}): ProgramResource => ({
  kind: "flow",
  name,
  urn: `urn:pulumi:dev::mails::pulumi-nodejs:dynamic/posthog:HogFlow::${name}`,
  inputs: { name, actions: {}, ...inputs },
  sources: {},
});
const schedule = (name: string, of: ProgramResource, stack = "dev"): ProgramResource => ({
  kind: "schedule",
  name,
  urn: `urn:pulumi:${stack}::mails::pulumi-nodejs:dynamic/posthog:HogFlowSchedule::${name}`,
  inputs: { rrule: "FREQ=DAILY" },
  sources: {},
  flowUrn: of.urn,
});
const renamedStack = (resource: ProgramResource): ProgramResource => ({
  ...resource,
  urn: resource.urn.replace("::mails", "::letters").replace(":dev:", ":other:"),
});

describe("a program as a preview", () => {
  it("leaves everything as it is where nothing is compared", () => {
    const digest = flow("digest", { status: "active" });
    const preview = programPreview({ resources: [digest, schedule("mondays", digest)] });
    expect(preview).toMatchObject({ stack: "mails/dev", isWhole: true });
    expect(preview.resources.map(({ fate }) => fate)).toEqual(["same", "same"]);
    const [shown] = stackFlows(preview, new Map());
    expect(shown).toMatchObject({
      isChanged: false,
      after: { status: "active", schedules: [{ rrule: "FREQ=DAILY" }] },
    });
  });

  it("says what is added, removed and changed, by type and name, whatever project and stack are called", () => {
    const before = [flow("stays"), flow("changes"), flow("goes")].map(renamedStack);
    const after = [flow("stays"), flow("changes", { description: "new" }), flow("comes")];
    const { resources } = programPreview({ resources: after }, { resources: before });
    expect(resources.map(({ name, fate }) => `${name} ${fate}`)).toEqual([
      "stays same",
      "changes update",
      "comes create",
      "goes delete",
    ]);
    expect(resources[3]).toMatchObject({ before: { name: "goes" }, end: "deleted" });
    expect(resources[3]).not.toHaveProperty("after");
  });

  it("archives what is removed and says so", () => {
    const { resources } = programPreview({ resources: [] }, { resources: [flow("goes", { onDelete: "archive" })] });
    expect(resources[0]!.end).toBe("archived");
  });

  it("finds the flow of a schedule that is removed under its name of today", () => {
    const digest = flow("digest");
    const { resources } = programPreview(
      { resources: [digest] },
      { resources: [renamedStack(digest), renamedStack(schedule("mondays", renamedStack(digest)))] },
    );
    expect(resources[1]).toMatchObject({ name: "mondays", fate: "delete", flowUrn: digest.urn });
  });

  it("takes no change of the lines for a change, and shows no secret, although it names one that changes", () => {
    const secretPaths = ["actions.call.config.inputs.token.value"];
    const with1 = (value: string, sources: object): ProgramResource => ({
      ...flow("call", {
        secretPaths,
        actions: { call: { type: "function", config: { inputs: { token: { value: asSecret(value) } } } } },
      }),
      sources: sources as ProgramResource["sources"],
    });
    const preview = (before: string, after: string) =>
      programPreview({ resources: [with1(after, { a: ["index.ts:9"] })] }, { resources: [with1(before, {})] });
    expect(preview("one-secret", "one-secret").resources[0]!.fate).toBe("same");
    const changed = preview("one-secret", "two-secret");
    expect(changed.resources[0]).toMatchObject({ fate: "update", changedSecrets: secretPaths });
    expect(JSON.stringify(changed)).not.toContain("-secret");
  });
});

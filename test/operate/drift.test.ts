// The state of a stack as it is exported, drift in words, and the code that accepts it.
import { describe, expect, it } from "vitest";
import { acceptCode } from "../../operate/drift/accept";
import type { ResourceDrift } from "../../operate/drift/drift";
import { driftText } from "../../operate/drift/drift-text";
import { differences } from "../../definition/canonical/compare";
import { canonical } from "../../definition/canonical/canonical";
import { decode } from "../../definition/canonical/decode";
import { flowIn, parseStackExport } from "../../operate/stack-state";
import { copy, isDict, put, type Dict } from "../../definition/canonical/values";
import { randomFlow } from "../support/random-flow";

const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";
const SIGNED = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const state = (...resources: Dict[]): string => JSON.stringify({ version: 3, deployment: { resources } });
const flow = (more: Dict = {}): Dict => ({
  urn: `urn:pulumi:dev::shop::acme:Team$${TYPE}::journey`,
  type: TYPE,
  id: "id-1",
  inputs: {},
  outputs: { name: "Journey", __provider: "text" },
  ...more,
});

describe("a stack's state", () => {
  it("has its flows by name, wherever they stand in the program", () => {
    const { resources } = parseStackExport(
      state(flow(), { urn: "urn:pulumi:dev::shop::other::x", type: "other", id: "1" }),
    );
    expect(resources).toMatchObject([{ kind: "flow", name: "journey", id: "id-1", outputs: { name: "Journey" } }]);
    expect(resources[0]!.outputs).not.toHaveProperty("__provider");
    expect(flowIn({ resources }, "journey")).toBe(resources[0]);
    expect(() => flowIn({ resources }, "journy")).toThrow(/Its flows are journey/);
  });

  it("leaves out what is only read, and what an interrupted replacement still has to delete", () => {
    expect(parseStackExport(state(flow({ external: true }), flow({ delete: true }))).resources).toEqual([]);
  });

  it("knows where secrets are, shown or encrypted", () => {
    const outputs = {
      variables: { shown: { ...SIGNED, plaintext: '"hush"' }, hidden: { ...SIGNED, ciphertext: "v1:abc" } },
    };
    const [found] = parseStackExport(state(flow({ outputs }))).resources;
    expect(found!.outputs["variables"]).toEqual({ shown: "hush", hidden: "[secret]" });
    expect(found!.secretPaths.sort()).toEqual(["variables.hidden", "variables.shown"]);
    expect(found!.encrypted).toEqual(["variables.hidden"]);
  });

  it("says in which form a flow is written: only steps have places", () => {
    const form = (more: Dict): unknown => parseStackExport(state(flow(more))).resources[0]!.form;
    expect(form({ propertyDependencies: { actions: null, sources: null } })).toBe("steps");
    expect(form({ propertyDependencies: { actions: [] } })).toBe("keyed");
    expect(form({})).toBeUndefined();
  });

  it("says whose it is, from any name in it, and what an interrupted replacement still has to delete", () => {
    expect(parseStackExport(state())).not.toHaveProperty("owner");
    expect(
      parseStackExport(
        state({ urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" }),
      ).owner,
    ).toEqual({ project: "shop", stack: "dev" });
    expect(parseStackExport(state(flow(), flow({ id: "id-2", delete: true })))).toMatchObject({
      resources: [{ id: "id-1" }],
      condemned: ["id-2"],
    });
  });

  it.each(["", "[]", "{}", "no JSON"])("is not %j", (text) =>
    expect(() => parseStackExport(text)).toThrow(/not the state of a stack/),
  );
});

const drift = (deployed: Dict, live: Dict, more: Partial<ResourceDrift> = {}): ResourceDrift => ({
  kind: "flow",
  name: "journey",
  id: "id-1",
  title: "journey",
  verdict: "drifted",
  form: "keyed",
  fields: [],
  change: { flow: [], steps: [] },
  saves: [],
  uncompared: [],
  deployed,
  live,
  ...more,
});

/** What the printed arguments say, taken over the deployed ones; removals are comments that name a key, and are made by hand here as a reader would. */
function accepted(deployed: Dict, live: Dict, code: string): Dict {
  const body = code
    .split("\n")
    .filter((line) => !line.startsWith("//"))
    .join("\n")
    .trim();
  const merge = (before: Dict, patch: Dict, wanted: Dict): Dict => {
    const out: Dict = {};
    for (const key of Object.keys(before)) if (Object.hasOwn(wanted, key)) put(out, key, before[key]);
    for (const [key, value] of Object.entries(patch)) {
      const [was, is] = [before[key], wanted[key]];
      put(
        out,
        key,
        isDict(value) && isDict(was) && isDict(is) && Object.hasOwn(before, key) ? merge(was, value, is) : value,
      );
    }
    return out;
  };
  return merge(deployed, new Function(`return (${body === "" ? "{}" : body})`)() as Dict, live);
}

describe("the code that accepts drift", () => {
  it("says what is new beside what it was, and what to remove", () => {
    const code = acceptCode(
      drift(
        {
          exitCondition: "exit_only_at_end",
          actions: { wait: { type: "delay", name: "Wait", config: { delayDuration: "3d" } } },
        },
        { actions: { wait: { type: "delay", name: "Wait", config: { delayDuration: "1d" }, onError: "abort" } } },
      ),
    );
    expect(code.split("\n")).toEqual([
      '// HogFlow "journey": write this into its arguments, in their keyed form.',
      "{",
      "  actions: {",
      "    wait: {",
      "      config: {",
      '        delayDuration: "1d", // was "3d"',
      "      },",
      '      onError: "abort", // new',
      "    },",
      "  },",
      '  // remove: exitCondition (it is "exit_only_at_end")',
      "}",
      "",
    ]);
  });

  it("makes the program say what is live, for any two flows", () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const [deployed, live] = [canonical(decode(randomFlow(seed))), canonical(decode(randomFlow(seed + 1000)))];
      const mixed: Dict = {
        ...copy(deployed),
        ...copy(live),
        actions: { ...(deployed["actions"] as Dict), ...(live["actions"] as Dict) },
      };
      for (const to of [live, mixed]) {
        const made = accepted(deployed, to, acceptCode(drift(deployed, to)));
        expect(
          differences(made, to).map(({ path }) => path),
          `seed ${seed}`,
        ).toEqual([]);
      }
    }
  });

  it("has no secret, no code for a flow that is gone or as deployed, and says what no argument can", () => {
    expect(acceptCode(drift({ variables: { a: "x" } }, { variables: { a: "[secret]" } }))).toContain(
      "// a: a secret; PostHog does not show its value",
    );
    expect(acceptCode(drift({}, {}, { verdict: "same" }))).toBe("");
    expect(acceptCode(drift({}, {}, { verdict: "unknown", error: "no\nkey" }))).toBe(
      '// HogFlow "journey" could not be read: no key\n',
    );
    expect(acceptCode(drift({}, {}, { fields: [{ path: "actions.x.config.design", kind: "removed" }] }))).toMatch(
      /^\/\/ HogFlow "journey": actions\.x\.config\.design, which PostHog itself had added, is gone\..*\n$/,
    );
    expect(acceptCode(drift({}, {}, { verdict: "gone" }))).toContain("remove it from the program");
    expect(
      acceptCode(drift({ rrule: "FREQ=DAILY" }, { rrule: "FREQ=DAILY", paused: "why" }, { kind: "schedule" })),
    ).toMatch(/^\/\/ HogFlowSchedule "journey" is paused in PostHog\..*\n$/);
  });
});

describe("a report", () => {
  it("sums up, and shows what differs alone", () => {
    const text = driftText([
      drift({}, {}, { verdict: "same", name: "quiet" }),
      drift(
        {},
        {},
        {
          saves: [{ version: 4, at: "2026-12-01T09:00:00Z", by: "Ada (ada@example.com)" }],
          change: { flow: [{ aspect: "status", label: "status", before: "active", after: "draft" }], steps: [] },
        },
      ),
      drift({}, {}, { verdict: "unknown", name: "other", error: "no key" }),
      drift({}, {}, { verdict: "same", name: "staged", stagedDraft: "2026-12-02T00:00:00Z" }),
      drift(
        {},
        {},
        {
          name: "silent",
          updatedAt: "2026-12-01T10:00:00Z",
          fields: [{ path: "actions.x.config.design", kind: "removed" }],
        },
      ),
    ]);
    expect(text).not.toContain("quiet");
    expect(text).toContain("saved since: version 4 by Ada (ada@example.com), 2026-12-01T09:00:00Z");
    expect(text).toContain("status: active → draft");
    expect(text).toContain("could not be read: no key");
    expect(text).toContain("staged changes in the editor (2026-12-02T00:00:00Z)");
    expect(text).toContain("last saved 2026-12-01T10:00:00Z; PostHog does not record who saved it");
    expect(text).toContain("actions.x.config.design: what PostHog itself had added is gone");
    expect(text.split("\n").at(-1)).toBe("5 resources: 2 drifted, 1 not read, 2 as deployed.");
  });

  it("gives one reason for all that could not be read for it, whichever id it names", () => {
    const because = (id: string): string => `GET /api/projects/1/hog_flows/${id}/ was refused (401): a wrong key`;
    const ids = Array.from({ length: 7 }, (_, i) => `01985b7c-0000-4000-8000-00000000000${i}`);
    const unread = (count: number): string =>
      driftText([
        ...ids.slice(0, count).map((id, i) => drift({}, {}, { verdict: "unknown", name: `f${i}`, error: because(id) })),
        drift({}, {}, { verdict: "unknown", name: "other", error: "no network" }),
      ]);
    expect(unread(2)).toBe(
      `Flow f0 and flow f1\n  could not be read: ${because("…")}\n\nFlow other (journey)\n  could not be read: no network\n\n3 resources: 3 not read, 0 as deployed.`,
    );
    expect(unread(7)).toContain("Flow f0, flow f1, flow f2, flow f3, flow f4 and 2 more\n");
    expect(unread(1)).toContain(because(ids[0]!));
  });

  it("names who has taken a flow over", () => {
    const text = driftText([drift({}, {}, { verdict: "same", takenBy: "shop/production/jour\nney" })]);
    expect(text).toContain("  taken over by shop/production/jour ney: its marker says so.");
    expect(text.split("\n").at(-1)).toBe("1 resource: 1 taken over by another owner, 1 as deployed.");
  });
});

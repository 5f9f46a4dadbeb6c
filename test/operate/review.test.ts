// Reviews of previews that the real engine printed (fixtures; the engine suite holds one of them up to date) and of odd ones.
import { readFileSync } from "node:fs";
import path from "node:path";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { PLUGIN_TYPES } from "../../definition/resource-types";
import { UNKNOWN, type Dict } from "../../definition/canonical/values";
import { factsFor, type Facts } from "../../operate/review/facts";
import { fit, GITHUB_LIMIT, type Part } from "../../operate/review/fit";
import { kindsIn, REVIEW_KINDS } from "../../operate/review/kinds";
import { escapeText } from "../../operate/review/markdown";
import { liveStatuses } from "../../operate/review/live-status";
import { parsePreview } from "../../operate/review/preview";
import { renderReview } from "../../operate/review/render";
import { reviewOf, type Review } from "../../operate/review/review";

const fixture = (name: string): Dict =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "fixtures", `${name}-preview.json`), "utf8"));
const NOW = Date.parse("2026-12-01T00:00:00Z");
const review = (preview: unknown): Review => reviewOf(parsePreview(JSON.stringify(preview)), { now: NOW });
const comment = (preview: unknown, facts?: Facts): string => renderReview(review(preview), facts ? { facts } : {});
const TYPE = "pulumi-nodejs:dynamic/posthog:HogFlow";
const urn = (name: string, type = TYPE): string => `urn:pulumi:dev::shop::${type}::${name}`;

const exit = { type: "exit", name: "Exit" };
const base = (more: Dict = {}): Dict => ({
  name: "Flow",
  status: "active",
  actions: {
    trigger_node: { type: "trigger", name: "Start", config: { type: "schedule" }, next: "exit_node" },
    exit_node: exit,
  },
  ...more,
});
const step = (op: string, before: Dict | undefined, after: Dict | undefined, more: Dict = {}): Dict => ({
  op,
  urn: urn("flow"),
  ...(before
    ? {
        oldState: {
          type: TYPE,
          custom: true,
          id: "id-1",
          inputs: before,
          outputs: { ...before, liveStatus: before["status"] ?? "draft", version: 3 },
        },
      }
    : {}),
  ...(after ? { newState: { type: TYPE, custom: true, inputs: after } } : {}),
  ...more,
});

describe("the demo's change", () => {
  it("is told so that somebody who reads no code can approve it", () => {
    const text = comment(fixture("demo"));
    expect(text.split("\n")[0]).toBe(
      "### ℹ️ 1 workflow changed. No one in flight leaves; some move to another step; see below.",
    );
    const prose = text.replace(/```mermaid[\s\S]*?```/g, "");
    expect(prose).toContain(
      "➕ Added: **Office hours** (time window): Monday to Friday, 09:00–17:00 (Europe/Berlin). It is between “Let them try” and “Tips”.",
    );
    // No JSON, no code and no ids: titles and words.
    expect(prose).not.toMatch(/[{}]|office_hours|let_them_try|delayDuration|actions\./);
    // The provider's warning about people is told once, in these words.
    expect(prose.match(/when their wait ends/g)).toHaveLength(1);
    expect(prose).not.toContain("Warnings");
  });
});

describe("a large change", () => {
  const text = comment(fixture("rich"));
  const found = review(fixture("rich"));

  it("begins with the verdict: what stops, what goes live, that people leave", () => {
    expect(text.split("\n")[0]).toMatch(
      /^### ⚠️ .*1 workflow deleted.*“Winter sale” and “farewell” stop\. “launch” goes live\. People in flight leave; see below\.$/,
    );
  });

  it("puts first what takes something away", () => {
    const titles = [...text.matchAll(/^#### (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(["Winter sale", "farewell", "mover", "launch", "Customer journey", "digest", "Schedules"]);
  });

  it("shows texts as line diffs, timing, shares, conditions and audiences in words", () => {
    expect(text).toContain("- <p>Your first month is free.</p>");
    expect(text).toContain("+ <p>Your first two months are free.</p>");
    expect(text).toContain("waits at most: 2 hours → **1 day**");
    expect(text).toContain("With reminder 80 % and Control 20 %");
    expect(text).toContain('the person\'s plan is "pro" → **"Pro": the person\'s plan is "pro" or "team"**');
    expect(text).toContain('country is "DE" or "AT"');
    expect(text).toContain("people leave early: when the person converts → **only at its end**");
  });

  it("says where people of a removed step go on, what is not known yet, and that a secret changes", () => {
    expect(text).toContain("People in “Let them try” move to “Nudge”: their step was removed.");
    expect(text).toContain('message: "Still there?" → **(known after the update)**');
    expect(text).toContain("signing secret: \\[secret\\] → **a new \\[secret\\]**");
    expect(text).not.toContain(UNKNOWN);
  });

  it("tells schedules by day, hour and zone, and why one is made anew", () => {
    expect(text).toContain(
      "🔁 **mondays** of “digest” is recreated; it runs every week on Monday at 09:00 (Europe/Berlin), from 2030-01-07. The audience of its flow changes",
    );
    expect(text).toContain(
      "runs: every day at 09:00 (Europe/Berlin), from 2030-01-07 → **every week on Tuesday at 10:00 (Europe/Berlin), from 2030-01-08**",
    );
    expect(text).toContain("next: Tue 2030-01-08 10:00");
  });

  it("draws before and after, and leaves out what stays", () => {
    expect(text.match(/```mermaid/g)).toHaveLength(4);
    expect(text).not.toContain("report");
    expect(text).toContain("2 other resources of the stack also change");
  });

  it("has all kinds that --fail-on may ask for, and not those that are not there", () => {
    expect(kindsIn(found, REVIEW_KINDS)).toEqual([
      "deletes",
      "replaces",
      "stops",
      "starts",
      "ejects",
      "moves",
      "steps",
      "texts",
      "timing",
      "audience",
      "conditions",
      "secrets",
      "schedules",
      "any",
    ]);
    expect(kindsIn(review(fixture("demo")), REVIEW_KINDS)).toEqual(["moves", "steps", "any"]);
    expect(kindsIn(review({ steps: [] }), REVIEW_KINDS)).toEqual([]);
  });

  it("is Markdown whose blocks all close", () => {
    const tokens = new MarkdownIt({ html: true }).parse(text, {});
    const fences = tokens.filter(({ type }) => type === "fence").map(({ info }) => info);
    expect(fences.sort()).toEqual(["diff", "diff", "mermaid", "mermaid", "mermaid", "mermaid"]);
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)!.length);
  });
});

describe("facts from PostHog", () => {
  it("say how many came by a touched step, how large an audience is and what it was, and when it is over the limit", async () => {
    const asked: unknown[] = [];
    const client = {
      getMetricTotals: async (flow: string, query: any) => (
        asked.push([flow, query.instance_id, query.after]),
        { totals: query.instance_id === "nudge" ? { succeeded: 1200, failed: 3, filtered: 1 } : {} }
      ),
      userBlastRadius: async ({ filters }: any) => (
        asked.push(filters),
        {
          affected: filters.properties[0].value.length === 2 ? 60_000 : 800,
          total: 90_000,
          limit: 50_000,
          dedupe_key: null,
          confirm_token: null,
        }
      ),
    };
    const found = review(fixture("rich"));
    const facts = await factsFor(found, client as any);
    const text = renderReview(found, { facts });
    expect(text).toContain(
      "✏️ **Nudge** (text message). 1,204 runs reached this step in the last 7 days; 3 failed here.",
    );
    expect(text).toContain("✏️ **Paid?** (branch). No one reached this step in the last 7 days.");
    expect(text).toContain(
      "**Audience:** 800 people now, 60,000 of 90,000 after this change. ⚠️ PostHog refuses a batch of more than 50,000.",
    );
    // As PostHog's API names it, and of steps that were there already only.
    expect(asked).toContainEqual({
      properties: [{ key: "country", value: ["DE", "AT"], operator: "exact", type: "person" }],
    });
    expect(asked.some((question) => Array.isArray(question) && question[1] === "split")).toBe(false);
  });

  it("that cannot be read are named, and the review goes without", async () => {
    const refuse = async (): Promise<never> => Promise.reject(new Error("The key lacks the scope person:read."));
    const found = review(fixture("rich"));
    const text = renderReview(found, {
      facts: await factsFor(found, { getMetricTotals: refuse, userBlastRadius: refuse }),
    });
    expect(text).toContain("Some counts are missing: The key lacks the scope person:read.");
    expect(text).toContain("Customer journey");
  });
});

describe("a preview", () => {
  it.each([TYPE, PLUGIN_TYPES.flow])(
    "that failed says so first, with its problems by name and without the engine's words: %s",
    (type) => {
      const text = comment({
        steps: [],
        diagnostics: [
          {
            severity: "error",
            urn: urn("flow"),
            message: `error: ${type} resource 'flow' has a problem: actions.wait.config.delayDuration: "3x" must be one number and one unit\n`,
          },
        ],
      });
      expect(text.split("\n")[0]).toBe(
        "### ⛔ The preview failed: 1 problem. Nothing can be applied until it is fixed.",
      );
      expect(text).toContain('flow: actions.wait.config.delayDuration: "3x" must be');
      expect(text).not.toContain(type);
    },
  );

  it("with warnings tells each once, with all of its lines", () => {
    const lines = ["warning: [runtime] Something may be wrong:\n\n", "  first\n\n", "  second\n\n"];
    const text = comment({
      steps: [],
      diagnostics: [
        ...lines.map((message) => ({ severity: "info#err", message })),
        { severity: "info", message: "a note of the program" },
        { severity: "warning", message: "warning: old engine\n" },
      ],
    });
    expect(text.split("\n")[0]).toContain("2 warnings");
    expect(text).toContain("Something may be wrong:\n  first\n  second");
    expect(text).not.toContain("a note of the program");
  });

  it("with warnings about flows that do not change keeps them apart, and calm", () => {
    const warn = (title: string): Dict => ({
      severity: "info#err",
      message: `warning: [runtime] Flow "${title}": watch out`,
    });
    const changed = step("update", base(), base({ exitCondition: "exit_only_at_end" }));
    const text = comment({ steps: [changed], diagnostics: [warn("Other")] });
    expect(text.split("\n")[0]).toMatch(/^### ℹ️/);
    expect(text).toContain("<summary>1 warning about workflows that do not change</summary>");
    expect(kindsIn(review({ steps: [changed], diagnostics: [warn("Other")] }), ["warnings"])).toEqual([]);
    expect(kindsIn(review({ steps: [changed], diagnostics: [warn("Flow")] }), ["warnings"])).toEqual(["warnings"]);
  });

  it("without any change says so", () => {
    expect(
      comment({ steps: [step("same", base(), base())] })
        .trim()
        .split("\n")
        .at(-1),
    ).toBe("<!-- hogflow review shop/dev -->");
    expect(
      comment({
        steps: [
          step("same", base(), base()),
          { op: "read", urn: urn("other"), newState: { custom: true } },
          { op: "refresh", urn: urn("third") },
        ],
      }).split("\n")[0],
    ).toBe("### ✅ No workflow changes.");
  });

  it.each(["", "no JSON", "[]", '{"version":3}', "null"])("is not %j", (text) => {
    expect(() => parsePreview(text)).toThrow(/not the output of `pulumi preview --json`/);
  });

  it("may have lines of the engine before it", () => {
    expect(parsePreview(`Previewing update (dev):\n\n{"steps": []}`).resources).toEqual([]);
  });

  it("tells a replacement once, whatever steps the engine makes of it", () => {
    for (const ops of [
      ["replace"],
      ["delete-replaced", "replace", "create-replacement"],
      ["create-replacement", "replace", "delete-replaced"],
    ]) {
      const found = review({ steps: ops.map((op) => step(op, base(), op === "delete-replaced" ? undefined : base())) });
      expect(found.flows.map(({ fate }) => fate)).toEqual(["replace"]);
      expect(found.flows[0]!.people).toMatchObject([{ leaves: true }]);
    }
  });

  it("tells what a deletion does: deleted, archived, or left as it is", () => {
    const [deleted, archived, kept] = [base(), base({ onDelete: "archive" }), base()].map((before, i) => {
      const entry = step("delete", before, undefined);
      if (i === 2) (entry["oldState"] as Dict)["retainOnDelete"] = true;
      return review({ steps: [entry] });
    });
    expect(renderReview(deleted!).split("\n")[0]).toContain("1 workflow deleted. “Flow” stops. People in flight leave");
    expect(renderReview(archived!)).toContain(
      "Will be removed from the program and archived in PostHog (currently active)",
    );
    expect(renderReview(kept!)).toContain(
      "Will be removed from the program; stays in PostHog unchanged (currently active)",
    );
    expect(kindsIn(kept!, ["deletes", "stops", "ejects"])).toEqual([]);
  });

  it("with values that are secret or unknown as a whole is read all the same", () => {
    for (const odd of ["[secret]", UNKNOWN, null, 5]) {
      for (const at of ["actions", "variables", "conversion", "status", "name"]) {
        expect(
          () => comment({ steps: [step("update", base(), base({ [at]: odd }))] }),
          `${at}: ${String(odd)}`,
        ).not.toThrow();
        expect(comment({ steps: [step("update", base(), base({ [at]: odd }))] })).not.toContain(UNKNOWN);
      }
    }
  });
});

describe("people in flight", () => {
  const flow = (...ids: string[]): Dict =>
    base({
      actions: Object.fromEntries(
        ids.map((id, i) => [
          id,
          {
            type: i === 0 ? "trigger" : id === "out" ? "exit" : "delay",
            name: id,
            config: i === 0 ? { type: "schedule" } : { delayDuration: `${id.length}d` },
            ...(ids[i + 1] ? { next: ids[i + 1] } : {}),
          },
        ]),
      ),
    });

  it("who go on elsewhere do not leave, and the verdict is calm; who leave are what it warns of", () => {
    const moved = review({
      steps: [step("update", flow("start", "one", "three", "out"), flow("start", "three", "out"))],
    });
    expect(moved.flows[0]!.people).toEqual([
      { fate: "moves", leaves: false, words: "People in “one” move to “three”: their step was removed." },
    ]);
    expect(kindsIn(moved, ["ejects", "moves"])).toEqual(["moves"]);
    expect(renderReview(moved)).toMatch(/^### ℹ️/);
    const ejected = review({ steps: [step("update", flow("start", "one", "three"), flow("start", "one"))] });
    expect(kindsIn(ejected, ["ejects", "moves"])).toEqual(["ejects", "moves"]);
    expect(renderReview(ejected)).toMatch(/^### ⚠️ .*People in flight leave; see below\./);
  });
});

describe("people in flight, by the table of effects", () => {
  const goal = { filters: [{ key: "paid", value: ["true"], operator: "exact", type: "person" }] };
  const waiting = (more: Dict = {}): Dict =>
    base({
      actions: {
        start: {
          type: "trigger",
          name: "Start",
          config: { type: "event", filters: { events: [{ id: "signup" }] } },
          next: "wait",
        },
        wait: { type: "delay", name: "Wait", config: { delayDuration: "1d" }, next: "out" },
        out: exit,
      },
      ...more,
    });
  const retimed = (more: Dict = {}): Dict => {
    const flow = waiting(more);
    ((flow["actions"] as Dict)["wait"] as Dict)["config"] = { delayDuration: "2d" };
    return flow;
  };

  it("who meet a new goal leave, which the verdict says, and at which --fail-on ejects stops", () => {
    const found = review({ steps: [step("update", waiting(), waiting({ conversion: goal }))] });
    expect(found.flows[0]!.people).toEqual([
      {
        fate: "leaves",
        leaves: true,
        words:
          "People in the flow who meet the goal leave it when they next wake: the goal or the exit condition changes.",
      },
    ]);
    expect(kindsIn(found, ["ejects", "moves", "stops"])).toEqual(["ejects", "moves"]);
    expect(renderReview(found).split("\n")[0]).toBe("### ⚠️ 1 workflow changed. People in flight leave; see below.");
  });

  it.each([
    ["an exit condition", { conversion: goal, exitCondition: "exit_only_at_end" }, { conversion: goal }],
    ["filters of the trigger", { exitCondition: "exit_only_at_end" }, { exitCondition: "exit_on_trigger_not_matched" }],
  ])("may leave because of %s", (_, before, after) => {
    const found = review({ steps: [step("update", waiting(before), waiting(after))] });
    expect(kindsIn(found, ["ejects"])).toEqual(["ejects"]);
    expect(renderReview(found)).not.toContain("stay where they are");
  });

  it("who wake at another time stay in the flow: nothing stops, and nobody is said to stay where they are", () => {
    const found = review({ steps: [step("update", waiting(), retimed())] });
    expect(kindsIn(found, ["ejects", "moves", "stops"])).toEqual([]);
    expect(renderReview(found).split("\n")[0]).toBe(
      "### ℹ️ 1 workflow changed. No one in flight leaves or moves to another step; see below.",
    );
  });

  it("stay where they are when a title changes", () => {
    expect(comment({ steps: [step("update", waiting(), waiting({ description: "New" }))] }).split("\n")[0]).toBe(
      "### ℹ️ 1 workflow changed. People in flight stay where they are.",
    );
  });

  it("of whom nobody can say anything stop --fail-on, too", () => {
    const found = review({ steps: [step("update", waiting(), waiting({ actions: UNKNOWN }))] });
    expect(kindsIn(found, ["ejects", "moves"])).toEqual(["ejects", "moves"]);
    expect(renderReview(found).split("\n")[0]).toContain(
      "People in flight may leave or move to another step; see below.",
    );
  });
});

describe("a status that the program does not state", () => {
  const actions = (...ids: string[]): Dict =>
    Object.fromEntries(
      ids.map((id, i) => [
        id,
        {
          type: i === 0 ? "trigger" : id === "out" ? "exit" : "delay",
          name: id,
          config: i === 0 ? { type: "schedule" } : { delayDuration: "1d" },
          ...(ids[i + 1] ? { next: ids[i + 1] } : {}),
        },
      ]),
    );
  const flow = (...ids: string[]): Dict => ({ name: "Flow", actions: actions(...ids) });
  /** As the state has it from the day on which it was created. */
  const changed = (after: Dict | undefined, op = "update", before: Dict = flow("start", "one", "two")): Dict => {
    const made = step(op, before, after);
    ((made["oldState"] as Dict)["outputs"] as Dict)["liveStatus"] = "draft";
    return made;
  };
  const KINDS = ["ejects", "moves", "stops"] as const;
  const warning = {
    severity: "info#err",
    message:
      'warning: [runtime] Flow "Flow": this change concerns people in flight:\n  people in "two" (two) leave the flow: none of their later steps is left',
  };
  const ejecting = changed(flow("start", "one"));
  const read = (status?: string) =>
    reviewOf(parsePreview(JSON.stringify({ steps: [ejecting], diagnostics: [warning] })), {
      now: NOW,
      statuses: new Map(status === undefined ? [] : [["id-1", status]]),
    });

  it("counts as possibly active: nobody says that the flow is a draft, people are told, and --fail-on stops", () => {
    const found = read();
    expect(found.flows[0]!.status).toEqual({ before: undefined, after: undefined });
    expect(found.flows[0]!.people).toMatchObject([{ leaves: true }, { leaves: true }]);
    expect(kindsIn(found, KINDS)).toEqual(["ejects", "moves"]);
    expect(renderReview(found)).toContain("Status is set in PostHog and may be active · changed");
    expect(renderReview(found)).not.toMatch(/draft/i);
  });

  it("is what PostHog says, where it was asked", () => {
    expect(kindsIn(read("active"), KINDS)).toEqual(["ejects", "moves"]);
    expect(renderReview(read("active"))).toContain("\n\nActive · changed");
    expect(kindsIn(read("draft"), KINDS)).toEqual([]);
    expect(renderReview(read("draft"))).toContain("\n\nDraft: no one enters · changed");
  });

  it("drops no warning of the provider that the review does not repeat itself", () => {
    const people = (found: Review): string[] => found.warnings.filter((text) => text.includes("in flight"));
    expect(people(read())).toEqual([]);
    // The review of a flow that PostHog shows as a draft says nothing of people, and needs no warning of them.
    expect(people(read("draft"))).toEqual([]);
    const other = {
      ...warning,
      message: warning.message.replace("none of their later steps is left", "for another reason"),
    };
    expect(people(review({ steps: [ejecting], diagnostics: [other] }))).toHaveLength(1);
    // Another flow with the same steps says the same of its own people only.
    const elsewhere = { ...warning, message: warning.message.replace('"Flow"', '"Elsewhere"') };
    expect(review({ steps: [ejecting], diagnostics: [elsewhere] }).standing).toHaveLength(1);
  });

  it("that becomes draft or archived, or a flow that is deleted, may stop people", () => {
    for (const [after, op] of [
      [{ ...flow("start", "one", "two"), status: "draft" }, "update"],
      [{ ...flow("start", "one", "two"), status: "archived" }, "update"],
      [undefined, "delete"],
    ] as const) {
      const found = review({ steps: [changed(after, op)] });
      expect(kindsIn(found, KINDS)).toEqual(["ejects", "moves", "stops"]);
      expect(found.flows[0]!.goes).toBe("stops");
      const draft = reviewOf(parsePreview(JSON.stringify({ steps: [changed(after, op)] })), {
        now: NOW,
        statuses: new Map([["id-1", "draft"]]),
      });
      expect(kindsIn(draft, KINDS)).toEqual([]);
    }
    expect(comment({ steps: [changed(undefined, "delete")] })).toContain(
      "Will be deleted (its status is set in PostHog and may be active)",
    );
  });

  it("that becomes active goes live, unless it is active already", () => {
    const steps = [changed({ ...flow("start", "one", "two"), status: "active" })];
    expect(kindsIn(review({ steps }), ["starts"])).toEqual(["starts"]);
    expect(
      kindsIn(
        reviewOf(parsePreview(JSON.stringify({ steps })), { now: NOW, statuses: new Map([["id-1", "active"]]) }),
        ["starts"],
      ),
    ).toEqual([]);
  });

  it("is asked for at PostHog for every flow, once, in one list where there are many; a failure leaves it unknown", async () => {
    const asked: unknown[] = [];
    const client = {
      listFlows: async (query: unknown) => (asked.push(query), { results: [{ id: "id-1", status: "active" }] }),
      allFlows: async () => (
        asked.push("all"),
        [
          { id: "id-1", status: "active" },
          { id: "other", status: "draft" },
        ]
      ),
    };
    const one = parsePreview(
      JSON.stringify({
        steps: [
          ejecting,
          { ...changed(flow("start", "one", "two"), "same"), urn: urn("same") },
          step("create", undefined, flow("start"), { urn: urn("new") }),
        ],
      }),
    );
    expect(await liveStatuses(one, client as any)).toEqual({ statuses: new Map([["id-1", "active"]]), missing: [] });
    expect(asked.splice(0)).toEqual([{ id: "id-1", limit: 1 }]);
    const many = parsePreview(
      JSON.stringify({
        steps: Array.from({ length: 30 }, (_, i) => ({
          ...ejecting,
          urn: urn(`flow${i}`),
          oldState: { ...(ejecting["oldState"] as Dict), id: `id-${i}` },
        })),
      }),
    );
    expect((await liveStatuses(many, client as any)).statuses).toEqual(new Map([["id-1", "active"]]));
    expect(asked).toEqual(["all"]);
    const refuse = async (): Promise<never> => Promise.reject(new Error("No such project."));
    expect(await liveStatuses(one, { listFlows: refuse, allFlows: refuse })).toEqual({
      statuses: new Map(),
      missing: ["No such project."],
    });
  });
});

describe("a status that the program states", () => {
  it("and that could not be reached last time is not known either", () => {
    const made = step("update", base(), base({ description: "New" }));
    ((made["oldState"] as Dict)["outputs"] as Dict)["liveStatus"] = "draft";
    expect(review({ steps: [made] }).flows[0]!.status.before).toBeUndefined();
  });
});

describe("what is live and in no state", () => {
  const KINDS = ["ejects", "moves", "stops", "starts"] as const;
  const read = (made: Dict, statuses: [string, string][] = []) =>
    reviewOf(parsePreview(JSON.stringify({ steps: [made] })), { now: NOW, statuses: new Map(statuses) });
  const stamp = "2026-11-28T10:00:00.000000Z";
  const { status: _, ...unstated } = base();
  const adopting = (more: Dict = {}): Dict => step("create", undefined, { ...unstated, adopt: "live-1", ...more });

  it("is a flow that is taken over: nobody calls it new, or a draft", async () => {
    const found = read(adopting());
    expect(found.flows[0]!.status).toEqual({ before: undefined, after: undefined });
    expect(kindsIn(found, KINDS)).toEqual([]);
    expect(renderReview(found)).toContain("1 workflow taken over.");
    expect(renderReview(found)).toContain("Taken over from PostHog · ");
    expect(renderReview(found)).not.toMatch(/New|added|draft/);
    const client = {
      listFlows: async ({ id }: Dict) => ({ results: [{ id, status: "active" }] }),
      allFlows: async () => [],
    };
    expect((await liveStatuses(parsePreview(JSON.stringify({ steps: [adopting()] })), client as any)).statuses).toEqual(
      new Map([["live-1", "active"]]),
    );
    expect(kindsIn(read(adopting({ status: "active" })), KINDS)).toEqual([]);
  });

  it("is what an adoption writes over: --fail-on stops, unless PostHog says that the flow does not run", () => {
    expect(kindsIn(read(adopting({ overwriteDrift: stamp })), KINDS)).toEqual(["ejects", "moves"]);
    expect(kindsIn(read(adopting({ overwriteDrift: stamp, status: "draft" })), KINDS)).toEqual([
      "ejects",
      "moves",
      "stops",
    ]);
    expect(kindsIn(read(adopting({ overwriteDrift: stamp, status: "active" }), [["live-1", "draft"]]), KINDS)).toEqual([
      "starts",
    ]);
    expect(kindsIn(read(adopting({ overwriteDrift: stamp, status: "draft" }), [["live-1", "draft"]]), KINDS)).toEqual(
      [],
    );
  });

  it("is an edit that is overwritten: it may have switched the flow on, or put in steps with people in them", () => {
    const draft = base({ status: "draft" });
    expect(kindsIn(read(step("update", draft, { ...draft, overwriteDrift: stamp })), KINDS)).toEqual([
      "ejects",
      "moves",
      "stops",
    ]);
    expect(
      kindsIn(read(step("update", draft, { ...draft, overwriteDrift: stamp }), [["id-1", "draft"]]), KINDS),
    ).toEqual([]);
    const active = base({ status: "active" });
    expect(kindsIn(read(step("update", active, { ...active, overwriteDrift: stamp })), KINDS)).toEqual([
      "ejects",
      "moves",
      "starts",
    ]);
    // An agreement of long ago is about another edit.
    const settled = { ...active, overwriteDrift: stamp };
    expect(kindsIn(read(step("update", settled, { ...settled, description: "New" })), KINDS)).toEqual([]);
  });
});

describe("secrets", () => {
  it("are never shown: what the program marked, what PostHog stores encrypted, and what by its name is a key", () => {
    const call = (secret: string): Dict => ({
      type: "function",
      name: "Call",
      config: {
        templateId: "template-crm",
        inputs: {
          url: { value: `https://x.example/${secret}-path` },
          api_key: { value: `${secret}-key` },
          headers: { value: { Authorization: `${secret}-auth`, Accept: "json" } },
        },
      },
    });
    const hook = (secret: string): Dict => ({
      type: "function",
      name: "Hook",
      config: { templateId: "template-webhook", inputs: { signing_secret: { value: `${secret}-sign` } } },
    });
    const trigger = (secret: string): Dict => ({
      type: "trigger",
      name: "Start",
      config: { type: "webhook", inputs: { auth_header: { value: `${secret}-header` } } },
      next: "call",
    });
    const flow = (secret: string): Dict =>
      base({
        secretPaths: ["actions.call.config.inputs.url.value"],
        actions: { trigger_node: trigger(secret), call: call(secret), hook: hook(secret) },
      });
    for (const steps of [
      [step("update", flow("AAA"), flow("BBB"))],
      [step("create", undefined, flow("AAA"))],
      [step("delete", flow("AAA"), undefined)],
    ]) {
      const found = review({ steps });
      expect(renderReview(found) + JSON.stringify(found)).not.toMatch(/AAA|BBB/);
    }
  });
});

describe("the length of a comment", () => {
  const mails = (count: number, word: string): Dict => ({
    name: "Long",
    status: "active",
    actions: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `mail_${i}`,
        {
          type: "function_email",
          name: `Mail ${i}`,
          config: {
            inputs: {
              email: {
                value: {
                  html: Array.from({ length: 60 }, (_, line) => `<p>${word} ${i} ${line} and some more words</p>`).join(
                    "\n",
                  ),
                },
              },
            },
          },
          ...(i + 1 < count ? { next: `mail_${i + 1}` } : {}),
        },
      ]),
    ),
  });

  it("stays below GitHub's limit; titles stay, line diffs and drawings go first, and the comment says what is left out", () => {
    const text = comment({ steps: [step("update", mails(60, "old"), mails(60, "new"))] });
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text.split("\n")[0]).toMatch(/^### /);
    for (let i = 0; i < 60; i += 1) expect(text).toContain(`**Mail ${i}**`);
    expect(text).toMatch(/✂️ .*Left out: 1 drawing, \d+ line diffs of steps\. Run `hogflow review --whole`/);
    expect(text.trimEnd().endsWith("<!-- hogflow review shop/dev -->")).toBe(true);
    expect(text.match(/^ *```/gm)!.length % 2).toBe(0);
  });

  it("is no limit where none is wanted, and cuts nothing that fits", () => {
    const found = review({ steps: [step("update", mails(60, "old"), mails(60, "new"))] });
    expect(renderReview(found, { limit: Number.POSITIVE_INFINITY }).length).toBeGreaterThan(GITHUB_LIMIT);
    expect(comment({ steps: [step("update", mails(2, "old"), mails(2, "new"))] })).not.toContain("✂️");
  });

  it("holds with hundreds of flows, too", () => {
    const steps = Array.from({ length: 900 }, (_, i) => ({
      ...step("create", undefined, base({ name: `Flow ${i} ${"x".repeat(40)}` })),
      urn: urn(`flow-${i}`),
    }));
    expect(comment({ steps }).length).toBeLessThanOrEqual(GITHUB_LIMIT);
  });

  it("cuts the highest rank first, and of one rank the largest", () => {
    const parts: Part[] = [
      { text: "head", rank: 0 },
      { text: "a".repeat(400), rank: 1, what: ["a", "as"] },
      { text: "b".repeat(500), short: "b", rank: 2, what: ["b", "bs"] },
      { text: "c".repeat(600), rank: 2, what: ["c", "cs"] },
      { text: "end", rank: 0 },
    ];
    const { text, cut } = fit(parts, { limit: 1000, note: (list) => `cut ${list.join()}` });
    expect(cut).toEqual(["1 c"]);
    expect(text).toContain("b".repeat(500));
    expect(text.endsWith("cut 1 c\n\nend")).toBe(true);
  });
});

describe("texts of people in Markdown", () => {
  it.each([
    "**bold** _it_ `code`",
    "<img src=x onerror=alert(1)>",
    "@team and #123",
    "[link](https://evil.example)",
    "a | b",
    "# title",
    "</details>",
    "```\nfence\n```",
    "https://evil.example www.evil.example",
    "<!-- hidden -->",
    "$x^2$",
    "\u202egnirts",
  ])("%j is shown as it is", (title) => {
    const found = step("update", base({ name: "Before" }), base({ name: title }));
    const html = new MarkdownIt({ html: true, linkify: true }).render(comment({ steps: [found] }));
    expect(html).not.toMatch(/<img|<script|href="https?:\/\/evil|<em>|href="http:\/\/www/);
    const shown = html
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/<[^>]+>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, "&");
    expect(shown).toContain(title.replace(/\s+/g, " ").replace("\u202e", ""));
  });

  it("opens no tag and no entity", () => {
    expect(escapeText("<b> &amp; </b>")).toBe("&lt;b&gt; &amp;amp; &lt;/b&gt;");
  });

  it("calls nobody and refers to no issue", () => {
    expect(escapeText("@team, (@me) a@b.example #12")).toBe(
      "@<!-- -->team, (@<!-- -->me) a@<!-- -->b.example \\#<!-- -->12",
    );
  });
});

describe("a resource that is renamed without an alias", () => {
  const parent = "acme:growth:Team$";
  const gone = (name: string, inputs: Dict, type = TYPE, more: Dict = {}): Dict => ({
    op: "delete",
    urn: urn(name, type),
    oldState: { type: TYPE, custom: true, id: `id-${name}`, inputs, outputs: inputs, ...more },
  });
  const made = (name: string, inputs: Dict, type = TYPE): Dict => ({
    op: "create",
    urn: urn(name, type),
    newState: { type: TYPE, custom: true, inputs },
  });
  const renames = (...steps: Dict[]): Review["renames"] => review({ steps }).renames;

  it("is named before anything is created, with what happens to people, and the alias that keeps it", () => {
    const preview = { steps: [gone("flow", base()), made("journey", base())] };
    expect(renames(...preview.steps)).toMatchObject([
      { kind: "flow", title: "Flow", from: "flow", to: "journey", aliases: 'aliases: [{ name: "flow" }]' },
    ]);
    const text = comment(preview);
    expect(text).toContain(
      '**Renamed without an alias?**\n\n- “Flow”: the resource "flow" looks renamed to "journey", without an alias. The old flow is deleted, so people in flight leave it. Those who start again in the new flow begin at its first step, and may get messages twice. To keep it, add this to the options of "journey": `aliases: [{ name: "flow" }]`',
    );
    expect(text.split("\n")[0]).toMatch(/^### ⚠️ .*1 resource looks renamed without an alias; see below\./);
    expect(kindsIn(review(preview), ["renames"])).toEqual(["renames"]);
  });

  it("is recognised where its title is its name, a text changes with it, or a value is not known yet", () => {
    const named = (name: string): Dict => base({ name });
    expect(renames(gone("flow", named("flow")), made("journey", named("journey")))).toMatchObject([
      { title: "flow", to: "journey" },
    ]);
    const actions = (subject: unknown): Dict => ({
      trigger_node: {
        type: "trigger",
        name: "Start",
        config: { type: "event", filters: { events: [{ id: subject }] } },
        next: "exit_node",
      },
      exit_node: { ...exit, name: "Another" },
    });
    expect(
      renames(
        gone("flow", base({ actions: actions("a") })),
        made("journey", base({ actions: { ...actions("a"), exit_node: exit } })),
      ),
    ).toHaveLength(1);
    expect(
      renames(
        gone("flow", base({ actions: actions([1]) })),
        made(
          "journey",
          base({
            actions: {
              ...actions("a"),
              trigger_node: { type: "trigger", name: "Start", config: UNKNOWN, next: "exit_node" },
            },
          }),
        ),
      ),
    ).toHaveLength(1);
  });

  it("is none where title, trigger or steps are others, one is taken over, or only one of the two is there", () => {
    expect(renames(gone("flow", base()), made("journey", base({ name: "Another" })))).toBeUndefined();
    expect(
      renames(
        gone("flow", base()),
        made(
          "journey",
          base({
            actions: { trigger_node: { type: "trigger", name: "Start", config: { type: "event" } }, exit_node: exit },
          }),
        ),
      ),
    ).toBeUndefined();
    expect(
      renames(gone("flow", base()), made("journey", base({ actions: { ...(base()["actions"] as Dict), more: exit } }))),
    ).toBeUndefined();
    expect(renames(gone("flow", base()), made("journey", base({ adopt: "id-x" })))).toBeUndefined();
    expect(renames(gone("flow", base()))).toBeUndefined();
    expect(renames(made("flow", base()), made("journey", base()))).toBeUndefined();
  });

  it("has the whole old name as alias under another parent, and each has one partner alone", () => {
    expect(renames(gone("flow", base()), made("flow", base(), `${parent}${TYPE}`))).toMatchObject([
      { from: "flow", to: "flow", aliases: `aliases: [${JSON.stringify(urn("flow"))}]` },
    ]);
    expect(comment({ steps: [gone("flow", base()), made("flow", base(), `${parent}${TYPE}`)] })).toContain(
      'the resource "flow" has another parent, without an alias',
    );
    const two = renames(
      gone("one", base()),
      gone("two", base()),
      made("three", base()),
      made("two", base(), `${parent}${TYPE}`),
    );
    expect(two!.map(({ from, to }) => [from, to])).toEqual([
      ["one", "three"],
      ["two", "two"],
    ]);
  });

  it("says what comes of it where the old flow is archived or kept, and of a schedule", () => {
    const words = (...steps: Dict[]): string => renames(...steps)![0]!.words;
    expect(words(gone("flow", base({ onDelete: "archive" })), made("journey", base()))).toContain(
      "The old flow is archived, so people in flight leave it.",
    );
    expect(words(gone("flow", base(), TYPE, { retainOnDelete: true }), made("journey", base()))).toContain(
      "everything is sent twice",
    );
    const schedule = { flowId: "id-1", rrule: "FREQ=DAILY", startsAt: "2030-01-07T09:00:00Z" };
    const type = `${TYPE}Schedule`;
    expect(renames(gone("daily", schedule, type), made("mornings", schedule, type))).toMatchObject([
      {
        kind: "schedule",
        title: "daily",
        aliases: 'aliases: [{ name: "daily" }]',
        words: expect.stringContaining("may start twice"),
      },
    ]);
    expect(
      renames(gone("daily", schedule, type), made("mornings", { ...schedule, rrule: "FREQ=WEEKLY" }, type)),
    ).toBeUndefined();
  });

  it("cannot break the comment by its name", () => {
    const text = comment({
      steps: [gone("a`\n<b>", base({ name: "T\n# x" })), made("journey", base({ name: "T\n# x" }))],
    });
    expect(text).not.toMatch(/^# x/m);
    expect(text).not.toContain("<b>,");
    expect(text).toContain('``aliases: [{ name: "a`\\n<b>" }]``');
  });
});

describe("a move", () => {
  it("says from where to where, and what stays behind; another replacement has no such line", () => {
    const place = (projectId: string): Dict => base({ host: "https://us.posthog.com", projectId });
    const text = comment({ steps: [step("replace", place("1"), place("2"))] });
    expect(text).toMatch(
      /It moves from project 1 on .*us\.posthog\.com to project 2 on .*us\.posthog\.com\. The new flow has another id, address in the editor and webhook address; runs, logs and metrics stay behind\./,
    );
    expect(comment({ steps: [step("replace", place("1"), place("1"))] })).not.toContain("It moves");
  });
});

describe("what is in no state", () => {
  it("is in the comment, with the ways on, and in its first line", () => {
    const found = [
      {
        kind: "flow" as const,
        id: "id-9",
        title: "Old\n# *one*",
        status: "active",
        url: "https://us.posthog.com/project/1/workflows/id-9/workflow",
        resource: "old",
      },
    ];
    const text = renderReview(reviewOf(parsePreview('{ "steps": [] }'), { now: NOW, leftBehind: found }));
    expect(text.split("\n")[0]).toBe(
      "### ⚠️ No workflow changes. 1 flow or schedule of this stack is in no state; see below.",
    );
    expect(text).toContain(
      '- **Flow "Old \\# \\*one\\*" (active)** `id-9`\n  - left by an interrupted run, or removed from the state: adopt or archive\n',
    );
  });

  it("can be looked for where the preview holds what stays, and comes from a state", () => {
    const stack = { op: "same", urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev" };
    const isWhole = (preview: Dict): unknown => parsePreview(JSON.stringify(preview)).isWhole;
    expect(isWhole({ steps: [stack, step("same", base(), base())], changeSummary: { same: 2 } })).toBe(true);
    expect(isWhole({ steps: [stack], changeSummary: { same: 2 } })).toBeUndefined();
    expect(isWhole({ steps: [{ ...stack, op: "create" }], changeSummary: { create: 1 } })).toBeUndefined();
    expect(
      isWhole({ steps: [stack], changeSummary: { same: 1 }, diagnostics: [{ severity: "error", message: "no" }] }),
    ).toBeUndefined();
    expect(isWhole(fixture("demo"))).toBeUndefined();
  });
});

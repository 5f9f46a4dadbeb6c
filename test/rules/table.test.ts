// Every rule has an example that breaks it, and it alone, and one that keeps it.
import { describe, expect, it } from "vitest";
import type { Finding } from "../../rules/finding";
import type { Example } from "../../rules/rule";
import { definitionRules } from "../../rules";
import { examineFlow } from "../../rules/examine-flow";
import { checkSchedule } from "../../provider/schedule/check";
import { parseScheduleState } from "../../provider/schedule/state";
import { Session } from "../../provider/session";
import { systemClock } from "../../api";

const session = new Session({ env: {}, clock: systemClock, warn: () => undefined, note: () => undefined });

async function findings({ flow, schedule, before = {} }: Example): Promise<Pick<Finding, "rule" | "severity">[]> {
  if (flow) {
    const { definition, findings: found } = examineFlow(flow, before, { now: systemClock.now() });
    return found.all(definition);
  }
  const { failures, warnings } = await checkSchedule(session, parseScheduleState(before), {
    host: "https://eu.posthog.com",
    projectId: "1",
    ...schedule,
  });
  const ruleIn = (text: string): string => /\[([\w-]+)\]$/.exec(text)?.[1] ?? "";
  return [
    ...failures.map(({ reason }) => ({ rule: ruleIn(reason), severity: "error" as const })),
    ...warnings.map((text) => ({ rule: ruleIn(text), severity: "warning" as const })),
  ];
}

describe.each(definitionRules)("%s", (name, rule) => {
  it("is broken by its failing example, and no other rule is", async () => {
    const found = await findings(rule.fails);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map((finding) => finding.rule))).toEqual(new Set([name]));
    expect(new Set(found.map((finding) => finding.severity))).toEqual(new Set([rule.severity]));
  });

  it("is kept by its passing example", async () => {
    expect((await findings(rule.passes)).filter((finding) => finding.rule === name)).toEqual([]);
  });

  it("says what it demands in one sentence, why, and who says so", () => {
    expect(rule.text).toMatch(/^[A-Z`].*\.$/s);
    expect(rule.text.slice(0, -1)).not.toMatch(/\. [A-Z]/);
    expect(rule.why).toMatch(/^[A-Z`].*[^.]$/);
    expect(rule.cites).toMatch(/API §|run time §|design|PDP §|authoring §/);
  });
});

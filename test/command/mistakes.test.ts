// Mistakes of somebody's first days, in a program that nobody type-checks: each gets a finding that says what, why and how to fix it, and all come in one run.
// Those of the environment (key, project, network, interrupts) and of live flows (adopting, owners, batch jobs) are in test/engine: bad-input, one-owner, deletes, interrupt.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { programFolders, type ProgramFolders } from "../support/program-folders";
import { hogflow } from "../support/command";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

interface Mistake {
  /** The resource that has it, and what is wrong. */
  name: string;
  code: string;
  rule: string;
  /** Words that must be in the finding: in what, why and fix together. */
  says: readonly string[];
}

const MISTAKES: readonly Mistake[] = [
  {
    name: "misspelt jump",
    code: `flow(NAME, { steps: [mail("welcome"), goTo("welcom")] })`,
    rule: "dead-jump",
    says: ['"welcom"', 'Did you mean "welcome"?'],
  },
  {
    name: "one id twice",
    code: `flow(NAME, { steps: [mail("a"), mail("a")] })`,
    rule: "duplicate-step-id",
    says: ['two steps have the id "a"', "different first argument"],
  },
  {
    name: "unknown operator in JSON",
    code: `flow(NAME, { trigger: undefined, steps: undefined, definition: { name: "x", actions: [
      { id: "trigger_node", name: "T", type: "trigger", config: { type: "event", filters: { events: [{ id: "e", type: "events" }], properties: [{ key: "plan", type: "person", operator: "exactly", value: "pro" }] } } },
      { id: "exit_node", name: "E", type: "exit", config: {} } ], edges: [{ from: "trigger_node", to: "exit_node", type: "continue" }] } })`,
    rule: "unknown-operator",
    says: ['"exactly"', "exact, is_not"],
  },
  {
    name: "misspelt option",
    code: `flow(NAME, { steps: [mail("a", { subjct: "x" })] })`,
    rule: "step-option",
    says: ["`subjct`", "Did you mean `subject`?"],
  },
  {
    name: "output in a template literal",
    code: "flow(NAME, { steps: [mail('a', { subject: `Hello ${pulumi.output('x')}` })] })",
    rule: "output-as-text",
    says: ["pulumi.interpolate"],
  },
  {
    name: "Hog in an e-mail",
    code: `flow(NAME, { steps: [mail("a", { subject: "Hi {person.properties.name}" })] })`,
    rule: "hog-in-liquid",
    says: ["Write {{ person.properties.name }}"],
  },
  { name: "emoji as id", code: `flow(NAME, { steps: [mail("🎉")] })`, rule: "step-key", says: ["🎉", "`name`"] },
  {
    name: "misspelt time zone",
    code: `flow(NAME, { steps: [timeWindow("w", { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berln" }), mail("a")] })`,
    rule: "time-zone",
    says: ["Europe/Berlin"],
  },
  {
    name: "loop without a wait",
    code: `flow(NAME, { steps: [mail("a"), goTo("a")] })`,
    rule: "endless-loop",
    says: ["without a pause", "Add a delay"],
  },
  {
    name: "3 MB of HTML",
    code: `flow(NAME, { steps: [mail("a", { text: undefined, html: "x".repeat(3_000_000) })] })`,
    rule: "flow-size",
    says: ["2.50 MB", "link to images"],
  },
  {
    name: "copied name",
    code: `flow(NAME, {}); flow(NAME, { trigger: on.event("other") })`,
    rule: "program",
    says: ["two resources", "Give each its own name"],
  },
  {
    name: "an object as a condition",
    code: `flow(NAME, { steps: [branch("b", [when({ type: "person", key: "plan", equals: "pro" }, [exit("e")])]), mail("a")] })`,
    rule: "condition-kind",
    says: ['person("plan").is("pro")'],
  },
  {
    name: "a length in words",
    code: `flow(NAME, { steps: [delay("d", "2 days"), mail("a")] })`,
    rule: "duration",
    says: ['"2 days"', 'Write "2d"'],
  },
  {
    name: "a number as a length",
    code: `flow(NAME, { steps: [waitUntil("d", { maxWaitDuration: 3, condition: person("plan").is("pro") }), mail("a")] })`,
    rule: "wrong-shape",
    says: ["a number", 'such as "3d"'],
  },
  {
    name: "literal as a secret",
    code: `flow(NAME, { steps: [webhook("w", { url: "https://example.com", signingSecret: "abc" })] })`,
    rule: "secret-in-source",
    says: ["config.requireSecret"],
  },
  {
    name: "curly quotes",
    code: "flow(NAME, { steps: [mail('a', { subject: liquid`Hi {{ person.properties.name | default: “there” }}` })] })",
    rule: "liquid-syntax",
    says: ["curly quotes", "Use straight quotes"],
  },
  {
    name: "token in a header",
    code: `flow(NAME, { steps: [webhook("w", { url: "https://example.com", headers: { Authorization: "Bearer " + TOKEN } })] })`,
    rule: "credential-in-text",
    says: ["pulumi config set --secret"],
  },
  {
    name: "key in a URL",
    code: `flow(NAME, { steps: [webhook("w", { url: "https://example.com/?api_key=" + TOKEN })] })`,
    rule: "credential-in-text",
    says: ["pulumi config set --secret"],
  },
  {
    name: "skipped hour",
    code: `new HogFlowSchedule(NAME, { flow: flow("at night", { trigger: on.schedule(), steps: [webhook("w", { url: "https://example.com" })] }), rrule: "FREQ=DAILY", startsAt: "2027-01-01T02:30:00", timezone: "Europe/Berlin" })`,
    rule: "schedule-skipped",
    says: ["02:30", "later", "exists on every day"],
  },
  {
    name: "sender as a text",
    code: `flow(NAME, { steps: [mail("a", { from: "hello@example.com" })] })`,
    rule: "cannot-run",
    says: ["fails for everybody", "integrationId"],
  },
  {
    name: "integration as a text",
    code: `flow(NAME, { steps: [mail("a", { from: { integrationId: "7" } })] })`,
    rule: "cannot-run",
    says: ["as a number"],
  },
  {
    name: "schedule of an event flow",
    code: `new HogFlowSchedule(NAME, { flow: flow("by event", {}), rrule: "FREQ=DAILY", startsAt: "2027-01-01T08:30:00Z" })`,
    rule: "schedule-trigger",
    says: ["never fires", "type schedule"],
  },
  {
    name: "second twin",
    code: `flow("first twin", { status: "active", trigger: on.event("twins") }); flow(NAME, { status: "active", trigger: on.event("twins") })`,
    rule: "twin",
    says: ["twin", "everything twice", "Remove one of them"],
  },
];

/** Looks like a key of Stripe, and must be in no output. */
const TOKEN = ["sk", "live", "51Hf83hfJHfh3838hfhfhfh"].join("_");

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { branch, delay, email, exit, goTo, HogFlow, HogFlowSchedule, liquid, on, person, timeWindow, waitUntil, webhook, when } = require("pulumi-hogflow");
const TOKEN = ["sk", "live", "51Hf83hfJHfh3838hfhfhfh"].join("_");
const from = { integrationId: 7 };
const mail = (id, more = {}) => email(id, { from, subject: "Hello", text: liquid\`Hello. {{ unsubscribe_url }}\`, ...more });
const flow = (name, args) => new HogFlow(name, { trigger: on.event(name), steps: [mail("m")], ...args });
${MISTAKES.map(({ name, code }) => code.replaceAll("NAME", JSON.stringify(name))).join(";\n")};
`;

interface Shown {
  rule: string;
  flow?: string;
  what: string;
  why?: string;
  fix?: string;
  file?: string;
  line?: number;
}

let folders: ProgramFolders;
let output: string;
let findings: Shown[];
beforeAll(async () => {
  folders = await programFolders();
  const dir = await folders.add({ files: { "index.js": PROGRAM } });
  const { stdout, stderr, code } = await hogflow(["validate", "--stack", "dev", "--json"], {
    cwd: dir,
    env: { HOME: dir, NO_COLOR: "1" },
  });
  expect(code, stderr).toBe(2);
  output = stdout + stderr;
  findings = JSON.parse(stdout) as Shown[];
});
afterAll(() => folders.remove());

describe("a newcomer's mistake", () => {
  it.each(MISTAKES)("$name gets what, why and fix", ({ name, rule, says }) => {
    const found = findings.filter(
      (finding) => finding.rule === rule && (finding.flow === name || finding.what.includes(`"${name}"`)),
    );
    expect(found, JSON.stringify(findings.filter((finding) => finding.flow === name))).toHaveLength(1);
    const { what, why = "", fix = "", file, line } = found[0]!;
    const text = [what, why, fix].join("\n");
    for (const words of says) expect(text).toContain(words);
    expect(text).toMatch(/did you mean|\n[^\n]+$/);
    expect({ file, hasLine: typeof line === "number" }).toEqual({ file: "index.js", hasLine: true });
  });

  it("shows no secret", () => {
    expect(output).not.toContain(TOKEN);
  });
});

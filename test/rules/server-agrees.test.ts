// The checks against the server: what they accept, the emulator accepts; what they refuse and it accepts breaks a rule that says why. Over random
// flows, over a real socket. HOGFLOW_BROKEN_FLOWS says how many, and HOGFLOW_BROKEN_FLOWS_FROM which seed comes first.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulator, type Emulator } from "../../emulator";
import { canonical, triggerOf, triggerTypeOf } from "../../definition/canonical/canonical";
import { keyed } from "../../definition/canonical/decode";
import { encode } from "../../definition/canonical/encode";
import { formatPath } from "../../definition/canonical/paths";
import { same, type Dict } from "../../definition/canonical/values";
import type { Finding } from "../../rules/finding";
import { RULES, type DefinitionRuleName } from "../../rules";
import { examineFlow } from "../../rules/examine-flow";
import { brokenFlow } from "./broken-flows";

const HOW_MANY = Number(process.env["HOGFLOW_BROKEN_FLOWS"] ?? 400);
const FIRST = Number(process.env["HOGFLOW_BROKEN_FLOWS_FROM"] ?? 1);

/** What only PostHog can know: which templates and messages there are. */
const KNOWN_TO_THE_SERVER_ALONE = /^Template not found|doesn't match a saved email template/;
/** A kind of step, of trigger or of value that is newer than this version is PostHog's to judge (design §6). */
const NEWER: ReadonlySet<string> = new Set(["newer-step-type", "newer-trigger-type", "newer-value"]);

/** What the real compiler refuses. The emulator's is a stand-in that reads no more of a text than its brackets and quotes (API §9, point 5). */
const COMPILER: ReadonlySet<string> = new Set([
  "hog-syntax",
  "liquid-in-hog",
  "unknown-root",
  "delay-expression",
  "masking-hash",
]);
const isServers = ({ rule }: Finding): boolean =>
  RULES[rule as DefinitionRuleName].refusedBy === "server" && !COMPILER.has(rule);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ keys: [{ key: "phx_test" }] });
});
afterAll(() => emulator.stop());

async function post(body: object): Promise<{ status: number; answer: any }> {
  const response = await fetch(`${emulator.url}/api/projects/1/hog_flows`, {
    method: "POST",
    headers: { authorization: "Bearer phx_test", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

interface Verdict {
  seed: number;
  /** Those that the server was asked about. */
  errors: Finding[];
  refused: boolean;
  status: number;
  answer: any;
}

async function verdictOn(seed: number): Promise<Verdict | undefined> {
  const flow = brokenFlow(seed);
  const { definition, findings } = examineFlow(flow);
  const all = findings.all(definition);
  const errors = all.filter(({ severity }) => severity === "error");
  if (all.some(({ rule }) => NEWER.has(rule))) return undefined;
  let body: object;
  try {
    body = { ...encode(definition), status: definition["status"] ?? "draft" };
  } catch (error) {
    // Only what is refused already may be too broken to be sent.
    if (errors.length > 0) return undefined;
    throw error;
  }
  const { status, answer } = await post(body);
  if (status !== 201 && KNOWN_TO_THE_SERVER_ALONE.test(String(answer.detail))) return undefined;
  return {
    seed,
    errors: isAsWritten(definition, body) ? errors.filter((finding) => !isStoredUnseen(definition, finding)) : [],
    refused: errors.length > 0,
    status,
    answer,
  };
}

/** Whether the body says what the definition says. What is mended on its way (a list in place of a text, say) is refused here, and never sent as it is. */
function isAsWritten(definition: Dict, body: object): boolean {
  try {
    return same(canonical(keyed(structuredClone(body) as Dict)), { status: "draft", ...definition });
  } catch {
    return false;
  }
}

/** The filters of a warehouse trigger are looked at in an active flow alone (API §0.5). */
function isStoredUnseen(definition: Dict, { path }: Finding): boolean {
  const trigger = triggerOf(definition["actions"]);
  return (
    definition["status"] !== "active" &&
    String(triggerTypeOf(definition["actions"])).startsWith("data-warehouse") &&
    path.startsWith(formatPath(["actions", trigger!.id, "config"]))
  );
}

describe("random flows", () => {
  it(
    `of ${HOW_MANY}, the server accepts what the checks accept, and what they refuse breaks a rule that says why`,
    async () => {
      const verdicts: Verdict[] = [];
      for (let seed = FIRST; seed < FIRST + HOW_MANY; seed += 1) {
        const verdict = await verdictOn(seed);
        if (verdict) verdicts.push(verdict);
      }
      const refusedByServerAlone = verdicts.filter(({ refused, status }) => !refused && status !== 201);
      expect(refusedByServerAlone.map(({ seed, answer }) => ({ seed, ...answer }))).toEqual([]);
      const silent = verdicts.filter(({ errors, status }) => status === 201 && errors.some(isServers));
      expect(
        silent.map(({ seed, errors }) => ({
          seed,
          errors: errors.filter(isServers).map(({ rule, path, what }) => `${rule} at ${path}: ${what}`),
        })),
      ).toEqual([]);
      // Both sides of the question were asked.
      const accepted = verdicts.filter(({ status }) => status === 201).length;
      expect(accepted).toBeGreaterThan(verdicts.length / 5);
      expect(verdicts.length - accepted).toBeGreaterThan(verdicts.length / 5);
    },
    20_000 + HOW_MANY * 30,
  );
});

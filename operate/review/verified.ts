// What PostHog's own worker says of a change, for its review: how many of the steps agree with the simulator, and what does not.
import type { Dict } from "../../definition/canonical/values";
import { isDict } from "../../definition/canonical/values";
import { OperateError } from "../errors";
import type { VerifiedFlow, Verification } from "../verify/verify";
import { differenceWords, stepWords, untestedWords, verdictWords } from "../verify/words";
import type { Part } from "./fit";
import { details, escapeText, fenced } from "./markdown";

/** What a review says of a verification. */
export type Verified = Pick<Verification, "agrees" | "differs" | "untested" | "unreached"> & {
  flows: readonly VerifiedFlow[];
};

/** The flows of a verification that a review is about. */
export const verifiedOf = ({ flows }: Pick<Verified, "flows">, keys: ReadonlySet<string>): Verified => {
  const mine = flows.filter(({ key }) => keys.has(key));
  const count = (verdict: string): number =>
    mine.reduce((sum, { steps }) => sum + steps.filter((step) => step.verdict === verdict).length, 0);
  return {
    flows: mine,
    agrees: count("agrees"),
    differs: count("differs"),
    untested: count("untested"),
    unreached: mine.reduce((sum, { unreached }) => sum + unreached.length, 0),
  };
};

/**
 * The answer that `hogflow verify --json` printed.
 *
 * @param name What to call the text in errors.
 * @throws OperateError when it is none.
 */
export function parseVerified(text: string, name: string): Verified {
  const data = parsed(text, name);
  const flows = data["flows"];
  if (!Array.isArray(flows) || !flows.every(isVerifiedFlow))
    throw new OperateError({
      what: `${name} is no answer of hogflow verify`,
      fix: `Write it with: hogflow verify --preview preview.json --json > ${name}`,
    });
  return verifiedOf({ flows }, new Set(flows.map(({ key }) => key)));
}

function parsed(text: string, name: string): Dict {
  try {
    const data: unknown = JSON.parse(text);
    return isDict(data) ? data : {};
  } catch (error) {
    throw new OperateError({
      what: `${name} is not JSON`,
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

const isVerifiedFlow = (flow: unknown): flow is VerifiedFlow =>
  isDict(flow) &&
  typeof flow["key"] === "string" &&
  typeof flow["title"] === "string" &&
  isDict(flow["definition"]) &&
  [flow["steps"], flow["unreached"], flow["doubts"]].every(Array.isArray);

/** The section of the comment. */
export function verifiedParts(verified: Verified | undefined): Part[] {
  if (verified === undefined) return [];
  const { flows, agrees, differs } = verified;
  if (flows.length === 0) return [];
  const differing = flows.flatMap(({ title, steps }) =>
    steps.filter(({ verdict }) => verdict === "differs").map((step) => ({ title, step })),
  );
  const head = `${differs > 0 ? "⚠️ " : agrees > 0 ? "✅ " : ""}**Checked by PostHog's own worker:** ${escapeText(verdictWords(verified))}.`;
  const list = differing.map(({ title, step }) => `- ${escapeText(`${title}: ${differenceWords(step)}`)}`);
  return [
    { text: [head, ...(list.length > 0 ? ["", ...list] : [])].join("\n"), rank: 0 },
    ...(differs > 0
      ? [
          {
            text: details("Both stories", fenced("text", stories(flows))),
            rank: 3,
            what: ["set of stories", "sets of stories"] as const,
          },
        ]
      : []),
    ...untestedParts(flows),
  ];
}

const stories = (flows: readonly VerifiedFlow[]): string =>
  flows
    .flatMap((flow) =>
      stepWords(flow)
        .filter(({ verdict }) => verdict === "differs")
        .flatMap(({ head, lines }) => [`${flow.title}: ${head}`, ...lines.map((line) => `  ${line}`)]),
    )
    .join("\n");

function untestedParts(flows: readonly VerifiedFlow[]): Part[] {
  const lines = flows.flatMap(({ title, steps, unreached }) => [
    ...steps
      .filter(({ verdict }) => verdict === "untested")
      .map((step) => `${title}: ${step.title}: ${step.untested.map(untestedWords).join("; ")}`),
    ...unreached.map((step) => `${title}: ${step.title}: no sample person comes to it`),
  ]);
  if (lines.length === 0) return [];
  return [
    {
      text: details("What PostHog's worker was not asked", lines.map((line) => `- ${escapeText(line)}`).join("\n")),
      rank: 4,
      what: ["list of what was not asked", "lists of what was not asked"],
    },
  ];
}

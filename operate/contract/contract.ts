// Holds a PostHog against what this version knows of its API, by the schema that it publishes.
import { PostHogApiError } from "../../api";
import { readApiSchema } from "../../api/api-schema";
import { OperateError } from "../errors";
import { compareContract, type ContractDifference, type ContractReport } from "./compare";
import { MEANINGS, type Weight } from "./meaning";

/** A difference with what it means. */
interface ContractFinding extends ContractDifference {
  weight: Weight;
  what: string;
  means: string;
}

/** What a PostHog's API has that this version does not know, and the other way round. */
export interface ContractCheck extends Omit<ContractReport, "differences"> {
  host: string;
  /** What breaks comes first. */
  findings: ContractFinding[];
}

/** Which PostHog, and when to stop. */
export interface ContractOptions {
  /** Origin, such as `https://eu.posthog.com`. */
  host: string;
  signal?: AbortSignal;
}

const WEIGHTS: readonly Weight[] = ["breaks", "new", "note"];

/**
 * Reads the schema of a PostHog, without a key, and compares it with this version.
 *
 * @throws OperateError where the PostHog publishes no schema.
 *
 * @example
 * const { findings } = await checkContract({ host: "https://eu.posthog.com" });
 * findings.filter(({ weight }) => weight === "breaks").forEach(({ what, means }) => console.error(what, means));
 */
export async function checkContract({ host, signal }: ContractOptions): Promise<ContractCheck> {
  const { differences, ...report } = compareContract(await schemaOf(host, signal));
  if (report.notFound.includes("HogFlow"))
    throw new OperateError({
      what: `The schema at ${host} does not describe workflows`,
      why: "It has no component HogFlow",
      fix: "Check that the host is a PostHog with Workflows",
    });
  const findings = differences.map((difference): ContractFinding => {
    const { weight, what, means } = MEANINGS[difference.kind];
    return { ...difference, weight, what: what(difference), means: means(difference) };
  });
  return {
    host,
    ...report,
    findings: WEIGHTS.flatMap((weight) => findings.filter((finding) => finding.weight === weight)),
  };
}

async function schemaOf(host: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await readApiSchema({ host, signal });
  } catch (error) {
    if (!(error instanceof PostHogApiError) || error.status === undefined) throw error;
    throw new OperateError({
      what: `The schema of the API at ${host} cannot be read`,
      why: `GET /api/schema/ was answered with ${error.status}${error.code === undefined ? "" : `: ${error.detail}`}`,
      fix: "Check the host. A PostHog of your own may keep its schema to itself: hold your version against another host, with --host",
    });
  }
}

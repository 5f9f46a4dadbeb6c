// The checks of preview for the resources of a program, without PostHog: no key, so nothing is looked up. Where the state is not known either, what
// depends on it is left out or said with that in mind.
import type { Clock } from "../api";
import { UNKNOWN, type Dict } from "../definition/canonical/values";
import type { Reported } from "../rules/findings";
import { engineText } from "./errors";
import { flowLifecycle } from "./flow/lifecycle";
import { scheduleLifecycle } from "./schedule/lifecycle";
import { Session } from "./session";

export type ResourceKind = "flow" | "schedule";

export interface ResourceToCheck {
  kind: ResourceKind;
  /** Inputs as the engine sends them: unknown values are markers, secrets are in clear. */
  inputs: Dict;
  /** Old inputs or outputs. Empty for a resource that is new, absent where nobody knows. */
  state?: Dict | undefined;
}

export interface ProgramCheckOptions {
  clock: Clock;
  /** Whether the stack is known that the program runs for: only its configuration says which PostHog project a resource is in. */
  knowsStack: boolean;
}

/** Checks the resources of one program, one after the other: what two of them have in common is seen, too. */
export class ProgramCheck {
  private readonly lifecycles;

  constructor(private readonly options: ProgramCheckOptions) {
    const session = new Session({ env: {}, clock: options.clock, warn: () => {}, note: () => {} });
    this.lifecycles = { flow: flowLifecycle(session), schedule: scheduleLifecycle(session) };
  }

  /** A resource as preview takes it on, its secrets marked, and all findings about it; `text` is what preview prints of each. */
  async check({ kind, inputs, state }: ResourceToCheck): Promise<{ inputs: Dict; findings: Reported[] }> {
    const { projectId = this.options.knowsStack ? undefined : UNKNOWN } = inputs;
    const { inputs: checked, findings } = await this.lifecycles[kind].check(state ?? {}, {
      ...inputs,
      ...(projectId === undefined ? {} : { projectId }),
    });
    return {
      inputs: checked,
      findings: findings
        .filter(({ finding }) => state !== undefined || !NEEDS_STATE.has(finding.rule))
        .map(({ finding, text }) => ({
          finding: state === undefined && finding.rule === "schedule-future" ? asMayHaveRun(finding) : finding,
          text: engineText(text),
        })),
    };
  }
}

/** Rules that say nothing of a resource whose state is not known. */
const NEEDS_STATE: ReadonlySet<string> = new Set(["kept-secret"]);

/** A schedule that `up` has created and that has run out since stays as it is. */
const asMayHaveRun = (finding: Reported["finding"]): Reported["finding"] => ({
  ...finding,
  severity: "warning",
  why: `${finding.why ?? ""}. A schedule that is deployed already may have run out, and is left alone; a new one is refused`,
});

// Limits: what the rules let through, PostHog takes. What they refuse in PostHog's name, it refuses, too; where it does not, the rules are stricter than this PostHog, which the report says.
import { encode } from "../../../definition/canonical/encode";
import type { Dict } from "../../../definition/canonical/values";
import { definitionRules } from "../../../rules";
import type { Promised } from "../promise";
import { isLost } from "../posthog";
import type { World } from "../world";

/** Only this project knows which templates and messages it has. */
const PROJECTS_OWN = /^Template not found|doesn't match a saved email template/;

const TRIES = 6;
/** Some shapes crash PostHog, and none is stored then. */
const REFUSED: ReadonlySet<number> = new Set([400, 413, 500]);

/** Sends a flow, and takes it back. */
async function sent(world: World, definition: Dict): Promise<{ status: number; detail: string }> {
  const body = { ...encode(definition), name: world.title(String(definition["name"] ?? "Example")) };
  for (let attempt = 1; ; attempt += 1) {
    const answer = await world.posthog.ask("POST", "", { ...body, status: "draft" });
    // Whatever was made meanwhile has the mark, and goes with the promise.
    if (isLost(answer) && attempt < TRIES) continue;
    if (answer.status === 201) await world.posthog.remove(answer.body.id);
    return { status: answer.status, detail: String(answer.body?.detail ?? "") };
  }
}

export const REFUSAL_PROMISES: readonly Promised[] = [
  {
    id: "limits",
    says: "What the rules let through, PostHog takes, and what they refuse in PostHog's name, PostHog refuses",
    page: "docs/rules.md",
    async keeps(world) {
      const stricter: string[] = [];
      for (const [name, rule] of definitionRules) {
        const { fails, passes } = rule;
        if (
          rule.refusedBy !== "server" ||
          rule.severity !== "error" ||
          fails.flow === undefined ||
          fails.before !== undefined
        )
          continue;
        // An active flow is not made here, and the title has the mark.
        if (fails.flow["status"] !== undefined || fails.flow["name"] !== passes.flow?.["name"]) continue;
        const refused = await sent(world, fails.flow);
        if (refused.status === 201) stricter.push(name);
        else
          world.holds(
            REFUSED.has(refused.status),
            `the example that breaks ${name} is answered with ${refused.status}`,
          );
        const taken = await sent(world, passes.flow!);
        if (taken.status !== 201 && PROJECTS_OWN.test(taken.detail)) world.note(`not tried: ${name}: ${taken.detail}`);
        else
          world.holds(
            taken.status === 201,
            `the example that keeps ${name} is answered with ${taken.status}: ${taken.detail}`,
          );
      }
      if (stricter.length > 0) world.note(`PostHog takes what these rules refuse: ${stricter.join(", ")}`);
    },
  },
];

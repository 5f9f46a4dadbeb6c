// An active flow says what it is for: without a goal, nobody sees whether it works, and people stay in it who have done what it asks for.
import { getAt } from "../../definition/canonical/paths";
import { listOf } from "../../definition/graph/view";
import { triggerKindOf } from "../../definition/schema/trigger-kinds";
import { email, flowOf } from "../../rules/examples";
import { mayRun, policyRule } from "../rule";
import { EXCEPT, UNSTATED } from "../settings";

const flow = { ...flowOf({ mail: email() }).flow!, status: "active" };

export const conversion = policyRule({
  title: "A conversion goal",
  text: "Every active flow about people has a conversion goal.",
  why: "Without one nobody sees whether the flow works, and people who did what it asks for are asked again",
  severity: "low",
  settings: { ...UNSTATED, ...EXCEPT },
  fails: { flows: { welcome: flow }, settings: {} },
  passes: {
    flows: { welcome: { ...flow, conversion: { events: [{ filters: { events: [{ id: "order completed" }] } }] } } },
    settings: {},
  },
  *flow(seen, settings) {
    // A run without a person cannot convert.
    if (!mayRun(seen, settings) || triggerKindOf(seen.view.trigger?.type)?.person === "never") return;
    const path = ["conversion"];
    if (seen.isUnknown(path)) return void seen.known(path);
    const goals = ["events", "filters"].flatMap((key) => listOf(getAt(seen.definition, [...path, key])));
    if (goals.length === 0)
      yield {
        path,
        what: "the active flow has no conversion goal",
        fix: 'Add what people are to do: in TypeScript, conversion: { events: event("order completed"), window: "14d" }',
      };
  },
});

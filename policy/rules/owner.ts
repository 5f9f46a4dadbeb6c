// Whom to ask about an active flow. PostHog's flows have no field for that, so it is a line of the description, which everybody sees there; the marker below it says
// which program manages the flow.
import { email, flowOf } from "../../rules/examples";
import { mayRun, policyRule } from "../rule";
import { EXCEPT, pattern, UNSTATED, yesOrNo } from "../settings";

const flow = { ...flowOf({ mail: email() }).flow!, status: "active", owner: "urn:pulumi:prod::shop::HogFlow::welcome" };

export const owner = policyRule({
  title: "An owner",
  text: "Every active flow names its owner in its description, and carries the marker of its program.",
  why: "Whoever sees something wrong in PostHog must know whom to ask, and which program would undo an edit",
  severity: "medium",
  settings: {
    pattern: pattern(
      "^Owner: *\\S",
      "Regular expression of JavaScript that a line of the description matches; ^ and $ are the ends of a line.",
    ),
    marker: yesOrNo(true, "Whether the flow must carry the marker, so that `marker: false` is refused."),
    ...UNSTATED,
    ...EXCEPT,
  },
  fails: { flows: { welcome: flow }, settings: {} },
  passes: { flows: { welcome: { ...flow, description: "Greets people.\nOwner: growth@example.com" } }, settings: {} },
  *flow(seen, settings) {
    if (!mayRun(seen, settings)) return;
    const path = ["description"];
    if (seen.isUnknown(path)) seen.known(path);
    else {
      const text = seen.known(path);
      if (typeof text !== "string" || !new RegExp(settings.pattern, "m").test(text))
        yield {
          path,
          what: "does not name the flow's owner",
          fix: `Add a line that matches /${settings.pattern}/, such as Owner: growth@example.com`,
        };
    }
    if (settings.marker && seen.properties["owner"] === undefined)
      yield {
        path: ["marker"],
        what: "the flow carries no marker",
        fix: "Leave `marker: false` out",
      };
  },
});

// Flows that must not go away. A policy never sees what was before, so it holds the stack against a list: each flow is there, runs, and has what makes Pulumi refuse to
// delete or replace it. `pulumi destroy` runs no policy; Pulumi's own `protect` stops it.
import { email, flowOf } from "../../rules/examples";
import type { PolicyFinding } from "../finding";
import { homeOf, type Home, type PolicyFlow } from "../resources";
import { policyRule } from "../rule";
import { isNamed, oneOf, texts, yesOrNo, type SettingsOf } from "../settings";

const SETTINGS = {
  flows: texts(
    [],
    "Logical names of the flows as `<project>/<stack>/<name>`; `*` stands for any text. A name alone is that of a flow in every stack.",
  ),
  status: oneOf("active", ["active", "draft", "archived", "any"], "The status that their program must state."),
  onDelete: oneOf("archive", ["archive", "delete", "any"], "What their program must say in `onDelete`."),
  protect: yesOrNo(true, "Whether they must have Pulumi's resource option `protect`."),
} as const;
type Settings = SettingsOf<typeof SETTINGS>;

const flow = { ...flowOf({ mail: email() }).flow!, status: "active", onDelete: "archive" };

export const protectedFlows = policyRule({
  title: "Protected flows",
  text: "Named flows are in their stack, keep their status, and cannot be deleted or replaced.",
  why: "The flow is on the list of those that must keep running",
  severity: "critical",
  settings: SETTINGS,
  idle: ({ flows }) => (flows.length > 0 ? undefined : "no flow is named yet: set flows"),
  fails: { flows: { welcome: flow }, settings: { flows: ["welcome"] } },
  passes: { flows: { welcome: flow }, protected: ["welcome"], settings: { flows: ["welcome"] } },
  *flow(seen, settings) {
    const home = homeOf(seen.urn);
    if (settings.flows.some((entry) => isNamed(seen.name, namesIn(entry, home)))) yield* loose(seen, settings);
  },
  *stack({ flows, project, stack }, settings) {
    for (const entry of settings.flows)
      for (const name of namesIn(entry, { project, stack }))
        if (!flows.some((one) => isNamed(one.name, [name])))
          yield {
            path: [],
            what: `the protected flow ${name} is not in the stack ${project}/${stack}`,
            why: "The setting flows of this policy names it",
            fix: "Put it back into the program, or have it taken off the list",
          };
  },
});

/** The name that an entry has for a stack; none where it is about another one. */
function namesIn(entry: string, { project, stack }: Home): string[] {
  const [, itsProject, itsStack, name] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(entry) ?? [];
  if (name === undefined) return [entry];
  return isNamed(project, [itsProject!]) && isNamed(stack, [itsStack!]) ? [name] : [];
}

function* loose(flow: PolicyFlow, { status, onDelete, protect }: Settings): Generator<PolicyFinding> {
  if (protect && !flow.isProtected)
    yield {
      path: [],
      what: "the protected flow does not have the resource option `protect`",
      fix: "Pulumi then refuses to delete or replace it: in TypeScript, new HogFlow(name, args, { protect: true })",
    };
  if (status !== "any" && flow.known(["status"]) !== status && !flow.isUnknown(["status"]))
    yield {
      path: ["status"],
      what: `the protected flow must be stated as ${status}`,
      fix: `Write status: "${status}"`,
    };
  const stated = flow.known(["onDelete"]) ?? "delete";
  if (onDelete !== "any" && stated !== onDelete && !flow.isUnknown(["onDelete"]))
    yield {
      path: ["onDelete"],
      what:
        onDelete === "archive"
          ? "the protected flow would be deleted from PostHog, and not archived"
          : "the protected flow would be archived, and not deleted from PostHog",
      fix: `Write onDelete: "${onDelete}"`,
    };
}

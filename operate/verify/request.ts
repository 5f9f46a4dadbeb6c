// A test run of one step: what is sent for it. Nothing of it is stored, nothing is sent for real, and no secret is in it (API §1.11).
import { encode } from "../../definition/canonical/encode";
import { isDict, type Dict } from "../../definition/canonical/values";
import type { WireInvocationBody } from "../../api";
import { runGlobals } from "../../simulator/steps/inputs";
import type { StepState } from "../../simulator/world/observer";

/** A flow that no project has: PostHog takes the configuration of the request alone, and no stored secret. */
export const UNSTORED = "new";

/** The flow as PostHog would store it. A status that nobody states is that of a draft. */
export function wholeConfiguration(definition: Dict, status: string | undefined): Dict {
  return { ...encode(definition), status: status ?? "draft" };
}

/** The same with one step alone: where its edges lead, there are exits. So a request is small, however many e-mails the flow has. */
export function configurationOf(whole: Dict, step: string): Dict {
  const actions = dicts(whole["actions"]);
  const edges = dicts(whole["edges"]).filter(({ from }) => from === step);
  const trigger = actions.find(({ type }) => type === "trigger");
  const kept = actions.filter((action) => action["id"] === step || action === trigger);
  const targets = [...new Set(edges.map(({ to }) => to))].filter((to) => !kept.some(({ id }) => id === to));
  return {
    ...whole,
    status: "draft",
    actions: [...kept, ...targets.map(exit)],
    edges: [...(trigger ? [{ from: trigger["id"], to: step, type: "continue" }] : []), ...edges],
  };
}

const exit = (id: unknown): Dict => ({
  id,
  name: "Exit",
  description: "",
  on_error: null,
  filters: null,
  type: "exit",
  config: {},
  output_variable: null,
});

/** Always mocked: there is no way to ask for anything else. */
export const requestOf = (configuration: Dict, step: string, state: StepState): WireInvocationBody => {
  const { person, ...globals } = runGlobals(state);
  return {
    configuration,
    globals: person === null ? globals : { ...globals, person },
    mock_async_functions: true,
    current_action_id: step,
  };
};

const dicts = (value: unknown): Dict[] => (Array.isArray(value) ? value.filter(isDict) : []);

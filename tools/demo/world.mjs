// What the demo knows of the root stack, and how it finds that again in the emulator. The acts speak of
// roles (the onboarding flow, its welcome mail, its wait), so a changed text in the example is no harm.

export const API_KEY = "phx_demo";
export const PROJECT = "1";
export const STACK = "demo";

/** Live flows by role: `onboarding` starts on an event, `weekly` on a schedule for an audience. */
export function liveFlows({ emulator }) {
  const flows = emulator.flows(PROJECT);
  const withTrigger = (type) =>
    flows.find(({ actions }) => actions.some((action) => action.type === "trigger" && action.config.type === type));
  return { all: flows, onboarding: withTrigger("event"), weekly: withTrigger("batch") };
}

/** The steps that somebody walks through who takes no branch, in order. */
export function pathOf(flow) {
  const path = [];
  let step = flow.actions.find(({ type }) => type === "trigger");
  while (step && !path.includes(step)) {
    path.push(step);
    const edge = flow.edges.find(({ from, type }) => from === step.id && type === "continue");
    step = edge && flow.actions.find(({ id }) => id === edge.to);
  }
  return path;
}

/** The welcome mail, the wait after it, and the step after that. Takes a flow as the API shows it. */
export function rolesOf(flow) {
  const path = pathOf(flow);
  const welcome = path.find(({ type }) => type === "function_email");
  const waitAt = path.findIndex(({ type }, index) => type === "delay" && index > path.indexOf(welcome));
  const [wait, after] = path.slice(waitAt);
  if (!welcome || waitAt < 0 || !after)
    throw new Error(`The flow "${flow.name}" has no e-mail that a wait and another step follow.`);
  return { welcome, wait, after };
}

export const subjectOf = (email) => email.config.inputs.email.value.subject;

/** What a flow says, as text, without stamps and counters. Which key comes first means nothing, and differs with a plugin. */
export const contentOf = ({ name, status, actions, edges }) =>
  JSON.stringify({ name, status, actions, edges }, (_, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

// Flows as PostHog returns them, and values that are nested as deep as a test wants.

/** Objects in lists in objects. */
export function nested(levels: number): unknown {
  let value: unknown = "{person.properties.plan}";
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? { a: value } : [value];
  return value;
}

/** A flow that calls a webhook with such a body. */
export const deepFlow = (name: string, levels: number) => ({
  name,
  status: "draft",
  actions: [
    {
      id: "trigger_node",
      type: "trigger",
      name: "Signed up",
      config: {
        type: "event",
        filters: { events: [{ id: "user signed up", type: "events", name: "user signed up" }] },
      },
    },
    {
      id: "call",
      type: "function",
      name: "Call",
      config: {
        template_id: "template-webhook",
        inputs: { url: { value: "https://hooks.example.com/a" }, body: { value: nested(levels) } },
      },
    },
    { id: "exit_node", type: "exit", name: "Exit", config: {} },
  ],
  edges: [
    { from: "trigger_node", to: "call", type: "continue" },
    { from: "call", to: "exit_node", type: "continue" },
  ],
});

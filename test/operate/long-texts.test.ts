// A flow whose description, titles and e-mail are 60,000 line ends, spaces, quotes or beginnings of tags: preview, review, pull, graph and simulator are done
// with it in the time that a long text takes. Some of them took half a minute.
import { expect, it } from "vitest";
import { table } from "../../cli/table";
import { describeChange } from "../../operate/change/describe";
import { drawFlow } from "../../operate/graph/draw";
import { masked } from "../../operate/mask";
import { pulledFlow } from "../../operate/pull/program";
import { decode } from "../../definition/canonical/decode";
import { unmarked } from "../../definition/canonical/marker";
import { validate } from "../../sdk/validate";
import { arbitrary, simulate } from "../../testing";

/** Of milliseconds, for each, on a busy machine. */
const PATIENCE = 5_000;

function flowOf(text: string): any {
  const design = {
    body: {
      rows: [{ columns: [{ contents: [{ type: "html", values: { html: `the words of an e-mail ${text}` } }] }] }],
    },
  };
  return {
    id: "0198c0de-0000-7000-8000-000000000001",
    name: text.slice(0, 400),
    description: text,
    status: "active",
    version: 1,
    schedules: [],
    actions: [
      {
        id: "trigger_node",
        type: "trigger",
        name: "Start",
        config: {
          type: "event",
          filters: {
            events: [{ id: "x", type: "events", name: "x" }],
            properties: [
              { key: "plan", value: text, operator: "regex", type: "person" },
              { key: "plan", value: text, operator: "icontains", type: "person" },
            ],
          },
        },
      },
      {
        id: "mail",
        type: "function_email",
        name: text.slice(0, 400),
        description: text,
        config: {
          template_id: "template-email",
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: "{{ person.properties.email }}", name: text },
                subject: text,
                html: text,
                text,
                design,
              },
            },
          },
        },
      },
      { id: "exit_node", type: "exit", name: "Exit", config: {} },
    ],
    edges: [
      { from: "trigger_node", to: "mail", type: "continue" },
      { from: "mail", to: "exit_node", type: "continue" },
    ],
  };
}

it.each(["\n", "\r\n", " ", '"', "'", "<", "<!--", "<style", "{{", "{{“", "(", "["])("texts of %j", (unit) => {
  const text = unit.repeat(60_000);
  const flow = flowOf(text);
  const [before, after] = [decode(flow), decode(flowOf(`a${text}b`))];
  const WORK: Readonly<Record<string, () => unknown>> = {
    unmarked: () => unmarked(text),
    check: () => validate({ definition: flow }, "long"),
    review: () => describeChange(masked(before), masked(after)),
    pull: () => pulledFlow(flow, { name: "long" }),
    graph: () => drawFlow(before),
    table: () => table([{ title: "a" }, { title: "b" }], [[text, `a${text}b`]], 80),
    simulate: () => simulate(flow, { trigger: "x", person: { properties: { plan: text, email: "a@example.com" } } }),
    arbitrary: () => arbitrary(flow, { count: 5 }),
  };
  for (const [name, work] of Object.entries(WORK)) {
    const began = performance.now();
    work();
    expect(performance.now() - began, name).toBeLessThan(PATIENCE);
  }
});

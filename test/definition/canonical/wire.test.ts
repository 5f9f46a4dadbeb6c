// What goes over the wire: every key of a complete object, in one order, and nothing else (API §1.3).
import { describe, expect, it } from "vitest";
import { canonical } from "../../../definition/canonical/canonical";
import { decode, keyed } from "../../../definition/canonical/decode";
import { encode } from "../../../definition/canonical/encode";
import type { UnknownKey } from "../../../definition/canonical/structure";
import type { Dict } from "../../../definition/canonical/values";
import { fromEdges } from "../../../definition/canonical/wiring";
import { orderOf } from "../../../definition/graph/flow-graph";
import { canonicalOf, FLOWS } from "./support";

const TOP = [
  "name",
  "description",
  "exit_condition",
  "trigger_masking",
  "conversion",
  "email_sending_rate_limit",
  "edges",
  "actions",
  "variables",
];
const STEP = ["id", "name", "description", "on_error", "filters", "type", "config", "output_variable"];

it("sends every key of the flow and of each step", () => {
  for (const [, wire] of FLOWS) {
    const body = encode(canonicalOf(wire));
    expect(Object.keys(body)).toEqual(TOP);
    for (const step of body["actions"] as Dict[]) expect(Object.keys(step)).toEqual(STEP);
    expect(JSON.stringify(body)).toBe(JSON.stringify(JSON.parse(JSON.stringify(body))));
    expect(body["actions"]).toHaveLength((wire["actions"] as unknown[]).length);
    expect(body["edges"]).toHaveLength(((wire["edges"] ?? []) as unknown[]).length);
  }
});

it("says that a run goes on wherever a failure could end it, and nothing where none can", () => {
  const types = [
    "function",
    "function_email",
    "function_sms",
    "function_push",
    "delay",
    "wait_until_condition",
    "wait_until_time_window",
    "conditional_branch",
    "random_cohort_branch",
    "of_next_year",
  ];
  const steps = Object.fromEntries(
    [...types, "trigger", "exit"].map((type) => [type, { type, name: type, config: {} }]),
  );
  const written = (more: Dict): Dict =>
    Object.fromEntries(
      (
        encode(
          canonical({
            actions: Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, { ...step, ...more }])),
          }),
        )["actions"] as Dict[]
      ).map((step) => [step["id"], step["on_error"]]),
    );
  const expected = { ...Object.fromEntries(types.map((type) => [type, "continue"])), trigger: null, exit: null };
  for (const more of [{}, { onError: null }, { onError: "continue" }]) expect(written(more)).toEqual(expected);
  expect(new Set(Object.values(written({ onError: "abort" })))).toEqual(new Set(["abort"]));
});

it("names the recipient of an e-mail, if only with an empty text: older workers refuse one without a name", () => {
  const sent = (to: unknown): unknown =>
    (
      encode(
        canonical({
          actions: { mail: { type: "function_email", name: "M", config: { inputs: { email: { value: { to } } } } } },
        }),
      )["actions"] as any
    )[0].config.inputs.email.value.to;
  for (const to of [{ email: "a@example.com" }, { email: "a@example.com", name: "" }])
    expect(sent(to)).toEqual({ email: "a@example.com", name: "" });
  for (const to of [{ email: "a@example.com", name: "A" }, { name: "A" }, {}, "a@example.com", null])
    expect(sent(to)).toEqual(to);
});

it("writes what PostHog would complain about when it is missing", () => {
  const body = encode(
    canonical({
      actions: {
        t: {
          type: "trigger",
          name: "T",
          config: { type: "internal-event", filters: { events: [{ id: "$slack_message_received" }] } },
        },
        mail: { type: "function_email", name: "M", config: {} },
        wait: {
          type: "wait_until_condition",
          name: "W",
          config: { maxWaitDuration: "1h", events: [{ filters: { events: [{ id: "x" }] } }] },
        },
        ways: { type: "conditional_branch", name: "B", config: { conditions: [{ name: "always" }] } },
        end: { type: "exit", name: "E" },
      },
      conversion: { window: "7d" },
    }),
  );
  expect(body["exit_condition"]).toBe("exit_only_at_end");
  expect(body["conversion"]).toEqual({ filters: [], window: "7d", events: [] });
  const steps = Object.fromEntries((body["actions"] as Dict[]).map((step) => [step["id"], step["config"]]));
  const item = (id: string): Dict => ({ name: id, type: "events", order: 0, id });
  expect(steps["t"]).toEqual({
    type: "internal-event",
    filters: { source: "internal-events", events: [item("$slack_message_received")] },
  });
  expect(steps["mail"]).toEqual({ template_id: "template-email", inputs: {} });
  expect(steps["wait"]).toEqual({
    max_wait_duration: "1h",
    condition: { filters: null },
    events: [{ filters: { events: [item("x")] } }],
  });
  expect(steps["ways"]).toEqual({ conditions: [{ name: "always", filters: {} }] });
  expect(steps["end"]).toEqual({});
});

it("puts the trigger first, then follows the edges, then what nothing leads to", () => {
  const step = (type: string, more: Dict = {}): Dict => ({ type, name: "x", ...more });
  const actions = {
    "9": step("exit"),
    end: step("exit"),
    lost: step("delay"),
    b: step("delay", { next: "end" }),
    a: step("delay", { next: "end" }),
    way: step("conditional_branch", { branches: ["b", "a"], next: "end" }),
    t: step("trigger", { next: "way" }),
  };
  expect(orderOf(actions)).toEqual(["t", "way", "b", "end", "a", "9", "lost"]);
  expect(
    orderOf({ a: step("delay", { next: "b" }), b: step("delay", { next: "a" }), t: step("trigger", { next: "t" }) }),
  ).toEqual(["t", "a", "b"]);
});

describe("edges in steps", () => {
  const ids = new Set(["a", "b", "c"]);
  const edge = (from: string, to: string, index?: number): Dict => ({
    from,
    to,
    type: index === undefined ? "continue" : "branch",
    ...(index === undefined ? {} : { index }),
  });
  it.each<[string, Dict[], Dict, Dict, unknown[]]>([
    ["plain ones", [edge("a", "b"), edge("a", "c", 0), edge("a", "b", 1)], { a: "b" }, { a: ["c", "b"] }, []],
    ["branches in another order", [edge("a", "b", 1), edge("a", "c", 0)], {}, { a: ["c", "b"] }, []],
    [
      "a dangling one spoils the later ones of its kind",
      [edge("a", "x"), edge("a", "b")],
      {},
      {},
      [edge("a", "x"), edge("a", "b")],
    ],
    ["but not the earlier", [edge("a", "b"), edge("a", "x")], { a: "b" }, {}, [edge("a", "x")]],
    ["a gap", [edge("a", "b", 0), edge("a", "c", 2)], {}, { a: ["b"] }, [edge("a", "c", 2)]],
    [
      "doubled ones after a gap stay in order",
      [edge("a", "b", 2), edge("a", "c", 2)],
      {},
      {},
      [edge("a", "b", 2), edge("a", "c", 2)],
    ],
    [
      "what is no edge at all",
      [{ from: "a" }, edge("a", "b", -1), { ...edge("a", "b", 0), index: null }, { ...edge("a", "b"), type: "new" }],
      {},
      {},
      [{ from: "a" }, edge("a", "b", -1), { ...edge("a", "b", 0), index: null }, { ...edge("a", "b"), type: "new" }],
    ],
  ])("%s", (_, edges, next, branches, leftover) => {
    const wiring = fromEdges(edges, ids);
    expect(Object.fromEntries(wiring.next)).toEqual(next);
    expect(Object.fromEntries(wiring.branches)).toEqual(branches);
    expect(wiring.leftover).toEqual(leftover);
  });
  it("one edge twice is one, and one left over", () => {
    const twice = edge("a", "b");
    expect(fromEdges([twice, twice], ids)).toMatchObject({ leftover: [twice] });
  });
});

describe("decoding", () => {
  it("leaves the status to whoever presses the button (design L3)", () => {
    expect(decode({ actions: [], status: "active" })).toEqual({ actions: {} });
    expect(keyed({ actions: [], status: "active" })["status"]).toBe("active");
  });
  it("takes unknown keys of flow and step for server state, unless the program wrote them", () => {
    const wire = { new_key: 1, actions: [{ id: "s", name: "S", type: "exit", config: {}, new_key: 2 }] };
    expect(decode(wire)).toEqual({ actions: { s: { type: "exit", name: "S" } } });
    expect(
      decode(wire, {
        extra: { new_key: 0 },
        actions: { s: { extra: { new_key: 0 } }, gone: { extra: { new_key: 0 } } },
      }),
    ).toEqual({ actions: { s: { type: "exit", name: "S", extra: { new_key: 2 } } }, extra: { new_key: 1 } });
  });
  it("reports them in a pasted definition", () => {
    const seen: UnknownKey[] = [];
    keyed(
      {
        exit_conditon: 1,
        id: "server",
        actions: [
          {
            id: "s",
            name: "S",
            type: "delay",
            created_at: 5,
            onerror: 1,
            config: { delay_durations: 1, delay_until: { expression: "x", zone: 1 } },
          },
        ],
        leftover: {},
      },
      { reports: { unknownKey: (report) => seen.push(report) } },
    );
    expect(seen.map(({ path, key }) => [...path, key].join("."))).toEqual(
      [
        "exit_conditon",
        "leftover",
        "actions.s.onerror",
        "actions.s.config.delay_durations",
        "actions.s.config.delayUntil.zone",
      ].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
    );
  });
  const order = [
    "exit_conditon",
    "leftover",
    "actions.s.onerror",
    "actions.s.config.delay_durations",
    "actions.s.config.delayUntil.zone",
  ];
  it("survives answers of odd shape", () => {
    for (const odd of [
      {},
      { actions: null },
      { actions: {}, edges: {}, variables: null },
      { actions: [null, "x", 5, {}], edges: [null, "x"], variables: [null, "x"] },
      { actions: [{ id: "__proto__", type: "exit" }] },
    ]) {
      const form = decode(odd);
      expect(decode(encode(form))).toEqual(form);
    }
  });
});

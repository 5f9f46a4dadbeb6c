// Random but valid flows in the JSON of the wire, reproducible by their seed: every trigger, every step, odd ids, odd edges, keys present or absent.
import type { Json } from "./reference-flows";

export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  int(below: number): number;
  chance(of: number): boolean;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/** mulberry32: small, fast, and the same everywhere. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    chance: (of) => next() < of,
    pick: (list) => list[int(list.length)]!,
    shuffled: (list) => {
      const out = [...list];
      for (let i = out.length - 1; i > 0; i -= 1) {
        const j = int(i + 1);
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
      return out;
    },
  };
}

export const AWKWARD_IDS = [
  "a.b",
  "a[0]",
  '["quoted"]',
  'say "hi"',
  "back\\slash",
  "0",
  "10",
  "2",
  "__x",
  "constructor",
  "toString",
  "hasOwnProperty",
  "größe",
  "日本",
  "🚀",
  "with space",
  "next",
  "config",
  "-",
  "$ref",
  "a/b",
  "line\nbreak",
  "actions",
  "true",
  "null",
] as const;

export const TRIGGER_TYPES = [
  "event",
  "webhook",
  "manual",
  "tracking_pixel",
  "schedule",
  "batch",
  "data-warehouse-table",
  "data-warehouse-view",
  "internal-event",
] as const;
export const STEP_TYPES = [
  "function",
  "function_email",
  "function_sms",
  "function_push",
  "delay",
  "wait_until_condition",
  "wait_until_time_window",
  "conditional_branch",
  "random_cohort_branch",
  "exit",
] as const;

export interface RandomFlowOptions {
  trigger?: (typeof TRIGGER_TYPES)[number];
  /** Ids with dots, brackets, digits and names of JavaScript's own. Default true. */
  awkwardIds?: boolean;
  /** Edges that lead nowhere, doubled ones, and gaps. PostHog takes them. Default true. */
  oddEdges?: boolean;
  /** Keys inside config that nobody knows. Default true. */
  unknownKeys?: boolean;
  /** At most this many steps besides the trigger. Default 8. */
  steps?: number;
}

export function randomFlow(seed: number, options: RandomFlowOptions = {}): Json {
  const r = random(seed);
  const { awkwardIds = true, oddEdges = true, unknownKeys = true, steps = 8 } = options;
  const maybe = (of: number, members: () => Json): Json => (r.chance(of) ? members() : {});

  const property = (type?: string): Json => ({
    key: r.pick(["plan", "a.b", "größe", "$browser", "__x"]),
    ...maybe(0.9, () => ({ value: r.pick<unknown>([["pro"], "x", 5, true, ["a", "b"]]) })),
    ...maybe(0.7, () => ({ operator: r.pick(["exact", "is_not", "icontains", "gt"]) })),
    type: type ?? r.pick(["event", "person"]),
    ...maybe(0.1, () => ({ editor_note: { kept: [1, null] } })),
  });
  const properties = (type?: string): Json[] => Array.from({ length: r.int(3) }, () => property(type));
  const item = (list: "events" | "actions", i: number): Json => {
    const id =
      list === "actions" ? r.pick<unknown>([7, "12"]) : r.pick<unknown>(["user signed up", "$pageview", "größe", null]);
    return {
      id,
      ...maybe(0.6, () => ({ name: r.chance(0.5) ? String(id) : "Label" })),
      ...maybe(0.7, () => ({ type: list })),
      ...maybe(0.7, () => ({ order: r.chance(0.8) ? i : i + 3 })),
      ...maybe(0.3, () => ({ properties: properties("event") })),
    };
  };
  const items = (list: "events" | "actions", least = 0): Json[] =>
    Array.from({ length: least + r.int(3) }, (_, i) => item(list, i));
  const filters = (least = 0): Json => ({
    ...maybe(0.5, () => ({ source: "events" })),
    ...(least > 0 || r.chance(0.6) ? { events: items("events", least) } : {}),
    ...maybe(0.2, () => ({ actions: items("actions") })),
    ...maybe(0.6, () => ({ properties: properties() })),
    ...maybe(0.4, () => ({ filter_test_accounts: r.chance(0.5) })),
  });
  /** Conditions may not name events. */
  const stateFilters = (): Json => ({ ...maybe(0.5, () => ({ source: "events" })), properties: properties("person") });
  const duration = (): string => r.pick(["30s", "15m", "1.5h", "2d", ".5d"]);
  const unknown = (): Json =>
    unknownKeys && r.chance(0.2)
      ? { from_the_future: r.pick<unknown>([1, null, { deepKey: [{ snake_key: null }] }]) }
      : {};
  const category = (): Json => maybe(0.6, () => ({ message_category_type: r.pick(["marketing", "transactional"]) }));

  const requested = (): Json => ({
    event: { value: "{request.body.event}" },
    distinct_id: { value: "{request.body.distinct_id}" },
    method: { value: r.pick(["POST", "GET"]) },
  });
  const trigger = options.trigger ?? r.pick(TRIGGER_TYPES);
  const rowScoped = ["data-warehouse-table", "data-warehouse-view", "internal-event"].includes(trigger);
  /** Runs have no person, whom some steps need. */
  const personless = rowScoped || trigger === "schedule";
  const triggerConfig = (): Json => {
    switch (trigger) {
      case "event":
        return { type: trigger, filters: filters(1) };
      case "webhook":
        return {
          type: trigger,
          template_id: "template-source-webhook",
          inputs: { ...requested(), ...maybe(0.3, () => ({ auth_header: { value: "Bearer shared-token" } })) },
        };
      case "manual":
        return { type: trigger, template_id: "template-source-webhook", inputs: requested() };
      case "tracking_pixel":
        return {
          type: trigger,
          template_id: "template-source-webhook-pixel",
          inputs: {
            event: { value: "{request.query.ph_event}" },
            distinct_id: { value: "{request.query.ph_distinct_id}" },
          },
        };
      case "schedule":
        return { type: trigger, ...maybe(0.2, () => ({ filters: { properties: [], odd_key: null } })) };
      case "batch":
        return {
          type: trigger,
          filters: {
            properties: properties("person"),
            ...maybe(0.5, () => ({ audience_type: "persons" })),
            ...maybe(0.3, () => ({ filter_test_accounts: false })),
          },
        };
      case "data-warehouse-table":
      case "data-warehouse-view":
        return {
          type: trigger,
          table_name: "stripe.invoice",
          ...maybe(0.8, () => ({
            filters: { ...maybe(0.5, () => ({ source: trigger })), properties: properties("event") },
          })),
          ...maybe(0.3, () => ({ key_property: "id" })),
        };
      case "internal-event":
        return {
          type: trigger,
          filters: r.chance(0.5)
            ? {
                ...maybe(0.5, () => ({ source: "internal-events" })),
                events: [{ id: "$slack_message_received", type: "events", order: 0 }],
                properties: [{ key: "channel", value: ["C0123|general"], operator: "exact", type: "event" }],
              }
            : {
                events: [{ id: "$github_event_received", name: "GitHub event", type: "events", order: 0 }],
                properties: [
                  { key: "repository", value: ["Acme/App"], operator: "exact", type: "event" },
                  { key: "event_type", value: ["release"], operator: "exact", type: "event" },
                ],
              },
        };
    }
  };

  const config = (type: string): Json => {
    switch (type) {
      case "function":
        return {
          template_id: "template-webhook",
          inputs: {
            url: { value: "https://hooks.example.com/a", ...maybe(0.3, () => ({ templating: "hog" })) },
            ...maybe(0.4, () => ({ body: { value: { who: "{person.properties.email}", n: [1, null, "x"] } } })),
            ...maybe(0.3, () => ({ signing_secret: { value: "s3cr3t" } })),
          },
        };
      case "function_email":
        return {
          ...maybe(0.7, () => ({ template_id: "template-email" })),
          inputs: {
            email: {
              templating: "liquid",
              value: {
                from: { integrationId: 7 },
                to: { email: personless ? "team@example.com" : "{{ person.properties.email }}", name: "" },
                subject: " Hello ",
                ...(r.chance(0.5) ? { html: "<p>Hi</p>" } : { html: "", text: "Hi" }),
              },
            },
          },
          ...category(),
          ...maybe(0.3, () => ({ tracking_enabled: r.chance(0.5) })),
        };
      case "function_sms":
        return {
          ...maybe(0.7, () => ({ template_id: "template-twilio" })),
          inputs: {
            twilio_account: { value: 456 },
            from_number: { value: "+15550100000" },
            to_number: { value: "+15550100001" },
            message: { value: "See you" },
          },
          ...category(),
        };
      case "function_push":
        return {
          template_id: "template-native-push",
          inputs: {
            distinctId: { value: "{{ person.distinct_id }}", templating: "liquid" },
            channels: { value: [789] },
            title: { value: "Still there?" },
            body: { value: "" },
          },
          ...category(),
        };
      case "delay":
        return r.chance(0.7)
          ? { delay_duration: duration() }
          : {
              delay_until: {
                expression: "toDateTime('2030-01-07 09:00:00')",
                ...maybe(0.5, () => ({ offset: r.pick(["-1h", "+2d", "3m"]) })),
                ...maybe(0.5, () => ({ timezone: "Europe/Berlin" })),
                ...maybe(0.3, () => ({ use_person_timezone: r.chance(0.5), fallback_timezone: "UTC" })),
              },
              ...maybe(0.5, () => ({ max_delay_duration: "7d" })),
            };
      case "wait_until_condition":
        return {
          ...maybe(0.8, () => ({
            condition: r.pick<unknown>([null, { filters: null }, { filters: stateFilters(), name: "Label" }]),
          })),
          ...maybe(0.6, () => ({ events: [{ name: "Seen", filters: { events: items("events", 1) } }] })),
          max_wait_duration: duration(),
        };
      case "wait_until_time_window":
        return {
          timezone: r.pick([null, "Europe/Berlin"]),
          day: r.pick<unknown>(["any", "weekday", ["monday", "sunday"]]),
          time: r.pick<unknown>(["any", ["09:00", "17:00"]]),
          ...maybe(0.3, () => ({ use_person_timezone: false })),
        };
      case "conditional_branch":
        return {
          conditions: Array.from({ length: 1 + r.int(3) }, (_, i) => ({
            filters: stateFilters(),
            ...maybe(0.5, () => ({ name: `Way ${i}` })),
          })),
        };
      case "random_cohort_branch":
        return { cohorts: [{ percentage: 50, name: "A" }, { percentage: r.pick([50, 12.5, 0]) }] };
      default:
        return r.chance(0.5) ? {} : { reason: "done" };
    }
  };

  const allowed = STEP_TYPES.filter(
    (type) =>
      !(
        (personless && (type === "wait_until_condition" || type === "function_push")) ||
        (rowScoped && type === "random_cohort_branch")
      ),
  );
  const names = awkwardIds
    ? r.shuffled([...AWKWARD_IDS, "email_1", "email_2"])
    : Array.from({ length: 30 }, (_, i) => `step_${i}`);
  const count = Math.min(1 + r.int(steps), names.length - 1);
  const step = (id: string, type: string, body: Json): Json => ({
    id,
    name: r.pick(["Step", "Schritt ö", " padded "]),
    type,
    config: { ...body, ...unknown() },
    ...maybe(0.4, () => ({ description: r.pick(["", "Text", " two\nlines "]) })),
    ...maybe(0.4, () => ({ on_error: r.pick([null, "continue", "abort"]) })),
    ...maybe(0.3, () => ({ filters: r.pick<unknown>([null, stateFilters()]) })),
    ...maybe(0.3, () => ({
      output_variable: r.pick<unknown>([
        null,
        "answer",
        { key: "answer", result_path: "body.x" },
        [{ key: "a", spread: false }, "b"],
      ]),
    })),
  });
  const triggerId = awkwardIds && r.chance(0.3) ? r.pick(["trigger.node", "0trigger"]) : "trigger_node";
  const ids = names.slice(0, count);
  const types = ids.map(() => r.pick(allowed));
  const actions = [
    step(triggerId, "trigger", triggerConfig()),
    ...ids.map((id, i) => step(id, types[i]!, config(types[i]!))),
  ];

  // Backwards only from a step that waits: a loop that never waits is refused, and so is a way back to the trigger.
  const waits = (i: number): boolean => ["delay", "wait_until_condition", "wait_until_time_window"].includes(types[i]!);
  const edges: Json[] = [];
  if (ids.length > 0) edges.push({ from: triggerId, to: ids[0]!, type: "continue" });
  for (const [i, id] of ids.entries()) {
    if (types[i] === "exit") continue;
    const on = ids.slice(i + 1);
    if (on.length === 0 && !waits(i)) continue;
    const target = (): string => r.pick(on.length > 0 ? on : ids);
    const body = actions[i + 1]!["config"] as Json;
    const ways =
      types[i] === "conditional_branch"
        ? (body["conditions"] as unknown[]).length
        : types[i] === "random_cohort_branch"
          ? 2
          : types[i] === "wait_until_condition"
            ? 1
            : 0;
    for (let index = 0; index < ways; index += 1)
      if (!oddEdges || r.chance(0.85)) edges.push({ from: id, to: target(), type: "branch", index });
    if (r.chance(0.9))
      edges.push({ from: id, to: target(), type: "continue", ...(oddEdges && r.chance(0.05) ? { index: 4 } : {}) });
  }
  if (oddEdges) {
    const all = [triggerId, ...ids];
    /** Two steps that an edge may join. */
    const pair = (): { from: string; to: string } => {
      const from = r.int(all.length);
      const to = ids.filter((_, i) => i > from - 1 || (from > 0 && waits(from - 1)));
      return to.length === 0 ? { from: all[from]!, to: "ghost" } : { from: all[from]!, to: r.pick(to) };
    };
    while (r.chance(0.5)) {
      edges.push(
        r.pick<() => Json>([
          () => ({ from: r.pick(all), to: "ghost", type: "continue" }),
          () => ({ from: "ghost", to: r.pick(all), type: r.pick(["continue", "branch"]) }),
          () => ({ ...pair(), type: "continue" }),
          () => ({ ...pair(), type: "branch", index: r.int(5) }),
          () => ({ ...pair(), type: "branch" }),
          () => ({ ...(r.pick(edges) ?? { ...pair(), type: "continue" }) }),
        ])(),
      );
    }
  }

  return {
    name: r.pick(["Flow", "Größe 🚀", " padded "]),
    ...maybe(0.6, () => ({ description: r.pick(["", "Text", "two\nlines "]) })),
    ...maybe(0.5, () => ({ status: "draft" })),
    ...maybe(0.6, () => ({
      exit_condition: r.pick(["exit_on_conversion", "exit_on_trigger_not_matched", "exit_only_at_end"]),
    })),
    ...maybe(0.4, () => ({
      trigger_masking: r.pick<unknown>([
        null,
        { hash: "{person.id}" },
        { hash: " {person.id} ", ttl: 86_400, threshold: null },
      ]),
    })),
    ...maybe(0.4, () => ({
      conversion: r.pick<unknown>([
        null,
        {},
        { filters: properties("person"), window: "14d" },
        { filters: [], events: [{ filters: { events: items("events", 1) } }], window: null },
      ]),
    })),
    ...maybe(0.3, () => ({ email_sending_rate_limit: r.pick<unknown>([null, { count: 500, period: "hour" }]) })),
    actions: oddEdges ? r.shuffled(actions) : actions,
    ...(edges.length > 0 || r.chance(0.5) ? { edges } : {}),
    ...maybe(0.5, () => ({
      variables: r.pick<Json[]>([
        [],
        [{ key: "answer", type: "string", label: "Answer", default: "" }],
        [
          { key: "a.b", default: " 5 " },
          { key: "constructor", type: "number", default: 1.5 },
          { label: "without a key" },
        ],
      ]),
    })),
  };
}

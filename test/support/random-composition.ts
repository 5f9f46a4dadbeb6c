// Random flows as people write them in composition, in the JSON of the wire, reproducible by their seed: nested paths, ends, jumps and loops.
import { canonical, definitionOf } from "../../definition/canonical/canonical";
import { encode } from "../../definition/canonical/encode";
import {
  branch,
  cohort,
  delay,
  delayUntil,
  email,
  event,
  eventProperty,
  exit,
  goTo,
  group,
  hogql,
  liquid,
  on,
  otherwise,
  person,
  postHogAction,
  propertyFilter,
  push,
  share,
  slack,
  sms,
  split,
  timeWindow,
  variables,
  waitUntil,
  webhook,
  when,
} from "../../sdk";
import { convert } from "../../sdk/convert";
import { nothing } from "../../sdk";
import { random } from "./random-flow";

const EDITORS_ID = "action_01985b7c-6a0e-7d1c-9b1e-";

export function randomComposition(seed: number): Record<string, unknown> {
  const r = random(seed * 7919 + 1);
  const vars = variables({ answer: "string", score: { type: "number", default: 5 } });
  const ids: string[] = [];
  let count = 0;
  const maybe = <T extends object>(of: number, value: () => T): Partial<T> => (r.chance(of) ? value() : {});
  const condition = (): any =>
    r.pick<() => unknown>([
      () => person("plan").is("pro"),
      () => person("plan").is("pro", "team"),
      () => person("vip").is(true),
      () => person("seats").gte(r.int(50)),
      () => person("seats").between(1, 9),
      () => person("email").isSet(),
      () => person("a.b").isNot("x"),
      () => person("last_seen").before("2026-06-01"),
      () => eventProperty("$browser").contains("fox"),
      () => group(0, "name").matches("^A"),
      () => hogql("1 = 1"),
      () => person("version").fromVersion("1.2.0"),
    ])();
  /** Where a run has variables. */
  const live = (): any =>
    r.pick<() => unknown>([
      condition,
      condition,
      condition,
      () => vars.score.gte(r.int(9)),
      () => vars.answer.is("yes", "no"),
      () => vars.answer.isSet(),
      // The editor's own text, and an operator without a method.
      () => propertyFilter({ key: "email", type: "person", operator: "is_set", value: "is_set" }),
      () => propertyFilter({ key: "plan", type: "person", operator: "not_in", value: ["a"] }),
    ])();
  const conditions = (): any => (r.chance(0.7) ? live() : [live(), condition()]);
  const signal = (): any =>
    r.pick<() => unknown>([
      () => event("order completed"),
      () => event("a", eventProperty("n").gt(1)),
      () => postHogAction(12, "Signed up"),
    ])();
  const common = (): any => ({
    ...maybe(0.3, () => ({ id: `${EDITORS_ID}${String(count).padStart(12, "0")}` })),
    ...maybe(0.4, () => ({ name: r.pick(["Größe?", "Wait a bit", "Mail 1", "x"]) })),
    ...maybe(0.2, () => ({ description: "Text" })),
    ...maybe(0.2, () => ({ onError: r.pick(["continue", "abort"]) })),
    ...maybe(0.2, () => ({ filters: conditions() })),
  });
  const key = (): string => {
    count += 1;
    const id = `step_${count}`;
    ids.push(id);
    return id;
  };
  const result = (): any =>
    maybe(0.3, () => ({
      outputVariable: r.pick<() => unknown>([
        () => vars.answer.from("body.x"),
        () => [vars.answer.from(), vars.score.from("n", { spread: true })],
      ])(),
    }));
  const html = (): string =>
    r.chance(0.5) ? `<p>\n  ${"Hello {{ person.properties.name }}. ".repeat(3)}\n  \`\${x}\` \\\n</p>` : "<p>Hi</p>";

  const simple = (): any =>
    r.pick<() => unknown>([
      () =>
        email(key(), {
          from: { integrationId: 7 },
          subject: "Hello {{ person.properties.name }}",
          html: html(),
          ...maybe(0.2, () => ({
            design: {
              body: { rows: [{ columns: [{ contents: [{ type: "text", values: { text: "`${x}`" } }] }] }] },
              schemaVersion: 16,
            },
          })),
          ...maybe(0.3, () => ({ text: "Hi", messageCategoryType: "marketing" as const })),
          ...common(),
          ...result(),
        }),
      () =>
        webhook(key(), {
          url: "https://hooks.example.com/a",
          body: { a: "{person.properties.email}", n: [1, null, { b: true }] },
          ...maybe(0.3, () => ({ method: "PUT" as const })),
          ...common(),
          ...result(),
        }),
      () =>
        slack(key(), {
          slackWorkspace: 11,
          channel: "C1",
          text: r.chance(0.5) ? "Hi {person.properties.name}" : liquid`Hi {{ person.properties.name }}: \`\${x}\` \\ {`,
          ...common(),
        }),
      () =>
        sms(key(), {
          twilioAccount: 456,
          fromNumber: "+15550100000",
          toNumber: "{person.properties.phone}",
          message: "Hi",
          ...common(),
        }),
      () => push(key(), { channels: [3], title: "Hi", body: "{{ event.properties.x }}", ...common() }),
      () => delay(key(), r.pick(["3d", "90s" as "60s", "1.5h", "30m"]), common()),
      () =>
        delayUntil(key(), {
          expression: "person.properties.renewal",
          offset: "-3d",
          timezone: "Europe/Berlin",
          maxDelayDuration: "7d",
          ...common(),
        }),
      () => timeWindow(key(), { day: "weekday", time: ["09:00", "17:00"], timezone: "Europe/Berlin", ...common() }),
    ])();

  const path = (depth: number): any => {
    const list: unknown[] = [];
    for (let n = 1 + r.int(3); n > 0; n -= 1) list.push(depth > 0 && r.chance(0.45) ? fork(depth - 1) : simple());
    const before = [...ids];
    if (r.chance(0.15)) list.push(exit());
    else if (r.chance(0.1))
      list.push(
        exit(
          key(),
          maybe(0.5, () => ({ reason: "done" })),
        ),
      );
    else if (r.chance(0.1)) list.push(goTo(r.pick(before)));
    return list;
  };
  const arm = (depth: number): any => (r.chance(0.2) ? nothing : path(depth));
  const fork = (depth: number): any =>
    r.pick<() => unknown>([
      () =>
        branch(
          key(),
          [
            when(conditions(), arm(depth)),
            ...(r.chance(0.5) ? [when(condition(), arm(depth), { name: "Way" })] : []),
            ...(r.chance(0.5) ? [otherwise(path(depth))] : []),
          ] as any,
          common(),
        ),
      () => split(key(), [share("A", 45, arm(depth)), share("B", 55, arm(depth))] as any, common()),
      () =>
        waitUntil(key(), {
          events: r.chance(0.3) ? { name: "Seen", event: signal() } : signal(),
          ...maybe(0.3, () => ({ condition: condition() })),
          maxWaitDuration: "2d",
          ...maybe(0.5, () => ({ onMatch: path(depth) })),
          ...maybe(0.5, () => ({ onTimeout: path(depth) })),
          ...common(),
        }),
    ])();

  const trigger = r.pick<() => any>([
    () =>
      on.event(r.pick<any>(["user signed up", [signal(), "b"]]), {
        ...maybe(0.3, () => ({ where: condition() })),
        ...maybe(0.3, () => ({ filterTestAccounts: true })),
      }),
    () =>
      on.webhook({
        event: "{request.body.event}",
        distinctId: "{request.body.distinct_id}",
        ...maybe(0.5, () => ({ properties: { a: "{request.body.a}" } })),
      }),
    () => on.manual(),
    () => on.trackingPixel(),
    () => on.schedule(),
    () =>
      on.batch(
        r.pick<any>([[], person("plan").is("pro"), [person("email").isSet(), cohort(42)]]),
        maybe(0.3, () => ({ filterTestAccounts: true })),
      ),
  ])();
  const { definition } = convert(
    {
      name: r.pick(["Flow", "Größe 🚀"]),
      ...maybe(0.4, () => ({ description: "Text" })),
      ...maybe(0.4, () => ({
        conversion: {
          events: event("subscribed"),
          ...maybe(0.5, () => ({ filters: person("paid").is(true) })),
          window: "14d",
        },
      })),
      variables: vars,
      trigger,
      steps: path(2),
    },
    "flow",
  );
  return { name: definition["name"], ...encode(canonical(definitionOf(definition))) };
}

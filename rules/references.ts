// Rules about what texts refer to: roots that exist where the text is, and members that they have (run time §5.2, §6.3).
import { formatPath, type Path } from "../definition/canonical/paths";
import { own } from "../definition/canonical/values";
import { nearest } from "../definition/schema/names";
import {
  EMAIL_ROOTS,
  FILTER_ROOTS,
  INPUT_ROOTS,
  LIQUID_ROOTS,
  MEMBERS,
  RUN_ROOTS,
  TRIGGER_ROOTS,
} from "../definition/schema/roots";
import { templatedSteps } from "../definition/graph/inputs";
import { stepKindOf } from "../definition/schema/step-kinds";
import { triggerKindOf } from "../definition/schema/trigger-kinds";
import { propertiesIn } from "../definition/graph/properties";
import { rulesOf, type RuleFinding } from "./rule";
import { textsOf, type ReadText } from "../definition/graph/texts";
import type { FlowView } from "../definition/graph/view";
import { email, flowOf, onWebhook, startedBy, webhook } from "./examples";
import { table } from "../definition/schema/table";

const until = (expression: string) => ({ type: "delay", config: { delayUntil: { expression } } });
const body = (who: string) => ({ body: { value: { who } } });
const toTeam = { to: { email: "team@example.com", name: "" } };
const SPECIAL: readonly string[] = [...EMAIL_ROOTS, ...TRIGGER_ROOTS];

/** Roots that a text can read where it is. */
const rootsOf = ({ kind, language }: ReadText): readonly string[] => {
  if (kind === "filter" || kind === "delay") return FILTER_ROOTS;
  if (kind === "masking") return ["event", "person"];
  return [
    ...INPUT_ROOTS.filter((root) => kind !== "trigger" || !RUN_ROOTS.includes(root)),
    ...(kind === "email" ? EMAIL_ROOTS : []),
    ...(kind === "trigger" ? TRIGGER_ROOTS : []),
    ...(language === "hog" ? [] : LIQUID_ROOTS),
  ];
};
const isInput = ({ kind }: ReadText): boolean => kind === "input" || kind === "email" || kind === "trigger";

/** References whose root is not there, once per text and root. */
function* strangers(
  flow: FlowView,
  wanted: (text: ReadText) => boolean,
): Generator<{
  text: ReadText;
  root: string;
  line: number;
  near: string | undefined;
  elsewhere: boolean;
  path: readonly string[];
}> {
  for (const text of textsOf(flow)) {
    if (!wanted(text)) continue;
    const roots = rootsOf(text);
    const seen = new Set<string>();
    for (const { root, line, path } of text.references) {
      if (
        roots.includes(root) ||
        seen.has(root) ||
        ((text.kind === "filter" || text.kind === "delay") && /^\$?group_[0-4]$/.test(root))
      )
        continue;
      seen.add(root);
      yield {
        text,
        root,
        line,
        path,
        near: nearest(root, [...roots, ...SPECIAL]),
        elsewhere: SPECIAL.includes(root) || RUN_ROOTS.includes(root),
      };
    }
  }
}

const ELSEWHERE: Readonly<Record<string, string>> = {
  request: "Map it into the properties of the trigger's event, and read event.properties",
  groups: "Groups are found only after the trigger: read what the request holds, such as {request.body.company}",
  person:
    "The person is found by `distinct_id` only after the trigger: read what the request holds, such as {request.body.distinct_id}",
};
/** What the requests of a trigger never hold, by its type. Anybody may send anything to a webhook. */
const REQUESTS: Readonly<Record<string, { lacks(part: string, member: string | undefined): boolean; fix: string }>> = {
  manual: {
    lacks: (part, member) =>
      part === "query" || (part === "body" && member !== undefined && member !== "user_id" && member !== "$variables"),
    fix: "Read request.body.user_id or request.body.$variables.…, or use a webhook trigger",
  },
  tracking_pixel: { lacks: (part) => part === "body", fix: "Read request.query.…, which is the address of the pixel" },
};
const PROPERTIES_FIX = table<string>({
  properties: "Write event.properties.… in a template",
  distinct_id: "Write event.distinct_id",
  timestamp: "Write event.timestamp",
  uuid: "Write event.uuid",
});
function fixFor(root: string, near: string | undefined, text: ReadText): Pick<RuleFinding, "fix" | "suggestion"> {
  const known = PROPERTIES_FIX[root];
  if (known !== undefined) return { fix: known };
  if (near) return { suggestion: `\`${near}\`` };
  const readable = rootsOf(text).filter((name) => name !== "actions");
  return { fix: `Texts here can read ${readable.join(", ")}` };
}

export const referenceRules = rulesOf({
  "unknown-root": {
    severity: "error",
    refusedBy: "server",
    text: "A Hog template reads only `event`, `person`, `groups`, `variables`, and other names that exist where it is used.",
    why: "PostHog refuses a template that reads something else",
    cites: "API §4.2, run time §6.3",
    fails: flowOf({ notify: webhook(body("{distinct_id}")) }),
    passes: flowOf({ notify: webhook(body("{event.distinct_id}")) }),
    *find(flow) {
      for (const { text, root, line, near, elsewhere } of strangers(
        flow,
        (text) => isInput(text) && text.language === "hog",
      ))
        if (!elsewhere)
          yield { path: text.path, line, what: `there is no \`${root}\` in a template`, ...fixFor(root, near, text) };
    },
  },
  "misspelt-root": {
    severity: "error",
    refusedBy: "run-time",
    text: "A name that a Liquid text or an expression reads is not a misspelling of an existing one (one or two letters away).",
    why: "Liquid renders an unknown name as nothing, and an expression with one fails",
    cites: "run time §3.2, §6.2, §6.3",
    fails: flowOf({ mail: email({ subject: "Hello {{ persn.properties.name }}" }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.properties.name }}" }) }),
    *find(flow) {
      for (const { text, root, line, near, elsewhere } of strangers(
        flow,
        (text) => !isInput(text) || text.language !== "hog",
      ))
        if (near && !elsewhere)
          yield { path: text.path, line, what: `there is no \`${root}\` here`, ...fixFor(root, near, text) };
    },
  },
  "liquid-root": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A Liquid text reads only names that exist where it is used.",
    why: "Liquid renders an unknown name as nothing",
    cites: "run time §6.2, §6.3",
    fails: flowOf({ mail: email({ subject: "Hello {{ customer.name }}" }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.name }}" }) }),
    *find(flow) {
      for (const { text, root, line, near, elsewhere } of strangers(
        flow,
        (text) => isInput(text) && text.language !== "hog",
      ))
        if (!near && !elsewhere)
          yield { path: text.path, line, what: `there is no \`${root}\` here`, ...fixFor(root, near, text) };
    },
  },
  "root-elsewhere": {
    severity: "error",
    refusedBy: "run-time",
    text: "`request` is read only in the inputs of a trigger, `person` and `groups` everywhere else, and `unsubscribe_url` in e-mails.",
    why: "It does not exist where the text is rendered: Hog fails on it, and Liquid renders nothing",
    cites: "run time §1.4, §6.3",
    fails: flowOf({ mail: email({ subject: "{{ request.body.subject }}" }) }),
    passes: startedBy(
      onWebhook({ event: { value: "{request.body.event}" }, distinct_id: { value: "{request.body.distinct_id}" } }),
    ),
    *find(flow) {
      for (const { text, root, line, elsewhere } of strangers(flow, () => true))
        if (elsewhere)
          yield {
            path: text.path,
            line,
            what: `there is no \`${root}\` here`,
            fix: ELSEWHERE[root] ?? "Use it in an e-mail step",
          };
    },
  },
  "event-is-a-name": {
    severity: "error",
    refusedBy: "run-time",
    text: "In a filter and in `delayUntil`, event properties are `properties.x`.",
    why: "`event` is the name of the event there, which is a text without members, so nothing is found",
    cites: "run time §3.2, §5.2",
    fails: flowOf({ before: until("event.properties.renewal") }),
    passes: flowOf({ before: until("properties.renewal") }),
    *find(flow) {
      for (const { path, kind, references } of textsOf(flow)) {
        if (kind !== "filter" && kind !== "delay") continue;
        const found = references.find(({ root, path: rest }) => root === "event" && rest.length > 0);
        if (found)
          yield {
            path,
            line: found.line,
            what: `\`event.${found.path.join(".")}\` reads a member of a text`,
            fix: `Write ${found.path[0] === "properties" ? found.path.join(".") : (found.path[0] ?? "")}`,
          };
      }
    },
  },
  "unknown-member": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Texts read only members that `person` and `event` have; properties are in `person.properties` and `event.properties`.",
    why: "A member that does not exist renders as nothing",
    cites: "run time §6.3",
    fails: flowOf({ mail: email({ subject: "Hello {{ person.first_name }}" }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.properties.first_name }}" }) }),
    *find(flow) {
      for (const text of textsOf(flow)) {
        if (!isInput(text) && text.kind !== "masking") continue;
        for (const { root, path, line } of text.references) {
          const members = Object.hasOwn(MEMBERS, root) ? MEMBERS[root] : undefined;
          if (!members || path[0] === undefined || members.includes(path[0])) continue;
          yield {
            path: text.path,
            line,
            what: `\`${root}.${path[0]}\` is not there`,
            fix:
              root === "person" || root === "event"
                ? `Write ${root}.properties.${path[0]}`
                : `It has ${members.join(", ")}`,
          };
        }
      }
    },
  },
  "request-member": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A manual trigger reads `request.body.user_id` and `request.body.$variables`, and a pixel `request.query`.",
    why: "PostHog's button sends nothing else, and the request of a pixel has no body, so everything else is empty",
    cites: "API §3.2, run time §1.4",
    fails: startedBy({
      type: "manual",
      inputs: { method: { value: "POST" }, properties: { value: { plan: "{request.body.plan}" } } },
    }),
    passes: startedBy({
      type: "manual",
      inputs: { method: { value: "POST" }, properties: { value: { plan: "{request.body.$variables.plan}" } } },
    }),
    *find(flow) {
      const held = REQUESTS[String(flow.trigger?.type)];
      if (!held) return;
      for (const text of textsOf(flow)) {
        const found =
          text.kind === "trigger"
            ? text.references.find(
                ({ root, path: [part, member] }) =>
                  root === "request" && part !== undefined && held.lacks(part, member),
              )
            : undefined;
        if (found)
          yield {
            path: text.path,
            line: found.line,
            what: `\`request.${found.path.slice(0, 2).join(".")}\` is not in the request`,
            fix: held.fix,
          };
      }
    },
  },
  "results-of-steps": {
    severity: "warning",
    refusedBy: "run-time",
    text: "Results of steps are read through their `outputVariable`.",
    why: "PostHog never fills `actions`",
    cites: "run time §6.3",
    fails: flowOf({ ask: webhook(), tell: webhook(body("{actions.ask.body}")) }),
    passes: flowOf(
      {
        ask: webhook({}, { outputVariable: { key: "answer" }, onError: "abort" }),
        tell: webhook(body("{variables.answer}")),
      },
      { variables: { answer: { type: "string" } } },
    ),
    *find(flow) {
      for (const text of textsOf(flow)) {
        const found = isInput(text) ? text.references.find(({ root }) => root === "actions") : undefined;
        if (found)
          yield {
            path: text.path,
            line: found.line,
            what: "`actions` is always empty",
            fix: "Give the step an `outputVariable`, and read variables.…",
          };
      }
    },
  },
  "step-without-person": {
    severity: "error",
    refusedBy: "run-time",
    text: "A flow that runs without a person has no step that needs one, such as a push, a message to a property of the person, or a wait for what the person does.",
    why: "Its runs have no person, so the step does nothing",
    cites: "run time §1.1, §3.5, §7.2",
    fails: startedBy({ type: "schedule" }, { mail: email() }),
    passes: startedBy({ type: "schedule" }, { mail: email(toTeam) }),
    *find(flow) {
      const { trigger } = flow;
      if (!trigger || !isPersonless(trigger)) return;
      for (const path of personRecipients(flow))
        yield {
          path,
          what: `takes the recipient from the person, and runs of a ${trigger.type} trigger have none`,
          fix: "Write a fixed recipient, or one from variables or event properties",
        };
      for (const { id } of flow.whose(({ recipient }) => recipient === "device"))
        yield {
          path: ["actions", id, "type"],
          what: `a push is sent to a device of the person, and runs of a ${trigger.type} trigger have none`,
          fix: "Use another kind of message, or another trigger",
        };
      // Triggers that PostHog checks itself have separate rules.
      if (trigger.type !== "schedule") return;
      for (const { id } of flow.whose(({ person }) => person === "actions"))
        yield {
          path: ["actions", id, "type"],
          what: "waits for what a person does, and runs of a schedule trigger have none",
          fix: "Use a delay, or a trigger of type batch",
        };
    },
  },
  "person-in-personless-run": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A flow that runs without a person does not read one.",
    why: "Its runs have no person: Liquid renders nothing, and Hog and filters read null",
    cites: "run time §1.1, §6.3, §7.2",
    fails: startedBy({ type: "schedule" }, { mail: email({ ...toTeam, subject: "For {{ person.properties.name }}" }) }),
    passes: startedBy({ type: "schedule" }, { mail: email(toTeam) }),
    *find(flow) {
      const { trigger } = flow;
      if (!trigger || !isPersonless(trigger)) return;
      const recipients = new Set([...personRecipients(flow)].map(formatPath));
      for (const text of textsOf(flow)) {
        if (recipients.has(formatPath(text.path))) continue;
        const found = text.id !== trigger.id ? text.references.find(({ root }) => root === "person") : undefined;
        if (found)
          yield {
            path: text.path,
            line: found.line,
            what: `reads the person, and runs of a ${trigger.type} trigger have none`,
            fix: "Use variables, event properties or a fixed value",
          };
      }
      for (const { path, property, id } of propertiesIn(flow))
        if (id !== trigger.id && property["type"] === "person")
          yield {
            path,
            what: `tests the person, and runs of a ${trigger.type} trigger have none`,
            fix: "Test a variable or an event property",
          };
    },
  },
});

/** One property of the person and nothing else: without a person, always empty. */
const OF_PERSON = /^\s*\{\{-?\s*person\.[^|{}]*\}\}\s*$/;

/** Recipients that are a property of the person and nothing else. */
function* personRecipients(flow: FlowView): Generator<Path> {
  // Where it is left out, PostHog fills in the person's phone.
  for (const { type, at, inputs } of templatedSteps(flow)) {
    const recipient = stepKindOf(type)?.recipient;
    if (!inputs || recipient === undefined || recipient === "device") continue;
    const { input, members, isFilledIn } = recipient;
    if (inputs[input] === undefined && isFilledIn) yield [...at, input];
    const written = members.reduce<unknown>((value, member) => own(value, member), own(inputs[input], "value"));
    if (typeof written === "string" && OF_PERSON.test(written)) yield [...at, input, "value", ...members];
  }
}

function isPersonless({ type, config }: { type: string; config: Record<string, unknown> }): boolean {
  const person = triggerKindOf(type)?.person;
  return (
    person === "never" ||
    (person === "unless it counts accounts" && own(config["filters"], "audienceType") === "accounts")
  );
}

// Rules about texts in Liquid and Hog: whether they can be read, and what they call (API §4.2, §4.6, run time §6).
import { formatPath, parsePath, type Path } from "../definition/canonical/paths";
import { isDict } from "../definition/canonical/values";
import { parseHogTemplate, type LanguageFinding, type LanguageFindingKind } from "../definition/language";
import { INPUT_ROOTS, TRIGGER_ROOTS } from "../definition/schema/roots";
import { inputItems, languageOf } from "../definition/graph/inputs";
import { rulesOf, type RuleFinding } from "./rule";
import { textsOf, type ReadText } from "../definition/graph/texts";
import { listOf, textOf, type FlowView } from "../definition/graph/view";
import { holdsItsKind } from "./inputs";
import { email, flowOf, push, sms, webhook } from "./examples";

const until = (expression: string) => ({ type: "delay", config: { delayUntil: { expression } } });
const hash = (text: string) => flowOf({}, { triggerMasking: { hash: text } });

interface Wanted {
  languages?: readonly ReadText["language"][];
  kindsOfText?: readonly ReadText["kind"][];
  kinds: readonly LanguageFindingKind[];
  severity?: LanguageFinding["severity"];
}
const INPUTS = ["input", "email", "trigger"] as const;
const REFUSED = ["syntax", "otherLanguage", "argumentCount"] as const;

/** Problems of these kinds, in texts that are certainly of these languages. */
function* findingsIn(
  flow: FlowView,
  { languages, kindsOfText: places, kinds, severity }: Wanted,
): Generator<RuleFinding> {
  for (const text of textsOf(flow)) {
    if (languages && !languages.includes(text.language)) continue;
    if (places && !places.includes(text.kind)) continue;
    for (const problem of text.findings) {
      if (!kinds.includes(problem.kind) || (severity && problem.severity !== severity)) continue;
      if (text.isSecret)
        yield { path: text.path, what: "this secret cannot be read as a template", fix: "Escape its braces as \\{" };
      else
        yield {
          path: text.path,
          what: problem.what,
          line: problem.line,
          ...(problem.why ? { why: capital(problem.why) } : {}),
          ...(problem.fix ? { fix: capital(problem.fix) } : {}),
        };
    }
  }
}
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const templateRules = rulesOf({
  "hog-syntax": {
    severity: "error",
    refusedBy: "server",
    text: "A Hog template is valid: each pair of braces holds one expression and is closed.",
    why: "PostHog compiles it when the flow is saved, and refuses what it cannot parse",
    cites: "API §4.2, run time §6.1",
    fails: flowOf({ notify: webhook({ body: { value: { who: "{person.properties.email" } } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { who: "{person.properties.email}" } } }) }),
    find: (flow) => findingsIn(flow, { languages: ["hog"], kindsOfText: INPUTS, kinds: ["syntax"], severity: "error" }),
  },
  "liquid-in-hog": {
    severity: "error",
    refusedBy: "server",
    text: "An input in Hog holds no Liquid.",
    why: "PostHog refuses Liquid in an input unless its `templating` is liquid",
    cites: "API §4.2",
    fails: flowOf({ notify: webhook({ body: { value: { who: "{{ person.properties.email }}" } } }) }),
    passes: flowOf({
      notify: webhook({ body: { value: { who: "{{ person.properties.email }}" }, templating: "liquid" } }),
    }),
    find: (flow) => findingsIn(flow, { languages: ["hog"], kindsOfText: INPUTS, kinds: ["otherLanguage"] }),
  },
  "language-unsaid": {
    severity: "error",
    refusedBy: "meaning",
    text: 'A text of a push is valid Hog, or has `templating: "liquid"`.',
    why: "The title and the id are Hog by default, and PostHog refuses Liquid in Hog",
    cites: "API §3.3, §4.2, §9 (8)",
    fails: flowOf({ ping: push({ title: { value: "Hello {{ person.name }}" } }) }),
    passes: flowOf({ ping: push({ title: { value: "Hello {{ person.name }}", templating: "liquid" } }) }),
    *find(flow) {
      for (const { path, language, input, languageRead, findings } of textsOf(flow)) {
        if (language !== "unsure" || !input?.row || !isDict(input.item) || input.item["templating"] !== undefined)
          continue;
        if (languageRead === "liquid")
          yield {
            path,
            what: "is Liquid, but is not marked as Liquid",
            fix: 'Write templating: "liquid" beside the value',
          };
        else if (findings.some(({ kind, severity }) => kind === "syntax" && severity === "error"))
          yield {
            path,
            what: "cannot be read as Hog",
            fix: 'Escape a brace as \\{, or write templating: "liquid" beside the value',
          };
      }
    },
  },
  "hog-in-liquid": {
    severity: "error",
    refusedBy: "run-time",
    text: "A text in Liquid holds no Hog.",
    why: "Liquid reads only double braces, and would send single ones unchanged",
    cites: "run time §6.1, §6.2",
    fails: flowOf({ mail: email({ subject: "Hello {person.properties.name}" }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.properties.name }}" }) }),
    *find(flow) {
      yield* findingsIn(flow, { languages: ["liquid"], kinds: ["otherLanguage"] });
      // Where the template has no choice, people who wrote Hog could not know.
      for (const { path, input, findings: found } of textsOf(flow)) {
        const text =
          input?.row?.language === "liquid" && input.row.kind === "text" && found.length === 0 && isDict(input.item)
            ? textOf(input.item["value"])
            : undefined;
        if (text !== undefined && !/\{\{|\{%/.test(text) && isHog(text))
          yield {
            path,
            what: "is Hog, and PostHog renders this text as Liquid whatever `templating` says: it is sent with its braces",
            fix: "Write it in Liquid, such as {{ person.properties.phone }}",
          };
      }
    },
  },
  "not-rendered": {
    severity: "error",
    refusedBy: "run-time",
    text: 'An input that PostHog does not compile (a choice, a number, a Slack channel, the sender of an SMS) holds no Hog, and Liquid only with `templating: "liquid"`.',
    why: "It is sent as it is written, braces included",
    cites: "API §2.3.1, run time §6.1",
    fails: flowOf({ text: sms({ from_number: { value: "{person.properties.sender}" } }) }),
    passes: flowOf({ text: sms({ from_number: { value: "{{ person.properties.sender }}", templating: "liquid" } }) }),
    *find(flow) {
      for (const input of inputItems(flow)) {
        const { at, key, item, row } = input;
        const text =
          isDict(item) && row && languageOf(input) === "none" && holdsItsKind(row, item["value"])
            ? textOf(item["value"])
            : undefined;
        if (text === undefined || !text.includes("{") || (!/\{\{|\{%/.test(text) && !isHog(text))) continue;
        yield {
          path: [...at, key, "value"],
          what: `\`${key}\` is not compiled: ${row!.kind} is sent as it is written`,
          fix: 'Write a fixed value, or Liquid with templating: "liquid" beside it',
        };
      }
    },
  },
  "templated-key": {
    severity: "warning",
    refusedBy: "run-time",
    text: "The keys of a map are plain text.",
    why: "PostHog renders the values of a map, but not its keys",
    cites: "run time §6.1",
    fails: flowOf({ notify: webhook({ body: { value: { "{person.properties.email}": 1 } } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { email: "{person.properties.email}" } } }) }),
    *find(flow) {
      for (const input of inputItems(flow)) {
        const { at, key, item, row } = input;
        const language = languageOf(input);
        if (!isDict(item) || language === "none" || row?.kind === "an e-mail") continue;
        for (const path of templatedKeys(item["value"], [...at, key, "value"]))
          yield {
            path,
            what: "this key is not rendered",
            fix: "Write a plain key, and put what changes in the value",
          };
      }
    },
  },
  "liquid-syntax": {
    severity: "error",
    refusedBy: "run-time",
    text: "A Liquid text is valid: its tags are known and closed, and it has at most 100,000 characters.",
    why: "PostHog accepts it, but the step fails for everybody when it is rendered",
    cites: "run time §6.2",
    fails: flowOf({ mail: email({ text: "{% if person.properties.pro %}Hello" }) }),
    passes: flowOf({ mail: email({ text: "{% if person.properties.pro %}Hello{% endif %}" }) }),
    find: (flow) => findingsIn(flow, { languages: ["liquid"], kinds: ["syntax", "unknownTag", "tooLong"] }),
  },
  "liquid-filter": {
    severity: "error",
    refusedBy: "run-time",
    text: "A Liquid text uses only filters that PostHog has.",
    why: "An unknown filter does nothing, or fails the step",
    cites: "run time §6.2",
    fails: flowOf({ mail: email({ subject: "Hello {{ person.properties.name | capitalise }}" }) }),
    passes: flowOf({ mail: email({ subject: "Hello {{ person.properties.name | capitalize }}" }) }),
    find: (flow) => findingsIn(flow, { languages: ["liquid"], kinds: ["unknownFilter"] }),
  },
  "hog-function": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A Hog text uses only functions that PostHog has.",
    why: "The step fails when it calls an unknown function",
    cites: "run time §6.1",
    fails: flowOf({ notify: webhook({ body: { value: { who: "{capitalise(person.name)}" } } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { who: "{upper(person.name)}" } } }) }),
    find: (flow) => findingsIn(flow, { kinds: ["unknownFunction", "argumentCount"] }),
  },
  "hog-text": {
    severity: "warning",
    refusedBy: "run-time",
    text: "A Hog text does what it seems to say.",
    why: "PostHog accepts it, but the result is different",
    cites: "run time §6.1",
    fails: flowOf({ notify: webhook({ body: { value: { who: "\\{{person.name}\\}" } } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { who: "{person.name}" } } }) }),
    find: (flow) => findingsIn(flow, { languages: ["hog"], kinds: ["syntax"], severity: "warning" }),
  },
  "text-not-read": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A text can be checked.",
    why: "It may be correct, but mistakes in it are not found",
    cites: "run time §6",
    fails: flowOf({ notify: webhook({ body: { value: { who: `{${"(".repeat(3000)}1${")".repeat(3000)}}` } } }) }),
    passes: flowOf({ notify: webhook({ body: { value: { who: "{1 + 2}" } } }) }),
    find: (flow) => findingsIn(flow, { kinds: ["notRead"] }),
  },
  "delay-expression": {
    severity: "error",
    refusedBy: "server",
    text: "The expression of a `delayUntil` is one Hog expression, without braces.",
    why: "PostHog compiles it when the flow is saved, and refuses what it cannot parse",
    cites: "API §4.2, run time §3.2",
    fails: flowOf({ before: until("person.properties.renewal)") }),
    passes: flowOf({ before: until("person.properties.renewal") }),
    find: (flow) => findingsIn(flow, { kindsOfText: ["delay"], kinds: REFUSED, severity: "error" }),
  },
  "masking-hash": {
    severity: "error",
    refusedBy: "server",
    text: "The hash of a masking is a valid Hog template.",
    why: "PostHog answers a hash that it cannot compile with a server error (500)",
    cites: "API §3.6, §4.6",
    fails: hash("{person.id"),
    passes: hash("{person.id}"),
    find: (flow) => findingsIn(flow, { kindsOfText: ["masking"], kinds: REFUSED, severity: "error" }),
  },
  "input-cycle": {
    severity: "error",
    refusedBy: "server",
    text: "The inputs of a step have no circular references.",
    why: "PostHog refuses inputs of which none can be rendered first",
    cites: "API §4.2",
    fails: flowOf({
      notify: webhook({ url: { value: "https://example.com/{inputs.body}" }, body: { value: "{inputs.url}" } }),
    }),
    passes: flowOf({ notify: webhook({ body: { value: "{inputs.url}" } }) }),
    *find(flow) {
      for (const [at, edges] of inputReferences(flow)) {
        const circle = circleIn(edges);
        if (circle)
          yield { path: [...at, circle[0]!], what: `these inputs refer to each other: ${circle.join(" → ")}` };
      }
    },
  },
  "secret-in-clear": {
    severity: "warning",
    refusedBy: "meaning",
    text: "A secret is in an input that PostHog keeps secret.",
    why: "PostHog stores other inputs in clear, headers and bodies included, and shows them to everybody who can read the flow",
    cites: "API §2.3.3",
    fails: {
      flow: {
        ...flowOf({ notify: webhook({ headers: { value: { Authorization: "Bearer 1234" } } }) }).flow,
        secretPaths: ["actions.notify.config.inputs.headers.value.Authorization"],
      },
    },
    passes: {
      flow: {
        ...flowOf({ notify: webhook({ signing_secret: { value: "Bearer 1234" } }) }).flow,
        secretPaths: ["actions.notify.config.inputs.signing_secret.value"],
      },
    },
    *find(flow) {
      const secrets = listOf(flow.inputs["secretPaths"]).map(String);
      if (secrets.length === 0) return;
      for (const { at, key, item, row, template } of inputItems(flow)) {
        const below = formatPath([...at, key]);
        if (!template || row?.secret || !isDict(item)) continue;
        for (const secret of secrets.filter((path) => path.startsWith(`${below}.`) || path.startsWith(`${below}[`)))
          yield {
            path: parsePath(secret) ?? [...at, key],
            what: `\`${key}\` is stored in clear, and this value is a secret`,
            fix: "Keep it in a PostHog integration, or sign with `signing_secret`",
          };
      }
    },
  },
});

/** Whether a text, read as Hog, calls or reads something. */
function isHog(text: string): boolean {
  const { references, functions, parts } = parseHogTemplate(text);
  return (
    parts !== undefined &&
    (functions.length > 0 || references.some(({ root }) => INPUT_ROOTS.includes(root) || TRIGGER_ROOTS.includes(root)))
  );
}

/** Keys of maps that somebody wrote to be rendered. */
function* templatedKeys(value: unknown, path: Path): Generator<Path> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* templatedKeys(item, [...path, i]);
  else if (isDict(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (/\{\{|\{%/.test(key) || (key.includes("{") && isHog(key))) yield [...path, key];
      yield* templatedKeys(item, [...path, key]);
    }
  }
}

/** By step, which input of it reads which. */
function inputReferences(flow: FlowView): Map<Path, Map<string, Set<string>>> {
  const all = new Map<Path, Map<string, Set<string>>>();
  const byStep = new Map<string, Path>();
  for (const { input, references, language } of textsOf(flow)) {
    if (!input || language === "liquid") continue;
    const at = byStep.get(input.id) ?? input.at;
    byStep.set(input.id, at);
    const edges = all.get(at) ?? new Map<string, Set<string>>();
    all.set(at, edges);
    for (const { root, path } of references)
      if (root === "inputs" && path[0] !== undefined)
        edges.set(input.key, (edges.get(input.key) ?? new Set()).add(path[0]));
  }
  return all;
}

function circleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const walk = (key: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(key)) return [...trail.slice(trail.indexOf(key)), key];
    if (done.has(key)) return undefined;
    for (const next of edges.get(key) ?? []) {
      const found = walk(next, [...trail, key]);
      if (found) return found;
    }
    done.add(key);
    return undefined;
  };
  for (const key of edges.keys()) {
    const found = walk(key, []);
    if (found) return found;
  }
  return undefined;
}

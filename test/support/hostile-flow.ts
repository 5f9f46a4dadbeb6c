// Flows whose texts try to leave their place: line ends of every kind, ends of comments, strings and fences, commands of terminals and CI runners, names of
// JavaScript, of Windows and of folders above. Whatever is broken out of runs or says one of two words, by which tests find it.
import type { Json } from "./reference-flows";
import { random, randomFlow, type Random } from "./random-flow";
import { randomComposition } from "./random-composition";

/** Code that was text sets this global, or holds this name. */
export const ESCAPED = "hogflowTextEscaped";
/** What stands behind a line end: no line of an output of ours begins so. */
export const FORGED = "FORGED";

const RUN = `globalThis.${ESCAPED}=1`;
const LINE_ENDS = ["\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029", "\n\r", "\n\n"];
const INVISIBLE = [
  "\u202e",
  "\u2066",
  "\u200b",
  "\u200f",
  "\ufeff",
  "\u00ad",
  "\u2060",
  "\u{e0041}",
  "\u115f",
  "\u3164",
  "\u0000",
  "\u0007",
  "\u0008",
  "\u007f",
  "\u009b31m",
  "\u001b[31m",
  "\u001b[2J\u001b[H",
  "\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "\u001b]0;title\u001b\\",
  "\ud800",
  "\udc00",
  "\t",
];

/** Texts, each of which breaks out of something. */
export const NASTY: readonly string[] = [
  ...LINE_ENDS.flatMap((end) => [
    `a${end}${FORGED} ${RUN}//`,
    `b${end}${FORGED}`,
    `x${end}\`\`\`${end}# ${FORGED}${end}`,
    `x${end}::error::${FORGED}`,
  ]),
  ...INVISIBLE.map((text) => `a${text}b`),
  `*/ ${RUN} /*`,
  `";${RUN}//`,
  `';${RUN}//`,
  `\`;${RUN}//`,
  `\${${RUN}}`,
  `\\\${${RUN}}`,
  `\\";${RUN}//`,
  `\\\\\`${RUN}`,
  "\\",
  "\\u0022",
  "`",
  "``````",
  "```js",
  "~~~~",
  "$",
  "${",
  "$${",
  "%%",
  "%%{init: {}}%%",
  `"]; ${FORGED} --> x["`,
  "end",
  "subgraph x",
  "</script><script>alert(1)</script>",
  "</details></summary>",
  "<!-- x",
  "-->",
  "--!>",
  "]]>",
  "<![CDATA[",
  "<?php",
  "--",
  "&lt;b&gt;&#35;",
  "<b>bold</b>",
  "<img src=x onerror=alert(1)>",
  "<a href=https://evil.example>x</a>",
  "@everyone",
  "a@evil.example",
  "#1",
  "GH-1",
  "evil/repo#2",
  "https://evil.example/a",
  "www.evil.example",
  "ftp://evil.example",
  "mailto:a@evil.example",
  ":tada:",
  "[x](javascript:alert(1))",
  "![x](https://evil.example/x.png)",
  "[x]: https://evil.example",
  "<https://evil.example>",
  "# heading",
  "- item",
  "+ item",
  "1. one",
  "2) two",
  "> quote",
  "| a | b |",
  "---",
  "===",
  "***",
  "**bold**",
  "__bold__",
  "~~gone~~",
  "    code",
  "\\@x",
  "&commat;x",
  "::warning::x",
  "  ::set-output name=a::b",
  "::add-mask::x",
  "##[group]x",
  "##vso[task.setvariable variable=a]b",
  "##teamcity[x]",
  "<{%fg 1%}>red<{%reset%}>",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "then",
  "valueOf",
  "../../../escaped",
  "..\\..\\escaped",
  "/etc/passwd",
  "C:\\x",
  "a/b",
  ".",
  "..",
  "con",
  "nul.txt",
  "COM1",
  "LPT1",
  "a:b",
  "index",
  "Index",
  "package.json",
  ".env",
  "node_modules",
  "{{ person.properties.email }}",
  '{{ "x" | append: "y" }}',
  "{% raw %}",
  "{person.properties.email}",
  "{f'x'}",
  "\\{",
  "{",
  "}}",
  'config.requireSecret("x; touch escaped")',
  `''''config.requireSecret("x; touch escaped")""`,
  `x\nexport const flow = new HogFlow(\n`,
  "'; touch escaped; '",
  "$(touch escaped)",
  "; touch escaped",
  "`touch escaped`",
  "-rf",
  "--yes",
  'import x from "y"',
  "// x",
  "/* x",
  "/** x",
  "#!/bin/sh",
  "null",
  "undefined",
  "true",
  "0",
  "1e999",
  "-0",
  "ⸯx",
  "größe",
  "日本語",
  "👩‍👩‍👧 ❤️",
  "ﬁ",
  "a".repeat(300),
  "word ".repeat(60),
];
const LONG_TEXTS = [
  "x".repeat(10_000),
  `${"<p>".repeat(3_000)}`,
  `c${"\r".repeat(500)}${FORGED}`,
  `${"`".repeat(400)}\n${FORGED}`,
  Array.from({ length: 200 }, (_, i) => `d${LINE_ENDS[i % LINE_ENDS.length]!}${FORGED}`).join(""),
];

export function nasty(r: Random, { max = 400 }: { max?: number } = {}): string {
  const parts = Array.from({ length: 1 + r.int(3) }, () =>
    max > 400 && r.chance(0.05) ? r.pick(LONG_TEXTS) : r.pick(NASTY),
  );
  const text = parts.join(r.pick(["", " ", "\n"])).slice(0, max);
  return text.trim() === "" ? `x${text}` : text;
}

/** Data with nasty keys, some levels deep. */
function nastyData(r: Random, depth: number): unknown {
  if (depth === 0 || r.chance(0.4))
    return r.chance(0.9) ? nasty(r, { max: 20_000 }) : r.pick<unknown>([1, true, null, [], {}]);
  if (r.chance(0.3)) return Array.from({ length: r.int(4) }, () => nastyData(r, depth - 1));
  return Object.fromEntries(Array.from({ length: 1 + r.int(4) }, () => [nasty(r), nastyData(r, depth - 1)]));
}

/** Members that hold somebody's words, wherever they stand. */
const WORDS: ReadonlySet<string> = new Set([
  "name",
  "description",
  "label",
  "subject",
  "html",
  "text",
  "preheader",
  "reason",
  "message",
  "title",
  "body",
  "url",
  "key",
  "default",
  "hash",
  "table_name",
  "result_path",
  "email",
]);
const SHORT: ReadonlySet<string> = new Set(["name", "key", "label", "table_name"]);

/** The same JSON with nasty texts in a share of the places that take any. */
function spoilt(value: unknown, r: Random, share: number, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => spoilt(item, r, share, key));
  if (typeof value === "string") {
    const isValue = key === "value" || WORDS.has(key);
    return isValue && r.chance(share) ? nasty(r, { max: SHORT.has(key) ? 200 : 20_000 }) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      // The data of a destination: keys are words, too.
      if (key === "inputs" && (name === "body" || name === "headers") && r.chance(share))
        return [name, { value: nastyData(r, name === "body" ? 6 : 1) }];
      // Events are called by their ids.
      if (key === "events" && name === "id" && typeof item === "string" && r.chance(share)) return [name, nasty(r)];
      return [name, spoilt(item, r, share, name)];
    }),
  );
}

/** Steps under nasty ids, and the edges between them. */
function renamed(flow: Json, r: Random, share: number): Json {
  const ids = new Map<string, string>();
  for (const { id } of flow["actions"] as Json[]) {
    const wanted = r.chance(share) ? nasty(r, { max: 150 }) : String(id);
    ids.set(String(id), [...ids.values()].includes(wanted) ? `${wanted}${ids.size}` : wanted);
  }
  const to = (id: unknown): unknown => ids.get(String(id)) ?? id;
  return {
    ...flow,
    actions: (flow["actions"] as Json[]).map((action) => ({ ...action, id: to(action["id"]) })),
    ...(flow["edges"] === undefined
      ? {}
      : { edges: (flow["edges"] as Json[]).map((edge) => ({ ...edge, from: to(edge["from"]), to: to(edge["to"]) })) }),
  };
}

const SCHEDULED: ReadonlySet<unknown> = new Set(["batch", "schedule"]);

/**
 * A flow in the JSON of the wire, the same for the same seed.
 *
 * @param share How many of its texts are nasty, from 0 to 1: PostHog refuses some of them, and then fewer are asked for.
 */
export function hostileFlow(seed: number, share = 0.5): Json {
  const r = random(seed * 65_537 + Math.round(share * 100));
  const base = r.chance(0.5)
    ? randomFlow(seed, { awkwardIds: false, oddEdges: r.chance(0.2) })
    : (randomComposition(seed) as Json);
  const flow = renamed(spoilt(base, r, share) as Json, r, share);
  const trigger = (flow["actions"] as Json[]).find(({ type }) => type === "trigger");
  const schedules = SCHEDULED.has((trigger?.["config"] as Json | undefined)?.["type"])
    ? ["active", "paused", "completed"].map((status) => ({
        id: nasty(r),
        rrule: "FREQ=DAILY",
        starts_at: "2030-01-07T09:00:00Z",
        timezone: "UTC",
        variables: { [nasty(r)]: nasty(r) },
        status,
      }))
    : [];
  const uuid = `00000000-0000-4000-8000-${String(seed).padStart(12, "0")}`;
  return { ...flow, id: uuid, name: nasty(r), ...(schedules.length > 0 ? { schedules } : {}) };
}

/** What PostHog's worker would have recorded of it. */
export function hostileRecords(seed: number, at: string): { logs: any[]; runs: any[]; metrics: any[] } {
  const r = random(seed * 31 + 7);
  return {
    logs: Array.from({ length: 3 }, () => ({
      timestamp: at,
      level: r.pick(["info", "warn", "error", nasty(r)]),
      message: nasty(r, { max: 20_000 }),
      instance_id: nasty(r),
    })),
    runs: [
      {
        invocation_id: nasty(r),
        started_at: at,
        status: r.pick(["failed", "succeeded", nasty(r)]),
        error_message: nasty(r, { max: 20_000 }),
        distinct_id: nasty(r),
      },
    ],
    metrics: [{ timestamp: at, name: nasty(r), kind: nasty(r), count: 1 }],
  };
}

/** A template of a destination, as PostHog returns it. */
export function hostileTemplate(seed: number): any {
  const r = random(seed * 17 + 3);
  const input = (i: number): Json => ({
    key: `${nasty(r)}${i}`,
    type: r.pick(["string", "choice", "dictionary", "json", "number", nasty(r)]),
    label: nasty(r),
    description: nasty(r),
    default: r.pick<unknown>([null, nasty(r), { [nasty(r)]: nasty(r) }]),
    required: r.chance(0.5),
    choices: [{ value: nasty(r), label: nasty(r) }],
  });
  return {
    id: `template-${nasty(r)}-${seed}`,
    name: nasty(r),
    description: nasty(r),
    type: "destination",
    status: "stable",
    free: true,
    inputs_schema: Array.from({ length: 4 }, (_, i) => input(i)),
  };
}

// Reads Liquid texts: bodies and subjects of e-mails, push texts, inputs with `templating: "liquid"` (run time §6.2).
import type { Template, Variable } from "liquidjs";
import { nearest } from "../schema/names";
import { decodeEntities } from "./liquid-entities";
import { DISABLED_FILTERS, DISABLED_TAGS, liquidEngine, MAX_LIQUID_SOURCE, parseWatched } from "./liquid-engine";
import { tagsIn } from "./liquid-tags";
import { squeeze } from "./liquid-squeeze";
import { memoised } from "./memo";
import { lineFinder, type LanguageFinding, type Parsed, type Reference, type TextLocation, type Use } from "./parsed";

/** A Liquid text, read. */
export interface ParsedLiquid extends Parsed {
  filters: readonly Use[];
  tags: readonly Use[];
}

// Run time §6.2
const WHY_MISSING = "PostHog's Liquid does not have it, so the text is not rendered as it reads";
const WHY_FAILS = "PostHog accepts it, and the step fails when the text is rendered";

interface LiquidError {
  message: string;
  token: { begin: number };
}

/** Whether liquidjs says it; otherwise the engine of JavaScript has run out of stack. */
function isLiquidError(error: unknown): error is LiquidError {
  const { message, token } = error as { message?: unknown; token?: { begin?: unknown } };
  return typeof message === "string" && typeof token?.begin === "number" && !message.startsWith("Maximum call stack");
}

/** A Hog expression that somebody wrote into a Liquid text: single braces around a known root. */
const HOG_IN_LIQUID = /(?<!\{)\{\s*((?:person|event|groups|variables)\.[\w$.]+)\s*\}(?!\})/g;

/**
 * Reads a Liquid text. Never throws; the answer is remembered by text.
 *
 * @example
 * parseLiquid("Hi {{ person.properties.name | default: 'there' }}").references; // [{ root: "person", path: ["properties", "name"], … }]
 */
export const parseLiquid = memoised((text: string): ParsedLiquid => {
  const lineOf = lineFinder(text);
  const findings: LanguageFinding[] = [];
  const at = (offset: number): TextLocation => ({ offset, line: lineOf(offset) });
  for (const found of text.matchAll(HOG_IN_LIQUID)) {
    findings.push({
      kind: "otherLanguage",
      severity: "warning",
      what: `${found[0]} is Hog, and this text is Liquid: it is sent unchanged`,
      fix: `write {{ ${found[1]} }}`,
      ...at(found.index),
    });
  }
  if (text.length > MAX_LIQUID_SOURCE) {
    const what = `the text has ${text.length} characters, more than the ${MAX_LIQUID_SOURCE} that Liquid renders`;
    findings.push({
      kind: "tooLong",
      severity: "error",
      what,
      why: WHY_FAILS,
      fix: "shorten it; images belong on a server",
      ...at(MAX_LIQUID_SOURCE),
    });
    return { references: [], filters: [], tags: [], findings };
  }
  if (!text.includes("{{") && !text.includes("{%")) return { references: [], filters: [], tags: [], findings };
  const curly = curlyQuote(text);
  if (curly !== undefined) {
    findings.push({
      kind: "syntax",
      severity: "error",
      what: "Liquid: curly quotes in a tag",
      why: "Liquid takes them for letters: the text fails, or what is quoted is looked up as a name",
      fix: `use straight quotes, " or '`,
      ...at(curly),
    });
    return { references: [], filters: [], tags: [], findings };
  }
  const decoded = decodeEntities(text);
  const squeezed = squeeze(decoded.text);
  const read = new LiquidReading(squeezed.text, (offset) => at(decoded.original(squeezed.original(offset))));
  return { ...read.result, findings: [...findings, ...read.findings] };
});

const CURLY_QUOTES = /[“”„‟‘’‚‛]/;

/** Where the first curly quote is that is in a tag and not inside straight quotes, as editors for prose put them. */
function curlyQuote(text: string): number | undefined {
  if (!CURLY_QUOTES.test(text)) return undefined;
  for (const { start, end } of tagsIn(text)) {
    const tag = text.slice(start, end);
    if (/^\{%-?\s*(?:comment|raw|#)/.test(tag)) continue;
    const found = tag.replace(/"[^"]*"|'[^']*'/g, (quoted) => " ".repeat(quoted.length)).search(CURLY_QUOTES);
    if (found >= 0) return start + found;
  }
  return undefined;
}

/** One text being read; offsets are those of the decoded and squeezed text until `locationAt` translates them. */
class LiquidReading {
  readonly findings: LanguageFinding[] = [];
  readonly result: Omit<ParsedLiquid, "findings">;

  constructor(
    private readonly text: string,
    private readonly locationAt: (offset: number) => TextLocation,
  ) {
    const { used, ...parsed } = parseWatched(text);
    let references: Reference[] = [];
    this.failed(parsed.errors);
    try {
      if (parsed.templates) references = this.references(parsed.templates);
    } catch (error) {
      this.failed([error]);
    }
    const filters = this.locate(used.filters, (name) => new RegExp(`\\|\\s*${escaped(name)}(?![\\w-])`, "g"));
    const tags = this.locate(used.tags, (name) => new RegExp(`(?:\\{%-?|\\n)\\s*${escaped(name)}(?![\\w-])`, "g"));
    for (const use of filters) this.judgeFilter(use);
    for (const use of tags) this.judgeTag(use);
    this.result = { references, filters, tags };
  }

  private references(templates: Template[]): Reference[] {
    const { globals } = liquidEngine().analyzeSync(templates, { partials: false });
    const starts = lineStarts(this.text);
    const found: Reference[] = [];
    const variables: Variable[] = Object.values(globals).flat();
    for (const variable of variables) {
      const [root, ...rest] = variable.segments;
      if (typeof root === "object") continue;
      const end = rest.findIndex((segment) => typeof segment === "object");
      const path = (end < 0 ? rest : rest.slice(0, end)).map(String);
      found.push({
        root: String(root),
        path,
        ...this.locationAt((starts[variable.location.row - 1] ?? 0) + variable.location.col - 1),
      });
    }
    return found.sort((a, b) => a.offset - b.offset);
  }

  /** liquidjs gives the names in the order of the text; their positions are found here. */
  private locate(names: readonly string[], pattern: (name: string) => RegExp): Use[] {
    const patterns = new Map<string, RegExp>();
    return names.map((name) => {
      const search = patterns.get(name) ?? pattern(name);
      patterns.set(name, search);
      const found = search.exec(this.text);
      const offset = found ? found.index + found[0].length - name.length : 0;
      return { name, ...this.locationAt(offset) };
    });
  }

  private judgeFilter(use: Use): void {
    const known = liquidEngine().filters;
    const instead = DISABLED_FILTERS[use.name];
    if (instead !== undefined)
      this.report(use, {
        kind: "unknownFilter",
        what: `the filter \`${use.name}\` is switched off in PostHog`,
        why: WHY_MISSING,
        fix: `use \`${instead}\``,
      });
    else if (!Object.hasOwn(known, use.name)) {
      const near = nearest(
        use.name,
        Object.keys(known).filter((name) => DISABLED_FILTERS[name] === undefined),
      );
      this.report(use, {
        kind: "unknownFilter",
        what: `Liquid has no filter \`${use.name}\``,
        why: "an unknown filter is passed over, so the value is sent unchanged",
        fix: near && `did you mean \`${near}\`?`,
      });
    }
  }

  private judgeTag(use: Use): void {
    if (DISABLED_TAGS.has(use.name))
      this.report(use, {
        kind: "unknownTag",
        what: `the tag \`${use.name}\` is switched off in PostHog: there are no other templates to use`,
        why: WHY_MISSING,
        fix: "put the text itself here",
      });
  }

  private failed(errors: readonly unknown[]): void {
    if (errors.some((error) => !isLiquidError(error))) {
      this.findings.push({
        kind: "notRead",
        severity: "warning",
        what: "this Liquid text is not checked: it is nested too deeply",
        ...this.locationAt(0),
      });
      return;
    }
    const tags = Object.keys(liquidEngine().tags);
    errors.forEach((error, index) => {
      const { message, token } = error as LiquidError;
      const said = message.replace(/, line:\d+, col:\d+[^]*$/, "");
      const tag = /^tag "(.*)" not found$/.exec(said)?.[1];
      const opener =
        tag === undefined
          ? undefined
          : (OPENERS[tag] ?? (tags.includes(tag.slice(3)) && tag.startsWith("end") ? tag.slice(3) : undefined));
      const location = this.locationAt(token.begin);
      if (tag === undefined)
        this.report(location, {
          kind: "syntax",
          what: `Liquid: ${said.slice(0, 200)}`,
          why: WHY_FAILS,
          fix: syntaxFix(said),
        });
      else if (opener === undefined) {
        const near = nearest(tag, tags);
        this.report(location, {
          kind: "unknownTag",
          what: `Liquid has no tag \`${tag}\``,
          why: WHY_FAILS,
          fix: near && `did you mean \`${near}\`?`,
        });
      }
      // What closes a block whose opening tag was refused just before is not a separate mistake.
      else if (index === 0)
        this.report(location, {
          kind: "syntax",
          what: `Liquid: \`${tag}\` has no \`${opener}\` before it`,
          why: WHY_FAILS,
        });
    });
  }

  private report(
    { offset, line }: TextLocation,
    finding: Omit<LanguageFinding, "severity" | keyof TextLocation>,
  ): void {
    this.findings.push({ severity: "error", ...finding, offset, line });
  }
}

/** Tags that are only valid inside others. */
const OPENERS: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  else: "if",
  elsif: "if",
  when: "case",
});

function syntaxFix(said: string): string | undefined {
  if (/^output .* not closed/.test(said)) return "close it with }}";
  if (/^tag "?\{%[^]*%\} not closed$/.test(said)) return `add {% end${/\{%-?\s*(\w+)/.exec(said)?.[1] ?? "…"} %}`;
  if (said.startsWith("raw ")) return "add {% endraw %}";
  if (said.endsWith("not closed")) return "close it with %}";
  if (/expected "\|" before filter/.test(said))
    return 'compare with == and join with `and`/`or`; write a key with characters other than letters, digits, _ and - in brackets: person.properties["$key"]';
  return undefined;
}

const escaped = (name: string): string => name.replace(/[^\w]/g, "\\$&");

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

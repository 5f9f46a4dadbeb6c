// Credentials that a live flow has in clear: no pulled program holds them. Each becomes a secret of the stack's configuration.
import { formatPath } from "../../definition/canonical/paths";
import { own } from "../../definition/canonical/values";
import { mapTexts } from "../../definition/graph/credential-texts";
import { oneLine } from "../../definition/plain-text";
import { withoutCredentials } from "../../definition/schema/credentials";
import { secretName } from "../../definition/schema/secret-name";
import { CODE_WIDTH } from "../code-layout";
import { standIn } from "../stand-ins";
import { SECRET } from "../../definition/canonical/secrets";

/** A credential that was taken out, by the name under which the program reads it. */
export interface TakenOut {
  /** Name in the stack's configuration. */
  key: string;
  /** Where PostHog has it, such as `actions.notify.config.inputs.headers.value.Authorization`. */
  path: string;
  /** What it is, such as `an API key`. */
  what: string;
}

/** Parts of a path that say nothing to people. */
const PASSED_OVER: ReadonlySet<string> = new Set(["actions", "config", "inputs", "value", "default", "variables"]);
const LONGEST_NAME = 80;

/** Takes credentials out of what one program is written of. The same value has one name. */
export class Credentials {
  readonly taken: TakenOut[] = [];
  /** What no configuration can say, because the program must know it: it is written as `[secret]`. */
  readonly stuck: string[] = [];
  private readonly keys = new Map<string, string>();

  /** @param word What a step is called in the program. */
  constructor(
    private readonly flow: string,
    private readonly word: (id: string) => string = (id) => id,
  ) {}

  /** The same data with stand-ins. */
  out<T>(data: T): T {
    return mapTexts(data, (text, writing, path) =>
      withoutCredentials(
        text,
        ({ what, name }, value) => {
          if (isStructure(path)) {
            this.stuck.push(
              `${formatPath(path)} holds ${what} and is part of the flow's structure, so it is written as ${SECRET}. Take it out in PostHog, and pull again.`,
            );
            return SECRET;
          }
          return standIn(this.keyOf(value, { path: named(path, data), what, name }));
        },
        writing,
      ),
    );
  }

  private keyOf(
    value: string,
    { path, what, name }: { path: readonly (string | number)[]; what: string; name: string | undefined },
  ): string {
    const known = this.keys.get(value);
    if (known !== undefined) return known;
    const id = path[0] === "actions" ? String(path[1]) : undefined;
    const words = path.filter(
      (part): part is string => typeof part === "string" && part !== id && !PASSED_OVER.has(part),
    );
    const base = secretName(
      this.flow,
      ...(id === undefined ? [] : [this.word(id)]),
      ...words,
      ...(name === undefined || words.includes(name) ? [] : [name]),
    ).slice(0, LONGEST_NAME);
    const taken = new Set(this.keys.values());
    let key = base;
    for (let n = 2; taken.has(key); n += 1) key = `${base}${n}`;
    this.keys.set(value, key);
    this.taken.push({ key, path: formatPath(path), what });
    return key;
  }
}

/** The path with the id of a step instead of its index in PostHog's list. */
const named = (path: readonly (string | number)[], data: unknown): readonly (string | number)[] => {
  const step =
    path[0] === "actions" && typeof path[1] === "number"
      ? own((own(data, "actions") as unknown[])[path[1]], "id")
      : undefined;
  return typeof step === "string" ? [path[0]!, step, ...path.slice(2)] : [...path];
};

const STRUCTURE: ReadonlySet<string> = new Set(["id", "name", "type", "next"]);

/** Where no output may be: titles, ids, types and wiring of steps, and what conditions test. */
function isStructure(path: readonly (string | number)[]): boolean {
  const [top, , third] = path;
  const last = path.at(-1);
  if (top === "edges" || top === "leftover" || (top === "variables" && last === "type")) return true;
  if (path.includes("inputs")) return false;
  if (top === "actions" && path.length <= 4 && (STRUCTURE.has(String(third)) || third === "branches")) return true;
  return (
    path.some((part) => part === "filters" || part === "conditions" || part === "events") &&
    last !== "value" &&
    typeof last === "string"
  );
}

/** The commands that set what was taken out, as comment lines. */
export const commandLines = ({ taken, stuck }: Credentials): string[] => [
  ...(taken.length === 0
    ? []
    : [
        "// PostHog shows these credentials in clear, and no program should. Set them before the first preview: each command asks for the value, which PostHog's editor",
        "// shows at the path behind it.",
      ]),
  ...taken.map(({ key, path }) => `//   pulumi config set --secret ${key}   # ${shortLine(path)}`),
  ...stuck.map((text) => `// ${shortLine(text)}`),
];

/** Paths are somebody else's words. */
const shortLine = (text: string): string => oneLine(text).slice(0, 2 * CODE_WIDTH);

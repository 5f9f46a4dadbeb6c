// Watches the outputs of a parsed Liquid text: what each shows stays as it is, and those that show nothing, or a default, are told.
import { toValueSync, Value, type Context, type Template } from "liquidjs";

/** An output with nothing to show, or with a default. */
export interface EmptyOutput {
  /** How it is written. */
  expression: string;
  /** What is shown in its place. */
  shows: string;
  /** What it is written into, and how much is there before it. Absent for what is only kept. */
  place?: { into: Written; at: number };
}

/** What templates write into: the text itself, or one that a tag keeps. */
interface Written {
  buffer: string;
}

type Tell = (output: EmptyOutput) => void;

/** The same templates, watched. */
export function watchOutputs(templates: Template[], tell: Tell): Template[] {
  for (const template of templates) {
    // Outputs, and the tags `echo` and `assign`, have a value; the others have what is inside of them.
    const { value } = template as { value?: unknown };
    if (value instanceof Value) watch(value, template, tell);
    if (template.children) watchOutputs(toValueSync(template.children(false, true)), tell);
  }
  return templates;
}

function watch(value: Value, template: Template, tell: Tell): void {
  const { expression, isAssigned } = writtenIn(template);
  let isDefault = false;
  let place: EmptyOutput["place"];
  if (!isAssigned) {
    const render = template.render.bind(template);
    template.render = (context, emitter) => {
      const into = emitter as unknown as Written;
      place = { into, at: into.buffer.length };
      return render(context, emitter);
    };
  }
  for (const filter of value.filters) {
    if (filter.name !== "default") continue;
    const render = filter.render.bind(filter);
    filter.render = function* (given: unknown, context: Context): Generator<unknown, unknown, unknown> {
      const shown = yield* render(given, context) as Generator<unknown, unknown, unknown>;
      if (shown !== given) isDefault = true;
      return shown;
    };
  }
  const evaluate = value.value.bind(value);
  value.value = function* (context: Context, lenient?: boolean): Generator<unknown, unknown, unknown> {
    isDefault = false;
    const shown = yield* evaluate(context, lenient);
    const text = textOf(shown);
    if (isDefault || (!isAssigned && text.trim() === ""))
      tell({ expression, shows: text.trim(), ...(place && { place }) });
    return shown;
  };
}

const textOf = (value: unknown): string => (value === null || value === undefined ? "" : String(value));

/** As an output is written, also where a tag does it. */
function writtenIn({ token }: Template): { expression: string; isAssigned: boolean } {
  const text = token.getText();
  const [, tag, rest = ""] = /^\{%-?\s*(echo|assign)\s+([^]*?)-?%\}$/.exec(text) ?? [];
  if (tag === undefined) return { expression: text, isAssigned: false };
  return {
    expression: `{{ ${(tag === "assign" ? rest.replace(/^[^=]*=/, "") : rest).trim()} }}`,
    isAssigned: tag === "assign",
  };
}

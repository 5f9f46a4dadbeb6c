// Renders the values of template inputs: texts in maps and lists leaf by leaf (run time §6.1, §6.2).
import { failure, value, type Evaluation, type Surroundings } from "./evaluation";
import { compileHogTemplate, evaluate, HogRefused } from "./hog/evaluate";
import { unfilledIn } from "./hog/unfilled";
import { renderLiquid } from "./liquid";

type Globals = Readonly<Record<string, unknown>>;
type RenderText = (text: string) => Evaluation;

/**
 * An input with `templating: "hog"`, which is the default. Keys of maps stay as written. A text that is one expression keeps its type; a date is Hog's own object.
 *
 * @throws NotSimulated, see `compileHogTemplate` and `evaluate`.
 * @example
 * renderHogValue({ email: "{person.properties.email}" }, globals, { now, random }); // { ok: true, value: { email: "ada@example.com" } }
 */
export function renderHogValue(input: unknown, globals: Globals, surroundings: Surroundings): Evaluation {
  const render: RenderText = (text) => {
    try {
      const result = evaluate(compileHogTemplate(text), globals, surroundings);
      if (result.ok && surroundings.unfilled && text.includes("{"))
        for (const { expression, shows } of unfilledIn(text, globals)) surroundings.unfilled(expression, shows);
      return result;
    } catch (error) {
      if (error instanceof HogRefused) return failure(error.message);
      throw error;
    }
  };
  return walk(input, render);
}

/**
 * An input with `templating: "liquid"`, such as the parts of an e-mail.
 *
 * @throws NotSimulated, see `renderLiquid`.
 * @example
 * renderLiquidValue({ subject: "Hi {{ person.properties.name }}" }, globals, { now, random }); // { ok: true, value: { subject: "Hi Ada" } }
 */
export function renderLiquidValue(input: unknown, globals: Globals, surroundings: Surroundings): Evaluation {
  return walk(input, (text) => renderLiquid(text, globals, surroundings));
}

function walk(input: unknown, text: RenderText): Evaluation {
  if (typeof input === "string") return text(input);
  if (Array.isArray(input)) {
    const items: unknown[] = [];
    for (const item of input as unknown[]) {
      const rendered = walk(item, text);
      if (!rendered.ok) return rendered;
      items.push(rendered.value);
    }
    return value(items);
  }
  if (typeof input !== "object" || input === null) return value(input);
  const members: [string, unknown][] = [];
  for (const [name, member] of Object.entries(input)) {
    const rendered = walk(member, text);
    if (!rendered.ok) return rendered;
    members.push([name, rendered.value]);
  }
  return value(Object.fromEntries(members));
}

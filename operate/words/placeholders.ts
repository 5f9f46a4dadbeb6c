// Placeholders of a template as a reader takes them: `Welcome, {first_name or there}`. What is more than a name stays as it is written.

const LIQUID = /\{\{-?\s*([A-Za-z_$][\w$.]*)\s*((?:\|[^{}]*)?)-?\}\}/g;
const HOG = /\{([A-Za-z_$][\w$]*(?:\.[\w$]+)+)\}/g;
const DEFAULT = /\|\s*default:\s*(?:"([^"]*)"|'([^']*)')/;

/**
 * A text of a message with its placeholders in words.
 *
 * @example
 * ```ts
 * placeholderWords('Welcome, {{ person.properties.first_name | default: "there" }}'); // Welcome, {first_name or there}
 * ```
 */
export const placeholderWords = (text: string): string =>
  text
    .replace(LIQUID, (_, path: string, filters: string) => {
      const [, double, single] = DEFAULT.exec(filters) ?? [];
      const otherwise = double ?? single;
      return `{${lastOf(path)}${otherwise === undefined || otherwise === "" ? "" : ` or ${otherwise}`}}`;
    })
    .replace(HOG, (_, path: string) => `{${lastOf(path)}}`);

const lastOf = (path: string): string => path.split(".").at(-1)!;

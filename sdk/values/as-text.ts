// What our values become where a program makes plain text of them, so that check finds it (design L14). The methods are the object's own members, because
// pulumi.interpolate and pulumi.output copy members and leave the class behind.

const MARK = Symbol.for("pulumi-hogflow.as-text");

/** Makes every way to text lead to this one. */
export function readsAs<T extends object>(value: T, text: string): T {
  const say = (): string => text;
  for (const name of ["toString", "toJSON"]) Object.defineProperty(value, name, { value: say, enumerable: true });
  Object.defineProperty(value, MARK, { value: true });
  return value;
}

/** Whether it is a value of ours, which is written down only where its kind belongs. */
export const isOurs = (value: unknown): boolean =>
  typeof value === "object" && value !== null && (value as { [MARK]?: boolean })[MARK] === true;

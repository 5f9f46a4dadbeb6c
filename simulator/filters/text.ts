// Values as the worker's virtual machine compares and prints them (run time §5.4).

/** The text form: null is `null`, true is `true`. Lists and maps have one, too, but nothing says which. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return "null";
  if (typeof value === "object") return undefined;
  return String(value);
}

/** The number that a value counts as against a number; missing and an empty text count as 0. Undefined for a text that is none. */
export function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return 0;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** Equality with loose types: numbers and numeric texts, booleans and `true`/`false`, booleans and 0/1. */
export function looselyEqual(x: unknown, v: unknown): boolean {
  const missing = x === null || x === undefined;
  if (missing || v === null || v === undefined) return missing && (v === null || v === undefined);
  if (typeof x === typeof v) return typeof x === "object" ? JSON.stringify(x) === JSON.stringify(v) : x === v;
  if (typeof x === "boolean" || typeof v === "boolean") {
    const [flag, other] = typeof x === "boolean" ? [x, v] : [v as boolean, x];
    // Any text but `true` counts as false.
    if (typeof other === "string") return flag === (other === "true");
    return typeof other === "number" && other === (flag ? 1 : 0);
  }
  const [a, b] = [numberOf(x), numberOf(v)];
  return typeof x !== "object" && typeof v !== "object" && a !== undefined && a === b;
}

// Readers for the values of options: whole numbers, moments, JSON. What cannot be read throws an Error that ends the sentence "--option …".
import { readTextFile } from "../definition/text-file";
import type { Parse } from "./define";

export function wholeNumber(min: number, max: number): Parse<number> {
  return (text) => {
    const number = Number(text);
    if (!/^-?\d+$/.test(text) || number < min || number > max)
      throw new Error(`must be a whole number from ${min} to ${max}, not "${text}"`);
    return number;
  };
}

/** A span back from now, `-7d` as PostHog writes it (also without the sign, and h, m, w), or a moment in ISO 8601. */
export const since: Parse<string> = (text) => {
  if (/^-?\d{1,4}[mhdw]$/.test(text)) return text.startsWith("-") ? text : `-${text}`;
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new Error(`must be a span such as 7d or 24h, or a moment such as 2026-12-01T09:00:00Z, not "${text}"`);
};

/** JSON on the command line, or the name of a file that holds it. */
export function orFile<T>(parse: Parse<T>): Parse<T> {
  return (text) => {
    if (/^\s*[[{"]/.test(text)) return parse(text);
    let content: string;
    try {
      content = readTextFile(text);
    } catch (error) {
      throw new Error(
        `must be JSON, or a file with JSON: ${(error as NodeJS.ErrnoException).code === "ENOENT" ? `there is no file "${text}"` : (error as Error).message}`,
      );
    }
    try {
      return parse(content);
    } catch (error) {
      throw new Error(`${(error as Error).message} (in ${text})`);
    }
  };
}

/** A JSON object. */
export const jsonObject: Parse<Record<string, unknown>> = (text) => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`must be JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error('must be a JSON object such as {"key": 1}');
  return value as Record<string, unknown>;
};

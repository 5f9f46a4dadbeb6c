// The configuration that a program gets when it runs without an engine: plain values from the files. What is encrypted stays so: in its place stands a text
// that nobody can guess, which becomes an unknown value wherever it reappears.
import { randomUUID } from "node:crypto";
import { isDict, UNKNOWN, type Dict } from "../../definition/canonical/values";
import { configText } from "../workspace";

/** What the preloaded file needs to know, as JSON in the environment of the program's process. */
interface PreloadSettings {
  /** The text that stands for a value that nobody knows. */
  standIn: string;
  /** Keys whose whole value is not known. */
  unknownKeys: string[];
  /** Whether a key that is missing here may be in an environment of Pulumi Cloud. */
  mayHaveMore: boolean;
}

export const PRELOAD_SETTINGS = "HOGFLOW_PROGRAM";

export interface ProgramConfig {
  /** By full key, as text. */
  values: Record<string, string>;
  /** Keys that Pulumi marks as secret. */
  secretKeys: string[];
  preload: PreloadSettings;
}

export function programConfig({ config, hasEnvironment }: { config: Dict; hasEnvironment: boolean }): ProgramConfig {
  const standIn = `hogflow_unknown_${randomUUID().replaceAll("-", "")}`;
  const values: Record<string, string> = {};
  const secretKeys: string[] = [];
  const unknownKeys: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (value === null || value === undefined) continue;
    const plain = withStandIns(value, standIn);
    values[key] = configText(plain);
    if (plain !== value) secretKeys.push(key);
    if (plain === standIn) unknownKeys.push(key);
  }
  return { values, secretKeys, preload: { standIn, unknownKeys, mayHaveMore: hasEnvironment } };
}

/** The same value where nothing in it is encrypted. */
function withStandIns(value: unknown, standIn: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => withStandIns(item, standIn));
    return items.every((item, i) => item === value[i]) ? value : items;
  }
  if (!isDict(value)) return value;
  if (typeof value["secure"] === "string" && Object.keys(value).length === 1) return standIn;
  const entries = Object.entries(value).map(([key, item]) => [key, withStandIns(item, standIn)] as const);
  return entries.every(([key, item]) => item === value[key]) ? value : Object.fromEntries(entries);
}

/** A copy in which whatever holds the stand-in is an unknown value. */
export function withUnknowns(value: unknown, standIn: string): unknown {
  if (typeof value === "string") return value.includes(standIn) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map((item) => withUnknowns(item, standIn));
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withUnknowns(item, standIn)]));
}

// The canonical form of a flow, from the built package.
import { createRequire } from "node:module";
import path from "node:path";
import type { Properties } from "../support/provider-process";

export const REPOSITORY = path.resolve(import.meta.dirname, "../..");
export const fromDist = createRequire(path.join(REPOSITORY, "package.json"));

export function canonicalJson(args: Properties): string {
  const { canonical } = fromDist("./dist/definition/canonical/canonical.js");
  return JSON.stringify(canonical(args));
}

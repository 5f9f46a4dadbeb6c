// Types of recipe.mjs, for TypeScript.

export const GO_MODULES: { executable: string; folder: string; package: string; version: string }[];

/** -1, 0 or 1, as `a` is older than, the same as, or newer than `b`. */
export function compareVersions(a: string, b: string): -1 | 0 | 1;

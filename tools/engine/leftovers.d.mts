// Types of leftovers.mjs, for TypeScript.

/** The processes of this machine, other than this one, whose environment has NAME=value. */
export function findMarked(name: string, value: string): { pid: number; command: string }[];

/** Ends them, and returns their number. */
export function killMarked(name: string, value: string, signal?: NodeJS.Signals): number;

// Types of arguments.mjs, for TypeScript.

export const HELP: string;
/** Throws at what it does not know. */
export function parseArguments(args: string[]): { keep: boolean; help: boolean };

// Types of code-change.mjs, for TypeScript.

export const INSERTED: { id: string; next: string };
/** Changes the file, and returns the change as lines with - and +. Throws when it does not fit. */
export function insertStep(file: string): string[];
export function changedLines(before: string, after: string, context?: number): string[];

// Types of build.mjs, for TypeScript.

/** Builds dist/ when a source changed since the last build; throws when it does not compile. */
export function build(options?: { log?: (line: string) => void }): Promise<void>;

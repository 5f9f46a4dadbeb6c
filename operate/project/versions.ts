// Which versions of the things around a program fit: the oldest of each, and TypeScript's first that does not.

/** The oldest Node that runs this package. */
export const OLDEST_NODE = "20.19.0";
/** The oldest engine, and Pulumi package, that keeps what a refresh finds. */
export const OLDEST_ENGINE = "3.216.0";
/** The oldest TypeScript that understands the types of this package. */
export const OLDEST_TYPESCRIPT = "5.2.0";
/** The first TypeScript without the API that Pulumi loads. */
export const FIRST_FOREIGN_TYPESCRIPT = "7.0.0";

/** Whether a version comes before another: `3.9.1` before `3.216.0`. What follows the three numbers does not count. */
export function isOlder(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split(/[.+-]/).map(Number));
  const at = [0, 1, 2].find((i) => (a![i] || 0) !== (b![i] || 0));
  return at !== undefined && (a![at] || 0) < (b![at] || 0);
}

// One resource that cannot be described does not stop a review: its entry says so, and nobody takes it for harmless.

/** Why, in words. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What stands in the place of a description. */
export const undescribedWords = (reason: string): string =>
  `This could not be described; read the preview itself: ${reason}`;

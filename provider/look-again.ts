// When to look again after an answer was lost: the server may still be at work.

/** Milliseconds before each look. */
export const LOOK_AGAIN_MS = [0, 1_500, 4_000];

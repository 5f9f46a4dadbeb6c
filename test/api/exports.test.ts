/** The rest of the provider relies on these names and no others. */
import { expect, it } from "vitest";
import * as api from "../../api";

it("exports", () => {
  expect(Object.keys(api).sort()).toEqual([
    "BEYOND_FLOWS",
    "MAX_SEARCH_LENGTH",
    "PausedTooLong",
    "PostHogApiError",
    "createClient",
    "createLimiter",
    "isGone",
    "kindOfKey",
    "sharedLimiter",
    "systemClock",
    "userPath",
    "waitNotes",
    "waitWords",
  ]);
});

// All promises, in the order in which they are tried: what everything else rests on comes first.
import type { Promised } from "../promise";
import { COMMAND_PROMISES } from "./commands";
import { EDIT_PROMISES } from "./edits";
import { EXAMPLES } from "./examples";
import { FAILURE_PROMISES } from "./failures";
import { LIVE_PROMISES } from "./live";
import { OWNER_PROMISES } from "./owners";
import { REFUSAL_PROMISES } from "./refusals";
import { SCHEDULE_PROMISES } from "./schedules";
import { SECRET_PROMISES } from "./secrets";

export const PROMISES: readonly Promised[] = [
  ...EXAMPLES,
  ...EDIT_PROMISES,
  ...OWNER_PROMISES,
  ...SCHEDULE_PROMISES,
  ...SECRET_PROMISES,
  ...FAILURE_PROMISES,
  ...COMMAND_PROMISES,
  ...REFUSAL_PROMISES,
  ...LIVE_PROMISES,
];

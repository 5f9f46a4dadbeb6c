// Every command of `hogflow`, and the groups that they are in.
import type { Command, Group } from "../define";
import { audience } from "./audience";
import { batchList, batchStart, batchWatch } from "./batch";
import { bulkDelete } from "./bulk-delete";
import { completion } from "./completion";
import { doctor } from "./doctor";
import { drift } from "./drift";
import { emulator } from "./emulator";
import { graph } from "./graph";
import { history } from "./history";
import { init } from "./init";
import { logs } from "./logs";
import { metrics } from "./metrics";
import { metricsTotals } from "./metrics-totals";
import { pull } from "./pull";
import { review } from "./review";
import { rules } from "./rules";
import { runs } from "./runs";
import { show } from "./show";
import { simulate } from "./simulate";
import { templatesList } from "./templates-list";
import { templatesPull } from "./templates-pull";
import { test } from "./test";
import { validate } from "./validate";
import { verify } from "./verify";

export const COMMANDS: readonly Command[] = [
  audience,
  batchList,
  batchStart,
  batchWatch,
  bulkDelete,
  completion,
  doctor,
  drift,
  emulator,
  graph,
  history,
  init,
  logs,
  metrics,
  metricsTotals,
  pull,
  review,
  rules,
  runs,
  show,
  simulate,
  templatesList,
  templatesPull,
  test,
  validate,
  verify,
];

export const GROUPS: readonly Group[] = [
  { name: "batch", summary: "runs of a flow for its whole audience" },
  { name: "templates", summary: "templates behind function steps" },
];

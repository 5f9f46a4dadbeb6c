// All figures, in the order in which they are measured: the quick ones first.
import type { Figure } from "../figure";
import { check } from "./check";
import { cpu } from "./cpu";
import { create } from "./create";
import { importing } from "./load";
import { large } from "./large";
import { limits } from "./limits";
import { memory } from "./memory";
import { noOp } from "./no-op";
import { operate } from "./operate";
import { refresh } from "./refresh";
import { show } from "./show";
import { simulate } from "./simulate";
import { sizes } from "./sizes";
import { update } from "./update";

export const FIGURES: readonly Figure[] = [
  sizes,
  check,
  simulate,
  show,
  importing,
  limits,
  cpu,
  create,
  update,
  noOp,
  refresh,
  large,
  memory,
  operate,
];

// Every command of `hogflow`, and the groups that they stand in.
import type { Command, Group } from "../define";
import { doctor } from "./doctor";
import { drift } from "./drift";
import { graph } from "./graph";
import { history } from "./history";
import { pull } from "./pull";
import { review } from "./review";

export const COMMANDS: readonly Command[] = [doctor, drift, graph, history, pull, review];

export const GROUPS: readonly Group[] = [];

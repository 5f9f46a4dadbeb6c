// Every command of `hogflow`, and the groups that they stand in.
import type { Command, Group } from "../define";
import { doctor } from "./doctor";
import { graph } from "./graph";
import { review } from "./review";

export const COMMANDS: readonly Command[] = [doctor, graph, review];

export const GROUPS: readonly Group[] = [];

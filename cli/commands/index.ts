// Every command of `hogflow`, and the groups that they stand in.
import type { Command, Group } from "../define";
import { doctor } from "./doctor";

export const COMMANDS: readonly Command[] = [doctor];

export const GROUPS: readonly Group[] = [];

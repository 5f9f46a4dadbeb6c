// One cell of the matrix: a program, an edit behind its back, and what a refresh must say about it.
import type { Emulator } from "../../emulator";
import type { Path } from "../../definition/canonical/paths";
import type { Dict } from "../../definition/canonical/values";
import type { WirePath } from "./fields";

export const KINDS = [
  "changed",
  "added",
  "removed",
  "default written out",
  "null written out",
  "white space",
  "key order",
  "unknown key",
  "unknown key of ours",
  "list item added",
  "list item removed",
  "list items swapped",
  "member of data",
  "what the server added",
  "step added",
  "step removed",
  "step renamed",
  "step rewired",
  "steps swapped in the wiring",
  "steps swapped in the list",
  "edges reordered",
  "edge added",
  "edge removed",
  "edge doubled",
  "edge index",
  "secret vanished",
  "secret moved",
  "secret added",
  "secret rotated",
  "status",
  "server-made noise",
] as const;
export type Kind = (typeof KINDS)[number];

/** Draft: PostHog's editor saves what is not complete, too. Active: every rule of PostHog holds. */
export type Mode = "draft" | "active";

export interface World {
  emulator: Emulator;
  /** Of the flow. */
  id: string;
}

/**
 * `drift`: must be seen. `none`: must not be seen. `effect`: seen exactly when the stored flow is another one than before.
 * `blind`: a stored secret, which nobody can see; no alarm, and not counted as seen.
 */
export type Expectation = "drift" | "none" | "effect" | "blind";

export interface Cell {
  /** Where: the home and the field. */
  field: string;
  kind: Kind;
  /** What is special about this one among those of its kind. */
  note?: string;
  mode: Mode;
  program: Dict;
  /** Throws what the emulator refuses. */
  edit(world: World): void;
  expect: Expectation;
  /** Where the difference must show: at each of these places, and nowhere else. */
  at: readonly Path[];
  /** Differences may show anywhere under the places, and need not under all of them. */
  loose?: boolean;
  /** The value that must show, by its place on the wire. */
  value?: WirePath;
  /** Reads through an address that answers as a newer PostHog does. */
  newer?: boolean;
  /** What must hold once the program is written again. */
  repaired?(world: World): string | undefined;
}

// The result of many simulations of one flow.
import type { Scenario } from "../input/scenario";
import type { EndKind, StartAttempt } from "../result/run";
import type { Branch } from "./coverage";

/** A scenario that shows something, and its index in the list. */
export interface Example {
  index: number;
  scenario: Scenario;
}

/** How many runs, and some scenarios in which it happened. */
export interface Counted {
  count: number;
  /** Up to three. */
  examples: Example[];
}

/** A step or branch that no run reached. */
export interface Missed {
  /** Why: no edge leads there, or no scenario reaches it. */
  why: string;
}

/** The result of many scenarios. */
export interface Many {
  flow: string;
  /** How many scenarios were simulated. */
  scenarios: number;
  runs: number;
  /** Runs that visited each step, by id. */
  steps: Record<string, Counted>;
  branches: (Branch & Counted)[];
  /** Paths through the flow, the most frequent first. */
  paths: (Counted & { path: string[] })[];
  /** Runs by how they ended, and scenarios in which nothing started. */
  ends: Partial<Record<EndKind, Counted>>;
  /** Messages sent, by step. */
  messages: Record<string, number>;
  /** Signals that started nothing, by their outcome. */
  attempts: Partial<Record<StartAttempt["outcome"], number>>;
  coverage: {
    steps: { total: number; reached: number; missed: ({ id: string } & Missed)[] };
    branches: { total: number; reached: number; missed: (Branch & Missed)[] };
  };
  notSimulated: string[];
  warnings: string[];
  /** The counts as text. */
  table(): string;
}

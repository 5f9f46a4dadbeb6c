// Types of narration.mjs, for TypeScript.
import type { Act, ActResult, Command, Outcome } from "./perform.mjs";

export interface Narrator {
  print(text?: string): void;
  introduction(setting: { engine: { version: string }; emulator: { url: string }; sandbox: { dir: string } }): void;
  act(number: number, total: number, act: Act): void;
  command(command: Command): void;
  /** Takes the engine's lines as they come. */
  engineOutput(): (line: string) => void;
  digest(outcome: Outcome, pick: (outcome: Outcome) => string[]): void;
  exitCode(code: number): void;
  requests(requests: Outcome["requests"]): void;
  edits(edits: { where: string; from: string; to: string }[]): void;
  codeChange(file: string, lines: string[]): void;
  verdict(number: number, act: Act, result: ActResult): void;
  summary(acts: Act[], results: ActResult[], seconds: number): void;
  next(): void;
}

export function createNarrator(options?: { write?: (text: string) => void; colour?: boolean }): Narrator;
/** A request's path, short enough for a line. */
export function shortPath(path: string, query: string): string;

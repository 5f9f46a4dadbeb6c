// What a promise is put to the test with: stacks on the real engine, the command, PostHog itself, and the gate between them.
import { setTimeout as sleep } from "node:timers/promises";
import { hogflow, type Ran } from "../support/command";
import { createStack, type CommandResult, type Stack, type StackOptions } from "../support/engine";
import { CAPTURE, type Gate, type Passed } from "./gate";
import type { Live, PostHog } from "./posthog";
import { Broken, Untried } from "./promise";

/** Where to, and as whom. */
export interface Target {
  /** Origin of PostHog. */
  host: string;
  projectId: string;
  key: string;
}

export interface World {
  readonly target: Target;
  readonly gate: Gate;
  readonly posthog: PostHog;
  readonly mark: string;
  /** A title with the mark of this run. */
  title(name: string): string;
  /** A stack that finds PostHog through the gate; it and its flows go with the promise. `key: null`: without a key. */
  stack(options?: StackOptions & { key?: string | null }): Promise<Stack>;
  /** `hogflow` in the folder of a stack; again where it could not do its work, and the connection failed meanwhile. */
  hogflow(stack: Stack, ...args: string[]): Promise<Ran>;
  /** Runs a command that must succeed, and again where the connection failed meanwhile. */
  succeeds(what: string, run: () => Promise<CommandResult>): Promise<CommandResult>;
  /** Runs a command that must not succeed. */
  fails(what: string, run: () => Promise<CommandResult>): Promise<CommandResult>;
  /** A further `up` finds nothing to do, and asks nothing. */
  isSilent(stack: Stack): Promise<void>;
  /** The requests that arrive while something runs. */
  during<T>(run: () => Promise<T>): Promise<{ result: T; passed: readonly Passed[] }>;
  /** The flow of this run with this title, which must be there once. */
  flow(name: string): Promise<Live>;
  /** Sends an event to the project, for a person who has the mark as id. Only with `--live`. */
  capture(event: string): Promise<void>;
  /** Waits until something holds. */
  until(what: string, holds: () => Promise<boolean>, seconds: number): Promise<void>;
  /** Something does not hold; the promise goes on. */
  differs(words: string): void;
  /** `differs`, unless it holds. */
  holds(is: boolean, otherwise: string): void;
  note(words: string): void;
}

export interface Findings {
  differences: string[];
  notes: string[];
}

const COMMAND_LIMIT_MS = 600_000;
const TRIES = 4;
/** The exit code of a command that could not do its work. */
const COULD_NOT = 1;
const POLL_MS = 1_000;
const SHOWN = 1_200;

/** Answers after which a command may have to run again: a user would do no other. */
const isTrouble = ({ status, stopped }: Passed): boolean =>
  stopped === undefined && (status === 0 || status >= 500 || status === 429);

export const isWrite = ({ method }: Passed): boolean => method !== "GET";
/** The writes that PostHog took. */
export const writesOf = (passed: readonly Passed[]): Passed[] =>
  passed.filter((one) => isWrite(one) && one.status >= 200 && one.status < 300);
export const lineOf = ({ method, path, status }: Passed): string => `${method} ${path} (${status})`;

export function worldOf(
  { target, gate, posthog, mark }: Pick<World, "target" | "gate" | "posthog" | "mark">,
  { findings, stacks }: { findings: Findings; stacks: Stack[] },
): World {
  const during = async <T>(run: () => Promise<T>): Promise<{ result: T; passed: readonly Passed[] }> => {
    const from = gate.passed.length;
    const result = await run();
    return { result, passed: gate.passed.slice(from) };
  };
  const title = (name: string): string => `${name} · ${mark}`;
  const world: World = {
    target,
    gate,
    posthog,
    mark,
    title,
    async stack({ key = target.key, env, ...options } = {}) {
      const stack = await createStack({
        ...options,
        ...(options.copyOf === undefined ? { project: options.project ?? mark } : {}),
        env: {
          POSTHOG_HOST: gate.url,
          POSTHOG_PROJECT_ID: target.projectId,
          ...(key === null ? {} : { POSTHOG_API_KEY: key }),
          ...env,
        },
      });
      stacks.push(stack);
      return patient(stack);
    },
    async hogflow(stack, ...args) {
      for (let attempt = 1; ; attempt += 1) {
        const { result, passed } = await during(() =>
          hogflow([...args, "--stack", stack.stack], { cwd: stack.dir, env: stack.env }),
        );
        if (result.code !== COULD_NOT || attempt === TRIES || !passed.some(isTrouble)) return result;
      }
    },
    async succeeds(what, run) {
      for (let attempt = 1; ; attempt += 1) {
        const { result, passed } = await during(run);
        if (result.code === 0) return result;
        const stopped = passed.find((one) => one.stopped !== undefined);
        if (stopped) throw new Broken(`${what}: ${lineOf(stopped)} was stopped by the gate: ${stopped.stopped}`);
        if (attempt === TRIES || !passed.some(isTrouble))
          throw new Broken(`${what} failed with exit code ${result.code}:\n${tail(result)}`);
        findings.notes.push(`${what} was run again, because the connection to PostHog failed`);
      }
    },
    async fails(what, run) {
      for (let attempt = 1; ; attempt += 1) {
        const { result, passed } = await during(run);
        if (result.code === 0) throw new Broken(`${what} should fail, and did not`);
        // It may have failed for the connection alone.
        if (attempt === TRIES || !passed.some(isTrouble)) return result;
      }
    },
    async isSilent(stack) {
      const { result, passed } = await during(() => stack.up(["--expect-no-changes"]));
      world.holds(result.code === 0, "a second up has something to do");
      for (const one of passed) world.differs(`a second up asked ${lineOf(one)}`);
    },
    during,
    async flow(name) {
      const found = (await posthog.list()).filter((row) => row["name"] === title(name));
      if (found.length !== 1) throw new Broken(`the flow "${name}" is there ${found.length} times, and not once`);
      return posthog.read(found[0]!["id"]);
    },
    async capture(event) {
      const project = await fetch(`${gate.url}/api/projects/${target.projectId}/`, {
        headers: { authorization: `Bearer ${target.key}` },
      });
      const token = project.ok ? ((await project.json()) as { api_token?: string }).api_token : undefined;
      if (token === undefined)
        throw new Untried("the key may not read the project's token for events (scope project:read)");
      const { status } = await fetch(`${gate.url}${CAPTURE}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          api_key: token,
          event,
          distinct_id: mark,
          properties: { $process_person_profile: true },
        }),
      });
      if (status !== 200)
        throw new Untried(`events cannot be sent to ${target.host}${CAPTURE}: it answers with ${status}`);
    },
    async until(what, holds, seconds) {
      const end = Date.now() + seconds * 1_000;
      while (!(await holds())) {
        if (Date.now() > end) throw new Broken(`${what}: not within ${seconds} s`);
        await sleep(POLL_MS);
      }
    },
    differs: (words) => void findings.differences.push(words),
    holds: (is, otherwise) => void (is || findings.differences.push(otherwise)),
    note: (words) => void findings.notes.push(words),
  };
  return world;
}

/** PostHog's limits may make a command wait for minutes. */
function patient(stack: Stack): Stack {
  const withLimit =
    (run: (args?: string[], options?: object) => Promise<CommandResult>) =>
    (args?: string[], options: object = {}) =>
      run(args, { timeoutMs: COMMAND_LIMIT_MS, ...options });
  return {
    ...stack,
    get log() {
      return stack.log;
    },
    up: withLimit(stack.up),
    preview: withLimit(stack.preview),
    refresh: withLimit(stack.refresh),
    destroy: withLimit(stack.destroy),
  };
}

const tail = ({ output }: CommandResult): string => output.trim().slice(-SHOWN);

// Performs the acts in order: says what comes, does it, and judges it. The first act that does not go as it said is the last.
import { writeFileSync } from "node:fs";
import { judgeAct, judgeCommand } from "./verdict.mjs";

/**
 * @typedef {object} Command
 * @property {"hogflow"} [tool] The command. Default: `pulumi`.
 * @property {string[]} args
 * @property {string} [folder] Where it runs, below the demo's folder. Default: there.
 * @property {string} [into] File for what it prints, which is then not shown.
 * @property {string} [why] Said before it, when the act's own words are not enough.
 * @property {number[]} [exitCodes] Those that are well. Default: 0.
 * @property {{ reads?: number, POST?: number, PUT?: number, PATCH?: number, DELETE?: number }} requests What the API may get meanwhile: exactly these writes, and at most so many reads.
 * @property {string[]} [says] Texts that the engine's output holds.
 * @property {boolean} [typeChecked] Pulumi checks the program's types before it runs it. Default: no, which saves seconds.
 * @property {(outcome: Outcome) => string[]} [digest] The lines that are printed instead of the whole output.
 */
/** @typedef {{ code: number, stdout: string, output: string }} CommandResult The code is -1 when the command was ended; `output` has stderr, too. */
/** @typedef {CommandResult & { requests: Pick<import("../../emulator/index").RequestRecord, "method" | "path" | "query" | "status">[] }} Outcome With what the API got meanwhile. */
/** @typedef {{ emulator: import("../../emulator/index").Emulator, [key: string]: any }} World What acts look at and remember. */
/** @typedef {ReturnType<typeof import("./narration.mjs").createNarrator>} Narrator */
/**
 * @typedef {object} Act
 * @property {string} title
 * @property {string} why Said before it: what comes, and why.
 * @property {string} expected For the summary.
 * @property {(world: World, narrator: Narrator) => void} [prepare] What happens before the commands: an edit, told as it is made.
 * @property {Command[] | ((world: World) => Command[])} commands
 * @property {(world: World, outcomes: Outcome[]) => (string | false | undefined)[]} check What is wrong with what is live afterwards. Falsy entries do not count.
 */
/**
 * @typedef {object} Stage
 * @property {World} world
 * @property {(args: string[], options: { tool?: "hogflow", folder?: string, typeChecked?: boolean, onLine?: (line: string) => void }) => Promise<CommandResult>} run
 * @property {Narrator} narrator
 * @property {() => number} [now] Milliseconds. Default: Date.now.
 */

/**
 * One result for each act that was played: the first that does not go as it said is the last.
 * @param {Act[]} acts
 * @param {Stage} stage
 * @returns {Promise<{ ok: boolean, results: { problems: string[], requests: number, seconds: number }[] }>}
 */
export async function performActs(acts, stage) {
  const results = [];
  for (const [index, act] of acts.entries()) {
    stage.narrator.act(index + 1, acts.length, act);
    const result = await performAct(act, stage);
    results.push(result);
    stage.narrator.verdict(index + 1, act, result);
    if (result.problems.length > 0) return { ok: false, results };
  }
  return { ok: true, results };
}

async function performAct(act, { world, run, narrator, now = Date.now }) {
  const started = now();
  const problems = [];
  const outcomes = [];
  const { emulator } = world;
  emulator.clearRequests();
  try {
    act.prepare?.(world, narrator);
    const commands = typeof act.commands === "function" ? act.commands(world) : act.commands;
    for (const command of commands) {
      const outcome = await performCommand(command, { emulator, run, narrator });
      outcomes.push(outcome);
      problems.push(...judgeCommand(command, outcome));
      if (problems.length > 0) break;
    }
    if (problems.length === 0) problems.push(...judgeAct(act, world, outcomes));
  } catch (error) {
    problems.push(error.message);
  }
  const requests = outcomes.reduce((sum, outcome) => sum + outcome.requests.length, 0);
  return { problems, requests, seconds: (now() - started) / 1000 };
}

async function performCommand(command, { emulator, run, narrator }) {
  narrator.command(command);
  emulator.clearRequests();
  const onLine = command.digest || command.into ? undefined : narrator.engineOutput();
  const result = await run(command.args, {
    tool: command.tool,
    folder: command.folder,
    typeChecked: command.typeChecked,
    onLine,
  });
  if (command.into) writeFileSync(command.into, result.stdout);
  const outcome = { ...result, requests: [...emulator.requests] };
  if (command.digest) narrator.digest(outcome, command.digest);
  narrator.exitCode(outcome.code);
  narrator.requests(outcome.requests);
  return outcome;
}

// Performs the acts in order: says what comes, does it, and judges it. The first act that does not go as it said is the last.
import { judgeAct, judgeCommand } from "./verdict.mjs";

/**
 * @typedef {object} Command
 * @property {string[]} args of `pulumi`
 * @property {string} [why] said before it, when the act's own words are not enough
 * @property {number[]} [exitCodes] default: 0
 * @property {{ reads?: number, POST?: number, PUT?: number, PATCH?: number, DELETE?: number }} requests what the API may get: writes exactly, reads at most
 * @property {string[]} [says] texts that the engine's output holds
 * @property {boolean} [typeChecked] Pulumi checks the program's types before it runs it. Default: no, which saves seconds
 * @property {(outcome: Outcome) => string[]} [digest] printed instead of the output
 *
 * @typedef {object} Outcome
 * @property {number} code
 * @property {string} stdout
 * @property {string} output
 * @property {{ method: string, path: string, query: string, status: number }[]} requests what the API got meanwhile
 *
 * @typedef {object} Act
 * @property {string} title
 * @property {string} why
 * @property {string} expected for the summary
 * @property {(world: any, narrator: any) => void} [prepare] what happens before the commands, and is told
 * @property {Command[] | ((world: any) => Command[])} commands
 * @property {(world: any, outcomes: Outcome[]) => (string | false | undefined)[]} check problems with what is live afterwards
 */

/**
 * @param {Act[]} acts
 * @param {{ world: any, run: Function, narrator: any, now?: () => number }} stage
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
  const onLine = command.digest ? undefined : narrator.engineOutput();
  const result = await run(command.args, { typeChecked: command.typeChecked, onLine });
  const outcome = { ...result, requests: [...emulator.requests] };
  if (command.digest) narrator.digest(outcome, command.digest);
  narrator.requests(outcome.requests);
  return outcome;
}

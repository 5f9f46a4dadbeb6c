// Performs the acts in order: says what comes, does it, and judges it. The first act that does not go as it said is the last.
import { judgeAct, judgeCommand } from "./verdict.mjs";

/** What an act is, and the rest of the types: perform.d.mts. */
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
  narrator.exitCode(outcome.code);
  narrator.requests(outcome.requests);
  return outcome;
}

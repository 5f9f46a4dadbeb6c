// Whether a command, and an act, went as it said: every way in which it did not, as text.

/** Requests by method. Reads are counted together: how many a refresh needs is the provider's business. */
export function countRequests(requests) {
  const counts = {};
  for (const { method } of requests) {
    const kind = method === "GET" ? "reads" : method;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** Every way in which the command did not go as it said. */
export function judgeCommand(command, outcome) {
  const problems = [];
  const name = `${command.tool ?? "pulumi"} ${command.args.join(" ")}`;
  const codes = command.exitCodes ?? [0];
  if (!codes.includes(outcome.code))
    problems.push(`\`${name}\` ended with exit code ${outcome.code}, not ${codes.join(" or ")}`);
  problems.push(...judgeRequests(command.requests, outcome.requests).map((problem) => `\`${name}\`: ${problem}`));
  for (const text of command.says ?? []) {
    if (!outcome.output.includes(text)) problems.push(`\`${name}\` did not say: ${text}`);
  }
  return problems;
}

/** Writes exactly as many as said, reads at most, and every one answered well. */
function judgeRequests(expected, requests) {
  const problems = [];
  const { reads = 0, ...writes } = countRequests(requests);
  const { reads: allowed = 0, ...expectedWrites } = expected;
  if (reads > allowed) problems.push(`${reads} reading requests, and not at most ${allowed}`);
  for (const method of new Set([...Object.keys(writes), ...Object.keys(expectedWrites)])) {
    const [is, should] = [writes[method] ?? 0, expectedWrites[method] ?? 0];
    if (is !== should) problems.push(`${is} × ${method}, and not ${should}`);
  }
  for (const { method, path, status } of requests) {
    if (status < 200 || status > 299) problems.push(`${method} ${path} was answered with ${status}`);
  }
  return problems;
}

/** What an act's own check finds. One that cannot even look has found something, too. */
export function judgeAct(act, world, outcomes) {
  try {
    return act.check(world, outcomes).filter(Boolean);
  } catch (error) {
    return [error.message];
  }
}

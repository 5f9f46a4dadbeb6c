// Looks at everything that a first `pulumi up` can fail on: Node, engine, the program, host, clock, key, project, scopes. Each with a verdict and the fix.
import { BEYOND_FLOWS, kindOfKey, PostHogApiError, systemClock, type Clock, type PostHogClient } from "../api";
import { type TargetSettings } from "../definition/target";
import { keyFor } from "../provider/key";
import type { Check, CheckName, Verdict } from "./checks";
import { connect, hostOf, projectOf } from "./connection";
import { findLeftBehind, type KnownStack } from "./left-behind/find";
import { readMarkers } from "./left-behind/markers";
import { LEFT_BEHIND, leftBehindTitle } from "./left-behind/text";
import { programChecks } from "./project/checks";
import { isOlder, OLDEST_ENGINE, OLDEST_NODE } from "./project/versions";
import { runPulumi } from "./pulumi";
import { counted, listWords } from "./words/values";

/** What is looked at. */
export interface DoctorOptions {
  settings: TargetSettings;
  /** Instead of the configured ones. */
  host?: string;
  projectId?: string;
  /** Folder of a Pulumi project, whose program is checked without running it. Default: none is. */
  dir?: string;
  /** Ask PostHog nothing: only this machine and the program are checked. Default false. */
  offline?: boolean;
  clock?: Clock;
  signal?: AbortSignal;
  /** Told what is being looked at. */
  progress?: (text: string) => void;
  /** Default: this process'. */
  nodeVersion?: string;
  /** Gives the engine's version. Default: asks the `pulumi` on PATH. */
  engineVersion?: () => Promise<string>;
  /** Gives what the stack has, so that what is in no state is looked for. Default: it is not. */
  known?: () => Promise<KnownStack | undefined>;
}

/** More than that and stamps, spans and certificates are misread. */
const CLOCK_TOLERANCE_MS = 60_000;

/** No object of PostHog has this id: requests about it do nothing, and yet show whether the key's scopes suffice. */
const NOBODY = "00000000-0000-4000-8000-000000000000";

/** What needs each scope beyond reading. */
interface ScopeProbe {
  name: CheckName;
  probe: (client: PostHogClient) => Promise<unknown>;
  needed: string;
  required: boolean;
}
const SCOPES: readonly ScopeProbe[] = [
  // Refused scopes come before "not found" (API §0.6): nothing is written.
  {
    name: "hog_flow:write",
    probe: (client) => client.discardDraft(NOBODY),
    needed: "to create and change flows",
    required: true,
  },
  {
    name: "person:read",
    probe: (client) => client.countRuns(NOBODY),
    needed: "for schedules, batches, audiences and runs",
    required: false,
  },
  {
    name: "group:read",
    // Newer versions do not look the flow up, and run what is given: a flow without steps is refused by each.
    probe: (client) => client.testInvocation(NOBODY, { configuration: { actions: [] } }),
    needed: "for test runs (hogflow test, hogflow verify)",
    required: false,
  },
];

/** What a project secret API key may be asked. */
const FLOWS_ONLY_SCOPES: readonly ScopeProbe[] = [{ ...SCOPES[0]!, probe: (client) => client.patchFlow(NOBODY, {}) }];

/**
 * Checks Node, engine, program, host, clock, key, project and scopes, with five requests at most, and, with `known`, whether the stack's flows carry its marker, and what does and is in no
 * state: two searches, and a request for each of up to 60 flows that a schedule can start. Changes nothing. Never throws for what it finds; a check that depends
 * on a failed one is `skipped`.
 *
 * @example
 * const checks = await doctor({ settings: await openWorkspace().settings() });
 * checks.filter(({ verdict }) => verdict === "failed").forEach(({ what, fix }) => console.error(what, fix));
 */
export async function doctor(options: DoctorOptions): Promise<Check[]> {
  const { progress = () => {} } = options;
  progress("Looking at Node and the Pulumi engine …");
  const local = [
    nodeCheck(options.nodeVersion ?? process.versions.node),
    await engineCheck(options),
    ...(options.dir === undefined ? [] : programChecks(options.dir)),
  ];
  if (options.offline) return local;
  progress("Asking PostHog …");
  const remote = await remoteChecks(options);
  const checks = [...local, ...REMOTE.flatMap((name) => remote.filter((check) => check.name === name))];
  if (options.known === undefined) return checks;
  let known: Promise<KnownStack | undefined> | undefined;
  const knownOnce = (): Promise<KnownStack | undefined> => (known ??= options.known!());
  return [...checks, await markerCheck(checks, knownOnce, options), await leftBehindCheck(checks, knownOnce, options)];
}

/** Why nothing of the stack can be compared with PostHog, or nothing. */
function withoutStack(checks: readonly Check[]): string | undefined {
  const failed = (["engine", "hog_flow:read"] as const).find((needed) =>
    checks.some((check) => check.name === needed && check.verdict !== "ok"),
  );
  if (failed === undefined) return undefined;
  return `not checked: ${failed === "engine" ? "only Pulumi can read the state of the stack" : "flows cannot be read"}`;
}

/** Whether the flows of the stack still say in PostHog that this stack manages them. */
async function markerCheck(
  checks: readonly Check[],
  knownStack: () => Promise<KnownStack | undefined>,
  { settings, host, projectId, clock, signal }: DoctorOptions,
): Promise<Check> {
  const name = "marker";
  const why = withoutStack(checks);
  if (why !== undefined) return { name, verdict: "skipped", what: why };
  try {
    const known = await knownStack();
    const client = connect(settings, { host, projectId, clock, signal });
    const report = known === undefined ? undefined : await readMarkers(client, known);
    if (report === undefined) return { name, verdict: "skipped", what: "not checked: the stack has no state" };
    const { checked, taken, lost } = report;
    if (taken.length > 0)
      return {
        name,
        verdict: "failed",
        what: `also managed by others: ${listed(taken.map(({ flow, owner }) => `${flow} by ${owner}`))}`,
        fix: "A flow has one owner: remove it from one of the two programs, or take it over with adoptFrom after `pulumi refresh`",
      };
    if (lost.length > 0)
      return {
        name,
        verdict: "warning",
        what: `without the marker that says who manages them: ${listed(lost)}`,
        fix: "Somebody removed the line from the description. Put it back in PostHog, or change the flow: the next update writes it",
      };
    return { name, verdict: "ok", what: `${counted(checked, "flow")} of the stack, each with its marker in PostHog` };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { name, verdict: "warning", what: "the markers could not be read", fix: (error as Error).message };
  }
}

const listed = (texts: readonly string[]): string =>
  listWords([...texts.slice(0, SHOWN), ...(texts.length > SHOWN ? [`${texts.length - SHOWN} more`] : [])], "and");

/** Most flows that are asked for their schedules, so that the key's hourly limit (API §6.4) is left to others. */
const MOST_FLOWS = 60;
/** Things that a sentence names one by one. */
const SHOWN = 5;

async function leftBehindCheck(
  checks: readonly Check[],
  knownStack: () => Promise<KnownStack | undefined>,
  { settings, host, projectId, clock, signal, progress }: DoctorOptions,
): Promise<Check> {
  const name = "left-behind";
  const why = withoutStack(checks);
  if (why !== undefined) return { name, verdict: "skipped", what: why };
  try {
    const known = await knownStack();
    if (known === undefined) return { name, verdict: "skipped", what: "not checked: the stack has no state" };
    const { found, unread } = await findLeftBehind(known, {
      settings,
      host,
      projectId,
      clock,
      progress,
      mostFlows: MOST_FLOWS,
    });
    if (signal?.aborted) throw signal.reason;
    if (found.length > 0) {
      return {
        name,
        verdict: "failed",
        what: `in no state: ${listed(found.map((left) => `${leftBehindTitle(left)} ${left.id}`))}`,
        fix: `${LEFT_BEHIND}: adopt or archive flows, adopt or delete schedules. \`hogflow drift\` says how for each`,
        found,
      };
    }
    if (unread.length > 0)
      return {
        name,
        verdict: "warning",
        what: "could not check whether everything of this stack is in its state",
        fix: unread.join(" "),
      };
    return {
      name,
      verdict: "ok",
      what: `${counted(known.resources.length, "resource")} in the state, and nothing else of this stack`,
    };
  } catch (error) {
    if (signal?.aborted) throw error;
    return {
      name,
      verdict: "warning",
      what: "the state of the stack could not be read",
      fix: (error as Error).message,
    };
  }
}

function nodeCheck(version: string): Check {
  if (isOlder(version, OLDEST_NODE))
    return {
      name: "node",
      verdict: "failed",
      what: `Node ${version} is too old`,
      fix: `Install Node ${OLDEST_NODE} or later (https://nodejs.org/en/download)`,
    };
  return { name: "node", verdict: "ok", what: `Node ${version}` };
}

async function engineCheck({ settings, engineVersion, signal }: DoctorOptions): Promise<Check> {
  const ask =
    engineVersion ??
    (async () =>
      (
        await runPulumi(["version"], {
          cwd: process.cwd(),
          env: settings.env,
          signal,
          why: "Previews and updates run in it",
        })
      ).stdout);
  try {
    const version = (await ask()).trim().replace(/^v/, "");
    if (isOlder(version, OLDEST_ENGINE)) {
      return {
        name: "engine",
        verdict: "failed",
        what: `Pulumi ${version} is too old`,
        fix: `Install Pulumi ${OLDEST_ENGINE} or later (https://www.pulumi.com/docs/install)`,
      };
    }
    return { name: "engine", verdict: "ok", what: `Pulumi ${version}` };
  } catch (error) {
    if (signal?.aborted) throw error;
    return {
      name: "engine",
      verdict: "failed",
      what: "There is no Pulumi engine that runs",
      fix: (error as Error).message,
    };
  }
}

/** What PostHog is asked about, in the order in which it is told. */
const REMOTE: readonly CheckName[] = [
  "host",
  "clock",
  "key",
  "project",
  "hog_flow:read",
  "hog_flow:write",
  "person:read",
  "group:read",
];

/** Adds what could not be looked at because of what failed. */
const withSkipped = (checks: readonly Check[], because: string): Check[] => [
  ...checks,
  ...REMOTE.filter((name) => !checks.some((check) => check.name === name)).map((name): Check => ({
    name,
    verdict: "skipped",
    what: `not checked: ${because}`,
  })),
];

async function remoteChecks({
  settings,
  host: givenHost,
  projectId: givenProject,
  clock = systemClock,
  signal,
}: DoctorOptions): Promise<Check[]> {
  let host: string;
  try {
    host = hostOf(settings, givenHost);
  } catch (error) {
    return withSkipped([failedCheck("host", error)], "there is no host to ask");
  }
  // Two things may be missing at once, and both are told.
  const missing: Check[] = [];
  for (const [name, find] of [
    ["key", () => keyFor(host, settings)],
    ["project", () => projectOf(settings, givenProject)],
  ] as const) {
    try {
      find();
    } catch (error) {
      missing.push(failedCheck(name, error));
    }
  }
  if (missing.length > 0)
    return withSkipped(missing, `there is no ${missing.map(({ name }) => name).join(" and no ")}`);

  let date: string | undefined;
  let client: PostHogClient;
  try {
    client = connect(settings, {
      host: givenHost,
      projectId: givenProject,
      clock,
      signal,
      onRequest: (request) => (date = request.date ?? date),
    });
  } catch (error) {
    return withSkipped([failedCheck("key", error)], "no request can be made");
  }
  const answer = await outcome(client.listFlows({ limit: 1 }));
  if (signal?.aborted) throw signal.reason;
  const hostFailure = answer instanceof PostHogApiError && notPostHog(answer) ? answer : undefined;
  if (hostFailure) return withSkipped([failedCheck("host", hostFailure)], `${host} does not answer as PostHog does`);

  const checks: Check[] = [{ name: "host", verdict: "ok", what: `${host} answers` }, clockCheck(date, clock)];
  const add = (name: CheckName, verdict: Verdict, what: string, fix?: string) =>
    checks.push({ name, verdict, what, fix });
  if (answer instanceof PostHogApiError && answer.status === 401) {
    add("key", "failed", "PostHog does not accept the key", answer.message);
    return withSkipped(checks, "the key is not accepted");
  }
  const key = keyFor(host, settings);
  const kind = kindOfKey(key);
  add("key", "ok", `the key (${key.slice(0, 4)}…${kind ? `, ${kind.name}` : ""}) is accepted`);
  const scope = missingScope(answer);
  if (answer instanceof PostHogApiError && scope === undefined) {
    checks.push(failedCheck("project", answer));
    return withSkipped(checks, "the project cannot be used");
  }
  if (scope !== undefined) {
    add("project", "skipped", `not checked: the scope ${scope} is missing`);
    add("hog_flow:read", "failed", "the key may not read flows", (answer as PostHogApiError).message);
  } else {
    add("project", "ok", `project ${client.projectId}: ${flowCount(answer as { count: number })}`);
    add("hog_flow:read", "ok", "the key may read flows");
  }
  const probes = kind?.flowsOnly ? FLOWS_ONLY_SCOPES : SCOPES;
  for (const probe of probes) checks.push(await scopeCheck(client, probe));
  if (kind?.flowsOnly)
    for (const { name, needed } of SCOPES.slice(1))
      add(
        name,
        "warning",
        `${kind.name} never has the scope ${name}, needed ${needed}`,
        `${BEYOND_FLOWS} Use a personal API key (phx_…) for the rest`,
      );
  if (signal?.aborted) throw signal.reason;
  return checks;
}

async function scopeCheck(client: PostHogClient, { name, probe, needed, required }: ScopeProbe): Promise<Check> {
  const answer = await outcome(probe(client));
  const scope = missingScope(answer);
  // Of several missing scopes PostHog names one.
  if (scope !== undefined && scope !== name)
    return { name, verdict: "skipped", what: `not checked: the scope ${scope} is missing` };
  if (scope !== undefined)
    return {
      name,
      verdict: required ? "failed" : "warning",
      what: `the key lacks the scope ${name}, needed ${needed}`,
      fix: (answer as PostHogApiError).message,
    };
  if (answer instanceof PostHogApiError && answer.status !== 404 && answer.status !== 400)
    return {
      name,
      verdict: "warning",
      what: `could not check whether the key has the scope ${name}`,
      fix: answer.message,
    };
  return { name, verdict: "ok", what: `the key has the scope ${name}` };
}

const flowCount = ({ count }: { count: number }): string => `${count} ${count === 1 ? "flow" : "flows"}`;

/** Says no in a way that PostHog never does: the address is wrong, or what is in between. */
function notPostHog({ status, code }: PostHogApiError): boolean {
  if (status === undefined) return true;
  return code === "redirect" || code === "unreadable" || status >= 500;
}

function clockCheck(date: string | undefined, clock: Clock): Check {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs))
    return { name: "clock", verdict: "skipped", what: "not checked: the server does not send its time" };
  const off = clock.now() - theirs;
  const seconds = Math.round(Math.abs(off) / 1000);
  if (Math.abs(off) <= CLOCK_TOLERANCE_MS)
    return { name: "clock", verdict: "ok", what: `the clock agrees with the server's (${seconds} s apart)` };
  return {
    name: "clock",
    verdict: "warning",
    what: `the clock of this machine is ${seconds} s ${off > 0 ? "ahead of" : "behind"} the server's`,
    fix: "Set it from network time (NTP): hogflow uses it for the times of schedules and spans such as -7d",
  };
}

const MISSING_SCOPE = /required scope '([^']+)'/;

function missingScope(answer: unknown): string | undefined {
  return answer instanceof PostHogApiError && answer.status === 403
    ? MISSING_SCOPE.exec(answer.detail)?.[1]
    : undefined;
}

/** The answer, or the API's error; anything else is thrown. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof PostHogApiError) return error;
    throw error;
  }
}

const WORDS: Partial<Record<CheckName, string>> = {
  host: "the host cannot be used",
  key: "there is no key that can be used",
  project: "the project cannot be used",
};

function failedCheck(name: CheckName, error: unknown): Check {
  return { name, verdict: "failed", what: WORDS[name] ?? name, fix: (error as Error).message };
}

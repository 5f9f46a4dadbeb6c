// `hogflow pull`: the programs of live flows, read from PostHog and compared with the files that are there.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { isGone, type PostHogClient, type WireFlow, type WireFlowRow } from "../../provider/api";
import { OperateError } from "../errors";
import { resourceName } from "../program-text";
import { pulledFlow, type LiveFlow, type PulledFile, type PulledFlow } from "./program";

export type PullClient = Pick<PostHogClient, "allFlows" | "getFlow">;

export interface PullOptions {
  /** Ids of flows; all that are not archived when absent. */
  ids?: readonly string[];
  /** Archived flows, too. Default: only without `ids`, no. */
  archived?: boolean;
  /** Folder of the programs, relative to the Pulumi project. Default `flows`. */
  out?: string;
  /** Told after each flow. */
  onFlow?: (done: number, of: number) => void;
}

/** Flows that are read at the same time; the client keeps the limits of PostHog. */
const AT_ONCE = 8;

/**
 * The programs of live flows, without writing anything.
 *
 * @throws OperateError for an id that PostHog does not have.
 * @example
 * ```ts
 * const pulled = await pullFlows(client, { out: "flows" });
 * await writePulled(pulled, { cwd: process.cwd() });
 * ```
 */
export async function pullFlows(client: PullClient, options: PullOptions = {}): Promise<PulledFlow[]> {
  const wanted: readonly ({ id: string } | WireFlowRow)[] = options.ids === undefined ? (await client.allFlows()).filter(({ status }) => options.archived === true || status !== "archived") : [...new Set(options.ids)].map((id) => ({ id }));
  const flows: LiveFlow[] = [];
  const queue = wanted.entries();
  let done = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [place, flow] of queue) {
        flows[place] = isRow(flow) && !hasSchedules(flow) ? { ...flow, schedules: [] } : await detail(client, flow.id);
        options.onFlow?.((done += 1), wanted.length);
      }
    }),
  );
  const names = logicalNames(flows);
  return flows.map((flow) => pulledFlow(flow, { name: names.get(flow.id)!, ...(options.out === undefined ? {} : { out: options.out }) }));
}

const isRow = (flow: { id: string } | WireFlowRow): flow is WireFlowRow => "actions" in flow;

/**
 * Rows of the list hold everything but schedules, so a whole project takes a request for 500 flows, and one more for each flow that a schedule can start
 * (run time §7.1). A schedule of any other flow never fires, and is read when the flow is named.
 */
function hasSchedules({ actions }: WireFlowRow): boolean {
  const trigger = actions.find(({ type }) => type === "trigger");
  return trigger === undefined || SCHEDULED.has(String(trigger.config["type"]));
}
const SCHEDULED: ReadonlySet<string> = new Set(["batch", "schedule"]);

async function detail(client: PullClient, id: string): Promise<WireFlow> {
  try {
    return await client.getFlow(id);
  } catch (error) {
    if (!isGone(error)) throw error;
    throw new OperateError({ what: `There is no flow ${id} in this project`, fix: "Copy the id from the address of the flow in PostHog" });
  }
}

/** Titles are not unique: of several flows with one, the oldest has the plain name, whatever the order in which they were read. */
function logicalNames(flows: readonly LiveFlow[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const flow of [...flows].sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))) {
    const base = resourceName(flow.name);
    let name = base;
    for (let n = 2; taken.has(name); n += 1) name = `${base}-${n}`;
    taken.add(name);
    names.set(flow.id, name);
  }
  return names;
}

export interface WriteResult {
  written: string[];
  unchanged: string[];
}

/**
 * Writes pulled files. One that is there already with other content is written over only with `overwrite`; otherwise nothing is written at all.
 *
 * @throws OperateError that names the files in the way.
 */
export async function writePulled(flows: readonly PulledFlow[], { cwd, overwrite = false }: { cwd: string; overwrite?: boolean }): Promise<WriteResult> {
  const files = flows.flatMap((flow) => flow.files);
  const states = await Promise.all(files.map((file) => stateOf(file, cwd)));
  const different = files.filter((_, i) => states[i] === "different");
  if (different.length > 0 && !overwrite) {
    throw new OperateError({
      what: `${different.length === 1 ? "A file is" : `${different.length} files are`} there already, with other content: ${different.map((file) => file.path).join(", ")}`,
      why: "Nothing was written",
      fix: "Commit or move them, or write over them with --overwrite",
    });
  }
  const toWrite = files.filter((_, i) => states[i] !== "same");
  for (const file of toWrite) {
    const target = path.resolve(cwd, file.path);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, file.text);
  }
  return { written: toWrite.map((file) => file.path), unchanged: files.filter((_, i) => states[i] === "same").map((file) => file.path) };
}

async function stateOf({ path: file, text }: PulledFile, cwd: string): Promise<"absent" | "same" | "different"> {
  try {
    return (await readFile(path.resolve(cwd, file), "utf8")) === text ? "same" : "different";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
    throw error;
  }
}

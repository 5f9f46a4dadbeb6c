// Every flow and schedule of a stack against PostHog: what differs by step and field, who changed it and when.
import { formatPath, getAt, type Path } from "../../definition/canonical/paths";
import type { Dict } from "../../definition/canonical/values";
import { systemClock, type Clock } from "../../api";
import { Session } from "../../provider/session";
import type { TargetSettings } from "../../definition/target";
import { describeChange } from "../change/describe";
import type { FlowChange } from "../change/changes";
import { masked } from "../mask";
import type { StackResource, StackState } from "../stack-state";
import { lastSaves, savesSince, type Save } from "./attribution";
import { compareWithLive, type Compared } from "./compare";

/** One difference, with secrets masked. */
export interface FieldDrift {
  /** Pulumi's path syntax, such as `actions.welcome.config.inputs.email.value.subject`. */
  path: string;
  kind: "added" | "removed" | "changed";
  deployed?: unknown;
  live?: unknown;
  /** The save that last changed it; absent where PostHog does not say. */
  save?: Save;
}

/** One flow or schedule of a stack against PostHog. */
export interface ResourceDrift {
  kind: "flow" | "schedule";
  name: string;
  id: string;
  title: string;
  verdict: "same" | "drifted" | "gone" | "unknown";
  /** How the program writes a flow, as far as the state says. */
  form?: "steps" | "keyed";
  /** The editor's address of a flow. */
  url?: string;
  fields: FieldDrift[];
  /** The same in words, by step. */
  change: FlowChange;
  /** Saves in PostHog since the last `up` or refresh, oldest first. */
  saves: Save[];
  /** The live flow's last save of any kind. */
  updatedAt?: string;
  /** Stamp of a draft that somebody staged in the editor. */
  stagedDraft?: string;
  /** Who manages the live flow by now, `<project>/<stack>/<resource>`, where its marker names another owner. */
  takenBy?: string;
  /** Secrets that could not be compared. */
  uncompared: string[];
  /** Why the verdict is not known, or why `change` is empty although it differs. */
  error?: string;
  /** What the program would have to say, in keyed form, masked. */
  deployed: Dict;
  live: Dict;
}

/** Resources that are read at the same time; the client keeps the limits of PostHog. */
const AT_ONCE = 8;

/** What finding drift works with. */
export interface DriftOptions {
  settings: TargetSettings;
  /** Default: the system's. */
  clock?: Clock;
  /** Told what the provider would show as warnings. */
  warn?(message: string): void;
  /** Told what the provider would show as notes, such as that it waits for PostHog's rate limit. */
  note?(message: string): void;
  progress?(text: string): void;
}

/**
 * Compares every flow and schedule of a stack with PostHog. Reads only.
 *
 * @throws OperateError or PostHogApiError only where nothing can be read at all; a resource that cannot be read has the verdict `unknown`.
 * @example
 * ```ts
 * const workspace = openWorkspace();
 * const drifts = await findDrift(await readStack(workspace, { secrets: true, env: process.env }), { settings: await workspace.settings() });
 * drifts.filter(({ verdict }) => verdict !== "same");
 * ```
 */
export async function findDrift(
  { resources }: StackState,
  { settings, clock = systemClock, warn = () => {}, note = () => {}, progress }: DriftOptions,
): Promise<ResourceDrift[]> {
  const session = new Session({ env: settings.env, clock, warn, note });
  session.configure({ ...settings.config });
  const drifts: ResourceDrift[] = [];
  const queue = resources.entries();
  let begun = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [place, resource] of queue) {
        progress?.(`Reading ${(begun += 1)} of ${resources.length}: ${resource.name} …`);
        drifts[place] = await driftOf(session, resource);
      }
    }),
  );
  return drifts;
}

async function driftOf(session: Session, resource: StackResource): Promise<ResourceDrift> {
  const { kind, name, id, outputs, form } = resource;
  const title = typeof outputs["name"] === "string" ? outputs["name"] : name;
  const url = typeof outputs["url"] === "string" ? { url: outputs["url"] } : {};
  const empty = {
    kind,
    name,
    id,
    title,
    ...(form === undefined ? {} : { form }),
    ...url,
    fields: [],
    change: { flow: [], steps: [] },
    saves: [],
    uncompared: [],
    deployed: {},
    live: {},
  };
  let compared: Compared;
  let deployed: Dict;
  let live: Dict;
  // What cannot be masked cannot be shown, and one resource does not keep the others from being compared.
  try {
    compared = await compareWithLive(session, resource);
    [deployed, live] = [masked(compared.deployed, compared.secretPaths), masked(compared.live, compared.secretPaths)];
  } catch (error) {
    return { ...empty, verdict: "unknown", error: reasonOf(error) };
  }
  if (compared.gone) return { ...empty, verdict: "gone" };
  const { list, vanished, outputs: now } = compared;
  const staged = now["stagedDraft"] as { updatedAt?: string } | undefined;
  const common = {
    ...empty,
    uncompared: compared.uncompared,
    deployed,
    live,
    ...(typeof now["updatedAt"] === "string" ? { updatedAt: now["updatedAt"] } : {}),
    ...(staged ? { stagedDraft: staged.updatedAt ?? "" } : {}),
    ...(typeof now["takenBy"] === "string" ? { takenBy: now["takenBy"] } : {}),
  };
  if (list.length === 0 && vanished.length === 0) return { ...common, verdict: "same" };
  const paths = list.map(({ path }) => path);
  const { saves, last } =
    kind === "flow" ? await history(session, resource, paths) : { saves: [], last: new Map<Path, Save>() };
  const fields = list.map(({ path, kind: how }): FieldDrift => {
    const [was, is] = [getAt(deployed, path), getAt(live, path)];
    const save = last.get(path);
    return {
      path: formatPath(path),
      kind: how,
      ...(was === undefined ? {} : { deployed: was }),
      ...(is === undefined ? {} : { live: is }),
      ...(save ? { save } : {}),
    };
  });
  const hidden = list
    .filter(({ path }) => getAt(deployed, path) === getAt(live, path))
    .map(({ path }) => formatPath(path));
  const gone = vanished.map((path): FieldDrift => ({ path, kind: "removed" }));
  const drifted = { ...common, verdict: "drifted" as const, fields: [...fields, ...gone], saves };
  try {
    return {
      ...drifted,
      change: kind === "flow" ? describeChange(deployed, live, { changedSecrets: hidden }) : scheduleChange(fields),
    };
  } catch (error) {
    return { ...drifted, error: reasonOf(error) };
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What PostHog cannot tell is left out: a report of drift is worth more than one that fails. */
async function history(
  session: Session,
  { id, outputs }: StackResource,
  paths: readonly Path[],
): Promise<{ saves: Save[]; last: Map<Path, Save> }> {
  const version = outputs["version"];
  if (typeof version !== "number") return { saves: [], last: new Map() };
  try {
    const { api } = session.connection(outputs);
    const saves = await savesSince(api, id, version);
    return { saves, last: await lastSaves(api, { id, version, saves, paths }) };
  } catch {
    return { saves: [], last: new Map() };
  }
}

const plain = (value: unknown): string =>
  value === undefined ? "nothing" : typeof value === "string" ? value : JSON.stringify(value);
const scheduleChange = (fields: readonly FieldDrift[]): FlowChange => ({
  flow: fields.map(({ path, deployed, live }) => ({
    aspect: "timing",
    label: path,
    before: plain(deployed),
    after: plain(live),
  })),
  steps: [],
});

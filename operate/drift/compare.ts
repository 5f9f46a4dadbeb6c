// One resource of a stack against PostHog, with the provider's own reading and comparison: what is no drift there is none here.
import { differences, type Difference } from "../../definition/canonical/compare";
import { formatPath, parsePath, startsWith, type Path } from "../../definition/canonical/paths";
import { isDict, isMarked, own, put, type Dict } from "../../definition/canonical/values";
import { flowLifecycle } from "../../provider/flow/lifecycle";
import { contentOf } from "../../provider/flow/state";
import { scheduleLifecycle } from "../../provider/schedule/lifecycle";
import { scheduleContentOf } from "../../provider/schedule/state";
import type { Session } from "../../provider/session";
import type { StackResource } from "../stack-state";

export interface Compared {
  /** It is not in PostHog any more. */
  gone: boolean;
  /** As deployed and as live, in keyed form; secrets in clear, to be masked before anything is shown. */
  deployed: Dict;
  live: Dict;
  /** Where they differ. */
  list: Difference[];
  /** Values that PostHog itself had added and somebody removed, by path. */
  vanished: string[];
  /** Paths of secrets in both. */
  secretPaths: string[];
  /** Secrets that could not be compared, because the export holds them encrypted. */
  uncompared: string[];
  /** Of the live flow: version, stamp and staged draft. */
  outputs: Dict;
}

/** Reads the resource as a refresh would. Throws what the provider throws. */
export async function compareWithLive(session: Session, resource: StackResource): Promise<Compared> {
  const { kind, id, outputs, secretPaths, encrypted } = resource;
  const lifecycle = kind === "flow" ? flowLifecycle(session) : scheduleLifecycle(session);
  const read = await lifecycle.read(id, outputs);
  const content = (properties: Dict): Dict =>
    kind === "flow"
      ? { ...contentOf(properties), ...(properties["status"] === undefined ? {} : { status: properties["status"] }) }
      : {
          ...scheduleContentOf(properties),
          ...(properties["paused"] === undefined ? {} : { paused: properties["paused"] }),
        };
  const deployed = content(outputs);
  if (read.id === "" || !read.inputs)
    return { gone: true, deployed, live: {}, list: [], vanished: [], secretPaths, uncompared: [], outputs: {} };
  const marks: string[] = [];
  const inputs = unmarked(read.inputs, [], marks) as Dict;
  const live = content(inputs);
  const hidden = encrypted.map((path) => parsePath(path)).filter((path): path is Path => path !== undefined);
  const all = differences(deployed, live);
  const isHidden = ({ path }: Difference): boolean => hidden.some((secret) => startsWith(path, secret));
  return {
    gone: false,
    deployed,
    live,
    list: all.filter((difference) => !isHidden(difference)),
    vanished: Object.keys(isDict(inputs["serverAdditions"]) ? inputs["serverAdditions"] : {}),
    secretPaths: [...new Set([...secretPaths, ...marks])],
    uncompared: all.filter(isHidden).map(({ path }) => formatPath(path)),
    outputs: unmarked(read.props ?? {}, [], []) as Dict,
  };
}

/** Without the marks for the engine, whose places are noted. */
function unmarked(value: unknown, path: Path, marks: string[]): unknown {
  if (isMarked(value)) {
    marks.push(formatPath(path));
    return own(value, "value");
  }
  if (Array.isArray(value)) return value.map((item, i) => unmarked(item, [...path, i], marks));
  if (!isDict(value)) return value;
  const out: Dict = {};
  for (const [key, item] of Object.entries(value)) put(out, key, unmarked(item, [...path, key], marks));
  return out;
}

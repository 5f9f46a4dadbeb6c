// What a policy sees of a stack: flows and schedules as plain data, whichever transport serves them. A resource policy gets the inputs as `check` returned them, which are
// the same for both; a stack policy gets outputs, which repeat them.
import { canonical, definitionOf } from "../definition/canonical/canonical";
import { getAt, type Path } from "../definition/canonical/paths";
import { secretPathsOf, secretValues } from "../definition/canonical/secrets";
import { containsUnknown, isDict, isUnknown, put, UNKNOWN, UNKNOWNS, type Dict } from "../definition/canonical/values";
import { FlowView, textOf } from "../definition/graph/view";
import { nameIn } from "../definition/resource-types";
import { stepKindOf, type Channel } from "../definition/schema/step-kinds";
import type { FlowStatus } from "../definition/schema/types";

/** A resource as Pulumi gives it to a policy. */
export interface SeenResource {
  type: string;
  urn: string;
  props: Record<string, unknown>;
  opts?: { protect?: boolean };
}

/** Where a resource is: the parts of its URN. */
export interface Home {
  project: string;
  stack: string;
}

/** The project and the stack of a URN. */
export function homeOf(urn: string): Home {
  const [, stack = "", project = ""] = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn) ?? [];
  return { project, stack };
}

/** Something of which a part may not be known yet. What was asked for in vain is noted. */
class Seen {
  /** URN of the resource. */
  readonly urn: string;
  /** Logical name in the program. */
  readonly name: string;
  /** All properties, as plain data. */
  readonly properties: Readonly<Dict>;
  /** What was asked for and is not known until `pulumi up`. @internal */
  readonly missing: Path[] = [];
  /** As Pulumi gave it: reading an unknown value of it makes Pulumi say that the policy could not run. @internal */
  readonly source: Record<string, unknown>;

  constructor({ urn, props }: SeenResource) {
    this.urn = urn;
    this.name = nameIn(urn);
    this.properties = plainCopy(props) as Dict;
    this.source = props;
  }

  /**
   * The value at a path of the properties; undefined where there is none. Undefined, too, where it or a part of it is not known until `pulumi up`: the policy then
   * skips what depends on it, and the preview says so.
   */
  known(path: Path): unknown {
    const value = this.at(path);
    if (!containsUnknown(value)) return value;
    this.missing.push(path);
    return undefined;
  }

  /** Whether the value at a path, or a part of it, is not known until `pulumi up`. */
  isUnknown(path: Path): boolean {
    return containsUnknown(this.at(path));
  }

  /** @internal */
  protected at(path: Path): unknown {
    return getAt(this.properties, path);
  }
}

/** A step of a flow, apart from its trigger and its exits. */
export interface PolicyStep {
  id: string;
  /** In PostHog's words, such as `function_email`, `delay` or `function`. */
  type: string;
  /** How it sends a message to people; undefined where it sends none. */
  channel: Channel | undefined;
  config: Readonly<Record<string, unknown>>;
  /** The path of the step, such as `["actions", "welcome"]`. */
  path: Path;
}

/**
 * A flow as a policy sees it, the same from TypeScript and from every other language: its definition is in keyed form, with steps by id under `actions`.
 *
 * @example
 * ```ts
 * const check = (flow: PolicyFlow) => (flow.status === "active" && flow.known(["description"]) === undefined ? ["needs a description"] : []);
 * ```
 */
export class PolicyFlow extends Seen {
  /** Title in PostHog. Default: the logical name. */
  readonly title: string;
  /**
   * `draft`, `active` or `archived`, as the program says; in a stack policy after an `up`, what PostHog has where the program says nothing. Undefined where the program
   * leaves it to PostHog, and `unknown` until `pulumi up`.
   */
  readonly status: FlowStatus | "unknown" | undefined;
  /** Whether it has Pulumi's resource option `protect`. */
  readonly isProtected: boolean;
  /** The definition in its canonical form: what equals PostHog's default is left out. */
  readonly definition: Readonly<Record<string, unknown>>;
  private flowView: FlowView | undefined;

  constructor(seen: SeenResource) {
    super(seen);
    this.definition = canonical(definitionOf(this.properties));
    this.title = textOf(this.definition["name"]) ?? this.name;
    this.status = statusIn(this.properties);
    this.isProtected = seen.opts?.protect === true;
  }

  /** Its steps, in the order in which runs come to them. */
  get steps(): PolicyStep[] {
    return this.view.graph.runningOrder.flatMap((id): PolicyStep[] => {
      const step = this.view.actions[id];
      const { type, config } = isDict(step) ? step : {};
      if (typeof type !== "string" || type === "trigger" || type === "exit") return [];
      const { channel } = stepKindOf(type) ?? {};
      return [{ id, type, channel, config: isDict(config) ? config : {}, path: ["actions", id] }];
    });
  }

  /** Its secret values, which no message may show. @internal */
  get secrets(): ReadonlySet<unknown> {
    return secretValues(this.properties, secretPathsOf(this.properties));
  }

  /** The definition as rules look at it. @internal */
  get view(): FlowView {
    return (this.flowView ??= new FlowView(this.definition, {
      given: this.definition,
      before: {},
      inputs: this.properties,
    }));
  }

  /** @internal */
  protected override at(path: Path): unknown {
    return getAt(this.definition, path) ?? super.at(path);
  }
}

/**
 * A schedule as a policy sees it: its rule, start and zone are among its properties.
 *
 * @example
 * ```ts
 * const isHourly = (schedule: PolicySchedule) => String(schedule.known(["rrule"])).includes("FREQ=HOURLY");
 * ```
 */
export class PolicySchedule extends Seen {
  /** URN of the flow that it starts; undefined where that is not a resource of the stack. */
  readonly flowUrn: string | undefined;

  constructor(seen: SeenResource, flowUrn?: string) {
    super(seen);
    this.flowUrn = flowUrn;
  }
}

/** What a stack has of this package. */
export interface PolicyStack extends Home {
  flows: readonly PolicyFlow[];
  schedules: readonly PolicySchedule[];
}

function statusIn({ status, liveStatus }: Dict): PolicyFlow["status"] {
  const decides = status ?? (isUnknown(liveStatus) ? undefined : liveStatus);
  if (isUnknown(decides)) return "unknown";
  return decides === "draft" || decides === "active" || decides === "archived" ? decides : undefined;
}

/**
 * A copy without what Pulumi puts around values. Its proxies throw where an unknown value is read, and only `get` is theirs: descriptors show what is there.
 */
function plainCopy(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return Array.from({ length: value.length }, (_, i) =>
      plainCopy(Object.getOwnPropertyDescriptor(value, String(i))?.value),
    );
  const out: Dict = {};
  for (const key of Object.keys(value)) put(out, key, plainCopy(Object.getOwnPropertyDescriptor(value, key)?.value));
  return out;
}

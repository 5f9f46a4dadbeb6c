// What people do in PostHog's editor meanwhile, and how to tell later whether it is still there.
import type { Emulator } from "../../emulator/index";
import type { Random } from "../support/random-flow";
import type { Json, Names } from "./programs";

export interface UiEdit {
  what: string;
  flowId: string;
  scheduleId?: string;
  kind: "content" | "status" | "draft" | "owned" | "schedule";
  /** Whether the edit still stands in the live flow. */
  holds(live: Json): boolean;
  /** The stamp of the flow, or of the schedule, right after it. */
  at: string;
  /** Status of the flow before it. */
  on: string;
  /** Whether these outputs of a state have it, also because the program wants the same: then it is no drift, and every preview against them shows it. */
  isIn?(outputs: Json): boolean;
  /** Nobody can miss it: its value is found nowhere else. */
  unique: boolean;
  /** The stacks whose user has been told: by drift in a refresh, or by an error that was answered with overwriteDrift. */
  seen: Set<number>;
}

type Made = Omit<UiEdit, "flowId" | "at" | "on" | "seen" | "what" | "kind" | "unique"> &
  Partial<Pick<UiEdit, "kind" | "unique">> & { what: string };

const step = (live: Json, id: unknown): Json | undefined =>
  live["actions"]?.find?.((other: Json) => other?.["id"] === id);
const subjectOf = (live: Json, id: unknown): unknown => step(live, id)?.["config"]?.inputs?.email?.value?.subject;

interface Context {
  emulator: Emulator;
  live: Json;
  r: Random;
  names: Names;
  /** Secrets of the program: somebody may paste one where everybody sees it. */
  secrets: readonly string[];
  /** The step whose subject belongs to the editor. */
  owned: string | undefined;
}

type Action = (context: Context) => Made | undefined;

const edit = ({ emulator, live }: Context, change: (flow: any) => void): void =>
  void emulator.ui.edit(live["id"], change);

const status: Action = (c) => {
  const value = c.r.pick(["draft", "active", "active", "archived"].filter((other) => other !== c.live["status"]));
  c.emulator.ui.setStatus(c.live["id"], value);
  return {
    what: `status -> ${value}`,
    kind: "status",
    holds: (live) => live["status"] === value,
    isIn: (outputs) => outputs["liveStatus"] === value,
  };
};

const ACTIONS: readonly Action[] = [
  status,
  status,
  (c) => {
    const value = c.names.text();
    edit(c, (flow) => void (flow.name = value));
    return { what: `title -> ${value}`, holds: (live) => live["name"] === value };
  },
  (c) => {
    const { id } = c.r.pick(c.live["actions"] as Json[]);
    const [key, value] = [c.r.pick(["name", "description"]), c.names.text()];
    edit(c, (flow) => void (step(flow, id)![key] = value));
    return { what: `${key} of step ${id} -> ${value}`, holds: (live) => step(live, id)?.[key] === value };
  },
  (c) => {
    const mail = (c.live["actions"] as Json[]).find(({ type, id }) => type === "function_email" && id !== c.owned);
    if (!mail) return undefined;
    const value = c.names.text();
    edit(c, (flow) => void (step(flow, mail["id"])!["config"].inputs.email.value.subject = value));
    return { what: `subject of ${mail["id"]} -> ${value}`, holds: (live) => subjectOf(live, mail["id"]) === value };
  },
  (c) => {
    if (c.owned === undefined || subjectOf(c.live, c.owned) === undefined) return undefined;
    const value = c.names.text();
    edit(c, (flow) => void (step(flow, c.owned)!["config"].inputs.email.value.subject = value));
    return {
      what: `subject of ${c.owned}, which is the editor's -> ${value}`,
      kind: "owned",
      holds: (live) => step(live, c.owned) === undefined || subjectOf(live, c.owned) === value,
    };
  },
  (c) => {
    const hook = (c.live["actions"] as Json[]).find(({ type }) => type === "function");
    if (!hook) return undefined;
    const value = `https://hooks.example.com/${c.names.text()}/${c.secrets.length > 0 && c.r.chance(0.5) ? c.r.pick(c.secrets) : ""}`;
    edit(c, (flow) => void (step(flow, hook["id"])!["config"].inputs.url = { value }));
    return {
      what: `url of ${hook["id"]} -> ${value}`,
      holds: (live) => step(live, hook["id"])?.["config"]?.inputs?.url?.value === value,
    };
  },
  (c) => {
    const id = `ui_${c.names.text()}`;
    edit(
      c,
      (flow) => void flow.actions.push({ id, name: "Added by hand", type: "delay", config: { delay_duration: "1h" } }),
    );
    return { what: `adds step ${id}`, holds: (live) => step(live, id) !== undefined };
  },
  (c) => {
    const hooks = (c.live["actions"] as Json[]).filter(({ type, id }) => type !== "trigger" && id !== c.owned);
    if (hooks.length < 2) return undefined;
    const { id } = c.r.pick(hooks);
    edit(c, (flow) => {
      flow.actions = flow.actions.filter((other: Json) => other["id"] !== id);
      flow.edges = flow.edges.filter((edge: Json) => edge["from"] !== id && edge["to"] !== id);
    });
    // Taking out what was added by hand may end where it began.
    return {
      what: `removes step ${id}`,
      unique: !/^(ui|moved)_/.test(id),
      holds: (live) => step(live, id) === undefined,
      isIn: (outputs) => !Object.hasOwn(outputs["actions"], id),
    };
  },
  (c) => {
    const hook = (c.live["actions"] as Json[]).find(
      ({ type, config }) => type === "function" && config?.inputs?.signing_secret !== undefined,
    );
    if (!hook) return undefined;
    const id = `moved_${c.names.text()}`;
    edit(c, (flow) => {
      const target = step(flow, hook["id"])!;
      delete target["config"].inputs.signing_secret;
      target["id"] = id;
      for (const edge of flow.edges) for (const key of ["from", "to"]) if (edge[key] === hook["id"]) edge[key] = id;
    });
    return {
      what: `gives step ${hook["id"]} the id ${id}, which loses its secret`,
      holds: (live) => step(live, id) !== undefined,
    };
  },
  (c) => {
    const { trigger } = c.live;
    if (trigger?.type !== "batch") return undefined;
    const value = c.names.text();
    edit(
      c,
      (flow) =>
        void (flow.actions.find((other: Json) => other["type"] === "trigger").config.filters = {
          properties: [{ key: "plan", value: [value], operator: "exact", type: "person" }],
        }),
    );
    return {
      what: `audience -> ${value}`,
      holds: (live) => live["trigger"]?.filters?.properties?.[0]?.value?.[0] === value,
    };
  },
  (c) => {
    const value = c.r.pick(
      ["exit_on_conversion", "exit_only_at_end"].filter((other) => other !== c.live["exit_condition"]),
    );
    edit(c, (flow) => void (flow.exit_condition = value));
    return {
      what: `exit condition -> ${value}`,
      unique: false,
      holds: (live) => live["exit_condition"] === value,
      isIn: (outputs) => (outputs["exitCondition"] ?? "exit_on_conversion") === value,
    };
  },
  (c) => {
    if (c.live["status"] !== "active") return undefined;
    const value = c.names.text();
    c.emulator.ui.stageDraft(c.live["id"], (flow) => void (flow.actions[0].description = value));
    return {
      what: `stages a draft with ${value}`,
      kind: "draft",
      holds: (live) => live["draft"]?.actions?.[0]?.description === value,
    };
  },
  (c) => {
    if (!c.live["draft"]) return undefined;
    const value = c.live["draft"].actions[0].description;
    c.emulator.ui.publish(c.live["id"]);
    return { what: "publishes the draft", unique: false, holds: (live) => live["actions"]?.[0]?.description === value };
  },
  (c) => {
    const value = c.names.text();
    c.emulator.ui.storeRaw(c.live["id"], (stored) => {
      const target = c.r.pick(stored.actions as Json[]);
      delete target["name"];
      target["description"] = value;
    });
    return {
      what: `leaves an incomplete step, ${value}`,
      holds: (live) => live["actions"]?.some((other: Json) => other["description"] === value),
    };
  },
  (c) => {
    const value = c.names.text();
    edit(c, (flow) => void (flow.description = `${value}\n\n${flow.description}`));
    return { what: `description begins with ${value}`, holds: (live) => live["description"].startsWith(value) };
  },
];

const SCHEDULE_ACTIONS: readonly ((
  context: Context,
  schedule: Json,
) => (Made & { scheduleId?: string }) | undefined)[] = [
  ({ emulator, live, r }, { id }) => {
    const rrule = `FREQ=MONTHLY;INTERVAL=${1 + r.int(24)};BYMONTHDAY=${1 + r.int(28)}`;
    emulator.ui.schedule.edit(live["id"], id, { rrule });
    return {
      what: `schedule -> ${rrule}`,
      kind: "schedule",
      holds: (now) => now["schedules"].some((other: Json) => other["id"] === id && other["rrule"] === rrule),
    };
  },
  ({ emulator, live }, { id }) => {
    emulator.ui.schedule.remove(live["id"], id);
    return undefined;
  },
  ({ emulator, live }, { id }) => {
    emulator.ui.schedule.setStatus(live["id"], id, "paused");
    return undefined;
  },
];

/** One random deed in the editor. Undefined where it does not apply or the editor refuses it. */
export function uiEdit(context: Context): UiEdit | string | undefined {
  const { r, emulator, live } = context;
  const flowId: string = live["id"];
  const now = (): Json => emulator.flow(flowId);
  try {
    const schedules = live["schedules"] as Json[];
    if (schedules.length > 0 && r.chance(0.25)) {
      const schedule = r.pick(schedules);
      const made = r.pick(SCHEDULE_ACTIONS)(context, schedule);
      if (!made) return `removes or pauses schedule ${schedule["rrule"]}`;
      return {
        kind: "schedule",
        unique: true,
        ...made,
        flowId,
        scheduleId: schedule["id"],
        on: live["status"],
        seen: new Set(),
        at: now()["schedules"].find((other: Json) => other["id"] === schedule["id"]).updated_at,
      };
    }
    if (r.chance(0.06)) {
      emulator.ui.remove(flowId);
      return "deletes the flow";
    }
    // The editor cannot open what is stored incomplete; saving it would do half of the work.
    if ((live["actions"] as Json[]).some((other) => other["name"] === undefined)) return undefined;
    const made = r.pick(ACTIONS)(context);
    return (
      made && {
        kind: "content",
        unique: true,
        ...made,
        flowId,
        on: live["status"],
        seen: new Set(),
        at: now()["updated_at"],
      }
    );
  } catch {
    return undefined;
  }
}

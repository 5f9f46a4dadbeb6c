// What happens to a flow in PostHog without anybody editing it: nothing of this may ever show.
import { copy, isDict, type Dict } from "../../definition/canonical/values";
import type { Cell, Mode, World } from "./cell";
import { programWith, walk } from "./fields";
import { ANSWERS, HOMES, programOf, SUBJECT, TRIGGER, type Home } from "./homes";

type Noise = { note: string; make(world: World): void; only?: Mode; newer?: boolean };
type Flow = { actions: Dict[]; edges: Dict[] };

const touched = (step: Dict): Dict => ({ ...step, created_at: 1_760_000_000_000, updated_at: 1_760_000_001_000 });

/** Leaves out what PostHog fills in when it answers: so does a PATCH that lacks it, and a row of the list shows it. */
function withoutDefaults(stored: Dict): void {
  for (const step of stored["actions"] as Dict[]) {
    for (const key of ["description", "on_error", "filters", "output_variable"])
      if (step[key] === null || step[key] === "") delete step[key];
    if (isDict(step["filters"]) && step["filters"]["source"] === "events") delete step["filters"]["source"];
  }
  const masking = stored["trigger_masking"];
  if (isDict(masking)) for (const key of ["ttl", "threshold"]) if (masking[key] === null) delete masking[key];
}

/** The editor's document of an e-mail with other ids: what another version of it would make of the same text. */
function withOtherDesign(value: unknown): void {
  if (Array.isArray(value)) value.forEach(withOtherDesign);
  if (!isDict(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "design" && isDict(item))
      value[key] = JSON.parse(
        JSON.stringify(item).replaceAll('_1"', '_7"').replaceAll('"counters":', '"madeBy":"newer","counters":'),
      );
    else withOtherDesign(item);
  }
}

const EVENT_UUID = "0198bbbb-cccc-4ddd-8eee-ffff00001111";

/** What PostHog's editor writes out when somebody opens a flow and saves it: empty texts of e-mails, the one sender as a list, and marks on events. */
function asTheEditorSaves(flow: Dict): void {
  for (const step of flow["actions"] as Dict[]) {
    const config = isDict(step["config"]) ? step["config"] : {};
    const input = isDict(config["inputs"]) ? config["inputs"]["email"] : undefined;
    const mail = isDict(input) ? input["value"] : undefined;
    if (step["type"] === "function_email" && isDict(mail)) {
      for (const key of ["preheader", "cc", "bcc", "replyTo"]) mail[key] ??= "";
      const { from, to } = mail;
      if (isDict(to)) to["name"] ??= "";
      if (isDict(from))
        for (const [key, value] of Object.entries({ email: "", name: "", integrationIds: [from["integrationId"]] }))
          from[key] ??= value;
    }
    // Filters of the others are nobody's to compile, and kept word for word.
    if (config["type"] !== "batch" && config["type"] !== "schedule") withEventMarks(step);
  }
  withEventMarks(flow["conversion"]);
}

function withEventMarks(value: unknown): void {
  if (Array.isArray(value)) value.forEach(withEventMarks);
  if (!isDict(value)) return;
  for (const list of isDict(value["filters"]) ? [value["filters"]["events"], value["filters"]["actions"]] : []) {
    if (Array.isArray(list))
      for (const item of list) if (isDict(item)) Object.assign(item, { uuid: EVENT_UUID, custom_name: null });
  }
  for (const [key, item] of Object.entries(value)) if (key !== "inputs") withEventMarks(item);
}

/** The conversion window of older servers, without a unit. */
const withOldWindow =
  (minutes: unknown) =>
  (stored: Dict): void =>
    void (isDict(stored["conversion"]) && (stored["conversion"]["window_minutes"] = minutes));

/** The other ids that PostHog has given the document around plain HTML. */
function withWrapIds(value: unknown): void {
  if (Array.isArray(value)) value.forEach(withWrapIds);
  if (!isDict(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === "design" && isDict(item))
      value[key] = JSON.parse(
        JSON.stringify(item).replaceAll(/"(body|row|column|content)(?:_html)?_1"/g, '"html-wrap-$1"'),
      );
    else withWrapIds(item);
  }
}

const ALL = "all at once";
const NOISE: readonly Noise[] = [
  { note: "recompiled", make: ({ emulator, id }) => emulator.backgroundRefresh(undefined, id) },
  {
    note: "recompiled twice",
    make: ({ emulator, id }) => (emulator.backgroundRefresh(undefined, id), emulator.backgroundRefresh(undefined, id)),
  },
  { note: "e-mail paused", make: ({ emulator, id }) => emulator.pauseEmail(id) },
  { note: "saved without a change", make: ({ emulator, id }) => void emulator.ui.edit(id, () => {}) },
  {
    note: "every step saved again",
    make: ({ emulator, id }) =>
      void emulator.ui.edit(id, (flow: Flow) => void (flow.actions = flow.actions.map(touched))),
  },
  {
    note: "changed and changed back",
    make: ({ emulator, id }) =>
      [" x", ""].forEach(
        (end) =>
          void emulator.ui.edit(id, (flow: Flow) =>
            flow.actions.forEach((step) => (step["name"] = `${String(step["name"]).replace(/ x$/, "")}${end}`)),
          ),
      ),
  },
  {
    note: "redirected people",
    make: ({ emulator, id }) => {
      const added = { id: "passing", name: "Passing", type: "delay", config: { delay_duration: "1h" } };
      emulator.ui.edit(
        id,
        (flow: Flow) => (
          flow.actions.push(added),
          void flow.edges.push({ from: "passing", to: "main_exit", type: "continue" })
        ),
      );
      emulator.ui.edit(
        id,
        (flow: Flow) => (
          (flow.actions = flow.actions.filter((step) => step["id"] !== "passing")),
          void (flow.edges = flow.edges.filter(({ from }) => from !== "passing"))
        ),
      );
      if (emulator.flow(id).action_redirects === null) throw new Error("there are no redirects");
    },
  },
  { note: "stored without defaults", make: ({ emulator, id }) => emulator.ui.storeRaw(id, withoutDefaults) },
  { note: "saved as the editor does", make: ({ emulator, id }) => void emulator.ui.edit(id, asTheEditorSaves) },
  { note: "a window in the old unit", make: ({ emulator, id }) => emulator.ui.storeRaw(id, withOldWindow(604_800)) },
  { note: "no window in the old unit", make: ({ emulator, id }) => emulator.ui.storeRaw(id, withOldWindow(null)) },
  { note: "the wrapped design", make: ({ emulator, id }) => emulator.ui.storeRaw(id, withWrapIds) },
  { note: "another generated design", make: ({ emulator, id }) => emulator.ui.storeRaw(id, withOtherDesign) },
  { note: "a newer PostHog", make: () => {}, newer: true },
  {
    note: "a staged draft",
    only: "active",
    make: ({ emulator, id }) =>
      void emulator.ui.stageDraft(id, (flow: Flow) => flow.actions.forEach((step) => (step["name"] = "Staged"))),
  },
  {
    note: "published without a change",
    only: "active",
    make: ({ emulator, id }) => (
      emulator.ui.stageDraft(id, (flow: Flow) => void (flow.actions = flow.actions.map(touched))),
      void emulator.ui.publish(id)
    ),
  },
  {
    note: ALL,
    make: ({ emulator, id }) => {
      emulator.ui.edit(
        id,
        (flow: Flow) => (
          asTheEditorSaves(flow),
          (flow.actions = flow.actions.map(touched).reverse()),
          void flow.edges.reverse()
        ),
      );
      emulator.ui.storeRaw(id, withoutDefaults);
      emulator.ui.storeRaw(id, withOldWindow(604_800));
      emulator.ui.storeRaw(id, withWrapIds);
      emulator.backgroundRefresh(undefined, id);
      emulator.pauseEmail(id);
    },
    newer: true,
  },
];

/** The least program of a home, and one for every field right under the step, its config or the flow. */
function programsOf(home: Home): [string, Dict][] {
  const near = walk(home).fields.filter(
    ({ text, values, discriminator }) =>
      values.length > 0 &&
      !discriminator &&
      text !== "status" &&
      text !== "config" &&
      text.split(".").length <= 3 &&
      !/\[\]\./.test(text),
  );
  return [
    ["itself", programOf(home, copy(home.bare))],
    ...near.map((field): [string, Dict] => [field.text, programWith(field, field.values[0])]),
  ];
}

export function noiseCells(mode: Mode): Cell[] {
  return HOMES.flatMap((home) =>
    programsOf(home).flatMap(([text, program]) =>
      NOISE.filter(
        ({ only, note }) => (only === undefined || only === mode) && (text === "itself" || note === ALL),
      ).map(({ note, make, newer }): Cell => ({
        field: `${home.name}: ${text}`,
        kind: "server-made noise",
        note,
        mode,
        program: mode === "active" ? { ...program, status: "active" } : program,
        edit: make,
        expect: "none",
        at: [],
        ...(newer ? { newer } : {}),
      })),
    ),
  );
}

/** A flow without a single edge, whose rows show `{}` for them. */
export const withoutEdges: Dict = {
  name: "Cell",
  actions: {
    [TRIGGER]: { type: "trigger", name: "Start", config: { type: "manual", ...ANSWERS } },
    [SUBJECT]: { type: "exit", name: "Exit" },
  },
};

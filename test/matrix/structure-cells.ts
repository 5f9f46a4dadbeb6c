// Edits of the graph (steps and edges), of secrets and of the status, for a step of every type.
import type { Path } from "../../definition/canonical/paths";
import { copy, type Dict } from "../../definition/canonical/values";
import type { Cell, Kind, Mode, World } from "./cell";
import { FLOW, HOMES, programOf, SUBJECT, TRIGGER, type Home } from "./homes";
import { templateOf } from "./samples";

type Change = (flow: { actions: Dict[]; edges: Dict[] }) => void;

const idle = {
  id: "added",
  name: "Added",
  description: "",
  on_error: null,
  filters: null,
  type: "delay",
  config: { delay_duration: "1h" },
  output_variable: null,
};
const edge = (from: string, to: string, index?: number): Dict => ({
  from,
  to,
  type: index === undefined ? "continue" : "branch",
  ...(index === undefined ? {} : { index }),
});
const NEXT = (id: string): Path => ["actions", id, "next"];
const STEP = (id: string): Path => ["actions", id];
const LEFTOVER: Path = ["leftover"];

interface Place {
  before: string;
  it: string;
  /** Where it leads; an exit leads nowhere. */
  after?: string;
}

const placeIn = ({ step, type }: Home): Place =>
  step === SUBJECT
    ? { before: TRIGGER, it: SUBJECT, ...(type === "exit" ? {} : { after: "after" }) }
    : { before: TRIGGER, it: "after", after: "main_exit" };

type Row = [Kind, string, Change, readonly Path[], Cell["expect"]?];

function graphRows(home: Home, program: Dict): Row[] {
  const { before, it, after } = placeIn(home);
  const rows: Row[] = [];
  const steps = program["actions"] as Record<string, Dict>;
  const branches = (steps[it]!["branches"] ?? []) as string[];
  const drop = (flow: { edges: Dict[] }, test: (edge: Dict) => boolean): void =>
    void (flow.edges = flow.edges.filter((item) => !test(item)));
  const redirect = (flow: { edges: Dict[] }, from: string, to: string): void =>
    void (flow.edges = flow.edges.map((item) =>
      item["from"] === from && item["type"] === "continue" ? { ...item, to } : item,
    ));
  const touches =
    (id: string) =>
    (item: Dict): boolean =>
      item["from"] === id || item["to"] === id;

  rows.push(
    ["step added", "beside the graph", (flow) => void flow.actions.push(copy(idle)), [STEP("added")]],
    [
      "step added",
      "in front of it",
      (flow) => (
        redirect(flow, before, "added"),
        void flow.actions.unshift(copy(idle)),
        void flow.edges.push(edge("added", it))
      ),
      [STEP("added"), NEXT(before)],
    ],
    ["steps swapped in the list", "turned around", (flow) => void flow.actions.reverse(), [], "none"],
    ["steps swapped in the list", "first to last", (flow) => void flow.actions.push(flow.actions.shift()!), [], "none"],
    [
      "steps swapped in the list",
      "two of them",
      (flow) => void flow.actions.splice(1, 2, flow.actions[2]!, flow.actions[1]!),
      [],
      "none",
    ],
    ["edges reordered", "turned around", (flow) => void flow.edges.reverse(), [], "none"],
    ["edges reordered", "first to last", (flow) => void flow.edges.push(flow.edges.shift()!), [], "none"],
    ["edges reordered", "both lists", (flow) => (flow.edges.reverse(), void flow.actions.reverse()), [], "none"],
    [
      "edge added",
      "between exits",
      (flow) => void flow.edges.push(edge("main_exit", "side_exit")),
      [NEXT("main_exit")],
    ],
    ["edge added", "to nowhere", (flow) => void flow.edges.push(edge("main_exit", "nowhere")), [LEFTOVER]],
    ["edge added", "from nowhere", (flow) => void flow.edges.push(edge("nowhere", "main_exit")), [LEFTOVER]],
    [
      "edge added",
      "a branch of an exit",
      (flow) => void flow.edges.push(edge("side_exit", "main_exit", 0)),
      [["actions", "side_exit", "branches"]],
    ],
    [
      "edge removed",
      "the one to it",
      (flow) => drop(flow, (item) => item["from"] === before && item["to"] === it),
      [NEXT(before)],
    ],
    ["step rewired", "past it", (flow) => redirect(flow, before, "side_exit"), [NEXT(before)]],
    ["edge doubled", "the same again", (flow) => void flow.edges.push(edge(before, it)), [LEFTOVER]],
    ["edge doubled", "to another step", (flow) => void flow.edges.push(edge(before, "side_exit")), [LEFTOVER]],
    [
      "edge doubled",
      "to another step, in front",
      (flow) => void flow.edges.unshift(edge(before, "side_exit")),
      [NEXT(before), LEFTOVER],
    ],
    ["edge doubled", "three times", (flow) => void flow.edges.push(edge(before, it), edge(before, it)), [LEFTOVER]],
    [
      "edge index",
      "a branch without one",
      (flow) => void flow.edges.push({ from: before, to: it, type: "branch" }),
      [LEFTOVER],
    ],
    ["edge index", "a gap", (flow) => void flow.edges.push(edge(before, it, 4)), [LEFTOVER]],
    [
      "unknown key",
      "of edges",
      (flow) => void (flow.edges = flow.edges.map((item) => ({ ...item, label: "x" }))),
      [],
      "none",
    ],
    [
      "step renamed",
      "with its edges",
      (flow) => {
        flow.actions.find(({ id }) => id === it)!["id"] = "renamed";
        flow.edges = flow.edges.map((item) => ({
          ...item,
          from: item["from"] === it ? "renamed" : item["from"],
          to: item["to"] === it ? "renamed" : item["to"],
        }));
      },
      [STEP(it), STEP("renamed"), NEXT(before)],
    ],
    [
      "step renamed",
      "without its edges",
      (flow) => void (flow.actions.find(({ id }) => id === it)!["id"] = "renamed"),
      [STEP(it), STEP("renamed"), NEXT(before), LEFTOVER],
    ],
    [
      "step removed",
      "and bridged",
      (flow) => {
        flow.actions = flow.actions.filter(({ id }) => id !== it);
        drop(flow, touches(it));
        flow.edges.push(edge(before, after ?? "side_exit"));
      },
      [STEP(it), NEXT(before)],
    ],
    [
      "step removed",
      "with its edges",
      (flow) => ((flow.actions = flow.actions.filter(({ id }) => id !== it)), drop(flow, touches(it))),
      [STEP(it), NEXT(before)],
    ],
    [
      "step removed",
      "without its edges",
      (flow) => void (flow.actions = flow.actions.filter(({ id }) => id !== it)),
      [STEP(it), NEXT(before), LEFTOVER],
    ],
  );
  if (after !== undefined) {
    const beyond = after === "after" ? "main_exit" : "side_exit";
    const swaps: readonly Path[] =
      after === "after" ? [NEXT(before), NEXT(it), NEXT(after)] : [NEXT(before), NEXT(it), NEXT(after)];
    rows.push(
      [
        "step added",
        "behind it",
        (flow) => (
          redirect(flow, it, "added"),
          void flow.actions.push(copy(idle)),
          void flow.edges.push(edge("added", after))
        ),
        [STEP("added"), NEXT(it)],
      ],
      ["step rewired", "to another end", (flow) => redirect(flow, it, beyond), [NEXT(it)]],
      ["step rewired", "in a circle", (flow) => redirect(flow, it, it), [NEXT(it)]],
      [
        "edge removed",
        "the one from it",
        (flow) => drop(flow, (item) => item["from"] === it && item["type"] === "continue"),
        [NEXT(it)],
      ],
      [
        "steps swapped in the wiring",
        "with the next",
        (flow) => {
          drop(flow, (item) => item["type"] === "continue" && [before, it, after].includes(String(item["from"])));
          flow.edges.push(edge(before, after), edge(after, it), edge(it, beyond));
        },
        swaps,
      ],
    );
  }
  const BRANCHES: Path = ["actions", it, "branches"];
  const isBranch =
    (index: number) =>
    (item: Dict): boolean =>
      item["from"] === it && item["type"] === "branch" && item["index"] === index;
  const last = branches.length - 1;
  if (last >= 0) {
    rows.push(
      ["edge removed", "the last branch", (flow) => drop(flow, isBranch(last)), [BRANCHES]],
      ["edge added", "a branch more", (flow) => void flow.edges.push(edge(it, "main_exit", last + 1)), [BRANCHES]],
      [
        "step rewired",
        "the last branch",
        (flow) =>
          void (flow.edges = flow.edges.map((item) => (isBranch(last)(item) ? { ...item, to: "main_exit" } : item))),
        [BRANCHES],
      ],
      ["edge doubled", "the last branch", (flow) => void flow.edges.push(edge(it, "main_exit", last)), [LEFTOVER]],
      [
        "edge index",
        "the last branch moved away",
        (flow) =>
          void (flow.edges = flow.edges.map((item) => (isBranch(last)(item) ? { ...item, index: last + 3 } : item))),
        [BRANCHES, LEFTOVER],
      ],
    );
  }
  if (last >= 1) {
    const swapped = (index: unknown): unknown => (index === 0 ? 1 : index === 1 ? 0 : index);
    rows.push([
      "steps swapped in the wiring",
      "two branches",
      (flow) =>
        void (flow.edges = flow.edges.map((item) =>
          item["from"] === it && item["type"] === "branch" ? { ...item, index: swapped(item["index"]) } : item,
        )),
      [BRANCHES],
    ]);
  }
  return rows;
}

function graphCells(mode: Mode): Cell[] {
  return HOMES.flatMap((home) => {
    const program = programOf(home, copy(home.bare));
    return graphRows(home, program).map(([kind, note, change, at, expect = "drift"]): Cell => ({
      field: `${home.name}: graph`,
      kind,
      note,
      mode,
      program: stated(program, mode),
      edit: ({ emulator, id }) => void emulator.ui.edit(id, change),
      expect,
      at,
    }));
  });
}

const stated = (program: Dict, mode: Mode): Dict => (mode === "active" ? { ...program, status: "active" } : program);

const SECRET = "the-program's-secret";

function secretCells(mode: Mode): Cell[] {
  return HOMES.filter(({ step }) => step !== undefined).flatMap((home) =>
    templateOf(home)
      .filter(({ secret }) => secret)
      .flatMap(({ key }) => secretCellsOf(home, key, mode)),
  );
}

function secretCellsOf(home: Home, key: string, mode: Mode): Cell[] {
  const it = home.step!;
  const path: Path = ["actions", it, "config", "inputs", key];
  const program = (value?: string): Dict => {
    const own = copy(home.bare) as { config: { inputs?: Dict } };
    if (value !== undefined) own.config.inputs = { ...own.config.inputs, [key]: { value } };
    return stated(programOf(home, own), mode);
  };
  const inputsOf = (flow: { actions: Dict[] }, id = it): Dict => {
    const config = flow.actions.find((step) => step["id"] === id)!["config"] as Dict;
    return (config["inputs"] ??= {}) as Dict;
  };
  const put =
    (item: unknown) =>
    ({ emulator, id }: World): void =>
      void emulator.ui.edit(id, (flow: { actions: Dict[] }) => void (inputsOf(flow)[key] = item));
  // The stored secret goes with the step's id: under another one, and back, it is lost.
  const lose = ({ emulator, id }: World): void => {
    const rename = (from: string, to: string): void =>
      void emulator.ui.edit(id, (flow: { actions: Dict[] }) => {
        delete inputsOf(flow, from)[key];
        flow.actions.find((step) => step["id"] === from)!["id"] = to;
      });
    rename(it, "elsewhere");
    rename("elsewhere", it);
  };
  const cell = (
    kind: Kind,
    note: string,
    edit: Cell["edit"],
    expect: Cell["expect"],
    more: Partial<Cell> = {},
  ): Cell => ({
    field: `${home.name}: config.inputs.${key}`,
    kind,
    note,
    mode,
    program: program(SECRET),
    edit,
    expect,
    at: [path],
    ...more,
  });
  const isOurs = ({ emulator, id }: World): string | undefined =>
    emulator.secret(id, it, key) === SECRET ? undefined : "PostHog does not have the program's secret";
  const cells = [
    cell("secret rotated", "another value", put({ value: "somebody else's" }), "blind"),
    cell("secret rotated", "to empty text", put({ value: "" }), "blind"),
    cell("secret rotated", "kept as it is", put({ secret: true }), "none"),
    cell("secret rotated", "kept by its placeholder", put({ value: "********", secret: true }), "none"),
    cell(
      "secret rotated",
      "kept by leaving it out",
      ({ emulator, id }) => void emulator.ui.edit(id, (flow: { actions: Dict[] }) => void delete inputsOf(flow)[key]),
      "none",
    ),
    cell("secret vanished", "with the step's id", lose, "drift", { repaired: isOurs }),
    cell("secret added", "where the program has none", put({ value: "somebody else's" }), "drift", {
      program: program(),
    }),
  ];
  if (home.type !== "function") return cells;
  const second = program(SECRET);
  const steps = second["actions"] as Record<string, Dict>;
  steps["second"] = { ...copy(home.bare), name: "Second", next: "main_exit" };
  cells.push(
    cell(
      "secret moved",
      "to another step",
      (world) => {
        lose(world);
        world.emulator.ui.edit(
          world.id,
          (flow: { actions: Dict[] }) => void (inputsOf(flow, "second")[key] = { value: SECRET }),
        );
      },
      "drift",
      { program: second, at: [path, ["actions", "second", "config", "inputs", key]], repaired: isOurs },
    ),
  );
  return cells;
}

const STATUSES = ["draft", "active", "archived"] as const;

function statusCells(): Cell[] {
  const program = programOf(FLOW, { name: "Cell" });
  const to =
    (status: string) =>
    ({ emulator, id }: World): void =>
      void emulator.ui.setStatus(id, status);
  const base = { field: "flow: status", kind: "status" as const, mode: "draft" as const };
  return [
    ...STATUSES.flatMap((ours) =>
      STATUSES.filter((live) => live !== ours).map((live): Cell => ({
        ...base,
        note: `${ours} to ${live}`,
        program: { ...program, status: ours },
        edit: to(live),
        expect: "drift",
        // That it was switched off by hand is noted, too.
        at: ours === "active" ? [["status"], ["switchedOff"]] : [["status"]],
      })),
    ),
    ...STATUSES.map((live): Cell => ({
      ...base,
      note: `unstated, ${live}`,
      program,
      edit: to(live),
      expect: "none",
      at: [],
    })),
  ];
}

export const structureCells = (mode: Mode): Cell[] => [
  ...graphCells(mode),
  ...secretCells(mode),
  ...(mode === "draft" ? statusCells() : []),
];

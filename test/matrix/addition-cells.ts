// Edits of what PostHog itself added to our writes, for example the default of a template's input: nobody wrote it, and a change of it shows.
import { parsePath, type Path } from "../../definition/canonical/paths";
import { copy, isDict, type Dict } from "../../definition/canonical/values";
import type { Cell, Mode } from "./cell";
import type { WirePath } from "./fields";
import { HOMES, programOf, SUBJECT } from "./homes";
import type { Bench } from "./bench";
import { redesign, removeOnWire, setOnWire } from "./wire";

/** A saved e-mail of the emulator's project: a step that names it takes its texts over. */
export const SAVED_MAIL = {
  id: "0198aaaa-bbbb-4ccc-8ddd-eeeeffff0000",
  subject: "Saved subject",
  text: "Saved text",
  html: `<p>${"A long saved text. ".repeat(40)}</p>`,
};

export async function additionCells(bench: Bench, mode: Mode): Promise<Cell[]> {
  const programs = HOMES.map((home) => ({ home, program: programOf(home, copy(home.bare)) }));
  const mail = HOMES.find(({ name }) => name === "function_email")!;
  const saved = {
    type: "function_email",
    name: "Subject",
    config: {
      templateUuid: SAVED_MAIL.id,
      inputs: { email: { value: { from: { integrationId: 7 }, to: { email: "a@example.com" } } } },
    },
  };
  programs.push({ home: mail, program: programOf(mail, saved) });
  const cells: Cell[] = [];
  for (const { home, program: draft } of programs) {
    const program = mode === "active" ? { ...draft, status: "active" } : draft;
    for (const [text, addition] of Object.entries(await bench.additionsOf(program))) {
      const path = parsePath(text);
      if (path?.[0] === "actions") cells.push(...ofAddition(home.name, path, addition, program, mode));
    }
  }
  return cells;
}

function ofAddition(home: string, path: Path, addition: unknown, program: Dict, mode: Mode): Cell[] {
  const wire: WirePath = ["actions", { by: "id", is: String(path[1] ?? SUBJECT) }, ...path.slice(2)];
  const cell = (note: string, change: (flow: Dict) => void, at: Path): Cell => ({
    field: `${home}: ${path.slice(2).join(".")}`,
    kind: "what the server added",
    note,
    mode,
    program,
    edit: ({ emulator, id }) =>
      void emulator.ui.edit(id, (flow: Dict) => {
        change(flow);
        redesign(flow);
      }),
    expect: "effect",
    at: [at],
  });
  const value = isDict(addition) ? addition["value"] : undefined;
  const cells = [
    cell("removed", (flow) => removeOnWire(flow, wire), path),
    cell("replaced", (flow) => setOnWire(flow, wire, other(value)), path),
  ];
  // An input with its default: the value inside is what somebody edits.
  if (isDict(value) && "value" in value)
    cells.push(cell("its value", (flow) => setOnWire(flow, [...wire, "value"], other(value["value"])), path));
  return cells;
}

function other(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (isDict(value) && "value" in value) return { ...copy(value), value: other(value["value"]) };
  return isDict(value) ? { other: "member" } : `${typeof value === "string" ? value : "other"} text`;
}

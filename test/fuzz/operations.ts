// The life of a world as a list of operations. Each has a seed of its own, from which all its details follow, so that taking some out leaves the
// others as they were.
import { random, type Random } from "../support/random-flow";

export interface Operation {
  kind:
    | "program"
    | "ui"
    | "hand"
    | "adopt"
    | "rename"
    | "state"
    | "people"
    | "background"
    | "time"
    | "agree"
    | "up"
    | "refresh-up"
    | "refresh"
    | "preview"
    | "destroy"
    | "slay"
    | "calm";
  /** faults, kill, concurrent, edit meanwhile, wrecked answers. */
  flags: string;
  /** Which of the two stacks. */
  side: 0 | 1;
  seed: number;
}

const LETTERS = {
  program: "p",
  ui: "u",
  hand: "h",
  adopt: "o",
  rename: "n",
  state: "s",
  people: "w",
  background: "b",
  time: "t",
  agree: "a",
  up: "up",
  "refresh-up": "ru",
  refresh: "r",
  preview: "pv",
  destroy: "d",
  slay: "x",
  calm: "c",
} as const satisfies Record<Operation["kind"], string>;
const KINDS = Object.fromEntries(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind])) as Record<
  string,
  Operation["kind"]
>;

/** A cycle ends with a command. */
export const isCommand = ({ kind }: Operation): boolean =>
  ["up", "refresh-up", "refresh", "preview", "destroy", "slay"].includes(kind);

export const printed = (operations: readonly Operation[]): string =>
  operations
    .map(
      ({ kind, flags, seed, side }) =>
        `${LETTERS[kind]}${side === 1 ? "2" : ""}${flags && `+${flags}`}.${seed.toString(36)}`,
    )
    .join(",");

export function parsed(text: string): Operation[] {
  return text
    .split(",")
    .filter(Boolean)
    .map((part) => {
      const match = /^([a-z]+)(2?)(?:\+([fkcew]+))?\.([0-9a-z]+)$/.exec(part.trim());
      const kind = match && KINDS[match[1]!];
      if (!match || !kind) throw new Error(`--replay: "${part}" is no operation`);
      return { kind, side: match[2] === "2" ? 1 : 0, flags: match[3] ?? "", seed: Number.parseInt(match[4]!, 36) };
    });
}

/** One world's random stream, far from its neighbours'. */
export const worldRandom = (seed: number, world: number): Random =>
  random((Math.imul(seed, 0x9e3779b1) ^ Math.imul(world + 1, 0x85ebca6b)) >>> 0);

/** The life of one world: some `cycles` commands of two stacks, what happens before each, and a calm check at the end. */
export function lifeOf(seed: number, world: number, cycles: number): Operation[] {
  const r = worldRandom(seed, world);
  const out: Operation[] = [];
  let side: Operation["side"] = 0;
  const add = (kind: Operation["kind"], flags = ""): void => void out.push({ kind, flags, side, seed: r.int(36 ** 4) });
  // In some worlds the second stack hardly ever comes.
  const second = r.pick([0.04, 0.3, 0.5]);
  for (let i = 0; i < 1 + r.int(3); i += 1) add("program");
  for (let i = 0; i < cycles; i += 1) {
    if (i > 0) side = r.chance(second) ? 1 : 0;
    for (let edits = r.int(3); edits > 0; edits -= 1) add("program");
    if (r.chance(0.5)) for (let edits = 1 + r.int(2); edits > 0; edits -= 1) add("ui");
    if (r.chance(0.2)) add("hand");
    if (r.chance(0.15)) add("adopt");
    if (r.chance(0.08)) add("rename");
    if (r.chance(0.06)) add("state");
    if (r.chance(0.3)) add("people");
    if (r.chance(0.1)) add("background");
    if (r.chance(0.07)) add("time");
    if (r.chance(0.15)) add("agree");
    const command =
      i === 0
        ? "up"
        : r.pick([
            "up",
            "up",
            "up",
            "up",
            "up",
            "up",
            "up",
            r.chance(0.3) ? "slay" : "up",
            "refresh-up",
            "refresh-up",
            "refresh-up",
            "refresh-up",
            "refresh",
            "refresh",
            "refresh",
            "refresh",
            "preview",
            r.chance(0.5) ? "destroy" : "up",
          ] as const);
    const flags =
      command === "preview"
        ? ""
        : [
            ["f", 0.15],
            ["k", 0.02],
            ["c", 0.06],
            ["e", 0.1],
            ["w", 0.08],
          ]
            .map(([flag, of]) => (r.chance(of as number) ? flag : ""))
            .join("");
    add(command, command === "slay" ? "" : flags);
    if (r.chance(flags === "" ? 0.08 : 0.35)) add("calm");
  }
  for (side of [0, 1] as const) {
    add("calm");
    add("destroy");
    add("calm");
  }
  return out;
}

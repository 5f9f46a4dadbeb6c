// Senders that several e-mails share, as constants: of one flow in its program, of several flows in a file beside their programs.
import path from "node:path";
import type { WireFlowRow } from "../../api";
import { decode } from "../../definition/canonical/decode";
import { isDict, own, type Dict } from "../../definition/canonical/values";
import { constantName } from "../program-text";
import { hasStandIn } from "../stand-ins";
import { Call, isPlain, Name, namesIn, print } from "./expression";

/** Name of the file, without its ending; no flow is called so. */
export const SENDERS_FILE = "pulled-senders";
const FIRST =
  "// Pulled from PostHog by hogflow: senders that several flows share. The next pull asks before it overwrites this file.";

/** Whether `pull` wrote this file of senders. */
export const isSendersFile = (text: string): boolean => text.replace(/^\ufeff/, "").startsWith(FIRST);

/** Names of senders, by what they are. */
export type SenderNames = ReadonlyMap<string, string>;

/** The same text for the same sender, whatever the order of its members. */
const senderKey = (sender: Dict): string =>
  JSON.stringify(
    Object.keys(sender)
      .sort()
      .map((key) => [key, sender[key]]),
  );

const isSender = (value: unknown): value is Dict =>
  isPlain(value) && typeof value["integrationId"] === "number" && !hasStandIn(JSON.stringify(value));

/** Names for senders that come in this order of their keys: the same ones get the same names. */
function named(senders: ReadonlyMap<string, Dict>): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [key, { name, email, integrationId }] of [...senders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const words = [name, typeof email === "string" ? email.split("@")[0] : undefined].find(
      (text) => typeof text === "string" && /[A-Za-z]/.test(text),
    );
    const base = words === undefined ? `sender${String(integrationId)}` : constantName(`${String(words)} sender`);
    let free = base;
    for (let n = 2; taken.has(free); n += 1) free = `${base}${n}`;
    taken.add(free);
    names.set(key, free);
  }
  return names;
}

/** Senders of one flow's e-mails, by what they are, and how many e-mails have each. */
function sendersIn(value: unknown, found = new Map<string, { sender: Dict; count: number }>()) {
  if (value instanceof Call) {
    const options = value.args[1];
    const from = value.name === "email" && isPlain(options) ? options["from"] : undefined;
    if (isSender(from)) {
      const key = senderKey(from);
      found.set(key, { sender: from, count: (found.get(key)?.count ?? 0) + 1 });
    }
    value.args.forEach((item) => sendersIn(item, found));
  } else if (Array.isArray(value)) value.forEach((item) => sendersIn(item, found));
  else if (isPlain(value)) Object.values(value).forEach((item) => sendersIn(item, found));
  return found;
}

/** Senders that several flows of the project share. */
export class SharedSenders {
  readonly names: SenderNames;
  private readonly senders = new Map<string, Dict>();

  /** @param rows All flows of the project: what they share does not depend on which of them are pulled. */
  constructor(rows: readonly Pick<WireFlowRow, "actions" | "status">[]) {
    const flows = new Map<string, { sender: Dict; count: number }>();
    for (const row of rows) {
      if (row.status === "archived") continue;
      for (const [key, sender] of sendersOf(row)) flows.set(key, { sender, count: (flows.get(key)?.count ?? 0) + 1 });
    }
    for (const [key, { sender, count }] of flows) if (count > 1) this.senders.set(key, sender);
    this.names = named(this.senders);
  }

  /** The file that holds them. */
  file(folder: string): { path: string; text: string } {
    const lines = [...this.names].map(([key, name]) => {
      const start = `export const ${name} = `;
      return `${start}${print(this.senders.get(key), 0, start.length)};`;
    });
    return { path: path.posix.join(folder, `${SENDERS_FILE}.ts`), text: [FIRST, ...lines, ""].join("\n") };
  }
}

function sendersOf(row: Pick<WireFlowRow, "actions">): Map<string, Dict> {
  const found = new Map<string, Dict>();
  const { actions } = decode({ actions: row.actions, edges: [] });
  for (const step of Object.values(isDict(actions) ? actions : {})) {
    const from = own(own(own(own(own(step, "config"), "inputs"), "email"), "value"), "from");
    if (own(step, "type") === "function_email" && isSender(from)) found.set(senderKey(from), from);
  }
  return found;
}

/** A flow's arguments with names for its senders, and what the names stand for. */
export interface NamedSenders {
  args: Dict;
  /** Constants of the program itself. */
  constants: Dict;
  /** Constants that come from the shared file. */
  imported: Dict;
}

/** Gives a name to each sender that several e-mails of the flow, or several flows, have. */
export function withSenders(args: Dict, shared: SenderNames = new Map(), taken: readonly string[] = []): NamedSenders {
  const used = new Set([...namesIn(args), ...taken, "config", "vars", "pulumi", "HogFlow", "HogFlowSchedule"]);
  const found = sendersIn(args);
  const several = new Map([...found].filter(([, { count }]) => count > 1).map(([key, { sender }]) => [key, sender]));
  const constants: Dict = {};
  const imported: Dict = {};
  const names = new Map<string, string>();
  const take = (into: Dict, key: string, name: string): void => {
    if (used.has(name)) return;
    used.add(name);
    names.set(key, name);
    into[name] = found.get(key)!.sender;
  };
  for (const [key, name] of shared) if (found.has(key)) take(imported, key, name);
  for (const [key, name] of named(several)) if (!names.has(key)) take(constants, key, name);
  return { args: names.size === 0 ? args : (replaced(args, names) as Dict), constants, imported };
}

function replaced(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (value instanceof Call) {
    const args = value.args.map((item) => replaced(item, names));
    const options = args[1];
    const from = value.name === "email" && isPlain(options) ? options["from"] : undefined;
    const name = isSender(from) ? names.get(senderKey(from)) : undefined;
    if (name !== undefined) args[1] = { ...(options as Dict), from: new Name(name) };
    return new Call(value.name, args);
  }
  if (Array.isArray(value)) return value.map((item) => replaced(item, names));
  return isPlain(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, names)]))
    : value;
}

// Properties between the wire and plain data: secrets are opened on the way in, where a caller asks for it with a note of where they were, and unknown values become
// one text. On the way out, the lifecycle has marked what is secret.
import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { formatPath, type Path } from "../definition/canonical/paths";
import { isDict, isMarked, isUnknown, put, UNKNOWN, type Dict } from "../definition/canonical/values";

/** What Pulumi sends for a value of each type that is not known yet. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A secret that is not opened yet: a leaf for everything that walks definitions. */
export class Sealed {
  constructor(readonly value: unknown) {}
}

/** The properties with their secrets opened. */
export const openedProperties = (struct: Struct | undefined): Dict => properties(struct, (leaf) => leaf);
/** The properties with each secret leaf sealed. */
export const sealedProperties = (struct: Struct | undefined): Dict => properties(struct, (leaf) => new Sealed(leaf));

function properties(struct: Struct | undefined, seal: (leaf: unknown) => unknown): Dict {
  const within = (value: unknown): unknown => {
    if (value instanceof Sealed || value === null || value === undefined) return value;
    if (Array.isArray(value)) return value.map(within);
    if (!isDict(value)) return seal(value);
    const out: Dict = {};
    for (const [key, item] of Object.entries(value)) put(out, key, within(item));
    return out;
  };
  const members = (from: Struct): Dict => {
    const out: Dict = {};
    for (const [key, value] of from.getFieldsMap().entries()) put(out, key, read(value));
    return out;
  };
  const read = (value: Value): unknown => {
    switch (value.getKindCase()) {
      case Value.KindCase.STRING_VALUE: {
        const text = value.getStringValue();
        return UNKNOWNS.has(text) ? UNKNOWN : text;
      }
      case Value.KindCase.NUMBER_VALUE:
        return value.getNumberValue();
      case Value.KindCase.BOOL_VALUE:
        return value.getBoolValue();
      case Value.KindCase.LIST_VALUE:
        return (value.getListValue()?.getValuesList() ?? []).map(read);
      case Value.KindCase.STRUCT_VALUE: {
        const item = members(value.getStructValue()!);
        return isMarked(item) ? within(item["value"]) : item;
      }
      default:
        return null;
    }
  };
  return struct === undefined ? {} : members(struct);
}

/** The tree without seals, and the paths where they were. */
export function unsealed(sealed: Dict): { properties: Dict; paths: string[] } {
  const paths: string[] = [];
  const walk = (value: unknown, path: Path): unknown => {
    if (value instanceof Sealed) {
      paths.push(formatPath(path));
      return value.value;
    }
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (!isDict(value)) return value;
    const out: Dict = {};
    for (const [key, item] of Object.entries(value)) put(out, key, walk(item, [...path, key]));
    return out;
  };
  return { properties: walk(sealed, []) as Dict, paths };
}

/** Properties for the wire; members without a value are left out. */
export function structOf(from: Dict): Struct {
  const struct = new Struct();
  const fields = struct.getFieldsMap();
  for (const [key, value] of Object.entries(from)) if (value !== undefined) fields.set(key, valueOf(value));
  return struct;
}

function valueOf(from: unknown): Value {
  const value = new Value();
  if (typeof from === "string") value.setStringValue(from);
  else if (typeof from === "number") value.setNumberValue(from);
  else if (typeof from === "boolean") value.setBoolValue(from);
  else if (Array.isArray(from)) {
    const list = new ListValue();
    list.setValuesList(from.map(valueOf));
    value.setListValue(list);
  } else if (isDict(from)) value.setStructValue(structOf(from));
  else value.setNullValue(NullValue.NULL_VALUE);
  return value;
}

/** Whether a value is there and known. */
export const isKnown = (value: unknown): boolean => value !== undefined && value !== null && !isUnknown(value);

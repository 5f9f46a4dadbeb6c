// Properties between the wire and plain data, without an object for each value in between: a definition has thousands of them, and is in every call about its flow.
// On the wire they are a google.protobuf.Struct: a map from texts to values, each of which is one of six kinds.
import { isDict, put, type Dict } from "../../definition/canonical/values";
import { knownText, opened, type Seal } from "../values";
import { EIGHT_BYTES, PART, tagOf, VARINT, type Reader, type Writer } from "./bytes";

const MEMBER = tagOf(1, PART);
const MEMBER_KEY = tagOf(1, PART);
const MEMBER_VALUE = tagOf(2, PART);
const ITEM = tagOf(1, PART);
const NULL = tagOf(1, VARINT);
const NUMBER = tagOf(2, EIGHT_BYTES);
const TEXT = tagOf(3, PART);
const YES_OR_NO = tagOf(4, VARINT);
const MAP = tagOf(5, PART);
const LIST = tagOf(6, PART);

/** Above the limits of the lifecycle, which says what is too deep and where, and below the end of the stack of calls. */
export const MOST_LEVELS = 2_000;

/** @param seal What becomes of each leaf of a secret. */
export function readProperties(from: Reader, seal: Seal): Dict {
  const out: Dict = {};
  while (from.hasMore()) {
    const tag = from.varint();
    if (tag !== MEMBER) {
      from.skip(tag);
      continue;
    }
    const outer = from.enter();
    let key = "";
    let value: unknown = null;
    while (from.hasMore()) {
      const part = from.varint();
      if (part === MEMBER_KEY) key = from.text();
      else if (part === MEMBER_VALUE) value = readValue(from, seal);
      else from.skip(part);
    }
    from.leave(outer);
    put(out, key, value);
  }
  return out;
}

function readValue(from: Reader, seal: Seal): unknown {
  const outer = from.enter();
  let value: unknown = null;
  while (from.hasMore()) {
    const tag = from.varint();
    if (tag === TEXT) value = knownText(from.text());
    else if (tag === NUMBER) value = from.double();
    else if (tag === YES_OR_NO) value = from.varint() !== 0;
    else if (tag === MAP || tag === LIST) value = readContainer(from, tag, seal);
    else {
      from.skip(tag);
      if (tag === NULL) value = null;
    }
  }
  from.leave(outer);
  return value;
}

function readContainer(from: Reader, tag: number, seal: Seal): unknown {
  const outer = from.enter();
  from.level += 1;
  if (from.level > MOST_LEVELS) throw new Error(`The properties are nested more than ${MOST_LEVELS} levels deep.`);
  const value = tag === MAP ? opened(readProperties(from, seal), seal) : readItems(from, seal);
  from.level -= 1;
  from.leave(outer);
  return value;
}

function readItems(from: Reader, seal: Seal): unknown[] {
  const items: unknown[] = [];
  while (from.hasMore()) {
    const tag = from.varint();
    if (tag === ITEM) items.push(readValue(from, seal));
    else from.skip(tag);
  }
  return items;
}

/** Members without a value are left out. */
export function writeProperties(into: Writer, from: Dict): void {
  for (const key of Object.keys(from).reverse()) {
    if (from[key] === undefined) continue;
    const before = into.length;
    writeValue(into, from[key], MEMBER_VALUE);
    const afterKey = into.length;
    into.text(key);
    into.endPart(afterKey, MEMBER_KEY);
    into.endPart(before, MEMBER);
  }
}

function writeValue(into: Writer, value: unknown, tag: number): void {
  const before = into.length;
  if (typeof value === "string") {
    into.text(value);
    into.endPart(before, TEXT);
  } else if (typeof value === "number") {
    into.double(value);
    into.varint(NUMBER);
  } else if (typeof value === "boolean") {
    into.varint(Number(value));
    into.varint(YES_OR_NO);
  } else if (Array.isArray(value)) {
    for (let i = value.length - 1; i >= 0; i -= 1) writeValue(into, value[i], ITEM);
    into.endPart(before, LIST);
  } else if (isDict(value)) {
    writeProperties(into, value);
    into.endPart(before, MAP);
  } else {
    into.varint(0);
    into.varint(NULL);
  }
  into.endPart(before, tag);
}

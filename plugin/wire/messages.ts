// Messages of the engine's protocol as plain data. A message is a table of its fields by name; fields that a table does not have are passed over.
import type { Dict } from "../../definition/canonical/values";
import { opening, type Seal } from "../values";
import { PART, Reader, tagOf, VARINT, Writer } from "./bytes";
import { readProperties, writeProperties } from "./properties";

interface Field<T> {
  number: number;
  wire: number;
  /** What it is where a message does not have it; such a value is not written. */
  absent: T;
  isList?: boolean;
  /** A value of a list is one item. */
  read(from: Reader): unknown;
  /** Without tag and length. */
  write(into: Writer, value: any): void;
}
export type Message = Readonly<Record<string, Field<any>>>;
/** A message as it is read. */
export type Decoded<M extends Message> = { -readonly [Key in keyof M]: M[Key] extends Field<infer T> ? T : never };
/** A message to write; what it leaves out is absent. */
export type Encoded<M extends Message> = Partial<Decoded<M>>;

export const text = (number: number): Field<string> => ({
  number,
  wire: PART,
  absent: "",
  read: (from) => from.text(),
  write: (into, value: string) => into.text(value),
});
export const flag = (number: number): Field<boolean> => ({
  number,
  wire: VARINT,
  absent: false,
  read: (from) => from.varint() !== 0,
  write: (into, value: boolean) => into.varint(Number(value)),
});
/** Never negative, such as a value of an enumeration. */
export const count = (number: number): Field<number> => ({
  number,
  wire: VARINT,
  absent: 0,
  read: (from) => from.varint(),
  write: (into, value: number) => into.varint(value),
});
const part = <T>(number: number, read: (from: Reader) => T, write: (into: Writer, value: T) => void) => ({
  number,
  wire: PART,
  absent: undefined as T | undefined,
  read(from: Reader) {
    const outer = from.enter();
    const value = read(from);
    from.leave(outer);
    return value;
  },
  write,
});
export const message = <M extends Message>(number: number, table: M): Field<Encoded<M> | undefined> =>
  part<Encoded<M>>(
    number,
    (from) => readMessage(table, from),
    (into, value) => writeMessage(table, into, value),
  );
/** @param seal What becomes of the leaves of secrets: they are opened, unless said otherwise. */
export const properties = (number: number, seal: Seal = opening): Field<Dict | undefined> =>
  part<Dict>(number, (from) => readProperties(from, seal), writeProperties);
/** A field that a message has as often as there are values. */
export const list = <T>(item: Field<T>): Field<NonNullable<T>[]> => ({ ...item, absent: [], isList: true });

export const decode = <M extends Message>(table: M, bytes: Buffer): Decoded<M> => readMessage(table, new Reader(bytes));

export function encode<M extends Message>(table: M, from: Encoded<M>): Buffer {
  const into = new Writer();
  writeMessage(table, into, from);
  return into.result();
}

function readMessage<M extends Message>(table: M, from: Reader): Decoded<M> {
  const fields = Object.entries(table);
  const out = Object.fromEntries(fields.map(([key, { absent }]) => [key, absent]));
  while (from.hasMore()) {
    const tag = from.varint();
    const [key, field] = fields.find(([, { number, wire }]) => tagOf(number, wire) === tag) ?? [];
    if (key === undefined || field === undefined) from.skip(tag);
    else out[key] = field.isList ? [...out[key], field.read(from)] : field.read(from);
  }
  return out as Decoded<M>;
}

function writeMessage<M extends Message>(table: M, into: Writer, from: Encoded<M>): void {
  for (const [key, { number, wire, absent, isList, write }] of Object.entries(table).reverse()) {
    const value: any = from[key];
    if (value === undefined || value === absent) continue;
    for (const item of isList ? [...value].reverse() : [value]) {
      const before = into.length;
      write(into, item);
      if (wire === PART) into.endPart(before, tagOf(number, wire));
      else into.varint(tagOf(number, wire));
    }
  }
}

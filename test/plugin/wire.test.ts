// What the engine sends and gets, bytes for bytes against google-protobuf, which wrote what this replaces: properties of every kind and shape, in both directions.
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { formatPath, type Path } from "../../definition/canonical/paths";
import { asSecret, isMarked, put, UNKNOWN } from "../../definition/canonical/values";
import { PROVIDER_SERVICE } from "../../plugin/protocol";
import { sealing, unsealed } from "../../plugin/values";
import { decode, encode, properties } from "../../plugin/wire/messages";
import { MOST_LEVELS } from "../../plugin/wire/properties";
import { nested } from "../support/nesting";
import { random, type Random } from "../support/random-flow";

const require = createRequire(import.meta.url);
// Pulumi's generated stubs have no types that fit a test.
const struct: any = require("google-protobuf/google/protobuf/struct_pb.js");
const pulumi: any = require("@pulumi/pulumi/proto/provider_pb.js");

const CASES = 2_000;

/** Of CheckRequest. */
const OPENED = { news: properties(3) };
const SEALED = { news: properties(3, sealing) };

type Json = Record<string, unknown>;

function structOf(from: Json): any {
  const made = new struct.Struct();
  for (const key of Object.keys(from)) made.getFieldsMap().set(key, valueOf(from[key]));
  return made;
}
function valueOf(from: unknown): any {
  const value = new struct.Value();
  if (from === null) value.setNullValue(struct.NullValue.NULL_VALUE);
  else if (typeof from === "string") value.setStringValue(from);
  else if (typeof from === "number") value.setNumberValue(from);
  else if (typeof from === "boolean") value.setBoolValue(from);
  else if (Array.isArray(from)) {
    const items = new struct.ListValue();
    items.setValuesList(from.map(valueOf));
    value.setListValue(items);
  } else value.setStructValue(structOf(from as Json));
  return value;
}
function plain(from: any): Json {
  const entries: [string, unknown][] = [...from.getFieldsMap().entries()].map(([key, value]: any) => [
    key,
    item(value),
  ]);
  return Object.fromEntries(entries);
}
function item(value: any): unknown {
  const { KindCase } = struct.Value;
  switch (value.getKindCase()) {
    case KindCase.STRING_VALUE:
      return value.getStringValue();
    case KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case KindCase.LIST_VALUE:
      return value.getListValue().getValuesList().map(item);
    case KindCase.STRUCT_VALUE:
      return plain(value.getStructValue());
    default:
      return null;
  }
}

const written = (from: Json): Buffer => {
  const request = new pulumi.CheckRequest();
  request.setUrn("urn");
  request.setNews(structOf(from));
  request.setRandomseed(new Uint8Array([1, 2, 3]));
  request.setName("a name that nobody asks for");
  return Buffer.from(request.serializeBinary());
};
const readBack = (bytes: Uint8Array): Json =>
  plain(pulumi.CheckRequest.deserializeBinary(new Uint8Array(bytes)).getNews());

const TEXTS = [
  "",
  "a",
  "Good to have you.",
  "äöü ß 東京 🎉",
  "\u0000\n",
  "\uffff",
  "x".repeat(127),
  "x".repeat(128),
  "ж".repeat(9_000),
];
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.1,
  2 ** 53,
  -(2 ** 53),
  1e308,
  5e-324,
  Number.NaN,
  Infinity,
  -Infinity,
  1_780_000_000_000,
];
/** A map of google-protobuf's own is no place for `__proto__`, which has a test of its own. */
const KEYS = ["constructor", "hasOwnProperty", "toString", "0", "value", "", "ключ", "key"];
/** The engine's own kinds of values pass as they are. */
const ASSET = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "words", hash: "" };
const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

/** A leaf more likely the deeper it is, with secrets in between. */
function randomValue(r: Random, depth: number): unknown {
  if (r.chance(0.08)) return asSecret(randomValue(r, depth + 1));
  if (r.next() * 6 > depth)
    return r.chance(0.3) ? Array.from({ length: r.int(5) }, () => randomValue(r, depth + 1)) : randomMap(r, depth + 1);
  return r.pick([
    r.pick(TEXTS),
    r.pick(NUMBERS),
    r.next() * 1e9,
    true,
    false,
    null,
    {},
    [],
    ASSET,
    UNKNOWN,
    UNKNOWN_NUMBER,
  ]);
}
const randomMap = (r: Random, depth: number): Json =>
  Object.fromEntries(
    Array.from({ length: r.int(6) }, (_, i) => [r.chance(0.3) ? r.pick(KEYS) : `key ${i}`, randomValue(r, depth)]),
  );

/** What the lifecycle sees of a value on the wire, and the paths of the leaves of secrets. */
function seen(from: unknown, secrets: string[], path: Path = [], isSecret = false): unknown {
  if (isMarked(from)) return seen((from as Json)["value"], secrets, path, true);
  if (Array.isArray(from)) return from.map((value, i) => seen(value, secrets, [...path, i], isSecret));
  if (typeof from === "object" && from !== null)
    return Object.fromEntries(
      Object.entries(from).map(([key, value]) => [key, seen(value, secrets, [...path, key], isSecret)]),
    );
  if (isSecret && from !== null) secrets.push(formatPath(path));
  return from === UNKNOWN_NUMBER ? UNKNOWN : from;
}

const SEEDS = Array.from({ length: CASES }, (_, seed) => seed);

it("properties are read as google-protobuf writes them, with secrets opened, or sealed", () => {
  for (const seed of SEEDS) {
    const given = randomMap(random(seed), 0);
    const wire = written(given);
    const secrets: string[] = [];
    const expected = seen(given, secrets);
    expect(decode(OPENED, wire).news, `seed ${seed}`).toEqual(expected);
    const { properties: inside, paths } = unsealed(decode(SEALED, wire).news!);
    expect([inside, paths.sort()], `seed ${seed}, sealed`).toEqual([expected, secrets.sort()]);
  }
});

it("properties are written as google-protobuf reads them", () => {
  for (const seed of SEEDS) {
    const given = randomMap(random(seed), 0);
    expect(readBack(encode(OPENED, { news: given })), `seed ${seed}`).toEqual(given);
  }
});

it("members without a value are left out, items without one are null, and so is what no wire has", () => {
  const given = { a: undefined, b: [undefined, 1], c: () => 1, d: { e: undefined } };
  expect(readBack(encode(OPENED, { news: given }))).toEqual({ b: [null, 1], c: null, d: {} });
});

it("half of a pair of surrogates is written as what Go takes", () => {
  const given = { high: "a\ud83d", low: "\ude00b", mixed: "\ud83d\ud83d\ude00", "\ud800": 1 };
  expect(readBack(encode(OPENED, { news: given }))).toEqual({
    high: "a\ufffd",
    low: "\ufffdb",
    mixed: "\ufffd😀",
    "\ufffd": 1,
  });
});

it("a member called __proto__ is one like any other", () => {
  const given = { a: 1 };
  put(given, "__proto__", { polluted: true });
  const { news } = decode(OPENED, encode(OPENED, { news: { inside: given } }));
  expect(Object.keys(news!["inside"] as Json)).toEqual(["a", "__proto__"]);
  expect((news!["inside"] as Json)["polluted"]).toBeUndefined();
  expect(({} as Json)["polluted"]).toBeUndefined();
});

describe("on a wire that is not as it should be", () => {
  const NEWS = (3 << 3) | 2;
  const part = (tag: number, ...bytes: Buffer[]): Buffer => {
    const inside = Buffer.concat(bytes);
    return Buffer.concat([Buffer.from([tag, inside.length]), inside]);
  };
  /** A field that no table has, in each way that a value is written. */
  const STRANGE: [string, Buffer][] = [
    ["a number", Buffer.from([0x78, 0x80, 0x01])],
    ["eight bytes", Buffer.from([0x79, 1, 2, 3, 4, 5, 6, 7, 8])],
    ["four bytes", Buffer.from([0x7d, 1, 2, 3, 4])],
    ["a part", part(0x7a, Buffer.from("some bytes"))],
    // Of a known number, but not of its kind.
    ["a number in the place of a part", Buffer.from([0x08, 0x05])],
  ];

  it.each(STRANGE)("what nobody knows is passed over: %s", (_, strange) => {
    const text = part(0x1a, Buffer.from("hello"));
    const list = part(0x32, strange, part(0x0a, text), strange);
    const key = part(0x0a, Buffer.from("k"));
    const member = (of: Buffer): Buffer => part(0x0a, strange, key, part(0x12, of, ...(of === text ? [] : [strange])));
    const wire = Buffer.concat([strange, part(NEWS, strange, member(list)), strange]);
    const { news } = decode(OPENED, wire);
    expect(news).toEqual({ k: strange[0] === 0x08 ? null : ["hello"] });
  });

  it("a member without a key or a value has none, and the last of two holds", () => {
    const value = part(0x12, part(0x1a, Buffer.from("v")));
    const key = part(0x0a, Buffer.from("k"));
    const last = part(0x12, part(0x1a, Buffer.from("v")), Buffer.from([0x20, 1]));
    expect(decode(OPENED, part(NEWS, part(0x0a, value), part(0x0a, key))).news).toEqual({ "": "v", k: null });
    expect(decode(OPENED, part(NEWS, part(0x0a, key, value), part(0x0a, last, key))).news).toEqual({ k: true });
  });

  it("what is cut off is an error, wherever the cut is", () => {
    const whole = encode(OPENED, { news: { text: "words", list: [1, { a: true, b: null }], map: {} } });
    for (let length = 1; length < whole.length; length += 1)
      expect(() => decode(OPENED, whole.subarray(0, length)), `${length} bytes`).toThrow(/^The message ends/);
  });

  it("a part that is longer than the one around it, an endless number and a group are errors", () => {
    expect(() => decode(OPENED, Buffer.from([NEWS, 2, 0x0a, 5, 0x0a, 1, 0x6b]))).toThrow(/ends before/);
    expect(() => decode(OPENED, Buffer.from([NEWS, ...Array<number>(11).fill(0x80)]))).toThrow(/more than 10 bytes/);
    expect(() => decode(OPENED, Buffer.from([0x7b, 0x7c]))).toThrow(/\(3\)/);
  });

  it("changed bytes are read as something or an error", () => {
    for (const seed of SEEDS) {
      const r = random(seed);
      const wire = Buffer.from(encode(OPENED, { news: randomMap(r, 2) }));
      for (let i = 0; i < 3 && wire.length > 0; i += 1) wire[r.int(wire.length)] = r.int(256);
      try {
        decode(SEALED, wire);
      } catch (error) {
        expect((error as Error).message, `seed ${seed}`).toMatch(
          /^(The message|A number of the message|The properties)/,
        );
      }
    }
  });

  it("what is nested deeper than the lifecycle looks is an error", () => {
    const deep = { x: nested(MOST_LEVELS) };
    expect(decode(OPENED, encode(OPENED, { news: deep })).news).toEqual(deep);
    expect(() => decode(OPENED, encode(OPENED, { news: { x: nested(MOST_LEVELS + 1) } }))).toThrow(
      `nested more than ${MOST_LEVELS} levels deep`,
    );
    const wide = { x: Array.from({ length: MOST_LEVELS + 1 }, () => ({})) };
    expect(decode(OPENED, encode(OPENED, { news: wide })).news).toEqual(wide);
  });
});

describe("the messages are those of Pulumi's protocol", () => {
  const { ResourceProviderService: service } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
  const methods = Object.keys(PROVIDER_SERVICE);

  it.each(methods)("%s has its path", (name) => {
    expect(PROVIDER_SERVICE[name]!.path).toBe(service[name].path);
  });

  /** What each request has, by the names of Pulumi's setters. */
  const map = { a: [1, "b"] };
  const REQUESTS: Record<string, Json> = {
    handshake: { engineAddress: "127.0.0.1:1" },
    checkConfig: { news: map },
    diffConfig: { olds: map, news: { b: 1 }, oldInputs: { c: 1 } },
    configure: { args: map, urn: "u", name: "n" },
    check: { urn: "u", olds: map, news: { b: 1 } },
    diff: { id: "i", urn: "u", olds: map, news: { b: 1 } },
    create: { urn: "u", properties: map, preview: true },
    read: { id: "i", urn: "u", properties: map },
    update: { id: "i", urn: "u", olds: map, news: { b: 1 }, preview: true },
    delete: { id: "i", urn: "u", properties: map },
  };
  it.each(Object.entries(REQUESTS))("%s is read as it is asked", (name, fields) => {
    const request = new service[name].requestType();
    for (const [key, value] of Object.entries(fields))
      request[`set${key[0]!.toUpperCase()}${key.slice(1)}`](
        typeof value === "object" ? structOf(value as Json) : value,
      );
    const read: unknown = PROVIDER_SERVICE[name]!.requestDeserialize(service[name].requestSerialize(request));
    expect(read).toEqual(fields);
  });

  const failures = [
    { property: "p", reason: "r" },
    { property: "", reason: "" },
  ];
  const inputs = { fieldsMap: [["a", expect.anything()]] };
  const ANSWERS: [string, Json, Json][] = [
    ["handshake", { acceptSecrets: true }, { acceptSecrets: true }],
    ["getPluginInfo", { version: "1.0.0" }, { version: "1.0.0" }],
    ["getSchema", { schema: "{}" }, { schema: "{}" }],
    ["configure", { acceptSecrets: true, supportsPreview: true }, { acceptsecrets: true, supportspreview: true }],
    ["check", { inputs: map, failures }, { inputs, failuresList: failures }],
    ["diffConfig", { changes: 2 }, { changes: 2 }],
    [
      "diff",
      {
        changes: 2,
        replaces: ["a", "b"],
        deleteBeforeReplace: true,
        diffs: ["c"],
        detailedDiff: [{ key: "c", value: { kind: 4 } }],
        hasDetailedDiff: true,
      },
      {
        changes: 2,
        replacesList: ["a", "b"],
        deletebeforereplace: true,
        diffsList: ["c"],
        detaileddiffMap: [["c", { kind: 4, inputdiff: false }]],
        hasdetaileddiff: true,
      },
    ],
    ["create", { id: "i", properties: map }, { id: "i", properties: inputs }],
    ["read", { id: "i", properties: map, inputs: map }, { id: "i", properties: inputs, inputs }],
    ["read", { id: "i", inputs: undefined }, { id: "i", inputs: undefined }],
    ["update", { properties: map }, { properties: inputs }],
    ["delete", {}, {}],
  ];
  it.each(ANSWERS)("the answer to %s is read as it is given: %o", (name, answer, expected) => {
    const read = service[name].responseDeserialize(PROVIDER_SERVICE[name]!.responseSerialize(answer));
    expect(read.toObject()).toMatchObject(expected);
  });
});

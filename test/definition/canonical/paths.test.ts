// Property paths in Pulumi's syntax, differences between two definitions, and values without surprises.
import { describe, expect, it } from "vitest";
import { differences } from "../../../definition/canonical/compare";
import {
  deleteAt,
  formatPath,
  getAt,
  parsePath,
  setAt,
  startsWith,
  type Path,
} from "../../../definition/canonical/paths";
import { copy, isDict, same, stableText, UNKNOWN, type Dict } from "../../../definition/canonical/values";
import { AWKWARD_IDS, random, randomFlow } from "../../support/random-flow";
import { canonicalOf, places, reordered } from "./support";

describe("paths", () => {
  it.each<[Path, string]>([
    [["actions", "welcome", "config"], "actions.welcome.config"],
    [["actions", "a.b", "branches", 0], 'actions["a.b"].branches[0]'],
    [["actions", "0"], 'actions["0"]'],
    [["a", 0, 1, "b"], "a[0][1].b"],
    [["a.b"], '["a.b"]'],
    [["actions", 'say "hi"'], 'actions["say \\"hi\\""]'],
    [["actions", "step-1", "$ref"], "actions.step-1.$ref"],
    [["actions", ""], 'actions[""]'],
  ])("%j is %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  it("go both ways for awkward ids anywhere", () => {
    const r = random(1);
    for (let i = 0; i < 500; i += 1) {
      const path: Path = Array.from({ length: 1 + r.int(5) }, (_, n) =>
        n > 0 && r.chance(0.3) ? r.int(12) : r.pick([...AWKWARD_IDS, "", "plain", "\ud800", "\u2028"]),
      );
      expect(parsePath(formatPath(path)), formatPath(path)).toEqual(path);
    }
  });

  it.each(["", "a..b", "a[", "a[b]", 'a["b]', "a.", ".a", "a]b", 'a["\\x"]'])("%j is none", (text) =>
    expect(parsePath(text)).toBeUndefined(),
  );

  it("reach every place of a flow", () => {
    const form = canonicalOf(randomFlow(3));
    for (const path of places(form))
      if (path.length > 0) expect(getAt(form, parsePath(formatPath(path))!)).toBeDefined();
  });

  it("set and delete in place, and nowhere else", () => {
    const root: Dict = { a: { list: [{ x: 1 }] } };
    expect(setAt(root, ["a", "list", 0, "x"], 2)).toBe(true);
    expect(setAt(root, ["a", "b", "c"], 1)).toBe(false);
    expect(setAt(root, ["a", "b", "c"], 1, { create: true })).toBe(true);
    expect(setAt(root, ["a", "list", 5, "x"], 1, { create: true })).toBe(false);
    expect(setAt(root, ["a", "list", 3], 1)).toBe(false);
    deleteAt(root, ["a", "b", "c"]);
    deleteAt(root, ["nothing", "here"]);
    expect(root).toEqual({ a: { list: [{ x: 2 }], b: {} } });
  });

  it("never reach JavaScript's own", () => {
    const root: Dict = {};
    setAt(root, ["__proto__", "polluted"], 1, { create: true });
    setAt(root, ["constructor", "polluted"], 1, { create: true });
    expect(({} as Dict)["polluted"]).toBeUndefined();
    expect((Object as unknown as Dict)["polluted"]).toBeUndefined();
    expect(getAt({}, ["constructor"])).toBeUndefined();
    expect(getAt([1], ["length"])).toBeUndefined();
    expect(getAt(root, ["__proto__", "polluted"])).toBe(1);
  });

  it("begin with others", () => {
    expect(startsWith(["a", "b", 0], ["a", "b"])).toBe(true);
    expect(startsWith(["a"], ["a", "b"])).toBe(false);
    expect(startsWith(["a", "0"], ["a", 0])).toBe(false);
  });
});

describe("differences", () => {
  it.each<[string, unknown, unknown, unknown[]]>([
    ["none", { a: 1, b: undefined }, { a: 1 }, []],
    ["a member more", {}, { a: { b: 1 } }, [{ path: ["a"], kind: "added", before: undefined, after: { b: 1 } }]],
    ["a member less", { a: 1 }, {}, [{ path: ["a"], kind: "removed", before: 1, after: undefined }]],
    [
      "deep in maps and lists of one length",
      { a: [{ x: 1 }, { x: 2 }] },
      { a: [{ x: 1 }, { x: 3 }] },
      [{ path: ["a", 1, "x"], kind: "changed", before: 2, after: 3 }],
    ],
    [
      "lists of two lengths as a whole",
      { a: [1] },
      { a: [1, 2] },
      [{ path: ["a"], kind: "changed", before: [1], after: [1, 2] }],
    ],
    ["another kind of value", { a: {} }, { a: [] }, [{ path: ["a"], kind: "changed", before: {}, after: [] }]],
    ["null is a value", { a: null }, {}, [{ path: ["a"], kind: "removed", before: null, after: undefined }]],
    [
      "names of JavaScript's own",
      { constructor: 1 },
      { toString: 1 },
      [
        { path: ["constructor"], kind: "removed", before: 1, after: undefined },
        { path: ["toString"], kind: "added", before: undefined, after: 1 },
      ],
    ],
  ])("%s", (_, before, after, expected) => expect(differences(before, after)).toEqual(expected));

  it("lead from one flow to the other", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const from = canonicalOf(randomFlow(seed));
      const to = canonicalOf(randomFlow(seed + 1000));
      const moved = copy(from);
      for (const { path, after } of differences(from, to)) {
        if (after === undefined) deleteAt(moved, path);
        else setAt(moved, path, after);
      }
      expect(moved).toEqual(to);
      expect(differences(to, from)).toHaveLength(differences(from, to).length);
    }
  });
});

describe("values", () => {
  it("are the same in any order of members", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const value = randomFlow(seed);
      const other = reordered(value, random(seed)) as Dict;
      expect(same(value, other)).toBe(true);
      expect(stableText(other)).toBe(stableText(value));
      expect(copy(value)).toEqual(value);
      expect(copy(value)).not.toBe(value);
    }
  });
  it("differ where JSON does", () => {
    for (const [a, b] of [
      [0, false],
      ["1", 1],
      [null, undefined],
      [[], {}],
      [
        [1, 2],
        [2, 1],
      ],
      [
        { a: undefined, b: 1 },
        { a: 1, b: undefined },
      ],
      [UNKNOWN, ""],
    ])
      expect(same(a, b)).toBe(false);
  });
  it("are maps only where JSON would have one", () => {
    expect([{}, Object.create(null), JSON.parse("{}")].every(isDict)).toBe(true);
    expect([null, [], new Date(), new Map(), "x", () => 0].some(isDict)).toBe(false);
  });
});

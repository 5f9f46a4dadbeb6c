// What holds for the canonical form of any flow (design L1).
import { describe, expect, it } from "vitest";
import { canonical } from "../../../definition/canonical/canonical";
import { differences } from "../../../definition/canonical/compare";
import { decode } from "../../../definition/canonical/decode";
import { encode } from "../../../definition/canonical/encode";
import { containsUnknown, isDict, UNKNOWN, type Dict } from "../../../definition/canonical/values";
import { random, randomFlow } from "../../support/random-flow";
import { canonicalOf, FLOWS, places, reordered, replaced, without, withDefaults } from "./support";

/** Edges in another order, but those of one kind in theirs, because the first of them counts. */
function rewired(edges: unknown, seed: number): unknown {
  if (!Array.isArray(edges)) return edges;
  const kind = ({ from, type, index }: Dict): string =>
    JSON.stringify([from, type, type === "continue" ? null : index]);
  const queues = new Map<string, Dict[]>();
  for (const edge of edges as Dict[]) queues.set(kind(edge), [...(queues.get(kind(edge)) ?? []), edge]);
  return random(seed)
    .shuffled(edges as Dict[])
    .map((edge) => queues.get(kind(edge))!.shift()!);
}

describe.each(FLOWS)("%s", (name, wire) => {
  const seed = [...name].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7);
  const form = canonicalOf(wire);
  const content = without(form, "status");

  it("is idempotent", () => expect(canonical(form)).toEqual(form));
  it("comes back from the wire", () => expect(decode(encode(content))).toEqual(content));
  it("is written in one way", () => {
    const written = encode(content);
    expect(JSON.stringify(encode(decode(written)))).toBe(JSON.stringify(written));
    expect(
      JSON.stringify(encode(canonicalOf({ ...wire, actions: random(seed).shuffled(wire["actions"] as unknown[]) }))),
    ).toBe(JSON.stringify(encode(form)));
  });
  it("does not depend on the order of members", () =>
    expect(canonicalOf(reordered(wire, random(seed)) as Dict)).toEqual(form));
  it("does not depend on the order of steps and edges", () => {
    const other = {
      ...wire,
      actions: random(seed).shuffled(wire["actions"] as unknown[]),
      ...(wire["edges"] === undefined ? {} : { edges: rewired(wire["edges"], seed) }),
    };
    expect(canonicalOf(other)).toEqual(form);
  });
  it("has no default written out", () => expect(canonical(withDefaults(form))).toEqual(form));
  it("tolerates unknown values anywhere, and keeps them", () => {
    const r = random(seed);
    const all = places(form).filter((path) => path.length > 0);
    for (let i = 0; i < 12; i += 1) {
      const path = r.pick(all);
      const mutated = replaced(form, path, UNKNOWN) as Dict;
      const once = canonical(mutated);
      expect(canonical(once), String(path)).toEqual(once);
      expect(containsUnknown(once), String(path)).toBe(true);
    }
  });
  it("tolerates unknown values anywhere in what a program gives", () => {
    const r = random(seed + 1);
    const given = withDefaults(form);
    const all = places(given).filter((path) => path.length > 0);
    for (let i = 0; i < 12; i += 1) {
      let mutated = given;
      for (let n = r.int(3); n >= 0; n -= 1) mutated = replaced(mutated, r.pick(all), UNKNOWN) as Dict;
      const once = canonical(mutated);
      expect(canonical(once)).toEqual(once);
    }
  });
  it("changes nothing in what it is given", () => {
    const before = JSON.stringify(wire);
    encode(canonicalOf(wire));
    expect(JSON.stringify(wire)).toBe(before);
  });
});

it("sees every real edit of a step as a difference at that step", () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const form = canonicalOf(randomFlow(seed));
    const steps = form["actions"] as Dict;
    const id = random(seed).pick(Object.keys(steps));
    const edited = { ...form, actions: { ...steps, [id]: { ...(steps[id] as Dict), name: "Another title" } } };
    expect(differences(form, canonical(edited)).map(({ path }) => path)).toEqual([["actions", id, "name"]]);
  }
});

it("takes maps without a prototype, and names of JavaScript's own", () => {
  const odd = (type: string, config: Dict): Dict => ({
    actions: { constructor: Object.assign(Object.create(null), { type, name: "x", config }) as Dict },
  });
  for (const word of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    for (const definition of [
      odd(word, { a: 1 }),
      odd("trigger", { type: word }),
      odd("trigger", { type: "event", filters: { source: word, events: [] } }),
      odd("function_email", { templateId: word }),
    ]) {
      const once = canonical(definition);
      expect(canonical(once)).toEqual(once);
      expect(isDict(encode(once))).toBe(true);
      expect((once["actions"] as Dict)["constructor"]).toBeTypeOf("object");
    }
  }
});

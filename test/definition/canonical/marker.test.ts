// The marker in the description (design L5): no part of the canonical form, and recognised by its own stack alone.
import { describe, expect, it } from "vitest";
import { canonical } from "../../../definition/canonical/canonical";
import { decode } from "../../../definition/canonical/decode";
import {
  currentOwnerText,
  isMarkedBy,
  isSameDescription,
  marked,
  markerOf,
  markOf,
  parseOwner,
  resourceIn,
  stackToken,
  tokensOf,
  tokensOfOwner,
  unmarked,
  type Owner,
} from "../../../definition/canonical/marker";
import { encode } from "../../../definition/canonical/encode";

const owner: Owner = {
  project: "growth",
  stack: "prod",
  name: "onboarding",
  urn: "urn:pulumi:prod::growth::x::onboarding",
};
const TEXTS = ["", "Text", "two\nlines", "ends with [hogflow]", "dots...\n\n\nlast"];

describe.each(TEXTS)("%j", (text) => {
  it("comes back without its mark", () => {
    expect(unmarked(marked(text, owner))).toBe(text);
    expect(unmarked(`${marked(text, owner)}\n  `)).toBe(text);
    expect(unmarked(`${marked(text, owner)}\nadded by somebody`)).toBe(
      text === "" ? "added by somebody" : `${text}\nadded by somebody`,
    );
    expect(marked(text, undefined)).toBe(text);
  });
  it("is recognised with it, and not without", () => {
    expect(isMarkedBy(marked(text, owner), owner)).toBe(true);
    expect(isMarkedBy(text, owner)).toBe(false);
  });
  it("has the same canonical form with and without", () => {
    const wire = { name: "F", actions: [], description: text };
    expect(decode({ ...wire, description: marked(text, owner) })).toEqual(decode(wire));
    expect(decode(encode(canonical({ description: text, actions: {} })))).toEqual(
      canonical({ description: text, actions: {} }),
    );
  });
});

it("is the owner's alone", () => {
  for (const other of [
    { ...owner, urn: "urn:other" },
    { ...owner, stack: "dev" },
    { ...owner, project: "x" },
  ])
    expect(isMarkedBy(marked("x", owner), other)).toBe(false);
  expect(isMarkedBy(`${marked("x", owner)}\nadded by somebody`, owner)).toBe(true);
  for (const odd of [undefined, null, 5, {}]) expect(isMarkedBy(odd, owner)).toBe(false);
});

it("is found below the mark of another flow, whose text was copied", () => {
  const copied = marked("Text", { ...owner, urn: "urn:other" });
  expect(isMarkedBy(marked(copied, owner), owner)).toBe(true);
  expect(canonical({ description: copied, actions: {} })).toEqual({ description: "Text", actions: {} });
  expect(decode({ actions: [], description: marked(copied, owner) })).toEqual({ description: "Text", actions: {} });
});

it("is the last one of a text, whose sentence is for people alone", () => {
  const other = { ...owner, stack: "dev", urn: "urn:other" };
  const both = `${marked("Text", owner)}\n\n${markOf(other)}`;
  expect(isMarkedBy(both, owner)).toBe(false);
  expect(isMarkedBy(both, other)).toBe(true);
  expect(markerOf(both)).toEqual({
    stack: stackToken(other),
    own: tokensOfOwner(other).split(" ")[1],
    says: "growth/dev/onboarding",
  });
  expect(tokensOf(markerOf(marked("", owner).replace("Managed", "Kept")))).toBe(tokensOfOwner(owner));
  expect(markerOf(marked("", owner).replace("Managed", "Kept"))).not.toHaveProperty("says");
  for (const none of ["Text", "[hogflow 123 456]", "", undefined, 5]) expect(markerOf(none)).toBeUndefined();
});

it("is found by one word for all flows of a stack", () => {
  expect(markOf(owner)).toContain(stackToken(owner));
  expect(markOf({ ...owner, name: "other", urn: "urn:other" })).toContain(stackToken(owner));
  expect(stackToken({ ...owner, stack: "dev" })).not.toBe(stackToken(owner));
  expect(markOf(owner)).toContain("growth/prod/onboarding");
});

it("tells the name of another resource of the stack, and of no other stack", () => {
  const other = { ...owner, name: "a.b. c", urn: "urn:other" };
  expect(resourceIn(marked("Text", other), owner)).toBe("a.b. c");
  expect(resourceIn(`${marked("Text", other)}\nadded by somebody`, owner)).toBe("a.b. c");
  for (const text of [marked("Text", { ...other, stack: "dev" }), "Text", undefined])
    expect(resourceIn(text, owner)).toBeUndefined();
});

it("leaves a text that somebody typed behind it on its line, before it or into it", () => {
  const mark = markOf(owner);
  expect(unmarked(`Text\n\n${mark} Ask Ann first.`)).toBe("Text\nAsk Ann first.");
  expect(unmarked(`Text\n\n${mark}Ask Ann first.\nMore`)).toBe("Text\nAsk Ann first.\nMore");
  expect(unmarked(`${mark} Ask Ann first.`)).toBe("Ask Ann first.");
  expect(unmarked(`Text\n\nAsk Ann first. ${mark}`)).toBe("Text\n\nAsk Ann first.");
  const changed = `Text\n\n${mark.replace("drift", "news")}`;
  expect(unmarked(changed)).toBe(
    "Text\n\nManaged in code by pulumi-hogflow: growth/prod/onboarding. Edit in Git; edits here are reported as news.",
  );
  expect(isMarkedBy(changed, owner)).toBe(true);
});

it("is recognised with the sentence of an earlier version, which is no difference", () => {
  const old = marked("Text", owner).replace(
    "Edit in Git; edits here are reported as drift.",
    "Changes made here are undone.",
  );
  expect(old).toContain("undone");
  expect(unmarked(old)).toBe("Text");
  expect(resourceIn(old, owner)).toBe("onboarding");
  expect(isMarkedBy(old, owner)).toBe(true);
  expect(isSameDescription(old, marked("Text", owner))).toBe(true);
  expect(isSameDescription(old, marked("Other", owner))).toBe(false);
  expect(isSameDescription(old, marked("Text", { ...owner, urn: "urn:other" }))).toBe(false);
  expect(isSameDescription(old, "Text")).toBe(false);
});

it("does not take long for a description that is mostly line ends", () => {
  const text = `Text${"\n".repeat(200_000)}x`;
  const start = performance.now();
  expect(unmarked(marked(text, owner))).toBe(text);
  expect(unmarked(text)).toBe(text);
  expect(performance.now() - start).toBeLessThan(1000);
});

const NAMES = [
  'a "quoted" name',
  "it's",
  "a\nb",
  "a\r\nb\u2028c\u0085d",
  "tab\tand\u0000nul",
  "[brackets]",
  "[hogflow 0123456789ab 0123456789ab]",
  "a. Edit in Git; edits here are reported as drift. b",
  "a. Changes made here are undone. b",
  "übér 名前 👩‍💻",
  "\u202eright to left",
  "half \ud83d of one",
  "\\n",
  "x".repeat(5000),
  "👩‍💻".repeat(500),
  "a/b::c",
  "%_\\",
  " ",
];

describe.each(NAMES)("a resource called %j", (name) => {
  const named = { ...owner, name, urn: `urn:pulumi:prod::growth::x::${name}` };

  it("has a marker on one line, which is found, and leaves nothing behind", () => {
    const mark = markOf(named);
    expect(mark).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
    expect(mark).toContain(stackToken(owner));
    expect(isMarkedBy(mark, named)).toBe(true);
    for (const text of TEXTS) expect(unmarked(marked(text, named))).toBe(text);
    expect(unmarked(`Text\n\n${mark} Ask Ann first.`)).toBe("Text\nAsk Ann first.");
    expect(resourceIn(marked("Text", named), owner)).toBeDefined();
    expect(isMarkedBy(mark, { ...owner, urn: "urn:other" })).toBe(false);
  });
});

it("shows a name with a line break as a program writes it", () => {
  expect(resourceIn(markOf({ ...owner, name: "a\nb" }), owner)).toBe("a\\nb");
});

it("goes through one text input and back", () => {
  expect(parseOwner(owner.urn)).toEqual(owner);
  const odd = { ...owner, name: "a::b\nc", urn: "urn:pulumi:prod::growth::x$y:z::a::b\nc" };
  expect(parseOwner(odd.urn)).toEqual(odd);
  for (const text of [
    undefined,
    "",
    "x",
    "[",
    "[]",
    '["a","b","c"]',
    5,
    "urn:pulumi:prod::growth::x",
    "urn:pulumi:prod::growth::x::",
  ])
    expect(parseOwner(text)).toBeUndefined();
});

it("is read from states of earlier versions", () => {
  expect(currentOwnerText(JSON.stringify([owner.project, owner.stack, owner.name, owner.urn]))).toBe(owner.urn);
  for (const text of [owner.urn, "[", "[]", '["a","b","c","d"]']) expect(currentOwnerText(text)).toBe(text);
});

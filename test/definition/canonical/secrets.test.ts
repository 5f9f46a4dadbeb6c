// Secrets inside the provider (design L13): known values come back in place of PostHog's stand-in, and are marked wherever they reappear.
import { describe, expect, it } from "vitest";
import { decode } from "../../../definition/canonical/decode";
import { isKeptSecret, protect, redact, secretValues, withKnownSecrets } from "../../../definition/canonical/secrets";
import { asSecret, UNKNOWN, type Dict } from "../../../definition/canonical/values";
import { REFERENCE_FLOWS } from "../../support/reference-flows";

const hook = (inputs: Dict, id = "hook"): Dict => ({
  actions: { [id]: { type: "function", name: "H", config: { templateId: "template-webhook", inputs } } },
});
const PATH = "actions.hook.config.inputs.signing_secret.value";

describe("withKnownSecrets", () => {
  const ours = hook({ url: { value: "https://x" }, signing_secret: { value: "s3cr3t" } });

  it("puts our value where PostHog says that it keeps one", () => {
    const live = hook({ url: { value: "https://y" }, signing_secret: { secret: true } });
    expect(withKnownSecrets(live, ours)).toEqual(
      hook({ url: { value: "https://y" }, signing_secret: { value: "s3cr3t" } }),
    );
    expect(live).toEqual(hook({ url: { value: "https://y" }, signing_secret: { secret: true } }));
  });
  it("leaves one that we never gave, and one of another step", () => {
    expect(withKnownSecrets(hook({ auth_header: { secret: true } }), ours)).toEqual(
      hook({ auth_header: { secret: true } }),
    );
    expect(withKnownSecrets(hook({ signing_secret: { secret: true } }, "other"), ours)).toEqual(
      hook({ signing_secret: { secret: true } }, "other"),
    );
  });
  it("shows one that has disappeared", () => expect(withKnownSecrets(hook({}), ours)).toEqual(hook({})));
  it("keeps a secret that the program keeps", () => {
    expect(withKnownSecrets(hook({ a: { secret: true } }), hook({ a: { secret: true } }))).toEqual(
      hook({ a: { secret: true } }),
    );
    expect(withKnownSecrets(hook({ a: { secret: true } }), hook({ a: { secret: true, value: "********" } }))).toEqual(
      hook({ a: { secret: true, value: "********" } }),
    );
  });
  it("makes an answer of PostHog the flow that was written", () => {
    const sent = REFERENCE_FLOWS["event trigger, delay, webhook"]!.flow;
    const answered = JSON.parse(JSON.stringify(sent).replace('{"value":"s3cr3t"}', '{"secret":true}')) as Dict;
    expect(answered).not.toEqual(sent);
    expect(withKnownSecrets(decode(answered), decode(sent))).toEqual(decode(sent));
  });
  it("knows a kept secret from a value", () => {
    expect([{ secret: true }, { secret: true, value: "********" }].every(isKeptSecret)).toBe(true);
    expect(
      [{ secret: true, value: "x" }, { value: "********" }, { secret: false }, null, "x", UNKNOWN].some(isKeptSecret),
    ).toBe(false);
  });
});

describe("protect", () => {
  it("marks by path", () =>
    expect(protect(hook({ signing_secret: { value: "abc" } }), [PATH])).toEqual(
      hook({ signing_secret: { value: asSecret("abc") } }),
    ));
  it("marks a value that reappears under another path, also inside a text, a list, or as a number", () => {
    const properties = {
      ...hook({ signing_secret: { value: "s3cr3t" } }),
      serverAdditions: { x: { value: "Bearer s3cr3t" } },
      list: ["a", "s3cr3t"],
      other: "harmless",
    };
    expect(protect(properties, [PATH])).toEqual({
      ...hook({ signing_secret: { value: asSecret("s3cr3t") } }),
      serverAdditions: { x: { value: asSecret("Bearer s3cr3t") } },
      list: ["a", asSecret("s3cr3t")],
      other: "harmless",
    });
    expect(protect({ pin: 123456, again: { deep: 123456, asText: "123456" } }, ["pin"])).toEqual({
      pin: asSecret(123456),
      again: { deep: asSecret(123456), asText: asSecret("123456") },
    });
  });
  it("marks with values of another map: those of the inputs on what was read", () => {
    const values = secretValues(hook({ signing_secret: { value: "s3cr3t" } }), [PATH]);
    expect(protect(hook({ signing_secret: { value: "s3cr3t" } }, "renamed"), [], values)).toEqual(
      hook({ signing_secret: { value: asSecret("s3cr3t") } }, "renamed"),
    );
  });
  it("does not search for short values, which are everywhere by chance", () =>
    expect(protect({ a: "no", b: "none" }, ["a"])).toEqual({ a: asSecret("no"), b: "none" }));
  it("marks a whole subtree, and its values elsewhere", () =>
    expect(protect({ a: { b: ["deep value"] }, c: "deep value" }, ["a"])).toEqual({
      a: asSecret({ b: ["deep value"] }),
      c: asSecret("deep value"),
    }));
  it("marks nothing twice, nothing unknown, and never its own paths", () => {
    const properties = { a: asSecret("s3cr3t"), b: UNKNOWN, secretPaths: ["a.s3cr3t"], __provider: "s3cr3t" };
    expect(protect(properties, ["b"], new Set(["s3cr3t"]))).toEqual(properties);
  });
  it("takes paths with awkward ids, and passes over what is no path", () => {
    expect(protect({ "a.b": { "0": "secret value" } }, ['["a.b"]["0"]', "a..b", "not.there"])).toEqual({
      "a.b": { "0": asSecret("secret value") },
    });
  });
});

describe("redact", () => {
  it("takes every value out of a text", () =>
    expect(redact("s3cr3t and s3cr3t, 123456", new Set<unknown>(["s3cr3t", 123456]))).toBe(
      "[secret] and [secret], [secret]",
    ));
  it("leaves no end of a value that begins like another", () =>
    expect(redact("key-long-end", new Set(["key-", "key-long-end"]))).toBe("[secret]"));
});

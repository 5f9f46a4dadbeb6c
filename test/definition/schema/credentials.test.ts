// What looks like a credential: the samples of every row, and texts in texts.
import { describe, expect, it } from "vitest";
import {
  CREDENTIAL_NAMES,
  CREDENTIAL_VALUES,
  credentialsIn,
  withoutCredentials,
} from "../../../definition/schema/credentials";

const found = (text: string, name?: string, isHeader = false): string[] =>
  credentialsIn(text, { ...(name === undefined ? {} : { name }), isHeader }).map(({ start, end }) =>
    text.slice(start, end),
  );

describe("names", () => {
  for (const row of CREDENTIAL_NAMES) {
    it.each(row.hits)(`${row.what}: %s with %s`, (name, value) =>
      expect(credentialsIn(value, { name }).map(({ what }) => what)).toEqual([row.what]),
    );
    it.each(row.misses)(`not ${row.what}: %s with %s`, (name, value) => expect(found(value, name)).toEqual([]));
  }
});

describe("values", () => {
  for (const row of CREDENTIAL_VALUES) {
    it.each(row.hits)(`${row.what} %s`, (value) =>
      expect(credentialsIn(`a ${value} b`).map(({ what }) => what)).toEqual([row.what]),
    );
    it.each(row.misses)(`not ${row.what}: %s`, (value) => expect(found(value)).toEqual([]));
  }
});

describe("where the credential is", () => {
  it.each([
    ["https://api.example.com/leads?list=4&api_key=abc123def&x=1", ["abc123def"]],
    ["<a href='https://x.example.com/?a=1&amp;access_token=ab12cd34ef56'>go</a>", ["ab12cd34ef56"]],
    ["https://x.example.com/?sig=kX2b9TqLw81%2Bz&se=2030", ["kX2b9TqLw81%2Bz"]],
    ["https://user:s3cr3t@api.example.com/", ["s3cr3t"]],
    ["client_id=app&client_secret=abcdefgh12", ["abcdefgh12"]],
    ['{"user": "app", "password": "hunter22"}', ["hunter22"]],
    ['{\\"apiKey\\": \\"9f8e7d6c5b\\"}', ["9f8e7d6c5b"]],
    ["{{'api_key': '9f8e7d6c5b'}}", ["9f8e7d6c5b"]],
    ["-H 'Authorization: Bearer q7Vd2mXk9ZpT4wLs8RnC'", ["q7Vd2mXk9ZpT4wLs8RnC"]],
    [
      "https://hooks.slack.com/services/T024BE7LD/B01ABCDE/q7Vd2mXk9ZpT4wLs8RnC",
      ["T024BE7LD/B01ABCDE/q7Vd2mXk9ZpT4wLs8RnC"],
    ],
    ["https://app.example.com/reset?token={{ person.properties.token }}", []],
    ["https://app.example.com/?token=%7Bperson.properties.token%7D", []],
    ["https://api.example.com/?key=people", []],
    ["Your discount code: SUMMER-2026", []],
    ["Set api_key=<your key> first", []],
  ])("%s", (text, keys) => expect(found(text)).toEqual(keys));

  it("is what follows the scheme of a header", () => {
    expect(found("Bearer abc123", "Authorization")).toEqual(["abc123"]);
    expect(found("Token mytoken-of-mine", "X-Auth-Token", true)).toEqual(["mytoken-of-mine"]);
  });

  it("leaves everything else as it was", () => {
    expect(withoutCredentials("https://a.example.com/?api_key=abc123def&token=ab12cd34ef&b=1", () => "[secret]")).toBe(
      "https://a.example.com/?api_key=[secret]&token=[secret]&b=1",
    );
    expect(withoutCredentials("Good to have you.", () => "[secret]")).toBe("Good to have you.");
  });

  it("is found in long texts without delay", () => {
    const started = performance.now();
    for (const text of [
      "a".repeat(200_000),
      "a://".repeat(50_000),
      "a=b&".repeat(50_000),
      '"a":'.repeat(50_000),
      "-----BEGIN PRIVATE KEY-----".repeat(5_000),
      "x: y\n".repeat(40_000),
      "sk-".repeat(60_000),
      "Bearer ".repeat(30_000),
      "ab-c".repeat(50_000),
    ])
      credentialsIn(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

// The size of a flow (API §4.6) is that of what is sent, in bytes, and a finding says where they are.
import { expect, it } from "vitest";
import { contentBody } from "../../definition/canonical/body";
import { UNKNOWN, type Dict } from "../../definition/canonical/values";
import type { Finding } from "../../rules/finding";
import { email, flowOf } from "../../rules/examples";
import { examineFlow } from "../../rules/examine-flow";

const LIMIT = 2_621_440;

function sizeOf(inputs: Dict): Finding | undefined {
  const { definition, findings } = examineFlow(inputs);
  return findings.all(definition).find(({ rule }) => rule === "flow-size");
}
const withHtml = (...htmls: string[]): Dict =>
  flowOf(Object.fromEntries(htmls.map((html, i) => [`mail_${i + 1}`, email({ html })]))).flow!;

it.each([
  ["x", 1],
  ["€", 3],
  ["\n", 2],
  ["😀", 4],
])("counts %j as the bytes that it has in JSON", (character, bytes) => {
  const around = Buffer.byteLength(JSON.stringify(contentBody(examineFlow(withHtml("")).definition)));
  const most = Math.floor((LIMIT - around) / bytes);
  // Around it stand a stamp and a status.
  expect(sizeOf(withHtml(`a${character.repeat(most - 100)}`))).toBeUndefined();
  expect(sizeOf(withHtml(`a${character.repeat(most)}`))).toBeDefined();
});

it("counts the owner's mark", () => {
  const fits = "x".repeat(
    LIMIT - Buffer.byteLength(JSON.stringify(contentBody(examineFlow(withHtml("")).definition))) - 150,
  );
  const owner = `urn:pulumi:dev::shop::posthog:HogFlow::${"n".repeat(200)}`;
  expect(sizeOf(withHtml(fits))).toBeUndefined();
  expect(sizeOf({ ...withHtml(fits), owner })).toBeDefined();
});

it("names the three largest parts, the largest first, and stands at the one that is more than half", () => {
  const found = sizeOf(withHtml("a".repeat(400_000), "b".repeat(2_000_000), "c".repeat(300_000)));
  const html = (i: number): string => `actions.mail_${i}.config.inputs.email.value.html`;
  expect(found!.path).toBe(html(2));
  expect(found!.what).toContain(
    `its largest parts are ${html(2)} (2,000,002 bytes), ${html(1)} (400,002 bytes), ${html(3)} (300,002 bytes)`,
  );
  expect(sizeOf(withHtml("a".repeat(900_000), "b".repeat(900_000), "c".repeat(900_000)))!.path).toBe("actions");
  expect(JSON.stringify(found)).not.toContain("bbbb");
});

it("takes what is not known yet for nothing, and what is known as it is", () => {
  const around = Buffer.byteLength(JSON.stringify(contentBody(examineFlow(withHtml("a", "a")).definition))) - 2;
  const fits = "x".repeat(LIMIT - around - 110);
  expect(sizeOf(withHtml(UNKNOWN, fits))).toBeUndefined();
  expect(sizeOf(withHtml(UNKNOWN.replace("0", "1"), fits))).toBeDefined();
  expect(sizeOf(withHtml(UNKNOWN, "x".repeat(2_700_000)))).toBeDefined();
});

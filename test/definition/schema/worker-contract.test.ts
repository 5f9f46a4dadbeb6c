// The table of what PostHog's worker demands: each row refuses what it names, and takes what its advice says.
import { describe, expect, it } from "vitest";
import { keeps, WORKER_CONTRACT } from "../../../definition/schema/worker-contract";

/** Inputs, as rendered, that keep every demand. */
const FINE: Readonly<Record<string, Record<string, unknown>>> = {
  "template-email": {
    email: { from: { integrationId: 7 }, to: { email: "ada@example.com", name: "" }, subject: "Hello", html: "" },
  },
  "template-native-push": { channels: [3], title: "Hello", body: "" },
  "template-twilio": { to_number: "+15550100001", message: "Hello" },
  "template-slack": { channel: "C1", text: "Hello" },
  "template-webhook": { url: "https://example.com/hook" },
  "template-source-webhook": { method: "POST", event: "ticket", distinct_id: "ada" },
  "template-source-webhook-pixel": { event: "opened", distinct_id: "ada" },
};
const broken = (template: string, inputs: Record<string, unknown>): string[] =>
  WORKER_CONTRACT[template]!.filter((demand) => !keeps(demand, inputs)).map(({ at }) => at.join("."));
const mail = (change: object): Record<string, unknown> => ({
  email: { ...(FINE["template-email"]!["email"] as object), ...change },
});

describe("the worker's contract", () => {
  it.each(Object.keys(FINE))("takes whole inputs of %s", (template) => {
    expect(broken(template, FINE[template]!)).toEqual([]);
  });

  it("has inputs that keep it for every template", () => {
    expect(Object.keys(WORKER_CONTRACT).sort()).toEqual(Object.keys(FINE).sort());
  });

  it.each([
    ["template-email", mail({ to: "ada@example.com" }), ["email.to"]],
    ["template-email", mail({ to: { name: "Ada" } }), ["email.to.email"]],
    ["template-email", mail({ to: { email: "" } }), ["email.to.email"]],
    ["template-email", mail({ html: undefined }), ["email.html"]],
    ["template-email", mail({ html: null, text: null }), ["email.html", "email.text"]],
    ["template-email", mail({ from: "team@example.com" }), ["email.from"]],
    ["template-email", mail({ from: { integrationIds: [7] } }), ["email.from.integrationId"]],
    [
      "template-email",
      mail({ from: { integrationId: "7", name: 5 } }),
      ["email.from.integrationId", "email.from.name"],
    ],
    [
      "template-email",
      mail({ cc: ["a@example.com"], bcc: [], replyTo: {} }),
      ["email.replyTo", "email.cc", "email.bcc"],
    ],
    ["template-native-push", { channels: [3], title: "Hello" }, ["body"]],
    ["template-native-push", { channels: [], title: "Hello", body: null }, ["channels", "body"]],
    [
      "template-native-push",
      { channels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], title: "Hello", body: "", image: "/cat.png", data: { n: 5 } },
      ["channels", "image", "data"],
    ],
    ["template-native-push", { channels: [3], title: null, distinctId: null, body: "" }, ["distinctId", "title"]],
    [
      "template-native-push",
      {
        channels: [3],
        title: "Hello",
        body: "",
        image: null,
        data: null,
        ttlSeconds: -1,
        ios_badge: 0.5,
        android_priority: "urgent",
        ios_sound: true,
      },
      ["ttlSeconds", "ios_badge", "android_priority", "ios_sound"],
    ],
    ["template-twilio", { to_number: "", message: "" }, ["to_number", "message"]],
    ["template-webhook", { url: "example.com" }, ["url"]],
    ["template-webhook", { url: null, method: 5 }, ["method", "url"]],
    ["template-webhook", { url: "https://example.com", headers: { "X-Count": 5 }, body: 0 }, ["headers", "body"]],
    ["template-source-webhook", { event: "ticket", distinct_id: "" }, ["method", "distinct_id"]],
    ["template-source-webhook", { method: "post", event: "ticket", distinct_id: "ada" }, ["method"]],
    ["template-source-webhook-pixel", { event: "opened", distinct_id: "" }, ["distinct_id"]],
  ] as const)("finds what breaks it: %s %j", (template, inputs, fields) => {
    expect(broken(template, inputs as Record<string, unknown>)).toEqual(fields);
  });

  it("takes one channel more than once for one", () => {
    expect(broken("template-native-push", { channels: Array<number>(12).fill(3), title: "Hello", body: "" })).toEqual(
      [],
    );
  });
});

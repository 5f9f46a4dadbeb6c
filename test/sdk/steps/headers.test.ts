// What `webhook` makes of headers: texts, of which PostHog's worker drops all others, and a Content-Type beside JSON.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { eventProperty, hog, liquid, on, person, webhook, type WebhookOptions } from "../../../sdk";
import { compile } from "../../../sdk/steps/compile";
import { simulate } from "../../../testing";

const TYPE = { "Content-Type": "application/json" };
const call = (options: Omit<WebhookOptions, "url">) => webhook("call", { url: "https://example.com/hook", ...options });
function headersOf(options: Omit<WebhookOptions, "url">): any {
  const { actions, findings: problems } = compile(on.event("x"), [call(options)]);
  expect(problems).toEqual([]);
  return (actions["call"] as any).config.inputs.headers?.value;
}

describe("a Content-Type", () => {
  it.each<[string, Omit<WebhookOptions, "url">, object | undefined]>([
    ["is added beside data", { headers: { "X-A": "a" }, body: { a: 1 } }, { "X-A": "a", ...TYPE }],
    ["is added beside a list", { headers: { "X-A": "a" }, body: [1] }, { "X-A": "a", ...TYPE }],
    [
      "is added beside one expression, whose value is data",
      { headers: { "X-A": "a" }, body: hog`${eventProperty("items")}` },
      { "X-A": "a", ...TYPE },
    ],
    [
      "is left as it is given, whatever its case",
      { headers: { "content-type": "text/csv" }, body: { a: 1 } },
      { "content-type": "text/csv" },
    ],
    ["is not added to a text", { headers: { "X-A": "a" }, body: "a=1" }, { "X-A": "a" }],
    ["is not added without a body", { headers: { "X-A": "a" } }, { "X-A": "a" }],
    [
      "is not added to GET, which sends no body",
      { headers: { "X-A": "a" }, body: { a: 1 }, method: "GET" },
      { "X-A": "a" },
    ],
    ["is PostHog's own where there are no headers", { body: { a: 1 } }, undefined],
    ["is PostHog's own where there are none in the map", { headers: {}, body: { a: 1 } }, {}],
  ])("%s", (_, options, expected) => expect(headersOf(options)).toEqual(expected));
});

describe("a value that is no text", () => {
  it("becomes one", async () => {
    const headers = headersOf({
      headers: {
        count: 5,
        on: true,
        seats: person("seats"),
        both: hog`${person("seats")}${person("plan")}`,
        plain: "{person.properties.seats}",
        more: hog`n=${person("seats")}`,
        later: pulumi.output(7),
        key: pulumi.secret("s"),
      },
    });
    expect(headers).toMatchObject({
      count: "5",
      on: "true",
      seats: "{''}{person.properties.seats}",
      plain: "{''}{person.properties.seats}",
      more: "n={person.properties.seats}",
    });
    expect(await new Promise((resolve) => headers.later.apply(resolve))).toBe("7");
    expect(await pulumi.isSecret(headers.key)).toBe(true);
    expect(await new Promise((resolve) => headers.key.apply(resolve))).toBe("s");
  });

  it("is one in Liquid already", () => {
    expect(headersOf({ headers: { seats: liquid`${person("seats")}`, count: 5 } })).toEqual({
      seats: "{{ person.properties.seats }}",
      count: "5",
    });
  });

  it("is sent", () => {
    const [request] = simulate(
      {
        trigger: on.event("x"),
        steps: [
          call({ headers: { "X-Seats": person("seats"), "X-Plan": hog`${person("plan")}`, "X-None": person("none") } }),
        ],
      },
      { person: { properties: { seats: 12, plan: "pro" } } },
    ).requests;
    expect(request!.headers).toMatchObject({ "X-Seats": "12", "X-Plan": "pro", "X-None": "" });
  });
});

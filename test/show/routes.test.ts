// Addresses of the page: each names one thing, also when a name has every sign that addresses use, and what is no address is none.
import { describe, expect, it } from "vitest";
import { sampleShowData } from "../support/show-sample";
import { resolveRoute } from "../../show/app/resolve-route";
import { hrefOf, parseRoute, type Route } from "../../show/app/routes";
import { titleOf } from "../../show/app/title";

const NAMES = [
  "welcome",
  "Ada Lovelace",
  "a/b",
  "..",
  "a?person=b",
  "#",
  "100 %",
  "%2F",
  "日本語 🦔",
  "<b>&\"'",
  "steps",
];

describe("each route has an address", () => {
  it.each(
    NAMES.flatMap((name): Route[] => [
      { section: "flows", flow: name },
      { section: "flows", flow: name, step: name },
      { section: "messages", flow: name },
      { section: "messages", flow: name, step: name },
      { section: "messages", flow: name, step: name, person: name },
      { section: "messages", person: name },
      { section: "people", person: name },
      { section: "people", person: name, day: 12 },
      { section: "change", flow: name },
      { section: "change", person: name },
    ]),
  )("$section $flow $step $person", (route) => {
    const parsed = parseRoute(hrefOf(route));
    expect(parsed).toEqual(route);
    expect(hrefOf(parsed!)).toBe(hrefOf(route));
  });

  it.each(["flows", "messages", "people", "change"] as const)("%s without more", (section) => {
    expect(parseRoute(hrefOf({ section }))).toEqual({ section });
    expect(hrefOf({ section })).toBe(`#/${section}`);
  });
});

it("an address reads as what it names", () => {
  expect(hrefOf({ section: "flows", flow: "welcome", step: "tips" })).toBe("#/flows/welcome/steps/tips");
  expect(hrefOf({ section: "messages", flow: "welcome", step: "tips", person: "Ada L" })).toBe(
    "#/messages/welcome/tips?person=Ada%20L",
  );
  expect(hrefOf({ section: "people", person: "Ada", day: 3 })).toBe("#/people/Ada/day/3");
});

it("a page that is opened without an address shows the flows", () => {
  expect(["", "#", "#/"].map(parseRoute)).toEqual(Array(3).fill({ section: "flows" }));
});

it.each([
  "#/nothing",
  "#/flows/a/b",
  "#/flows/a/steps",
  "#/flows/a/steps/b/c",
  "#/flows//steps/b",
  "#/messages/a/b/c",
  "#/people/a/day/x",
  "#/people/a/day/-1",
  "#/people/a/night/1",
  "#/change/a/b",
  "#/flows/%E0%A4%A",
  "#main",
])("%s is no address", (hash) => {
  expect(parseRoute(hash)).toBeUndefined();
});

it("half a character in a name does no harm", () => {
  expect(hrefOf({ section: "flows", flow: "a\uD83E" })).toBe("#/flows/a%EF%BF%BD");
});

describe("what an address names and the page does not have", () => {
  const data = sampleShowData();
  const resolved = (hash: string) => resolveRoute(data, parseRoute(hash));

  it.each([
    ["#/nothing", "#/flows", "This page has nothing at that address. Here are its flows."],
    ["#/flows/gone", "#/flows", "This page has no flow “gone”."],
    ["#/flows/welcome/steps/gone", "#/flows/welcome", "The flow “Welcome series” has no step “gone”."],
    ["#/messages/gone/tips", "#/messages", "This page has no flow “gone”."],
    ["#/messages/welcome/tips?person=Eve", "#/messages/welcome/tips", "This page has no person “Eve”."],
    ["#/people/Eve", "#/people", "This page has no person “Eve”."],
    ["#/people/Eve/day/3", "#/people", "This page has no person “Eve”."],
    ["#/change/gone", "#/change", "This page has no flow “gone”."],
  ])("%s", (hash, shown, notice) => {
    const { route, notice: said } = resolved(hash);
    expect([hrefOf(route), said]).toEqual([shown, notice]);
  });

  it.each([
    "#/flows/welcome/steps/checklist",
    "#/people/On%20schedule%2C%20without%20a%20person/day/6",
    "#/change/welcome",
  ])("%s is there", (hash) => {
    expect(resolved(hash).notice).toBeUndefined();
    expect(hrefOf(resolved(hash).route)).toBe(hash);
  });

  it("a page without a change has no section for it", () => {
    expect(resolveRoute({ ...data, change: undefined }, { section: "change" })).toEqual({
      route: { section: "flows" },
      notice: "This page shows no change. Here are its flows.",
    });
  });
});

it.each([
  ["#/flows", "Flows · acme/prod"],
  ["#/flows/welcome", "Welcome series · Flows · acme/prod"],
  ["#/flows/welcome/steps/tips", "Tips for free users · Welcome series · Flows · acme/prod"],
  [
    "#/people/On%20schedule%2C%20without%20a%20person/day/6",
    "Day 6 · On schedule, without a person · People · acme/prod",
  ],
])("the title at %s is %s", (hash, title) => {
  expect(titleOf(sampleShowData(), parseRoute(hash)!)).toBe(title);
});

// The search of the page: what finds what, and in which order.
import { expect, it } from "vitest";
import { search } from "../../show/app/search";
import { hrefOf } from "../../show/app/routes";
import { sampleShowData } from "../support/show-sample";

const data = sampleShowData();
const found = (query: string): string[] => search(data, query).map(({ kind, title }) => `${kind}: ${title}`);

it("finds flows, steps, messages and people, and leads to them", () => {
  expect(search(data, "tips").map(({ kind, route }) => [kind, hrefOf(route)])).toEqual([
    ["Step", "#/flows/welcome/steps/tips"],
    ["Message", "#/messages/welcome/tips"],
  ]);
  expect(search(data, "get more out").map(({ kind, route }) => [kind, hrefOf(route)])).toEqual([
    ["Message", "#/messages/welcome/tips"],
    ["Step", "#/flows/welcome/steps/tips"],
  ]);
  expect(search(data, "grace on the pro").map(({ route }) => hrefOf(route))).toEqual([
    "#/people/grace%20on%20the%20pro%20plan",
  ]);
});

it("puts names before texts, and what begins with the words first", () => {
  expect(found("trial")).toEqual([
    "Flow: Trial ending",
    "Step: Trial ends soon",
    "Message: Your trial ends on",
    "Step: Reminder",
    "Message: Two days left",
  ]);
});

it("wants each word, in any order and case", () => {
  expect(found("SERIES welcome")).toEqual(["Flow: Welcome series"]);
  expect(found("welcome nowhere")).toEqual([]);
});

it("reads the text part, the HTML without its tags, and the text of an SMS", () => {
  expect(found("dashboards, alerts")).toEqual(["Message: Get more out of Acme"]);
  expect(found("shall we call").some((hit) => hit.startsWith("Message:"))).toBe(true);
  expect(found("border-radius")).toEqual([]);
  expect(found("onerror=alert(7)")).toEqual([]);
});

it("reads messages as they are after a change, under their new subjects", () => {
  const messages = (query: string) =>
    search(data, query).flatMap(({ kind, title, context }) => (kind === "Message" ? [`${title} (${context})`] : []));
  expect(messages("people try first")).toEqual([expect.stringMatching(/^Welcome, Ada! \(Welcome series, Welcome: …/)]);
  expect(messages("reminder")).toEqual(["Your trial ends on (Trial ending, Reminder)"]);
  expect(messages("unsubscribe").map((each) => each.split(":")[0])).toEqual([
    "Welcome, Ada! (Welcome series, Welcome",
    "Three things to try (Welcome series, Checklist, removed",
  ]);
  expect(messages("good to have you")).toEqual([]);
});

it("shows the words around what it found in a text", () => {
  const [hit] = search(data, "choose a plan").filter(({ kind, route }) => kind === "Message" && "step" in route);
  expect(hit!.context).toMatch(/^Trial ending, Reminder: .*choose a plan/i);
});

it("finds nothing for nothing", () => {
  expect(found("  ")).toEqual([]);
});

it("finds what a change removes", () => {
  expect(found("checklist")).toEqual(["Step: Checklist", "Message: Three things to try"]);
  expect(found("digest").some((hit) => hit.startsWith("Flow: Old"))).toBe(true);
});

// What the server made of our own write is no drift; whatever else is live shows (design L2).
import { describe, expect, it } from "vitest";
import { additionsOf, droppedOf, goneOf, withoutAdditions } from "../../../definition/canonical/additions";
import { differences } from "../../../definition/canonical/compare";
import { formatPath, parsePath, setAt } from "../../../definition/canonical/paths";
import { copy, type Dict } from "../../../definition/canonical/values";
import { random, randomFlow } from "../../support/random-flow";
import { canonicalOf, places, replaced, without } from "./support";

const inputs: Dict = {
  name: "F",
  actions: {
    t: { type: "trigger", name: "T", config: { type: "event" } },
    hook: {
      type: "function",
      name: "H",
      config: { templateId: "template-webhook", inputs: { url: { value: "https://x" }, odd: { value: 1 } } },
    },
    "a.b": { type: "function_email", name: "E", config: {} },
  },
};
/** The server adds defaults, sets the language, adds a whole body, drops what it does not know, and changes a text. */
function answer(): Dict {
  const live = copy(inputs);
  const hook = ["actions", "hook", "config", "inputs"];
  setAt(live, [...hook, "method"], { value: "POST" });
  setAt(live, [...hook, "url", "templating"], "hog");
  delete ((((live["actions"] as Dict)["hook"] as Dict)["config"] as Dict)["inputs"] as Dict)["odd"];
  setAt(live, ["actions", "a.b", "config", "inputs"], { email: { value: { html: "x".repeat(1000) } } });
  setAt(live, ["actions", "t", "name"], "Trigger");
  return live;
}
const additions = additionsOf(inputs, answer());
const edited = (path: string, value: unknown): Dict => {
  const live = answer();
  const parts = parsePath(path)!;
  if (value !== undefined) setAt(live, parts, value);
  return value === undefined ? (replaced(live, parts, undefined) as Dict) : live;
};
const drift = (live: Dict): string[] =>
  differences(inputs, withoutAdditions(live, additions, inputs).definition).map(({ path }) => formatPath(path));

it("are paths and values, long ones as a hash", () => {
  expect(additions).toEqual({
    "actions.hook.config.inputs.method": { value: { value: "POST" } },
    "actions.hook.config.inputs.url.templating": { value: "hog" },
    "actions.hook.config.inputs.odd": { dropped: true },
    'actions["a.b"].config.inputs': { hash: expect.stringMatching(/^[0-9a-f]{32}$/) as string },
    "actions.t.name": { value: "Trigger" },
  });
  expect(droppedOf(additions)).toEqual(["actions.hook.config.inputs.odd"]);
});

it("are no drift, and stand", () => {
  const read = withoutAdditions(answer(), additions, inputs);
  expect(read.definition).toEqual(inputs);
  expect(read.additions).toEqual(additions);
  expect(read.vanished).toEqual({});
});

describe("do not hide", () => {
  it.each<[string, string, unknown, string[]]>([
    [
      "an addition with another value",
      "actions.hook.config.inputs.method",
      { value: "PUT" },
      ["actions.hook.config.inputs.method"],
    ],
    [
      "an addition within one",
      "actions.hook.config.inputs.method.templating",
      "liquid",
      ["actions.hook.config.inputs.method"],
    ],
    [
      "another long text",
      'actions["a.b"].config.inputs.email.value.html',
      "y".repeat(1000),
      ['actions["a.b"].config.inputs'],
    ],
    [
      "a key that is there again with another value",
      "actions.hook.config.inputs.odd",
      { value: 2 },
      ["actions.hook.config.inputs.odd.value"],
    ],
    ["a text of ours that the server had changed", "actions.t.name", "Somebody's", ["actions.t.name"]],
    [
      "an edit beside them",
      "actions.hook.config.inputs.url.value",
      "https://y",
      ["actions.hook.config.inputs.url.value"],
    ],
    [
      "a key that the program never wrote",
      "actions.hook.config.inputs.body",
      { value: {} },
      ["actions.hook.config.inputs.body"],
    ],
  ])("%s", (_, path, value, expected) => expect(drift(edited(path, value))).toEqual(expected));

  it("an addition that has vanished", () => {
    const read = withoutAdditions(edited("actions.hook.config.inputs.method", undefined), additions, inputs);
    expect(read.vanished).toEqual({ "actions.hook.config.inputs.method": { gone: true } });
    expect(goneOf({ ...read.additions, ...read.vanished })).toEqual(["actions.hook.config.inputs.method"]);
    expect(read.additions).toEqual(without(additions, "actions.hook.config.inputs.method"));
  });

  it("a step that has vanished with them: that is the step's drift", () => {
    const live = answer();
    delete (live["actions"] as Dict)["hook"];
    const read = withoutAdditions(live, additions, inputs);
    expect(read.vanished).toEqual({});
    expect(differences(inputs, read.definition).map(({ path }) => formatPath(path))).toEqual(["actions.hook"]);
  });
});

it("a value of ours that is back is no drift either", () => {
  expect(drift(edited("actions.t.name", "T"))).toEqual([]);
  expect(drift(edited("actions.hook.config.inputs.odd", { value: 1 }))).toEqual([]);
});

it("live = inputs + additions is no drift, whatever the server made of a flow", () => {
  for (let seed = 0; seed < 150; seed += 1) {
    const r = random(seed);
    const sent = without(canonicalOf(randomFlow(seed)), "status");
    let live = copy(sent);
    for (let n = r.int(5); n >= 0; n -= 1) {
      const path = r.pick(places(live).filter((place) => place.length > 2));
      live = replaced(
        live,
        path,
        r.pick<unknown>(["changed", undefined, { made: { by: "the server" } }, "long".repeat(200)]),
      ) as Dict;
      live = copy(live);
    }
    const made = additionsOf(sent, live);
    const read = withoutAdditions(live, made, sent);
    expect(read.definition, `seed ${seed}`).toEqual(sent);
    expect(read.additions).toEqual(made);
    expect(read.vanished).toEqual({});
  }
});

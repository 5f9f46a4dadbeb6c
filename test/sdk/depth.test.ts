// Values nested thousands deep, and values that hold themselves, are a finding with a path, and never an overflow.
import { describe, expect, it } from "vitest";
import { validate } from "../../sdk/validate";
import { MAX_NESTING } from "../../definition/schema/limits";

const nested = (levels: number): unknown => {
  let value: unknown = "x";
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? { a: value } : [value];
  return value;
};
const flow = (body: unknown): any => ({
  actions: {
    trigger_node: {
      type: "trigger",
      name: "T",
      config: { type: "event", filters: { events: [{ id: "a" }] } },
      next: "w",
    },
    w: {
      type: "function",
      name: "W",
      next: "x",
      config: {
        templateId: "template-webhook",
        inputs: { url: { value: "https://a.example" }, body: { value: body } },
      },
    },
    x: { type: "exit", name: "X" },
  },
});
const itself: Record<string, unknown> = {};
itself["again"] = itself;

describe("depth", () => {
  it.each([
    ["a body nested 5,000 deep", nested(5_000)],
    ["a body nested 100,000 deep", nested(100_000)],
    ["a body that holds itself", itself],
  ])("%s is a finding with its path", (_, body) => {
    for (const args of [
      flow(body),
      {
        definition: {
          actions: Object.entries(flow(body).actions).map(([id, step]) => ({ id, ...(step as object) })),
          edges: [],
        },
      },
    ]) {
      const found = validate(args).find(({ what }) => what.includes(`more than ${MAX_NESTING} levels`));
      expect(found).toMatchObject({ severity: "error", path: expect.stringMatching(/\.inputs\.body\.value/) });
    }
  });

  it("what people write is far from it", () => {
    expect(validate(flow(nested(MAX_NESTING - 20))).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

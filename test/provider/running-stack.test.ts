// The stack of the command that runs: what its arguments say, and nothing that is not certain.
import { expect, it } from "vitest";
import { parseStack, runningStack, stackOfArguments } from "../../provider/ownership/running-stack";

it.each([
  [["pulumi", "destroy", "--stack", "prod"], "prod"],
  [["pulumi", "destroy", "-s", "org/shop/prod", "--yes"], "org/shop/prod"],
  [["pulumi", "destroy", "--stack=prod"], "prod"],
  [["pulumi", "destroy"], undefined],
  [["pulumi", "destroy", "--stack"], undefined],
  [["pulumi", "destroy", "--stack", "a", "--stack", "b"], undefined],
])("%j", (args, expected) => expect(stackOfArguments(args)).toBe(expected));

it.each([
  ["prod", { stack: "prod" }],
  ["org/prod", { stack: "prod" }],
  ["org/shop/prod", { stack: "prod", project: "shop" }],
  ["", undefined],
  [undefined, undefined],
])("%j is a stack", (text, expected) => expect(parseStack(text)).toEqual(expected));

it("is unknown where no pulumi runs", () => expect(runningStack({ PULUMI_STACK: "prod" })).toBeUndefined());

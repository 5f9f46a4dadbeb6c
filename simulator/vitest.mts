// `import "pulumi-hogflow/testing/vitest"`: the matchers in vitest's `expect`, with their types. An ES module, because vitest is one.
import { chai, expect, type Assertion } from "vitest";
import { atMoment, matchers, type HogflowMatchers } from "./assert/matchers.js";
import type { Moment } from "./input/scenario.js";

declare module "vitest" {
  interface Matchers<T = any> extends HogflowMatchers<Assertion<T>> {}
}

expect.extend(matchers);

/** Still the word that it was, and now a method, too. */
chai.Assertion.addChainableMethod(
  "at",
  function (this: Chai.AssertionStatic, moment: Moment) {
    const { pass, message } = atMoment(this._obj, moment);
    this.assert(pass, message(), message(), undefined);
  },
  () => undefined,
);

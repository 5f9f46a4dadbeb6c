// `import "pulumi-hogflow/testing/vitest"`: the matchers in vitest's `expect`, with their types, and `matchers` for `expect.extend`. An ES module, because vitest is one.
// They are added to its assertions themselves: `expect.extend` cannot add `at`, which is a word there already, and knows nothing of chains.
import { chai, type Assertion } from "vitest";
import { MATCHERS, type HogflowMatchers } from "./assert/matchers.js";

export { matchers, type HogflowMatchers } from "./assert/matchers.js";

declare module "vitest" {
  interface Matchers<T = any> extends HogflowMatchers<Assertion<T>> {}
}

/** Where an assertion keeps the messages that its chain is about. */
const MESSAGES = "hogflow messages";

chai.use(({ Assertion: Assertions }, { flag }) => {
  for (const [name, matcher] of Object.entries(MATCHERS)) {
    function assertion(this: Chai.AssertionStatic, ...args: unknown[]): void {
      const { pass, message, messages } = matcher(this._obj, flag(this, MESSAGES), ...args);
      this.assert(pass, message(), message(), undefined);
      flag(this, MESSAGES, messages);
      flag(this, "negate", false);
    }
    if (name === "at") Assertions.addChainableMethod(name, assertion, () => undefined);
    else Assertions.addMethod(name, assertion);
  }
});

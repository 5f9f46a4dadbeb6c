// What a CommonJS project sees of "pulumi-hogflow/testing/vitest": the same types, and the matchers for an `expect` of its own. Vitest itself takes
// the ES module beside this one, which adds them.
import type { Assertion } from "vitest";
import type { HogflowMatchers } from "./assert/matchers";

export { matchers, type HogflowMatchers } from "./assert/matchers";

declare module "vitest" {
  interface Matchers<T = any> extends HogflowMatchers<Assertion<T>> {}
}

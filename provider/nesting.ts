// What is nested too deep stops where it comes in: everything behind calls itself for each level, and would end in an overflow of the stack. The SDK looks,
// too; inputs that were made in another way, and states that were edited, come past it.
import { isDeeper, shownPath, tooDeep, tooDeepFinding, tooDeepText } from "../definition/canonical/depth";
import type { Dict } from "../definition/canonical/values";
import { MAX_NESTING, MAX_READ_NESTING } from "../definition/schema/limits";
import type { Lifecycle } from "./calls";
import { plainError } from "./errors";
import { Findings } from "../rules/findings";

/** The same life-cycle for what is not nested too deep, and an error or a check failure for what is. */
export function bounded(lifecycle: Lifecycle): Lifecycle {
  return {
    check: async (olds, news) => {
      const deep = tooDeep(news, MAX_NESTING);
      if (deep) {
        const findings = new Findings({ sources: news["sources"] });
        findings.report("program", shownPath(deep), tooDeepFinding(MAX_NESTING).what, tooDeepFinding(MAX_NESTING));
        return { inputs: {}, failures: findings.failures(), findings: findings.reported("") };
      }
      return lifecycle.check(readable("state", olds), news);
    },
    diff: async (id, olds, news) => lifecycle.diff(id, readable("state", olds), readable("input", news)),
    create: async (inputs) => lifecycle.create(readable("input", inputs)),
    read: async (id, props) => lifecycle.read(id, readable("state", props)),
    update: async (id, olds, news) => lifecycle.update(id, readable("state", olds), readable("input", news)),
    delete: async (id, props) => lifecycle.delete(id, readable("state", props)),
  };
}

const WAYS_ON = {
  state:
    "No version of pulumi-hogflow writes such a state: restore the last one that worked (pulumi stack export --version <n>), or take the resource out with pulumi state delete and adopt the flow again.",
  input: tooDeepFinding(MAX_READ_NESTING).fix,
};

function readable(part: "state" | "input", properties: Dict): Dict {
  if (!isDeeper(properties, MAX_READ_NESTING - 1)) return properties;
  const text = tooDeepText(properties, MAX_READ_NESTING);
  if (text !== undefined) throw plainError(`The ${part} of this resource cannot be read: ${text}. ${WAYS_ON[part]}`);
  return properties;
}

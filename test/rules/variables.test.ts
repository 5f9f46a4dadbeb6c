// When a variable counts as set: what a step leaves behind depends on the way that a run takes out of it (run time §2.3, §2.5, §3.5, §3.10).
import { describe, expect, it } from "vitest";
import type { Dict } from "../../definition/canonical/values";
import { delay, email, flowOf, pro, wait, webhook } from "../../rules/examples";
import { examineFlow } from "../../rules/examine-flow";

const hello = email({ subject: "Hello {{ variables.answer }}" });
const sets = (more: Dict = {}): Dict => webhook({}, { outputVariable: { key: "answer" }, onError: "abort", ...more });
const declared = (more: Dict = {}): Dict => ({ variables: { answer: { type: "string", ...more } } });

function rules(steps: Record<string, Dict>, settings: Dict = declared()): string[] {
  const { definition, findings } = examineFlow(flowOf(steps, settings).flow!);
  return findings.all(definition).map(({ rule }) => rule);
}

describe("a variable", () => {
  it("is set behind a step that sets it and aborts on errors", () =>
    expect(rules({ ask: sets(), mail: hello })).toEqual([]));
  it("is not, behind a step that some people skip", () =>
    expect(rules({ ask: sets({ filters: pro }), mail: hello })).toEqual(["variable-not-on-every-path"]));
  it("is not, on the way that a wait leaves by when its time is out", () => {
    const waits = wait(
      { events: [{ filters: { events: [{ id: "paid" }] } }] },
      { outputVariable: { key: "answer" }, branches: ["mail"], next: "mail" },
    );
    expect(rules({ paid: waits, mail: hello })).toEqual(["variable-not-on-every-path"]);
  });
  it("needs no step where it has a default", () =>
    expect(
      rules({ ask: sets({ filters: pro, onError: undefined }), mail: hello }, declared({ default: "none" })),
    ).toEqual([]));
  it("needs one where its default is empty", () =>
    expect(rules({ mail: hello }, declared({ default: "" }))).toEqual(["variable-never-set"]));
  it("is set by a result that is spread, under its longer name", () => {
    const spread = sets({ outputVariable: { key: "rate", spread: true } });
    expect(rules({ ask: spread, mail: email({ subject: "{{ variables.rate_score }}" }) }, {})).toEqual([]);
  });
  it("may come from whoever starts the run", () =>
    expect(
      rules({
        trigger_node: { type: "trigger", config: { type: "schedule" } },
        mail: email({ to: { email: "a@example.com" }, subject: "{{ variables.answer }}" }),
      }),
    ).toEqual([]));
  it("is current in the filters of a step, in the same wake and behind a wait", () => {
    const filtered = email(
      {},
      { filters: { properties: [{ key: "answer", value: "yes", type: "workflow_variable" }] } },
    );
    expect(rules({ ask: sets(), mail: filtered })).toEqual([]);
    expect(rules({ ask: sets(), pause: delay("1m"), mail: filtered })).toEqual([]);
    expect(rules({ ask: sets({ filters: pro }), mail: filtered })).toEqual(["variable-not-on-every-path"]);
  });
});

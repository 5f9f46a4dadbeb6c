// What cannot be known is named (run time §10).
import { describe, expect, it } from "vitest";
import { simulate } from "../../../testing";
import { events, flow, HOUR, person, properties, run, told, wait } from "../flows";

describe("§10 what cannot be known", () => {
  const UNKNOWN = { key: "fetch('https://example.com')", type: "hogql" };
  it("is named, wherever it stands", () => {
    const inWait = run({
      steps: [wait("W", { condition: { filters: properties(person("p", "a"), UNKNOWN) }, max_wait_duration: "1h" })],
    });
    expect(inWait.end.how).toBe("not_simulated");
    expect(told(inWait)).toContain("`fetch`");
    const onSignal = run(
      {
        steps: [
          wait("W", { events: [{ filters: { ...events("e"), properties: [UNKNOWN] } }], max_wait_duration: "1h" }),
        ],
      },
      { events: [{ event: "e", at: "+1m" }] },
    );
    expect(told(onSignal)).toContain("`fetch`");
    expect(onSignal.end).toMatchObject({ how: "exit", after: HOUR });
    const inTrigger = run({ trigger: { type: "event", filters: properties(UNKNOWN) }, steps: [] });
    expect([inTrigger.end.how, told(inTrigger)]).toEqual(["not_started", expect.stringContaining("`fetch`")]);
    const inAudience = simulate(flow({ trigger: { type: "batch", filters: { properties: [UNKNOWN] } }, steps: [] }));
    expect([inAudience.end.how, told(inAudience)]).toEqual(["not_started", expect.stringContaining("`fetch`")]);
  });
});

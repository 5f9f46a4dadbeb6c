// A flow that needs a schedule tells check whether the program gave it to one, and one that no schedule starts is known by its trigger.
import { describe, expect, it } from "vitest";
import { SeenSchedules } from "../../sdk/scheduled";
import { runProgram } from "../support/program";

const startedBy = (type: unknown): object => ({ start: { type: "trigger", config: { type } } });

describe("SeenSchedules", () => {
  it.each(["batch", "schedule"])(
    "says whether a %s flow was given to a schedule before the program's next pause",
    async (type) => {
      const seen = (): SeenSchedules => new SeenSchedules(startedBy(type));
      const [with_, without, late] = [seen(), seen(), seen()];
      const answers = [with_, without, late].map((one) => one.answer());
      with_.note();
      await new Promise((resolve) => setImmediate(resolve));
      late.note();
      expect(await Promise.all(answers)).toEqual([true, false, false]);
      expect(with_.unscheduledTrigger).toBeUndefined();
    },
  );

  it("says nothing of flows that need none, and knows their trigger", () => {
    const event = new SeenSchedules(startedBy("event"));
    expect([event.answer(), event.unscheduledTrigger]).toEqual([undefined, "event"]);
  });

  it("knows nothing of a trigger that is not known in the program", () => {
    for (const actions of [undefined, startedBy(Promise.resolve("event"))])
      expect(new SeenSchedules(actions).unscheduledTrigger).toBeUndefined();
  });
});

describe("a HogFlowSchedule", () => {
  const problemsOf = async (type: string, bare = false): Promise<unknown> => {
    const found = await runProgram(({ HogFlow, HogFlowSchedule }) => {
      const config = { type, ...(type === "batch" ? { filters: { properties: [] } } : {}) };
      const flow = new HogFlow("flow", {
        actions: { start: { type: "trigger", name: "Start", config, next: "end" }, end: { type: "exit", name: "End" } },
      } as any);
      new HogFlowSchedule("weekly", {
        flow: bare ? flow.id : flow,
        rrule: "FREQ=WEEKLY;BYDAY=MO",
        startsAt: "2030-12-02T09:00:00",
      });
    });
    return found.find(({ name }) => name === "weekly")!.inputs["findings"];
  };

  it.each(["event", "webhook", "internal-event"])(
    "of a flow with a trigger of type %s is an error: it never fires",
    async (type) => {
      expect(await problemsOf(type)).toMatchObject([
        { rule: "schedule-trigger", path: ["flow"], fix: expect.stringContaining("schedule") },
      ]);
    },
  );

  it.each(["batch", "schedule"])("of a flow with a trigger of type %s is none", async (type) =>
    expect(await problemsOf(type)).toBeUndefined(),
  );

  it("of a bare id is none: its flow is not known", async () =>
    expect(await problemsOf("event", true)).toBeUndefined());
});

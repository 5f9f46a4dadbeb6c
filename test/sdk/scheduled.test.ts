// A flow that needs a schedule tells check whether the program gave it to one.
import { describe, expect, it } from "vitest";
import { SeenSchedules } from "../../sdk/scheduled";

const startedBy = (type: string): object => ({ start: { type: "trigger", config: { type } } });

describe("SeenSchedules", () => {
  it.each(["batch", "schedule"])("says whether a %s flow was given to a schedule before the program's next pause", async (type) => {
    const [with_, without, late] = [new SeenSchedules(), new SeenSchedules(), new SeenSchedules()];
    const answers = [with_, without, late].map((seen) => seen.answer(startedBy(type)));
    with_.note();
    await new Promise((resolve) => setImmediate(resolve));
    late.note();
    expect(await Promise.all(answers)).toEqual([true, false, false]);
  });

  it("says nothing of flows that need none", () => expect(new SeenSchedules().answer(startedBy("event"))).toBeUndefined());
});

// What comes first at one instant (run time §11).
import { describe, expect, it } from "vitest";
import { Queue, RANK } from "../../../simulator/world/queue";
import { path, person, properties, run, wait, webhook } from "../flows";

describe("§11 the order at one instant", () => {
  it("is by rank, then as planned", () => {
    const queue = new Queue<string>();
    for (const [time, rank, what] of [
      [2, RANK.edit, "later"],
      [1, RANK.wake, "wake"],
      [1, RANK.update, "update"],
      [1, RANK.event, "event"],
      [1, RANK.event, "second event"],
      [1, RANK.edit, "edit"],
    ] as const)
      queue.push(time, rank, what);
    expect(Array.from({ length: 7 }, () => queue.pop()?.what)).toEqual([
      "edit",
      "event",
      "second event",
      "update",
      "wake",
      "later",
      undefined,
    ]);
  });

  it("is events, updates of people, then wakes", () => {
    // At its very deadline a wait is no longer parked in the future, but its last look sees the update.
    const config = { condition: { filters: properties(person("paid", ["true"])) }, max_wait_duration: "1h" };
    const result = run(
      {
        steps: [wait("W", config), webhook("M")],
        bare: true,
        edges: [
          ["W", "M", 0],
          ["W", "X"],
          ["M", "X"],
        ],
      },
      { personUpdates: [{ at: "+1h", set: { paid: true } }] },
    );
    expect(path(result)).toEqual(["W", "M", "X"]);
  });
});

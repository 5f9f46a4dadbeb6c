// Log lines and metrics (run time §8).
import { describe, expect, it } from "vitest";
import { ADA, delay, events, run, wait, webhook } from "../flows";

describe("§8 log lines", () => {
  it("open as PostHog's do, in their order", () => {
    const result = run(
      { steps: [delay("D", "1h"), webhook("W", { output_variable: { key: "r", result_path: "status" } })] },
      { person: ADA },
    );
    expect(result.runs[0]!.log.map(({ level, message }) => `${level} ${message.split(" [")[0]!.slice(0, 40)}`)).toEqual(
      [
        "info Starting workflow execution at trigger f",
        "debug Executing action",
        "info Workflow will pause until 2026-01-05T10:",
        "info Resuming workflow execution at",
        "debug Executing action",
        "info Workflow moved to action",
        "debug Executing action",
        "debug Stored action result in variable(s): r",
        "info Workflow moved to action",
        "debug Executing action",
        "info Workflow completed",
      ],
    );
    const woken = run(
      {
        steps: [wait("W", { events: [{ filters: events("purchase") }], max_wait_duration: "1d" })],
        edges: [["W", "X", 0]],
      },
      { events: [{ event: "purchase", at: "+1h" }] },
    );
    expect(woken.runs[0]!.log.some(({ message }) => message.includes("(woken by event)"))).toBe(true);
    const failing = run({ steps: [webhook("W", { on_error: "abort" })] }, { http: { W: 500 } });
    expect(failing.runs[0]!.log.filter(({ level }) => level === "error").map(({ message }) => message)).toEqual([
      "Request failed with status 500",
      "[Action:W] Errored: Request failed with status 500",
      "Workflow encountered an error: Request failed with status 500 at [Action:W]",
    ]);
  });
});

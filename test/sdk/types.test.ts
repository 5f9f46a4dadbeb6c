// What must compile, and what must not. A line below `@ts-expect-error` that does compile is an error of the type check, which is a test of its own
// (npm run typecheck); running this file only shows that it is there.
import type { Config, Output } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { delay, on, type ActionArgs, type HogFlowArgs, type HogFlowScheduleArgs } from "../../sdk";

// Only their types are looked at.
const config = { require: () => "active" } as unknown as Config;
const text = undefined as unknown as Output<string>;
const anyNumber = undefined as unknown as Output<number>;
const secret = text;

const accepts = <T>(_: T): void => undefined;
const exit = { type: "exit", name: "Exit" } as const satisfies ActionArgs;
const trigger = { type: "trigger", name: "T", config: { type: "event", filters: { events: [{ id: "x" }] } }, next: "wait" } as const satisfies ActionArgs;

it("takes inputs at every leaf", () => {
  accepts<HogFlowArgs>({
    name: text,
    description: secret,
    status: config.require("status"),
    exitCondition: text,
    adopt: text,
    host: text,
    projectId: anyNumber,
    emailSendingRateLimit: { count: anyNumber, period: "hour" },
    conversion: { filters: [{ key: "plan", value: text }], window: text },
    triggerMasking: { hash: text, ttl: anyNumber },
    variables: { plan: { type: "string", default: text } },
    actions: {
      trigger,
      wait: { type: "delay", name: "Wait", config: { delayDuration: text }, next: "hook" },
      hook: { type: "function", name: "H", onError: config.require("onError"), config: { templateId: "template-webhook", inputs: { url: { value: text }, headers: { value: { Authorization: secret } } } }, next: "exit" },
      exit,
    },
  });
});

it("takes an output of any text for a closed set, which is checked in preview", () => {
  accepts<HogFlowArgs["status"]>(text);
  accepts<ActionArgs["onError"]>(text);
  accepts<HogFlowArgs["exitCondition"]>(Promise.resolve("exit_only_at_end"));
  accepts<HogFlowArgs>({ status: config.require("status"), trigger: on.schedule(), steps: [delay("pause", config.require("pause"))] });
});

it("takes the JSON of PostHog, and values for its secrets", () => {
  accepts<HogFlowArgs>({ definition: { name: "x", actions: [{ id: "t" }], edges: [], whatever: 1 }, secrets: { hook: { signing_secret: secret } } });
});

it("refuses misspelt and wrong arguments, in a whole flow", () => {
  accepts<HogFlowArgs>({
    // @ts-expect-error there is no `statuss`
    statuss: "active",
    actions: { trigger, exit },
  });
  accepts<HogFlowArgs>({
    // @ts-expect-error no status of a flow
    status: "enabled",
    actions: { trigger, exit },
  });
  accepts<HogFlowArgs>({
    // @ts-expect-error no way to end
    exitCondition: "exit_sometimes",
    actions: { trigger, exit },
  });
  accepts<HogFlowArgs>({
    // @ts-expect-error neither delete nor archive
    onDelete: "keep",
    actions: { trigger, exit },
  });
  accepts<HogFlowArgs>({
    actions: { trigger, exit },
    // @ts-expect-error no unit of time
    emailSendingRateLimit: { count: 1, period: "day" },
  });
});

it("refuses misspelt and wrong members of a step, in a whole flow", () => {
  // @ts-expect-error there is no `delayDurration`
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", name: "Wait", config: { delayDurration: "1h" }, next: "exit" }, exit } });
  // @ts-expect-error there is no `nxt`
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", name: "Wait", config: { delayDuration: "1h" }, nxt: "exit" }, exit } });
  // @ts-expect-error no type of step
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delayed", name: "Wait", config: { delayDuration: "1h" } }, exit } });
  // @ts-expect-error no type of trigger
  accepts<HogFlowArgs>({ actions: { trigger: { type: "trigger", name: "T", config: { type: "evnt" } }, exit } });
  // @ts-expect-error a step has a title
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", config: { delayDuration: "1h" } }, exit } });
  // @ts-expect-error neither continue nor abort
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", name: "Wait", onError: "ignore", config: { delayDuration: "1h" } }, exit } });
  // @ts-expect-error a config of another step
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", name: "Wait", config: { cohorts: [] } }, exit } });
});

it("refuses outputs as structure", () => {
  // @ts-expect-error the wiring is known in the program
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", name: "Wait", config: { delayDuration: "1h" }, next: text }, exit } });
  // @ts-expect-error so are titles
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: "delay", name: text, config: { delayDuration: "1h" } }, exit } });
  // @ts-expect-error and types
  accepts<HogFlowArgs>({ actions: { trigger, wait: { type: text, name: "Wait", config: { delayDuration: "1h" } }, exit } });
  // @ts-expect-error and steps
  accepts<HogFlowArgs>({ actions: { trigger, wait: text } });
  // @ts-expect-error and the map of them
  accepts<HogFlowArgs>({ actions: text });
  // @ts-expect-error and a pasted definition
  accepts<HogFlowArgs>({ definition: text });
});

it("refuses two forms at once, and none", () => {
  // @ts-expect-error one form
  accepts<HogFlowArgs>({ actions: { trigger }, definition: { actions: [] } });
  // @ts-expect-error a flow has steps
  accepts<HogFlowArgs>({ status: "active" });
});

it("has schedules with a flow, a rule and a start", () => {
  accepts<HogFlowScheduleArgs>({ flow: text, rrule: text, startsAt: text, timezone: text, variables: { a: text } });
  // @ts-expect-error no start
  accepts<HogFlowScheduleArgs>({ flow: text, rrule: "FREQ=DAILY" });
  // @ts-expect-error there is no `rule`
  accepts<HogFlowScheduleArgs>({ flow: text, rrule: "FREQ=DAILY", startsAt: text, rule: "FREQ=DAILY" });
  expect(exit.type).toBe("exit");
});
